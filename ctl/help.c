/* SPDX-License-Identifier: MIT */
#include "ctl/help.h"
#include "ctl/command.h"

#include <stdarg.h>
#include <string.h>

static const unsigned common = 1u << OPTION_SOCKET | 1u << OPTION_TIMEOUT |
			       1u << OPTION_JSON | 1u << OPTION_HELP |
			       1u << OPTION_VERSION;

__attribute__((format(printf, 2, 3))) static void
append(char *out, const char *format, ...)
{
	size_t len = strlen(out);
	va_list list;

	va_start(list, format);
	vsnprintf(out + len, HELP_USAGE_SIZE - len, format, list);
	va_end(list);
}

void
help_usage(char out[HELP_USAGE_SIZE], const struct command *command)
{
	out[0] = '\0';
	append(out, "%s", command->words[0]);
	if (command->words[1])
		append(out, " %s", command->words[1]);
	for (const struct argument *a = command->arguments; a->name; a++)
		append(out, a->optional && !command->one_argument ? " [%s]%s" : " %s%s",
			a->name, a->repeated ? "..." : "");
	for (unsigned i = 0, first = !command->one_argument; i < OPTIONS_; i++) {
		const char *value = command_option(command, i)->argument.name;

		if (command->one_of & 1u << i) {
			append(out, "%s%s%s%s", first ? " " : "|", option_table[i].name,
				value ? " " : "", value ? value : "");
			first = 0;
		}
	}
	for (unsigned i = 0; i < OPTIONS_; i++) {
		const char *value = command_option(command, i)->argument.name;
		int must = (command->required & 1u << i) != 0;

		if (command->options & ~command->one_of & 1u << i)
			append(out, " %s%s%s%s%s", must ? "" : "[", option_table[i].name,
				value ? " " : "", value ? value : "", must ? "" : "]");
	}
}

static void
print_options(FILE *out, const struct command *command, unsigned bits)
{
	for (unsigned i = 0; i < OPTIONS_; i++) {
		const struct option_row *row = command_option(command, i);
		const struct argument *takes = &row->argument;
		const char *value = takes->name;
		int width;

		if (!(bits & 1u << i))
			continue;
		width = fprintf(
			out, "  %s%s%s", row->name, value ? " " : "", value ? value : "");
		fprintf(out, "%*s%s\n", width < 22 ? 22 - width : 2, "", row->help);
		if (takes->kind == VALUE_CHOICE)
			fprintf(out, "%22s(%s)\n", "", takes->choices);
	}
}

static void
print_row(FILE *out, const struct command *command)
{
	char usage[HELP_USAGE_SIZE];

	help_usage(usage, command);
	if (strlen(usage) <= 34)
		fprintf(out, "  %-34s  %s\n", usage, command->help);
	else
		fprintf(out, "  %s\n  %-34s  %s\n", usage, "", command->help);
}

void
help_all(FILE *out)
{
	fputs("usage: keylinectl [OPTION...] COMMAND [ARGUMENT...]\n\n", out);
	for (size_t i = 0; i < command_count; i++) {
		if (i &&
			strcmp(command_table[i].words[0],
				command_table[i - 1].words[0]) != 0 &&
			(command_table[i].words[1] || command_table[i - 1].words[1]))
			putc('\n', out);
		print_row(out, &command_table[i]);
	}
	fputs("\noptions of all commands:\n", out);
	print_options(out, NULL, common);
	fputs("\nkeylinectl COMMAND --help tells more; so does keylinectl(1).\n", out);
}

int
help_group(FILE *out, const char *word)
{
	int found = 0;

	for (size_t i = 0; i < command_count; i++) {
		if (strcmp(command_table[i].words[0], word) != 0)
			continue;
		print_row(out, &command_table[i]);
		found = 1;
	}
	return found;
}

bool
help_has_group(const char *word)
{
	for (size_t i = 0; i < command_count; i++)
		if (strcmp(command_table[i].words[0], word) == 0)
			return true;
	return false;
}

static const char *
group_text(enum group group)
{
	switch (group) {
	case GROUP_ANYBODY:
		return "anybody";
	case GROUP_VIEWERS:
		return "viewers and supervisors";
	case GROUP_SUPERVISORS:
		return "supervisors";
	case GROUP_TWO_SUPERVISORS:
		return "two different supervisors, one after the other";
	}
	return "";
}

void
help_command(FILE *out, const struct command *command)
{
	char usage[HELP_USAGE_SIZE];

	help_usage(usage, command);
	fprintf(out, "usage: keylinectl %s\n\n", usage);
	fprintf(out, "%s.\n", command->help);
	if (command->detail)
		fprintf(out, "%s\n", command->detail);
	for (const struct argument *a = command->arguments; a->name; a++)
		if (a->kind == VALUE_CHOICE)
			fprintf(out, "%s is one of: %s\n", a->name, a->choices);
	fprintf(out, "For: %s.\n", group_text(command->group));
	if (command->dangerous)
		fputs("It cannot be undone: at a terminal it asks first.\n", out);
	fputs("\noptions:\n", out);
	print_options(out, command, command_options(command) & ~common);
	print_options(out, command, command_options(command) & common);
}
