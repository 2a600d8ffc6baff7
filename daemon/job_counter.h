/* SPDX-License-Identifier: MIT */
/*
 * An etcher's own count of its marks against what the ledger knows of that very device.
 * A ledger that was put back, with its mark, does not know what was etched since; the
 * device does.
 */
#ifndef KEYLINE_DAEMON_JOB_COUNTER_H
#define KEYLINE_DAEMON_JOB_COUNTER_H

#include <stdbool.h>
#include <stdint.h>
#include "daemon/recipe.h"
#include "proto/error.h"

/* How they differed, until two persons have taken the device's counter as it is. */
struct job_counter {
	bool is_set;
	/* of the device; its last marked job, 0: it does not tell */
	uint64_t counter;
	uint32_t last_job;
	/* what the ledger expected, by which job of the device (0: none) */
	uint64_t expected;
	uint32_t job;
};

/*
 * Whether what the device that is ready for job number says of its marks is what the
 * ledger knows of them.  A device that the ledger never had is taken as it is.  False:
 * no intent may be made; the difference is kept at the station's desk.
 */
bool job_counter_is_known(struct station *station, uint32_t number, uint64_t counter);

/* "counter-unknown" until the counter is taken, else NULL: for recipe.bar. */
const char *job_counter_bar(const struct station *station);

enum { JOB_COUNTER_TEXT_SIZE = 256 };

/* What is signed: device and numbers, as the event's detail; KE_NOT_FOUND: the station
 * has no counter that differs. */
KEYLINE_WARN_UNUSED int job_counter_text(
	char out[JOB_COUNTER_TEXT_SIZE], const struct station *station);

/* Records, in the running transaction, the event `device-counter' with both numbers: the
 * device's counts from now on.  job_counter_taken() once it is committed.  Returns 0 or
 * the ledger's error. */
KEYLINE_WARN_UNUSED int job_counter_take(
	struct station *station, const struct ledger_by *by);
void job_counter_taken(struct station *station);

/* The numbers, for recipe.explain; "" when another reason holds the station. */
void job_counter_tell(char out[RECIPE_TELL_BYTES], const struct station *station);

#endif
