/* SPDX-License-Identifier: MIT */
/*
 * One Modbus master over libmodbus, with its traps closed: no recovery mode (it would
 * send writes again), no debug (it prints passphrases), no byte timeout (a dribbling
 * device would hold a call for minutes), no descriptor that select(2) cannot take.
 *
 * libmodbus checks little of a reply, and after a late one it takes each reply for the
 * answer to the next request.  So its frames are made and compared here
 * (drivers/etch_frame.h), and after any error the link takes no request until
 * etch_link_settle() has waited for late replies and thrown them away; the caller then
 * makes sure of the device anew.  A serial line outlives the process that used it: once
 * open it is silent for as long, before the first request.
 */
#ifndef KEYLINE_DRIVERS_ETCH_LINK_H
#define KEYLINE_DRIVERS_ETCH_LINK_H

#include "drivers/etch_frame.h"
#include "drivers/etch_target.h"

struct etch_link;

struct etch_link_statistics {
	uint64_t ok;
	uint64_t errors;
	uint64_t retries;
	uint32_t latency_us; /* of an answer, averaged over about the last eight */
};

/* A closed link to a unit, 1 to 247; target is borrowed for its life.  NULL: no memory.
 */
struct etch_link *etch_link_new(
	const struct etch_target *target, unsigned unit, uint32_t response_ms);
void etch_link_free(struct etch_link *link);

/* Connects, and over a serial line waits for the late window.  Returns 0, KE_LINK,
 * KE_LOCKED, or KE_EXHAUSTED (no descriptor below 1024). */
KEYLINE_WARN_UNUSED int etch_link_open(struct etch_link *link, uint32_t late_window_ms);
void etch_link_close(struct etch_link *link);
bool etch_link_is_open(const struct etch_link *link);

/*
 * Sends one request and takes its answer; never sends it twice.  Returns 0 or KE_LINK:
 * then what a write did is not known, and the link is closed or must be settled.
 */
KEYLINE_WARN_UNUSED int etch_link_do(
	struct etch_link *link, const struct etch_request *request);

/* Is silent for the late window, then throws away what came meanwhile. */
void etch_link_settle(struct etch_link *link, uint32_t late_window_ms);

/* Counts a request that the caller repeats. */
void etch_link_count_retry(struct etch_link *link);
const struct etch_link_statistics *etch_link_statistics(const struct etch_link *link);

/* Overwrites the stack below, where libmodbus leaves its frames. */
void etch_link_scrub(void);

#endif
