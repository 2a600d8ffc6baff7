/* SPDX-License-Identifier: MIT */
/* The builder of driver lines. */
#include "proto/line.h"
#include "proto/line_set.h"
#include "proto/secret_bytes.h"

#include <string.h>
#include <openssl/crypto.h>

static void
fail(struct line_builder *b, int error)
{
	if (b->error == 0)
		b->error = error;
}

static void
put(struct line_builder *b, const char *bytes, size_t len)
{
	if (b->error)
		return;
	if (len > LINE_BYTES_MAX - b->len) {
		fail(b, KE_TOO_LONG);
		return;
	}
	if (b->secret) {
		int rc = secret_append(b->secret, bytes, len);

		if (rc != 0)
			fail(b, rc);
	} else if (len >= b->plain_size - b->len) {
		fail(b, KE_TOO_LONG);
	} else {
		memcpy(b->plain + b->len, bytes, len);
		b->plain[b->len + len] = '\0';
	}
	if (!b->error)
		b->len += len;
}

static void
put_value(struct line_builder *b, const unsigned char *value, size_t len)
{
	static const char hex[] = "0123456789ABCDEF";

	for (size_t i = 0; i < len && !b->error; i++) {
		unsigned char byte = value[i];
		char code[3] = {'%', hex[byte >> 4], hex[byte & 15]};

		if (!line_set_allowed(byte))
			fail(b, KE_BAD_ARGUMENT);
		else if (line_set_plain(byte))
			put(b, (const char *)&value[i], 1);
		else
			put(b, code, sizeof code);
		OPENSSL_cleanse(code, sizeof code);
	}
}

static void
begin(struct line_builder *b, const char *verb, const char *job)
{
	if (!line_set_word(verb, strlen(verb)) || !line_set_job(job, strlen(job)))
		fail(b, KE_BAD_ARGUMENT);
	put(b, verb, strlen(verb));
	put(b, " ", 1);
	put(b, job, strlen(job));
}

void
line_begin(struct line_builder *b, struct secret *out, const char *verb, const char *job)
{
	memset(b, 0, sizeof *b);
	b->secret = out;
	secret_clear(out);
	begin(b, verb, job);
}

void
line_begin_plain(
	struct line_builder *b, char *out, size_t size, const char *verb, const char *job)
{
	memset(b, 0, sizeof *b);
	b->plain = out;
	b->plain_size = size;
	begin(b, verb, job);
}

static void
put_key(struct line_builder *b, const char *key)
{
	if (b->count == LINE_FIELDS_MAX || !line_set_word(key, strlen(key))) {
		fail(b, KE_BAD_ARGUMENT);
		return;
	}
	for (size_t i = 0; i < b->count; i++)
		if (strcmp(b->keys[i], key) == 0)
			fail(b, KE_BAD_ARGUMENT);
	b->keys[b->count++] = key;
	put(b, " ", 1);
	put(b, key, strlen(key));
	put(b, "=", 1);
}

void
line_add_bytes(struct line_builder *b, const char *key, const void *value, size_t len)
{
	put_key(b, key);
	put_value(b, value, len);
}

void
line_add(struct line_builder *b, const char *key, const char *value)
{
	line_add_bytes(b, key, value, strlen(value));
}

void
line_add_number(struct line_builder *b, const char *key, uint64_t value)
{
	char digits[20];
	size_t at = sizeof digits;

	do
		digits[--at] = (char)('0' + value % 10);
	while ((value /= 10) != 0);
	line_add_bytes(b, key, digits + at, sizeof digits - at);
}

void
line_add_secret(struct line_builder *b, const char *key, const struct secret *value)
{
	if (!b->secret)
		fail(b, KE_BAD_ARGUMENT);
	put_key(b, key);
	put_value(b, secret_view(value), secret_len(value));
}

int
line_end(struct line_builder *b)
{
	put(b, "\n", 1);
	if (b->error == 0)
		return (int)b->len;
	if (b->secret)
		secret_clear(b->secret);
	else
		OPENSSL_cleanse(b->plain, b->plain_size);
	return b->error;
}
