/* SPDX-License-Identifier: MIT */
/* AES-256 block by block without chaining or padding, as BIP38 uses it. */
#ifndef KEYLINE_PROTO_AES_H
#define KEYLINE_PROTO_AES_H

#include <stddef.h>
#include "proto/error.h"

enum { AES_KEY_LEN = 32, AES_BLOCK_LEN = 16 };

/*
 * Encrypts or decrypts len bytes, a multiple of AES_BLOCK_LEN; out may be in.
 * Returns 0 or KE_CRYPTO.
 */
KEYLINE_WARN_UNUSED int aes_encrypt(unsigned char *out, const unsigned char *in,
	size_t len, const unsigned char key[AES_KEY_LEN]);
KEYLINE_WARN_UNUSED int aes_decrypt(unsigned char *out, const unsigned char *in,
	size_t len, const unsigned char key[AES_KEY_LEN]);

#endif
