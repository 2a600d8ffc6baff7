/* SPDX-License-Identifier: MIT */
/* Private keys as wallets import them. */
#ifndef KEYLINE_PROTO_WIF_H
#define KEYLINE_PROTO_WIF_H

#include <stdbool.h>
#include "proto/error.h"

struct secret;

/* Version byte of Bitcoin; each coin has its own. */
enum { WIF_BITCOIN = 0x80 };

/*
 * *out becomes a new secret: the key (32 bytes) in wallet import format, 51
 * characters, or 52 of a compressed key.  Returns 0, KE_BAD_LENGTH,
 * KE_NO_MEMORY or KE_CRYPTO, with *out NULL.
 */
KEYLINE_WARN_UNUSED int wif_encode(struct secret **out, const struct secret *key,
	bool compressed, unsigned char version);

#endif
