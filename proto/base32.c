/* SPDX-License-Identifier: MIT */
#include "proto/base32.h"
#include "proto/bits.h"

int
base32_encode(char *out, size_t out_size, const unsigned char *in, size_t len)
{
	static const char alphabet[] = "abcdefghijklmnopqrstuvwxyz234567";
	unsigned char fives[(8 * BASE32_BYTES_MAX + 4) / 5];
	size_t count;

	if (len > BASE32_BYTES_MAX || out_size <= (8 * len + 4) / 5)
		return KE_TOO_LONG;
	count = bits_to_fives(fives, in, len);
	for (size_t i = 0; i < count; i++)
		out[i] = alphabet[fives[i]];
	out[count] = '\0';
	return 0;
}
