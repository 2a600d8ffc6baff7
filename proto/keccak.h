/* SPDX-License-Identifier: MIT */
/*
 * Keccak-256 as Ethereum has it: the sponge of FIPS 202 with the padding from
 * before FIPS 202 (01, not 06).  For public data: nothing is wiped.
 */
#ifndef KEYLINE_PROTO_KECCAK_H
#define KEYLINE_PROTO_KECCAK_H

#include <stddef.h>

enum { KECCAK_256_LEN = 32 };

/* out = Keccak-256 of in[0..len-1]. */
void keccak_256(unsigned char out[KECCAK_256_LEN], const void *in, size_t len);

#endif
