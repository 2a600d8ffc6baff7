/* SPDX-License-Identifier: MIT */
/*
 * A growing buffer of bytes that are no secret.  The first error stays: the calls
 * after it change nothing, and buffer_take tells it, so callers check once.
 */
#ifndef KEYLINE_PROTO_BUFFER_H
#define KEYLINE_PROTO_BUFFER_H

#include <stddef.h>
#include "proto/error.h"

struct buffer {
	char *bytes;
	size_t len;
	size_t capacity;
	/* No content longer than this: KE_TOO_LONG. */
	size_t limit;
	int error;
};

/* Makes b an empty buffer that may grow up to limit bytes. */
void buffer_init(struct buffer *b, size_t limit);

/* Appends bytes, a string, or formatted text. */
void buffer_append(struct buffer *b, const void *bytes, size_t len);
void buffer_text(struct buffer *b, const char *text);
void buffer_format(struct buffer *b, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * Room for len more bytes, which the caller fills; NULL after an error.  The bytes
 * count as appended.
 */
void *buffer_extend(struct buffer *b, size_t len);

/*
 * Hands the bytes over (free() them; a NUL stands behind the last one) and leaves b
 * empty.  Returns 0, or the first error with *out NULL; b is freed then.
 */
KEYLINE_WARN_UNUSED int buffer_take(char **out, size_t *len, struct buffer *b);

/* Frees the bytes; b may be used again after buffer_init. */
void buffer_free(struct buffer *b);

#endif
