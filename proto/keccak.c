/* SPDX-License-Identifier: MIT */
#include "proto/keccak.h"

#include <stdint.h>
#include <string.h>

enum { LANES = 25, ROUNDS = 24, RATE = 200 - 2 * KECCAK_256_LEN };

/* FIPS 202 section 3.2.5: what iota adds in each round. */
static const uint64_t iota_constants[ROUNDS] = {
	0x0000000000000001,
	0x0000000000008082,
	0x800000000000808a,
	0x8000000080008000,
	0x000000000000808b,
	0x0000000080000001,
	0x8000000080008081,
	0x8000000000008009,
	0x000000000000008a,
	0x0000000000000088,
	0x0000000080008009,
	0x000000008000000a,
	0x000000008000808b,
	0x800000000000008b,
	0x8000000000008089,
	0x8000000000008003,
	0x8000000000008002,
	0x8000000000000080,
	0x000000000000800a,
	0x800000008000000a,
	0x8000000080008081,
	0x8000000000008080,
	0x0000000080000001,
	0x8000000080008008,
};

static uint64_t
rotate_left(uint64_t x, unsigned by)
{
	return by ? x << by | x >> (64 - by) : x;
}

static void
theta(uint64_t a[LANES])
{
	uint64_t column[5];

	for (unsigned x = 0; x < 5; x++)
		column[x] = a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20];
	for (unsigned i = 0; i < LANES; i++)
		a[i] ^= column[(i + 4) % 5] ^ rotate_left(column[(i + 1) % 5], 1);
}

/* Rho and pi: walk the one cycle of 24 lanes, turning each by its triangular number. */
static void
rho_pi(uint64_t a[LANES])
{
	unsigned x = 1, y = 0;
	uint64_t carried = a[1];

	for (unsigned t = 0; t < LANES - 1; t++) {
		unsigned next_y = (2 * x + 3 * y) % 5;
		uint64_t displaced;

		x = y;
		y = next_y;
		displaced = a[x + 5 * y];
		a[x + 5 * y] = rotate_left(carried, (t + 1) * (t + 2) / 2 % 64);
		carried = displaced;
	}
}

static void
chi(uint64_t a[LANES])
{
	for (unsigned y = 0; y < LANES; y += 5) {
		uint64_t row[5];

		memcpy(row, a + y, sizeof row);
		for (unsigned x = 0; x < 5; x++)
			a[y + x] = row[x] ^ (~row[(x + 1) % 5] & row[(x + 2) % 5]);
	}
}

static void
permute(uint64_t a[LANES])
{
	for (unsigned round = 0; round < ROUNDS; round++) {
		theta(a);
		rho_pi(a);
		chi(a);
		a[0] ^= iota_constants[round];
	}
}

static void
xor_byte(uint64_t a[LANES], size_t at, unsigned char byte)
{
	a[at / 8] ^= (uint64_t)byte << (8 * (at % 8));
}

void
keccak_256(unsigned char out[KECCAK_256_LEN], const void *in, size_t len)
{
	const unsigned char *bytes = in;
	uint64_t a[LANES] = {0};
	size_t at = 0;

	for (size_t i = 0; i < len; i++) {
		xor_byte(a, at++, bytes[i]);
		if (at == RATE) {
			permute(a);
			at = 0;
		}
	}
	xor_byte(a, at, 0x01);
	xor_byte(a, RATE - 1, 0x80);
	permute(a);
	for (unsigned i = 0; i < KECCAK_256_LEN; i++)
		out[i] = (unsigned char)(a[i / 8] >> (8 * (i % 8)));
}
