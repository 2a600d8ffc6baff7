/* SPDX-License-Identifier: MIT */
/*
 * The public keys of persons: P-256, as DER SubjectPublicKeyInfo (RFC 5480: named curve,
 * uncompressed point), and ECDSA/SHA-256 signatures, as DER (RFC 3279).  One key and one
 * signature have one form each; everything else is refused.
 */
#ifndef KEYLINE_PROTO_PUBLIC_KEY_H
#define KEYLINE_PROTO_PUBLIC_KEY_H

#include <stddef.h>
#include "proto/base64.h"
#include "proto/certificate.h"
#include "proto/error.h"

enum {
	PUBLIC_KEY_DER_LEN = 91,
	/* Base64 on one line, and its NUL. */
	PUBLIC_KEY_TEXT_SIZE = BASE64_LEN(PUBLIC_KEY_DER_LEN) + 1,
	PUBLIC_KEY_PEM_MAX = 1024,
	SIGNATURE_MAX = 72,
	SIGNATURE_TEXT_SIZE = BASE64_LEN(SIGNATURE_MAX) + 1
};

/* A value: nothing is to be freed. */
struct public_key {
	unsigned char der[PUBLIC_KEY_DER_LEN];
	/* SHA-256 of der, 64 hex digits, as of certificates (DESIGN 4.3). */
	char fingerprint[FINGERPRINT_SIZE];
};

/* Reads der[0..len-1].  Returns 0, KE_BAD_KEY, KE_CRYPTO, KE_NO_MEMORY. */
KEYLINE_WARN_UNUSED int public_key_read(
	struct public_key *out, const unsigned char *der, size_t len);

/* The same from its base64 text. */
KEYLINE_WARN_UNUSED int public_key_parse(struct public_key *out, const char *text);

/* Reads one PEM block "PUBLIC KEY" and nothing beside it; lines may end in CRLF. */
KEYLINE_WARN_UNUSED int public_key_parse_pem(
	struct public_key *out, const char *pem, size_t len);

/* The public half of a private key.  Returns 0 or KE_CRYPTO. */
KEYLINE_WARN_UNUSED int public_key_of(
	struct public_key *out, const struct private_key *key);

/* The base64 text; the PEM block, ended by NUL. */
void public_key_text(char out[PUBLIC_KEY_TEXT_SIZE], const struct public_key *key);
void public_key_pem(char out[PUBLIC_KEY_PEM_MAX], const struct public_key *key);

/*
 * Signs text[0..len-1]; *signature_len bytes stand in signature then.  Returns 0,
 * KE_CRYPTO, KE_NO_MEMORY.
 */
KEYLINE_WARN_UNUSED int private_key_sign(unsigned char signature[SIGNATURE_MAX],
	size_t *signature_len, const struct private_key *key, const void *text,
	size_t len);

/* Whether signature is key's over text[0..len-1].  Returns 0, KE_BAD_SIGNATURE,
 * KE_CRYPTO, KE_NO_MEMORY. */
KEYLINE_WARN_UNUSED int public_key_verify(const struct public_key *key,
	const unsigned char *signature, size_t signature_len, const void *text,
	size_t len);

/* The same for a signature as base64 text. */
KEYLINE_WARN_UNUSED int public_key_verify_text(const struct public_key *key,
	const char *signature, const void *text, size_t len);

#endif
