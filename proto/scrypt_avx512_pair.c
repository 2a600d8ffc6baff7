/* SPDX-License-Identifier: MIT */
/* Sixteen lanes: two wallets at once, so that a round waits for nothing. */
#include "proto/scrypt_kernel.h"

#if defined(__x86_64__)
#include "proto/scrypt_avx512.h"

#define WIDTH 16
#define EACH(M, ...) \
	M(0, __VA_ARGS__) M(1, __VA_ARGS__) M(2, __VA_ARGS__) M(3, __VA_ARGS__)

#include "proto/scrypt_lanes.h"

const struct scrypt_kernel scrypt_avx512_pair = {"avx512-pair", WIDTH, 12, runs, romix};
#endif
