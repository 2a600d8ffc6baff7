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

/* The light scrypt: passpoint and salt are no secrets, what comes of them is. */
enum { LIGHT_N = 1024, LIGHT_R = 1, LIGHT_P = 1 };
enum { LIGHT_SALT_LEN = BIP38_HASH_LEN + BIP38_ENTROPY_LEN };

static void
light_salt(unsigned char out[LIGHT_SALT_LEN], const unsigned char *addresshash,
	const struct bip38_owner *owner)
{
	memcpy(out, addresshash, BIP38_HASH_LEN);
	memcpy(out + BIP38_HASH_LEN, owner->entropy, BIP38_ENTROPY_LEN);
}

int
bip38_derive_ec(unsigned char derived[BIP38_DERIVED_LEN],
	const unsigned char passpoint[BIP38_POINT_LEN],
	const unsigned char addresshash[BIP38_HASH_LEN], const struct bip38_owner *owner)
{
	unsigned char salt[LIGHT_SALT_LEN];

	light_salt(salt, addresshash, owner);
	return scrypt_derive(derived, BIP38_DERIVED_LEN, passpoint, BIP38_POINT_LEN, salt,
		sizeof salt, LIGHT_N, LIGHT_R, LIGHT_P);
}

int
bip38_derive_ec_many(const struct bip38_light *lights, size_t count)
{
	unsigned char salts[BIP38_MANY_MAX][LIGHT_SALT_LEN];
	struct scrypt_job jobs[BIP38_MANY_MAX];

	if (count == 1)
		return bip38_derive_ec(lights->derived, lights->passpoint,
			lights->addresshash, lights->owner);
	for (size_t i = 0; i < count; i++) {
		light_salt(salts[i], lights[i].addresshash, lights[i].owner);
		jobs[i] = (struct scrypt_job){lights[i].derived, BIP38_DERIVED_LEN,
			lights[i].passpoint, BIP38_POINT_LEN, salts[i], LIGHT_SALT_LEN};
	}
	return scrypt_derive_many(jobs, count, LIGHT_N, LIGHT_R, LIGHT_P);
}

void
bip38_xor(unsigned char *out, const unsigned char *a, const unsigned char *b, size_t len)
{
	for (size_t i = 0; i < len; i++)
		out[i] = a[i] ^ b[i];
}
