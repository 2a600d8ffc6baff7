/* SPDX-License-Identifier: MIT */
#include "proto/bip38_inner.h"
#include "proto/curve.h"
#include "proto/hash.h"
#include "proto/nfc.h"
#include "proto/scrub.h"
#include "proto/scrypt.h"
#include "proto/secret_bytes.h"

/* prefactor = scrypt(passphrase, ownersalt): the salt alone, without lot and sequence. */
static int
derive_prefactor(struct secret *out, const struct secret *passphrase,
	const struct bip38_owner *owner)
{
	size_t salt_len = owner->has_lot ? BIP38_SALT_WITH_LOT_LEN : BIP38_SALT_LEN;
	int rc = scrypt_derive(secret_bytes(out), BIP38_KEY_LEN, secret_view(passphrase),
		secret_len(passphrase), owner->entropy, salt_len, BIP38_N, BIP38_R,
		BIP38_P);

	return rc == 0 ? secret_set_len(out, BIP38_KEY_LEN) : rc;
}

/* passfactor = SHA256d(prefactor || ownerentropy), in place. */
static int
mix_in_entropy(struct secret *factor, const struct bip38_owner *owner)
{
	int rc = secret_append(factor, owner->entropy, BIP38_ENTROPY_LEN);

	if (rc == 0)
		rc = hash_sha256d(
			secret_bytes(factor), secret_view(factor), secret_len(factor));
	if (rc == 0)
		rc = secret_set_len(factor, BIP38_KEY_LEN);
	return rc;
}

int
bip38_passfactor(struct secret **out, const struct secret *passphrase,
	const struct bip38_owner *owner)
{
	struct secret *normal = NULL;
	struct secret *factor = secret_new(BIP38_KEY_LEN + BIP38_ENTROPY_LEN);
	int rc = factor ? nfc_normalize(&normal, passphrase) : KE_NO_MEMORY;

	if (rc == 0)
		rc = derive_prefactor(factor, normal, owner);
	if (rc == 0 && owner->has_lot)
		rc = mix_in_entropy(factor, owner);
	if (rc == 0 && !curve_scalar_is_valid(secret_view(factor)))
		rc = KE_BAD_SCALAR;
	scrub_stack();
	secret_free(normal);
	if (rc != 0) {
		secret_free(factor);
		factor = NULL;
	}
	*out = factor;
	return rc;
}
