/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "ctl/signer.h"

#include <stdio.h>
#include <string.h>
#include "ctl/key_file.h"
#include "ctl/say.h"
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
					  ? "where is your key?  Give --key FILE"
					  : error_text(error));
		return error;
	}
	error = sign_with_file(signature, &len, path, text, wish);
	if (error)
		return error;
	base64_encode(out, signature, len);
	out[BASE64_LEN(len)] = '\0';
	return 0;
}
