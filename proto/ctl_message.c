/* SPDX-License-Identifier: MIT */
#include "proto/ctl_message.h"
#include <stdlib.h>
#include <string.h>

/* Keys twice are refused: two readers must not see two requests in one line. */
enum { LOAD_FLAGS = JSON_REJECT_DUPLICATES };

struct exit_row {
	int error;
	enum ctl_exit exit;
};

static const struct exit_row exits[] = {
	{KE_OK, CTL_EXIT_OK},
	{KE_BAD_MESSAGE, CTL_EXIT_USAGE},
	{KE_INCOMPLETE, CTL_EXIT_USAGE},
	{KE_BAD_ARGUMENT, CTL_EXIT_USAGE},
	{KE_TOO_LONG, CTL_EXIT_USAGE},
	{KE_NEWER_FORMAT, CTL_EXIT_USAGE},
	{KE_NOT_FOUND, CTL_EXIT_NOT_FOUND},
	{KE_NO_KEY, CTL_EXIT_NOT_FOUND},
	{KE_BAD_STATE, CTL_EXIT_REFUSED},
	{KE_HELD, CTL_EXIT_REFUSED},
	{KE_BUSY, CTL_EXIT_REFUSED},
	{KE_LOCKED, CTL_EXIT_REFUSED},
	{KE_NEED_SECOND, CTL_EXIT_REFUSED},
	{KE_EXPIRED, CTL_EXIT_REFUSED},
	{KE_TIMEOUT, CTL_EXIT_TIMEOUT},
	{KE_NOT_PERMITTED, CTL_EXIT_NOT_PERMITTED},
	{KE_NOT_ENROLLED, CTL_EXIT_NOT_PERMITTED},
};

enum ctl_exit
ctl_exit_of(int error)
{
	size_t i;

	for (i = 0; i < sizeof(exits) / sizeof(exits[0]); i++)
		if (exits[i].error == error)
			return exits[i].exit;
	return CTL_EXIT_FAILED;
}

/* Small letters in words with one space between: "wallet show". */
static bool
command_is_valid(const char *command)
{
	size_t i, len = strlen(command);

	if (len == 0 || len > CTL_COMMAND_MAX || command[0] == ' ' ||
		command[len - 1] == ' ')
		return false;
	for (i = 0; i < len; i++) {
		if (command[i] == ' ' && command[i + 1] == ' ')
			return false;
		if (command[i] != ' ' && (command[i] < 'a' || command[i] > 'z'))
			return false;
	}
	return true;
}

/* Texts go on into logs and tables: no control character, DEL among them. */
static bool
text_is_clean(const json_t *text)
{
	const char *bytes = json_string_value(text);
	size_t i, len = json_string_length(text);

	for (i = 0; i < len; i++)
		if ((unsigned char)bytes[i] < 0x20 || bytes[i] == 0x7f)
			return false;
	return true;
}

static bool
args_are_scalars(json_t *args)
{
	const char *key;
	json_t *value;

	json_object_foreach(args, key, value)
	{
		if (json_is_string(value)) {
			if (!text_is_clean(value))
				return false;
		} else if (!json_is_integer(value) && !json_is_boolean(value)) {
			return false;
		}
	}
	return true;
}

static int
request_read(struct ctl_request *out)
{
	static const char *const known[] = {"schema", "command", "args", "dry_run"};
	const json_t *schema = json_object_get(out->root, "schema");
	const json_t *command = json_object_get(out->root, "command");
	const json_t *dry_run = json_object_get(out->root, "dry_run");
	size_t i, expected = 0;

	if (!json_is_integer(schema))
		return KE_BAD_MESSAGE;
	if (json_integer_value(schema) != CTL_SCHEMA)
		return KE_NEWER_FORMAT;
	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		expected += json_object_get(out->root, known[i]) != NULL;
	if (json_object_size(out->root) != expected)
		return KE_BAD_MESSAGE;
	if (!json_is_string(command) || !command_is_valid(json_string_value(command)))
		return KE_BAD_MESSAGE;
	if (dry_run && !json_is_boolean(dry_run))
		return KE_BAD_MESSAGE;
	if (!json_object_get(out->root, "args") &&
		json_object_set_new(out->root, "args", json_object()) != 0)
		return KE_NO_MEMORY;
	out->args = json_object_get(out->root, "args");
	if (!json_is_object(out->args) || !args_are_scalars(out->args))
		return KE_BAD_MESSAGE;
	out->command = json_string_value(command);
	out->dry_run = json_is_true(dry_run);
	return 0;
}

/* One JSON object in bytes[0..len-1], nothing behind it but white space. */
static int
object_load(json_t **out, const char *bytes, size_t len)
{
	json_t *root;

	*out = NULL;
	if (len > CTL_BYTES_MAX)
		return KE_TOO_LONG;
	root = json_loadb(bytes, len, LOAD_FLAGS, NULL);
	if (!json_is_object(root)) {
		json_decref(root);
		return KE_BAD_MESSAGE;
	}
	*out = root;
	return 0;
}

int
ctl_request_parse(struct ctl_request *out, const char *bytes, size_t len)
{
	int error;

	memset(out, 0, sizeof(*out));
	error = object_load(&out->root, bytes, len);
	if (error == 0)
		error = request_read(out);
	if (error != 0)
		ctl_request_clear(out);
	return error;
}

void
ctl_request_clear(struct ctl_request *request)
{
	json_decref(request->root);
	memset(request, 0, sizeof(*request));
}

const char *
ctl_request_text(const struct ctl_request *request, const char *key)
{
	return json_string_value(json_object_get(request->args, key));
}

/* The object as one compact line with a newline. */
static int
line_format(char **line, size_t *len, const json_t *object)
{
	size_t need = json_dumpb(object, NULL, 0, JSON_COMPACT), got;
	char *bytes;

	*line = NULL;
	*len = 0;
	if (need == 0)
		return KE_NO_MEMORY;
	if (need + 1 > CTL_BYTES_MAX)
		return KE_TOO_LONG;
	bytes = malloc(need + 2);
	if (!bytes)
		return KE_NO_MEMORY;
	got = json_dumpb(object, bytes, need, JSON_COMPACT);
	if (got != need) {
		free(bytes);
		return KE_NO_MEMORY;
	}
	bytes[need] = '\n';
	bytes[need + 1] = '\0';
	*line = bytes;
	*len = need + 1;
	return 0;
}

int
ctl_request_format(
	char **line, size_t *len, const char *command, const json_t *args, bool dry_run)
{
	json_t *root;
	int error;

	*line = NULL;
	*len = 0;
	if (!command_is_valid(command))
		return KE_BAD_MESSAGE;
	root = json_pack("{s:i, s:s, s:o}", "schema", CTL_SCHEMA, "command", command,
		"args", args ? json_deep_copy(args) : json_object());
	if (!root)
		return KE_NO_MEMORY;
	if (!args_are_scalars(json_object_get(root, "args")))
		error = KE_BAD_MESSAGE;
	else if (dry_run && json_object_set_new(root, "dry_run", json_true()) != 0)
		error = KE_NO_MEMORY;
	else
		error = line_format(line, len, root);
	json_decref(root);
	return error;
}

json_t *
ctl_answer_new(const char *type)
{
	return json_pack("{s:s}", "type", type);
}

json_t *
ctl_answer_end(enum ctl_exit code)
{
	return json_pack("{s:s, s:i}", "type", "end", "exit", (int)code);
}

json_t *
ctl_answer_error(const char *name, const struct ctl_telling *telling)
{
	return json_pack("{s:s, s:s, s:s*, s:s*, s:s*, s:s*}", "type", "error", "name",
		name, "state", telling->state, "status", telling->status, "action",
		telling->action, "see", telling->see);
}

int
ctl_answer_format(char **line, size_t *len, const json_t *answer)
{
	return line_format(line, len, answer);
}

static int
answer_read(struct ctl_answer *out)
{
	const json_t *code = json_object_get(out->root, "exit");

	out->type = json_string_value(json_object_get(out->root, "type"));
	if (!out->type)
		return KE_BAD_MESSAGE;
	out->is_end = strcmp(out->type, "end") == 0;
	if (!out->is_end)
		return 0;
	if (!json_is_integer(code) || json_integer_value(code) < 0 ||
		json_integer_value(code) > CTL_EXIT_LAST_)
		return KE_BAD_MESSAGE;
	out->exit = (enum ctl_exit)json_integer_value(code);
	return 0;
}

int
ctl_answer_parse(struct ctl_answer *out, const char *bytes, size_t len)
{
	int error;

	memset(out, 0, sizeof(*out));
	error = object_load(&out->root, bytes, len);
	if (error == 0)
		error = answer_read(out);
	if (error != 0)
		ctl_answer_clear(out);
	return error;
}

void
ctl_answer_clear(struct ctl_answer *answer)
{
	json_decref(answer->root);
	memset(answer, 0, sizeof(*answer));
}
