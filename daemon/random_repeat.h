/* SPDX-License-Identifier: MIT */
/*
 * The duplicate detector: what a generator gave out is not given out again.  It keeps 64
 * bits of the SHA-256 of each draw of 16 bytes and more, at least of the last 16,384; two
 * that are equal by chance come once in 2^34 times so many.
 */
#ifndef KEYLINE_DAEMON_RANDOM_REPEAT_H
#define KEYLINE_DAEMON_RANDOM_REPEAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "proto/error.h"

enum { REPEAT_BYTES_MIN = 16, REPEAT_KEPT = 1 << 14, REPEAT_PLACES = 2 * REPEAT_KEPT };

/* All zeros to begin with.  A tag of 0 is an empty place. */
struct random_repeat {
	uint64_t tags[2][REPEAT_PLACES];
	size_t count;
	unsigned newer;
	bool failed;
};

/* Feeds one draw; returns 0, KE_CRYPTO, or KE_RANDOM from the first repeated one on, for
 * ever. */
KEYLINE_WARN_UNUSED int random_repeat_feed(
	struct random_repeat *repeat, const unsigned char *bytes, size_t len);

#endif
