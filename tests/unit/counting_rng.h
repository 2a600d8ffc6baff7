/* SPDX-License-Identifier: MIT */
/* A struct rng for tests: the same bytes in each run, or none. */
#ifndef KEYLINE_TESTS_COUNTING_RNG_H
#define KEYLINE_TESTS_COUNTING_RNG_H

#include <stdint.h>
#include <string.h>
#include "proto/error.h"
#include "proto/rng.h"

/* xorshift64*; state points to a uint64_t that is not 0. */
static inline int
counting_rng_fill(void *state, unsigned char *out, size_t len)
{
	uint64_t *x = state;

	for (size_t i = 0; i < len; i++) {
		*x ^= *x >> 12;
		*x ^= *x << 25;
		*x ^= *x >> 27;
		out[i] = (unsigned char)(*x * 0x2545f4914f6cdd1d >> 56);
	}
	return 0;
}

static inline struct rng
counting_rng(uint64_t *state, uint64_t seed)
{
	*state = seed;
	return (struct rng){.fill = counting_rng_fill, .state = state};
}

static inline int
failing_rng_fill(void *state, unsigned char *out, size_t len)
{
	(void)state;
	memset(out, 0, len);
	return KE_RANDOM;
}

static inline struct rng
failing_rng(void)
{
	return (struct rng){.fill = failing_rng_fill};
}

#endif
