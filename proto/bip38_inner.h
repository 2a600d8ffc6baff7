/* SPDX-License-Identifier: MIT */
/* What the files of bip38 share among themselves. */
#ifndef KEYLINE_PROTO_BIP38_INNER_H
#define KEYLINE_PROTO_BIP38_INNER_H

#include "proto/bip38.h"

enum {
	BIP38_DERIVED_LEN = 64,
	BIP38_HALF_LEN = 32,
	/* The heavy scrypt. */
	BIP38_N = 16384,
	BIP38_R = 8,
	BIP38_P = 8
};

/* The P2PKH address of a point in the form that compressed tells, and its addresshash. */
KEYLINE_WARN_UNUSED int bip38_address(char address[BIP38_ADDRESS_MAX + 1],
	unsigned char hash[BIP38_HASH_LEN], const unsigned char point[BIP38_POINT_LEN],
	bool compressed);

/*
 * *out becomes a new secret of 32 bytes: passfactor.  Returns 0, KE_BAD_UTF8,
 * KE_BAD_SCALAR (0 or not below n), KE_NO_MEMORY or KE_CRYPTO.
 */
KEYLINE_WARN_UNUSED int bip38_passfactor(struct secret **out,
	const struct secret *passphrase, const struct bip38_owner *owner);

/* One of several: what is given, the new secret that came of it or NULL, and why not. */
struct bip38_factor {
	const struct secret *passphrase;
	const struct bip38_owner *owner;
	struct secret *factor;
	int error;
};

/* The same for up to BIP38_MANY_MAX wallets at once; one that fails hinders no other,
 * unless memory or library fail. */
void bip38_passfactor_many(struct bip38_factor *wallets, size_t count);

/* derived = derivedhalf1 || derivedhalf2 of the EC kind: the light scrypt. */
KEYLINE_WARN_UNUSED int bip38_derive_ec(unsigned char derived[BIP38_DERIVED_LEN],
	const unsigned char passpoint[BIP38_POINT_LEN],
	const unsigned char addresshash[BIP38_HASH_LEN], const struct bip38_owner *owner);

/* One of several; its result is written to derived. */
struct bip38_light {
	unsigned char *derived;
	const unsigned char *passpoint;
	const unsigned char *addresshash;
	const struct bip38_owner *owner;
};

/* The same for up to BIP38_MANY_MAX at once; on an error all results are zeroed. */
KEYLINE_WARN_UNUSED int bip38_derive_ec_many(
	const struct bip38_light *lights, size_t count);

/* out = a ^ b, len bytes; out may be either. */
void bip38_xor(
	unsigned char *out, const unsigned char *a, const unsigned char *b, size_t len);

#endif
