/* SPDX-License-Identifier: MIT */
/* The part of bech32.h that Bitcoin Cash (and, with its own alphabet, Conflux) defined.
 */
#include "proto/bech32.h"
#include "proto/bits.h"

#include <stdint.h>
#include <string.h>

enum { CHECK_LEN = 8, FIVES_MAX = (8 * (BECH32_BYTES_MAX + 1) + 4) / 5 };

static uint64_t
sum_step(uint64_t sum, unsigned value)
{
	static const uint64_t generator[5] = {
		0x98f2bc8e61,
		0x79b76d99e2,
		0xf33e5fb3c4,
		0xae2eabe2a8,
		0x1e4f43e470,
	};
	unsigned top = (unsigned)(sum >> 35);

	sum = (sum & 0x07ffffffff) << 5 ^ value;
	for (unsigned i = 0; i < 5; i++)
		if (top >> i & 1)
			sum ^= generator[i];
	return sum;
}

int
bech32_cashaddr(char *out, size_t out_size, const char *prefix, unsigned char version,
	const unsigned char *hash, size_t len, const char *alphabet)
{
	unsigned char payload[BECH32_BYTES_MAX + 1] = {version}, fives[FIVES_MAX];
	size_t prefix_len = strlen(prefix), count;
	uint64_t sum = 1;

	if (len > BECH32_BYTES_MAX)
		return KE_TOO_LONG;
	memcpy(payload + 1, hash, len);
	count = bits_to_fives(fives, payload, len + 1);
	if (out_size < prefix_len + 1 + count + CHECK_LEN + 1)
		return KE_TOO_LONG;
	for (size_t i = 0; i < prefix_len; i++) {
		sum = sum_step(sum, prefix[i] & 31);
		*out++ = prefix[i];
	}
	sum = sum_step(sum, 0);
	*out++ = ':';
	for (size_t i = 0; i < count; i++) {
		sum = sum_step(sum, fives[i]);
		*out++ = alphabet[fives[i]];
	}
	for (unsigned i = 0; i < CHECK_LEN; i++)
		sum = sum_step(sum, 0);
	sum ^= 1;
	for (unsigned i = 0; i < CHECK_LEN; i++)
		*out++ = alphabet[sum >> (5 * (CHECK_LEN - 1 - i)) & 31];
	*out = '\0';
	return 0;
}
