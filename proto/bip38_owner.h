/* SPDX-License-Identifier: MIT */
/* The owner's side of BIP38: what only he can do who knows the passphrase. */
#ifndef KEYLINE_PROTO_BIP38_OWNER_H
#define KEYLINE_PROTO_BIP38_OWNER_H

#include "proto/bip38.h"

/*
 * A new intermediate code for a passphrase (UTF-8, normalized here to form C).
 * lot up to BIP38_LOT_MAX and sequence up to BIP38_SEQUENCE_MAX count only
 * with_lot.  One heavy scrypt.  Returns also KE_RANDOM, KE_BAD_UTF8,
 * KE_BAD_ARGUMENT, KE_BAD_SCALAR (one passphrase and salt in 2^128).
 */
KEYLINE_WARN_UNUSED int bip38_intermediate_new(char out[BIP38_INTERMEDIATE_LEN + 1],
	struct rng *rng, const struct secret *passphrase, bool with_lot, uint32_t lot,
	uint32_t sequence);

/* The same with a given salt: 4 bytes with_lot, else 8. */
KEYLINE_WARN_UNUSED int bip38_intermediate_from_salt(char out[BIP38_INTERMEDIATE_LEN + 1],
	const unsigned char *salt, const struct secret *passphrase, bool with_lot,
	uint32_t lot, uint32_t sequence);

/* One of several: what is given, where the code goes, and why there is none. */
struct bip38_issue {
	char *out;
	const struct secret *passphrase;
	bool with_lot;
	uint32_t lot, sequence;
	int error;
};

/*
 * bip38_intermediate_new() for up to BIP38_MANY_MAX wallets at once; one that fails
 * hinders no other, unless memory or library fail.
 */
void bip38_intermediate_new_many(
	struct bip38_issue *wallets, size_t count, struct rng *rng);

/* What a confirmation code and the passphrase together tell. */
struct bip38_confirmed {
	unsigned char pubkey[BIP38_POINT_LEN];
	unsigned char passpoint[BIP38_POINT_LEN];
	char address[BIP38_ADDRESS_MAX + 1];
};

/*
 * Confirms that the address behind a confirmation code depends on the
 * passphrase.  pubkey comes in compressed form whatever the flag says; address
 * is the P2PKH address that the flag means.  One heavy scrypt.  Returns 0,
 * KE_WRONG_PASSPHRASE or KE_BAD_UTF8.  The check inside compares 32 bits: compare
 * the full public key and addresses as well.
 */
KEYLINE_WARN_UNUSED int bip38_confirm(struct bip38_confirmed *out,
	const struct bip38_confirmation *code, const struct secret *passphrase);

/* One of several: what is given, where the result goes, and why there is none. */
struct bip38_confirm {
	struct bip38_confirmed *out;
	const struct bip38_confirmation *code;
	const struct secret *passphrase;
	int error;
};

/* The same for up to BIP38_MANY_MAX wallets at once, as above. */
void bip38_confirm_many(struct bip38_confirm *wallets, size_t count);

#endif
