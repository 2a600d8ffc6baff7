/* SPDX-License-Identifier: MIT */
/*
 * The promise that nothing is etched unverified.  A struct verified is made only
 * here, out of everything that must agree, and is spent only here, for the one
 * line that carries text to an etcher.  It cannot be copied, forged or sized by
 * others (tests/compile-fail), and a second pointer to a spent one ends the process.
 */
#ifndef KEYLINE_PROTO_VERIFIED_H
#define KEYLINE_PROTO_VERIFIED_H

#include <stdbool.h>
#include <stddef.h>
#include "proto/error.h"

struct secret;
struct verified;

enum {
	/* How many tokens a process can hold at a time. */
	VERIFIED_TOKENS_MAX = 64,
	/* The longest text that is etched: printable ASCII. */
	VERIFIED_TEXT_MAX = 64,
	VERIFIED_NONCE_LEN = 16,
	VERIFIED_PUBKEY_LEN = 33
};

/* One deposit address as it was received. */
struct verified_address {
	const char *coin;
	const char *address;
};

/* All that is claimed to belong to one wallet; borrowed for the call. */
struct verified_claim {
	const char *serial;
	/* The text to be etched. */
	const struct secret *passphrase;
	/* The code that was issued, or NULL where it is not known. */
	const char *intermediate;
	const char *confirmation;
	const unsigned char *pubkey;
	/* At least one; the first is the one on the sticker. */
	const struct verified_address *addresses;
	size_t address_count;
};

/*
 * Verifies that passphrase, confirmation code, public key and every address are
 * of one wallet, made from the intermediate code; *out becomes its token.  One
 * heavy scrypt; safe to call from several threads.  Returns 0, an error of the decoders
 * of proto/bip38.h, or, with the first disagreement found, KE_BAD_SERIAL, KE_BAD_ARGUMENT
 * (a text that cannot be etched, no address), KE_NOT_COMPRESSED, KE_MISMATCH_OWNER,
 * KE_WRONG_PASSPHRASE, KE_MISMATCH_PUBKEY, KE_UNKNOWN_COIN, KE_MISMATCH_ADDRESS,
 * KE_NO_MEMORY (also: too many tokens).
 */
KEYLINE_WARN_UNUSED int verified_new(
	struct verified **out, const struct verified_claim *claim);

/* What came of one of several claims: its token, or NULL and why there is none. */
struct verified_result {
	struct verified *token;
	int error;
};

/* The same for several wallets, faster than one by one where the processor can; one that
 * fails hinders no other, unless memory or library fail. */
void verified_new_many(struct verified_result *results,
	const struct verified_claim *claims, size_t count);

/* Serial and sticker address of a token; valid until it is spent or freed. */
const char *verified_serial(const struct verified *token);
const char *verified_sticker_address(const struct verified *token);

/*
 * Spends a token: whatever happens next, it is gone and *token is NULL, even
 * on an error.  *load_line becomes a new secret,
 *	load JOB kind=plate serial=S text=T nonce=N test=0|1\n
 * with nonce_hex of VERIFIED_NONCE_LEN hex digits.  Returns 0, KE_BAD_ARGUMENT,
 * KE_TOO_LONG or KE_NO_MEMORY.  abort()s on a token that was spent or freed before.
 */
KEYLINE_WARN_UNUSED int verified_spend(struct secret **load_line, struct verified **token,
	const char *job, const char *nonce_hex, bool test);

/* Wipes a token unspent and sets it to NULL; NULL is a no-op.  abort()s as above. */
void verified_free(struct verified **token);

#endif
