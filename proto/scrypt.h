/* SPDX-License-Identifier: MIT */
/* Scrypt (RFC 7914), by what the processor is best at. */
#ifndef KEYLINE_PROTO_SCRYPT_H
#define KEYLINE_PROTO_SCRYPT_H

#include <stddef.h>
#include <stdint.h>
#include "proto/error.h"

struct scrypt_scratch;

/*
 * out[0..out_len-1] = scrypt(pass, salt, n, r, p).  n: a power of two above 1.
 * Works in the thread's scratch memory (scrypt_use()); without one in memory that is
 * taken for the time of the call and wiped after it: up to 1024*n*r bytes, or 128*n*r
 * where there is no more.  Returns 0 or KE_CRYPTO (a parameter out of range, or no
 * memory), out zeroed.
 */
KEYLINE_WARN_UNUSED int scrypt_derive(unsigned char *out, size_t out_len,
	const unsigned char *pass, size_t pass_len, const unsigned char *salt,
	size_t salt_len, uint64_t n, uint32_t r, uint32_t p);

/* One derivation of several; all is borrowed but what is written to out. */
struct scrypt_job {
	unsigned char *out;
	size_t out_len;
	const unsigned char *pass;
	size_t pass_len;
	const unsigned char *salt;
	size_t salt_len;
};

/*
 * The same for several jobs, side by side where the processor gains by it: two for
 * BIP38's passphrases (2048*n*r bytes), sixteen where p is 1.  On an error all outputs
 * are zeroed.
 */
KEYLINE_WARN_UNUSED int scrypt_derive_many(
	const struct scrypt_job *jobs, size_t count, uint64_t n, uint32_t r, uint32_t p);

/* How many jobs with that p are done side by side on this processor; at least 1. */
unsigned scrypt_side_by_side(uint32_t p);

/*
 * Lends this thread scratch memory (proto/scrypt_scratch.h) for all that it derives
 * until scrypt_use(NULL).  A scratch serves one thread at a time; its owner wipes it.
 */
void scrypt_use(struct scrypt_scratch *scratch);

/*
 * Compares what was written for this processor with OpenSSL.  Returns 0, or KE_CRYPTO
 * or KE_NO_MEMORY with the name of what failed.
 */
KEYLINE_WARN_UNUSED int scrypt_self_check(const char **failed);

#endif
