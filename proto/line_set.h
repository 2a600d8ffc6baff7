/* SPDX-License-Identifier: MIT */
/* The character sets of driver lines, for the parser and the builder alone. */
#ifndef KEYLINE_PROTO_LINE_SET_H
#define KEYLINE_PROTO_LINE_SET_H

#include <stdbool.h>
#include <stddef.h>

/* Whether a value may carry the byte as it is. */
bool line_set_plain(unsigned char byte);

/* Whether a value may stand for the byte at all: no control character. */
bool line_set_allowed(unsigned char byte);

/* Whether text[0..len-1] is a verb or key, a job. */
bool line_set_word(const char *text, size_t len);
bool line_set_job(const char *text, size_t len);

#endif
