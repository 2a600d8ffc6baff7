/* SPDX-License-Identifier: MIT */
/* Eight lanes: all that one wallet has.  Two registers' steps alternate. */
#include "proto/scrypt_kernel.h"

#if defined(__x86_64__)
#include "proto/scrypt_avx512.h"

#define WIDTH 8
#define EACH(M, ...) M(0, __VA_ARGS__) M(1, __VA_ARGS__)

#include "proto/scrypt_lanes.h"

const struct scrypt_kernel scrypt_avx512 = {"avx512", WIDTH, 4, runs, romix};
#endif
