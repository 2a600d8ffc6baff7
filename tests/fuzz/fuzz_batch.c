/* SPDX-License-Identifier: MIT */
/*
 * The content of signed files: what is taken, batch_build makes again byte by byte; what
 * is refused is refused with at least one issue, and each issue's place is in the file.
 */
#include "config.h"
#include "fuzz.h"
#include "proto/base64.h"
#include "proto/batch_inner.h"
#include "proto/batch_policy.h"
#include "proto/issue_form.h"

static void
add_row(struct batch_rows *rows, const struct batch_file *file, const char *content,
	uint32_t i)
{
	const struct batch_row *row = file->rows ? &file->rows[i] : NULL;
	unsigned char der[CMS_SEALED_MAX];
	size_t len;

	if (file->receipts) {
		HOLDS(batch_rows_add_receipt(rows, &file->receipts[i]) == 0);
		return;
	}
	HOLDS(row && row->serial[0]);
	if (!batch_kind_is_sealed(file->header.kind)) {
		HOLDS(batch_rows_add_plain(
			      rows, row->serial, batch_word_name(row->word)) == 0);
		return;
	}
	HOLDS(base64_decode(der, sizeof der, &len, content + row->offset, row->length) ==
		0);
	HOLDS(batch_rows_add(rows, row->serial, der, len) == 0);
}

static void
build_again(const struct batch_file *file, const char *content, size_t len)
{
	struct batch_file *again;
	struct batch_rows rows;
	size_t again_len;
	char *built;

	batch_rows_init(&rows);
	for (uint32_t i = 0; i < file->header.count; i++)
		add_row(&rows, file, content, i);
	HOLDS(batch_build(&built, &again_len, &again, &file->header, &rows) == 0);
	HOLDS(again_len == len && memcmp(built, content, len) == 0);
	HOLDS(memcmp(again->key_id, file->key_id, sizeof file->key_id) == 0);
	batch_file_free(again);
	batch_rows_free(&rows);
	free(built);
}

static void
check_issues(const struct issue_list *issues, const char *content, size_t len)
{
	unsigned lines = 2;

	for (size_t i = 0; i < len; i++)
		lines += content[i] == '\n';
	HOLDS(issues->total >= issues->count);
	for (size_t i = 0; i < issues->count; i++) {
		char words[ISSUE_WORDS_SIZE];

		HOLDS(issues->items[i].code < 0 && issues->items[i].line <= lines);
		issue_words(words, &issues->items[i]);
		HOLDS(words[0] && strlen(words) < sizeof words);
		(void)issue_form(&issues->items[i], "codes");
	}
}

/* A host that takes all: its policy must bear every header that parses. */
static void
ask_policy(const struct batch_file *file)
{
	static const char senders[1][NAME_HOST_MAX + 1] = {"us-gen"};
	static const unsigned char none[HASH_SHA256_LEN];
	const struct certificate_subject signer = {.use = USE_TEST, .host = "us-gen"};
	const struct batch_expectation expected = {.host = "cn-mint",
		.use = USE_TEST,
		.stages = BATCH_STAGE_MINT | BATCH_STAGE_PRINT,
		.signer = &signer,
		.senders = senders,
		.sender_count = 1,
		.sequence = 1,
		.previous = none};
	struct issue_list issues = ISSUE_LIST_EMPTY;
	int rc = batch_check(file, &expected, NULL, &issues);

	HOLDS((rc == 0) == (issues.total == 0));
	HOLDS(rc != 0 ||
		(strcmp(file->header.recipient, "cn-mint") == 0 &&
			strcmp(file->header.sender, "us-gen") == 0 &&
			file->header.use == USE_TEST && file->header.sequence == 1));
	issue_list_clear(&issues);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct issue_list issues = ISSUE_LIST_EMPTY, of_header = ISSUE_LIST_EMPTY;
	char *content = fuzz_text(bytes, len);
	struct batch_header header;
	struct batch_file *file;
	int rc = batch_parse(&file, &issues, content, len);

	HOLDS((rc == 0) == (issues.total == 0));
	HOLDS((rc == 0) == (file != NULL));
	check_issues(&issues, content, len);
	if (rc == 0) {
		HOLDS(batch_header_parse(&header, &of_header, content, len) == 0);
		build_again(file, content, len);
		ask_policy(file);
	} else if (batch_header_parse(&header, &of_header, content, len) == 0) {
		HOLDS(of_header.total == 0 && header.kind < BATCH_KINDS);
	}
	issue_list_clear(&of_header);
	issue_list_clear(&issues);
	batch_file_free(file);
	free(content);
	return 0;
}

FUZZ_BEGIN
