/* SPDX-License-Identifier: MIT */
#include "proto/eip55.h"
#include "proto/keccak.h"

void
eip55_encode(char out[EIP55_LEN + 1], const unsigned char account[EIP55_BYTES])
{
	static const char digits[] = "0123456789abcdef";
	unsigned char hash[KECCAK_256_LEN];

	for (unsigned i = 0; i < EIP55_LEN; i++)
		out[i] = digits[account[i / 2] >> (i % 2 ? 0 : 4) & 15];
	out[EIP55_LEN] = '\0';
	/* A letter is a capital where the same half byte of the text's hash is above 7.
	 */
	keccak_256(hash, out, EIP55_LEN);
	for (unsigned i = 0; i < EIP55_LEN; i++)
		if (out[i] >= 'a' && (hash[i / 2] >> (i % 2 ? 0 : 4) & 8))
			out[i] = (char)(out[i] - 'a' + 'A');
}
