/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "harness.h"
#include "ctl/command.h"
#include "ctl/invocation.h"
#include "proto/doubt_reason.h"
#include <stdio.h>
#include <string.h>

START_TEST(finds_what_fits)
{
	ck_assert_ptr_nonnull(doubt_reason_find("marked-whole", MODE_USA, true));
	ck_assert_ptr_null(doubt_reason_find("marked-whole", MODE_USA, false));
	ck_assert_ptr_null(doubt_reason_find("marked-whole", MODE_CHINA, true));
	ck_assert_ptr_nonnull(doubt_reason_find("printed-part", MODE_CHINA, false));
	ck_assert_ptr_null(doubt_reason_find("printed-part", MODE_USA, false));
	ck_assert_ptr_nonnull(doubt_reason_find("not-sure", MODE_USA, false));
	ck_assert_ptr_nonnull(doubt_reason_find("not-sure", MODE_CHINA, false));
	/* Who is not sure does not say that it is good. */
	ck_assert_ptr_null(doubt_reason_find("not-sure", MODE_USA, true));
	ck_assert_ptr_null(doubt_reason_find("marked", MODE_USA, false));
	ck_assert_ptr_null(doubt_reason_find("", MODE_USA, false));
}
END_TEST

START_TEST(lists)
{
	char text[160], small[12];

	doubt_reason_list(text, sizeof text, MODE_USA, true);
	ck_assert_str_eq(text, "marked-whole");
	doubt_reason_list(text, sizeof text, MODE_CHINA, false);
	ck_assert_str_eq(
		text, "printed-part, not-printed, damaged, not-found or not-sure");
	doubt_reason_list(small, sizeof small, MODE_CHINA, false);
	ck_assert_str_eq(small, "printed-par");
}
END_TEST

/* Every mode has one way at least to settle a doubt either way, and codes are words. */
START_TEST(the_table_is_whole)
{
	char text[160];

	for (int mode = 0; mode < MODE_COUNT; mode++) {
		for (int good = 0; good < 2; good++) {
			doubt_reason_list(text, sizeof text, (enum mode)mode, good);
			ck_assert_str_ne(text, "");
		}
	}
	for (size_t i = 0; i < doubt_reason_count(); i++) {
		const char *code = doubt_reason_at(i)->code;

		ck_assert_uint_eq(
			strspn(code, "abcdefghijklmnopqrstuvwxyz-"), strlen(code));
		for (size_t j = 0; j < i; j++)
			ck_assert_str_ne(doubt_reason_at(j)->code, code);
	}
}
END_TEST

/* keylinectl offers these codes, all of them and no others. */
START_TEST(keylinectl_knows_them)
{
	static const char *const words[] = {"wallet", "resolve"};
	char expected[512] = "";
	size_t used;
	const struct command *command = command_find(&used, words, 2);

	ck_assert_ptr_nonnull(command);
	for (size_t i = 0; i < doubt_reason_count(); i++)
		snprintf(expected + strlen(expected), sizeof expected - strlen(expected),
			"%s%s", i ? " " : "", doubt_reason_at(i)->code);
	ck_assert_str_eq(command_option(command, OPTION_REASON)->argument.choices, expected);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("doubt reason");
	TCase *all = tcase_create("all");

	tcase_add_test(all, finds_what_fits);
	tcase_add_test(all, lists);
	tcase_add_test(all, the_table_is_whole);
	tcase_add_test(all, keylinectl_knows_them);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}
