/* SPDX-License-Identifier: MIT */
#include "proto/hash.h"

#include <string.h>
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

int
hash_self_check(void)
{
	/* FIPS 180-2, B.1 */
	static const unsigned char of_abc[HASH_SHA256_LEN] = {0xba, 0x78, 0x16, 0xbf,
		0x8f, 0x01, 0xcf, 0xea, 0x41, 0x41, 0x40, 0xde, 0x5d, 0xae, 0x22, 0x23,
		0xb0, 0x03, 0x61, 0xa3, 0x96, 0x17, 0x7a, 0x9c, 0xb4, 0x10, 0xff, 0x61,
		0xf2, 0x00, 0x15, 0xad};
	const struct hash_part parts[] = {{"ab", 2}, {"c", 1}};
	unsigned char out[HASH_SHA256_LEN];

	/* Both ways into the library. */
	if (hash_sha256_parts(out, parts, 2) != 0 ||
		memcmp(out, of_abc, sizeof out) != 0 || hash_sha256(out, "abc", 3) != 0)
		return KE_CRYPTO;
	return memcmp(out, of_abc, sizeof out) == 0 ? 0 : KE_CRYPTO;
}
