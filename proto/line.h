/* SPDX-License-Identifier: MIT */
/*
 * Driver lines, as keyline-driver(7) has them:
 *
 *	verb JOB key=value key=value ...\n
 *
 * One space between words, at most LINE_BYTES_MAX bytes with the newline.  A
 * verb without a job has `-` as its job.  verb and key: a small letter, then small
 * letters, digits, `-` and `_`; job: 1 to LINE_JOB_MAX bytes of the plain set.  A
 * value (perhaps empty) is made of the plain set [A-Za-z0-9._:/+-] and of %XX for
 * every other byte; what a value stands for holds no control character.
 */
#ifndef KEYLINE_PROTO_LINE_H
#define KEYLINE_PROTO_LINE_H

#include <stddef.h>
#include <stdint.h>
#include "proto/error.h"

struct secret;

enum {
	LINE_BYTES_MAX = 4096,
	LINE_FIELDS_MAX = 32,
	LINE_WORD_MAX = 32,
	LINE_JOB_MAX = 64,
	LINE_DIGEST_LEN = 32
};

/* One key=value, decoded.  value ends in a NUL that len does not count. */
struct line_field {
	const char *key;
	const char *value;
	size_t len;
};

/* A parsed line; every pointer points into the bytes that were parsed. */
struct line {
	const char *verb;
	const char *job;
	size_t count;
	struct line_field fields[LINE_FIELDS_MAX];
};

/*
 * Parses bytes[0..len-1], one line with its newline at the end, decoding in
 * place; bytes must outlive the line.  Where the bytes are a secret's, so are
 * all values.  Returns 0 or KE_BAD_LINE: too long, no newline at the end, a
 * word that is not as above, a key twice, too many keys.
 */
KEYLINE_WARN_UNUSED int line_parse(struct line *line, char *bytes, size_t len);

/* The field or value of key, NULL when the line lacks it. */
const struct line_field *line_field(const struct line *line, const char *key);
const char *line_value(const struct line *line, const char *key);

/*
 * The value of key as a decimal number without sign or leading zeros.
 * Returns 0, or KE_BAD_LINE when it is absent, no such number or above max.
 */
KEYLINE_WARN_UNUSED int line_number(
	uint64_t *out, const struct line *line, const char *key, uint64_t max);

/*
 * Builds a line.  Begin, add, end; an error on the way is kept and told by the
 * end, so that only line_end() need be checked.  Members are private.
 */
struct line_builder {
	struct secret *secret;
	char *plain;
	size_t plain_size;
	size_t len;
	const char *keys[LINE_FIELDS_MAX];
	size_t count;
	int error;
};

/* Begins a line in out, a secret of at least LINE_BYTES_MAX bytes of room to be sure. */
void line_begin(
	struct line_builder *b, struct secret *out, const char *verb, const char *job);

/* Begins a line without secrets in out[0..size-1]; it will end in a NUL after its
 * newline. */
void line_begin_plain(struct line_builder *b, char *out, size_t size, const char *verb,
	const char *job);

/* Adds key=value.  key must live until line_end(); the value is copied at once. */
void line_add(struct line_builder *b, const char *key, const char *value);
void line_add_bytes(
	struct line_builder *b, const char *key, const void *value, size_t len);
void line_add_number(struct line_builder *b, const char *key, uint64_t value);

/* Adds a secret value; only into a line that is itself a secret. */
void line_add_secret(struct line_builder *b, const char *key, const struct secret *value);

/*
 * Ends the line.  Returns its length in bytes with the newline, or, with the
 * output wiped, KE_TOO_LONG or KE_BAD_ARGUMENT (a word, key or value that a line
 * cannot carry, a key twice).
 */
KEYLINE_WARN_UNUSED int line_end(struct line_builder *b);

/*
 * What daemon and driver both compute over a load and compare before start:
 * SHA-256 over "keyline-digest-1", then, for each key of enum line_digest_key in
 * its order, the length of the value as 4 bytes big-endian and the value; an
 * absent key is the length 0xFFFFFFFF alone.  The job and other keys do not count.
 */
enum line_digest_key {
	LINE_DIGEST_KIND,
	LINE_DIGEST_SERIAL,
	LINE_DIGEST_TEXT,
	LINE_DIGEST_EPK,
	LINE_DIGEST_ADDRESS,
	LINE_DIGEST_NONCE,
	LINE_DIGEST_TEST,
	LINE_DIGEST_KEYS
};

/* A value by its place; bytes NULL = absent. */
struct line_digest_value {
	const void *bytes;
	size_t len;
};

/* The digest over values indexed by enum line_digest_key.  Returns 0 or KE_CRYPTO. */
KEYLINE_WARN_UNUSED int line_digest_values(unsigned char out[LINE_DIGEST_LEN],
	const struct line_digest_value values[LINE_DIGEST_KEYS]);

/* The digest of a parsed line.  Returns 0 or KE_CRYPTO. */
KEYLINE_WARN_UNUSED int line_digest(
	unsigned char out[LINE_DIGEST_LEN], const struct line *line);

/*
 * The digest of a line that line_end() has ended, for the side that sends it.
 * Returns 0, KE_BAD_LINE, KE_NO_MEMORY or KE_CRYPTO.
 */
KEYLINE_WARN_UNUSED int line_digest_built(
	unsigned char out[LINE_DIGEST_LEN], const struct secret *built);

#endif
