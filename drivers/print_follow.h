/* SPDX-License-Identifier: MIT */
/* What the states of a job say about a sticker: pure, so that every case is tested. */
#ifndef KEYLINE_DRIVERS_PRINT_FOLLOW_H
#define KEYLINE_DRIVERS_PRINT_FOLLOW_H

#include <stdbool.h>
#include <stdint.h>
#include "drivers/driver_loop.h"
#include "drivers/ipp_job.h"

/* Both layers, once. */
enum { PRINT_IMPRESSIONS = 2 };

/* The printer's own count of impressions, before and now, where it keeps one; and whether
 * it is still in the start in which it was before: one that lost its power may have lost
 * impressions and jobs with it, and say again what it said then. */
struct print_count {
	bool kept;
	uint64_t before;
	uint64_t now;
	bool same_start;
};

/*
 * Judges a job that was sent whole.  True when that is final: DRIVER_DONE, or
 * DRIVER_DOUBT with its code.  settled: the job's state has been final for a while, so
 * that counts will not change any more.
 */
bool print_follow_job(struct driver_result *result, const struct ipp_job_state *job,
	const struct print_count *count, bool settled);

/*
 * Judges what a printer remembers of a job of old; busy: it has work; settled: its
 * state has been final, or the printer has not known it, for a while.  True when that is
 * final: DRIVER_DONE, DRIVER_NEVER or DRIVER_UNKNOWN.
 */
bool print_follow_query(struct driver_result *result, const struct ipp_job_memory *memory,
	const struct print_count *count, bool busy, bool settled);

/*
 * True when the printer gave a job up by itself before it began to process it: it has not
 * got the whole document.  A job that is cancelled is not that: while its document comes to
 * its end, a printer may say `canceled', and that it never began, and print it all the same.
 */
bool print_follow_gave_up(
	const struct ipp_job_state *job, const struct print_count *count);

/*
 * True when a job of a driver that is gone will not go on by itself: it is held, or it
 * waits for a document that nobody will send.  Never of a job without a number, which
 * could not be cancelled: another number than its own is another's job.
 */
bool print_follow_is_orphan(const struct ipp_job_state *job);

#endif
