/* SPDX-License-Identifier: MIT */
/*
 * A dishonest minting host, for the demo and the tests: takes the confirmations that
 * it should send, gives one wallet's to another, and signs that properly.
 *
 *	forge_confirmations KEYS ETCHKEYS FILE SERIAL OTHER OUT
 *
 * KEYS: the minting host's key folder; ETCHKEYS: the etching host's (the forger needs
 * to know what is in the rows that are to be swapped; a real one minted them).
 */
#include "config.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "daemon/keystore.h"
#include "daemon/store.h"
#include "proto/base64.h"
#include "proto/batch_row.h"
#include "proto/cms_sign.h"

static _Noreturn void
give_up(int error, const char *what)
{
	fprintf(stderr, "forge_confirmations: %s: %s\n", what, error_name(error));
	exit(1);
}

static void
check(int error, const char *what)
{
	if (error)
		give_up(error, what);
}

struct forger {
	const struct certificate *site, *to;
	const struct private_key *site_key, *to_key;
	const struct batch_file *file;
	const char *content;
};

static const struct batch_row *
row_of(const struct forger *f, const char *serial)
{
	for (uint32_t i = 0; i < f->file->header.count; i++)
		if (strcmp(f->file->rows[i].serial, serial) == 0)
			return &f->file->rows[i];
	give_up(KE_NOT_FOUND, serial);
}

static void
open_row(struct batch_confirmation *out, const struct forger *f, const char *serial)
{
	const struct batch_row *row = row_of(f, serial);
	struct secret *plain = secret_new(BATCH_ROW_MAX);
	unsigned char der[CMS_SEALED_MAX];
	size_t len;

	check(base64_decode(der, sizeof der, &len, f->content + row->offset, row->length),
		"base64");
	check(cms_open(plain, der, len, f->to, f->to_key), "open");
	check(batch_confirmation_parse(out, plain, f->file->header.batch, serial), "parse");
	secret_free(plain);
}

/* A row under its serial that says what another one's says. */
static void
add_row(struct batch_rows *rows, const struct forger *f, const char *serial,
	const char *says)
{
	struct batch_confirmation confirmation;
	struct secret *plain = secret_new(BATCH_ROW_MAX);
	unsigned char *der;
	size_t len;

	open_row(&confirmation, f, says);
	check(batch_confirmation_format(
		      plain, f->file->header.batch, serial, &confirmation),
		"format");
	check(cms_seal(&der, &len, plain, f->to), "seal");
	check(batch_rows_add(rows, serial, der, len), "add");
	free(der);
	secret_free(plain);
}

static void
forge(const struct forger *f, const char *one, const char *other, const char *out)
{
	struct batch_rows rows;
	struct batch_file *built;
	unsigned char *der;
	char *content;
	size_t len, der_len;
	int fd;

	batch_rows_init(&rows);
	for (uint32_t i = 0; i < f->file->header.count; i++) {
		const char *serial = f->file->rows[i].serial;

		add_row(&rows, f, serial,
			strcmp(serial, one) == 0	? other
				: strcmp(serial, other) == 0 ? one
							     : serial);
	}
	check(batch_build(&content, &len, &built, &f->file->header, &rows), "build");
	check(cms_sign(&der, &der_len, content, len, f->site, f->site_key, 1800000000),
		"sign");
	fd = open(out, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	if (fd < 0 || write(fd, der, der_len) != (ssize_t)der_len || close(fd) != 0)
		check(KE_IO, out);
	batch_file_free(built);
	batch_rows_free(&rows);
	free(content);
	free(der);
}

int
main(int argc, char **argv)
{
	struct forger f = { 0 };
	struct keystore *mint, *etch;
	struct issue_list issues = ISSUE_LIST_EMPTY;
	struct cms_signed told;
	struct batch_file *file;
	unsigned char *bytes;
	char bad[256];
	size_t len;

	if (argc != 7)
		return 2;
	check(secret_heap_init(1 << 16), "heap");
	check(keystore_open(&mint, argv[1], "cn-mint", USE_TEST, bad, sizeof bad), bad);
	check(keystore_open(&etch, argv[2], "us-etch", USE_TEST, bad, sizeof bad), bad);
	check(keystore_own(&f.site, &f.site_key, mint, CERTIFICATE_SITE, ""), "site");
	check(keystore_own(&f.to, &f.to_key, etch, CERTIFICATE_CONFIRMATIONS, ""), "key");
	check(store_read(&bytes, &len, AT_FDCWD, argv[3]), argv[3]);
	check(cms_verify(&told, bytes, len, &f.site, 1), "signature");
	check(batch_parse(&file, &issues, told.content, told.len), "content");
	f.file = file;
	f.content = told.content;
	forge(&f, argv[4], argv[5], argv[6]);
	batch_file_free(file);
	free(bytes);
	keystore_close(mint);
	keystore_close(etch);
	secret_heap_done();
	return 0;
}
