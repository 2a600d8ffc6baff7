/* SPDX-License-Identifier: MIT */
#include "proto/bip38_inner.h"
#include "proto/curve.h"
#include "proto/hash.h"
#include "proto/nfc.h"
#include "proto/scrub.h"
#include "proto/scrypt.h"
#include "proto/secret_bytes.h"

/* A passphrase as scrypt takes it, and room for what becomes of it. */
static int
prepare(struct secret **normal, struct bip38_factor *wallet)
{
	wallet->factor = secret_new(BIP38_KEY_LEN + BIP38_ENTROPY_LEN);
	*normal = NULL;
	return wallet->factor ? nfc_normalize(normal, wallet->passphrase) : KE_NO_MEMORY;
}

/* prefactor = scrypt(passphrase, ownersalt): the salt alone, without lot and sequence. */
static struct scrypt_job
job_of(const struct bip38_factor *wallet, const struct secret *normal)
{
	return (struct scrypt_job){
		.out = secret_bytes(wallet->factor),
		.out_len = BIP38_KEY_LEN,
		.pass = secret_view(normal),
		.pass_len = secret_len(normal),
		.salt = wallet->owner->entropy,
		.salt_len =
			wallet->owner->has_lot ? BIP38_SALT_WITH_LOT_LEN : BIP38_SALT_LEN,
	};
}

/* The heavy scrypt of all that could be prepared. */
static void
derive_prefactors(
	struct bip38_factor *wallets, struct secret *const *normals, size_t count)
{
	struct scrypt_job jobs[BIP38_MANY_MAX];
	size_t job_count = 0;
	int rc = 0;

	for (size_t i = 0; i < count; i++)
		if (wallets[i].error == 0)
			jobs[job_count++] = job_of(&wallets[i], normals[i]);
	if (job_count == 1)
		rc = scrypt_derive(jobs[0].out, jobs[0].out_len, jobs[0].pass,
			jobs[0].pass_len, jobs[0].salt, jobs[0].salt_len, BIP38_N,
			BIP38_R, BIP38_P);
	else if (job_count > 1)
		rc = scrypt_derive_many(jobs, job_count, BIP38_N, BIP38_R, BIP38_P);
	for (size_t i = 0; i < count; i++)
		if (wallets[i].error == 0)
			wallets[i].error = rc;
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

static int
finish(struct bip38_factor *wallet)
{
	int rc = secret_set_len(wallet->factor, BIP38_KEY_LEN);

	if (rc == 0 && wallet->owner->has_lot)
		rc = mix_in_entropy(wallet->factor, wallet->owner);
	if (rc == 0 && !curve_scalar_is_valid(secret_view(wallet->factor)))
		rc = KE_BAD_SCALAR;
	return rc;
}

void
bip38_passfactor_many(struct bip38_factor *wallets, size_t count)
{
	struct secret *normals[BIP38_MANY_MAX];

	for (size_t i = 0; i < count; i++)
		wallets[i].error = prepare(&normals[i], &wallets[i]);
	derive_prefactors(wallets, normals, count);
	for (size_t i = 0; i < count; i++)
		if (wallets[i].error == 0)
			wallets[i].error = finish(&wallets[i]);
	scrub_stack();
	for (size_t i = 0; i < count; i++) {
		secret_free(normals[i]);
		if (wallets[i].error != 0) {
			secret_free(wallets[i].factor);
			wallets[i].factor = NULL;
		}
	}
}

int
bip38_passfactor(struct secret **out, const struct secret *passphrase,
	const struct bip38_owner *owner)
{
	struct bip38_factor wallet = {.passphrase = passphrase, .owner = owner};

	bip38_passfactor_many(&wallet, 1);
	*out = wallet.factor;
	return wallet.error;
}
