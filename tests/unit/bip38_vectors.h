/* SPDX-License-Identifier: MIT */
/* One vector of tests/vectors/bip38.json held against proto/; a failure fails the test.
 */
#ifndef KEYLINE_TESTS_BIP38_VECTORS_H
#define KEYLINE_TESTS_BIP38_VECTORS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

struct secret;

/* The array of all vectors; the caller's. */
json_t *vector_load(void);

/* A member as text (NULL without it), as bytes from hex (how many; 0 without it). */
const char *vector_text(json_t *vector, const char *name);
size_t vector_hex(unsigned char *out, size_t size, json_t *vector, const char *name);

/* A new secret; the passphrase, which may hold NUL, as one. */
struct secret *vector_new_secret(const void *bytes, size_t len);
struct secret *vector_passphrase(json_t *vector);

void vector_assert_text(const struct secret *s, const char *text);

/* Whether it needs a heavy scrypt, and KEYLINE_LIGHT=1 forbids that. */
bool vector_is_light(json_t *vector);

/* The passphrase's form C. */
void vector_check_nfc(json_t *vector);
/* The owner's code: made from the salt, decoded, encoded. */
void vector_check_intermediate(json_t *vector);
/* A compressed point against the vector's public key. */
void vector_check_pubkey(const unsigned char *point, json_t *vector);
/* The printer's side, from seedb to both codes. */
void vector_check_mint(json_t *vector);
/* The confirmation code: decoded, encoded, confirmed. */
void vector_check_confirmation(json_t *vector);
/* The EPK: decoded, encoded, opened. */
void vector_check_epk(json_t *vector);

/* Decodes and, where a passphrase is given, opens or confirms; the first error. */
int vector_try(json_t *vector);

#endif
