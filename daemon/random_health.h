/* SPDX-License-Identifier: MIT */
/* The two health checks, apart from any source, so that tests can feed them bad ones. */
#ifndef KEYLINE_DAEMON_RANDOM_HEALTH_H
#define KEYLINE_DAEMON_RANDOM_HEALTH_H

#include <stddef.h>

/*
 * Bytes, an assumed min-entropy of 8 bits each, a false alarm about once in 2^40
 * bytes or windows: six equal bytes in a row, or more than 19 of one value in 512.
 */
enum { HEALTH_REPEAT_MAX = 6, HEALTH_WINDOW = 512, HEALTH_WINDOW_MAX = 19 };

struct random_health {
	int failed;
	int started;
	unsigned char last;
	unsigned repeats;
	unsigned char sample;
	unsigned in_window;
	unsigned hits;
};

/* Feeds bytes; returns 0, or KE_RANDOM from the first failed check on, for ever. */
int random_health_feed(struct random_health *h, const unsigned char *bytes, size_t len);

#endif
