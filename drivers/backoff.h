/* SPDX-License-Identifier: MIT */
/*
 * How long to wait before a device that is away is tried again: twice as long each time, up
 * to a limit, and a part at random, so that the drivers of a line that lost its power do not
 * come back in step.
 */
#ifndef KEYLINE_DRIVERS_BACKOFF_H
#define KEYLINE_DRIVERS_BACKOFF_H

#include <stdint.h>

/* Milliseconds.  To begin with {.first = ..., .last = ...}; 0 < first <= last. */
struct backoff {
	uint32_t first, last;
	uint32_t next; /* 0: first */
};

/* The wait after one more try in vain: next, and up to half of it more, by the noise. */
uint32_t backoff_wait(struct backoff *backoff, uint32_t noise);

/* A try was good. */
void backoff_reset(struct backoff *backoff);

/* Noise that differs from process to process. */
uint32_t backoff_noise(void);

#endif
