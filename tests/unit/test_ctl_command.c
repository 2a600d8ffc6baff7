/* SPDX-License-Identifier: MIT */
/* The table of commands holds together, and argv is read by it. */
#include "harness.h"
#include "ctl/help.h"
#include "ctl/invocation.h"
#include "ctl/run.h"
#include "proto/ctl_message.h"
#include <string.h>

enum { WORDS_MAX = 16 };

static struct invocation call;
static const char *words[WORDS_MAX + 1];
static char message[INVOCATION_MESSAGE_SIZE];

/* Parses a command line split at single spaces. */
static int
parse(const char *line)
{
	static char text[512];
	char *argv[WORDS_MAX] = {0};
	int argc = 0;

	snprintf(text, sizeof text, "keylinectl %s", line);
	for (char *word = text; word && argc < WORDS_MAX;) {
		char *space = strchr(word, ' ');

		if (space)
			*space++ = '\0';
		if (*word)
			argv[argc++] = word;
		word = space;
	}
	message[0] = '\0';
	return invocation_parse(&call, words, message, argc, argv);
}

START_TEST(rows_hold_together)
{
	const struct command *row = &command_table[_i];
	size_t used;
	bool optional = false;

	ck_assert_ptr_eq(command_find(&used, row->words, row->words[1] ? 2 : 1), row);
	ck_assert_ptr_nonnull(row->run);
	ck_assert_ptr_nonnull(row->help);
	ck_assert_uint_eq((row->required | row->one_of) & ~row->options, 0);
	ck_assert_uint_eq(row->required & row->one_of, 0);
	ck_assert(!row->dangerous || (row->changing && row->arguments[0].name));
	ck_assert(row->show || row->run == run_import || row->run == run_export ||
		  row->run == run_log || row->run == run_certificate ||
		  row->run == run_operator_badge);
	for (const struct argument *a = row->arguments; a->name; a++) {
		ck_assert_int_lt(a - row->arguments, COMMAND_ARGUMENTS_MAX);
		ck_assert(!optional || a->optional);
		optional = a->optional;
		ck_assert(!a->repeated || !a[1].name);
		ck_assert((a->kind == VALUE_CHOICE) == (a->choices != NULL));
	}
}
END_TEST

START_TEST(every_option_is_somebodys)
{
	unsigned bits = 0;

	for (size_t i = 0; i < command_count; i++)
		bits |= command_options(&command_table[i]);
	ck_assert_uint_eq(bits, (1u << OPTIONS_) - 1);
	for (unsigned i = 0; i < OPTIONS_; i++) {
		ck_assert_ptr_nonnull(option_table[i].name);
		ck_assert_uint_eq(invocation_option(option_table[i].name), i);
	}
}
END_TEST

START_TEST(help_fits_a_terminal)
{
	const struct command *row = &command_table[_i];
	char usage[HELP_USAGE_SIZE];

	help_usage(usage, row);
	ck_assert_uint_lt(strlen(usage), 90);
	ck_assert_uint_le(strlen(row->help), 62);
}
END_TEST

START_TEST(reads_options_anywhere)
{
	ck_assert_int_eq(parse("--json wallet --socket=/s show --timeout 5 A"), 0);
	ck_assert_str_eq(call.command->words[1], "show");
	ck_assert_str_eq(call.arguments[0], "A");
	ck_assert_str_eq(call.options[OPTION_SOCKET], "/s");
	ck_assert_str_eq(call.options[OPTION_TIMEOUT], "5");
	ck_assert(invocation_has(&call, OPTION_JSON));
	ck_assert(!invocation_has(&call, OPTION_HELP));
	ck_assert_int_eq(parse("wallet show -- --json"), 0);
	ck_assert_str_eq(call.arguments[0], "--JSON");
	ck_assert(!invocation_has(&call, OPTION_JSON));
}
END_TEST

START_TEST(reads_repeated_arguments)
{
	ck_assert_int_eq(parse("batch import a b --yes c"), 0);
	ck_assert_uint_eq(call.repeated_count, 3);
	ck_assert_str_eq(call.repeated[0], "a");
	ck_assert_str_eq(call.repeated[2], "c");
	ck_assert_int_eq(parse("batch import"), -1);
}
END_TEST

START_TEST(help_needs_nothing_else)
{
	ck_assert_int_eq(parse("--help"), 0);
	ck_assert_ptr_null(call.command);
	ck_assert_int_eq(parse("wallet resolve -h"), 0);
	ck_assert_ptr_nonnull(call.command);
}
END_TEST

static const struct {
	const char *line;
	const char *message;
} refused[] = {
	{"", "which command?"},
	{"batch", "batch what?"},
	{"batch x", "unknown command: batch x"},
	{"x batch", "unknown command: x"},
	{"status x", "one word too many: x"},
	{"wallet show", "missing: SERIAL"},
	{"wallet resolve A --reason not-sure", "missing: --good or --spoiled"},
	{"wallet resolve A --good --spoiled --reason not-sure",
		"only one of them: --good or --spoiled"},
	{"wallet resolve A good --reason not-sure", "one word too many: good"},
	{"wallet resolve A --good", "missing: --reason"},
	{"wallet resolve A --good --reason seen",
		"--reason must be one of: marked-whole marked-part not-marked "
		"printed-whole printed-part not-printed damaged not-found not-sure"},
	{"wallet resolve A --good --reason marked-whole --note=", "empty: --note"},
	{"wallet spoil A --reason r --note n", "not an option of this command: --note"},
	{"wallet spoil A --good --reason r", "not an option of this command: --good"},
	{"wallet spoil --reason r", "missing: SERIAL or --batch or --from"},
	{"wallet spoil A B --batch C --reason r",
		"only one of them: SERIAL or --batch or --from"},
	{"wallet destroyed --from a --batch C",
		"only one of them: SERIAL or --batch or --from"},
	{"wallet found A B --reason r", "one word too many: B"},
	{"wallet opened A goo", "RESULT must be one of: good bad"},
	{"batch export B --to x --kind y",
		"--kind must be one of: codes passphrases confirmations stickers shipment "
		"receipt results notice"},
	{"batch unhold B", "missing: --reason"},
	{"wallet list --state sealedx", NULL},
	{"batch hold B", "missing: --reason"},
	{"batch export B", "missing: --to"},
	{"status --dry-run", "not an option of this command: --dry-run"},
	{"status --check --check", "given twice: --check"},
	{"status --check=1", "takes no value: --check"},
	{"status --chec", "unknown option: --chec"},
	{"status -x", "unknown option: -x"},
	{"status --socket", "needs a value: --socket"},
	{"status --socket=", "empty: --socket"},
};

START_TEST(refuses)
{
	ck_assert_int_eq(parse(refused[_i].line), -1);
	if (refused[_i].message)
		ck_assert_str_eq(message, refused[_i].message);
	else
		ck_assert_str_ne(message, "");
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("ctl command");
	TCase *all = tcase_create("all");

	tcase_add_loop_test(all, rows_hold_together, 0, (int)command_count);
	tcase_add_test(all, every_option_is_somebodys);
	tcase_add_loop_test(all, help_fits_a_terminal, 0, (int)command_count);
	tcase_add_test(all, reads_options_anywhere);
	tcase_add_test(all, reads_repeated_arguments);
	tcase_add_test(all, help_needs_nothing_else);
	tcase_add_loop_test(all, refuses, 0, (int)(sizeof refused / sizeof refused[0]));
	suite_add_tcase(suite, all);
	return harness_run(suite);
}
