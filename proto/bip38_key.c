/* SPDX-License-Identifier: MIT */
/* EPKs opened. */
#include "proto/bip38_key.h"
#include "proto/aes.h"
#include "proto/bip38_inner.h"
#include "proto/bip38_nonec.h"
#include "proto/curve.h"
#include "proto/hash.h"
#include "proto/scrub.h"
#include "proto/secret_bytes.h"

#include <string.h>
#include <openssl/crypto.h>

/* All that is secret while an EC EPK is opened, but passfactor; lies in a struct secret.
 */
struct open_work {
	unsigned char passpoint[CURVE_POINT_LEN];
	unsigned char derived[BIP38_DERIVED_LEN];
	unsigned char first[AES_BLOCK_LEN];
	unsigned char second[AES_BLOCK_LEN];
	unsigned char seedb[BIP38_SEED_LEN];
	unsigned char factorb[CURVE_SCALAR_LEN];
};

/* Undoes the second block, which gives the missing half of the first, then the first. */
static int
decrypt_seed(struct open_work *w, const struct bip38_epk *epk)
{
	const unsigned char *key = w->derived + BIP38_HALF_LEN;
	int rc = aes_decrypt(w->second, epk->encrypted + 8, AES_BLOCK_LEN, key);

	if (rc != 0)
		return rc;
	bip38_xor(w->second, w->second, w->derived + AES_BLOCK_LEN, AES_BLOCK_LEN);
	memcpy(w->first, epk->encrypted, 8);
	memcpy(w->first + 8, w->second, 8);
	rc = aes_decrypt(w->first, w->first, AES_BLOCK_LEN, key);
	bip38_xor(w->seedb, w->first, w->derived, AES_BLOCK_LEN);
	memcpy(w->seedb + AES_BLOCK_LEN, w->second + 8, 8);
	return rc;
}

static int
open_ec(struct secret *key, struct open_work *w, const struct bip38_epk *epk,
	const struct secret *passfactor)
{
	int rc = curve_generate(w->passpoint, secret_view(passfactor));

	if (rc == 0)
		rc = bip38_derive_ec(
			w->derived, w->passpoint, epk->addresshash, &epk->owner);
	if (rc == 0)
		rc = decrypt_seed(w, epk);
	if (rc == 0)
		rc = hash_sha256d(w->factorb, w->seedb, sizeof w->seedb);
	if (rc == 0)
		rc = curve_scalar_multiply(
			secret_bytes(key), secret_view(passfactor), w->factorb);
	return rc == 0 ? secret_set_len(key, BIP38_KEY_LEN) : rc;
}

static int
decrypt_ec(
	struct secret *key, const struct bip38_epk *epk, const struct secret *passphrase)
{
	struct secret *memory = secret_new(sizeof(struct open_work));
	struct secret *passfactor = NULL;
	int rc = KE_NO_MEMORY;

	if (memory)
		rc = bip38_passfactor(&passfactor, passphrase, &epk->owner);
	if (rc == 0)
		rc = open_ec(
			key, (struct open_work *)secret_bytes(memory), epk, passfactor);
	secret_free(passfactor);
	secret_free(memory);
	return rc;
}

/* The public half of an opened key; what it says must be what the EPK says. */
static int
finish(struct bip38_opened *out, const struct bip38_epk *epk)
{
	unsigned char hash[BIP38_HASH_LEN];
	int rc = curve_generate(out->pubkey, secret_view(out->key));

	out->compressed = epk->compressed;
	if (rc == 0)
		rc = bip38_address(out->address, hash, out->pubkey, epk->compressed);
	if (rc == 0 && memcmp(hash, epk->addresshash, sizeof hash) != 0)
		rc = KE_WRONG_PASSPHRASE;
	return rc;
}

int
bip38_decrypt(struct bip38_opened *out, const struct bip38_epk *epk,
	const struct secret *passphrase)
{
	int rc = KE_NO_MEMORY;

	memset(out, 0, sizeof *out);
	out->key = secret_new(BIP38_KEY_LEN);
	if (out->key)
		rc = epk->ec ? decrypt_ec(out->key, epk, passphrase)
			     : bip38_nonec_decrypt(out->key, epk, passphrase);
	if (rc == 0)
		rc = finish(out, epk);
	if (rc == KE_BAD_SCALAR)
		rc = KE_WRONG_PASSPHRASE;
	if (rc != 0)
		bip38_opened_wipe(out);
	scrub_stack();
	return rc;
}

void
bip38_opened_wipe(struct bip38_opened *opened)
{
	secret_free(opened->key);
	OPENSSL_cleanse(opened, sizeof *opened);
}
