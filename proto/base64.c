/* SPDX-License-Identifier: MIT */
#include "proto/base64.h"

static const char digits[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void
base64_encode(char *out, const unsigned char *in, size_t len)
{
	for (size_t i = 0; i < len; i += 3) {
		unsigned long group = (unsigned long)in[i] << 16;

		if (i + 1 < len)
			group |= (unsigned long)in[i + 1] << 8;
		if (i + 2 < len)
			group |= in[i + 2];
		*out++ = digits[group >> 18];
		*out++ = digits[group >> 12 & 63];
		*out++ = i + 1 < len ? digits[group >> 6 & 63] : '=';
		*out++ = i + 2 < len ? digits[group & 63] : '=';
	}
}

static int
value_of(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

int
base64_decode(
	unsigned char *out, size_t room, size_t *out_len, const char *in, size_t len)
{
	size_t pad, full;

	if (len == 0 || len % 4 != 0)
		return KE_BAD_LENGTH;
	pad = in[len - 1] != '=' ? 0 : in[len - 2] != '=' ? 1 : 2;
	full = len / 4 * 3 - pad;
	if (full > room)
		return KE_TOO_LONG;
	for (size_t i = 0; i < len; i += 4) {
		size_t take = i + 4 == len ? 3 - pad : 3;
		unsigned long group = 0;

		for (size_t j = 0; j < 4; j++) {
			int value = j > take ? 0 : value_of(in[i + j]);

			if (value < 0)
				return KE_BAD_CHARACTER;
			group = group << 6 | (unsigned)value;
		}
		if (group & ((1UL << (24 - 8 * take)) - 1))
			return KE_BAD_CHARACTER;
		for (size_t j = 0; j < take; j++)
			*out++ = (unsigned char)(group >> (16 - 8 * j));
	}
	*out_len = full;
	return 0;
}
