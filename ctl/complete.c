/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "ctl/complete.h"
#include "ctl/client.h"
#include "ctl/invocation.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A shell waits for us; a daemon that is slow is no daemon. */
enum { COMPLETE_TIMEOUT_S = 2 };

struct cursor {
	const char **words; /* that are no options */
	size_t count;
	const char *prefix; /* what is typed of the word under the cursor */
	const char *socket;
	enum option value_of; /* the option whose value is under the cursor */
};

/* Where candidates of a kind come from. */
struct source {
	enum value_kind kind;
	const char *command;
	const char *key;
};

static const struct source sources[] = {
	{VALUE_BATCH, "batch list", "batch"},
	{VALUE_SERIAL, "wallet list", "serial"},
	{VALUE_STATION, "station list", "name"},
	{VALUE_ALARM, "status", "about"},
	{VALUE_REQUEST, "request list", "id"},
	{VALUE_OPERATOR, "operator list", "name"},
};

static void
offer(const char *before, const char *word, size_t len, const char *prefix,
	const char *about)
{
	if (strncmp(word, prefix, strlen(prefix)) != 0 || len < strlen(prefix))
		return;
	printf("%s%.*s", before, (int)len, word);
	if (about && about[0])
		printf("\t%s", about);
	putchar('\n');
}

struct offering {
	const struct cursor *cursor;
	const char *key;
};

static void
offer_object(void *context, json_t *object)
{
	const struct offering *o = context;
	const json_t *value = json_object_get(object, o->key);
	const char *type = json_string_value(json_object_get(object, "type"));
	const char *word = json_string_value(value);
	char number[32];

	if (json_is_integer(value)) {
		snprintf(number, sizeof number, "%" JSON_INTEGER_FORMAT,
			json_integer_value(value));
		word = number;
	}
	if (word && type && strcmp(type, "error") != 0)
		offer("", word, strlen(word), o->cursor->prefix,
			json_string_value(json_object_get(object, "state")));
}

static void
offer_live(const struct cursor *cursor, enum value_kind kind)
{
	struct client_target target = {
		.socket = cursor->socket ? cursor->socket : CLIENT_SOCKET,
		.timeout_s = COMPLETE_TIMEOUT_S,
		.file = -1};

	for (size_t i = 0; i < sizeof sources / sizeof sources[0]; i++) {
		struct offering offering = {cursor, sources[i].key};

		if (sources[i].kind == kind)
			(void)client_ask(&target, sources[i].command, NULL, false,
				offer_object, &offering);
	}
}

static void
offer_choices(const char *choices, const char *prefix)
{
	for (const char *c = choices; *c;) {
		size_t len = strcspn(c, " ");

		offer("", c, len, prefix, NULL);
		c += len;
		c += *c == ' ';
	}
}

static void
offer_value(const struct cursor *cursor, const struct argument *argument)
{
	switch (argument->kind) {
	case VALUE_BATCH:
	case VALUE_SERIAL:
	case VALUE_STATION:
	case VALUE_ALARM:
	case VALUE_REQUEST:
	case VALUE_OPERATOR:
		offer_live(cursor, argument->kind);
		break;
	case VALUE_CHOICE:
		offer_choices(argument->choices, cursor->prefix);
		break;
	case VALUE_FILE:
		puts(":files");
		break;
	case VALUE_DIRECTORY:
		puts(":directories");
		break;
	case VALUE_NONE:
	case VALUE_HOST:
	case VALUE_TEXT:
	case VALUE_GROUPS:
		break;
	}
}

static void
offer_options(const char *prefix, const struct command *command)
{
	unsigned bits = command ? command_options(command)
				: 1u << OPTION_SOCKET | 1u << OPTION_TIMEOUT |
					  1u << OPTION_JSON | 1u << OPTION_HELP |
					  1u << OPTION_VERSION;

	for (unsigned i = 0; i < OPTIONS_; i++)
		if (bits & 1u << i)
			offer("", option_table[i].name, strlen(option_table[i].name),
				prefix, option_table[i].help);
}

/* The words that may come next in commands that begin like ours, each once. */
static void
offer_words(const struct cursor *cursor)
{
	const char *last = "";
	size_t at = cursor->count;

	for (size_t i = 0; i < command_count && at < COMMAND_WORDS_MAX; i++) {
		const struct command *command = &command_table[i];

		if (!command->words[at] ||
			(at && strcmp(command->words[0], cursor->words[0]) != 0) ||
			strcmp(command->words[at], last) == 0)
			continue;
		last = command->words[at];
		offer("", last, strlen(last), cursor->prefix,
			at || !command->words[1] ? command->help : NULL);
	}
}

static void
offer_argument(const struct cursor *cursor, const struct command *command, size_t at)
{
	const struct argument *a = command->arguments;

	while (a->name && at && !a->repeated) {
		a++;
		at--;
	}
	if (a->name)
		offer_value(cursor, a);
}

/* Reads what stands before the cursor. */
static void
read_words(struct cursor *cursor, int count, char *const *words)
{
	cursor->value_of = OPTIONS_;
	for (int i = 0; i + 1 < count; i++) {
		enum option option =
			words[i][0] == '-' ? invocation_option(words[i]) : OPTIONS_;
		const char *equals = strchr(words[i], '=');

		if (words[i][0] != '-') {
			cursor->words[cursor->count++] = words[i];
		} else if (option != OPTIONS_ && option_table[option].argument.name) {
			if (!equals && i + 2 >= count)
				cursor->value_of = option;
			else if (option == OPTION_SOCKET)
				cursor->socket = equals ? equals + 1 : words[i + 1];
			i += !equals;
		}
	}
}

int
complete_run(int count, char *const *words)
{
	struct cursor cursor = {.prefix = count > 0 ? words[count - 1] : ""};
	const struct command *command;
	size_t used;

	cursor.words = calloc((size_t)count + 1, sizeof *cursor.words);
	if (!cursor.words)
		return CTL_EXIT_FAILED;
	read_words(&cursor, count, words);
	command = command_find(&used, cursor.words, cursor.count);
	if (cursor.value_of != OPTIONS_)
		offer_value(&cursor, &command_option(command, cursor.value_of)->argument);
	else if (cursor.prefix[0] == '-')
		offer_options(cursor.prefix, command);
	else if (command)
		offer_argument(&cursor, command, cursor.count - used);
	else if (used == cursor.count)
		offer_words(&cursor);
	free(cursor.words);
	return CTL_EXIT_OK;
}
