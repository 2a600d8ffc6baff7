/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "proto/cms_check.h"

#include <stdlib.h>
#include <string.h>
#include "proto/cms_seal.h"
#include "proto/cms_sign.h"

/* 2026-01-01: the certificates of the check are nobody's. */
static const int64_t now = INT64_C(1767225600);
static const char text[] = "keyline self-check";
enum { TEXT_LEN = sizeof text - 1 };

struct pair {
	struct private_key *key;
	struct certificate *certificate;
};

static int
pair_make(struct pair *pair, enum certificate_kind kind, const struct pair *site)
{
	struct certificate_subject subject = {
		.use = USE_TEST, .kind = kind, .host = "self-check"};
	int error = private_key_generate(&pair->key);

	if (error == 0)
		error = certificate_make(&pair->certificate, &subject, pair->key,
			site ? site->certificate : NULL, site ? site->key : NULL, now);
	return error;
}

static void
pair_free(struct pair *pair)
{
	certificate_free(pair->certificate);
	private_key_free(pair->key);
}

static int
check_file(const struct pair *site)
{
	const struct certificate *trusted[] = {site->certificate};
	struct cms_signed file;
	unsigned char *der = NULL;
	size_t len;
	int error =
		cms_sign(&der, &len, text, TEXT_LEN, site->certificate, site->key, now);

	if (error == 0)
		error = cms_verify(&file, der, len, trusted, 1);
	if (error == 0 &&
		(file.len != TEXT_LEN || memcmp(file.content, text, TEXT_LEN) != 0))
		error = KE_CRYPTO;
	free(der);
	return error;
}

static int
check_row(const struct pair *codes)
{
	struct secret *plain = secret_new(TEXT_LEN), *opened = secret_new(TEXT_LEN);
	unsigned char *der = NULL;
	size_t len;
	int error = plain && opened ? secret_set(plain, text, TEXT_LEN) : KE_NO_MEMORY;

	if (error == 0)
		error = cms_seal(&der, &len, plain, codes->certificate);
	if (error == 0)
		error = cms_open(opened, der, len, codes->certificate, codes->key);
	if (error == 0 && !secret_equal(plain, opened))
		error = KE_CRYPTO;
	free(der);
	secret_free(opened);
	secret_free(plain);
	return error;
}

int
cms_self_check(void)
{
	struct pair site = {NULL, NULL}, codes = {NULL, NULL};
	int error = pair_make(&site, CERTIFICATE_SITE, NULL);

	if (error == 0)
		error = pair_make(&codes, CERTIFICATE_CODES, &site);
	if (error == 0)
		error = check_file(&site);
	if (error == 0)
		error = check_row(&codes);
	pair_free(&codes);
	pair_free(&site);
	return error;
}
