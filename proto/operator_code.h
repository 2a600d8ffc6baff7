/* SPDX-License-Identifier: MIT */
/*
 * What an operator shows to a station: the code of a badge, which a scanner reads, or a
 * PIN, which he types with his name.
 *
 *	KLB-ABCDEFGHIJKLMNOPQRSTUXYZ		badge: prefix, 21 random letters and
 *digits of base32 (105 bits), 3 that check them 204951
 *PIN: 6 to 12 digits
 *
 * A badge is longer than any serial and has signs that no address has, so that a scan is
 * one of the three.  A badge is known by its code alone, so each has 105 random bits and
 * one hash is enough for it; a PIN is known with a name, and its hash is a slow one.
 */
#ifndef KEYLINE_PROTO_OPERATOR_CODE_H
#define KEYLINE_PROTO_OPERATOR_CODE_H

#include <stdbool.h>
#include <stddef.h>
#include "proto/error.h"
#include "proto/rng.h"

struct secret;

enum {
	/* [a-z0-9][a-z0-9-]{0,31}, and a NUL. */
	OPERATOR_NAME_SIZE = 33,
	OPERATOR_BADGE_LEN = 28,
	OPERATOR_PIN_MIN = 6,
	OPERATOR_PIN_MAX = 12,
	OPERATOR_SALT_LEN = 16,
	OPERATOR_HASH_LEN = 32
};

enum operator_kind { OPERATOR_BADGE, OPERATOR_PIN, OPERATOR_KINDS };

/* "badge" or "pin", as the ledger and requests have it. */
const char *operator_kind_name(enum operator_kind kind);

/* "badge" or "PIN", for people. */
const char *operator_kind_word(enum operator_kind kind);

/* Whether text may be an operator's name; "none" is nobody's. */
bool operator_name_is_good(const char *text);

/* Whether a scan is meant to be a badge, readable or not: then it is nothing else.  text
 * is ended by NUL. */
bool operator_badge_is_meant(const char *text);

/* A new badge's code; *out is the caller's.  Returns 0, KE_RANDOM, KE_CRYPTO,
 * KE_NO_MEMORY. */
KEYLINE_WARN_UNUSED int operator_badge_make(struct secret **out, struct rng *rng);

/* What a code that a person typed, or a scanner read into a terminal, is meant to be. */
enum operator_kind operator_code_kind(const struct secret *code);

/*
 * Whether a code is one of its kind.  Returns 0; KE_BAD_LENGTH; KE_BAD_CHARACTER;
 * KE_BAD_CHECKSUM (badge); KE_WEAK_PIN: fewer than three different digits, equal steps
 * (123456), or one block again and again (123123); KE_CRYPTO.
 */
KEYLINE_WARN_UNUSED int operator_code_check(
	enum operator_kind kind, const struct secret *code);

/*
 * The hash that the ledger keeps.  Badge: SHA-256 over "keyline-badge-1", salt, code.
 * PIN: scrypt of the code with "keyline-pin-1" and salt, N 16384, r 8, p 1 (some
 * hundredths of a second and 16 MiB).  Returns 0 or KE_CRYPTO with out zeroed.
 */
KEYLINE_WARN_UNUSED int operator_code_hash(unsigned char out[OPERATOR_HASH_LEN],
	enum operator_kind kind, const struct secret *code,
	const unsigned char salt[OPERATOR_SALT_LEN]);

#endif
