/* SPDX-License-Identifier: MIT */
#include "proto/wif.h"
#include "proto/base58.h"
#include "proto/secret_bytes.h"

#include <string.h>
#include <openssl/crypto.h>

enum { KEY_LEN = 32, TEXT_MAX = 52 };

int
wif_encode(struct secret **out, const struct secret *key, bool compressed,
	unsigned char version)
{
	/* Version, key, and 01 for "use the compressed public key". */
	unsigned char payload[1 + KEY_LEN + 1] = {version};
	size_t len = compressed ? sizeof payload : sizeof payload - 1;
	int rc;

	*out = NULL;
	if (secret_len(key) != KEY_LEN)
		return KE_BAD_LENGTH;
	*out = secret_new(TEXT_MAX + 1);
	if (!*out)
		return KE_NO_MEMORY;
	memcpy(payload + 1, secret_view(key), KEY_LEN);
	payload[1 + KEY_LEN] = 1;
	rc = base58_check_encode(
		(char *)secret_bytes(*out), TEXT_MAX + 1, payload, len, base58_bitcoin);
	OPENSSL_cleanse(payload, sizeof payload);
	if (rc == 0)
		rc = secret_set_len(*out, strlen((const char *)secret_view(*out)));
	if (rc != 0) {
		secret_free(*out);
		*out = NULL;
	}
	return rc;
}
