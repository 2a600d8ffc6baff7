/* SPDX-License-Identifier: MIT */
#include "proto/nfc.h"
#include "proto/scrub.h"
#include "proto/secret_bytes.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <openssl/crypto.h>
#include <uninorm.h>
#include <unistr.h>

/*
 * UTF-8 grows to at most three times its length in form C (Unicode annex 15).
 * Given that room, libunistring makes no copy of the text on the heap.
 */
enum { GROWTH = 3 };

static bool
is_ascii(const unsigned char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (bytes[i] > 0x7f)
			return false;
	return true;
}

static int
compose(struct secret *out, const unsigned char *bytes, size_t len)
{
	size_t composed = secret_capacity(out);
	uint8_t *where = secret_bytes(out), *result;

	result = u8_normalize(UNINORM_NFC, bytes, len, where, &composed);
	scrub_stack();
	if (result == where)
		return secret_set_len(out, composed);
	if (result) {
		OPENSSL_cleanse(result, composed);
		free(result);
	}
	return KE_NO_MEMORY;
}

int
nfc_normalize(struct secret **out, const struct secret *in)
{
	const unsigned char *bytes = secret_view(in);
	size_t len = secret_len(in);
	bool ascii = is_ascii(bytes, len);
	int rc;

	*out = NULL;
	if (!ascii && u8_check(bytes, len))
		return KE_BAD_UTF8;
	*out = secret_new(ascii ? len : GROWTH * len);
	if (!*out)
		return KE_NO_MEMORY;
	rc = ascii ? secret_append_secret(*out, in) : compose(*out, bytes, len);
	if (rc != 0) {
		secret_free(*out);
		*out = NULL;
	}
	return rc;
}
