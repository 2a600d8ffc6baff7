/* SPDX-License-Identifier: MIT */
/* The parser of driver lines. */
#include "proto/line.h"
#include "proto/line_set.h"

#include <string.h>

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

/* Decodes value[0..*len-1] in place and ends it with a NUL, within one byte after it. */
static int
decode_value(char *value, size_t *len)
{
	size_t out = 0;

	for (size_t in = 0; in < *len; in++) {
		unsigned char byte = (unsigned char)value[in];

		if (byte == '%') {
			int high, low;

			if (*len - in < 3)
				return KE_BAD_LINE;
			high = hex_digit(value[in + 1]);
			low = hex_digit(value[in + 2]);
			if (high < 0 || low < 0)
				return KE_BAD_LINE;
			byte = (unsigned char)(high << 4 | low);
			if (!line_set_allowed(byte))
				return KE_BAD_LINE;
			in += 2;
		} else if (!line_set_plain(byte)) {
			return KE_BAD_LINE;
		}
		value[out++] = (char)byte;
	}
	value[out] = '\0';
	*len = out;
	return 0;
}

static int
parse_field(struct line *line, char *word, size_t len)
{
	char *equals = memchr(word, '=', len);
	struct line_field *field;
	size_t key_len;

	if (!equals || line->count == LINE_FIELDS_MAX)
		return KE_BAD_LINE;
	key_len = (size_t)(equals - word);
	if (!line_set_word(word, key_len))
		return KE_BAD_LINE;
	*equals = '\0';
	if (line_field(line, word))
		return KE_BAD_LINE;
	field = &line->fields[line->count];
	field->key = word;
	field->value = equals + 1;
	field->len = len - key_len - 1;
	if (decode_value(equals + 1, &field->len) != 0)
		return KE_BAD_LINE;
	line->count++;
	return 0;
}

int
line_parse(struct line *line, char *bytes, size_t len)
{
	size_t at = 0;

	memset(line, 0, sizeof *line);
	if (len == 0 || len > LINE_BYTES_MAX || bytes[len - 1] != '\n')
		return KE_BAD_LINE;
	for (unsigned word = 0; at < len; word++) {
		char *start = bytes + at;
		char *space = memchr(start, ' ', len - 1 - at);
		size_t word_len = space ? (size_t)(space - start) : len - 1 - at;
		int ok;

		start[word_len] = '\0';
		at += word_len + 1;
		if (word == 0) {
			ok = line_set_word(start, word_len);
			line->verb = start;
		} else if (word == 1) {
			ok = line_set_job(start, word_len);
			line->job = start;
		} else {
			ok = parse_field(line, start, word_len) == 0;
		}
		if (!ok)
			return KE_BAD_LINE;
	}
	return line->job ? 0 : KE_BAD_LINE;
}

const struct line_field *
line_field(const struct line *line, const char *key)
{
	for (size_t i = 0; i < line->count; i++)
		if (strcmp(line->fields[i].key, key) == 0)
			return &line->fields[i];
	return NULL;
}

const char *
line_value(const struct line *line, const char *key)
{
	const struct line_field *field = line_field(line, key);

	return field ? field->value : NULL;
}

int
line_number(uint64_t *out, const struct line *line, const char *key, uint64_t max)
{
	const char *text = line_value(line, key);
	uint64_t number = 0;

	if (!text || !*text || (text[0] == '0' && text[1]))
		return KE_BAD_LINE;
	for (; *text; text++) {
		unsigned digit = (unsigned)(unsigned char)*text - '0';

		if (digit > 9 || number > (UINT64_MAX - digit) / 10)
			return KE_BAD_LINE;
		number = number * 10 + digit;
	}
	if (number > max)
		return KE_BAD_LINE;
	*out = number;
	return 0;
}
