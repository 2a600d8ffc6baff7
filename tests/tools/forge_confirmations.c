/* SPDX-License-Identifier: MIT */
/*
 * A dishonest minting host, for the demo and the tests: takes the confirmations that
 * it should send, gives one wallet's to another, and signs that properly.
 *
 *	forge_confirmations KEYS ETCHKEYS FILE SERIAL OTHER OUT
 *	forge_confirmations KEYS ETCHKEYS FILE SERIAL OTHER OUT CODES
 *
 * KEYS: the minting host's key folder; ETCHKEYS: the etching host's (the forger needs
 * to know what is in the rows that are to be swapped; a real one minted them).  With the
 * file of CODES nothing is swapped: SERIAL is minted anew, from the code of OTHER.
 */
#include "config.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>
#include "daemon/keystore.h"
#include "daemon/store.h"
#include "proto/address.h"
#include "proto/base64.h"
#include "proto/batch_row.h"
#include "proto/bip38_mint.h"
#include "proto/cms_sign.h"
#include "proto/rng.h"

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

/* A signed file, and the key that opens its rows. */
struct sealed {
	struct cms_signed told;
	struct batch_file *file;
	const struct certificate *to;
	const struct private_key *to_key;
	unsigned char *bytes;
};

struct forger {
	const struct certificate *site;
	const struct private_key *site_key;
	struct sealed confirmations;
	/* Without a file: nothing is minted anew. */
	struct sealed codes;
};

static void
read_file(struct sealed *s, const struct keystore *reader, const char *path)
{
	struct issue_list issues = ISSUE_LIST_EMPTY;
	const struct certificate *const *trusted;
	size_t count, len;

	check(store_read(&s->bytes, &len, AT_FDCWD, path), path);
	trusted = keystore_sites(reader, &count);
	check(cms_verify(&s->told, s->bytes, len, trusted, count), path);
	check(batch_parse(&s->file, &issues, s->told.content, s->told.len), path);
}

static const struct batch_row *
row_of(const struct sealed *s, const char *serial)
{
	for (uint32_t i = 0; i < s->file->header.count; i++)
		if (strcmp(s->file->rows[i].serial, serial) == 0)
			return &s->file->rows[i];
	give_up(KE_NOT_FOUND, serial);
}

static struct secret *
open_row(const struct sealed *s, const char *serial)
{
	const struct batch_row *row = row_of(s, serial);
	struct secret *plain = secret_new(BATCH_ROW_MAX);
	unsigned char der[CMS_SEALED_MAX];
	size_t len;

	check(base64_decode(
		      der, sizeof der, &len, s->told.content + row->offset, row->length),
		"base64");
	check(cms_open(plain, der, len, s->to, s->to_key), "open");
	return plain;
}

static void
open_confirmation(
	struct batch_confirmation *out, const struct sealed *s, const char *serial)
{
	struct secret *plain = open_row(s, serial);

	check(batch_confirmation_parse(out, plain, s->file->header.batch, serial),
		"parse");
	secret_free(plain);
}

static int
fill(void *state, unsigned char *out, size_t len)
{
	(void)state;
	return getrandom(out, len, 0) == (ssize_t)len ? 0 : KE_RANDOM;
}

/* One more wallet from the code of a serial, with the same coins. */
static void
mint_sibling(
	struct batch_confirmation *out, const struct sealed *codes, const char *serial)
{
	struct rng rng = {.fill = fill};
	struct secret *plain = open_row(codes, serial);
	struct batch_code code;
	struct bip38_intermediate intermediate;
	struct bip38_minted minted;

	check(batch_code_parse(&code, plain, codes->file->header.batch, serial), "code");
	check(bip38_intermediate_decode(
		      &intermediate, code.intermediate, strlen(code.intermediate)),
		"intermediate");
	check(bip38_mint(&minted, &intermediate, &rng, true), "mint");
	memcpy(out->code, minted.confirmation, sizeof out->code);
	memcpy(out->pubkey, minted.pubkey, sizeof out->pubkey);
	for (size_t i = 0; i < out->count; i++)
		check(address_encode(out->addresses[i].address,
			      sizeof out->addresses[i].address, out->addresses[i].coin,
			      out->pubkey),
			out->addresses[i].coin);
	bip38_minted_wipe(&minted);
	secret_free(plain);
}

/* A row under its serial that says what another one's says. */
static void
add_row(struct batch_rows *rows, const struct forger *f, const char *serial,
	const char *says)
{
	const struct sealed *s = &f->confirmations;
	struct batch_confirmation confirmation;
	struct secret *plain = secret_new(BATCH_ROW_MAX);
	unsigned char *der;
	size_t len;

	open_confirmation(&confirmation, s, says);
	if (f->codes.file && strcmp(serial, says) != 0)
		mint_sibling(&confirmation, &f->codes, says);
	check(batch_confirmation_format(
		      plain, s->file->header.batch, serial, &confirmation),
		"format");
	check(cms_seal(&der, &len, plain, s->to), "seal");
	check(batch_rows_add(rows, serial, der, len), "add");
	free(der);
	secret_free(plain);
}

/* Whose row a serial gets: with codes one is minted anew, and the other stays. */
static const char *
says_of(const struct forger *f, const char *serial, const char *one, const char *other)
{
	if (strcmp(serial, one) == 0)
		return other;
	return strcmp(serial, other) == 0 && !f->codes.file ? one : serial;
}

static void
forge(const struct forger *f, const char *one, const char *other, const char *out)
{
	const struct batch_file *file = f->confirmations.file;
	struct batch_rows rows;
	struct batch_file *built;
	unsigned char *der;
	char *content;
	size_t len, der_len;
	int fd;

	batch_rows_init(&rows);
	for (uint32_t i = 0; i < file->header.count; i++) {
		const char *serial = file->rows[i].serial;

		add_row(&rows, f, serial, says_of(f, serial, one, other));
	}
	check(batch_build(&content, &len, &built, &file->header, &rows), "build");
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
	struct forger f = {0};
	struct keystore *mint, *etch;
	char bad[256];

	if (argc != 7 && argc != 8)
		return 2;
	check(secret_heap_init(1 << 16), "heap");
	check(keystore_open(&mint, argv[1], "cn-mint", USE_TEST, bad, sizeof bad), bad);
	check(keystore_open(&etch, argv[2], "us-etch", USE_TEST, bad, sizeof bad), bad);
	check(keystore_own(&f.site, &f.site_key, mint, CERTIFICATE_SITE, ""), "site");
	check(keystore_own(&f.confirmations.to, &f.confirmations.to_key, etch,
		      CERTIFICATE_CONFIRMATIONS, ""),
		"key");
	check(keystore_own(&f.codes.to, &f.codes.to_key, mint, CERTIFICATE_CODES, ""),
		"codes key");
	read_file(&f.confirmations, mint, argv[3]);
	if (argc == 8)
		read_file(&f.codes, mint, argv[7]);
	forge(&f, argv[4], argv[5], argv[6]);
	batch_file_free(f.confirmations.file);
	batch_file_free(f.codes.file);
	free(f.confirmations.bytes);
	free(f.codes.bytes);
	keystore_close(mint);
	keystore_close(etch);
	secret_heap_done();
	return 0;
}
