/* SPDX-License-Identifier: MIT */
#include "proto/aes.h"
#include "proto/bip38_inner.h"
#include "proto/bip38_owner.h"
#include "proto/curve.h"
#include "proto/scrub.h"
#include "proto/secret_bytes.h"

#include <string.h>
#include <openssl/crypto.h>

static int
decrypt_pointb(unsigned char out[BIP38_POINT_LEN], const struct bip38_confirmation *code,
	const unsigned char derived[BIP38_DERIVED_LEN])
{
	int rc = aes_decrypt(out + 1, code->encrypted_pointb + 1, BIP38_HALF_LEN,
		derived + BIP38_HALF_LEN);

	out[0] = code->encrypted_pointb[0] ^ (derived[BIP38_DERIVED_LEN - 1] & 1);
	bip38_xor(out + 1, out + 1, derived, BIP38_HALF_LEN);
	return rc;
}

static int
confirm(struct bip38_confirmed *out, const struct bip38_confirmation *code,
	const struct secret *passfactor)
{
	unsigned char derived[BIP38_DERIVED_LEN], pointb[BIP38_POINT_LEN];
	unsigned char hash[BIP38_HASH_LEN];
	int rc = curve_generate(out->passpoint, secret_view(passfactor));

	if (rc == 0)
		rc = bip38_derive_ec(
			derived, out->passpoint, code->addresshash, &code->owner);
	if (rc == 0)
		rc = decrypt_pointb(pointb, code, derived);
	if (rc == 0)
		rc = curve_multiply(out->pubkey, pointb, secret_view(passfactor));
	if (rc == 0)
		rc = bip38_address(out->address, hash, out->pubkey, code->compressed);
	if (rc == 0 && memcmp(hash, code->addresshash, sizeof hash) != 0)
		rc = KE_WRONG_PASSPHRASE;
	OPENSSL_cleanse(derived, sizeof derived);
	OPENSSL_cleanse(pointb, sizeof pointb);
	return rc;
}

void
bip38_confirm_many(struct bip38_confirm *wallets, size_t count)
{
	struct bip38_factor factors[BIP38_MANY_MAX];

	for (size_t i = 0; i < count; i++) {
		factors[i].passphrase = wallets[i].passphrase;
		factors[i].owner = &wallets[i].code->owner;
	}
	bip38_passfactor_many(factors, count);
	for (size_t i = 0; i < count; i++) {
		int rc = factors[i].error;

		if (rc == 0)
			rc = confirm(wallets[i].out, wallets[i].code, factors[i].factor);
		/* No code can be made from such a passphrase: it is not the right one. */
		if (rc == KE_BAD_SCALAR || rc == KE_BAD_POINT)
			rc = KE_WRONG_PASSPHRASE;
		if (rc != 0)
			OPENSSL_cleanse(wallets[i].out, sizeof *wallets[i].out);
		wallets[i].error = rc;
	}
	scrub_stack();
	for (size_t i = 0; i < count; i++)
		secret_free(factors[i].factor);
}

int
bip38_confirm(struct bip38_confirmed *out, const struct bip38_confirmation *code,
	const struct secret *passphrase)
{
	struct bip38_confirm wallet = {
		.out = out, .code = code, .passphrase = passphrase};

	bip38_confirm_many(&wallet, 1);
	return wallet.error;
}
