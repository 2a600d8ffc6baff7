/* SPDX-License-Identifier: MIT */
/* Commands that are one question to the daemon: plain ones, status, watch. */
#include "config.h"
#include "ctl/run.h"
#include "ctl/ask.h"
#include "ctl/dual.h"
#include "ctl/prompt.h"
#include "ctl/show_parts.h"
#include "ctl/style.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

/* More than any object that is signed. */
enum { CTL_OBJECT_MAX = 256 };

/* What came, on stdout; a refusal on stderr. */
static void
show(const struct invocation *call, const struct answer *answer, enum ctl_exit code)
{
	struct style style = style_of(stdout);

	/* An empty list is told as one. */
	if (!invocation_has(call, OPTION_JSON) &&
		(json_array_size(answer->objects) || code == CTL_EXIT_OK))
		call->command->show(answer, &style);
	ask_complain(answer);
}

/* A first person's request is a step, not an obstacle. */
static bool
may_go_on(enum ctl_exit code, const struct answer *answer)
{
	const char *name = json_string_value(json_object_get(answer->error, "name"));

	return code == CTL_EXIT_OK || (name && strcmp(name, "need-second-person") == 0);
}

/* What a person types to confirm: the batch of many wallets, else the first argument. */
static const char *
object_of(const struct invocation *call, const struct answer *answer)
{
	const json_t *bulk = show_first(answer->objects, "bulk");
	const char *batch = json_string_value(json_object_get(bulk, "batch"));

	return batch ? batch : call->arguments[0];
}

/*
 * Before a dangerous command: at a terminal show what it would do and have its
 * object typed.  Returns CTL_EXIT_OK to go on.
 */
static enum ctl_exit
confirm(const struct invocation *call, const char *command, const json_t *args)
{
	const char *object;
	char question[CTL_COMMAND_MAX + 256];
	struct answer answer;
	enum ctl_exit code;

	if (!prompt_possible()) {
		fprintf(stderr,
			"keylinectl: %s cannot be undone; without a terminal it needs "
			"--yes\n",
			command);
		return CTL_EXIT_USAGE;
	}
	code = ask(&answer, call, command, args, true, false);
	show(call, &answer, code);
	object = object_of(call, &answer);
	if (may_go_on(code, &answer) && object) {
		snprintf(question, sizeof question,
			"This cannot be undone.  To go on (%s), type %.200s: ", command,
			object);
		code = prompt_typed(question, object) ? CTL_EXIT_OK : CTL_EXIT_FAILED;
		if (code)
			fputs("keylinectl: not confirmed; nothing was changed\n", stderr);
	}
	ask_clear(&answer);
	return code;
}

/* "us-gen codes 7", as the words were given. */
static const char *
object_joined(char out[CTL_OBJECT_MAX], const struct invocation *call)
{
	size_t len = 0;

	for (size_t i = 0; i < COMMAND_ARGUMENTS_MAX && call->arguments[i]; i++)
		len += (size_t)snprintf(out + len,
			len < CTL_OBJECT_MAX ? CTL_OBJECT_MAX - len : 0, "%s%s",
			i ? " " : "", call->arguments[i]);
	return len < CTL_OBJECT_MAX ? out : NULL;
}

/* What the person named, where that is what is signed. */
static const char *
object_asked(char joined[CTL_OBJECT_MAX], const struct invocation *call)
{
	enum value_kind kind = call->command->arguments[0].kind;

	if (kind == VALUE_HOST)
		return object_joined(joined, call);
	return (kind == VALUE_BATCH || kind == VALUE_SERIAL || kind == VALUE_STATION) &&
			       call->repeated_count <= 1
		       ? call->arguments[0]
		       : NULL;
}

/* The reason as it was given; one that is put together with a note is read in the text. */
static const char *
reason_asked(const struct invocation *call)
{
	if (!(command_options(call->command) & 1u << OPTION_REASON) ||
		command_options(call->command) & 1u << OPTION_NOTE)
		return NULL;
	return call->options[OPTION_REASON] ? call->options[OPTION_REASON] : "";
}

int
run_args(const struct invocation *call, const json_t *args)
{
	bool dry_run = invocation_has(call, OPTION_DRY_RUN);
	bool takes_two = call->command->group == GROUP_TWO_SUPERVISORS;
	char command[CTL_COMMAND_MAX + 1];
	enum ctl_exit code = CTL_EXIT_OK;
	char joined[CTL_OBJECT_MAX];
	struct answer answer;

	ask_command(command, call->command);
	if (takes_two && !dry_run && !dual_possible(call, command))
		return CTL_EXIT_USAGE;
	/* What takes two is asked about under its text, when it is signed. */
	if (call->command->dangerous && !takes_two && !dry_run &&
		!invocation_has(call, OPTION_YES))
		code = confirm(call, command, args);
	if (code == CTL_EXIT_OK) {
		code = ask(&answer, call, command, args, dry_run, true);
		show(call, &answer, code);
		if (code == CTL_EXIT_OK && show_first(answer.objects, "approval"))
			code = dual_sign(call, &answer, command,
				object_asked(joined, call), reason_asked(call));
		if (dry_run && code == CTL_EXIT_OK)
			fputs("keylinectl: dry run; nothing was changed\n", stderr);
		ask_clear(&answer);
	}
	return (int)code;
}

int
run_request(const struct invocation *call)
{
	json_t *args = ask_args(call);
	int code = run_args(call, args);

	json_decref(args);
	return code;
}

static bool
line_is_ok(const json_t *objects)
{
	const json_t *object;
	size_t index;

	json_array_foreach(objects, index, object)
	{
		const char *type = json_string_value(json_object_get(object, "type"));
		const char *state = json_string_value(json_object_get(object, "state"));

		if (type && strcmp(type, "line") == 0)
			return state && strcmp(state, "OK") == 0;
	}
	return false;
}

int
run_status(const struct invocation *call)
{
	struct answer answer;
	enum ctl_exit code = ask(&answer, call, "status", NULL, false, true);

	show(call, &answer, code);
	if (code == CTL_EXIT_OK && invocation_has(call, OPTION_CHECK) &&
		!line_is_ok(answer.objects))
		code = CTL_EXIT_ATTENTION;
	ask_clear(&answer);
	return (int)code;
}

int
run_watch(const struct invocation *call)
{
	struct timespec pause = {.tv_sec = ask_number(call, OPTION_INTERVAL, 2)};
	int looks = ask_number(call, OPTION_COUNT_OF, 0);
	struct style style = style_of(stdout);
	enum ctl_exit code = CTL_EXIT_OK;

	if (pause.tv_sec < 0 || looks < 0) {
		fputs("keylinectl: --interval and --count take a number from 1 on\n",
			stderr);
		return CTL_EXIT_USAGE;
	}
	for (int n = 0; looks == 0 || n < looks; n++) {
		struct answer answer;

		if (n)
			nanosleep(&pause, NULL);
		code = ask(&answer, call, "status", NULL, false, true);
		/* On a terminal that can: from the top, the rest wiped. */
		if (style.colour && !invocation_has(call, OPTION_JSON))
			fputs("\033[H\033[J", stdout);
		else if (n && !invocation_has(call, OPTION_JSON))
			putchar('\n');
		show(call, &answer, code);
		fflush(stdout);
		ask_clear(&answer);
	}
	return (int)code;
}
