/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "proto/public_key.h"

#include <stdio.h>
#include <string.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include "proto/hash.h"
#include "proto/scrub.h"
#include "proto/x509_handle.h"

/* Before the 64 bytes of the point's coordinates: always the same. */
static const unsigned char start[] = {0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86,
	0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03,
	0x01, 0x07, 0x03, 0x42, 0x00, 0x04};

enum { POINT_LEN = 65, POINT_AT = sizeof start - 1, LINE_LEN = 64 };

static const char pem_begin[] = "-----BEGIN PUBLIC KEY-----\n";
static const char pem_end[] = "-----END PUBLIC KEY-----\n";

/* OpenSSL's key of a point; it refuses one that is not on the curve. */
static int
handle_of(EVP_PKEY **out, const unsigned char *der)
{
	char group[] = "prime256v1";
	unsigned char point[POINT_LEN];
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0),
		OSSL_PARAM_construct_octet_string(
			OSSL_PKEY_PARAM_PUB_KEY, point, sizeof point),
		OSSL_PARAM_construct_end()};
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
	int rc = KE_BAD_KEY;

	*out = NULL;
	memcpy(point, der + POINT_AT, sizeof point);
	if (!context || EVP_PKEY_fromdata_init(context) != 1)
		rc = KE_NO_MEMORY;
	else if (EVP_PKEY_fromdata(context, out, EVP_PKEY_PUBLIC_KEY, params) == 1)
		rc = 0;
	EVP_PKEY_CTX_free(context);
	ERR_clear_error();
	return rc;
}

static int
name_key(struct public_key *key)
{
	unsigned char hash[HASH_SHA256_LEN];
	int rc = hash_sha256(hash, key->der, sizeof key->der);

	for (size_t i = 0; rc == 0 && i < sizeof hash; i++)
		(void)snprintf(key->fingerprint + 2 * i, 3, "%02x", hash[i]);
	return rc;
}

int
public_key_read(struct public_key *out, const unsigned char *der, size_t len)
{
	EVP_PKEY *pkey;
	int rc;

	if (len != PUBLIC_KEY_DER_LEN || memcmp(der, start, sizeof start) != 0)
		return KE_BAD_KEY;
	rc = handle_of(&pkey, der);
	EVP_PKEY_free(pkey);
	if (rc != 0)
		return rc;
	memcpy(out->der, der, len);
	return name_key(out);
}

int
public_key_parse(struct public_key *out, const char *text)
{
	unsigned char der[PUBLIC_KEY_DER_LEN];
	size_t len;

	if (base64_decode(der, sizeof der, &len, text, strlen(text)) != 0)
		return KE_BAD_KEY;
	return public_key_read(out, der, len);
}

/* The base64 of a PEM block into text; nothing may stand before or behind the block. */
static int
unwrap(char text[PUBLIC_KEY_TEXT_SIZE], const char *pem, size_t len)
{
	size_t used = 0, begin = strlen(pem_begin), end = strlen(pem_end);

	if (len < begin + end || memcmp(pem, pem_begin, begin) != 0 ||
		memcmp(pem + len - end, pem_end, end) != 0)
		return KE_BAD_KEY;
	for (size_t i = begin; i < len - end; i++) {
		if (pem[i] == '\n')
			continue;
		if (used == PUBLIC_KEY_TEXT_SIZE - 1)
			return KE_BAD_KEY;
		text[used++] = pem[i];
	}
	text[used] = '\0';
	return 0;
}

int
public_key_parse_pem(struct public_key *out, const char *pem, size_t len)
{
	char lines[PUBLIC_KEY_PEM_MAX] = "", again[PUBLIC_KEY_PEM_MAX];
	char text[PUBLIC_KEY_TEXT_SIZE];
	size_t kept = 0;
	int rc;

	if (len > sizeof lines)
		return KE_BAD_KEY;
	for (size_t i = 0; i < len; i++)
		if (pem[i] != '\r' || i + 1 == len || pem[i + 1] != '\n')
			lines[kept++] = pem[i];
	rc = unwrap(text, lines, kept);
	if (rc == 0)
		rc = public_key_parse(out, text);
	if (rc != 0)
		return rc;
	/* A key has one form: lines that break elsewhere are somebody else's doing. */
	public_key_pem(again, out);
	return strlen(again) == kept && memcmp(again, lines, kept) == 0 ? 0 : KE_BAD_KEY;
}

int
public_key_of(struct public_key *out, const struct private_key *key)
{
	size_t len = 0;

	memcpy(out->der, start, sizeof start);
	if (EVP_PKEY_get_octet_string_param(private_key_handle(key),
		    OSSL_PKEY_PARAM_PUB_KEY, out->der + POINT_AT, POINT_LEN, &len) != 1 ||
		len != POINT_LEN || out->der[POINT_AT] != start[POINT_AT]) {
		ERR_clear_error();
		return KE_CRYPTO;
	}
	return name_key(out);
}

void
public_key_text(char out[PUBLIC_KEY_TEXT_SIZE], const struct public_key *key)
{
	base64_encode(out, key->der, sizeof key->der);
	out[PUBLIC_KEY_TEXT_SIZE - 1] = '\0';
}

void
public_key_pem(char out[PUBLIC_KEY_PEM_MAX], const struct public_key *key)
{
	char text[PUBLIC_KEY_TEXT_SIZE];
	int used = snprintf(out, PUBLIC_KEY_PEM_MAX, "%s", pem_begin);

	public_key_text(text, key);
	for (size_t at = 0; text[at];
		at += LINE_LEN < strlen(text + at) ? LINE_LEN : strlen(text + at))
		used += snprintf(out + used, PUBLIC_KEY_PEM_MAX - (size_t)used, "%.*s\n",
			(int)LINE_LEN, text + at);
	(void)snprintf(out + used, PUBLIC_KEY_PEM_MAX - (size_t)used, "%s", pem_end);
}

int
private_key_sign(unsigned char signature[SIGNATURE_MAX], size_t *signature_len,
	const struct private_key *key, const void *text, size_t len)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	int rc = KE_CRYPTO;

	*signature_len = SIGNATURE_MAX;
	if (!context)
		return KE_NO_MEMORY;
	if (EVP_DigestSignInit(
		    context, NULL, EVP_sha256(), NULL, private_key_handle(key)) == 1 &&
		EVP_DigestSign(context, signature, signature_len, text, len) == 1)
		rc = 0;
	EVP_MD_CTX_free(context);
	scrub_stack();
	ERR_clear_error();
	return rc;
}

int
public_key_verify(const struct public_key *key, const unsigned char *signature,
	size_t signature_len, const void *text, size_t len)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	EVP_PKEY *pkey = NULL;
	int rc = context ? handle_of(&pkey, key->der) : KE_NO_MEMORY;

	if (rc == 0 && EVP_DigestVerifyInit(context, NULL, EVP_sha256(), NULL, pkey) != 1)
		rc = KE_CRYPTO;
	if (rc == 0 &&
		EVP_DigestVerify(context, signature, signature_len, text, len) != 1)
		rc = KE_BAD_SIGNATURE;
	EVP_PKEY_free(pkey);
	EVP_MD_CTX_free(context);
	ERR_clear_error();
	return rc;
}

int
public_key_verify_text(
	const struct public_key *key, const char *signature, const void *text, size_t len)
{
	unsigned char bytes[SIGNATURE_MAX];
	size_t bytes_len;

	if (base64_decode(
		    bytes, sizeof bytes, &bytes_len, signature, strlen(signature)) != 0)
		return KE_BAD_SIGNATURE;
	return public_key_verify(key, bytes, bytes_len, text, len);
}
