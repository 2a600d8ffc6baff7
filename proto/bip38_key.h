/* SPDX-License-Identifier: MIT */
/* BIP38 where both factors meet: private keys out of EPKs and into them.  For QA. */
#ifndef KEYLINE_PROTO_BIP38_KEY_H
#define KEYLINE_PROTO_BIP38_KEY_H

#include "proto/bip38.h"

/* An opened wallet.  key (32 bytes) is owned; bip38_opened_wipe() frees it. */
struct bip38_opened {
	struct secret *key;
	bool compressed;
	unsigned char pubkey[BIP38_POINT_LEN];
	char address[BIP38_ADDRESS_MAX + 1];
};

/*
 * Decrypts an EPK of either kind; addresshash is always checked.  One heavy
 * scrypt.  Returns 0, KE_WRONG_PASSPHRASE (also for an altered or a testnet EPK,
 * which looks the same) or KE_BAD_UTF8; on an error out is zeroed.
 */
KEYLINE_WARN_UNUSED int bip38_decrypt(struct bip38_opened *out,
	const struct bip38_epk *epk, const struct secret *passphrase);

/* Frees the key and zeroes the rest. */
void bip38_opened_wipe(struct bip38_opened *opened);

/*
 * Encrypts a key of 32 bytes without EC multiplication; *epk becomes a new
 * secret, the text.  Returns 0, KE_BAD_SCALAR or KE_BAD_UTF8.
 */
KEYLINE_WARN_UNUSED int bip38_encrypt(struct secret **epk, const struct secret *key,
	bool compressed, const struct secret *passphrase);

#endif
