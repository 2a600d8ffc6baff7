/* SPDX-License-Identifier: MIT */
#include "proto/blake2b.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum { BLOCK = 128, ROUNDS = 12 };

/* RFC 7693 section 2.6: the first 64 bits of the fractions of square roots of primes. */
static const uint64_t iv[8] = {
	0x6a09e667f3bcc908,
	0xbb67ae8584caa73b,
	0x3c6ef372fe94f82b,
	0xa54ff53a5f1d36f1,
	0x510e527fade682d1,
	0x9b05688c2b3e6c1f,
	0x1f83d9abfb41bd6b,
	0x5be0cd19137e2179,
};

/* RFC 7693 section 2.7: in which order a round takes the message words. */
static const unsigned char sigma[10][16] = {
	{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
	{14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
	{11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4},
	{7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
	{9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13},
	{2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
	{12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11},
	{13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
	{6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5},
	{10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0},
};

/* The words of v that each of a round's eight mixings takes: columns, then diagonals. */
static const unsigned char lanes[8][4] = {
	{0, 4, 8, 12},
	{1, 5, 9, 13},
	{2, 6, 10, 14},
	{3, 7, 11, 15},
	{0, 5, 10, 15},
	{1, 6, 11, 12},
	{2, 7, 8, 13},
	{3, 4, 9, 14},
};

static uint64_t
rotate_right(uint64_t x, unsigned by)
{
	return x >> by | x << (64 - by);
}

static uint64_t
load_le64(const unsigned char *bytes)
{
	uint64_t x = 0;

	for (unsigned i = 0; i < 8; i++)
		x |= (uint64_t)bytes[i] << (8 * i);
	return x;
}

static void
mix(uint64_t v[16], const unsigned char lane[4], uint64_t x, uint64_t y)
{
	uint64_t a = v[lane[0]], b = v[lane[1]], c = v[lane[2]], d = v[lane[3]];

	a += b + x;
	d = rotate_right(d ^ a, 32);
	c += d;
	b = rotate_right(b ^ c, 24);
	a += b + y;
	d = rotate_right(d ^ a, 16);
	c += d;
	b = rotate_right(b ^ c, 63);
	v[lane[0]] = a;
	v[lane[1]] = b;
	v[lane[2]] = c;
	v[lane[3]] = d;
}

/* RFC 7693 section 3.2; counted: bytes hashed up to the end of this block. */
static void
compress(uint64_t h[8], const unsigned char block[BLOCK], uint64_t counted, bool last)
{
	uint64_t v[16], m[16];

	for (unsigned i = 0; i < 16; i++)
		m[i] = load_le64(block + 8 * i);
	memcpy(v, h, 8 * sizeof v[0]);
	memcpy(v + 8, iv, sizeof iv);
	v[12] ^= counted;
	if (last)
		v[14] = ~v[14];
	for (unsigned round = 0; round < ROUNDS; round++) {
		const unsigned char *s = sigma[round % 10];

		for (unsigned i = 0; i < 8; i++)
			mix(v, lanes[i], m[s[2 * i]], m[s[2 * i + 1]]);
	}
	for (unsigned i = 0; i < 8; i++)
		h[i] ^= v[i] ^ v[i + 8];
}

void
blake2b(unsigned char *out, size_t out_len, const void *in, size_t len)
{
	const unsigned char *bytes = in;
	unsigned char tail[BLOCK] = {0};
	uint64_t h[8];
	size_t at = 0;

	memcpy(h, iv, sizeof h);
	h[0] ^= 0x01010000 ^ out_len;
	/* The last block is compressed apart, even when it is a whole one. */
	for (; len - at > BLOCK; at += BLOCK)
		compress(h, bytes + at, at + BLOCK, false);
	if (len > at)
		memcpy(tail, bytes + at, len - at);
	compress(h, tail, len, true);
	for (size_t i = 0; i < out_len; i++)
		out[i] = (unsigned char)(h[i / 8] >> (8 * (i % 8)));
}
