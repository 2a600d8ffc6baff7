/* SPDX-License-Identifier: MIT */
#include "proto/hash.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

int
hash_sha256_parts(
	unsigned char out[HASH_SHA256_LEN], const struct hash_part *parts, size_t count)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	int ok = ctx && EVP_DigestInit_ex(ctx, EVP_sha256(), NULL);

	for (size_t i = 0; ok && i < count; i++)
		ok = EVP_DigestUpdate(ctx, parts[i].bytes, parts[i].len);
	ok = ok && EVP_DigestFinal_ex(ctx, out, NULL);
	/* Wipes its state, which may hold the tail of a secret. */
	EVP_MD_CTX_free(ctx);
	return ok ? 0 : KE_CRYPTO;
}

int
hash_sha256(unsigned char out[HASH_SHA256_LEN], const void *in, size_t len)
{
	return EVP_Digest(in, len, out, NULL, EVP_sha256(), NULL) ? 0 : KE_CRYPTO;
}

int
hash_sha256d(unsigned char out[HASH_SHA256_LEN], const void *in, size_t len)
{
	unsigned char once[HASH_SHA256_LEN];
	int rc = hash_sha256(once, in, len);

	if (rc == 0)
		rc = hash_sha256(out, once, sizeof once);
	OPENSSL_cleanse(once, sizeof once);
	return rc;
}

int
hash_160(unsigned char out[HASH_160_LEN], const void *in, size_t len)
{
	unsigned char once[HASH_SHA256_LEN];
	int rc = hash_sha256(once, in, len);

	if (rc == 0 && !EVP_Digest(once, sizeof once, out, NULL, EVP_ripemd160(), NULL))
		rc = KE_CRYPTO;
	OPENSSL_cleanse(once, sizeof once);
	return rc;
}
