/* SPDX-License-Identifier: MIT */
/* BLAKE2b without a key (RFC 7693).  For public data: nothing is wiped. */
#ifndef KEYLINE_PROTO_BLAKE2B_H
#define KEYLINE_PROTO_BLAKE2B_H

#include <stddef.h>

enum { BLAKE2B_LEN_MAX = 64 };

/*
 * out[0..out_len-1] = BLAKE2b of in[0..len-1] with a digest of out_len bytes;
 * out_len from 1 to BLAKE2B_LEN_MAX.  Another length is another function, not a prefix.
 */
void blake2b(unsigned char *out, size_t out_len, const void *in, size_t len);

#endif
