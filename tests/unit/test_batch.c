/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "harness.h"
#include "keys.h"
#include "proto/base64.h"
#include "proto/batch_inner.h"
#include "proto/batch_policy.h"
#include <stdio.h>

static const char *const serials[] = { "AA000001A", "AA0000028", "AA0000036" };
static struct keys site, codes, codes2;
static unsigned char *sealed[3];
static size_t sealed_len[3];

static void
set_up(void)
{
	struct secret *plain = secret_new(8);

	site = keys_make("cn-mint", CERTIFICATE_SITE, "", USE_TEST, NULL);
	codes = keys_make("cn-mint", CERTIFICATE_CODES, "", USE_TEST, &site);
	codes2 = keys_make("cn-mint", CERTIFICATE_CODES, "", USE_TEST, &site);
	ck_assert_int_eq(secret_set(plain, "x", 1), 0);
	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(cms_seal(&sealed[i], &sealed_len[i], plain,
					 i < 2 ? codes.certificate : codes2.certificate),
			0);
	secret_free(plain);
}

static void
tear_down(void)
{
	for (int i = 0; i < 3; i++)
		free(sealed[i]);
	keys_free(&codes2);
	keys_free(&codes);
	keys_free(&site);
}

static struct batch_header
header_of(enum batch_kind kind)
{
	struct batch_header h = { .kind = kind,
		.use = USE_TEST,
		.sender = "us-gen",
		.recipient = "cn-mint",
		.batch = "US-2026-118",
		.part = 1,
		.parts = 3,
		.sequence = 1,
		.created = "2026-11-22T09:30:00Z",
		.ledger = { 1234, { 0 } },
		.witness = { kind == BATCH_CODES ? 0 : 77, { 0 } } };

	memset(h.ledger.hash, 0xab, sizeof h.ledger.hash);
	memset(h.witness.hash, 0xcd, sizeof h.witness.hash);
	if (batch_kind_is_sealed(kind)) {
		strcpy(h.product, "CARD");
		ck_assert_int_eq(batch_coins_parse(&h.coins, "BTC,ETH"), 0);
	}
	if (kind == BATCH_PASSPHRASES)
		h.draws = 7;
	return h;
}

/* A content of a kind with two rows. */
static char *
content_of(enum batch_kind kind, size_t *len, struct batch_file **file)
{
	static const char *const words[BATCH_KINDS][2] = { [BATCH_SHIPMENT] = { "shipped", "void" },
		[BATCH_RESULTS] = { "opened-good", "opened-bad" },
		[BATCH_NOTICE] = { "frozen", "void" } };
	struct batch_header header = header_of(kind);
	struct batch_receipt receipt = { { 1 }, BATCH_CODES, 7 };
	struct batch_rows rows;
	char *content;

	batch_rows_init(&rows);
	for (int i = 0; i < 2; i++) {
		receipt.sha256[31] = (unsigned char)i;
		if (kind == BATCH_RECEIPT)
			ck_assert_int_eq(batch_rows_add_receipt(&rows, &receipt), 0);
		else if (batch_kind_is_sealed(kind))
			ck_assert_int_eq(batch_rows_add(&rows, serials[i], sealed[i],
						 sealed_len[i]),
				0);
		else
			ck_assert_int_eq(batch_rows_add_plain(&rows, serials[i],
						 words[kind][i]),
				0);
	}
	ck_assert_int_eq(batch_build(&content, len, file, &header, &rows), 0);
	batch_rows_free(&rows);
	return content;
}

static void
same_header(const struct batch_header *a, const struct batch_header *b)
{
	struct buffer a_text, b_text;

	buffer_init(&a_text, 4096);
	buffer_init(&b_text, 4096);
	batch_header_write(&a_text, a);
	batch_header_write(&b_text, b);
	ck_assert_str_eq(a_text.bytes, b_text.bytes);
	buffer_free(&a_text);
	buffer_free(&b_text);
}

START_TEST(every_kind_is_built_and_read)
{
	for (int kind = 0; kind < BATCH_KINDS; kind++) {
		struct issue_list issues = ISSUE_LIST_EMPTY;
		struct batch_header h = header_of((enum batch_kind)kind);
		struct batch_file *built, *file;
		size_t len;
		char *content = content_of((enum batch_kind)kind, &len, &built);

		ck_assert_int_eq(batch_parse(&file, &issues, content, len), 0);
		h.count = 2;
		same_header(&file->header, &h);
		same_header(&built->header, &h);
		for (int i = 0; kind != BATCH_RECEIPT && i < 2; i++)
			ck_assert_str_eq(file->rows[i].serial, serials[i]);
		if (batch_kind_is_sealed((enum batch_kind)kind)) {
			unsigned char der[CMS_SEALED_MAX];
			size_t der_len;

			ck_assert_int_eq(base64_decode(der, sizeof der, &der_len,
						 content + file->rows[1].offset,
						 file->rows[1].length),
				0);
			ck_assert_uint_eq(der_len, sealed_len[1]);
			ck_assert_mem_eq(der, sealed[1], der_len);
			ck_assert_mem_eq(file->key_id,
				certificate_key_id(codes.certificate), CMS_KEY_ID_LEN);
		}
		batch_file_free(built);
		batch_file_free(file);
		free(content);
	}
}
END_TEST

START_TEST(words_and_receipts_are_read)
{
	struct batch_file *file;
	size_t len;
	char *content = content_of(BATCH_SHIPMENT, &len, &file);

	ck_assert_int_eq(file->rows[0].word, BATCH_WORD_SHIPPED);
	ck_assert_int_eq(file->rows[1].word, BATCH_WORD_VOID);
	ck_assert_str_eq(batch_word_name(file->rows[1].word), "void");
	batch_file_free(file);
	free(content);
	content = content_of(BATCH_RECEIPT, &len, &file);
	ck_assert_uint_eq(file->receipts[1].sha256[31], 1);
	ck_assert_uint_eq(file->receipts[0].sequence, 7);
	ck_assert_int_eq(file->receipts[0].kind, BATCH_CODES);
	batch_file_free(file);
	free(content);
}
END_TEST

#define EIGHT(x) x x x x x x x x
#define AB32 EIGHT("abababab")
#define CD32 EIGHT("cdcdcdcd")

START_TEST(golden_text)
{
	static const char expected[] = "keyline,1\n"
				       "kind,results\n"
				       "use,test\n"
				       "sender,us-gen\n"
				       "recipient,cn-mint\n"
				       "batch,US-2026-118\n"
				       "part,1,3\n"
				       "sequence,1\n"
				       "previous,none\n"
				       "created,2026-11-22T09:30:00Z\n"
				       "ledger,1234," AB32 "\n"
				       "witness,77," CD32 "\n"
				       "count,2\n"
				       "serial,result\n"
				       "AA000001A,opened-good\n"
				       "AA0000028,opened-bad\n";
	struct batch_file *file;
	size_t len;
	char *content = content_of(BATCH_RESULTS, &len, &file);

	ck_assert_str_eq(content, expected);
	batch_file_free(file);
	free(content);
	content = content_of(BATCH_PASSPHRASES, &len, &file);
	ck_assert_ptr_nonnull(strstr(content,
		CD32 "\nproduct,CARD\ncoins,BTC,ETH\ndraws,7\ncount,2\nserial,sealed\n"));
	batch_file_free(file);
	free(content);
}
END_TEST

/* Replaces the first old by new in a copy of a good content, and parses that. */
static int
parse_changed(struct issue *first, enum batch_kind kind, const char *old, const char *new)
{
	struct issue_list issues = ISSUE_LIST_EMPTY;
	struct batch_file *file, *changed;
	size_t len, head;
	char *content = content_of(kind, &len, &file), *copy, *at = strstr(content, old);
	int rc;

	ck_assert_msg(at != NULL, "%s", old);
	copy = malloc(len + strlen(new) + 1);
	head = (size_t)(at - content);
	memcpy(copy, content, head);
	strcpy(copy + head, new);
	strcat(copy, at + strlen(old));
	rc = batch_parse(&changed, &issues, copy, strlen(copy));
	*first = issues.count ? issues.items[0] : (struct issue){ 0 };
	ck_assert((rc == 0) == (changed != NULL));
	batch_file_free(changed);
	issue_list_clear(&issues);
	batch_file_free(file);
	free(content);
	free(copy);
	return rc;
}

START_TEST(each_wrong_place_is_named)
{
	static const char head[] = "ledger,1234," AB32;
	static const char hash[] =
		"previous,0000000000000000000000000000000000000000000000000000000000000000\n";
	const struct {
		enum batch_kind kind;
		const char *old, *new;
		int code;
		unsigned line, column;
	} cases[] = {
		{ BATCH_CODES, "keyline,1", "keyline,1", 0, 0, 0 },
		{ BATCH_CODES, "keyline,1", "keyline,2", KE_NEWER_FORMAT, 1, 2 },
		{ BATCH_CODES, "keyline,1", "keyline,0", KE_BAD_FIELD, 1, 2 },
		{ BATCH_CODES, "keyline,1", "\xef\xbb\xbfkeyline,1", KE_BAD_CSV, 1, 0 },
		{ BATCH_CODES, "keyline,1", "other,1", KE_BAD_HEADER, 1, 1 },
		{ BATCH_CODES, "kind,codes", "kind,order", KE_BAD_FIELD, 2, 2 },
		{ BATCH_CODES, "kind,codes", "kind,passphrases", KE_BAD_HEADER, 15, 1 },
		{ BATCH_CODES, "kind,codes", "kind,shipment", KE_BAD_HEADER, 13, 1 },
		{ BATCH_CODES, "use,test", "use,Test", KE_BAD_FIELD, 3, 2 },
		{ BATCH_CODES, "use,test\n", "", KE_BAD_HEADER, 3, 1 },
		{ BATCH_CODES, "use,test\n", "use,test\nuse,test\n", KE_BAD_HEADER, 4, 1 },
		{ BATCH_CODES, "us-gen", "US-GEN", KE_BAD_FIELD, 4, 2 },
		{ BATCH_CODES, "cn-mint", "cn-mint ", KE_BAD_FIELD, 5, 2 },
		{ BATCH_CODES, "US-2026-118", "us-2026", KE_BAD_FIELD, 6, 2 },
		{ BATCH_CODES, "US-2026-118", "", KE_BAD_FIELD, 6, 2 },
		{ BATCH_CODES, "part,1,3", "part,4,3", KE_BAD_FIELD, 7, 2 },
		{ BATCH_CODES, "part,1,3", "part,0,3", KE_BAD_FIELD, 7, 2 },
		{ BATCH_CODES, "part,1,3", "part,1", KE_BAD_FIELD, 7, 2 },
		{ BATCH_CODES, "part,1,3", "part,1,3,3", KE_BAD_FIELD, 7, 2 },
		{ BATCH_CODES, "part,1,3", "part,01,3", KE_BAD_FIELD, 7, 2 },
		{ BATCH_CODES, "sequence,1", "sequence,0", KE_BAD_FIELD, 8, 2 },
		{ BATCH_CODES, "sequence,1", "sequence,2", KE_BAD_FIELD, 9, 2 },
		{ BATCH_CODES, "sequence,1", "sequence,99999999999999999999", KE_BAD_FIELD, 8, 2 },
		{ BATCH_CODES, "previous,none\n", hash, KE_BAD_FIELD, 9, 2 },
		{ BATCH_CODES, "22T09", "32T09", KE_BAD_FIELD, 10, 2 },
		{ BATCH_CODES, head, "ledger,0," AB32, KE_BAD_FIELD, 11, 2 },
		{ BATCH_CODES, head, "ledger,none", KE_BAD_FIELD, 11, 2 },
		{ BATCH_CODES, head, "ledger,1234", KE_BAD_FIELD, 11, 2 },
		{ BATCH_CODES, head, "ledger,1234,", KE_BAD_FIELD, 11, 2 },
		{ BATCH_CODES, "1234," AB32, "1234," AB32 "ab", KE_BAD_FIELD, 11, 2 },
		{ BATCH_CODES, "1234,ab", "1234,AB", KE_BAD_FIELD, 11, 2 },
		{ BATCH_CODES, "1234,ab", "01234,ab", KE_BAD_FIELD, 11, 2 },
		{ BATCH_CODES, "ledger,1234," AB32 "\n", "", KE_BAD_HEADER, 11, 1 },
		{ BATCH_CODES, "witness,none\n", "", KE_BAD_HEADER, 12, 1 },
		{ BATCH_CODES, "witness,none", "witness,None", KE_BAD_FIELD, 12, 2 },
		{ BATCH_CODES, "witness,none", "witness,7", KE_BAD_FIELD, 12, 2 },
		{ BATCH_CODES, "witness,none", "witness,7," AB32, 0, 0, 0 },
		{ BATCH_RECEIPT, "witness,77,", "witness,0,", KE_BAD_FIELD, 12, 2 },
		{ BATCH_CODES, "CARD", "CA RD", KE_BAD_FIELD, 13, 2 },
		{ BATCH_CODES, "BTC,ETH", "BTC,BTC", KE_BAD_FIELD, 14, 2 },
		{ BATCH_CODES, "BTC,ETH", "BTC,", KE_BAD_FIELD, 14, 2 },
		{ BATCH_CODES, "BTC,ETH", "", KE_BAD_FIELD, 14, 2 },
		{ BATCH_PASSPHRASES, "draws,7", "draws,-7", KE_BAD_FIELD, 15, 2 },
		{ BATCH_PASSPHRASES, "draws,7\n", "", KE_BAD_HEADER, 15, 1 },
		{ BATCH_CODES, "count,2", "count,1", KE_BAD_COUNT, 18, 0 },
		{ BATCH_CODES, "count,2", "count,3", KE_BAD_COUNT, 19, 0 },
		{ BATCH_CODES, "count,2", "count,0", KE_BAD_FIELD, 15, 2 },
		{ BATCH_CODES, "count,2", "count,10001", KE_TOO_LONG, 15, 2 },
		{ BATCH_CODES, "serial,sealed", "serial,Sealed", KE_BAD_HEADER, 16, 1 },
		{ BATCH_CODES, "AA000001A", "aa000001A", KE_BAD_SERIAL, 17, 1 },
		{ BATCH_CODES, "AA000001A", "AA0000028", KE_TWICE, 18, 1 },
		{ BATCH_CODES, "AA000001A,", "AA000001A;", KE_BAD_SERIAL, 17, 1 },
		{ BATCH_CODES, "AA000001A,MI", "AA000001A,NI", KE_BAD_CMS, 17, 2 },
		{ BATCH_CODES, "AA000001A,MI", "AA000001A,M", KE_BAD_FIELD, 17, 2 },
		{ BATCH_CODES, "AA000001A,MI", "AA000001A,,MI", KE_BAD_FIELD, 17, 2 },
		{ BATCH_CODES, "kind,codes\n", "kind,codes\r\n", KE_BAD_CSV, 2, 0 },
		{ BATCH_SHIPMENT, "shipped", "opened-good", KE_BAD_FIELD, 15, 2 },
		{ BATCH_SHIPMENT, "shipped", "shipped,", KE_BAD_FIELD, 15, 2 },
		{ BATCH_SHIPMENT, "void\n", "void", KE_BAD_CSV, 16, 0 },
		{ BATCH_SHIPMENT, "void\n", "void\n\n", KE_BAD_COUNT, 17, 0 },
		{ BATCH_RECEIPT, "01,codes,7", "00,codes,7", KE_TWICE, 16, 1 },
		{ BATCH_RECEIPT, "codes,7", "order,7", KE_BAD_FIELD, 15, 2 },
		{ BATCH_RECEIPT, "codes,7", "codes,0", KE_BAD_FIELD, 15, 3 },
		{ BATCH_RECEIPT, "7,accepted", "7,refused", KE_BAD_FIELD, 15, 4 },
		{ BATCH_RECEIPT, "7,accepted", "7", KE_BAD_FIELD, 15, 4 },
		{ BATCH_RECEIPT, "7,accepted", "7,accepted,", KE_BAD_FIELD, 15, 4 },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct issue first;
		int rc = parse_changed(&first, cases[i].kind, cases[i].old, cases[i].new);

		ck_assert_msg(rc == cases[i].code && first.line == cases[i].line &&
				      first.column == cases[i].column,
			"%s: %s at %u,%u", cases[i].new, error_name(rc), first.line,
			first.column);
	}
}
END_TEST

START_TEST(rows_are_sealed_to_one_key)
{
	struct batch_header header = header_of(BATCH_CODES);
	struct batch_file *file;
	struct batch_rows rows;
	char *content;
	size_t len;

	batch_rows_init(&rows);
	for (int i = 1; i < 3; i++)
		ck_assert_int_eq(
			batch_rows_add(&rows, serials[i], sealed[i], sealed_len[i]), 0);
	ck_assert_int_eq(batch_build(&content, &len, &file, &header, &rows),
		KE_WRONG_RECIPIENT);
	ck_assert_ptr_null(content);
	ck_assert_ptr_null(file);
	batch_rows_free(&rows);
}
END_TEST

START_TEST(no_file_is_too_big)
{
	struct batch_header header = header_of(BATCH_SHIPMENT);
	struct batch_file *file;
	struct batch_rows rows;
	char *content, serial[SERIAL_SIZE];
	size_t len;

	batch_rows_init(&rows);
	for (int i = 0; i < BATCH_ROWS_MAX; i++) {
		snprintf(serial, sizeof serial, "AA%06d", i);
		ck_assert_int_eq(batch_rows_add_plain(&rows, serial, "shipped"), 0);
	}
	ck_assert_int_eq(batch_build(&content, &len, &file, &header, &rows), 0);
	ck_assert_uint_eq(file->header.count, BATCH_ROWS_MAX);
	ck_assert_str_eq(file->rows[9999].serial, "AA009999");
	batch_file_free(file);
	free(content);
	ck_assert_int_eq(batch_rows_add_plain(&rows, "AB000000", "shipped"), KE_TOO_LONG);
	ck_assert_int_eq(
		batch_build(&content, &len, &file, &header, &rows), KE_TOO_LONG);
	batch_rows_free(&rows);
}
END_TEST

START_TEST(file_names)
{
	static const struct {
		enum batch_kind kind;
		enum batch_kind answered;
		uint32_t part;
		const char *name;
	} cases[] = {
		{BATCH_CODES, BATCH_CODES, 1, "US-2026-118.1.codes.cms"},
		{BATCH_STICKERS, BATCH_STICKERS, 9999, "US-2026-118.9999.stickers.cms"},
		{BATCH_RECEIPT, BATCH_CODES, 2, "US-2026-118.2.codes.receipt.cms"},
		/* What goes to several hosts has the name of the one, its receipt too:
		 * they lie side by side in outgoing/ and on a courier's stick. */
		{BATCH_RESULTS, BATCH_RESULTS, 1, "US-2026-118.1.results.to-host.cms"},
		{BATCH_NOTICE, BATCH_NOTICE, 3, "US-2026-118.3.notice.to-host.cms"},
		{BATCH_RECEIPT, BATCH_RESULTS, 1,
			"US-2026-118.1.results.from-host.receipt.cms"},
		/* Several hosts tell one: its receipts for them lie side by side, too. */
		{BATCH_RECEIPT, BATCH_NOTICE, 3,
			"US-2026-118.3.notice.from-host.to-host.receipt.cms"},
	};
	struct batch_header header = { .sender = "from-host",
		.recipient = "to-host",
		.batch = "US-2026-118" };
	char name[BATCH_NAME_SIZE], longest[NAME_BATCH_MAX + 1];

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		header.kind = cases[i].kind;
		header.part = cases[i].part;
		batch_name(name, &header, cases[i].answered);
		ck_assert_str_eq(name, cases[i].name);
	}
	memset(header.batch, 'B', NAME_BATCH_MAX);
	memset(header.sender, 'h', NAME_HOST_MAX);
	memset(header.recipient, 'h', NAME_HOST_MAX);
	memset(longest, 'B', NAME_BATCH_MAX);
	longest[NAME_BATCH_MAX] = '\0';
	header.kind = BATCH_RECEIPT;
	header.part = 9999;
	batch_name(name, &header, BATCH_NOTICE);
	ck_assert_int_eq(strncmp(name, longest, NAME_BATCH_MAX), 0);
	ck_assert_str_eq(name + strlen(name) - 12, ".receipt.cms");
}
END_TEST

static const unsigned char no_previous[HASH_SHA256_LEN];

START_TEST(policy_names_what_is_wrong)
{
	static const unsigned char other[HASH_SHA256_LEN] = { 1 };
	const struct certificate_subject us = { USE_TEST, CERTIFICATE_SITE, "us-gen", "" };
	const struct certificate_subject cn = { USE_TEST, CERTIFICATE_SITE, "cn-mint", "" };
	const struct certificate_subject real = { USE_PRODUCTION, CERTIFICATE_SITE,
		"us-gen", "" };
	const struct certificate_subject no_site = { USE_TEST, CERTIFICATE_CODES, "us-gen",
		"" };
	const struct {
		enum batch_kind kind;
		const char *host;
		enum keyline_use use;
		unsigned stages;
		const struct certificate_subject *signer;
		uint64_t sequence;
		const unsigned char *previous;
		int code;
		unsigned line;
	} cases[] = {
		{ BATCH_CODES, "cn-mint", USE_TEST, BATCH_STAGE_MINT, &us, 1, no_previous, 0,
			0 },
		{ BATCH_PASSPHRASES, "cn-mint", USE_TEST,
			BATCH_STAGE_MINT | BATCH_STAGE_PRINT, &us, 1, no_previous,
			KE_WRONG_KIND, 2 },
		{ BATCH_STICKERS, "cn-mint", USE_TEST,
			BATCH_STAGE_GENERATE | BATCH_STAGE_ETCH, &us, 1, no_previous,
			KE_WRONG_KIND, 2 },
		{ BATCH_CODES, "cn-mint", USE_PRODUCTION, BATCH_STAGE_MINT, &us, 1,
			no_previous, KE_WRONG_USE, 3 },
		{ BATCH_CODES, "cn-mint", USE_TEST, BATCH_STAGE_MINT, &real, 1, no_previous,
			KE_WRONG_USE, 3 },
		{ BATCH_CODES, "cn-other", USE_TEST, BATCH_STAGE_MINT, &us, 1, no_previous,
			KE_WRONG_RECIPIENT, 5 },
		{ BATCH_CODES, "cn-mint", USE_TEST, BATCH_STAGE_MINT, &cn, 1, no_previous,
			KE_WRONG_SENDER, 4 },
		{ BATCH_CODES, "cn-mint", USE_TEST, BATCH_STAGE_MINT, &no_site, 1,
			no_previous, KE_WRONG_SENDER, 4 },
		{ BATCH_CODES, "cn-mint", USE_TEST, BATCH_STAGE_MINT, &us, 2, no_previous,
			KE_DUPLICATE, 8 },
		{ BATCH_CODES, "cn-mint", USE_TEST, BATCH_STAGE_MINT, &us, 0, no_previous,
			KE_OUT_OF_SEQUENCE, 8 },
		{ BATCH_CODES, "cn-mint", USE_TEST, BATCH_STAGE_MINT, &us, 1, other,
			KE_OUT_OF_SEQUENCE, 9 },
		/* The file before it was skipped: its number alone is held against ours. */
		{ BATCH_CODES, "cn-mint", USE_TEST, BATCH_STAGE_MINT, &us, 1, NULL, 0, 0 },
		{ BATCH_CODES, "cn-mint", USE_TEST, BATCH_STAGE_MINT, &us, 0, NULL,
			KE_OUT_OF_SEQUENCE, 8 },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct batch_header header = header_of(cases[i].kind);
		struct batch_expectation e = { .host = cases[i].host,
			.use = cases[i].use,
			.stages = cases[i].stages,
			.signer = cases[i].signer,
			.sequence = cases[i].sequence,
			.previous = cases[i].previous };
		struct issue_list issues = ISSUE_LIST_EMPTY;
		int rc = batch_check_header(&header, &e, &issues);

		ck_assert_msg(rc == cases[i].code, "case %zu: %s", i, error_name(rc));
		ck_assert_uint_eq(issues.total, rc != 0);
		if (rc)
			ck_assert_uint_eq(issues.items[0].line, cases[i].line);
		issue_list_clear(&issues);
	}
}
END_TEST

/* A trusted site is good for what it is named for, and for nothing else. */
START_TEST(policy_takes_a_kind_from_its_senders)
{
	static const char senders[3][NAME_HOST_MAX + 1] = { "us-other", "us-gen", "" };
	static const struct {
		const char *signer;
		enum batch_kind kind;
		unsigned stages;
		size_t first, count;
		int code;
	} cases[] = {
		{ "us-gen", BATCH_CODES, BATCH_STAGE_MINT, 0, 3, 0 },
		{ "us-gen", BATCH_CODES, BATCH_STAGE_MINT, 1, 1, 0 },
		{ "us-gen", BATCH_CODES, BATCH_STAGE_MINT, 0, 1, KE_WRONG_SENDER },
		{ "us-gen", BATCH_CODES, BATCH_STAGE_MINT, 0, 0, KE_WRONG_SENDER },
		{ "us-gen", BATCH_CODES, BATCH_STAGE_MINT, 2, 1, KE_WRONG_SENDER },
		{ "us-gen", BATCH_CODES, BATCH_STAGE_ETCH, 2, 1, KE_WRONG_KIND },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct certificate_subject signer = { USE_TEST, CERTIFICATE_SITE, "us-gen",
			"" };
		struct batch_header header = header_of(cases[i].kind);
		struct batch_expectation e = { .host = "cn-mint",
			.use = USE_TEST,
			.stages = cases[i].stages,
			.signer = &signer,
			.senders = &senders[cases[i].first],
			.sender_count = cases[i].count,
			.sequence = 1,
			.previous = no_previous };
		struct issue_list issues = ISSUE_LIST_EMPTY;
		int rc = batch_check_header(&header, &e, &issues);

		ck_assert_msg(rc == cases[i].code, "case %zu: %s", i, error_name(rc));
		ck_assert_uint_eq(issues.total, rc != 0);
		issue_list_clear(&issues);
	}
}
END_TEST

START_TEST(policy_knows_the_parts_of_a_batch)
{
	const struct batch_header plain = header_of(BATCH_PASSPHRASES);
	struct batch_part same = { .parts = plain.parts, .coins = plain.coins,
		.draws = plain.draws };
	struct {
		struct batch_part part;
		int code;
		unsigned line;
	} cases[7];
	struct issue_list issues = ISSUE_LIST_EMPTY;
	int rc;

	(void)strcpy(same.sender, plain.sender);
	(void)strcpy(same.product, plain.product);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		cases[i].part = same;
	cases[0].code = cases[1].code = 0;
	cases[1].part.sender[0] = '\0';
	cases[1].part.parts = 0;
	(void)strcpy(cases[2].part.sender, "us-other");
	cases[2].code = KE_WRONG_SENDER, cases[2].line = 4;
	cases[3].part.parts++;
	cases[3].code = KE_MISMATCH_PART, cases[3].line = 7;
	(void)strcpy(cases[4].part.product, "OTHER");
	cases[4].code = KE_MISMATCH_PART, cases[4].line = 13;
	cases[5].part.coins.count--;
	cases[5].code = KE_MISMATCH_PART, cases[5].line = 14;
	cases[6].part.draws++;
	cases[6].code = KE_MISMATCH_PART, cases[6].line = 15;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		rc = batch_check_part(&plain, &cases[i].part, &issues);
		ck_assert_msg(rc == cases[i].code, "case %zu: %s", i, error_name(rc));
		ck_assert_uint_eq(issues.total, rc != 0);
		if (rc)
			ck_assert_uint_eq(issues.items[0].line, cases[i].line);
		issue_list_clear(&issues);
	}
}
END_TEST

START_TEST(policy_knows_serials_and_keys)
{
	const struct certificate_subject us = { USE_TEST, CERTIFICATE_SITE, "us-gen", "" };
	struct batch_expectation e = { .host = "cn-mint",
		.stages = BATCH_STAGE_MINT,
		.signer = &us,
		.sequence = 1,
		.previous = no_previous };
	struct issue_list issues = ISSUE_LIST_EMPTY;
	struct serial_pattern pattern;
	struct batch_file *file;
	size_t len;
	char *content = content_of(BATCH_CODES, &len, &file);

	ck_assert_int_eq(batch_check(file, &e, codes.certificate, &issues), 0);
	ck_assert_int_eq(
		batch_check(file, &e, codes2.certificate, &issues), KE_WRONG_RECIPIENT);
	issue_list_clear(&issues);
	ck_assert_int_eq(serial_pattern_compile(&pattern, "AA9999999C"), 0);
	e.pattern = &pattern;
	ck_assert_int_eq(
		batch_check(file, &e, codes.certificate, &issues), KE_BAD_LENGTH);
	ck_assert_uint_eq(issues.total, 2);
	/* The line is that of the row in the content. */
	ck_assert_uint_eq(issues.items[1].line, 18);
	ck_assert_ptr_nonnull(strstr(content, "serial,sealed\nAA000001A"));
	issue_list_clear(&issues);
	batch_file_free(file);
	free(content);
}
END_TEST

/* A part of a kind without product, coins and draws cannot differ in them; one with them
 * does. */
START_TEST(policy_judges_of_a_kind_what_it_has)
{
	static const struct {
		enum batch_kind kind;
		int code;
		size_t issues;
	} cases[] = {
		{BATCH_SHIPMENT, 0, 0},
		{BATCH_RESULTS, 0, 0},
		{BATCH_CODES, KE_MISMATCH_PART, 2},
		{BATCH_PASSPHRASES, KE_MISMATCH_PART, 3},
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const struct batch_header header = header_of(cases[i].kind);
		struct batch_part known = {.product = "OTHER", .draws = 99};
		struct issue_list issues = ISSUE_LIST_EMPTY;

		/* As many coins, another one. */
		ck_assert_int_eq(batch_coins_parse(&known.coins, "BTC,LTC"), 0);
		ck_assert_int_eq(
			batch_check_part(&header, &known, &issues), cases[i].code);
		ck_assert_uint_eq(issues.total, cases[i].issues);
		issue_list_clear(&issues);
	}
}
END_TEST

/* A receipt has no serials; what is not sealed is sealed to no key; own NULL: any key. */
START_TEST(policy_looks_at_no_rows_that_are_not_there)
{
	static const enum batch_kind kinds[] = {
		BATCH_RECEIPT, BATCH_SHIPMENT, BATCH_CODES};
	const struct certificate_subject us = {USE_TEST, CERTIFICATE_SITE, "us-gen", ""};
	struct serial_pattern pattern;

	ck_assert_int_eq(serial_pattern_compile(&pattern, "AA999999C"), 0);
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		const struct batch_expectation e = {.host = "cn-mint",
			.stages = batch_kind_stages(kinds[i]),
			.signer = &us,
			.sequence = 1,
			.previous = no_previous,
			.pattern = kinds[i] == BATCH_RECEIPT ? &pattern : NULL};
		struct issue_list issues = ISSUE_LIST_EMPTY;
		struct batch_file *file;
		size_t len;
		char *content = content_of(kinds[i], &len, &file);
		bool is_sealed = batch_kind_is_sealed(kinds[i]);

		ck_assert_int_eq(batch_check(file, &e, NULL, &issues), 0);
		ck_assert_int_eq(batch_check(file, &e, codes2.certificate, &issues),
			is_sealed ? KE_WRONG_RECIPIENT : 0);
		issue_list_clear(&issues);
		batch_file_free(file);
		free(content);
	}
}
END_TEST

START_TEST(each_kind_has_its_stage)
{
	static const unsigned stages[BATCH_KINDS] = { BATCH_STAGE_MINT, BATCH_STAGE_ETCH,
		BATCH_STAGE_ETCH, BATCH_STAGE_PRINT, BATCH_STAGE_ETCH, 15,
		BATCH_STAGE_MINT | BATCH_STAGE_PRINT, 15 };

	for (int kind = 0; kind < BATCH_KINDS; kind++)
		ck_assert_uint_eq(batch_kind_stages((enum batch_kind)kind), stages[kind]);
	/* The two factors never meet: no host of one country takes the other's. */
	ck_assert_uint_eq(batch_kind_stages(BATCH_PASSPHRASES) &
				  (BATCH_STAGE_MINT | BATCH_STAGE_PRINT),
		0);
	ck_assert_uint_eq(batch_kind_stages(BATCH_STICKERS) &
				  (BATCH_STAGE_GENERATE | BATCH_STAGE_ETCH),
		0);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("batch");
	TCase *all = tcase_create("all");

	tcase_add_unchecked_fixture(all, set_up, tear_down);
	tcase_add_test(all, every_kind_is_built_and_read);
	tcase_add_test(all, words_and_receipts_are_read);
	tcase_add_test(all, golden_text);
	tcase_add_test(all, each_wrong_place_is_named);
	tcase_add_test(all, rows_are_sealed_to_one_key);
	tcase_add_test(all, no_file_is_too_big);
	tcase_add_test(all, file_names);
	tcase_add_test(all, policy_names_what_is_wrong);
	tcase_add_test(all, policy_takes_a_kind_from_its_senders);
	tcase_add_test(all, policy_knows_the_parts_of_a_batch);
	tcase_add_test(all, policy_knows_serials_and_keys);
	tcase_add_test(all, policy_judges_of_a_kind_what_it_has);
	tcase_add_test(all, policy_looks_at_no_rows_that_are_not_there);
	tcase_add_test(all, each_kind_has_its_stage);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}
