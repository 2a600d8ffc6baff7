/* SPDX-License-Identifier: MIT */
/*
 * Many small pieces of work on libuv's thread pool, for one stage: a piece gets
 * values and leaves values; everything that owns state runs on the loop thread.
 */
#ifndef KEYLINE_DAEMON_POOL_H
#define KEYLINE_DAEMON_POOL_H

#include <stdbool.h>
#include <stddef.h>
#include <uv.h>

struct pool_run {
	/* On a pool thread, once for each index.  Returns 0 or a code of proto/error.h. */
	int (*work)(void *context, size_t index);
	/* On the loop thread after each piece, in no fixed order; NULL when not wanted. */
	void (*piece_done)(void *context, size_t index, int error);
	/* On the loop thread, once, after the last piece.  error: the first one, or 0. */
	void (*all_done)(void *context, int error);
	void *context;
	size_t count;
	/* Go on after a piece that failed; else no new piece is begun after it. */
	bool tolerant;
	/* Looked at on the loop thread before each piece: once it is true no new piece is
	 * begun, and all_done comes early.  NULL: never. */
	const bool *stop;
};

/*
 * Begins the run with at most one piece a core at a time.  all_done is always
 * called later, also for a count of 0.  Returns 0 or KE_NO_MEMORY (then it isn't).
 */
int pool_start(uv_loop_t *loop, const struct pool_run *run);

/* The number of pieces that run at once: the cores, at least 1. */
unsigned pool_width(void);

/*
 * The number of threads: some more than pool_width(), so that a single piece of work finds
 * one while a run has all cores.  Sets it, before libuv starts the first.
 */
unsigned pool_threads(void);

#endif
