/* SPDX-License-Identifier: MIT */
/* request export: what persons signed, as files that openssl verifies. */
#include "config.h"
#include "ctl/run.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include "ctl/ask.h"
#include "ctl/new_file.h"
#include "ctl/show_parts.h"
#include "proto/public_key.h"

static bool
write_file(const char *path, const void *bytes, size_t len)
{
	bool done = new_file_write(path, bytes, len, 0644);

	if (done)
		printf("%s\n", path);
	return done;
}

/* 12.uid1000.txt, .sig and .pem */
static bool
write_one(const json_t *object, const char *folder)
{
	const char *const keys[] = {"text", "pem", "signature"};
	const char *const endings[] = {"txt", "pem", "sig"};
	const char *person = json_string_value(json_object_get(object, "person"));
	json_int_t id = json_integer_value(json_object_get(object, "request"));
	unsigned char signature[SIGNATURE_MAX];
	char path[PATH_MAX];
	bool done = person && !strchr(person, '/');

	for (size_t i = 0; done && i < sizeof keys / sizeof keys[0]; i++) {
		const char *text = json_string_value(json_object_get(object, keys[i]));
		const void *bytes = text;
		size_t len = text ? strlen(text) : 0;

		/* The signature is told as base64, and kept as openssl takes it. */
		if (i == 2 && text &&
			base64_decode(signature, sizeof signature, &len, text, len) == 0)
			bytes = signature;
		done = snprintf(path, sizeof path, "%s/%" JSON_INTEGER_FORMAT ".%s.%s",
			       folder, id, person, endings[i]) < PATH_MAX &&
		       bytes && write_file(path, bytes, len);
	}
	return done;
}

int
run_request_export(const struct invocation *call)
{
	json_t *args = ask_args(call), *object;
	struct answer answer;
	enum ctl_exit code = ask(&answer, call, "request show", args, false, true);
	size_t index;

	ask_complain(&answer);
	json_array_foreach(answer.objects, index, object)
	{
		const char *type = json_string_value(json_object_get(object, "type"));

		if (type && strcmp(type, "signature") == 0 &&
			!write_one(object, call->options[OPTION_TO]))
			code = CTL_EXIT_FAILED;
	}
	ask_clear(&answer);
	json_decref(args);
	return (int)code;
}
