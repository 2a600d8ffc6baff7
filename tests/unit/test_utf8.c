/* SPDX-License-Identifier: MIT */
#include "harness.h"
#include "proto/utf8.h"
#include <string.h>

static const struct {
	const char *bytes;
	bool valid;
} rows[] = {
	{"", true},
	{"plain", true},
	{"\x7f", true},
	{"\x80", false},
	{"\xc0\x80", false},
	{"\xc1\xbf", false},
	{"\xc2\x80", true},
	{"\xdf\xbf", true},
	{"\xc2", false},
	{"\xc2z", false},
	{"\xe0\x9f\xbf", false},
	{"\xe0\xa0\x80", true},
	{"\xed\x9f\xbf", true},
	{"\xed\xa0\x80", false},
	{"\xee\x80\x80", true},
	{"\xef\xbf\xbf", true},
	{"\xe2\x82", false},
	{"\xe2\x82z", false},
	{"\xf0\x8f\xbf\xbf", false},
	{"\xf0\x90\x80\x80", true},
	{"\xf4\x8f\xbf\xbf", true},
	{"\xf4\x90\x80\x80", false},
	{"\xf5\x80\x80\x80", false},
	{"\xff", false},
	{"a\xe2\x82\xac", true},
	{"a\xe2\x82\xac\xe2", false},
};

START_TEST(forms)
{
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		ck_assert_msg(utf8_is_valid(rows[i].bytes, strlen(rows[i].bytes)) ==
				      rows[i].valid,
			"row %d", (int)i);
	ck_assert(utf8_is_valid("\0", 1));
}
END_TEST

START_TEST(what_is_not_seen)
{
	/* Byte by byte: no compiler takes it for a trick in this file. */
	static const char right_to_left[] = {'\xe2', '\x80', '\xae', '\0'};
	static const struct {
		const char *text;
		bool seen;
	} texts[] = {
		{"", true},
		{"gr\xc3\xbc\xc3\x9f \xe6\xa0\xb8 \xf0\x9f\x94\x91", true},
		{"\x1f", false},
		{"\x7f", false},
		{"\xc2\x9b", false},
		{right_to_left, false},
		{"\xef\xbb\xbf", false},
		{"\xf3\xa0\x80\xa0", false},
		{"\xff", false},
	};

	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		ck_assert_msg(utf8_is_seen(texts[i].text, strlen(texts[i].text)) ==
				      texts[i].seen,
			"text %d", (int)i);
	ck_assert(!utf8_is_seen("\0", 1));
}
END_TEST

START_TEST(what_is_not_seen_is_masked)
{
	static const struct {
		const char *text, *masked;
	} cases[] = { { "", "" }, { "a b", "a b" }, { "\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80z",
			      "\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80z" },
		{ "a\nb\x1b", "a?b?" },
		/* A byte that is no UTF-8, also behind a character that is. */
		{ "a\x80\xff", "a??" }, { "\xc3\xa4\xa4", "\xc3\xa4?" }, { "\xe2\x82", "??" },
		{ "a\xe2\x80\xae" "b", "a?b" } };
	char text[32];

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		strcpy(text, cases[i].text);
		utf8_mask(text);
		ck_assert_str_eq(text, cases[i].masked);
	}
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("utf8");
	TCase *all = tcase_create("all");

	tcase_add_test(all, forms);
	tcase_add_test(all, what_is_not_seen);
	tcase_add_test(all, what_is_not_seen_is_masked);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}
