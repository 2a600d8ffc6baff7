/* SPDX-License-Identifier: MIT */
/*
 * Where random bytes come from.  proto/ has no source of its own: the caller
 * passes one in, so that tests are repeatable and health checks stand in one
 * place (daemon/random.c).
 */
#ifndef KEYLINE_PROTO_RNG_H
#define KEYLINE_PROTO_RNG_H

#include <stddef.h>

struct rng {
	/* Fills out[0..len-1].  Returns 0, or KE_RANDOM with out zeroed. */
	int (*fill)(void *state, unsigned char *out, size_t len);
	void *state;
};

#endif
