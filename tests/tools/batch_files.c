/* SPDX-License-Identifier: MIT */
/*
 * Makes keys and signed files of every kind for tests/system/openssl-cms, and tells
 * what our own code says of files that openssl made.
 *
 *	batch_files make DIR USE            keys, files, rows, their plain texts
 *	batch_files verify FILE SITE.crt..  cms_verify, batch_parse, batch_check
 *	batch_files open ROW KEY CRT        cms_open
 *
 * The plain text is a made-up one of this test: it may go to a file.
 */
#include "config.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "proto/base64.h"
#include "proto/batch.h"
#include "proto/batch_policy.h"
#include "proto/batch_row.h"
#include "proto/cms_sign.h"
#include "proto/secret_bytes.h"

enum { HEAP = 1 << 18, ROWS = 3, FILE_MAX = 1 << 20, NAME_MAX_LEN = 256 };

#define NOW INT64_C(1795339800)
#define BATCH "US-2026-118"
#define INTERMEDIATE \
	"passphraseqVKbgU4mWMakKGgCteeVWbqLsU3SFrKfmRwEVt36WTXCHJ4a6AN6mELb1Tr6iT"
#define CONFIRMATION \
	"cfrm38VUF9PjRxQojZERDySt9Q7Z9FSdhQkMP5RFsouS4y3Emf2YD2CXXMCypQvv94dJujaPTfq"
#define EPK "6PnQmAyBky9ZXJyZBv9QSGRUXkKh9HfnVsZWPn4YtcwoKy5vufUgfA3Ld7"

static void
must(int rc, const char *what)
{
	if (rc != 0) {
		fprintf(stderr, "%s: %s\n", what, error_name(rc));
		exit(1);
	}
}

static void
put(const char *dir, const char *name, const void *bytes, size_t len)
{
	char path[2 * NAME_MAX_LEN];
	int fd;

	snprintf(path, sizeof path, "%s/%s", dir, name);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	must(fd >= 0 && write(fd, bytes, len) == (ssize_t)len && close(fd) == 0 ? 0
										: KE_IO,
		path);
}

static unsigned char *
get(size_t *len, const char *path)
{
	unsigned char *bytes = malloc(FILE_MAX);
	int fd = open(path, O_RDONLY);
	ssize_t got = bytes && fd >= 0 ? read(fd, bytes, FILE_MAX) : -1;

	must(got >= 0 ? 0 : KE_IO, path);
	close(fd);
	*len = (size_t)got;
	return bytes;
}

struct pair {
	struct private_key *key;
	struct certificate *certificate;
};

static struct pair
make_pair(const char *dir, const char *host, enum certificate_kind kind,
	const char *batch, enum keyline_use use, const struct pair *site)
{
	struct certificate_subject subject = {.use = use, .kind = kind};
	struct secret *text = secret_new(PRIVATE_KEY_PEM_LEN);
	char name[NAME_MAX_LEN];
	struct pair pair;
	size_t len;
	char *pem;

	strcpy(subject.host, host);
	strcpy(subject.batch, batch);
	must(private_key_generate(&pair.key), "key");
	must(certificate_make(&pair.certificate, &subject, pair.key,
		     site ? site->certificate : NULL, site ? site->key : NULL, NOW),
		"certificate");
	must(certificate_pem(&pem, &len, pair.certificate), "pem");
	snprintf(name, sizeof name, "%s.%s.crt", host, certificate_kind_name(kind));
	put(dir, name, pem, len);
	free(pem);
	must(text ? private_key_pem(text, pair.key) : KE_NO_MEMORY, "pem");
	snprintf(name, sizeof name, "%s.%s.key", host, certificate_kind_name(kind));
	put(dir, name, secret_view(text), secret_len(text));
	secret_free(text);
	return pair;
}

static int
format_row(struct secret *plain, enum batch_kind kind, const char *serial)
{
	struct batch_code code = {INTERMEDIATE};
	struct batch_passphrase passphrase = {secret_new(PASSPHRASE_LEN), INTERMEDIATE};
	struct batch_sticker sticker = {secret_new(BIP38_EPK_LEN), "bc1qxyz"};
	struct batch_confirmation confirmation = {.code = CONFIRMATION, .count = 2};
	int rc;

	must(secret_set(passphrase.passphrase, "0123-4567-89AB-CDEF-GHIJ", 24), "secret");
	must(secret_set(sticker.epk, EPK, BIP38_EPK_LEN), "secret");
	memset(confirmation.pubkey, 2, sizeof confirmation.pubkey);
	strcpy(confirmation.addresses[0].coin, "BTC");
	strcpy(confirmation.addresses[0].address, "bc1qxyz");
	strcpy(confirmation.addresses[1].coin, "ETH");
	strcpy(confirmation.addresses[1].address, "0xAbC");
	if (kind == BATCH_CODES)
		rc = batch_code_format(plain, BATCH, serial, &code);
	else if (kind == BATCH_PASSPHRASES)
		rc = batch_passphrase_format(plain, BATCH, serial, &passphrase);
	else if (kind == BATCH_CONFIRMATIONS)
		rc = batch_confirmation_format(plain, BATCH, serial, &confirmation);
	else
		rc = batch_sticker_format(plain, BATCH, serial, &sticker);
	batch_passphrase_clear(&passphrase);
	batch_sticker_clear(&sticker);
	return rc;
}

static void
add_sealed(struct batch_rows *rows, const char *dir, enum batch_kind kind,
	const char *serial, const struct certificate *to)
{
	struct secret *plain = secret_new(BATCH_ROW_MAX);
	char name[NAME_MAX_LEN];
	unsigned char *der;
	size_t len;

	must(plain ? format_row(plain, kind, serial) : KE_NO_MEMORY, "row");
	must(cms_seal(&der, &len, plain, to), "seal");
	must(batch_rows_add(rows, serial, der, len), "add");
	snprintf(name, sizeof name, "%s.%s.der", batch_kind_name(kind), serial);
	put(dir, name, der, len);
	snprintf(name, sizeof name, "%s.%s.txt", batch_kind_name(kind), serial);
	put(dir, name, secret_view(plain), secret_len(plain));
	free(der);
	secret_free(plain);
}

static void
make_file(const char *dir, enum batch_kind kind, enum keyline_use use,
	const struct pair *sender, const struct certificate *to)
{
	struct batch_header header = {.kind = kind,
		.use = use,
		.batch = BATCH,
		.part = 1,
		.parts = 1,
		.sequence = 1,
		.created = "2026-11-22T09:30:00Z",
		.ledger = {77, {1}},
		.product = "CARD",
		.draws = 1};
	struct batch_receipt receipt = {{7}, BATCH_CODES, 1};
	struct serial_pattern pattern;
	char serial[SERIAL_SIZE], name[NAME_MAX_LEN], *content;
	struct batch_file *file;
	struct batch_rows rows;
	unsigned char *der;
	size_t len, der_len;

	strcpy(header.sender, certificate_subject(sender->certificate)->host);
	strcpy(header.recipient, certificate_subject(to)->host);
	must(batch_coins_parse(&header.coins, "BTC,ETH"), "coins");
	must(serial_pattern_compile(&pattern, SERIAL_PATTERN_DEFAULT), "pattern");
	batch_rows_init(&rows);
	for (unsigned i = 1; i <= ROWS; i++) {
		must(serial_from_number(serial, &pattern, i), "serial");
		receipt.sha256[1] = (unsigned char)i;
		if (batch_kind_is_sealed(kind))
			add_sealed(&rows, dir, kind, serial, to);
		else if (kind == BATCH_RECEIPT)
			must(batch_rows_add_receipt(&rows, &receipt), "receipt");
		else
			must(batch_rows_add_plain(&rows, serial,
				     kind == BATCH_RESULTS  ? "opened-good"
				     : kind == BATCH_NOTICE ? "frozen"
							    : "shipped"),
				"plain");
	}
	must(batch_build(&content, &len, &file, &header, &rows), "build");
	must(cms_sign(
		     &der, &der_len, content, len, sender->certificate, sender->key, NOW),
		"sign");
	snprintf(name, sizeof name, "%s.csv", batch_kind_name(kind));
	put(dir, name, content, len);
	snprintf(name, sizeof name, "%s.cms", batch_kind_name(kind));
	put(dir, name, der, der_len);
	batch_rows_free(&rows);
	batch_file_free(file);
	free(content);
	free(der);
}

static void
free_pair(struct pair *pair)
{
	private_key_free(pair->key);
	certificate_free(pair->certificate);
}

static int
make(const char *dir, const char *use_text)
{
	static const char *const hosts[BATCH_KINDS][2] = {{"us-gen", "cn-mint"},
		{"us-gen", "us-etch"}, {"cn-mint", "us-etch"}, {"cn-mint", "cn-print"},
		{"cn-print", "us-etch"}, {"cn-mint", "us-gen"}, {"us-etch", "cn-print"},
		{"us-etch", "cn-mint"}};
	enum keyline_use use;

	must(use_parse(&use, use_text, strlen(use_text)) ? 0 : KE_BAD_ARGUMENT, "use");
	for (int k = 0; k < BATCH_KINDS; k++) {
		enum batch_kind kind = (enum batch_kind)k;
		enum certificate_kind to_kind = batch_kind_certificate(kind);
		const char *batch = certificate_kind_is_per_batch(to_kind) ? BATCH : "";
		char folder[NAME_MAX_LEN];
		struct pair sender, site, to;

		snprintf(folder, sizeof folder, "%s/%s", dir, batch_kind_name(kind));
		sender = make_pair(folder, hosts[k][0], CERTIFICATE_SITE, "", use, NULL);
		site = make_pair(folder, hosts[k][1], CERTIFICATE_SITE, "", use, NULL);
		to = to_kind == CERTIFICATE_SITE
			     ? site
			     : make_pair(folder, hosts[k][1], to_kind, batch, use, &site);
		make_file(folder, kind, use, &sender, to.certificate);
		if (to_kind != CERTIFICATE_SITE)
			free_pair(&to);
		free_pair(&site);
		free_pair(&sender);
	}
	return 0;
}

static struct certificate *
read_certificate(const char *path)
{
	struct certificate *certificate;
	size_t len;
	unsigned char *pem = get(&len, path);

	must(certificate_parse(&certificate, (const char *)pem, len), path);
	free(pem);
	return certificate;
}

/* Expects what a host of all stages and the use test that is the recipient would. */
static int
check(const struct cms_signed *file)
{
	static const unsigned char none[HASH_SHA256_LEN];
	struct issue_list issues = ISSUE_LIST_EMPTY;
	struct serial_pattern pattern;
	struct batch_expectation expected = {.use = USE_TEST,
		.stages = 15,
		.signer = certificate_subject(file->signer),
		.sequence = 1,
		.previous = none,
		.pattern = &pattern};
	struct batch_file *parsed;
	int rc;

	must(serial_pattern_compile(&pattern, SERIAL_PATTERN_DEFAULT), "pattern");
	rc = batch_parse(&parsed, &issues, file->content, file->len);
	if (rc == 0) {
		expected.host = parsed->header.recipient;
		rc = batch_check(parsed, &expected, NULL, &issues);
	}
	batch_file_free(parsed);
	issue_list_clear(&issues);
	return rc;
}

static int
verify(int count, char **paths)
{
	struct certificate *trusted[8];
	const struct certificate *borrowed[8];
	struct cms_signed file;
	size_t len;
	unsigned char *der = get(&len, paths[0]);
	int rc;

	for (int i = 1; i < count; i++)
		borrowed[i - 1] = trusted[i - 1] = read_certificate(paths[i]);
	rc = cms_verify(&file, der, len, borrowed, (size_t)count - 1);
	if (rc == 0)
		rc = check(&file);
	puts(error_name(rc));
	for (int i = 1; i < count; i++)
		certificate_free(trusted[i - 1]);
	free(der);
	return 0;
}

static int
open_row(char **paths)
{
	struct certificate *certificate = read_certificate(paths[2]);
	struct secret *pem = secret_new(PRIVATE_KEY_PEM_LEN);
	struct secret *plain = secret_new(CMS_SEALED_MAX);
	struct private_key *key;
	size_t len, der_len;
	unsigned char *text = get(&len, paths[1]), *der = get(&der_len, paths[0]);
	int rc;

	must(secret_set(pem, text, len), paths[1]);
	must(private_key_parse(&key, pem), paths[1]);
	rc = cms_open(plain, der, der_len, certificate, key);
	puts(error_name(rc));
	private_key_free(key);
	certificate_free(certificate);
	secret_free(pem);
	secret_free(plain);
	free(text);
	free(der);
	return 0;
}

int
main(int argc, char **argv)
{
	must(secret_heap_init(HEAP), "heap");
	if (argc == 4 && strcmp(argv[1], "make") == 0)
		return make(argv[2], argv[3]);
	if (argc >= 4 && argc < 10 && strcmp(argv[1], "verify") == 0)
		return verify(argc - 2, argv + 2);
	if (argc == 5 && strcmp(argv[1], "open") == 0)
		return open_row(argv + 2);
	return 2;
}
