/* SPDX-License-Identifier: MIT */
/* Persons: a key for the one who calls; others enrolled; what was asked for approved. */
#include "config.h"
#include "ctl/run.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "ctl/ask.h"
#include "ctl/dual.h"
#include "ctl/heard.h"
#include "ctl/key_file.h"
#include "ctl/say.h"
#include "ctl/token.h"
#include "proto/public_key.h"

int
run_person_new(const struct invocation *call)
{
	char path[PATH_MAX];
	int error = key_file_path(path, call->options[OPTION_KEY]);

	if (error == 0)
		error = key_file_begin();
	if (error) {
		say_problem(NULL, error_text(error));
		return CTL_EXIT_FAILED;
	}
	if (token_is_named(path)) {
		say_problem(NULL, "a token's own tool makes its keys; see keylinectl(1), "
				  "TWO PERSONS");
		return CTL_EXIT_USAGE;
	}
	if (invocation_has(call, OPTION_DRY_RUN)) {
		printf("%s\n", path);
		return CTL_EXIT_OK;
	}
	return key_file_make(path) == 0 ? CTL_EXIT_OK : CTL_EXIT_FAILED;
}

static int
read_public(struct public_key *out, const char *path)
{
	char pem[PUBLIC_KEY_PEM_MAX + 1] = "";
	FILE *file = fopen(path, "re");
	size_t len = 0;
	int error;

	if (file)
		len = fread(pem, 1, sizeof pem, file);
	error = !file || ferror(file) ? KE_IO : public_key_parse_pem(out, pem, len);
	if (error)
		say_problem(path, error != KE_IO
					  ? "is no public key of a person; take the "
					    "file that ends in .pub"
				  : errno == EACCES
					  ? "Permission denied; have its owner copy the "
					    "file that ends in .pub to where you can read it"
					  : strerror(errno));
	if (file)
		fclose(file);
	return error;
}

/* The key is the person's own only if its fingerprint came from him. */
static enum ctl_exit
compare(const struct invocation *call, const char *fingerprint)
{
	char grouped[FINGERPRINT_GROUPED_SIZE];

	if (invocation_has(call, OPTION_YES) || invocation_has(call, OPTION_DRY_RUN)) {
		fingerprint_group(grouped, fingerprint);
		fprintf(stderr,
			"fingerprint: %s\n"
			"Compare it with what the person reads out.\n",
			grouped);
		return CTL_EXIT_OK;
	}
	if (!dual_possible(call, "person enroll"))
		return CTL_EXIT_USAGE;
	if (heard_rest(fingerprint, "Have the person read it out to you."))
		return CTL_EXIT_OK;
	return ask_refuse(call, CTL_EXIT_FAILED, error_name(KE_MISMATCH_FINGERPRINT),
		&(struct ctl_telling){"REFUSED",
			"It is another fingerprint; the key is not enrolled.",
			"Have it read out again from what keylinectl person new told; "
			"while they differ the file is not that person's.",
			"keylinectl(1)"});
}

int
run_person_enroll(const struct invocation *call)
{
	char text[PUBLIC_KEY_TEXT_SIZE];
	struct public_key key;
	json_t *args;
	int code;

	if (read_public(&key, call->arguments[1]) != 0)
		return CTL_EXIT_FAILED;
	code = (int)compare(call, key.fingerprint);
	if (code != CTL_EXIT_OK)
		return code;
	args = ask_args(call);
	public_key_text(text, &key);
	json_object_set_new(args, "key", json_string(text));
	code = run_args(call, args);
	json_decref(args);
	return code;
}

int
run_approve(const struct invocation *call)
{
	json_t *args = ask_args(call);
	struct answer answer;
	enum ctl_exit code;

	if (invocation_has(call, OPTION_DRY_RUN)) {
		code = (enum ctl_exit)run_args(call, args);
	} else if (!dual_possible(call, "approve")) {
		code = CTL_EXIT_USAGE;
	} else {
		code = ask(&answer, call, "request text", args, false, true);
		ask_complain(&answer);
		if (code == CTL_EXIT_OK)
			code = dual_sign(call, &answer, NULL, NULL, NULL);
		ask_clear(&answer);
	}
	json_decref(args);
	return (int)code;
}
