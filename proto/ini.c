/* SPDX-License-Identifier: MIT */
#include "proto/ini.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static bool
is_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
}

void
ini_begin(struct ini *ini, const char *text, size_t len)
{
	memset(ini, 0, sizeof *ini);
	ini->text = text;
	ini->len = len;
}

/* A stretch of one line. */
struct span {
	const char *start;
	size_t len;
};

static struct span
trimmed(struct span s)
{
	while (s.len > 0 && is_blank(s.start[0])) {
		s.start++;
		s.len--;
	}
	while (s.len > 0 && is_blank(s.start[s.len - 1]))
		s.len--;
	return s;
}

/* The next line without its comment and the blanks around it. */
static struct span
next_line(struct ini *ini)
{
	struct span s = {ini->text + ini->at, 0};
	const char *end = memchr(s.start, '\n', ini->len - ini->at);

	s.len = end ? (size_t)(end - s.start) : ini->len - ini->at;
	ini->at += s.len + (end ? 1 : 0);
	ini->line++;
	for (size_t i = 0; i < s.len; i++) {
		if ((s.start[i] == '#' || s.start[i] == ';') &&
			(i == 0 || is_blank(s.start[i - 1]))) {
			s.len = i;
			break;
		}
	}
	return trimmed(s);
}

/* Copies a name, in which blanks may stand when told so. */
static int
copy_name(char out[INI_NAME_MAX + 1], struct span s, bool blanks)
{
	if (s.len == 0 || s.len > INI_NAME_MAX)
		return KE_BAD_CONFIG;
	for (size_t i = 0; i < s.len; i++) {
		if (!is_name(s.start[i]) && !(blanks && s.start[i] == ' '))
			return KE_BAD_CONFIG;
	}
	memcpy(out, s.start, s.len);
	out[s.len] = '\0';
	return 0;
}

static int
copy_value(char out[INI_VALUE_MAX + 1], struct span s)
{
	if (s.len > INI_VALUE_MAX || memchr(s.start, '\0', s.len))
		return KE_BAD_CONFIG;
	memcpy(out, s.start, s.len);
	out[s.len] = '\0';
	return 0;
}

/* Takes `[section]` or `key = value`.  Returns 1 for a key, 0 for a section. */
static int
take_line(struct ini *ini, struct span s)
{
	const char *equals;
	struct span key, value;

	if (s.start[0] == '[') {
		if (s.len < 3 || s.start[s.len - 1] != ']')
			return KE_BAD_CONFIG;
		return copy_name(ini->section,
			trimmed((struct span){s.start + 1, s.len - 2}), true);
	}
	equals = memchr(s.start, '=', s.len);
	if (!equals)
		return KE_BAD_CONFIG;
	key = trimmed((struct span){s.start, (size_t)(equals - s.start)});
	value = trimmed(
		(struct span){equals + 1, s.len - (size_t)(equals + 1 - s.start)});
	if (copy_name(ini->key, key, false) != 0 || copy_value(ini->value, value) != 0)
		return KE_BAD_CONFIG;
	return 1;
}

int
ini_next(struct ini *ini)
{
	while (ini->at < ini->len) {
		struct span s = next_line(ini);
		int rc = s.len > 0 ? take_line(ini, s) : 0;

		if (rc != 0)
			return rc;
	}
	return 0;
}

int
ini_number(unsigned long *out, const char *text, unsigned long min, unsigned long max)
{
	unsigned long value = 0;

	if (*text == '\0')
		return KE_BAD_CONFIG;
	for (; *text; text++) {
		unsigned long digit = (unsigned long)(*text - '0');

		if (*text < '0' || *text > '9' || value > (UINT32_MAX - digit) / 10)
			return KE_BAD_CONFIG;
		value = value * 10 + digit;
	}
	if (value < min || value > max)
		return KE_BAD_CONFIG;
	*out = value;
	return 0;
}
