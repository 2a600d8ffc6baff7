/* SPDX-License-Identifier: MIT */
/* inspect: what a code tells without any passphrase. */
#include "config.h"
#include "qa/qa.h"
#include "qa/input.h"
#include "qa/report.h"
#include "proto/bip38.h"
#include "proto/secret_bytes.h"

#include <openssl/crypto.h>
#include <string.h>

/* What the three kinds have in common. */
struct findings {
	const char *kind;
	unsigned char flags;
	bool ec;
	bool compressed_known;
	bool compressed;
	const struct bip38_owner *owner;
	const unsigned char *addresshash;
};

static int
report(const struct qa_options *options, const struct findings *f)
{
	struct qa_report r;

	qa_report_begin(&r, options->command, options->json);
	qa_report_text(&r, "kind", f->kind);
	if (f->compressed_known) {
		qa_report_hex(&r, "flags", &f->flags, 1);
		qa_report_flag(&r, "ec-multiplied", f->ec);
		qa_report_flag(&r, "compressed", f->compressed);
	}
	if (f->owner && f->owner->has_lot) {
		qa_report_number(&r, "lot", bip38_lot(f->owner));
		qa_report_number(&r, "sequence", bip38_sequence(f->owner));
	}
	if (f->addresshash)
		qa_report_hex(&r, "addresshash", f->addresshash, BIP38_HASH_LEN);
	return qa_report_end(&r);
}

static unsigned char
flags_of(bool ec, bool compressed, const struct bip38_owner *owner)
{
	unsigned flags = 0;

	if (!ec)
		flags |= BIP38_FLAG_NOT_EC;
	if (compressed)
		flags |= BIP38_FLAG_COMPRESSED;
	if (ec && owner->has_lot)
		flags |= BIP38_FLAG_LOT;
	return (unsigned char)flags;
}

static int
inspect_epk(const struct qa_options *options, const char *text, size_t len)
{
	struct findings f = {.kind = "encrypted private key", .compressed_known = true};
	struct bip38_epk epk;
	int error = bip38_epk_decode(&epk, text, len);

	if (error == 0) {
		f.ec = epk.ec;
		f.compressed = epk.compressed;
		f.owner = epk.ec ? &epk.owner : NULL;
		f.addresshash = epk.addresshash;
		f.flags = flags_of(epk.ec, epk.compressed, &epk.owner);
		error = report(options, &f);
	}
	OPENSSL_cleanse(&epk, sizeof epk);
	return error;
}

static int
inspect_intermediate(const struct qa_options *options, const char *text, size_t len)
{
	struct bip38_intermediate code;
	int error = bip38_intermediate_decode(&code, text, len);
	struct findings f = {.kind = "intermediate code", .owner = &code.owner};

	return error ? error : report(options, &f);
}

static int
inspect_confirmation(const struct qa_options *options, const char *text, size_t len)
{
	struct findings f = {
		.kind = "confirmation code", .ec = true, .compressed_known = true};
	struct bip38_confirmation code;
	int error = bip38_confirmation_decode(&code, text, len);

	if (error)
		return error;
	f.compressed = code.compressed;
	f.owner = &code.owner;
	f.addresshash = code.addresshash;
	f.flags = flags_of(true, code.compressed, &code.owner);
	return report(options, &f);
}

/* A code is told by how it begins; its decoder then tells what is wrong with it. */
static const struct kind {
	const char *begins;
	int (*inspect)(const struct qa_options *options, const char *text, size_t len);
} kinds[] = {
	{"6P", inspect_epk},
	{"passphrase", inspect_intermediate},
	{"cfrm38", inspect_confirmation},
};

static int
inspect(const struct qa_options *options, const char *text, size_t len)
{
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		size_t n = strlen(kinds[i].begins);

		if (len >= n && memcmp(text, kinds[i].begins, n) == 0)
			return kinds[i].inspect(options, text, len);
	}
	return KE_BAD_MAGIC;
}

/* From argv, where other users can see it: at least no longer than needed. */
static int
take_argument(struct secret **out, char *argument)
{
	size_t len = strlen(argument);

	*out = secret_new(len);
	if (!*out)
		return KE_NO_MEMORY;
	memcpy(secret_bytes(*out), argument, len);
	OPENSSL_cleanse(argument, len);
	return secret_set_len(*out, len);
}

enum qa_exit
qa_inspect(const struct qa_options *options)
{
	struct secret *code = NULL;
	int error = strcmp(options->code, "-") == 0 ? input_code(&code, "code: ")
						    : take_argument(&code, options->code);

	if (error == 0)
		error = inspect(
			options, (const char *)secret_view(code), secret_len(code));
	secret_free(code);
	return error ? qa_complain(options->command, error) : QA_RIGHT;
}
