/* SPDX-License-Identifier: MIT */
/* Two lanes a register, four registers' steps alternating: BIP38's eight lanes. */
#include "proto/scrypt_kernel.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define KERNEL __attribute__((target("avx2")))
#define VEC __m256i
#define VEC_STATE struct state
#define PACKED 2
#define WIDTH 8
#define EACH(M, ...) \
	M(0, __VA_ARGS__) M(1, __VA_ARGS__) M(2, __VA_ARGS__) M(3, __VA_ARGS__)
#define vec_add _mm256_add_epi32
#define vec_xor _mm256_xor_si256
#define vec_rotate(x, bits) \
	_mm256_or_si256(_mm256_slli_epi32(x, bits), _mm256_srli_epi32(x, 32 - (bits)))
#define vec_turn _mm256_shuffle_epi32

struct state {
	VEC a, b, c, d;
};

KERNEL static inline void
vec_get(VEC_STATE *s, const uint32_t *const *rows, size_t at)
{
	VEC ab0 = _mm256_load_si256((const VEC *)(rows[0] + at));
	VEC ab1 = _mm256_load_si256((const VEC *)(rows[1] + at));
	VEC cd0 = _mm256_load_si256((const VEC *)(rows[0] + at + 8));
	VEC cd1 = _mm256_load_si256((const VEC *)(rows[1] + at + 8));

	s->a = _mm256_permute2x128_si256(ab0, ab1, 0x20);
	s->b = _mm256_permute2x128_si256(ab0, ab1, 0x31);
	s->c = _mm256_permute2x128_si256(cd0, cd1, 0x20);
	s->d = _mm256_permute2x128_si256(cd0, cd1, 0x31);
}

KERNEL static inline void
vec_put(uint32_t *to, size_t step, const VEC_STATE *s)
{
	VEC ab0 = _mm256_permute2x128_si256(s->a, s->b, 0x20);
	VEC ab1 = _mm256_permute2x128_si256(s->a, s->b, 0x31);
	VEC cd0 = _mm256_permute2x128_si256(s->c, s->d, 0x20);
	VEC cd1 = _mm256_permute2x128_si256(s->c, s->d, 0x31);

	_mm256_store_si256((VEC *)to, ab0);
	_mm256_store_si256((VEC *)(to + 8), cd0);
	_mm256_store_si256((VEC *)(to + step), ab1);
	_mm256_store_si256((VEC *)(to + step + 8), cd1);
}

#include "proto/scrypt_lanes.h"

static bool
runs(void)
{
	return __builtin_cpu_supports("avx2");
}

const struct scrypt_kernel scrypt_avx2 = {"avx2", WIDTH, 4, runs, romix};
#endif
