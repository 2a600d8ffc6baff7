/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "ctl/signer.h"

#include <stdio.h>
#include <string.h>
#include "ctl/key_file.h"
#include "ctl/say.h"
#include "ctl/token.h"
#include "proto/approval.h"

/* Only on hosts that make nothing for sale may a key lie about in the clear. */
static bool
is_test(const char *text)
{
	size_t len;
	const char *use = approval_value(&len, text, "use");

	return use && len == strlen("test") && memcmp(use, "test", len) == 0;
}

static int
check(const char *text, const struct public_key *key, const struct signer_wish *wish)
{
	size_t len;
	const char *wanted = approval_value(&len, text, "key");
	int error;

	if (wanted && (len != strlen(key->fingerprint) ||
			      memcmp(wanted, key->fingerprint, len) != 0)) {
		say_problem(NULL, "this is not the key that is enrolled for you; see "
				  "keylinectl person list");
		return KE_UNTRUSTED_SIGNER;
	}
	error = approval_check(
		text, wish->action, wish->object, wish->reason, key->fingerprint);
	if (error)
		say_problem(NULL, error_text(error));
	return error;
}

static int
sign_with_file(unsigned char *signature, size_t *len, const char *path, const char *text,
	const struct signer_wish *wish)
{
	struct private_key *key;
	struct public_key public;
	int error = key_file_read(&key, path, !is_test(text));

	if (error)
		return error;
	error = public_key_of(&public, key);
	if (error == 0)
		error = check(text, &public, wish);
	if (error == 0) {
		error = private_key_sign(signature, len, key, text, strlen(text));
		if (error)
			say_problem(path, error_text(error));
	}
	private_key_free(key);
	return error;
}

/* A key on a token lies nowhere in the clear, whatever the host is used for. */
static int
sign_with_token(unsigned char *signature, size_t *len, const char *uri, const char *text,
	const struct signer_wish *wish)
{
	struct token *token;
	int error = token_open(&token, uri);

	if (error)
		return error;
	error = check(text, token_public(token), wish);
	if (error == 0)
		error = token_sign(signature, len, token, text, strlen(text));
	token_free(token);
	return error;
}

int
signer_sign(char out[SIGNER_TEXT_SIZE], const struct invocation *call, const char *text,
	const struct signer_wish *wish)
{
	unsigned char signature[SIGNATURE_MAX];
	char path[PATH_MAX];
	size_t len;
	int error = key_file_path(path, call->options[OPTION_KEY]);

	if (error == 0)
		error = key_file_begin();
	if (error) {
		say_problem(NULL, error == KE_NOT_FOUND
					  ? "where is your key?  Give --key KEY"
					  : error_text(error));
		return error;
	}
	error = token_is_named(path)
			? sign_with_token(signature, &len, path, text, wish)
			: sign_with_file(signature, &len, path, text, wish);
	if (error)
		return error;
	base64_encode(out, signature, len);
	out[BASE64_LEN(len)] = '\0';
	return 0;
}
