/* SPDX-License-Identifier: MIT */
#include "proto/bip38_inner.h"
#include "proto/base58.h"
#include "proto/curve.h"
#include "proto/hash.h"
#include "proto/scrypt.h"

#include <string.h>

int
bip38_address(char address[BIP38_ADDRESS_MAX + 1], unsigned char hash[BIP38_HASH_LEN],
	const unsigned char point[BIP38_POINT_LEN], bool compressed)
{
	unsigned char expanded[CURVE_LONG_POINT_LEN], sum[HASH_SHA256_LEN];
	/* Version byte 00: mainnet. */
	unsigned char payload[1 + HASH_160_LEN] = {0};
	int rc;

	if (compressed) {
		rc = hash_160(payload + 1, point, BIP38_POINT_LEN);
	} else {
		rc = curve_expand(expanded, point);
		if (rc == 0)
			rc = hash_160(payload + 1, expanded, sizeof expanded);
	}
	if (rc == 0)
		rc = base58_check_encode(address, BIP38_ADDRESS_MAX + 1, payload,
			sizeof payload, base58_bitcoin);
	if (rc == 0)
		rc = hash_sha256d(sum, address, strlen(address));
	if (rc == 0)
		memcpy(hash, sum, BIP38_HASH_LEN);
	return rc;
}

int
bip38_derive_ec(unsigned char derived[BIP38_DERIVED_LEN],
	const unsigned char passpoint[BIP38_POINT_LEN],
	const unsigned char addresshash[BIP38_HASH_LEN], const struct bip38_owner *owner)
{
	unsigned char salt[BIP38_HASH_LEN + BIP38_ENTROPY_LEN];

	memcpy(salt, addresshash, BIP38_HASH_LEN);
	memcpy(salt + BIP38_HASH_LEN, owner->entropy, BIP38_ENTROPY_LEN);
	return scrypt_derive(derived, BIP38_DERIVED_LEN, passpoint, BIP38_POINT_LEN, salt,
		sizeof salt, 1024, 1, 1);
}

void
bip38_xor(unsigned char *out, const unsigned char *a, const unsigned char *b, size_t len)
{
	for (size_t i = 0; i < len; i++)
		out[i] = a[i] ^ b[i];
}
