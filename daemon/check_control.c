/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "daemon/check_control.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "daemon/check.h"
#include "proto/base64.h"
#include "proto/certificate.h"
#include "proto/cms_seal.h"
#include "proto/private_key.h"
#include "proto/secret.h"
#include "proto/verified.h"

static const char batch[] = "CONTROL", serial[] = "CONTROL1";

/* tests/vectors/bip38.json, "Ballet production-format passphrase".  No wallet's secret. */
static const char passphrase[] = "0511-FRXU-01MJ-QCAY-MEZ8";
static const char intermediate[] =
	"passphraseYowuV9s8grfsZhEbsodQuYQHptDBdJwd14Y43WgcCYj2SQo6Q527xCQqjbDDBw";
static const struct batch_confirmation confirmation = {
	.code = "cfrm38VXJ22tKoLqTmChreQrd2MEY5Z6qRwGbkxTFnKbHm2ex73kBbm8Ssh6TQoFTKVzL6dNoCS",
	.pubkey = { 0x02, 0x7c, 0x2c, 0x66, 0x98, 0x6d, 0x3f, 0x87, 0x85, 0x21, 0x68, 0x5e,
		0xa7, 0x8a, 0x31, 0x0e, 0xcf, 0x65, 0x4a, 0x39, 0x98, 0xd1, 0x04, 0xe2, 0x84,
		0x94, 0x9e, 0x7a, 0xd6, 0xb9, 0x59, 0xa7, 0x31 },
	.addresses = { { "BTC", "1MwWPJpapWfMyCJuEsp24Aut3M2Yda8xBR" } },
	.count = 1,
};

struct check_control {
	struct private_key *site_key;
	struct private_key *key;
	struct certificate *site;
	struct certificate *certificate;
	/* Its rows are borrowed by every run. */
	struct check check;
};

static int
make_keys(struct check_control *control, long long now)
{
	const struct certificate_subject site = { USE_TEST, CERTIFICATE_SITE, "control",
		"" };
	struct certificate_subject rows = { USE_TEST, CERTIFICATE_PASSPHRASES, "control",
		"" };
	int error = private_key_generate(&control->site_key);

	(void)snprintf(rows.batch, sizeof rows.batch, "%s", batch);
	if (error == 0)
		error = private_key_generate(&control->key);
	if (error == 0)
		error = certificate_make(
			&control->site, &site, control->site_key, NULL, NULL, now);
	if (error == 0)
		error = certificate_make(&control->certificate, &rows, control->key,
			control->site, control->site_key, now);
	return error;
}

static int
seal(struct row *row, const struct check_control *control, enum batch_kind kind,
	const struct secret *plain)
{
	unsigned char *der = NULL;
	size_t len = 0;
	int error = cms_seal(&der, &len, plain, control->certificate);

	row->kind = kind;
	(void)snprintf(row->batch, sizeof row->batch, "%s", batch);
	(void)snprintf(row->serial, sizeof row->serial, "%s", serial);
	row->certificate = control->certificate;
	row->key = control->key;
	if (error == 0) {
		row->sealed = malloc(BASE64_LEN(len));
		error = row->sealed ? 0 : KE_NO_MEMORY;
	}
	if (error == 0) {
		base64_encode(row->sealed, der, len);
		row->len = BASE64_LEN(len);
	}
	free(der);
	return error;
}

static int
seal_passphrase(struct check_control *control)
{
	struct batch_passphrase content = { .passphrase = secret_new(sizeof passphrase) };
	struct secret *plain = secret_new(BATCH_ROW_MAX);
	int error = content.passphrase && plain ? 0 : KE_NO_LOCKED_MEMORY;

	memcpy(content.intermediate, intermediate, sizeof intermediate);
	if (error == 0)
		error = secret_append(
			content.passphrase, passphrase, sizeof passphrase - 1);
	if (error == 0)
		error = batch_passphrase_format(plain, batch, serial, &content);
	if (error == 0)
		error = seal(&control->check.passphrase, control, BATCH_PASSPHRASES, plain);
	secret_free(plain);
	batch_passphrase_clear(&content);
	return error;
}

static int
seal_confirmation(struct check_control *control)
{
	struct secret *plain = secret_new(BATCH_ROW_MAX);
	int error = plain ? batch_confirmation_format(plain, batch, serial, &confirmation)
			  : KE_NO_LOCKED_MEMORY;

	if (error == 0)
		error = seal(&control->check.confirmation, control, BATCH_CONFIRMATIONS,
			plain);
	secret_free(plain);
	return error;
}

int
check_control_new(struct check_control **out, long long now)
{
	struct check_control *control = calloc(1, sizeof *control);
	int error = control ? make_keys(control, now) : KE_NO_MEMORY;

	if (error == 0)
		error = seal_passphrase(control);
	if (error == 0)
		error = seal_confirmation(control);
	if (error == 0) {
		(void)snprintf(control->check.serial, sizeof control->check.serial, "%s",
			serial);
		error = check_control_run(control);
	}
	if (error == 0)
		*out = control;
	else
		check_control_free(control);
	return error;
}

void
check_control_free(struct check_control *control)
{
	if (!control)
		return;
	check_clear(&control->check);
	certificate_free(control->certificate);
	certificate_free(control->site);
	private_key_free(control->key);
	private_key_free(control->site_key);
	free(control);
}

int
check_control_run(const struct check_control *control)
{
	struct check check = control->check;
	int error = check_run(&check);

	/* The rows are the control's. */
	verified_free(&check.token);
	return check_condemns(error) ? KE_CRYPTO : error;
}
