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
#include "daemon/ledger_intent.h"
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
	/* or one more: that job is in doubt at the device */
	bool or_one_more;
};

/* What the ledger knows of a device. */
struct job_counter_known {
	/* Its newest intent; job 0: none. */
	struct ledger_intent intent;
	/* Two persons took the counter as it was, after that intent: it was `taken'. */
	bool is_taken;
	uint64_t taken;
};

/*
 * Reads the detail of the device's newest event `device-counter' ("counter=7 ledger=5
 * job=12 last=9"; "ledger=5-6" after a job in doubt) into known, whose intent stands
 * there: it counts when no job came after it.  Returns 0, or KE_LEDGER: no detail of that
 * event.
 */
KEYLINE_WARN_UNUSED int job_counter_read_taken(
	struct job_counter_known *known, const char *detail);

/*
 * Whether what a device says before job number (its counter; last_job: the job that it
 * marked last, 0: it does not tell) is what is known of it.
 */
bool job_counter_fits(const struct job_counter_known *known, uint32_t number,
	uint32_t last_job, uint64_t counter);

/* The counter that is told as the ledger's; and whether it may as well be one more, since
 * that job is in doubt at the device. */
uint64_t job_counter_expected(const struct job_counter_known *known);
bool job_counter_or_one_more(const struct job_counter_known *known);

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

/* The numbers, for recipe.explain; "" when it is not about them. */
void job_counter_tell(char out[RECIPE_TELL_BYTES], const struct station *station);

#endif
