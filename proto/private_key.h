/* SPDX-License-Identifier: MIT */
/*
 * P-256 private keys (DESIGN 4.3).  The scalar lives in locked memory; as text it
 * is an unencrypted PKCS#8 PEM block in a struct secret, in the one form that
 * private_key_pem writes.
 */
#ifndef KEYLINE_PROTO_PRIVATE_KEY_H
#define KEYLINE_PROTO_PRIVATE_KEY_H

#include "proto/error.h"
#include "proto/secret.h"

enum {
	/* The exact length of the text. */
	PRIVATE_KEY_PEM_LEN = 241,
	/* Of a text that is sealed with a passphrase, its NUL included. */
	PRIVATE_KEY_SEALED_MAX = 1024
};

struct private_key;

/* Makes a key with OpenSSL's private generator.  Returns 0, KE_CRYPTO, KE_NO_MEMORY. */
KEYLINE_WARN_UNUSED int private_key_generate(struct private_key **out);

/* Wipes and frees; NULL is a no-op. */
void private_key_free(struct private_key *key);

/* Writes the text into pem, with room for PRIVATE_KEY_PEM_LEN.  Returns 0, KE_TOO_LONG,
 * KE_NO_MEMORY, KE_CRYPTO. */
KEYLINE_WARN_UNUSED int private_key_pem(
	struct secret *pem, const struct private_key *key);

/*
 * Reads a text that private_key_pem wrote.  Returns 0, KE_BAD_KEY (any other form,
 * also when its public half is not that of its scalar), KE_NO_MEMORY, KE_CRYPTO.
 */
KEYLINE_WARN_UNUSED int private_key_parse(
	struct private_key **out, const struct secret *pem);

/*
 * Writes the key as a PEM block "ENCRYPTED PRIVATE KEY" (PKCS#8: PBES2, scrypt with
 * N = 16384, r = 8, p = 5, AES-256-CBC), ended by NUL; `openssl pkey -in' opens it.
 * Returns 0, KE_NO_MEMORY, KE_CRYPTO.
 */
KEYLINE_WARN_UNUSED int private_key_seal(char pem[PRIVATE_KEY_SEALED_MAX],
	const struct private_key *key, const struct secret *passphrase);

/*
 * Opens such a block, also one that OpenSSL wrote with another PBES2 scheme.  Returns 0,
 * KE_BAD_KEY (not such a block, or not a P-256 key with its public half),
 * KE_WRONG_PASSPHRASE, KE_NO_MEMORY, KE_CRYPTO.
 */
KEYLINE_WARN_UNUSED int private_key_unseal(struct private_key **out, const char *pem,
	size_t len, const struct secret *passphrase);

#endif
