/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "daemon/check.h"

#include <stdio.h>
#include <string.h>
#include <openssl/crypto.h>
#include "proto/batch_row.h"
#include "proto/hash.h"
#include "proto/secret.h"
#include "proto/verified.h"

int
check_fetch(struct check *out, struct host *host, const char *serial)
{
	int error;

	memset(out, 0, sizeof *out);
	(void)snprintf(out->serial, sizeof out->serial, "%s", serial);
	error = row_fetch(&out->passphrase, host, serial, BATCH_PASSPHRASES);
	if (error == 0)
		error = row_fetch(&out->confirmation, host, serial, BATCH_CONFIRMATIONS);
	if (error)
		check_clear(out);
	return error;
}

/* Opens a confirmation; what is in it is no secret. */
static int
open_confirmation(struct batch_confirmation *out, struct check *check)
{
	struct secret *plain = NULL;
	int error = row_open(&plain, &check->confirmation);

	if (error == 0)
		error = batch_confirmation_parse(
			out, plain, check->confirmation.batch, check->serial);
	if (error == 0)
		error = hash_sha256(
			check->confirmation_digest, out->code, strlen(out->code));
	if (error == 0)
		error = hash_sha256(
			check->pubkey_digest, out->pubkey, sizeof out->pubkey);
	secret_free(plain);
	return error;
}

static int
open_passphrase(struct batch_passphrase *out, const struct check *check)
{
	struct secret *plain = NULL;
	int error = row_open(&plain, &check->passphrase);

	if (error == 0)
		error = batch_passphrase_parse(
			out, plain, check->passphrase.batch, check->serial);
	secret_free(plain);
	return error;
}

static int
verify(struct check *check, const struct batch_passphrase *passphrase,
	const struct batch_confirmation *confirmation)
{
	struct verified_address addresses[BATCH_COINS_MAX];
	struct verified_claim claim = { .serial = check->serial,
		.passphrase = passphrase->passphrase,
		.intermediate = passphrase->intermediate,
		.confirmation = confirmation->code,
		.pubkey = confirmation->pubkey,
		.addresses = addresses,
		.address_count = confirmation->count };
	int error;

	for (size_t i = 0; i < confirmation->count; i++)
		addresses[i] = (struct verified_address){ confirmation->addresses[i].coin,
			confirmation->addresses[i].address };
	error = verified_new(&check->token, &claim);
	if (error == 0)
		(void)snprintf(check->address, sizeof check->address, "%s",
			verified_sticker_address(check->token));
	return error;
}

static int
run_once(struct check *check)
{
	struct batch_passphrase passphrase = { 0 };
	struct batch_confirmation confirmation = { 0 };
	int error = open_confirmation(&confirmation, check);

	if (error == 0)
		error = open_passphrase(&passphrase, check);
	if (error == 0)
		error = verify(check, &passphrase, &confirmation);
	batch_passphrase_clear(&passphrase);
	return error;
}

/* A wallet is condemned for good: what a moment without memory made is not enough. */
int
check_run(struct check *check)
{
	int error = run_once(check);

	return check_condemns(error) ? run_once(check) : error;
}

void
check_clear(struct check *check)
{
	verified_free(&check->token);
	row_clear(&check->passphrase);
	row_clear(&check->confirmation);
}

bool
check_condemns(int error)
{
	switch (error) {
	case 0:
	case KE_NO_MEMORY:
	case KE_NO_LOCKED_MEMORY:
	case KE_CRYPTO:
	case KE_IO:
	case KE_NO_KEY:
	case KE_NOT_FOUND:
	case KE_READBACK:
	case KE_SECURE_DISK:
	case KE_LEDGER:
	case KE_BAD_STATE:
	case KE_HELD:
		return false;
	default:
		return true;
	}
}
