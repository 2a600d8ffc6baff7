/* SPDX-License-Identifier: MIT */
/* The forms that addresses take; for the coin table alone. */
#ifndef KEYLINE_PROTO_ADDRESS_FORM_H
#define KEYLINE_PROTO_ADDRESS_FORM_H

#include "proto/address.h"

struct address_coin_row;

/* Writes the address of a valid compressed public key.  Returns as address_encode(). */
typedef int address_form(char *out, size_t out_size, const struct address_coin_row *row,
	const unsigned char pubkey[ADDRESS_PUBKEY_LEN]);

struct address_coin_row {
	const char *coin;
	address_form *form;
	size_t version_len;
	unsigned char version[2];
	const char *prefix;
	const char *alphabet;
};

/* Base58Check of version and hash160. */
address_form address_form_p2pkh;
/* Base58Check of version and the hash160 of a version 0 witness program. */
address_form address_form_nested_segwit;
/* Bech32 of the version 0 witness program that is the hash160. */
address_form address_form_segwit;
/* Bech32 of the hash160 alone. */
address_form address_form_bech32;
/* Cashaddr of version and hash160. */
address_form address_form_cashaddr;

/* The forms below hash x and y, not the compressed key. */

/* Prefix and hex of the last 20 bytes of Keccak-256, capitals as EIP-55 has them. */
address_form address_form_ethereum;
/* Base58Check of version and those 20 bytes. */
address_form address_form_tron;
/* CIP-37: cashaddr over those 20 bytes with 1 (a user) as the first half byte. */
address_form address_form_conflux;
/* Prefix and base32 of BLAKE2b-160 of 04 x y, with BLAKE2b-32 as checksum. */
address_form address_form_filecoin;

#endif
