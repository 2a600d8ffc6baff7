/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "daemon/random_health.h"

#include "proto/error.h"

static void
check_repeat(struct random_health *h, unsigned char byte)
{
	h->repeats = h->started && byte == h->last ? h->repeats + 1 : 1;
	h->last = byte;
	if (h->repeats >= HEALTH_REPEAT_MAX)
		h->failed = 1;
}

static void
check_proportion(struct random_health *h, unsigned char byte)
{
	if (h->in_window == 0) {
		h->sample = byte;
		h->hits = 0;
	}
	h->hits += byte == h->sample;
	h->in_window = (h->in_window + 1) % HEALTH_WINDOW;
	if (h->hits > HEALTH_WINDOW_MAX)
		h->failed = 1;
}

int
random_health_feed(struct random_health *h, const unsigned char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		check_repeat(h, bytes[i]);
		check_proportion(h, bytes[i]);
		h->started = 1;
	}
	return h->failed ? KE_RANDOM : 0;
}
