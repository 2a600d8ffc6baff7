/* SPDX-License-Identifier: MIT */
#include "harness.h"
#include "proto/ini.h"
#include <string.h>

START_TEST(reads_keys_with_their_sections_and_lines)
{
	static const char text[] =
		"# top\n[a b]\n\n x-1 = one two \t; note\r\ny=\n[c]\nz = 3#4";
	static const struct {
		const char *section, *key, *value;
		unsigned line;
	} want[] = {
		{"a b", "x-1", "one two", 4}, {"a b", "y", "", 5}, {"c", "z", "3#4", 7}};
	struct ini ini;

	ini_begin(&ini, text, sizeof text - 1);
	for (unsigned i = 0; i < 3; i++) {
		ck_assert_int_eq(ini_next(&ini), 1);
		ck_assert_str_eq(ini.section, want[i].section);
		ck_assert_str_eq(ini.key, want[i].key);
		ck_assert_str_eq(ini.value, want[i].value);
		ck_assert_uint_eq(ini.line, want[i].line);
	}
	ck_assert_int_eq(ini_next(&ini), 0);
}
END_TEST

START_TEST(refuses_other_lines_by_number)
{
	static const char *const bad[] = {"x = 1\nword\n", "x = 1\n[a\n", "x = 1\n[]\n",
		"x = 1\n= 2\n", "x = 1\na b = 2\n", "x = 1\n[a/b]\n"};

	for (unsigned i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct ini ini;

		ini_begin(&ini, bad[i], strlen(bad[i]));
		ck_assert_int_eq(ini_next(&ini), 1);
		ck_assert_int_eq(ini_next(&ini), KE_BAD_CONFIG);
		ck_assert_uint_eq(ini.line, 2);
	}
}
END_TEST

START_TEST(refuses_what_is_too_long_or_holds_nul)
{
	char text[400];
	struct ini ini;

	memset(text, 'v', sizeof text);
	memcpy(text, "k=", 2);
	ini_begin(&ini, text, 2 + INI_VALUE_MAX);
	ck_assert_int_eq(ini_next(&ini), 1);
	ini_begin(&ini, text, 2 + INI_VALUE_MAX + 1);
	ck_assert_int_eq(ini_next(&ini), KE_BAD_CONFIG);
	ini_begin(&ini, "k=a\0b", 5);
	ck_assert_int_eq(ini_next(&ini), KE_BAD_CONFIG);
}
END_TEST

/* Every byte in a key, in a section and before a mark of a comment. */
START_TEST(each_place_has_its_characters)
{
	static const char names[] =
		"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_.";

	for (int c = 1; c < 256; c++) {
		char key[] = "[s]\nk?y = v\n", section[] = "[s?t]\nk = v\n";
		char comment[] = "[s]\nk = v?;w\n", other[] = "[s]\nk = v?#w\n";
		bool is_blank = c == ' ' || c == '\t' || c == '\r';
		struct ini ini;

		if (c == '\n' || c == '=' || c == '#' || c == ';')
			continue;
		*strchr(key, '?') = *strchr(section, '?') = (char)c;
		*strchr(comment, '?') = *strchr(other, '?') = (char)c;
		ini_begin(&ini, key, strlen(key));
		ck_assert_msg((ini_next(&ini) == 1) == (strchr(names, c) != NULL),
			"key with byte %d", c);
		ini_begin(&ini, section, strlen(section));
		ck_assert_msg((ini_next(&ini) == 1) == (c == ' ' || strchr(names, c)),
			"section with byte %d", c);
		ini_begin(&ini, comment, strlen(comment));
		ck_assert_int_eq(ini_next(&ini), 1);
		ck_assert_uint_eq(strlen(ini.value), is_blank ? 1 : 4);
		ini_begin(&ini, other, strlen(other));
		ck_assert_int_eq(ini_next(&ini), 1);
		ck_assert_uint_eq(strlen(ini.value), is_blank ? 1 : 4);
	}
}
END_TEST

START_TEST(names_have_their_length)
{
	for (size_t len = INI_NAME_MAX; len <= INI_NAME_MAX + 1; len++) {
		char text[INI_NAME_MAX + 4];
		struct ini ini;

		memset(text, 'k', len);
		(void)strcpy(text + len, "=v");
		ini_begin(&ini, text, strlen(text));
		ck_assert_int_eq(ini_next(&ini), len == INI_NAME_MAX ? 1 : KE_BAD_CONFIG);
	}
}
END_TEST

START_TEST(numbers)
{
	static const struct {
		const char *text;
		int rc;
	} cases[] = {{"5", 0}, {"10", 0}, {"4", KE_BAD_CONFIG}, {"11", KE_BAD_CONFIG},
		{"", KE_BAD_CONFIG}, {"+6", KE_BAD_CONFIG}, {"6 ", KE_BAD_CONFIG},
		{"0x6", KE_BAD_CONFIG}, {"4294967301", KE_BAD_CONFIG}};
	unsigned long n;

	for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++)
		ck_assert_int_eq(ini_number(&n, cases[i].text, 5, 10), cases[i].rc);
	ck_assert_int_eq(ini_number(&n, "4294967295", 0, 4294967295), 0);
	ck_assert_uint_eq(n, 4294967295);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("ini");
	TCase *all = tcase_create("all");

	tcase_add_test(all, reads_keys_with_their_sections_and_lines);
	tcase_add_test(all, refuses_other_lines_by_number);
	tcase_add_test(all, each_place_has_its_characters);
	tcase_add_test(all, names_have_their_length);
	tcase_add_test(all, refuses_what_is_too_long_or_holds_nul);
	tcase_add_test(all, numbers);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}
