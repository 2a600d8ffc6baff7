/* SPDX-License-Identifier: MIT */
#ifndef KEYLINE_PROTO_UTF8_H
#define KEYLINE_PROTO_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/* Whether bytes[0..len-1] are UTF-8 as RFC 3629 has it: shortest forms, no surrogates,
 * nothing above U+10FFFF.  For texts that are no secrets (it branches on them). */
bool utf8_is_valid(const char *bytes, size_t len);

/*
 * Whether bytes[0..len-1] are UTF-8 of which every character is seen as what it is: no
 * control characters, nothing invisible, nothing that turns round what stands beside it.
 * What a person reads is then what he signs, and no terminal is told anything.
 */
bool utf8_is_seen(const char *bytes, size_t len);

/* How many bytes at the NUL-terminated text are one character that utf8_is_seen() refuses (or
 * one byte that is no UTF-8); 0: it is seen, or the text ends. */
size_t utf8_unseen_length(const char *text);

/* Puts a question mark in place of each such character of text, and of each such byte. */
void utf8_mask(char *text);

#endif
