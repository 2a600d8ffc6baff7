/* SPDX-License-Identifier: MIT */
/* decrypt and confirm: the commands that are given both factors. */
#include "config.h"
#include "qa/qa.h"
#include "qa/input.h"
#include "qa/report.h"
#include "proto/address.h"
#include "proto/bip38_key.h"
#include "proto/bip38_owner.h"
#include "proto/scrub.h"
#include "proto/secret_bytes.h"
#include "proto/wif.h"

#include <openssl/crypto.h>
#include <string.h>

/* A code and a passphrase from stdin, and that nothing comes after them. */
static int
read_factors(struct secret **code, struct secret **passphrase, const char *prompt)
{
	int error = input_code(code, prompt);

	*passphrase = NULL;
	if (error == 0)
		error = input_line(passphrase, "passphrase: ");
	if (error == 0)
		error = input_end();
	return error;
}

/* The further addresses that were asked for. */
static int
report_coins(struct qa_report *r, const struct qa_options *options,
	const unsigned char *pubkey, bool compressed)
{
	char address[ADDRESS_SIZE];

	if (options->coin_count == 0)
		return 0;
	if (!compressed)
		return KE_NOT_COMPRESSED;
	qa_report_open(r, "addresses");
	for (size_t i = 0; i < options->coin_count; i++) {
		int error = address_encode(
			address, sizeof address, options->coins[i], pubkey);

		if (error)
			return error;
		qa_report_text(r, options->coins[i], address);
	}
	qa_report_close(r);
	return 0;
}

static void
report_owner(struct qa_report *r, const struct bip38_owner *owner)
{
	if (!owner->has_lot)
		return;
	qa_report_number(r, "lot", bip38_lot(owner));
	qa_report_number(r, "sequence", bip38_sequence(owner));
}

static int
report_key(struct qa_report *r, const struct bip38_opened *opened)
{
	struct secret *wif = NULL;
	int error = wif_encode(&wif, opened->key, opened->compressed, WIF_BITCOIN);

	if (error == 0)
		qa_report_secret(r, "key", wif);
	secret_free(wif);
	return error;
}

/* A wrong passphrase is an answer as well. */
static enum qa_exit
report_failure(const struct qa_options *options, int error)
{
	struct qa_report r;

	if (error == KE_WRONG_PASSPHRASE && options->json) {
		qa_report_begin(&r, options->command, true);
		qa_report_flag(&r, "right", false);
		if (qa_report_end(&r) != 0)
			return QA_FAILED;
	}
	return qa_complain(options->command, error);
}

static int
report_opened(const struct qa_options *options, const struct bip38_opened *opened,
	const struct bip38_epk *epk)
{
	struct qa_report r;
	int error, written;

	qa_report_begin(&r, options->command, options->json);
	if (options->json)
		qa_report_flag(&r, "right", true);
	qa_report_text(&r, "address", opened->address);
	if (epk->ec)
		report_owner(&r, &epk->owner);
	error = report_coins(&r, options, opened->pubkey, opened->compressed);
	if (error == 0 && options->show_key)
		error = report_key(&r, opened);
	if (error)
		r.error = error;
	written = qa_report_end(&r);
	return error ? error : written;
}

enum qa_exit
qa_decrypt(const struct qa_options *options)
{
	struct secret *code = NULL, *passphrase = NULL;
	struct bip38_opened opened = {0};
	struct bip38_epk epk;
	int error = read_factors(&code, &passphrase, "encrypted private key: ");

	if (error == 0)
		error = bip38_epk_decode_secret(&epk, code);
	if (error == 0)
		error = bip38_decrypt(&opened, &epk, passphrase);
	if (error == 0)
		error = report_opened(options, &opened, &epk);
	bip38_opened_wipe(&opened);
	OPENSSL_cleanse(&epk, sizeof epk);
	secret_free(code);
	secret_free(passphrase);
	scrub_stack();
	return error ? report_failure(options, error) : QA_RIGHT;
}

static int
report_confirmed(const struct qa_options *options,
	const struct bip38_confirmed *confirmed, const struct bip38_confirmation *code)
{
	struct qa_report r;
	int error, written;

	qa_report_begin(&r, options->command, options->json);
	if (options->json)
		qa_report_flag(&r, "right", true);
	qa_report_text(&r, "address", confirmed->address);
	report_owner(&r, &code->owner);
	error = report_coins(&r, options, confirmed->pubkey, code->compressed);
	if (error)
		r.error = error;
	written = qa_report_end(&r);
	return error ? error : written;
}

enum qa_exit
qa_confirm(const struct qa_options *options)
{
	struct secret *text = NULL, *passphrase = NULL;
	struct bip38_confirmation code;
	struct bip38_confirmed confirmed;
	int error = read_factors(&text, &passphrase, "confirmation code: ");

	if (error == 0)
		error = bip38_confirmation_decode(
			&code, (const char *)secret_view(text), secret_len(text));
	if (error == 0)
		error = bip38_confirm(&confirmed, &code, passphrase);
	if (error == 0)
		error = report_confirmed(options, &confirmed, &code);
	secret_free(text);
	secret_free(passphrase);
	scrub_stack();
	return error ? report_failure(options, error) : QA_RIGHT;
}
