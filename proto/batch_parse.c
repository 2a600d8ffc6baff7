/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "proto/batch_inner.h"

#include <stdlib.h>
#include <string.h>
#include "proto/base64.h"
#include "proto/cms_sealed_form.h"

bool
batch_next_line(const char **text, size_t *len, struct batch_cursor *cursor)
{
	const char *start = cursor->content + cursor->at, *end;
	size_t left = cursor->len - cursor->at;

	*text = start;
	*len = 0;
	cursor->line++;
	if (left == 0)
		return false;
	end = memchr(start, '\n', left);
	cursor->at += end ? (size_t)(end - start) + 1 : left;
	for (const char *c = start; end && c < end; c++)
		if (*c < ' ' || *c > '~')
			end = NULL;
	if (end)
		*len = (size_t)(end - start);
	else
		issue_add(cursor->issues, cursor->line, 0, KE_BAD_CSV, NULL);
	return true;
}

static int
hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool
batch_sha256_parse(unsigned char out[HASH_SHA256_LEN], const char *text, size_t len)
{
	if (len != 2 * HASH_SHA256_LEN)
		return false;
	for (size_t i = 0; i < HASH_SHA256_LEN; i++) {
		int high = hex_value(text[2 * i]), low = hex_value(text[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		out[i] = (unsigned char)(high << 4 | low);
	}
	return true;
}

struct parser {
	struct batch_cursor cursor;
	struct batch_file *file;
	bool has_key_id;
	bool no_memory;
};

static void
refuse(struct parser *p, unsigned column, int code, const char *field)
{
	issue_add(p->cursor.issues, p->cursor.line, column, code, field);
}

/* A sealed row of our one form, to the same key as the others of the file. */
static void
check_sealed(struct parser *p, const char *text, size_t len)
{
	unsigned char der[CMS_SEALED_MAX];
	const unsigned char *key_id;
	size_t der_len;
	int rc = base64_decode(der, sizeof der, &der_len, text, len);

	if (rc != 0)
		rc = rc == KE_TOO_LONG ? rc : KE_BAD_FIELD;
	else
		rc = cms_sealed_form(&key_id, der, der_len);
	if (rc == 0 && !p->has_key_id) {
		memcpy(p->file->key_id, key_id, CMS_KEY_ID_LEN);
		p->has_key_id = true;
	}
	if (rc == 0 && memcmp(p->file->key_id, key_id, CMS_KEY_ID_LEN) != 0)
		rc = KE_WRONG_RECIPIENT;
	if (rc != 0)
		refuse(p, 2, rc, "sealed");
}

static void
read_row(struct parser *p, struct batch_row *row, const char *text, size_t len)
{
	const char *comma = memchr(text, ',', len);
	size_t serial = comma ? (size_t)(comma - text) : len;
	enum batch_kind kind = p->file->header.kind;
	const char *second = batch_kind_is_sealed(kind) ? "sealed"
			     : kind == BATCH_RESULTS    ? "result"
			     : kind == BATCH_NOTICE     ? "notice"
							: "state";

	if (!name_is_serial(text, serial))
		refuse(p, 1, KE_BAD_SERIAL, "serial");
	else
		memcpy(row->serial, text, serial);
	if (!comma) {
		refuse(p, 2, KE_BAD_FIELD, second);
		return;
	}
	row->offset = (uint32_t)(comma + 1 - p->cursor.content);
	row->length = (uint32_t)(len - serial - 1);
	if (batch_kind_is_sealed(kind))
		check_sealed(p, comma + 1, row->length);
	else if (!batch_word_parse(&row->word, kind, comma + 1, row->length))
		refuse(p, 2, KE_BAD_FIELD, second);
}

/* sha256,kind,sequence,outcome */
static void
read_receipt(
	struct parser *p, struct batch_receipt *receipt, const char *text, size_t len)
{
	static const char *const fields[] = {"sha256", "kind", "sequence", "outcome"};
	const char *at = text, *end = text + len;

	for (unsigned i = 0; i < 4; i++) {
		const char *comma = i < 3 ? memchr(at, ',', (size_t)(end - at)) : end;
		size_t field = (size_t)((comma ? comma : end) - at);
		bool good = false;

		if (i == 0)
			good = batch_sha256_parse(receipt->sha256, at, field);
		else if (i == 1)
			good = batch_kind_parse(&receipt->kind, at, field);
		else if (i == 2)
			good = batch_number_parse(&receipt->sequence, at, field,
				       BATCH_SEQUENCE_MAX) &&
			       receipt->sequence > 0;
		else
			good = batch_text_is(at, field, "accepted");
		if (!good)
			refuse(p, i + 1, KE_BAD_FIELD, fields[i]);
		if (!comma) {
			refuse(p, i + 2, KE_BAD_FIELD, fields[i + 1]);
			return;
		}
		at = comma + 1;
	}
}

/* What makes a row one of a kind, with its line. */
struct key {
	const void *bytes;
	size_t len;
	unsigned line;
};

static int
compare_keys(const void *a, const void *b)
{
	const struct key *x = a, *y = b;
	int order = memcmp(x->bytes, y->bytes, x->len);

	return order ? order : x->line < y->line ? -1 : 1;
}

static int
find_duplicates(struct parser *p, unsigned first_line)
{
	const struct batch_file *file = p->file;
	struct key *keys = calloc(file->header.count, sizeof *keys);

	if (!keys)
		return KE_NO_MEMORY;
	for (size_t i = 0; i < file->header.count; i++) {
		keys[i].line = first_line + (unsigned)i;
		keys[i].bytes = file->rows ? (const void *)file->rows[i].serial
					   : file->receipts[i].sha256;
		keys[i].len = file->rows ? sizeof file->rows[i].serial : HASH_SHA256_LEN;
	}
	qsort(keys, file->header.count, sizeof *keys, compare_keys);
	for (size_t i = 1; i < file->header.count; i++)
		if (memcmp(keys[i - 1].bytes, keys[i].bytes, keys[i].len) == 0)
			issue_add(p->cursor.issues, keys[i].line, 1, KE_TWICE,
				file->rows ? "serial" : "sha256");
	free(keys);
	return 0;
}

static int
read_rows(struct parser *p)
{
	struct batch_file *file = p->file;
	unsigned first_line = p->cursor.line + 1;
	const char *text;
	size_t len;

	if (file->header.kind == BATCH_RECEIPT)
		file->receipts = calloc(file->header.count, sizeof *file->receipts);
	else
		file->rows = calloc(file->header.count, sizeof *file->rows);
	if (!file->receipts && !file->rows)
		return KE_NO_MEMORY;
	for (size_t i = 0; i < file->header.count; i++) {
		if (!batch_next_line(&text, &len, &p->cursor)) {
			refuse(p, 0, KE_BAD_COUNT, NULL);
			return 0;
		}
		if (file->rows)
			read_row(p, &file->rows[i], text, len);
		else
			read_receipt(p, &file->receipts[i], text, len);
	}
	if (p->cursor.at < p->cursor.len) {
		p->cursor.line++;
		refuse(p, 0, KE_BAD_COUNT, NULL);
	}
	/* A serial that is no serial is told already. */
	return p->cursor.issues->total ? 0 : find_duplicates(p, first_line);
}

int
batch_parse(struct batch_file **out, struct issue_list *issues, const char *content,
	size_t len)
{
	struct parser p = {.cursor = {.content = content, .len = len, .issues = issues}};
	size_t issues_before = issues->total;
	int rc = 0;

	*out = NULL;
	if (len > BATCH_CONTENT_MAX)
		return issue_add_whole(
			issues, &(struct issue){.code = KE_TOO_LONG,
					.detail = {len, BATCH_CONTENT_MAX, "bytes", 0}});
	p.file = calloc(1, sizeof *p.file);
	if (!p.file)
		return KE_NO_MEMORY;
	if (batch_header_read(&p.file->header, &p.cursor))
		rc = read_rows(&p);
	if (rc == 0 && issues->total > issues_before) {
		issue_list_sort(issues);
		rc = issue_first(issues);
	}
	if (rc == 0)
		*out = p.file;
	else
		batch_file_free(p.file);
	return rc;
}

void
batch_file_free(struct batch_file *file)
{
	if (file) {
		free(file->rows);
		free(file->receipts);
	}
	free(file);
}
