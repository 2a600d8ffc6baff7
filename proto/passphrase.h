/* SPDX-License-Identifier: MIT */
/*
 * Passphrases XXXX-XXXX-XXXX-XXXX-XXXX: five groups of four characters of an
 * alphabet.  The hyphens belong to the passphrase (BIP38 hashes them too).
 */
#ifndef KEYLINE_PROTO_PASSPHRASE_H
#define KEYLINE_PROTO_PASSPHRASE_H

#include <stdbool.h>
#include "proto/error.h"
#include "proto/rng.h"
#include "proto/secret.h"

#define PASSPHRASE_ALPHABET_DEFAULT "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

enum {
	PASSPHRASE_GROUPS = 5,
	PASSPHRASE_GROUP_LEN = 4,
	PASSPHRASE_CHARACTERS = PASSPHRASE_GROUPS * PASSPHRASE_GROUP_LEN,
	PASSPHRASE_LEN = PASSPHRASE_CHARACTERS + PASSPHRASE_GROUPS - 1,
	PASSPHRASE_ALPHABET_MAX = 36,
	PASSPHRASE_MILLIBITS_MIN = 100000
};

/* A compiled alphabet: a plain value. */
struct passphrase_alphabet {
	char characters[PASSPHRASE_ALPHABET_MAX + 1];
	size_t size;
	/* The strength of a passphrase, rounded down: 103398 for 36 characters. */
	unsigned millibits;
};

/*
 * Compiles an alphabet of distinct characters of [0-9A-Z].  Returns 0,
 * KE_BAD_CHARACTER (another character, or one twice), or KE_WEAK_PASSPHRASE (fewer
 * than 32 characters: under 100 bits).
 */
KEYLINE_WARN_UNUSED int passphrase_alphabet_compile(
	struct passphrase_alphabet *out, const char *text);

/*
 * Makes a passphrase, each one equally likely (bytes that would favour some
 * characters are thrown away).  out has room for PASSPHRASE_LEN.  Returns 0,
 * KE_TOO_LONG, KE_NO_MEMORY, or KE_RANDOM (also when the generator returns nothing
 * that can be used); out is then empty.
 */
KEYLINE_WARN_UNUSED int passphrase_generate(struct secret *out,
	const struct passphrase_alphabet *alphabet, const struct rng *rng);

/* Whether a secret has the form, over the default alphabet. */
bool passphrase_is_well_formed(const struct secret *passphrase);

#endif
