/* SPDX-License-Identifier: MIT */
/* Scrypt (RFC 7914). */
#ifndef KEYLINE_PROTO_SCRYPT_H
#define KEYLINE_PROTO_SCRYPT_H

#include <stddef.h>
#include <stdint.h>
#include "proto/error.h"

/*
 * out[0..out_len-1] = scrypt(pass, salt, n, r, p).  n: a power of two above 1.
 * Takes 128*n*r bytes of memory for the time of the call, wiped after it.
 * Returns 0 or KE_CRYPTO (a parameter out of range, or no memory), out zeroed.
 */
KEYLINE_WARN_UNUSED int scrypt_derive(unsigned char *out, size_t out_len,
	const unsigned char *pass, size_t pass_len, const unsigned char *salt,
	size_t salt_len, uint64_t n, uint32_t r, uint32_t p);

#endif
