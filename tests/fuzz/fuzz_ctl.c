/* SPDX-License-Identifier: MIT */
/* Requests and answers of the control socket: written again, they say the same. */
#include "config.h"
#include "fuzz.h"
#include "proto/ctl_message.h"

static bool
is_clean(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < 0x20 || *text == 0x7f)
			return false;
	return true;
}

static void
take_request(const char *bytes, size_t len)
{
	struct ctl_request request, again;
	const char *key;
	json_t *value;
	size_t line_len;
	char *line;
	int rc = ctl_request_parse(&request, bytes, len);

	if (rc != 0) {
		HOLDS(!request.root && !request.command && !request.args);
		return;
	}
	json_object_foreach(request.args, key, value)
	{
		HOLDS(json_is_string(value) || json_is_integer(value) ||
			json_is_boolean(value));
		HOLDS(!json_is_string(value) || is_clean(json_string_value(value)));
		HOLDS(!json_is_string(value) ||
			strlen(json_string_value(value)) == json_string_length(value));
	}
	rc = ctl_request_format(
		&line, &line_len, request.command, request.args, request.dry_run);
	/* A text that was written short can be too long when it is escaped. */
	HOLDS(rc == 0 || rc == KE_TOO_LONG);
	if (rc == 0) {
		HOLDS(line[line_len - 1] == '\n' &&
			memchr(line, '\n', line_len) == line + line_len - 1);
		HOLDS(ctl_request_parse(&again, line, line_len) == 0);
		HOLDS(strcmp(again.command, request.command) == 0);
		HOLDS(json_equal(again.args, request.args));
		HOLDS(again.dry_run == request.dry_run);
		ctl_request_clear(&again);
		free(line);
	}
	ctl_request_clear(&request);
}

static void
take_answer(const char *bytes, size_t len)
{
	struct ctl_answer answer, again;
	size_t line_len;
	char *line;
	int rc = ctl_answer_parse(&answer, bytes, len);

	if (rc != 0) {
		HOLDS(!answer.root && !answer.type);
		return;
	}
	HOLDS(answer.type && (unsigned)answer.exit <= CTL_EXIT_LAST_);
	rc = ctl_answer_format(&line, &line_len, answer.root);
	HOLDS(rc == 0 || rc == KE_TOO_LONG);
	if (rc == 0) {
		HOLDS(ctl_answer_parse(&again, line, line_len) == 0);
		HOLDS(json_equal(again.root, answer.root));
		HOLDS(again.is_end == answer.is_end && again.exit == answer.exit);
		ctl_answer_clear(&again);
		free(line);
	}
	ctl_answer_clear(&answer);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	take_request((const char *)bytes, len);
	take_answer((const char *)bytes, len);
	return 0;
}

FUZZ_BEGIN
