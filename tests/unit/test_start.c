/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "harness.h"
#include "daemon/start.h"
#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* Whole sentences, and nothing but the last resort sends people to the manual alone. */
START_TEST(each_row_is_an_action)
{
	const struct start_row *row = start_row_at((size_t)_i);

	ck_assert_str_ne(error_name(row->error), "unknown");
	ck_assert(isupper((unsigned char)row->action[0]));
	ck_assert_int_eq(row->action[strlen(row->action) - 1], '.');
	ck_assert_str_eq(start_action(row->step, row->error), row->action);
}
END_TEST

/* What the functions of the start say that they return (their headers). */
static const struct {
	enum start_step step;
	int error;
} documented[] = {
	{START_PROCESS, KE_NO_MEMORY},
	{START_PROCESS, KE_IO},
	{START_PROCESS, KE_RANDOM},
	{START_PROCESS, KE_NO_LOCKED_MEMORY},
	{START_RANDOM, KE_NOT_FOUND},
	{START_RANDOM, KE_NOT_PERMITTED},
	{START_RANDOM, KE_BAD_NAME},
	{START_RANDOM, KE_DUPLICATE},
	{START_RANDOM, KE_TOO_FEW_BITS},
	{START_RANDOM, KE_BAD_CHARACTER},
	{START_RANDOM, KE_RANDOM},
	{START_RANDOM, KE_TOO_LONG},
	{START_RANDOM, KE_TIMEOUT},
	{START_RANDOM, KE_NO_MEMORY},
	{START_STATE, KE_LOCKED},
	{START_STATE, KE_NOT_PERMITTED},
	{START_STATE, KE_IO},
	{START_FOLDER, KE_NOT_FOUND},
	{START_FOLDER, KE_BAD_NAME},
	{START_FOLDER, KE_NOT_PERMITTED},
	{START_LEDGER, KE_LOCKED},
	{START_LEDGER, KE_NEWER_LEDGER},
	{START_LEDGER, KE_OPEN_INTENT},
	{START_LEDGER, KE_ROLLED_BACK},
	{START_LEDGER, KE_NO_MARK},
	{START_LEDGER, KE_CHAIN_BROKEN},
	{START_LEDGER, KE_BAD_CONFIG},
	{START_LEDGER, KE_WRONG_USE},
	{START_LEDGER, KE_LEDGER},
	{START_LEDGER, KE_NO_SPACE},
	{START_LEDGER, KE_READ_ONLY},
	{START_LEDGER, KE_SYNC},
	{START_KEYS, KE_BAD_KEY},
	{START_KEYS, KE_HIGH_S},
	{START_KEYS, KE_NOT_FOUND},
	{START_KEYS, KE_NOT_PERMITTED},
	{START_KEYS, KE_WRONG_USE},
	{START_KEYS, KE_NO_MEMORY},
	{START_SPOOL, KE_OTHER_FILE_SYSTEM},
	{START_SPOOL, KE_NOT_FOUND},
	{START_SPOOL, KE_NOT_PERMITTED},
	{START_SPOOL, KE_BAD_NAME},
	{START_STATIONS, KE_NO_MEMORY},
	{START_SOCKET, KE_LOCKED},
	{START_SOCKET, KE_NOT_FOUND},
	{START_SOCKET, KE_NOT_PERMITTED},
	{START_SOCKET, KE_BAD_NAME},
	{START_SOCKET, KE_TOO_LONG},
};

START_TEST(each_error_has_one)
{
	const char *last_resort = start_action(START_ANY, 0);

	ck_assert_str_ne(
		start_action(documented[_i].step, documented[_i].error), last_resort);
}
END_TEST

/* keylined(8) tells each action in the same words. */
START_TEST(the_manual_has_them)
{
	static char page[1 << 17], plain[1 << 17];
	const char *srcdir = getenv("srcdir");
	char path[512], wanted[1024];
	size_t len, to = 0;
	FILE *in;

	snprintf(path, sizeof path, "%s/man/keylined.8", srcdir ? srcdir : "..");
	in = fopen(path, "r");
	ck_assert_ptr_nonnull(in);
	len = fread(page, 1, sizeof page - 1, in);
	fclose(in);
	/* Blanks in a row, and ends of lines, are one blank. */
	for (size_t i = 0; i < len; i++)
		if (!isspace((unsigned char)page[i]) || (to && plain[to - 1] != ' '))
			plain[to++] = isspace((unsigned char)page[i]) ? ' ' : page[i];
	for (size_t i = 0; i < start_row_count(); i++) {
		const char *action = start_row_at(i)->action;

		to = 0;
		for (size_t k = 0; action[k]; k++)
			if (action[k] != ' ' || (to && wanted[to - 1] != ' '))
				wanted[to++] = action[k];
		wanted[to] = '\0';
		ck_assert_msg(
			strstr(plain, wanted) != NULL, "keylined(8) lacks: %s", wanted);
	}
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("start");
	TCase *all = tcase_create("all");

	tcase_add_loop_test(all, each_row_is_an_action, 0, (int)start_row_count());
	tcase_add_loop_test(all, each_error_has_one, 0,
		(int)(sizeof documented / sizeof documented[0]));
	tcase_add_test(all, the_manual_has_them);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}
