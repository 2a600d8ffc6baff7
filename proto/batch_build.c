/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "proto/batch_inner.h"

#include <stdlib.h>
#include <string.h>
#include "proto/base64.h"

void
batch_rows_init(struct batch_rows *rows)
{
	buffer_init(&rows->text, BATCH_CONTENT_MAX);
	rows->count = 0;
}

void
batch_rows_free(struct batch_rows *rows)
{
	buffer_free(&rows->text);
	rows->count = 0;
}

static int
end_row(struct batch_rows *rows)
{
	buffer_text(&rows->text, "\n");
	rows->count++;
	if (rows->text.error == 0 && rows->count > BATCH_ROWS_MAX)
		rows->text.error = KE_TOO_LONG;
	return rows->text.error;
}

int
batch_rows_add(struct batch_rows *rows, const char *serial, const unsigned char *der,
	size_t der_len)
{
	char *sealed;

	if (der_len > CMS_SEALED_MAX)
		return KE_TOO_LONG;
	buffer_text(&rows->text, serial);
	buffer_text(&rows->text, ",");
	sealed = buffer_extend(&rows->text, BASE64_LEN(der_len));
	if (sealed)
		base64_encode(sealed, der, der_len);
	return end_row(rows);
}

int
batch_rows_add_plain(struct batch_rows *rows, const char *serial, const char *word)
{
	buffer_format(&rows->text, "%s,%s", serial, word);
	return end_row(rows);
}

void
batch_sha256_write(struct buffer *b, const unsigned char hash[HASH_SHA256_LEN])
{
	for (size_t i = 0; i < HASH_SHA256_LEN; i++)
		buffer_format(b, "%02x", hash[i]);
}

int
batch_rows_add_receipt(struct batch_rows *rows, const struct batch_receipt *receipt)
{
	batch_sha256_write(&rows->text, receipt->sha256);
	buffer_format(&rows->text, ",%s,%llu,accepted", batch_kind_name(receipt->kind),
		(unsigned long long)receipt->sequence);
	return end_row(rows);
}

int
batch_build(char **content, size_t *len, struct batch_file **file,
	const struct batch_header *header, const struct batch_rows *rows)
{
	struct issue_list issues = ISSUE_LIST_EMPTY;
	struct batch_header complete = *header;
	struct buffer b;
	int rc;

	*content = NULL;
	*len = 0;
	*file = NULL;
	if (rows->text.error)
		return rows->text.error;
	complete.count = (uint32_t)rows->count;
	buffer_init(&b, BATCH_CONTENT_MAX);
	batch_header_write(&b, &complete);
	buffer_append(&b, rows->text.bytes, rows->text.len);
	rc = buffer_take(content, len, &b);
	if (rc == 0)
		rc = batch_parse(file, &issues, *content, *len);
	issue_list_clear(&issues);
	if (rc != 0) {
		free(*content);
		*content = NULL;
		*len = 0;
	}
	return rc;
}
