/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "daemon/check.h"

#include <stdio.h>
#include <string.h>
#include <openssl/crypto.h>
#include "daemon/check_control.h"
#include "daemon/host.h"
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
	out->control = host->control;
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

/* What the rows of a wallet hold, and what is claimed by it. */
struct opened {
	struct batch_passphrase passphrase;
	struct batch_confirmation confirmation;
	struct verified_address addresses[BATCH_COINS_MAX];
};

static int
open_rows(struct opened *out, struct check *check)
{
	int error = open_confirmation(&out->confirmation, check);

	return error == 0 ? open_passphrase(&out->passphrase, check) : error;
}

static struct verified_claim
claim_of(struct opened *opened, const struct check *check)
{
	const struct batch_confirmation *confirmation = &opened->confirmation;

	for (size_t i = 0; i < confirmation->count; i++)
		opened->addresses[i] =
			(struct verified_address){ confirmation->addresses[i].coin,
				confirmation->addresses[i].address };
	return (struct verified_claim){ .serial = check->serial,
		.passphrase = opened->passphrase.passphrase,
		.intermediate = opened->passphrase.intermediate,
		.confirmation = confirmation->code,
		.pubkey = confirmation->pubkey,
		.addresses = opened->addresses,
		.address_count = confirmation->count };
}

static void
run_once(struct check *checks, size_t count)
{
	struct opened opened[CHECK_AT_ONCE] = { 0 };
	struct verified_claim claims[CHECK_AT_ONCE] = { { 0 } };
	struct verified_result results[CHECK_AT_ONCE];
	struct check *of[CHECK_AT_ONCE];
	size_t worth = 0;

	for (size_t i = 0; i < count; i++) {
		checks[i].error = open_rows(&opened[i], &checks[i]);
		if (checks[i].error)
			continue;
		claims[worth] = claim_of(&opened[i], &checks[i]);
		of[worth++] = &checks[i];
	}
	verified_new_many(results, claims, worth);
	for (size_t i = 0; i < worth; i++) {
		of[i]->token = results[i].token;
		of[i]->error = results[i].error;
		if (of[i]->error == 0)
			(void)snprintf(of[i]->address, sizeof of[i]->address, "%s",
				verified_sticker_address(of[i]->token));
	}
	for (size_t i = 0; i < count; i++)
		batch_passphrase_clear(&opened[i].passphrase);
}

/* A wallet is condemned for good: what a moment without memory made is not enough, nor
 * what a library says that has come to harm and finds every wallet wrong. */
static void
confirm_verdict(struct check *check)
{
	int error;

	if (!check_condemns(check->error))
		return;
	run_once(check, 1);
	if (!check_condemns(check->error) || !check->control)
		return;
	error = check_control_run(check->control);
	if (error)
		check->error = error;
}

void
check_run_many(struct check *checks, size_t count)
{
	run_once(checks, count);
	for (size_t i = 0; i < count; i++)
		confirm_verdict(&checks[i]);
}

int
check_run(struct check *check)
{
	check_run_many(check, 1);
	return check->error;
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
