/* SPDX-License-Identifier: MIT */
#include "proto/aes.h"

#include <limits.h>
#include <openssl/evp.h>

enum direction { DECRYPT = 0, ENCRYPT = 1 };

static int
run(unsigned char *out, const unsigned char *in, size_t len,
	const unsigned char key[AES_KEY_LEN], enum direction direction)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	int written = 0;
	int ok = ctx && len <= INT_MAX && len % AES_BLOCK_LEN == 0 &&
		 EVP_CipherInit_ex(ctx, EVP_aes_256_ecb(), NULL, key, NULL, direction) &&
		 EVP_CIPHER_CTX_set_padding(ctx, 0) &&
		 EVP_CipherUpdate(ctx, out, &written, in, (int)len) &&
		 written == (int)len;

	/* Wipes the key schedule. */
	EVP_CIPHER_CTX_free(ctx);
	return ok ? 0 : KE_CRYPTO;
}

int
aes_encrypt(unsigned char *out, const unsigned char *in, size_t len,
	const unsigned char key[AES_KEY_LEN])
{
	return run(out, in, len, key, ENCRYPT);
}

int
aes_decrypt(unsigned char *out, const unsigned char *in, size_t len,
	const unsigned char key[AES_KEY_LEN])
{
	return run(out, in, len, key, DECRYPT);
}
