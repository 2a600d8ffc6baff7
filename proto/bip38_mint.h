/* SPDX-License-Identifier: MIT */
/* The printer's side of BIP38: EPKs from intermediate codes, without a passphrase. */
#ifndef KEYLINE_PROTO_BIP38_MINT_H
#define KEYLINE_PROTO_BIP38_MINT_H

#include "proto/bip38.h"

/* One wallet as minted.  epk is owned; bip38_minted_wipe() frees it. */
struct bip38_minted {
	struct secret *epk;
	char confirmation[BIP38_CONFIRMATION_LEN + 1];
	unsigned char pubkey[BIP38_POINT_LEN];
	char address[BIP38_ADDRESS_MAX + 1];
};

/*
 * Mints from 24 fresh random bytes (seedb) each time.  pubkey comes in
 * compressed form either way; address is P2PKH of the form that compressed tells.
 * Returns 0, KE_RANDOM, KE_BAD_POINT or KE_BAD_SCALAR; on an error out is zeroed.
 */
KEYLINE_WARN_UNUSED int bip38_mint(struct bip38_minted *out,
	const struct bip38_intermediate *code, struct rng *rng, bool compressed);

/* One of several: what is given, where the wallet goes, and why there is none. */
struct bip38_mint {
	struct bip38_minted *out;
	const struct bip38_intermediate *code;
	int error;
};

/* The same for up to BIP38_MANY_MAX wallets at once, each from a seedb of its own; one
 * that fails hinders no other, unless memory or library fail. */
void bip38_mint_many(
	struct bip38_mint *wallets, size_t count, struct rng *rng, bool compressed);

/* The same from a given seedb, for vectors. */
KEYLINE_WARN_UNUSED int bip38_mint_from_seed(struct bip38_minted *out,
	const struct bip38_intermediate *code, const unsigned char seedb[BIP38_SEED_LEN],
	bool compressed);

/* Frees the EPK and zeroes the rest. */
void bip38_minted_wipe(struct bip38_minted *minted);

#endif
