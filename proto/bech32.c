/* SPDX-License-Identifier: MIT */
#include "proto/bech32.h"
#include "proto/bits.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum {
	CHECK_LEN = 6,
	FIVES_MAX = (8 * BECH32_BYTES_MAX + 4) / 5 + 1,
	SUM_BECH32 = 1,
	SUM_BECH32M = 0x2bc830a3
};

const char bech32_alphabet[33] = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";

/* BIP173: one more 5-bit value into the checksum. */
static uint32_t
sum_step(uint32_t sum, unsigned value)
{
	static const uint32_t generator[5] = {
		0x3b6a57b2,
		0x26508e6d,
		0x1ea119fa,
		0x3d4233dd,
		0x2a1462b3,
	};
	unsigned top = sum >> 25;

	sum = (sum & 0x1ffffff) << 5 ^ value;
	for (unsigned i = 0; i < 5; i++)
		if (top >> i & 1)
			sum ^= generator[i];
	return sum;
}

static uint32_t
sum_hrp(const char *hrp, size_t len)
{
	uint32_t sum = 1;

	for (size_t i = 0; i < len; i++)
		sum = sum_step(sum, (unsigned char)hrp[i] >> 5);
	sum = sum_step(sum, 0);
	for (size_t i = 0; i < len; i++)
		sum = sum_step(sum, hrp[i] & 31);
	return sum;
}

static bool
hrp_is_valid(const char *hrp)
{
	size_t len = strlen(hrp);

	if (len == 0 || len > 83)
		return false;
	for (size_t i = 0; i < len; i++)
		if (hrp[i] < 33 || hrp[i] > 126 || (hrp[i] >= 'A' && hrp[i] <= 'Z'))
			return false;
	return true;
}

static int
encode(char *out, size_t out_size, const char *hrp, const unsigned char *fives,
	size_t count, uint32_t constant)
{
	size_t hrp_len = strlen(hrp);
	uint32_t sum;

	if (!hrp_is_valid(hrp))
		return KE_BAD_ARGUMENT;
	if (out_size < hrp_len + 1 + count + CHECK_LEN + 1)
		return KE_TOO_LONG;
	memcpy(out, hrp, hrp_len);
	out += hrp_len;
	*out++ = '1';
	sum = sum_hrp(hrp, hrp_len);
	for (size_t i = 0; i < count; i++) {
		sum = sum_step(sum, fives[i]);
		*out++ = bech32_alphabet[fives[i]];
	}
	for (unsigned i = 0; i < CHECK_LEN; i++)
		sum = sum_step(sum, 0);
	sum ^= constant;
	for (unsigned i = 0; i < CHECK_LEN; i++)
		*out++ = bech32_alphabet[sum >> (5 * (CHECK_LEN - 1 - i)) & 31];
	*out = '\0';
	return 0;
}

int
bech32_segwit(char *out, size_t out_size, const char *hrp, unsigned version,
	const unsigned char *program, size_t len)
{
	unsigned char fives[FIVES_MAX];

	if (len > BECH32_BYTES_MAX)
		return KE_TOO_LONG;
	if (version > 16 || len < 2 || (version == 0 && len != 20 && len != 32))
		return KE_BAD_ARGUMENT;
	fives[0] = (unsigned char)version;
	return encode(out, out_size, hrp, fives,
		1 + bits_to_fives(fives + 1, program, len),
		version ? SUM_BECH32M : SUM_BECH32);
}

int
bech32_bytes(char *out, size_t out_size, const char *hrp, const unsigned char *bytes,
	size_t len)
{
	unsigned char fives[FIVES_MAX];

	if (len > BECH32_BYTES_MAX)
		return KE_TOO_LONG;
	return encode(
		out, out_size, hrp, fives, bits_to_fives(fives, bytes, len), SUM_BECH32);
}
