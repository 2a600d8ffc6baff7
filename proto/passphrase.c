/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "proto/passphrase.h"

#include <stdint.h>
#include <string.h>
#include <openssl/crypto.h>
#include "proto/secret_bytes.h"

enum {
	/* Bytes drawn at once, and how many draws one passphrase may take. */
	DRAW = 32,
	DRAWS_MAX = 32
};

/*
 * log2(n) in 1/2^16 bits, rounded down: each squaring of the mantissa gives one
 * more binary digit of the logarithm.
 */
static uint32_t
log2_fixed(unsigned n)
{
	uint64_t mantissa = (uint64_t)n << 31;
	uint32_t result = 0;

	while (mantissa >= UINT64_C(1) << 32) {
		mantissa >>= 1;
		result++;
	}
	for (int i = 0; i < 16; i++) {
		mantissa = (mantissa * mantissa) >> 31;
		result <<= 1;
		if (mantissa >= UINT64_C(1) << 32) {
			mantissa >>= 1;
			result |= 1;
		}
	}
	return result;
}

int
passphrase_alphabet_compile(struct passphrase_alphabet *out, const char *text)
{
	struct passphrase_alphabet a = {.size = strlen(text)};

	for (size_t i = 0; i < a.size; i++)
		if (!strchr(PASSPHRASE_ALPHABET_DEFAULT, text[i]) ||
			strchr(text + i + 1, text[i]))
			return KE_BAD_CHARACTER;
	if (a.size < 2)
		return KE_WEAK_PASSPHRASE;
	a.millibits = (unsigned)((uint64_t)PASSPHRASE_CHARACTERS * 1000 *
					 log2_fixed((unsigned)a.size) >>
				 16);
	if (a.millibits < PASSPHRASE_MILLIBITS_MIN)
		return KE_WEAK_PASSPHRASE;
	memcpy(a.characters, text, a.size);
	*out = a;
	return 0;
}

/* Appends the character that a random byte stands for, if it stands for one. */
static int
append_drawn(struct secret *out, const struct passphrase_alphabet *a, unsigned char byte)
{
	size_t fair = 256 - 256 % a->size;
	size_t group = PASSPHRASE_GROUP_LEN + 1;
	int rc = 0;

	if (byte >= fair)
		return 0;
	if (secret_len(out) % group == group - 1)
		rc = secret_append(out, "-", 1);
	if (rc == 0)
		rc = secret_append(out, &a->characters[byte % a->size], 1);
	return rc;
}

int
passphrase_generate(struct secret *out, const struct passphrase_alphabet *alphabet,
	const struct rng *rng)
{
	struct secret *drawn;
	int rc = 0;

	secret_clear(out);
	if (secret_capacity(out) < PASSPHRASE_LEN)
		return KE_TOO_LONG;
	drawn = secret_new(DRAW);
	if (!drawn)
		return KE_NO_MEMORY;
	for (int i = 0; i < DRAWS_MAX && secret_len(out) < PASSPHRASE_LEN; i++) {
		rc = rng->fill(rng->state, secret_bytes(drawn), DRAW);
		if (rc != 0)
			goto out;
		for (size_t j = 0; j < DRAW && secret_len(out) < PASSPHRASE_LEN; j++) {
			rc = append_drawn(out, alphabet, secret_view(drawn)[j]);
			if (rc != 0)
				goto out;
		}
	}
	if (secret_len(out) < PASSPHRASE_LEN)
		rc = KE_RANDOM;
out:
	secret_free(drawn);
	if (rc != 0)
		secret_clear(out);
	return rc;
}

bool
passphrase_is_well_formed(const struct secret *passphrase)
{
	const unsigned char *bytes = secret_view(passphrase);

	if (secret_len(passphrase) != PASSPHRASE_LEN)
		return false;
	for (size_t i = 0; i < PASSPHRASE_LEN; i++) {
		bool hyphen = i % (PASSPHRASE_GROUP_LEN + 1) == PASSPHRASE_GROUP_LEN;
		bool character = (bytes[i] >= '0' && bytes[i] <= '9') ||
				 (bytes[i] >= 'A' && bytes[i] <= 'Z');

		if (hyphen ? bytes[i] != '-' : !character)
			return false;
	}
	return true;
}
