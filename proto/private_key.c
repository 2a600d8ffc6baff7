/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "proto/private_key.h"
#include "proto/private_key_inner.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/param_build.h>
#include "proto/base64.h"
#include "proto/scrub.h"
#include "proto/secret_bytes.h"
#include "proto/x509_handle.h"

enum { SCALAR_LEN = 32, POINT_LEN = 65, LINE_LEN = 64, DER_LEN = PRIVATE_KEY_DER_LEN };

/*
 * PKCS#8 of a P-256 key with its public half is always the same bytes around the
 * scalar and the point (RFC 5208, 5915): so it is written and read here, and no
 * decoder keeps copies of the scalar on the ordinary heap.
 */
static const unsigned char before_scalar[] = {0x30, 0x81, 0x87, 0x02, 0x01, 0x00, 0x30,
	0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a,
	0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x04, 0x6d, 0x30, 0x6b, 0x02, 0x01,
	0x01, 0x04, 0x20};
/* With the point's own first byte: OpenSSL takes a hybrid form, too (SEC 1, 2.3.3). */
static const unsigned char before_point[] = {0xa1, 0x44, 0x03, 0x42, 0x00, 0x04};

enum {
	SCALAR_AT = sizeof before_scalar,
	POINT_AT = SCALAR_AT + SCALAR_LEN + sizeof before_point - 1
};
_Static_assert(POINT_AT + POINT_LEN == DER_LEN, "the length of a key's DER form");

static const char pem_begin[] = "-----BEGIN PRIVATE KEY-----\n";
static const char pem_end[] = "-----END PRIVATE KEY-----\n";

struct private_key {
	EVP_PKEY *pkey;
};

EVP_PKEY *
private_key_handle(const struct private_key *key)
{
	return key->pkey;
}

void
private_key_free(struct private_key *key)
{
	if (key)
		EVP_PKEY_free(key->pkey);
	free(key);
}

/* Takes pkey over, also when it fails. */
static int
wrap(struct private_key **out, EVP_PKEY *pkey)
{
	struct private_key *key = malloc(sizeof *key);

	if (!key) {
		EVP_PKEY_free(pkey);
		return KE_NO_MEMORY;
	}
	key->pkey = pkey;
	*out = key;
	return 0;
}

int
private_key_generate(struct private_key **out)
{
	EVP_PKEY *pkey;

	*out = NULL;
	pkey = EVP_EC_gen("P-256");
	scrub_stack();
	if (!pkey) {
		ERR_clear_error();
		return KE_CRYPTO;
	}
	return wrap(out, pkey);
}

/* Writes the DER form to der[0..DER_LEN-1], in locked memory. */
static int
write_der(unsigned char *der, EVP_PKEY *pkey)
{
	BIGNUM *scalar = BN_secure_new();
	size_t len = 0;
	int rc = KE_CRYPTO;

	memcpy(der, before_scalar, sizeof before_scalar);
	memcpy(der + SCALAR_AT + SCALAR_LEN, before_point, sizeof before_point);
	if (!scalar)
		return KE_NO_MEMORY;
	if (EVP_PKEY_get_bn_param(pkey, OSSL_PKEY_PARAM_PRIV_KEY, &scalar) == 1 &&
		BN_bn2binpad(scalar, der + SCALAR_AT, SCALAR_LEN) == SCALAR_LEN &&
		EVP_PKEY_get_octet_string_param(pkey, OSSL_PKEY_PARAM_PUB_KEY,
			der + POINT_AT, POINT_LEN, &len) == 1 &&
		len == POINT_LEN)
		rc = 0;
	BN_clear_free(scalar);
	return rc;
}

int
private_key_pem(struct secret *pem, const struct private_key *key)
{
	struct secret *der, *text;
	int rc;

	secret_clear(pem);
	if (secret_capacity(pem) < PRIVATE_KEY_PEM_LEN)
		return KE_TOO_LONG;
	der = secret_new(DER_LEN);
	text = secret_new(BASE64_LEN(DER_LEN));
	rc = der && text ? write_der(secret_bytes(der), key->pkey) : KE_NO_MEMORY;
	if (rc == 0) {
		base64_encode((char *)secret_bytes(text), secret_view(der), DER_LEN);
		rc = secret_append(pem, pem_begin, strlen(pem_begin));
	}
	for (size_t at = 0; rc == 0 && at < BASE64_LEN(DER_LEN); at += LINE_LEN) {
		size_t left = BASE64_LEN(DER_LEN) - at;
		size_t take = left < LINE_LEN ? left : LINE_LEN;

		rc = secret_append(pem, secret_view(text) + at, take);
		if (rc == 0)
			rc = secret_append(pem, "\n", 1);
	}
	if (rc == 0)
		rc = secret_append(pem, pem_end, strlen(pem_end));
	if (rc != 0)
		secret_clear(pem);
	secret_free(der);
	secret_free(text);
	scrub_stack();
	ERR_clear_error();
	return rc;
}

/* Builds the key of a DER form; OpenSSL checks that scalar and point belong together. */
static int
read_der(EVP_PKEY **out, const unsigned char *der)
{
	BIGNUM *scalar = BN_secure_new();
	OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
	EVP_PKEY_CTX *make = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL), *check = NULL;
	OSSL_PARAM *params = NULL;
	int rc = KE_NO_MEMORY;

	if (!scalar || !builder || !make ||
		!BN_bin2bn(der + SCALAR_AT, SCALAR_LEN, scalar) ||
		OSSL_PARAM_BLD_push_utf8_string(
			builder, OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0) != 1 ||
		OSSL_PARAM_BLD_push_BN_pad(
			builder, OSSL_PKEY_PARAM_PRIV_KEY, scalar, SCALAR_LEN) != 1 ||
		OSSL_PARAM_BLD_push_octet_string(
			builder, OSSL_PKEY_PARAM_PUB_KEY, der + POINT_AT, POINT_LEN) != 1)
		goto out;
	params = OSSL_PARAM_BLD_to_param(builder);
	if (!params)
		goto out;
	rc = KE_BAD_KEY;
	if (EVP_PKEY_fromdata_init(make) != 1 ||
		EVP_PKEY_fromdata(make, out, EVP_PKEY_KEYPAIR, params) != 1)
		goto out;
	check = EVP_PKEY_CTX_new(*out, NULL);
	if (check && EVP_PKEY_check(check) == 1)
		rc = 0;
out:
	EVP_PKEY_CTX_free(check);
	EVP_PKEY_CTX_free(make);
	OSSL_PARAM_BLD_free(builder);
	OSSL_PARAM_free(params);
	BN_clear_free(scalar);
	return rc;
}

/* Takes the text apart into der, which has room for DER_LEN. */
static int
read_text(struct secret *der, struct secret *text, const struct secret *pem)
{
	const char *at = (const char *)secret_view(pem);
	const char *end = at + PRIVATE_KEY_PEM_LEN - strlen(pem_end);
	size_t len;

	if (secret_len(pem) != PRIVATE_KEY_PEM_LEN ||
		memcmp(at, pem_begin, strlen(pem_begin)) != 0 ||
		memcmp(end, pem_end, strlen(pem_end)) != 0)
		return KE_BAD_KEY;
	for (at += strlen(pem_begin); at < end;) {
		size_t left = (size_t)(end - at) - 1;
		size_t take = left < LINE_LEN ? left : LINE_LEN;

		if (at[take] != '\n' || secret_append(text, at, take) != 0)
			return KE_BAD_KEY;
		at += take + 1;
	}
	if (base64_decode(secret_bytes(der), DER_LEN, &len,
		    (const char *)secret_view(text), secret_len(text)) != 0 ||
		len != DER_LEN)
		return KE_BAD_KEY;
	return secret_set_len(der, len);
}

int
private_key_der(struct secret *der, const struct private_key *key)
{
	int rc;

	if (secret_capacity(der) < DER_LEN)
		return KE_TOO_LONG;
	rc = write_der(secret_bytes(der), key->pkey);
	return rc == 0 ? secret_set_len(der, DER_LEN) : rc;
}

int
private_key_from_der(struct private_key **out, const struct secret *der)
{
	const unsigned char *bytes = secret_view(der);
	EVP_PKEY *pkey = NULL;
	int rc;

	*out = NULL;
	if (secret_len(der) != DER_LEN ||
		memcmp(bytes, before_scalar, sizeof before_scalar) != 0 ||
		memcmp(bytes + SCALAR_AT + SCALAR_LEN, before_point,
			sizeof before_point) != 0)
		return KE_BAD_KEY;
	rc = read_der(&pkey, bytes);
	scrub_stack();
	ERR_clear_error();
	if (rc == 0)
		return wrap(out, pkey);
	EVP_PKEY_free(pkey);
	return rc;
}

int
private_key_parse(struct private_key **out, const struct secret *pem)
{
	struct secret *der = secret_new(DER_LEN);
	struct secret *text = secret_new(BASE64_LEN(DER_LEN));
	int rc;

	*out = NULL;
	rc = der && text ? read_text(der, text, pem) : KE_NO_MEMORY;
	if (rc == 0)
		rc = private_key_from_der(out, der);
	secret_free(der);
	secret_free(text);
	return rc;
}
