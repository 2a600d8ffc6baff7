/* SPDX-License-Identifier: MIT */
#include "harness.h"
#include "proto/serial.h"
#include <string.h>

static struct serial_pattern
compiled(const char *text)
{
	struct serial_pattern pattern;

	ck_assert_int_eq(serial_pattern_compile(&pattern, text), 0);
	return pattern;
}

/* GRid, the standard's best-known user: A1-2425G-ABC1234002-M. */
START_TEST(check_character_as_in_the_standard)
{
	ck_assert_int_eq(serial_check_character("A12425GABC1234002", 17), 'M');
	ck_assert_int_eq(serial_check_character("A1-2425G-ABC1234002-", 20), 'M');
}
END_TEST

/* All single errors are found; of swapped neighbours the system misses a few. */
START_TEST(check_character_finds_one_wrong_and_two_swapped)
{
	unsigned swapped = 0, missed = 0;

	static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	struct serial_pattern p = compiled("AAAA999999999C");
	char good[SERIAL_SIZE], bad[SERIAL_SIZE];

	for (uint64_t number = 0; number < p.count; number += p.count / 97) {
		ck_assert_int_eq(serial_from_number(good, &p, number), 0);
		for (size_t i = 0; i + 1 < p.len; i++) {
			char right = serial_check_character(good, p.len - 1);

			memcpy(bad, good, sizeof bad);
			for (const char *d = digits; *d; d++) {
				bad[i] = *d;
				if (*d != good[i])
					ck_assert_int_ne(
						serial_check_character(bad, p.len - 1),
						right);
			}
			memcpy(bad, good, sizeof bad);
			bad[i] = good[i + 1];
			bad[i + 1] = good[i];
			if (i + 2 >= p.len || good[i] == good[i + 1])
				continue;
			swapped++;
			missed += serial_check_character(bad, p.len - 1) == right;
		}
	}
	ck_assert_uint_gt(swapped, 500);
	ck_assert_uint_lt(missed * 20, swapped);
}
END_TEST

START_TEST(numbers_and_serials_are_one_to_one)
{
	static const struct {
		const char *pattern;
		uint64_t number;
		const char *text;
	} cases[] = {
		{ "AA999999C", 0, "AA000000" },
		{ "AA999999C", 1, "AA000001" },
		{ "AA999999C", 999999, "AA999999" },
		{ "AA999999C", 1000000, "AB000000" },
		{ "AA999999C", 675999999, "ZZ999999" },
		{ "K-A9-99C", 999, "K-A9-99" },
		{ "K-A9-99C", 1000, "K-B0-00" },
		{ "X12A9C", 259, "X12Z9" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct serial_pattern p = compiled(cases[i].pattern);
		char serial[SERIAL_SIZE];
		uint64_t number;

		ck_assert_int_eq(serial_from_number(serial, &p, cases[i].number), 0);
		ck_assert_uint_eq(strlen(serial), p.len);
		ck_assert_int_eq(strncmp(serial, cases[i].text, p.len - 1), 0);
		ck_assert_int_eq(serial_to_number(&number, &p, serial, p.len), 0);
		ck_assert_uint_eq(number, cases[i].number);
	}
}
END_TEST

START_TEST(numbers_end)
{
	struct serial_pattern p = compiled("A9C");
	char serial[SERIAL_SIZE];

	ck_assert_uint_eq(p.count, 260);
	ck_assert_int_eq(serial_from_number(serial, &p, 259), 0);
	ck_assert_int_eq(serial_from_number(serial, &p, 260), KE_EXHAUSTED);
	ck_assert_int_eq(serial_from_number(serial, &p, UINT64_MAX), KE_EXHAUSTED);
}
END_TEST

START_TEST(bad_serials_are_named)
{
	static const struct {
		const char *text;
		int code;
	} cases[] = {
		{ "", KE_BAD_LENGTH },
		{ "AA000001", KE_BAD_LENGTH },
		{ "AA000001KK", KE_BAD_LENGTH },
		{ "A0000001K", KE_BAD_SERIAL },
		{ "AAA00001K", KE_BAD_SERIAL },
		{ "aa000001K", KE_BAD_SERIAL },
		{ "AA00 001K", KE_BAD_SERIAL },
		{ "AA-00001K", KE_BAD_SERIAL },
		{ "AA0000019", KE_BAD_CHECKSUM },
		{ "AA000001-", KE_BAD_CHECKSUM },
	};
	struct serial_pattern p = compiled(SERIAL_PATTERN_DEFAULT);

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		uint64_t number = 7;

		ck_assert_int_eq(serial_to_number(&number, &p, cases[i].text,
					 strlen(cases[i].text)),
			cases[i].code);
		ck_assert_uint_eq(number, 7);
	}
}
END_TEST

START_TEST(bad_patterns_are_refused)
{
	static const char *const bad[] = { "", "C", "AC", "A", "A9", "99C", "9AC", "-A9C",
		/* A mark says by a slash which layer it is: proto/layer_mark.h. */
		"/A9C", "A/9C", "A9/C", "A9C/L", "A9/LC",
		"AC9C", "CA9C", "a9C", "A9C ", "A9_C", "BDC", "A9999999999999999999C",
		"AAAAAAAAAAAAC" };

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct serial_pattern p;
		int rc = serial_pattern_compile(&p, bad[i]);

		/* One counting letter is a pattern, if a short one. */
		if (strcmp(bad[i], "AC") == 0)
			ck_assert_int_eq(rc, 0);
		else
			ck_assert_msg(rc == KE_BAD_PATTERN, "%s", bad[i]);
	}
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("serial");
	TCase *all = tcase_create("all");

	tcase_add_test(all, check_character_as_in_the_standard);
	tcase_add_test(all, check_character_finds_one_wrong_and_two_swapped);
	tcase_add_test(all, numbers_and_serials_are_one_to_one);
	tcase_add_test(all, numbers_end);
	tcase_add_test(all, bad_serials_are_named);
	tcase_add_test(all, bad_patterns_are_refused);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}
