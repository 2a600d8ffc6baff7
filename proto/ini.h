/* SPDX-License-Identifier: MIT */
/*
 * A reader of INI text, one `key = value` at a time.
 *
 *	[section]
 *	key = value		; comment
 *
 * A comment begins with `#` or `;` at the start of a line or after a blank.  Sections
 * and keys are made of [A-Za-z0-9-_.] and blanks in between (sections only).  A line of
 * another form is an error; there are no continuation lines and no quoting.
 */
#ifndef KEYLINE_PROTO_INI_H
#define KEYLINE_PROTO_INI_H

#include <stddef.h>
#include "proto/error.h"

enum { INI_NAME_MAX = 63, INI_VALUE_MAX = 255 };

/* A reader and what it read last; the text must outlive it. */
struct ini {
	const char *text;
	size_t len;
	size_t at;
	unsigned line;
	char section[INI_NAME_MAX + 1];
	char key[INI_NAME_MAX + 1];
	char value[INI_VALUE_MAX + 1];
};

/* Starts reading text[0..len-1]. */
void ini_begin(struct ini *ini, const char *text, size_t len);

/*
 * Reads the next key; section, key, value and line (from 1) tell it.  Returns 1,
 * 0 at the end, or KE_BAD_CONFIG with line set.
 */
KEYLINE_WARN_UNUSED int ini_next(struct ini *ini);

/*
 * A decimal number without sign in text, min <= number <= max.
 * Returns 0 or KE_BAD_CONFIG.
 */
KEYLINE_WARN_UNUSED int ini_number(
	unsigned long *out, const char *text, unsigned long min, unsigned long max);

#endif
