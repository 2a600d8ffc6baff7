/* SPDX-License-Identifier: MIT */
#include "proto/bits.h"

size_t
bits_to_fives(unsigned char *out, const unsigned char *in, size_t len)
{
	unsigned held = 0, bits = 0;
	size_t count = 0;

	for (size_t i = 0; i < len; i++) {
		held = (held << 8 | in[i]) & 0xfff;
		for (bits += 8; bits >= 5; bits -= 5)
			out[count++] = held >> (bits - 5) & 31;
	}
	if (bits)
		out[count++] = held << (5 - bits) & 31;
	return count;
}
