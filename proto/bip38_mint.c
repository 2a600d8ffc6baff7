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

/* factorb, pointb, the public key and its address. */
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

/* Where the seeds come from: a generator, or one that is given. */
struct source {
	struct rng *rng;
	const unsigned char *seedb;
};

static int
draw(struct mint_work *w, const struct source *source)
{
	if (source->rng)
		return source->rng->fill(source->rng->state, w->seedb, sizeof w->seedb);
	if (!source->seedb)
		return KE_BAD_ARGUMENT;
	memcpy(w->seedb, source->seedb, sizeof w->seedb);
	return 0;
}

/* Up to the light scrypt.  *memory becomes a new secret or NULL. */
static int
begin(struct secret **memory, struct bip38_mint *wallet, const struct source *source,
	bool compressed)
{
	struct mint_work *w;
	int rc;

	memset(wallet->out, 0, sizeof *wallet->out);
	*memory = secret_new(sizeof *w);
	if (!*memory)
		return KE_NO_MEMORY;
	w = (struct mint_work *)secret_bytes(*memory);
	w->epk.ec = true;
	w->epk.compressed = compressed;
	w->epk.owner = wallet->code->owner;
	rc = draw(w, source);
	return rc == 0 ? make_key(wallet->out, w, wallet->code) : rc;
}

static void
derive(struct bip38_mint *wallets, struct secret *const *memories, size_t count)
{
	struct bip38_light lights[BIP38_MANY_MAX] = {{0}};
	size_t light_count = 0;
	int rc;

	for (size_t i = 0; i < count; i++) {
		struct mint_work *w;

		if (wallets[i].error)
			continue;
		w = (struct mint_work *)secret_bytes(memories[i]);
		lights[light_count++] =
			(struct bip38_light){w->derived, wallets[i].code->passpoint,
				w->epk.addresshash, &wallets[i].code->owner};
	}
	rc = bip38_derive_ec_many(lights, light_count);
	for (size_t i = 0; i < count; i++)
		if (wallets[i].error == 0)
			wallets[i].error = rc;
}

static void
mint(struct bip38_mint *wallets, size_t count, const struct source *source,
	bool compressed)
{
	struct secret *memories[BIP38_MANY_MAX];

	for (size_t i = 0; i < count; i++)
		wallets[i].error = begin(&memories[i], &wallets[i], source, compressed);
	derive(wallets, memories, count);
	for (size_t i = 0; i < count; i++)
		if (wallets[i].error == 0)
			wallets[i].error = write_codes(wallets[i].out,
				(struct mint_work *)secret_bytes(memories[i]));
	scrub_stack();
	for (size_t i = 0; i < count; i++) {
		secret_free(memories[i]);
		if (wallets[i].error)
			bip38_minted_wipe(wallets[i].out);
	}
}

void
bip38_mint_many(
	struct bip38_mint *wallets, size_t count, struct rng *rng, bool compressed)
{
	const struct source source = {rng, NULL};

	mint(wallets, count, &source, compressed);
}

static int
mint_one(struct bip38_minted *out, const struct bip38_intermediate *code,
	const struct source *source, bool compressed)
{
	struct bip38_mint wallet = {.out = out, .code = code};

	mint(&wallet, 1, source, compressed);
	return wallet.error;
}

int
bip38_mint(struct bip38_minted *out, const struct bip38_intermediate *code,
	struct rng *rng, bool compressed)
{
	const struct source source = {rng, NULL};

	return mint_one(out, code, &source, compressed);
}

int
bip38_mint_from_seed(struct bip38_minted *out, const struct bip38_intermediate *code,
	const unsigned char seedb[BIP38_SEED_LEN], bool compressed)
{
	const struct source source = {NULL, seedb};

	return mint_one(out, code, &source, compressed);
}

void
bip38_minted_wipe(struct bip38_minted *minted)
{
	secret_free(minted->epk);
	OPENSSL_cleanse(minted, sizeof *minted);
}
