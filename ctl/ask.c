/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "ctl/ask.h"
#include "ctl/client.h"
#include "ctl/style.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct collecting {
	struct answer *answer;
	bool print;
};

static void
collect(void *context, json_t *object)
{
	struct collecting *c = context;
	const char *type = json_string_value(json_object_get(object, "type"));

	if (c->print)
		ask_print_json(object);
	if (type && strcmp(type, "error") == 0) {
		json_decref(c->answer->error);
		c->answer->error = json_incref(object);
	} else {
		json_array_append(c->answer->objects, object);
	}
}

void
ask_print_json(const json_t *object)
{
	json_t *whole = json_pack("{s:i}", "schema", CTL_SCHEMA);

	if (whole && json_object_update(whole, (json_t *)(size_t)object) == 0 &&
		json_dumpf(whole, stdout, JSON_COMPACT) == 0)
		putchar('\n');
	json_decref(whole);
}

static struct client_target
target_of(const struct invocation *call)
{
	const char *socket = call->options[OPTION_SOCKET];

	return (struct client_target){.socket = socket ? socket : CLIENT_SOCKET,
		.timeout_s = ask_number(call, OPTION_TIMEOUT, CLIENT_TIMEOUT_S),
		.file = -1};
}

enum ctl_exit
ask(struct answer *answer, const struct invocation *call, const char *command,
	const json_t *args, bool dry_run, bool print)
{
	struct client_target target = target_of(call);
	struct collecting c = {answer, print && invocation_has(call, OPTION_JSON)};

	answer->objects = json_array();
	answer->error = NULL;
	return client_ask(&target, command, args, dry_run, collect, &c);
}

enum ctl_exit
ask_with_file(struct answer *answer, const struct invocation *call, const char *command,
	const json_t *args, int file)
{
	struct client_target target = target_of(call);
	struct collecting c = {answer, invocation_has(call, OPTION_JSON)};

	target.file = file;
	answer->objects = json_array();
	answer->error = NULL;
	return client_ask(&target, command, args,
		invocation_has(call, OPTION_DRY_RUN), collect, &c);
}

void
ask_clear(struct answer *answer)
{
	json_decref(answer->objects);
	json_decref(answer->error);
	memset(answer, 0, sizeof *answer);
}

void
ask_complain(const struct answer *answer)
{
	struct style style = style_of(stderr);
	const char *name = json_string_value(json_object_get(answer->error, "name"));

	if (!answer->error)
		return;
	fflush(stdout);
	fputs("keylinectl: ", stderr);
	style_print(&style, TONE_PLAIN, name ? name : "refused");
	putc('\n', stderr);
	show_fault(answer->error, &style);
}

enum ctl_exit
ask_refuse(const struct invocation *call, enum ctl_exit code, const char *name,
	const struct ctl_telling *telling)
{
	struct answer answer = {.error = ctl_answer_error(name, telling)};

	if (invocation_has(call, OPTION_JSON) && answer.error)
		ask_print_json(answer.error);
	ask_complain(&answer);
	json_decref(answer.error);
	return code;
}

json_t *
ask_args(const struct invocation *call)
{
	const struct argument *arguments = call->command->arguments;
	json_t *args = json_object();

	for (size_t i = 0; arguments[i].name; i++)
		if (arguments[i].key && call->arguments[i])
			json_object_set_new(args, arguments[i].key,
				json_string(call->arguments[i]));
	for (size_t i = 0; i < OPTIONS_; i++) {
		const struct argument *a = &command_option(call->command, i)->argument;

		if (a->key && call->options[i])
			json_object_set_new(args, a->key,
				json_string(a->name ? call->options[i] : a->choices));
	}
	return args;
}

void
ask_command(char out[CTL_COMMAND_MAX + 1], const struct command *command)
{
	snprintf(out, CTL_COMMAND_MAX + 1, "%s%s%s", command->words[0],
		command->words[1] ? " " : "", command->words[1] ? command->words[1] : "");
}

int
ask_number(const struct invocation *call, enum option option, int fallback)
{
	const char *text = call->options[option];
	char *end;
	long n;

	if (!text)
		return fallback;
	n = strtol(text, &end, 10);
	if (text[0] < '0' || text[0] > '9' || *end || n < 1 || n > INT_MAX / 1000)
		return -1;
	return (int)n;
}
