/* SPDX-License-Identifier: MIT */
#include "proto/bip38_nonec.h"
#include "proto/aes.h"
#include "proto/bip38_inner.h"
#include "proto/bip38_key.h"
#include "proto/curve.h"
#include "proto/nfc.h"
#include "proto/scrub.h"
#include "proto/scrypt.h"
#include "proto/secret_bytes.h"

#include <string.h>
#include <openssl/crypto.h>

/* *out becomes a new secret: derivedhalf1 || derivedhalf2. */
static int
derive(struct secret **out, const unsigned char addresshash[BIP38_HASH_LEN],
	const struct secret *passphrase)
{
	struct secret *normal = NULL;
	int rc = nfc_normalize(&normal, passphrase);

	*out = rc == 0 ? secret_new(BIP38_DERIVED_LEN) : NULL;
	if (rc == 0 && !*out)
		rc = KE_NO_MEMORY;
	if (rc == 0)
		rc = scrypt_derive(secret_bytes(*out), BIP38_DERIVED_LEN,
			secret_view(normal), secret_len(normal), addresshash,
			BIP38_HASH_LEN, BIP38_N, BIP38_R, BIP38_P);
	secret_free(normal);
	return rc;
}

int
bip38_nonec_decrypt(
	struct secret *key, const struct bip38_epk *epk, const struct secret *passphrase)
{
	struct secret *derived;
	int rc = derive(&derived, epk->addresshash, passphrase);

	if (rc == 0)
		rc = aes_decrypt(secret_bytes(key), epk->encrypted, BIP38_KEY_LEN,
			secret_view(derived) + BIP38_HALF_LEN);
	if (rc == 0)
		bip38_xor(secret_bytes(key), secret_bytes(key), secret_view(derived),
			BIP38_KEY_LEN);
	if (rc == 0)
		rc = secret_set_len(key, BIP38_KEY_LEN);
	secret_free(derived);
	return rc;
}

static int
encrypt(struct bip38_epk *epk, const struct secret *key, const struct secret *passphrase)
{
	char address[BIP38_ADDRESS_MAX + 1];
	unsigned char pubkey[BIP38_POINT_LEN];
	struct secret *derived = NULL;
	int rc = curve_generate(pubkey, secret_view(key));

	if (rc == 0)
		rc = bip38_address(address, epk->addresshash, pubkey, epk->compressed);
	if (rc == 0)
		rc = derive(&derived, epk->addresshash, passphrase);
	if (rc == 0) {
		bip38_xor(epk->encrypted, secret_view(key), secret_view(derived),
			BIP38_KEY_LEN);
		rc = aes_encrypt(epk->encrypted, epk->encrypted, BIP38_KEY_LEN,
			secret_view(derived) + BIP38_HALF_LEN);
	}
	secret_free(derived);
	return rc;
}

int
bip38_encrypt(struct secret **out, const struct secret *key, bool compressed,
	const struct secret *passphrase)
{
	struct bip38_epk epk = {.compressed = compressed};
	int rc = KE_BAD_SCALAR;

	*out = NULL;
	if (secret_len(key) == BIP38_KEY_LEN)
		rc = encrypt(&epk, key, passphrase);
	if (rc == 0)
		rc = bip38_epk_encode(out, &epk);
	OPENSSL_cleanse(&epk, sizeof epk);
	scrub_stack();
	return rc;
}
