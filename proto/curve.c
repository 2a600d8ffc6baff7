/* SPDX-License-Identifier: MIT */
#include "proto/curve.h"
#include "proto/rng.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <openssl/crypto.h>
#include <secp256k1.h>
#include <secp256k1_preallocated.h>

/* The library's context takes some 200 bytes of these.  Made of memory that it gets by
 * itself, the library would end the process where there is none. */
static _Alignas(max_align_t) unsigned char context_room[4096];
static secp256k1_context *made_context;
static CRYPTO_ONCE made_once = CRYPTO_ONCE_STATIC_INIT;

static void
make_context(void)
{
	/* NOLINTNEXTLINE(misc-redundant-expression): both have the type's bits */
	const unsigned flags = SECP256K1_CONTEXT_SIGN | SECP256K1_CONTEXT_VERIFY;

	if (secp256k1_context_preallocated_size(flags) <= sizeof context_room)
		made_context =
			secp256k1_context_preallocated_create(context_room, flags);
}

static secp256k1_context *
context(void)
{
	if (!CRYPTO_THREAD_run_once(&made_once, make_context) || !made_context)
		abort();
	return made_context;
}

int
curve_randomise(struct rng *rng)
{
	unsigned char seed[32];
	int rc = rng->fill(rng->state, seed, sizeof seed);

	if (rc == 0 && !secp256k1_context_randomize(context(), seed))
		rc = KE_CRYPTO;
	OPENSSL_cleanse(seed, sizeof seed);
	return rc;
}

bool
curve_scalar_is_valid(const unsigned char scalar[CURVE_SCALAR_LEN])
{
	return secp256k1_ec_seckey_verify(context(), scalar);
}

int
curve_scalar_multiply(unsigned char out[CURVE_SCALAR_LEN],
	const unsigned char a[CURVE_SCALAR_LEN], const unsigned char b[CURVE_SCALAR_LEN])
{
	unsigned char product[CURVE_SCALAR_LEN];
	int rc = 0;

	memcpy(product, a, sizeof product);
	if (secp256k1_ec_seckey_tweak_mul(context(), product, b))
		memcpy(out, product, sizeof product);
	else
		rc = KE_BAD_SCALAR;
	OPENSSL_cleanse(product, sizeof product);
	return rc;
}

static int
parse(secp256k1_pubkey *key, const unsigned char *bytes, size_t len)
{
	/* libsecp256k1 would also take the hybrid forms 06 and 07. */
	if (len == CURVE_LONG_POINT_LEN && bytes[0] != 4)
		return KE_BAD_POINT;
	return secp256k1_ec_pubkey_parse(context(), key, bytes, len) ? 0 : KE_BAD_POINT;
}

static void
serialize(unsigned char *out, size_t len, const secp256k1_pubkey *key)
{
	/* Cannot fail for a key that was parsed or made, and room that is exact. */
	secp256k1_ec_pubkey_serialize(context(), out, &len, key,
		len == CURVE_POINT_LEN ? SECP256K1_EC_COMPRESSED
				       : SECP256K1_EC_UNCOMPRESSED);
}

int
curve_generate(
	unsigned char out[CURVE_POINT_LEN], const unsigned char scalar[CURVE_SCALAR_LEN])
{
	secp256k1_pubkey key;

	if (!secp256k1_ec_pubkey_create(context(), &key, scalar))
		return KE_BAD_SCALAR;
	serialize(out, CURVE_POINT_LEN, &key);
	return 0;
}

int
curve_multiply(unsigned char out[CURVE_POINT_LEN],
	const unsigned char point[CURVE_POINT_LEN],
	const unsigned char scalar[CURVE_SCALAR_LEN])
{
	secp256k1_pubkey key;
	int rc = parse(&key, point, CURVE_POINT_LEN);

	if (rc != 0)
		return rc;
	if (!secp256k1_ec_pubkey_tweak_mul(context(), &key, scalar))
		return KE_BAD_SCALAR;
	serialize(out, CURVE_POINT_LEN, &key);
	return 0;
}

int
curve_check(const unsigned char point[CURVE_POINT_LEN])
{
	secp256k1_pubkey key;

	return parse(&key, point, CURVE_POINT_LEN);
}

int
curve_expand(unsigned char out[CURVE_LONG_POINT_LEN],
	const unsigned char point[CURVE_POINT_LEN])
{
	secp256k1_pubkey key;
	int rc = parse(&key, point, CURVE_POINT_LEN);

	if (rc == 0)
		serialize(out, CURVE_LONG_POINT_LEN, &key);
	return rc;
}

int
curve_compress(unsigned char out[CURVE_POINT_LEN],
	const unsigned char point[CURVE_LONG_POINT_LEN])
{
	secp256k1_pubkey key;
	int rc = parse(&key, point, CURVE_LONG_POINT_LEN);

	if (rc == 0)
		serialize(out, CURVE_POINT_LEN, &key);
	return rc;
}
