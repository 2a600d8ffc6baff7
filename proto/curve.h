/* SPDX-License-Identifier: MIT */
/*
 * secp256k1, as far as BIP38 needs it, round one context of libsecp256k1 that
 * is made at the first use.  Points travel as 33 bytes (SEC 1, compressed);
 * scalars as 32 bytes, big-endian.  Safe to call from several threads.
 */
#ifndef KEYLINE_PROTO_CURVE_H
#define KEYLINE_PROTO_CURVE_H

#include <stdbool.h>
#include "proto/error.h"

struct rng;

enum { CURVE_SCALAR_LEN = 32, CURVE_POINT_LEN = 33, CURVE_LONG_POINT_LEN = 65 };

/*
 * Blinds multiplications against side channels from here on.  Optional; only
 * while no other thread uses the curve.  Returns 0, KE_RANDOM or KE_CRYPTO.
 */
KEYLINE_WARN_UNUSED int curve_randomise(struct rng *rng);

/* Whether 0 < scalar < n. */
bool curve_scalar_is_valid(const unsigned char scalar[CURVE_SCALAR_LEN]);

/* out = a * b mod n.  Returns 0 or KE_BAD_SCALAR; out may be a or b. */
KEYLINE_WARN_UNUSED int curve_scalar_multiply(unsigned char out[CURVE_SCALAR_LEN],
	const unsigned char a[CURVE_SCALAR_LEN], const unsigned char b[CURVE_SCALAR_LEN]);

/* out = G * scalar.  Returns 0 or KE_BAD_SCALAR. */
KEYLINE_WARN_UNUSED int curve_generate(
	unsigned char out[CURVE_POINT_LEN], const unsigned char scalar[CURVE_SCALAR_LEN]);

/* out = point * scalar.  Returns 0, KE_BAD_POINT or KE_BAD_SCALAR; out may be point. */
KEYLINE_WARN_UNUSED int curve_multiply(unsigned char out[CURVE_POINT_LEN],
	const unsigned char point[CURVE_POINT_LEN],
	const unsigned char scalar[CURVE_SCALAR_LEN]);

/* Whether the bytes are 02 or 03 and an x of the curve below p: 0 or KE_BAD_POINT. */
KEYLINE_WARN_UNUSED int curve_check(const unsigned char point[CURVE_POINT_LEN]);

/* The same point as 04 x y, and back.  Returns 0 or KE_BAD_POINT. */
KEYLINE_WARN_UNUSED int curve_expand(unsigned char out[CURVE_LONG_POINT_LEN],
	const unsigned char point[CURVE_POINT_LEN]);
KEYLINE_WARN_UNUSED int curve_compress(unsigned char out[CURVE_POINT_LEN],
	const unsigned char point[CURVE_LONG_POINT_LEN]);

#endif
