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

/* The exact length of the text. */
enum { PRIVATE_KEY_PEM_LEN = 241 };

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

#endif
