/* SPDX-License-Identifier: MIT */
/*
 * The hashes that Bitcoin is made of, over OpenSSL.  Each returns 0 or
 * KE_CRYPTO; out may overlap the input.
 */
#ifndef KEYLINE_PROTO_HASH_H
#define KEYLINE_PROTO_HASH_H

#include <stddef.h>
#include "proto/error.h"

enum { HASH_SHA256_LEN = 32, HASH_160_LEN = 20 };

/* One piece of a message that lies in several places; bytes may be NULL when len is 0. */
struct hash_part {
	const void *bytes;
	size_t len;
};

/* SHA-256. */
KEYLINE_WARN_UNUSED int hash_sha256(
	unsigned char out[HASH_SHA256_LEN], const void *in, size_t len);

/*
 * SHA-256 of a known text.  The library sets itself up at its first use, and where that has
 * failed it fails for the rest of the process: who lives long looks at its start.  Returns
 * 0 or KE_CRYPTO.
 */
KEYLINE_WARN_UNUSED int hash_self_check(void);

/* SHA-256 of the parts one after another. */
KEYLINE_WARN_UNUSED int hash_sha256_parts(
	unsigned char out[HASH_SHA256_LEN], const struct hash_part *parts, size_t count);

/* SHA-256 of SHA-256. */
KEYLINE_WARN_UNUSED int hash_sha256d(
	unsigned char out[HASH_SHA256_LEN], const void *in, size_t len);

/* RIPEMD-160 of SHA-256. */
KEYLINE_WARN_UNUSED int hash_160(
	unsigned char out[HASH_160_LEN], const void *in, size_t len);

#endif
