/* SPDX-License-Identifier: MIT */
/*
 * A person's private key on a token (PKCS#11, found through p11-kit): it signs there and
 * never leaves it.  Keys are P-256 with both halves on the token under one CKA_ID.
 */
#ifndef KEYLINE_CTL_TOKEN_H
#define KEYLINE_CTL_TOKEN_H

#include <stdbool.h>
#include "proto/public_key.h"

struct token;

/* Whether what was given for a key is the URI of one on a token (RFC 7512). */
bool token_is_named(const char *key);

/*
 * Finds the one token and public key that the URI names; nothing is asked yet.  A URI
 * with a PIN, or with the name of a file of one, is refused: arguments are everybody's.
 * *out is the caller's.  Returns 0, with what went wrong on stderr otherwise.
 */
KEYLINE_WARN_UNUSED int token_open(struct token **out, const char *uri);

/* Lets the token and its library go; NULL is a no-op. */
void token_free(struct token *token);

/* The key's public half; valid as long as the token. */
const struct public_key *token_public(const struct token *token);

/*
 * Asks for the PIN, once, at the terminal (or at the token, where it has keys of its
 * own), and signs text[0..len-1] as private_key_sign does.  What the token gave back is
 * verified with the public half.  Returns 0, with what went wrong on stderr otherwise.
 */
KEYLINE_WARN_UNUSED int token_sign(unsigned char signature[SIGNATURE_MAX],
	size_t *signature_len, struct token *token, const void *text, size_t len);

#endif
