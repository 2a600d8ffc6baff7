/* SPDX-License-Identifier: MIT */
/*
 * The parts of scrypt that were written for a kind of processor.  Only proto/scrypt.c,
 * its test and its benchmark need them by name.
 */
#ifndef KEYLINE_PROTO_SCRYPT_KERNEL_H
#define KEYLINE_PROTO_SCRYPT_KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "proto/error.h"

/* ROMix of several lanes at once (RFC 7914 section 5). */
struct scrypt_kernel {
	const char *name;
	/* Lanes at once, and from how many on it beats doing them one by one. */
	uint32_t width, least;
	/* Whether this processor (and the system) can run it. */
	bool (*runs)(void);
	/*
	 * In place: b has 32*r words a lane, lane after lane.  work: twice as much; v: n
	 * times as much.  All are aligned to 64 bytes and hold what was derived from the
	 * password afterwards.  n: a power of two from 2 to 2^30.
	 */
	void (*romix)(uint32_t *b, void *work, uint32_t *v, uint64_t n, uint32_t r);
};

/* The kernels of this build, the fastest first; NULL ends them. */
extern const struct scrypt_kernel *const scrypt_kernels[];

#if defined(__x86_64__)
extern const struct scrypt_kernel scrypt_avx512_pair;
extern const struct scrypt_kernel scrypt_avx512;
extern const struct scrypt_kernel scrypt_avx2;
#endif

struct scrypt_job;
struct scrypt_scratch;

/*
 * scrypt_derive_many() by that kernel, which must run here, in that scratch memory.
 * Returns 0; KE_BAD_ARGUMENT when no kernel can do these parameters, KE_NO_MEMORY or
 * KE_CRYPTO; all outputs are zeroed then.
 */
KEYLINE_WARN_UNUSED int scrypt_kernel_derive(const struct scrypt_kernel *kernel,
	struct scrypt_scratch *scratch, const struct scrypt_job *jobs, size_t count,
	uint64_t n, uint32_t r, uint32_t p);

/* The same by OpenSSL. */
KEYLINE_WARN_UNUSED int scrypt_portable_derive(
	const struct scrypt_job *jobs, size_t count, uint64_t n, uint32_t r, uint32_t p);

/* Compares the kernel's answers with OpenSSL's, in about a millisecond.  Returns 0,
 * KE_CRYPTO when they differ, or KE_NO_MEMORY. */
KEYLINE_WARN_UNUSED int scrypt_kernel_check(const struct scrypt_kernel *kernel);

#endif
