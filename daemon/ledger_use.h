/* SPDX-License-Identifier: MIT */
/*
 * What devices did for a batch, as their intents tell it: for the report that reconciles
 * it.  See the rules in daemon/ledger.h.
 */
#ifndef KEYLINE_DAEMON_LEDGER_USE_H
#define KEYLINE_DAEMON_LEDGER_USE_H

#include "daemon/ledger_intent.h"

/* A device that marked or printed wallets of a batch, or may have. */
struct ledger_use_device {
	/* An etcher's serial, a printer's pin; "": not known, then it is the station's.
	 */
	char device[LEDGER_DEVICE_SIZE];
	/* Where it stood; it may have stood elsewhere, too. */
	char station[LEDGER_STATION_SIZE];
	enum ledger_job_kind kind;
	/* Its first and last job of a wallet of the batch. */
	uint32_t first, last;
	/* Its last job of another batch's wallet before the first; 0: none.  Setup parts
	 * since then are counted with this batch. */
	uint32_t before;
};

typedef int ledger_use_cb(void *context, const struct ledger_use_device *device);

/* The devices of a batch, by first job.  The callback may use the ledger. */
KEYLINE_WARN_UNUSED int ledger_use_devices(
	struct ledger *ledger, const char *batch, ledger_use_cb *cb, void *context);

/* How the jobs of a device from `before' (not included) to `last' ended, by outcome. */
struct ledger_use {
	uint64_t wallets[LEDGER_OUTCOME_COUNT]; /* of the batch */
	uint64_t others[LEDGER_OUTCOME_COUNT];  /* of other batches */
	uint64_t setups[LEDGER_OUTCOME_COUNT];
	/* The first of these jobs, and the device's own counter before it. */
	uint32_t first;
	uint64_t counter;
};

KEYLINE_WARN_UNUSED int ledger_use_count(struct ledger_use *out, struct ledger *ledger,
	const char *batch, const struct ledger_use_device *device);

/* The outcomes of a station's jobs behind `after' up to `last', of all kinds. */
KEYLINE_WARN_UNUSED int ledger_use_station(uint64_t counts[LEDGER_OUTCOME_COUNT],
	struct ledger *ledger, const char *station, uint32_t after, uint32_t last);

/* The number of the last job that was given out; 0: none was. */
KEYLINE_WARN_UNUSED int ledger_use_last_job(uint32_t *job, struct ledger *ledger);

#endif
