/* SPDX-License-Identifier: MIT */
#include "proto/line_set.h"
#include "proto/line.h"

#include <string.h>

/* By hand, not <ctype.h>: the locale must not change a protocol. */
static bool
is_small(unsigned char c)
{
	return c >= 'a' && c <= 'z';
}

static bool
is_digit(unsigned char c)
{
	return c >= '0' && c <= '9';
}

bool
line_set_plain(unsigned char c)
{
	return is_small(c) || is_digit(c) || (c >= 'A' && c <= 'Z') ||
	       (c != '\0' && strchr("._:/+-", c) != NULL);
}

bool
line_set_allowed(unsigned char c)
{
	return c >= 0x20 && c != 0x7f;
}

bool
line_set_word(const char *text, size_t len)
{
	if (len == 0 || len > LINE_WORD_MAX || !is_small((unsigned char)text[0]))
		return false;
	for (size_t i = 1; i < len; i++) {
		unsigned char c = (unsigned char)text[i];

		if (!is_small(c) && !is_digit(c) && c != '-' && c != '_')
			return false;
	}
	return true;
}

bool
line_set_job(const char *text, size_t len)
{
	if (len == 0 || len > LINE_JOB_MAX)
		return false;
	for (size_t i = 0; i < len; i++)
		if (!line_set_plain((unsigned char)text[i]))
			return false;
	return true;
}
