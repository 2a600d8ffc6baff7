/* SPDX-License-Identifier: MIT */
#include "proto/buffer.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_CAPACITY = 256 };

void
buffer_init(struct buffer *b, size_t limit)
{
	memset(b, 0, sizeof *b);
	b->limit = limit;
}

void
buffer_free(struct buffer *b)
{
	free(b->bytes);
	b->bytes = NULL;
	b->len = b->capacity = 0;
}

/* Makes room for len more bytes and a NUL. */
static int
grow(struct buffer *b, size_t len)
{
	size_t capacity = b->capacity ? b->capacity : FIRST_CAPACITY;
	char *bytes;

	if (b->error)
		return b->error;
	if (len > b->limit - b->len)
		return b->error = KE_TOO_LONG;
	while (capacity <= b->len + len)
		capacity *= 2;
	if (capacity == b->capacity)
		return 0;
	bytes = realloc(b->bytes, capacity);
	if (!bytes)
		return b->error = KE_NO_MEMORY;
	b->bytes = bytes;
	b->capacity = capacity;
	return 0;
}

void *
buffer_extend(struct buffer *b, size_t len)
{
	char *at;

	if (grow(b, len) != 0)
		return NULL;
	at = b->bytes + b->len;
	b->len += len;
	b->bytes[b->len] = '\0';
	return at;
}

void
buffer_append(struct buffer *b, const void *bytes, size_t len)
{
	void *at = buffer_extend(b, len);

	if (at && len)
		memcpy(at, bytes, len);
}

void
buffer_text(struct buffer *b, const char *text)
{
	buffer_append(b, text, strlen(text));
}

void
buffer_format(struct buffer *b, const char *format, ...)
{
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (len < 0) {
		b->error = b->error ? b->error : KE_BAD_ARGUMENT;
		return;
	}
	if (grow(b, (size_t)len) != 0)
		return;
	va_start(args, format);
	vsnprintf(b->bytes + b->len, (size_t)len + 1, format, args);
	va_end(args);
	b->len += (size_t)len;
}

int
buffer_take(char **out, size_t *len, struct buffer *b)
{
	int rc;

	*out = NULL;
	*len = 0;
	/* An empty content is a string too. */
	rc = grow(b, 0);
	if (rc != 0) {
		buffer_free(b);
		return rc;
	}
	b->bytes[b->len] = '\0';
	*out = b->bytes;
	*len = b->len;
	b->bytes = NULL;
	b->len = b->capacity = 0;
	return 0;
}
