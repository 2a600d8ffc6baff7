/* SPDX-License-Identifier: MIT */
/* What the files of the batch module share. */
#ifndef KEYLINE_PROTO_BATCH_INNER_H
#define KEYLINE_PROTO_BATCH_INNER_H

#include "proto/batch.h"

/* Sequence numbers stay exact in JSON. */
#define BATCH_SEQUENCE_MAX (UINT64_C(1) << 53)

/* Where a parser stands in a content. */
struct batch_cursor {
	const char *content;
	size_t len;
	size_t at;
	/* The number of the line that was read last. */
	unsigned line;
	struct issue_list *issues;
};

/*
 * The next line without its LF; false at the end.  A line with other characters than
 * printable ASCII, or without LF, is an issue and is given out empty.
 */
bool batch_next_line(const char **text, size_t *len, struct batch_cursor *cursor);

bool batch_text_is(const char *text, size_t len, const char *word);

/* Decimal digits without a leading zero, up to max. */
bool batch_number_parse(uint64_t *out, const char *text, size_t len, uint64_t max);

KEYLINE_WARN_UNUSED int batch_coins_read(
	struct batch_coins *out, const char *text, size_t len);
bool batch_word_parse(
	enum batch_word *out, enum batch_kind kind, const char *text, size_t len);

/* 64 lower-case hex digits. */
bool batch_sha256_parse(unsigned char out[HASH_SHA256_LEN], const char *text, size_t len);
void batch_sha256_write(struct buffer *b, const unsigned char hash[HASH_SHA256_LEN]);

/* The header lines and the column line; false when what follows cannot be read. */
bool batch_header_read(struct batch_header *out, struct batch_cursor *cursor);
void batch_header_write(struct buffer *b, const struct batch_header *header);

#endif
