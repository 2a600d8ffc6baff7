/* SPDX-License-Identifier: MIT */
#include "ctl/invocation.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct reading {
	struct invocation *call;
	const char **words;
	size_t count;
	char *message;
};

__attribute__((format(printf, 2, 3))) static int
refuse(char *message, const char *text, ...)
{
	va_list list;

	va_start(list, text);
	vsnprintf(message, INVOCATION_MESSAGE_SIZE, text, list);
	va_end(list);
	return -1;
}

enum option
invocation_option(const char *word)
{
	size_t len = strcspn(word, "=");

	if (strcmp(word, "-h") == 0)
		return OPTION_HELP;
	for (unsigned i = 0; i < OPTIONS_; i++)
		if (strncmp(option_table[i].name, word, len) == 0 &&
			option_table[i].name[len] == '\0')
			return i;
	return OPTIONS_;
}

/* Takes the option at argv[*at] and, where it has one, its value. */
static int
take_option(struct reading *r, int *at, int argc, char *const *argv)
{
	const char *word = argv[*at], *equals = strchr(word, '=');
	enum option option = invocation_option(word);

	if (option == OPTIONS_)
		return refuse(r->message, "unknown option: %s", word);
	if (r->call->options[option])
		return refuse(r->message, "given twice: %s", option_table[option].name);
	if (!option_table[option].argument.name) {
		if (equals)
			return refuse(r->message, "takes no value: %s",
				option_table[option].name);
		r->call->options[option] = "";
		return 0;
	}
	if (equals) {
		r->call->options[option] = equals + 1;
		return 0;
	}
	if (*at + 1 >= argc)
		return refuse(r->message, "needs a value: %s", option_table[option].name);
	r->call->options[option] = argv[++*at];
	return 0;
}

static int
split(struct reading *r, int argc, char *const *argv)
{
	bool only_words = false;

	for (int i = 1; i < argc; i++) {
		if (only_words || argv[i][0] != '-' || argv[i][1] == '\0') {
			r->words[r->count++] = argv[i];
		} else if (strcmp(argv[i], "--") == 0) {
			only_words = true;
		} else if (take_option(r, &i, argc, argv) != 0) {
			return -1;
		}
	}
	return 0;
}

/* Whether text is one of the choices, which have a space between two. */
static bool
is_choice(const char *choices, const char *text)
{
	size_t len = strlen(text);

	for (const char *c = choices; *c;) {
		size_t word = strcspn(c, " ");

		if (word == len && strncmp(c, text, len) == 0)
			return true;
		c += word;
		c += *c == ' ';
	}
	return false;
}

/* Batches and serials are in capitals; people need not type them so. */
static const char *
in_capitals(
	char out[INVOCATION_NAME_SIZE], const struct argument *argument, const char *word)
{
	size_t i;

	if (!argument->key || strlen(word) >= INVOCATION_NAME_SIZE ||
		(strcmp(argument->key, "batch") != 0 &&
			strcmp(argument->key, "serial") != 0))
		return word;
	for (i = 0; word[i]; i++)
		out[i] = word[i] >= 'a' && word[i] <= 'z' ? (char)(word[i] - 'a' + 'A')
							  : word[i];
	out[i] = '\0';
	return out;
}

/* Groups of digits, typed as they are printed, are one value: no quotes are needed. */
static int
join_groups(struct reading *r, const struct argument *a, const char *const *words,
	size_t count)
{
	char *out = r->call->groups;
	size_t len = 0;

	for (size_t i = 0; i < count; i++) {
		len += (size_t)snprintf(out + len, INVOCATION_GROUPS_SIZE - len, "%s%s",
			i ? " " : "", words[i]);
		if (len >= INVOCATION_GROUPS_SIZE)
			return refuse(r->message, "too long: %s", a->name);
	}
	r->call->arguments[a - r->call->command->arguments] = out;
	return 0;
}

static int
take_arguments(struct reading *r, size_t used)
{
	const struct command *command = r->call->command;
	const char *const *words = r->words + used;
	size_t count = r->count - used, at = 0;

	for (const struct argument *a = command->arguments; a->name; a++) {
		if (at == count) {
			if (!a->optional)
				return refuse(r->message, "missing: %s", a->name);
			continue;
		}
		if (a->kind == VALUE_CHOICE && !is_choice(a->choices, words[at]))
			return refuse(
				r->message, "%s must be one of: %s", a->name, a->choices);
		if (words[at][0] == '\0')
			return refuse(r->message, "empty: %s", a->name);
		r->call->arguments[a - command->arguments] =
			in_capitals(r->call->names[a - command->arguments], a, words[at]);
		if (a->kind == VALUE_GROUPS &&
			join_groups(r, a, words + at, count - at) != 0)
			return -1;
		if (a->repeated) {
			r->call->repeated = words + at;
			r->call->repeated_count = count - at;
			at = count;
		} else {
			at++;
		}
	}
	return at == count ? 0 : refuse(r->message, "one word too many: %s", words[at]);
}

/* Of --good and --spoiled one, of SERIAL and --batch one, and one only. */
static int
check_one_of(struct reading *r)
{
	char names[INVOCATION_MESSAGE_SIZE / 2] = "";
	unsigned given = 0;

	if (!r->call->command->one_of)
		return 0;
	if (r->call->command->one_argument) {
		snprintf(names, sizeof names, "%s", r->call->command->arguments[0].name);
		given = r->call->arguments[0] != NULL;
	}
	for (unsigned i = 0; i < OPTIONS_; i++) {
		size_t len = strlen(names);

		if (!(r->call->command->one_of & 1u << i))
			continue;
		given += r->call->options[i] != NULL;
		snprintf(names + len, sizeof names - len, "%s%s", len ? " or " : "",
			option_table[i].name);
	}
	if (given == 1)
		return 0;
	return given ? refuse(r->message, "only one of them: %s", names)
		     : refuse(r->message, "missing: %s", names);
}

static int
check_options(struct reading *r)
{
	unsigned allowed = command_options(r->call->command);

	for (unsigned i = 0; i < OPTIONS_; i++) {
		const struct option_row *row = &option_table[i];
		const struct argument *takes =
			&command_option(r->call->command, i)->argument;
		const char *value = r->call->options[i];

		if (value && !(allowed & 1u << i))
			return refuse(r->message, "not an option of this command: %s",
				row->name);
		if (!value && r->call->command->required & 1u << i)
			return refuse(r->message, "missing: %s", row->name);
		if (!value || !takes->name)
			continue;
		if (value[0] == '\0')
			return refuse(r->message, "empty: %s", row->name);
		if (takes->kind == VALUE_CHOICE && !is_choice(takes->choices, value))
			return refuse(r->message, "%s must be one of: %s", row->name,
				takes->choices);
	}
	return check_one_of(r);
}

int
invocation_parse(struct invocation *call, const char **words,
	char message[INVOCATION_MESSAGE_SIZE], int argc, char *const *argv)
{
	struct reading r = {call, words, 0, message};
	size_t used;
	int unread;

	memset(call, 0, sizeof *call);
	unread = split(&r, argc, argv);
	call->command = command_find(&used, words, r.count);
	if (unread)
		return -1;
	if (invocation_has(call, OPTION_HELP) || invocation_has(call, OPTION_VERSION))
		return 0;
	if (r.count == 0)
		return refuse(message, "which command?");
	if (!call->command && used == r.count)
		return refuse(message, "%s what?", words[used - 1]);
	if (!call->command)
		return refuse(message, "unknown command: %s%s%s", used ? words[0] : "",
			used ? " " : "", words[used]);
	if (take_arguments(&r, used) != 0)
		return -1;
	return check_options(&r);
}
