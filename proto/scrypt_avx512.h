/* SPDX-License-Identifier: MIT */
/* The vectors of AVX-512 for proto/scrypt_lanes.h: four lanes a register. */
#ifndef KEYLINE_PROTO_SCRYPT_AVX512_H
#define KEYLINE_PROTO_SCRYPT_AVX512_H

#include <immintrin.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KERNEL __attribute__((target("avx512f")))
#define VEC __m512i
#define VEC_STATE struct state
#define PACKED 4
#define vec_add _mm512_add_epi32
#define vec_xor _mm512_xor_si512
#define vec_rotate _mm512_rol_epi32
#define vec_turn _mm512_shuffle_epi32

struct state {
	VEC a, b, c, d;
};

/* Four registers as 4x4 quarters of 128 bits: rows become columns. */
KERNEL static inline void
transpose(VEC_STATE *s)
{
	VEC ab_low = _mm512_shuffle_i32x4(s->a, s->b, 0x44);
	VEC ab_high = _mm512_shuffle_i32x4(s->a, s->b, 0xee);
	VEC cd_low = _mm512_shuffle_i32x4(s->c, s->d, 0x44);
	VEC cd_high = _mm512_shuffle_i32x4(s->c, s->d, 0xee);

	s->a = _mm512_shuffle_i32x4(ab_low, cd_low, 0x88);
	s->b = _mm512_shuffle_i32x4(ab_low, cd_low, 0xdd);
	s->c = _mm512_shuffle_i32x4(ab_high, cd_high, 0x88);
	s->d = _mm512_shuffle_i32x4(ab_high, cd_high, 0xdd);
}

KERNEL static inline void
vec_get(VEC_STATE *s, const uint32_t *const *rows, size_t at)
{
	s->a = _mm512_load_si512(rows[0] + at);
	s->b = _mm512_load_si512(rows[1] + at);
	s->c = _mm512_load_si512(rows[2] + at);
	s->d = _mm512_load_si512(rows[3] + at);
	transpose(s);
}

KERNEL static inline void
vec_put(uint32_t *to, size_t step, const VEC_STATE *from)
{
	VEC_STATE s = *from;

	transpose(&s);
	_mm512_store_si512(to, s.a);
	_mm512_store_si512(to + step, s.b);
	_mm512_store_si512(to + 2 * step, s.c);
	_mm512_store_si512(to + 3 * step, s.d);
}

static bool
runs(void)
{
	return __builtin_cpu_supports("avx512f");
}

#endif
