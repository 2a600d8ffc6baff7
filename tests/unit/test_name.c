/* SPDX-License-Identifier: MIT */
/* The forms of names: the ends of each range, and the first sign apart from the rest. */
#include "harness.h"
#include "proto/name.h"

#define LONG32 "a2345678901234567890123456789012"
#define UPPER32 "A2345678901234567890123456789012"

static const struct {
	bool (*is)(const char *text, size_t len);
	const char *text;
	bool expected;
} rows[] = {
	{name_is_host, "us-1", true},
	{name_is_host, "1", true},
	{name_is_host, LONG32, true},
	{name_is_host, LONG32 "3", false},
	{name_is_host, "", false},
	{name_is_host, "-us", false},
	{name_is_host, "Us", false},
	{name_is_host, "us.1", false},
	{name_is_batch, "B1-TEST", true},
	{name_is_batch, UPPER32, true},
	{name_is_batch, UPPER32 "3", false},
	{name_is_batch, "b1", false},
	{name_is_batch, "-B1", false},
	{name_is_product, "Card-b1", true},
	{name_is_product, "card b1", false},
	{name_is_station, "laser-1", true},
	{name_is_station, "a234567890123456", true},
	{name_is_station, "a2345678901234567", false},
	{name_is_serial, "AA000001K", true},
	{name_is_serial, "AA-1", true},
	{name_is_serial, "1A", false},
	{name_is_serial, "AA/L", false},
	{name_is_serial, "A2345678901234567890", true},
	{name_is_serial, "A23456789012345678901", false},
	{name_is_coin, "BTC_BECH32", true},
	{name_is_coin, "BTC-BECH32", false},
	{name_is_multicast, "laser.local", true},
	{name_is_multicast, "laser.LOCAL.", true},
	{name_is_multicast, "laser.local.lan", false},
	{name_is_multicast, "local", false},
	{name_is_multicast, "", false},
	{name_is_word, "B1.codes_1-of-1.csv", true},
	{name_is_word, ".hidden", true},
	{name_is_word, "-x.csv", false},
	{name_is_word, "a b", false},
	{name_is_word, "$(x)", false},
	{name_is_word, "caf\xc3\xa9", false},
	{name_is_word, "", false},
};

START_TEST(has_the_form)
{
	bool is = rows[_i].is(rows[_i].text, strlen(rows[_i].text));

	ck_assert_msg(is == rows[_i].expected, "%s", rows[_i].text);
}
END_TEST

START_TEST(a_name_ends_at_its_length)
{
	ck_assert(name_is_batch("B1/x", 2));
	ck_assert(!name_is_batch("B1\0", 3));
}
END_TEST

START_TEST(uses_are_two)
{
	enum keyline_use use = USE_TEST;

	ck_assert(use_parse(&use, "production", 10));
	ck_assert_int_eq(use, USE_PRODUCTION);
	ck_assert_str_eq(use_name(use), "production");
	ck_assert(use_parse(&use, "test", 4));
	ck_assert_int_eq(use, USE_TEST);
	ck_assert(!use_parse(&use, "tes", 3));
	ck_assert(!use_parse(&use, "Production", 10));
	ck_assert_int_eq(use, USE_TEST);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("name");
	TCase *all = tcase_create("all");

	tcase_add_loop_test(all, has_the_form, 0, (int)(sizeof rows / sizeof rows[0]));
	tcase_add_test(all, a_name_ends_at_its_length);
	tcase_add_test(all, uses_are_two);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}
