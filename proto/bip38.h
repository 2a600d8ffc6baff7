/* SPDX-License-Identifier: MIT */
/*
 * BIP38 with mainnet P2PKH addresses.  Three texts: the owner's intermediate
 * code, the printer's encrypted private key (EPK) and confirmation code; and the
 * EPK without an owner (not EC-multiplied).
 *
 * Decoders are strict and return 0 or KE_BAD_LENGTH, KE_BAD_CHARACTER,
 * KE_BAD_CHECKSUM, KE_BAD_MAGIC, KE_RESERVED_FLAG, KE_BAD_POINT, KE_CRYPTO.
 * Everything below may also return KE_NO_MEMORY and KE_CRYPTO.
 */
#ifndef KEYLINE_PROTO_BIP38_H
#define KEYLINE_PROTO_BIP38_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "proto/error.h"

struct rng;
struct secret;

/* Lengths of the texts, always the same, and of what is in them. */
enum {
	BIP38_INTERMEDIATE_LEN = 72,
	BIP38_EPK_LEN = 58,
	BIP38_CONFIRMATION_LEN = 75,
	BIP38_ADDRESS_MAX = 34,
	BIP38_ENTROPY_LEN = 8,
	BIP38_SALT_LEN = 8,
	BIP38_SALT_WITH_LOT_LEN = 4,
	BIP38_HASH_LEN = 4,
	BIP38_POINT_LEN = 33,
	BIP38_KEY_LEN = 32,
	BIP38_SEED_LEN = 24,
	BIP38_EC_PART_LEN = 24,
	BIP38_PART_LEN = 32,
	BIP38_LOT_MAX = 1048575,
	BIP38_SEQUENCE_MAX = 4095,
	/* What is done for several wallets at once is done for so many at most. */
	BIP38_MANY_MAX = 16
};

/* The flag byte.  The other bits are reserved. */
enum { BIP38_FLAG_NOT_EC = 0xc0, BIP38_FLAG_COMPRESSED = 0x20, BIP38_FLAG_LOT = 0x04 };

/* The owner's salt, with lot and sequence or longer without them: ownerentropy. */
struct bip38_owner {
	bool has_lot;
	unsigned char entropy[BIP38_ENTROPY_LEN];
};

/* Lot and sequence of an owner that has_lot; 0 is a number like others. */
uint32_t bip38_lot(const struct bip38_owner *owner);
uint32_t bip38_sequence(const struct bip38_owner *owner);

/* Whether both stand for the same entropy and kind. */
bool bip38_same_owner(const struct bip38_owner *a, const struct bip38_owner *b);

struct bip38_intermediate {
	struct bip38_owner owner;
	unsigned char passpoint[BIP38_POINT_LEN];
};

KEYLINE_WARN_UNUSED int bip38_intermediate_decode(
	struct bip38_intermediate *out, const char *text, size_t len);
KEYLINE_WARN_UNUSED int bip38_intermediate_encode(
	char out[BIP38_INTERMEDIATE_LEN + 1], const struct bip38_intermediate *in);

struct bip38_confirmation {
	bool compressed;
	struct bip38_owner owner;
	unsigned char addresshash[BIP38_HASH_LEN];
	unsigned char encrypted_pointb[BIP38_POINT_LEN];
};

KEYLINE_WARN_UNUSED int bip38_confirmation_decode(
	struct bip38_confirmation *out, const char *text, size_t len);
KEYLINE_WARN_UNUSED int bip38_confirmation_encode(
	char out[BIP38_CONFIRMATION_LEN + 1], const struct bip38_confirmation *in);

/*
 * An EPK.  With ec: encrypted[0..7] is the half of encryptedpart1 that is
 * stored, encrypted[8..23] is encryptedpart2; otherwise there is no owner and
 * all 32 bytes count.  A secret: wipe it with OPENSSL_cleanse().
 */
struct bip38_epk {
	bool ec;
	bool compressed;
	struct bip38_owner owner;
	unsigned char addresshash[BIP38_HASH_LEN];
	unsigned char encrypted[BIP38_PART_LEN];
};

KEYLINE_WARN_UNUSED int bip38_epk_decode(
	struct bip38_epk *out, const char *text, size_t len);
KEYLINE_WARN_UNUSED int bip38_epk_decode_secret(
	struct bip38_epk *out, const struct secret *text);
/* *out becomes a new secret, the text. */
KEYLINE_WARN_UNUSED int bip38_epk_encode(struct secret **out, const struct bip38_epk *in);

/*
 * Whether an EPK and a confirmation code agree in all that both carry in the
 * clear: flags, addresshash, ownerentropy.  Costs nothing and proves little.
 */
bool bip38_epk_agrees(
	const struct bip38_epk *epk, const struct bip38_confirmation *confirmation);

#endif
