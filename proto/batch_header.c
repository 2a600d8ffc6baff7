/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "proto/batch_inner.h"

#include <string.h>

enum { FORMAT_VERSION = 1 };

static int
read_version(struct batch_header *header, const char *text, size_t len)
{
	uint64_t version;

	(void)header;
	if (!batch_number_parse(&version, text, len, UINT32_MAX) || version == 0)
		return KE_BAD_FIELD;
	return version > FORMAT_VERSION ? KE_NEWER_FORMAT : 0;
}

static void
write_version(struct buffer *b, const struct batch_header *header)
{
	(void)header;
	buffer_format(b, "%d", FORMAT_VERSION);
}

static int
read_kind(struct batch_header *header, const char *text, size_t len)
{
	return batch_kind_parse(&header->kind, text, len) ? 0 : KE_BAD_FIELD;
}

static void
write_kind(struct buffer *b, const struct batch_header *header)
{
	buffer_text(b, batch_kind_name(header->kind));
}

static int
read_use(struct batch_header *header, const char *text, size_t len)
{
	return use_parse(&header->use, text, len) ? 0 : KE_BAD_FIELD;
}

static void
write_use(struct buffer *b, const struct batch_header *header)
{
	buffer_text(b, use_name(header->use));
}

static int
read_sender(struct batch_header *header, const char *text, size_t len)
{
	if (!name_is_host(text, len))
		return KE_BAD_FIELD;
	memcpy(header->sender, text, len);
	return 0;
}

static void
write_sender(struct buffer *b, const struct batch_header *header)
{
	buffer_text(b, header->sender);
}

static int
read_recipient(struct batch_header *header, const char *text, size_t len)
{
	if (!name_is_host(text, len))
		return KE_BAD_FIELD;
	memcpy(header->recipient, text, len);
	return 0;
}

static void
write_recipient(struct buffer *b, const struct batch_header *header)
{
	buffer_text(b, header->recipient);
}

static int
read_batch(struct batch_header *header, const char *text, size_t len)
{
	if (!name_is_batch(text, len))
		return KE_BAD_FIELD;
	memcpy(header->batch, text, len);
	return 0;
}

static void
write_batch(struct buffer *b, const struct batch_header *header)
{
	buffer_text(b, header->batch);
}

static int
read_part(struct batch_header *header, const char *text, size_t len)
{
	const char *comma = memchr(text, ',', len);
	size_t first = comma ? (size_t)(comma - text) : len;
	uint64_t part, parts;

	if (!comma || !batch_number_parse(&part, text, first, BATCH_PARTS_MAX) ||
		!batch_number_parse(
			&parts, comma + 1, len - first - 1, BATCH_PARTS_MAX) ||
		part < 1 || part > parts)
		return KE_BAD_FIELD;
	header->part = (uint32_t)part;
	header->parts = (uint32_t)parts;
	return 0;
}

static void
write_part(struct buffer *b, const struct batch_header *header)
{
	buffer_format(b, "%u,%u", (unsigned)header->part, (unsigned)header->parts);
}

static int
read_sequence(struct batch_header *header, const char *text, size_t len)
{
	if (!batch_number_parse(&header->sequence, text, len, BATCH_SEQUENCE_MAX) ||
		header->sequence == 0)
		return KE_BAD_FIELD;
	return 0;
}

static void
write_sequence(struct buffer *b, const struct batch_header *header)
{
	buffer_format(b, "%llu", (unsigned long long)header->sequence);
}

/* The first of a sequence, and only it, has none before it. */
static int
read_previous(struct batch_header *header, const char *text, size_t len)
{
	static const unsigned char none[HASH_SHA256_LEN];
	bool is_none = batch_text_is(text, len, "none");

	if (is_none != (header->sequence == 1))
		return KE_BAD_FIELD;
	if (is_none)
		return 0;
	return batch_sha256_parse(header->previous, text, len) &&
			       memcmp(header->previous, none, sizeof none) != 0
		       ? 0
		       : KE_BAD_FIELD;
}

static void
write_previous(struct buffer *b, const struct batch_header *header)
{
	if (header->sequence == 1)
		buffer_text(b, "none");
	else
		batch_sha256_write(b, header->previous);
}

static int
read_created(struct batch_header *header, const char *text, size_t len)
{
	int64_t seconds;
	int rc = utc_parse(&seconds, text, len);

	return rc == 0 ? utc_format(header->created, seconds) : rc;
}

static void
write_created(struct buffer *b, const struct batch_header *header)
{
	buffer_text(b, header->created);
}

/* NUMBER,HASH */
static int
read_head(struct ledger_head *out, const char *text, size_t len)
{
	const char *comma = memchr(text, ',', len);
	size_t number = comma ? (size_t)(comma - text) : len;
	struct ledger_head head;

	if (!comma || !batch_number_parse(&head.seq, text, number, BATCH_SEQUENCE_MAX) ||
		head.seq == 0 ||
		!batch_sha256_parse(head.hash, comma + 1, len - number - 1))
		return KE_BAD_FIELD;
	*out = head;
	return 0;
}

static void
write_head(struct buffer *b, const struct ledger_head *head)
{
	buffer_format(b, "%llu,", (unsigned long long)head->seq);
	batch_sha256_write(b, head->hash);
}

static int
read_ledger(struct batch_header *header, const char *text, size_t len)
{
	return read_head(&header->ledger, text, len);
}

static void
write_ledger(struct buffer *b, const struct batch_header *header)
{
	write_head(b, &header->ledger);
}

static int
read_witness(struct batch_header *header, const char *text, size_t len)
{
	return batch_text_is(text, len, "none") ? 0
						: read_head(&header->witness, text, len);
}

static void
write_witness(struct buffer *b, const struct batch_header *header)
{
	if (header->witness.seq == 0)
		buffer_text(b, "none");
	else
		write_head(b, &header->witness);
}

static int
read_product(struct batch_header *header, const char *text, size_t len)
{
	if (!name_is_product(text, len))
		return KE_BAD_FIELD;
	memcpy(header->product, text, len);
	return 0;
}

static void
write_product(struct buffer *b, const struct batch_header *header)
{
	buffer_text(b, header->product);
}

static int
read_coins(struct batch_header *header, const char *text, size_t len)
{
	return batch_coins_read(&header->coins, text, len);
}

static void
write_coins(struct buffer *b, const struct batch_header *header)
{
	for (size_t i = 0; i < header->coins.count; i++) {
		buffer_text(b, i ? "," : "");
		buffer_text(b, header->coins.tickers[i]);
	}
}

static int
read_draws(struct batch_header *header, const char *text, size_t len)
{
	uint64_t draws;

	if (!batch_number_parse(&draws, text, len, BATCH_DRAWS_MAX))
		return KE_BAD_FIELD;
	header->draws = (uint32_t)draws;
	return 0;
}

static void
write_draws(struct buffer *b, const struct batch_header *header)
{
	buffer_format(b, "%u", (unsigned)header->draws);
}

static int
read_count(struct batch_header *header, const char *text, size_t len)
{
	uint64_t count;

	if (!batch_number_parse(&count, text, len, UINT32_MAX) || count == 0)
		return KE_BAD_FIELD;
	if (count > BATCH_ROWS_MAX)
		return KE_TOO_LONG;
	header->count = (uint32_t)count;
	return 0;
}

static void
write_count(struct buffer *b, const struct batch_header *header)
{
	buffer_format(b, "%u", (unsigned)header->count);
}

/* Which kinds have a line. */
enum {
	PASSPHRASES = 1 << BATCH_PASSPHRASES,
	SEALED = (1 << BATCH_SHIPMENT) - 1,
	ALL = (1 << BATCH_KINDS) - 1
};

static const struct header_line {
	const char *key;
	unsigned kinds;
	/* Whether nothing can be read when it is wrong. */
	bool is_vital;
	int (*read)(struct batch_header *header, const char *text, size_t len);
	void (*write)(struct buffer *b, const struct batch_header *header);
} header_lines[] = {
	{"keyline", ALL, true, read_version, write_version},
	{"kind", ALL, true, read_kind, write_kind},
	{"use", ALL, false, read_use, write_use},
	{"sender", ALL, false, read_sender, write_sender},
	{"recipient", ALL, false, read_recipient, write_recipient},
	{"batch", ALL, false, read_batch, write_batch},
	{"part", ALL, false, read_part, write_part},
	{"sequence", ALL, false, read_sequence, write_sequence},
	{"previous", ALL, false, read_previous, write_previous},
	{"created", ALL, false, read_created, write_created},
	{"ledger", ALL, false, read_ledger, write_ledger},
	{"witness", ALL, false, read_witness, write_witness},
	{"product", SEALED, false, read_product, write_product},
	{"coins", SEALED, false, read_coins, write_coins},
	{"draws", PASSPHRASES, false, read_draws, write_draws},
	{"count", ALL, true, read_count, write_count},
};

enum { HEADER_LINES = sizeof header_lines / sizeof header_lines[0] };

static const char *const column_lines[BATCH_KINDS] = {
	[BATCH_CODES] = "serial,sealed",
	[BATCH_PASSPHRASES] = "serial,sealed",
	[BATCH_CONFIRMATIONS] = "serial,sealed",
	[BATCH_STICKERS] = "serial,sealed",
	[BATCH_SHIPMENT] = "serial,state",
	[BATCH_RECEIPT] = "sha256,kind,sequence,outcome",
	[BATCH_RESULTS] = "serial,result",
	[BATCH_NOTICE] = "serial,notice",
};

static bool
read_line(struct batch_header *out, struct batch_cursor *cursor,
	const struct header_line *expected)
{
	size_t key = strlen(expected->key), len;
	const char *text;
	int rc;

	if (!batch_next_line(&text, &len, cursor) || len <= key || text[key] != ',' ||
		memcmp(text, expected->key, key) != 0) {
		issue_add(cursor->issues, cursor->line, 1, KE_BAD_HEADER, expected->key);
		return false;
	}
	rc = expected->read(out, text + key + 1, len - key - 1);
	if (rc != 0)
		issue_add(cursor->issues, cursor->line, 2, rc, expected->key);
	return rc == 0 || !expected->is_vital;
}

bool
batch_header_read(struct batch_header *out, struct batch_cursor *cursor)
{
	const char *text;
	size_t len;

	memset(out, 0, sizeof *out);
	for (size_t i = 0; i < HEADER_LINES; i++)
		if (header_lines[i].kinds & 1U << out->kind || i < 2)
			if (!read_line(out, cursor, &header_lines[i]))
				return false;
	if (!batch_next_line(&text, &len, cursor) ||
		!batch_text_is(text, len, column_lines[out->kind])) {
		issue_add(cursor->issues, cursor->line, 1, KE_BAD_HEADER, "columns");
		return false;
	}
	return true;
}

int
batch_header_parse(struct batch_header *out, struct issue_list *issues,
	const char *content, size_t len)
{
	struct batch_cursor cursor = {.content = content, .len = len, .issues = issues};
	size_t issues_before = issues->total;

	if (batch_header_read(out, &cursor) && issues->total == issues_before)
		return 0;
	issue_list_sort(issues);
	return issue_first(issues);
}

void
batch_header_write(struct buffer *b, const struct batch_header *header)
{
	for (size_t i = 0; i < HEADER_LINES; i++) {
		if (!(header_lines[i].kinds & 1U << header->kind))
			continue;
		buffer_format(b, "%s,", header_lines[i].key);
		header_lines[i].write(b, header);
		buffer_text(b, "\n");
	}
	buffer_format(b, "%s\n", column_lines[header->kind]);
}
