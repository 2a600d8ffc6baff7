/* SPDX-License-Identifier: MIT */
#include "harness.h"
#include "proto/layer_mark.h"
#include <string.h>

/* A serial of the pattern, as long as one can be. */
#define LONG_PATTERN "BBBBBBBBBBBBB999999C"

static struct serial_pattern
compiled(const char *text)
{
	struct serial_pattern pattern;

	ck_assert_int_eq(serial_pattern_compile(&pattern, text), 0);
	return pattern;
}

static int
parse(struct layer_mark *out, const char *text)
{
	struct serial_pattern pattern = compiled(SERIAL_PATTERN_DEFAULT);

	return layer_mark_parse(out, &pattern, text, strlen(text));
}

START_TEST(each_layer_has_its_mark)
{
	char lower[LAYER_MARK_SIZE], upper[LAYER_MARK_SIZE];

	ck_assert_int_eq(layer_mark_make(lower, "AA0000016", LAYER_MARK_LOWER), 0);
	ck_assert_int_eq(layer_mark_make(upper, "AA0000016", LAYER_MARK_UPPER), 0);
	ck_assert_str_eq(lower, "AA0000016/L");
	ck_assert_str_eq(upper, "AA0000016");
}
END_TEST

START_TEST(what_was_made_is_read)
{
	static const char *const patterns[] = {
		SERIAL_PATTERN_DEFAULT, "K-A9-99C", "L9LC", LONG_PATTERN};

	for (size_t i = 0; i < sizeof patterns / sizeof patterns[0]; i++) {
		struct serial_pattern pattern = compiled(patterns[i]);
		char serial[SERIAL_SIZE], text[LAYER_MARK_SIZE];

		ck_assert_int_eq(serial_from_number(serial, &pattern, 7), 0);
		for (int layer = LAYER_MARK_LOWER; layer <= LAYER_MARK_UPPER; layer++) {
			struct layer_mark mark = {"", LAYER_MARK_LOWER};

			ck_assert_int_eq(layer_mark_make(text, serial,
						 (enum layer_mark_layer)layer),
				0);
			ck_assert_int_eq(
				layer_mark_parse(&mark, &pattern, text, strlen(text)), 0);
			ck_assert_str_eq(mark.serial, serial);
			ck_assert_int_eq(mark.layer, layer);
			ck_assert_int_eq(
				layer_mark_parse(&mark, NULL, text, strlen(text)), 0);
			ck_assert_str_eq(mark.serial, serial);
			ck_assert_int_eq(mark.layer, layer);
		}
	}
}
END_TEST

START_TEST(bad_marks_are_named)
{
	static const struct {
		const char *text;
		int code;
	} cases[] = {
		{"", KE_BAD_LENGTH},
		{"/L", KE_BAD_LENGTH},
		{"L", KE_BAD_LENGTH},
		{"AA0000016/", KE_BAD_LENGTH},
		{"AA0000016L", KE_BAD_LENGTH},
		{"AA0000016/l", KE_BAD_LENGTH},
		{"AA0000016/U", KE_BAD_LENGTH},
		{"AA0000016/L/L", KE_BAD_LENGTH},
		{"AA0000016/L ", KE_BAD_LENGTH},
		{"AA0000016 /L", KE_BAD_LENGTH},
		{" AA0000016/L", KE_BAD_LENGTH},
		{"AA0000016//L", KE_BAD_LENGTH},
		{"AA00000166/L", KE_BAD_LENGTH},
		{"AA00000166666666666666666666/L", KE_BAD_LENGTH},
		{"AA0000017/L", KE_BAD_CHECKSUM},
		{"AA0000017", KE_BAD_CHECKSUM},
		{"AA00000/L", KE_BAD_LENGTH},
		{"aa0000016/L", KE_BAD_SERIAL},
		{"AAA000016/L", KE_BAD_SERIAL},
		{"AA00000/L/L", KE_BAD_SERIAL},
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct layer_mark mark = {"KEPT", LAYER_MARK_UPPER};

		ck_assert_msg(parse(&mark, cases[i].text) == cases[i].code, "%s",
			cases[i].text);
		ck_assert_str_eq(mark.serial, "KEPT");
	}
}
END_TEST

START_TEST(without_a_pattern_the_form_counts)
{
	static const char *const bad[] = {"", "/L", "A/", "A/l", "A/L/L", "9/L", "aA/L",
		"A L/L", "ABCDEFGHIJ01234567890/L", "ABCDEFGHIJ01234567890"};
	struct layer_mark mark;

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		ck_assert_int_eq(layer_mark_parse(&mark, NULL, bad[i], strlen(bad[i])),
			KE_BAD_SERIAL);
	/* A NUL is a character like others. */
	ck_assert_int_eq(layer_mark_parse(&mark, NULL, "SETUP\0/L", 8), KE_BAD_SERIAL);
	ck_assert_int_eq(layer_mark_parse(&mark, NULL, "SETUP/L", 7), 0);
	ck_assert_str_eq(mark.serial, "SETUP");
}
END_TEST

START_TEST(no_mark_of_what_is_no_serial)
{
	static const char *const bad[] = {"", "/L", "AA0000016/L", "aa1", "A B",
		"ABCDEFGHIJ01234567890", "ABCDEFGHIJ012345678901234567890"};
	char text[LAYER_MARK_SIZE];

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		memset(text, 'x', sizeof text);
		ck_assert_int_eq(
			layer_mark_make(text, bad[i], LAYER_MARK_LOWER), KE_BAD_SERIAL);
		ck_assert_str_eq(text, "");
	}
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("layer_mark");
	TCase *all = tcase_create("all");

	tcase_add_test(all, each_layer_has_its_mark);
	tcase_add_test(all, what_was_made_is_read);
	tcase_add_test(all, bad_marks_are_named);
	tcase_add_test(all, without_a_pattern_the_form_counts);
	tcase_add_test(all, no_mark_of_what_is_no_serial);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}
