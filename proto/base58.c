/* SPDX-License-Identifier: MIT */
#include "proto/base58.h"

#include <string.h>
#include <openssl/crypto.h>

/* 138 digits hold a byte more than 100 bytes do: log 256 / log 58 = 1.3658. */
enum { DIGITS_MAX = BASE58_BYTES_MAX * 138 / 100 + 1 };

const char base58_bitcoin[59] =
	"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
const char base58_ripple[59] =
	"rpshnaf39wBUDNEGHJKLM4PQRST7VWXYZ2bcdeCg65jkm8oFqi1tuvAxyz";

/* digits[0..*count-1], least significant first, becomes itself times base plus add. */
static void
multiply_add(unsigned char *digits, size_t *count, unsigned base, unsigned digit_base,
	unsigned add)
{
	unsigned carry = add;

	for (size_t i = 0; i < *count; i++) {
		carry += digits[i] * base;
		digits[i] = (unsigned char)(carry % digit_base);
		carry /= digit_base;
	}
	for (; carry; carry /= digit_base)
		digits[(*count)++] = (unsigned char)(carry % digit_base);
}

int
base58_encode(
	char *out, size_t out_size, const void *in, size_t len, const char *alphabet)
{
	const unsigned char *bytes = in;
	unsigned char digits[DIGITS_MAX];
	size_t zeros = 0, count = 0, at = 0;
	int rc = 0;

	if (len > BASE58_BYTES_MAX)
		return KE_TOO_LONG;
	while (zeros < len && bytes[zeros] == 0)
		zeros++;
	for (size_t i = zeros; i < len; i++)
		multiply_add(digits, &count, 256, 58, bytes[i]);
	if (out_size <= zeros + count) {
		rc = KE_TOO_LONG;
		goto out;
	}
	while (at < zeros)
		out[at++] = alphabet[0];
	for (size_t i = count; i > 0; i--)
		out[at++] = alphabet[digits[i - 1]];
	out[at] = '\0';
out:
	OPENSSL_cleanse(digits, sizeof digits);
	return rc;
}

static int
decode_digits(unsigned char *bytes, size_t room, size_t *count, const char *text,
	size_t len, const char *alphabet)
{
	for (size_t i = 0; i < len; i++) {
		const char *place = memchr(alphabet, text[i], 58);

		if (!place)
			return KE_BAD_CHARACTER;
		/* One more digit adds at most one byte. */
		if (*count == room)
			return KE_BAD_LENGTH;
		multiply_add(bytes, count, 58, 256, (unsigned)(place - alphabet));
	}
	return 0;
}

int
base58_decode(unsigned char *out, size_t out_len, const char *text, size_t len,
	const char *alphabet)
{
	/* Least significant byte first, with room for the byte that is one too many. */
	unsigned char bytes[BASE58_BYTES_MAX + 1];
	size_t zeros = 0, count = 0;
	int rc;

	if (out_len > BASE58_BYTES_MAX)
		return KE_BAD_LENGTH;
	while (zeros < len && text[zeros] == alphabet[0])
		zeros++;
	rc = decode_digits(
		bytes, sizeof bytes, &count, text + zeros, len - zeros, alphabet);
	if (rc == 0 && (zeros > out_len || count != out_len - zeros))
		rc = KE_BAD_LENGTH;
	if (rc == 0) {
		memset(out, 0, zeros);
		for (size_t i = 0; i < count; i++)
			out[out_len - 1 - i] = bytes[i];
	}
	OPENSSL_cleanse(bytes, sizeof bytes);
	return rc;
}
