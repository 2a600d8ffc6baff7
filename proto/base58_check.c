/* SPDX-License-Identifier: MIT */
#include "proto/base58.h"
#include "proto/hash.h"

#include <string.h>
#include <openssl/crypto.h>

int
base58_check_encode(
	char *out, size_t out_size, const void *payload, size_t len, const char *alphabet)
{
	unsigned char bytes[BASE58_BYTES_MAX], sum[HASH_SHA256_LEN];
	int rc;

	if (len > sizeof bytes - BASE58_CHECK_LEN)
		return KE_TOO_LONG;
	rc = hash_sha256d(sum, payload, len);
	if (rc == 0) {
		memcpy(bytes, payload, len);
		memcpy(bytes + len, sum, BASE58_CHECK_LEN);
		rc = base58_encode(
			out, out_size, bytes, len + BASE58_CHECK_LEN, alphabet);
	}
	OPENSSL_cleanse(bytes, sizeof bytes);
	return rc;
}

int
base58_check_decode(unsigned char *payload, size_t payload_len, const char *text,
	size_t len, const char *alphabet)
{
	unsigned char bytes[BASE58_BYTES_MAX], sum[HASH_SHA256_LEN];
	int rc;

	if (payload_len > sizeof bytes - BASE58_CHECK_LEN)
		return KE_BAD_LENGTH;
	rc = base58_decode(bytes, payload_len + BASE58_CHECK_LEN, text, len, alphabet);
	if (rc == 0)
		rc = hash_sha256d(sum, bytes, payload_len);
	if (rc == 0 && memcmp(sum, bytes + payload_len, BASE58_CHECK_LEN) != 0)
		rc = KE_BAD_CHECKSUM;
	if (rc == 0)
		memcpy(payload, bytes, payload_len);
	else
		OPENSSL_cleanse(payload, payload_len);
	OPENSSL_cleanse(bytes, sizeof bytes);
	return rc;
}
