/* SPDX-License-Identifier: MIT */
/*
 * Driver lines: what is taken, built of its values, is taken again with the same values
 * and the same digest, and the line that was built is the only one that is built of it.
 */
#include "config.h"
#include "fuzz.h"
#include "proto/line.h"

/* Whether a value could be read as text: no control character. */
static bool
is_text(const struct line_field *field)
{
	for (size_t i = 0; i < field->len; i++)
		if ((unsigned char)field->value[i] < 0x20 || field->value[i] == 0x7f)
			return false;
	return field->value[field->len] == '\0' && strlen(field->value) == field->len;
}

static int
build(char out[LINE_BYTES_MAX + 1], const struct line *line)
{
	struct line_builder b;

	line_begin_plain(&b, out, LINE_BYTES_MAX + 1, line->verb, line->job);
	for (size_t i = 0; i < line->count; i++)
		line_add_bytes(&b, line->fields[i].key, line->fields[i].value,
			line->fields[i].len);
	return line_end(&b);
}

static void
compare(const struct line *a, const struct line *b)
{
	unsigned char digest[2][LINE_DIGEST_LEN];

	HOLDS(strcmp(a->verb, b->verb) == 0 && strcmp(a->job, b->job) == 0);
	HOLDS(a->count == b->count && a->count <= LINE_FIELDS_MAX);
	for (size_t i = 0; i < a->count; i++) {
		HOLDS(strcmp(a->fields[i].key, b->fields[i].key) == 0);
		HOLDS(a->fields[i].len == b->fields[i].len && is_text(&a->fields[i]));
		HOLDS(memcmp(a->fields[i].value, b->fields[i].value, a->fields[i].len) ==
			0);
		HOLDS(line_field(a, a->fields[i].key) == &a->fields[i]);
	}
	HOLDS(line_digest(digest[0], a) == 0 && line_digest(digest[1], b) == 0);
	HOLDS(memcmp(digest[0], digest[1], LINE_DIGEST_LEN) == 0);
}

static void
check_number(const struct line *line)
{
	uint64_t number;
	char text[32];

	if (line_number(&number, line, "counter", UINT32_MAX) != 0)
		return;
	HOLDS(number <= UINT32_MAX);
	HOLDS(snprintf(text, sizeof text, "%llu", (unsigned long long)number) > 0);
	HOLDS(strcmp(text, line_value(line, "counter")) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	char *copy = fuzz_text(bytes, len);
	char built[LINE_BYTES_MAX + 1], built_again[LINE_BYTES_MAX + 1];
	struct line line, again;

	if (line_parse(&line, copy, len) == 0) {
		int built_len = build(built, &line);

		/* What needs no escape may have been escaped: never longer than it was.
		 */
		HOLDS(built_len > 0 && (size_t)built_len <= len);
		check_number(&line);
		strcpy(built_again, built);
		HOLDS(line_parse(&again, built_again, (size_t)built_len) == 0);
		compare(&line, &again);
	}
	free(copy);
	return 0;
}

FUZZ_BEGIN
