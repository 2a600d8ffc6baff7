/* SPDX-License-Identifier: MIT */
/* Deposit addresses of many coins from one public key: one row of one table a coin. */
#ifndef KEYLINE_PROTO_ADDRESS_H
#define KEYLINE_PROTO_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>
#include "proto/error.h"

enum {
	/* Room for every address of the table with its NUL. */
	ADDRESS_SIZE = 64,
	ADDRESS_PUBKEY_LEN = 33
};

/*
 * The address of the compressed public key in coin's usual form.  Returns 0,
 * KE_UNKNOWN_COIN, KE_BAD_POINT, KE_TOO_LONG (out_size) or KE_CRYPTO.
 */
KEYLINE_WARN_UNUSED int address_encode(char *out, size_t out_size, const char *coin,
	const unsigned char pubkey[ADDRESS_PUBKEY_LEN]);

/* The tickers, from index 0; NULL after the last. */
const char *address_coin(size_t index);

/* Whether the table has the ticker, in capitals as written there. */
bool address_coin_known(const char *coin);

#endif
