/* SPDX-License-Identifier: MIT */
/* The digest by which daemon and driver know that they mean the same load. */
#include "proto/hash.h"
#include "proto/line.h"
#include "proto/secret_bytes.h"

#include <string.h>

static const char digest_label[] = "keyline-digest-1";

static const char *const digest_keys[LINE_DIGEST_KEYS] = {
	[LINE_DIGEST_KIND] = "kind",
	[LINE_DIGEST_SERIAL] = "serial",
	[LINE_DIGEST_TEXT] = "text",
	[LINE_DIGEST_EPK] = "epk",
	[LINE_DIGEST_ADDRESS] = "address",
	[LINE_DIGEST_NONCE] = "nonce",
	[LINE_DIGEST_TEST] = "test",
};

static void
put_be32(unsigned char out[4], uint32_t value)
{
	for (unsigned i = 0; i < 4; i++)
		out[i] = (unsigned char)(value >> (24 - 8 * i));
}

int
line_digest_values(unsigned char out[LINE_DIGEST_LEN],
	const struct line_digest_value values[LINE_DIGEST_KEYS])
{
	unsigned char lengths[LINE_DIGEST_KEYS][4];
	struct hash_part parts[1 + 2 * LINE_DIGEST_KEYS] = {
		{digest_label, sizeof digest_label - 1},
	};

	for (unsigned i = 0; i < LINE_DIGEST_KEYS; i++) {
		size_t len = values[i].bytes ? values[i].len : 0;

		if (len >= UINT32_MAX)
			return KE_CRYPTO;
		put_be32(lengths[i], values[i].bytes ? (uint32_t)len : UINT32_MAX);
		parts[1 + 2 * i] = (struct hash_part){lengths[i], 4};
		parts[2 + 2 * i] = (struct hash_part){values[i].bytes, len};
	}
	return hash_sha256_parts(out, parts, sizeof parts / sizeof parts[0]);
}

int
line_digest(unsigned char out[LINE_DIGEST_LEN], const struct line *line)
{
	struct line_digest_value values[LINE_DIGEST_KEYS] = {{NULL, 0}};

	for (unsigned i = 0; i < LINE_DIGEST_KEYS; i++) {
		const struct line_field *field = line_field(line, digest_keys[i]);

		if (field)
			values[i] = (struct line_digest_value){field->value, field->len};
	}
	return line_digest_values(out, values);
}

int
line_digest_built(unsigned char out[LINE_DIGEST_LEN], const struct secret *built)
{
	struct secret *copy = secret_new(secret_len(built));
	struct line line;
	int rc = KE_NO_MEMORY;

	if (!copy)
		goto out;
	rc = secret_append_secret(copy, built);
	if (rc == 0)
		rc = line_parse(&line, (char *)secret_bytes(copy), secret_len(copy));
	if (rc == 0)
		rc = line_digest(out, &line);
out:
	secret_free(copy);
	return rc;
}
