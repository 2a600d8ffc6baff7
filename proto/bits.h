/* SPDX-License-Identifier: MIT */
/* Bytes regrouped into 5-bit values, for bech32, cashaddr and base32. */
#ifndef KEYLINE_PROTO_BITS_H
#define KEYLINE_PROTO_BITS_H

#include <stddef.h>

/*
 * Writes in[0..len-1], most significant bit first, as 5-bit values, the last one
 * filled up with zeros.  out has room for (8*len + 4) / 5; returns how many.
 */
size_t bits_to_fives(unsigned char *out, const unsigned char *in, size_t len);

#endif
