/* SPDX-License-Identifier: MIT */
#include "proto/scrypt.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

int
scrypt_derive(unsigned char *out, size_t out_len, const unsigned char *pass,
	size_t pass_len, const unsigned char *salt, size_t salt_len, uint64_t n,
	uint32_t r, uint32_t p)
{
	/* More than any caller needs (BIP38: 17 MiB); OpenSSL's own limit is lower. */
	static const uint64_t memory_max = 128 << 20;
	/* OpenSSL takes a NULL password for "only check the parameters". */
	const char *bytes = pass_len ? (const char *)pass : "";

	if (EVP_PBE_scrypt(
		    bytes, pass_len, salt, salt_len, n, r, p, memory_max, out, out_len))
		return 0;
	OPENSSL_cleanse(out, out_len);
	return KE_CRYPTO;
}
