/* SPDX-License-Identifier: MIT */
/* Bech32 (BIP173), bech32m (BIP350) and the base32 of cashaddr; encoding only. */
#ifndef KEYLINE_PROTO_BECH32_H
#define KEYLINE_PROTO_BECH32_H

#include <stddef.h>
#include "proto/error.h"

/* The most bytes an address of these kinds carries. */
enum { BECH32_BYTES_MAX = 40 };

/* The 32 characters of bech32 and cashaddr. */
extern const char bech32_alphabet[33];

/*
 * Each writes a text with a NUL into out and returns 0, KE_TOO_LONG when it
 * does not fit out_size or len exceeds BECH32_BYTES_MAX, or KE_BAD_ARGUMENT.
 */

/* A segwit address of witness version 0 (bech32) or 1 to 16 (bech32m); len 2 to 40. */
KEYLINE_WARN_UNUSED int bech32_segwit(char *out, size_t out_size, const char *hrp,
	unsigned version, const unsigned char *program, size_t len);

/* Bytes in bech32 without a version, as Cosmos and its kin have them. */
KEYLINE_WARN_UNUSED int bech32_bytes(char *out, size_t out_size, const char *hrp,
	const unsigned char *bytes, size_t len);

/*
 * PREFIX:... with the 40-bit checksum of cashaddr over version byte and hash;
 * alphabet has 32 characters (Conflux has its own).  The prefix is in small letters.
 */
KEYLINE_WARN_UNUSED int bech32_cashaddr(char *out, size_t out_size, const char *prefix,
	unsigned char version, const unsigned char *hash, size_t len,
	const char *alphabet);

#endif
