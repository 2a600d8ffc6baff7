/* SPDX-License-Identifier: MIT */
#include "proto/bip38_mint.h"
#include "proto/aes.h"
#include "proto/bip38_inner.h"
#include "proto/curve.h"
#include "proto/hash.h"
#include "proto/rng.h"
#include "proto/scrub.h"
#include "proto/secret_bytes.h"

#include <string.h>
#include <openssl/crypto.h>

/* All that is secret while one wallet is minted; lies in a struct secret. */
struct mint_work {
	unsigned char seedb[BIP38_SEED_LEN];
	unsigned char factorb[CURVE_SCALAR_LEN];
	unsigned char pointb[CURVE_POINT_LEN];
	unsigned char derived[BIP38_DERIVED_LEN];
	unsigned char first[AES_BLOCK_LEN];
	unsigned char second[AES_BLOCK_LEN];
	struct bip38_epk epk;
};

/* encryptedpart1 and 2: the second block carries the half of the first that is not kept.
 */
static int
encrypt_seed(struct mint_work *w)
{
	const unsigned char *key = w->derived + BIP38_HALF_LEN;
	int rc;

	bip38_xor(w->first, w->seedb, w->derived, AES_BLOCK_LEN);
	rc = aes_encrypt(w->first, w->first, AES_BLOCK_LEN, key);
	if (rc != 0)
		return rc;
	memcpy(w->second, w->first + 8, 8);
	memcpy(w->second + 8, w->seedb + AES_BLOCK_LEN, 8);
	bip38_xor(w->second, w->second, w->derived + AES_BLOCK_LEN, AES_BLOCK_LEN);
	rc = aes_encrypt(w->second, w->second, AES_BLOCK_LEN, key);
	memcpy(w->epk.encrypted, w->first, 8);
	memcpy(w->epk.encrypted + 8, w->second, AES_BLOCK_LEN);
	return rc;
}

static int
encrypt_pointb(unsigned char out[BIP38_POINT_LEN], const struct mint_work *w)
{
	out[0] = w->pointb[0] ^ (w->derived[BIP38_DERIVED_LEN - 1] & 1);
	bip38_xor(out + 1, w->pointb + 1, w->derived, BIP38_HALF_LEN);
	return aes_encrypt(out + 1, out + 1, BIP38_HALF_LEN, w->derived + BIP38_HALF_LEN);
}

/* factorb, pointb and the public key; then the address and what is derived from it. */
static int
make_key(struct bip38_minted *out, struct mint_work *w,
	const struct bip38_intermediate *code)
{
	int rc = hash_sha256d(w->factorb, w->seedb, sizeof w->seedb);

	if (rc == 0)
		rc = curve_generate(w->pointb, w->factorb);
	if (rc == 0)
		rc = curve_multiply(out->pubkey, code->passpoint, w->factorb);
	if (rc == 0)
		rc = bip38_address(
			out->address, w->epk.addresshash, out->pubkey, w->epk.compressed);
	if (rc == 0)
		rc = bip38_derive_ec(
			w->derived, code->passpoint, w->epk.addresshash, &code->owner);
	return rc;
}

static int
write_codes(struct bip38_minted *out, struct mint_work *w)
{
	struct bip38_confirmation confirmation = {
		.compressed = w->epk.compressed,
		.owner = w->epk.owner,
	};
	int rc = encrypt_seed(w);

	memcpy(confirmation.addresshash, w->epk.addresshash, BIP38_HASH_LEN);
	if (rc == 0)
		rc = encrypt_pointb(confirmation.encrypted_pointb, w);
	if (rc == 0)
		rc = bip38_confirmation_encode(out->confirmation, &confirmation);
	if (rc == 0)
		rc = bip38_epk_encode(&out->epk, &w->epk);
	return rc;
}

static int
mint(struct bip38_minted *out, const struct bip38_intermediate *code,
	const unsigned char *seedb, struct rng *rng, bool compressed)
{
	struct secret *memory = secret_new(sizeof(struct mint_work));
	struct mint_work *w;
	int rc = 0;

	memset(out, 0, sizeof *out);
	if (!memory)
		return KE_NO_MEMORY;
	w = (struct mint_work *)secret_bytes(memory);
	w->epk.ec = true;
	w->epk.compressed = compressed;
	w->epk.owner = code->owner;
	if (seedb)
		memcpy(w->seedb, seedb, sizeof w->seedb);
	else
		/* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): it is there without a seed */
		rc = rng->fill(rng->state, w->seedb, sizeof w->seedb);
	if (rc == 0)
		rc = make_key(out, w, code);
	if (rc == 0)
		rc = write_codes(out, w);
	scrub_stack();
	secret_free(memory);
	if (rc != 0)
		bip38_minted_wipe(out);
	return rc;
}

int
bip38_mint(struct bip38_minted *out, const struct bip38_intermediate *code,
	struct rng *rng, bool compressed)
{
	return mint(out, code, NULL, rng, compressed);
}

int
bip38_mint_from_seed(struct bip38_minted *out, const struct bip38_intermediate *code,
	const unsigned char seedb[BIP38_SEED_LEN], bool compressed)
{
	return mint(out, code, seedb, NULL, compressed);
}

void
bip38_minted_wipe(struct bip38_minted *minted)
{
	secret_free(minted->epk);
	OPENSSL_cleanse(minted, sizeof *minted);
}
