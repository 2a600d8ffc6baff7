/* SPDX-License-Identifier: MIT */
/*
 * Jobs and intents: what will be marked or printed is durable here before the
 * driver hears `start`.  See the rules in daemon/ledger.h.
 */
#ifndef KEYLINE_DAEMON_LEDGER_INTENT_H
#define KEYLINE_DAEMON_LEDGER_INTENT_H

#include "daemon/ledger.h"

enum ledger_job_kind { LEDGER_PLATE, LEDGER_STICKER, LEDGER_SETUP, LEDGER_JOB_KINDS };

/* X(constant, name); the names are those of the driver lines. */
#define LEDGER_OUTCOMES(X)                                                               \
	X(LEDGER_OUTCOME_OPEN, "open")     /* start may have been written */             \
	X(LEDGER_OUTCOME_DONE, "done")     /* the counter is one higher */               \
	X(LEDGER_OUTCOME_FAILED, "failed") /* the device says that nothing was marked */ \
	X(LEDGER_OUTCOME_NEVER, "never")   /* the same, as the answer to a query */      \
	X(LEDGER_OUTCOME_DOUBT, "doubt")   /* not known; two people settle the wallet */

enum ledger_outcome {
#define X(constant, name) constant,
	LEDGER_OUTCOMES(X)
#undef X
	LEDGER_OUTCOME_COUNT
};

struct ledger_intent {
	uint32_t job;
	enum ledger_job_kind kind;
	char serial[LEDGER_SERIAL_SIZE]; /* "" for setup */
	char station[LEDGER_STATION_SIZE];
	uint64_t counter; /* of the device, before */
	uint32_t boot;    /* which start of its controller was ready; 0: not told */
	char nonce[LEDGER_NAME_SIZE];
	/* An etcher's serial, a printer's pin; "": not known. */
	char device[LEDGER_DEVICE_SIZE];
	int64_t opened_ms;
	int64_t closed_ms; /* 0 = open */
	enum ledger_outcome outcome;
};

const char *ledger_job_kind_name(enum ledger_job_kind kind);
const char *ledger_outcome_name(enum ledger_outcome outcome);

/* A job number that no line of this host had before, 1..4294967295; KE_EXHAUSTED. */
KEYLINE_WARN_UNUSED int ledger_job_new(uint32_t *job, struct ledger *ledger);

/*
 * Writes the intent (job ... nonce of it) and takes its wallet one step:
 * claimed -> etching (plate), minted -> printing (sticker).  When it returns 0
 * outside a transaction, or when the transaction was committed, `start` may be
 * written.
 * KE_DUPLICATE: this job had an intent, or this serial has one whose outcome is not
 * failed or never.  Those two let the serial be taken up again because the device
 * answered, by the job's id and its counter, that nothing was marked; after open,
 * done and doubt there is never a second one.
 * KE_BAD_STATE, KE_HELD, KE_NOT_FOUND as for ledger_wallet_step().
 */
KEYLINE_WARN_UNUSED int ledger_intent_open(struct ledger *ledger,
	const struct ledger_by *by, const struct ledger_intent *intent);

/*
 * Ends it, and takes the wallet one step: done -> etched or printed; failed, never
 * -> arrived or minted; doubt -> in-doubt.  counter: the device's after it (0 where
 * it is not known), for the event.  KE_NOT_FOUND; KE_BAD_STATE it is closed.
 */
KEYLINE_WARN_UNUSED int ledger_intent_close(struct ledger *ledger,
	const struct ledger_by *by, uint32_t job, enum ledger_outcome outcome,
	uint64_t counter, const char *detail);

KEYLINE_WARN_UNUSED int ledger_intent_get(
	struct ledger_intent *out, struct ledger *ledger, uint32_t job);

/* The newest intent of a device.  KE_NOT_FOUND: it had none. */
KEYLINE_WARN_UNUSED int ledger_intent_last(
	struct ledger_intent *out, struct ledger *ledger, const char *device);

typedef int ledger_intent_cb(void *context, const struct ledger_intent *intent);

/* The intents that are open, by job.  The callback may use the ledger. */
KEYLINE_WARN_UNUSED int ledger_intent_list_open(
	struct ledger *ledger, ledger_intent_cb *cb, void *context);

/* How many of a kind ended how, on a station (NULL = all): setup marks are counted. */
KEYLINE_WARN_UNUSED int ledger_intent_counts(uint64_t counts[LEDGER_OUTCOME_COUNT],
	struct ledger *ledger, enum ledger_job_kind kind, const char *station);

#endif
