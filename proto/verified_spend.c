/* SPDX-License-Identifier: MIT */
/* The one place where a token becomes a line to an etcher. */
#include "proto/line.h"
#include "proto/secret.h"
#include "proto/verified.h"
#include "proto/verified_token.h"

#include <string.h>

static bool
nonce_is_valid(const char *nonce)
{
	return strlen(nonce) == VERIFIED_NONCE_LEN &&
	       strspn(nonce, "0123456789abcdefABCDEF") == VERIFIED_NONCE_LEN;
}

static int
build(struct secret *line, const struct verified_token *content, const char *job,
	const char *nonce_hex, bool test)
{
	struct line_builder b;
	int len;

	line_begin(&b, line, "load", job);
	line_add(&b, "kind", "plate");
	line_add(&b, "serial", content->serial);
	line_add_secret(&b, "text", content->text);
	line_add(&b, "nonce", nonce_hex);
	line_add(&b, "test", test ? "1" : "0");
	len = line_end(&b);
	return len < 0 ? len : 0;
}

int
verified_spend(struct secret **load_line, struct verified **token, const char *job,
	const char *nonce_hex, bool test)
{
	struct verified_token content;
	int rc = KE_NO_MEMORY;

	/* First of all: the token is gone, or the process is. */
	verified_token_take(&content, *token);
	*token = NULL;
	*load_line = NULL;
	if (!nonce_is_valid(nonce_hex))
		rc = KE_BAD_ARGUMENT;
	else
		*load_line = secret_new(LINE_BYTES_MAX);
	if (*load_line)
		rc = build(*load_line, &content, job, nonce_hex, test);
	secret_free(content.text);
	if (rc != 0) {
		secret_free(*load_line);
		*load_line = NULL;
	}
	return rc;
}
