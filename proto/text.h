/* SPDX-License-Identifier: MIT */
/* Small work on plain texts, without a locale. */
#ifndef KEYLINE_PROTO_TEXT_H
#define KEYLINE_PROTO_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* Whether text ends in ending and has something before it. */
bool text_ends_in(const char *text, const char *ending);

/* Writes count texts, each of at most stride - 1 bytes in a row of stride bytes, with
 * commas between them; cut to size - 1 bytes, always ended by NUL. */
void text_join(char *out, size_t size, const char *rows, size_t stride, size_t count);

#endif
