/* SPDX-License-Identifier: MIT */
/* Commands for one wallet, for a list of them, or for a batch's. */
#include "config.h"
#include "ctl/run.h"
#include "ctl/ask.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* What a request has room for, and a serial. */
enum { LIST_MAX = CTL_BYTES_MAX - 2048, SERIAL_MAX = 20 };

struct list {
	char text[LIST_MAX + 1];
	size_t len;
};

static bool
is_serial(const char *word, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!((word[i] >= '0' && word[i] <= '9') ||
			    (word[i] >= 'A' && word[i] <= 'Z') ||
			    (word[i] >= 'a' && word[i] <= 'z') || word[i] == '-'))
			return false;
	return len > 0 && len <= SERIAL_MAX;
}

/* In capitals, with a blank behind it; false when the list is full. */
static bool
add(struct list *list, const char *word, size_t len)
{
	if (list->len + len + 1 > LIST_MAX)
		return false;
	for (size_t i = 0; i < len; i++)
		list->text[list->len++] = word[i] >= 'a' && word[i] <= 'z'
						  ? (char)(word[i] - 'a' + 'A')
						  : word[i];
	list->text[list->len++] = ' ';
	list->text[list->len] = '\0';
	return true;
}

static int
too_long(const struct invocation *call)
{
	return ask_refuse(call, CTL_EXIT_USAGE, "too-long",
		&(struct ctl_telling){"REFUSED",
			"There are too many serials for one command.",
			"Give several commands, or name the batch: --batch BATCH --state "
			"STATE.",
			"keylinectl(1)"});
}

/* The first word of each line, quoted or not; a heading "serial" is passed over. */
static int
add_line(const struct invocation *call, struct list *list, const char *line,
	unsigned number, const char *name)
{
	const char *word = line + strspn(line, " \t\"");
	size_t len = strcspn(word, " \t\r\n\",;");
	char status[256];

	if ((*word == '#' || *word == '\r' || *word == '\n' || *word == '\0') ||
		(list->len == 0 && len == 6 && strncasecmp(word, "serial", len) == 0))
		return CTL_EXIT_OK;
	if (is_serial(word, len))
		return add(list, word, len) ? CTL_EXIT_OK : too_long(call);
	snprintf(status, sizeof status, "%.150s:%u: there is no serial.", name, number);
	return ask_refuse(call, CTL_EXIT_USAGE, "bad-serial",
		&(struct ctl_telling){"REFUSED", status,
			"A list has one serial a line; what is behind it does not count.",
			"keylinectl(1)"});
}

static int
cannot_read(const struct invocation *call, const char *name)
{
	char status[256];

	snprintf(status, sizeof status, "%.150s cannot be read: %s.", name,
		strerror(errno));
	return ask_refuse(call, CTL_EXIT_FAILED, "io",
		&(struct ctl_telling){"REFUSED", status, "Check its name.", NULL});
}

static int
read_list(const struct invocation *call, struct list *list)
{
	const char *name = call->options[OPTION_FROM];
	FILE *file = strcmp(name, "-") == 0 ? stdin : fopen(name, "re");
	char *line = NULL;
	size_t size = 0;
	unsigned number = 0;
	int code = CTL_EXIT_OK;

	if (!file)
		return cannot_read(call, name);
	while (code == CTL_EXIT_OK && getline(&line, &size, file) >= 0)
		code = add_line(call, list, line, ++number, name);
	if (code == CTL_EXIT_OK && ferror(file))
		code = cannot_read(call, name);
	else if (code == CTL_EXIT_OK && list->len == 0)
		code = ask_refuse(call, CTL_EXIT_USAGE, "bad-serial",
			&(struct ctl_telling){"REFUSED",
				"There is no serial in the list.",
				"A list has one serial a line.", "keylinectl(1)"});
	free(line);
	if (file != stdin)
		fclose(file);
	return code;
}

static int
add_words(const struct invocation *call, struct list *list)
{
	for (size_t i = 0; i < call->repeated_count; i++)
		if (!add(list, call->repeated[i], strlen(call->repeated[i])))
			return too_long(call);
	return CTL_EXIT_OK;
}

/* args in the form for many: the list, or the batch in capitals. */
static int
fill(const struct invocation *call, json_t *args)
{
	struct list *list = calloc(1, sizeof *list);
	const char *batch = call->options[OPTION_BATCH];
	const char *key = batch ? "batch" : "serials";
	int code;

	if (!list) {
		perror("keylinectl");
		return CTL_EXIT_FAILED;
	}
	if (batch)
		code = add(list, batch, strlen(batch)) ? CTL_EXIT_OK : too_long(call);
	else
		code = call->options[OPTION_FROM] ? read_list(call, list)
						  : add_words(call, list);
	if (list->len)
		list->text[list->len - 1] = '\0';
	(void)json_object_del(args, "serial");
	if (code == CTL_EXIT_OK &&
		json_object_set_new(args, key, json_string(list->text))) {
		fputs("keylinectl: not a text in UTF-8\n", stderr);
		code = CTL_EXIT_USAGE;
	}
	free(list);
	return code;
}

int
run_wallets(const struct invocation *call)
{
	json_t *args;
	int code;

	if (call->options[OPTION_STATE] && !call->options[OPTION_BATCH]) {
		fputs("keylinectl: --state goes with --batch\n", stderr);
		return CTL_EXIT_USAGE;
	}
	if (call->repeated_count == 1)
		return run_request(call);
	args = ask_args(call);
	code = fill(call, args);
	if (code == CTL_EXIT_OK)
		code = run_args(call, args);
	json_decref(args);
	return code;
}
