/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "harness.h"
#include "proto/base64.h"
#include "proto/der.h"
#include "proto/utc.h"
#include <string.h>

START_TEST(der_takes_the_shortest_form_only)
{
	static const struct {
		const char *bytes;
		size_t len;
		bool good;
		size_t inside;
	} cases[] = {
		{ "\x04\x00", 2, true, 0 },
		{ "\x04\x01x", 3, true, 1 },
		{ "\x04\x01", 2, false, 0 },
		{ "\x04", 1, false, 0 },
		{ "", 0, false, 0 },
		{ "\x02\x01x", 3, false, 0 },
		{ "\x04\x81\x01x", 4, false, 0 },
		{ "\x04\x82\x00\x80", 4, false, 0 },
		{ "\x04\x80\x00\x00", 4, false, 0 },
		{ "\x04\x85\x00\x00\x00\x00\x01x", 8, false, 0 },
		{ "\x04\x84\xff\xff\xff\xff", 6, false, 0 },
		{ "\x04\x81\x80", 3, false, 0 },
		{ "\x1f\x04\x01x", 4, false, 0 },
	};
	unsigned char big[131] = { 0x04, 0x81, 0x80 };
	struct der in, inside;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		in = (struct der){ (const unsigned char *)cases[i].bytes, cases[i].len };
		ck_assert_msg(der_take(&in, DER_OCTETS, &inside) == cases[i].good,
			"case %zu", i);
		ck_assert_uint_eq(in.left, cases[i].good ? 0 : cases[i].len);
		if (cases[i].good)
			ck_assert_uint_eq(inside.left, cases[i].inside);
	}
	in = (struct der){ big, sizeof big };
	ck_assert(der_take(&in, DER_OCTETS, &inside));
	ck_assert_uint_eq(inside.left, 128);
	ck_assert_ptr_eq(inside.at, big + 3);
}
END_TEST

START_TEST(der_takes_bytes)
{
	struct der in = { (const unsigned char *)"abc", 3 };

	ck_assert(!der_take_bytes(&in, "abd", 3));
	ck_assert(!der_take_bytes(&in, "abcd", 4));
	ck_assert(der_take_bytes(&in, "ab", 2));
	ck_assert_uint_eq(in.left, 1);
}
END_TEST

/* RFC 4648, section 10. */
START_TEST(base64_vectors)
{
	static const char *const cases[][2] = { { "f", "Zg==" }, { "fo", "Zm8=" },
		{ "foo", "Zm9v" }, { "foob", "Zm9vYg==" }, { "fooba", "Zm9vYmE=" },
		{ "foobar", "Zm9vYmFy" }, { "\xfb\xff\xfe", "+//+" } };
	unsigned char plain[8];
	char text[12];
	size_t len;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		size_t plain_len = strlen(cases[i][0]), text_len = strlen(cases[i][1]);

		ck_assert_uint_eq(BASE64_LEN(plain_len), text_len);
		base64_encode(text, (const unsigned char *)cases[i][0], plain_len);
		ck_assert_mem_eq(text, cases[i][1], text_len);
		ck_assert_int_eq(base64_decode(plain, sizeof plain, &len, text, text_len), 0);
		ck_assert_uint_eq(len, plain_len);
		ck_assert_mem_eq(plain, cases[i][0], len);
	}
	ck_assert_int_eq(base64_decode(plain, 2, &len, "Zm9v", 4), KE_TOO_LONG);
}
END_TEST

START_TEST(base64_takes_one_form_only)
{
	static const struct {
		const char *text;
		int code;
	} cases[] = {
		{ "", KE_BAD_LENGTH },
		{ "Zg", KE_BAD_LENGTH },
		{ "Zg=", KE_BAD_LENGTH },
		{ "Zh==", KE_BAD_CHARACTER },
		{ "Zm9=", KE_BAD_CHARACTER },
		{ "Z===", KE_BAD_CHARACTER },
		{ "====", KE_BAD_CHARACTER },
		{ "Zg==Zg==", KE_BAD_CHARACTER },
		{ "Zm9\n", KE_BAD_CHARACTER },
		{ "Zm-_", KE_BAD_CHARACTER },
		{ "Zm 9", KE_BAD_CHARACTER },
		{ "=m9v", KE_BAD_CHARACTER },
		{ "Z=9v", KE_BAD_CHARACTER },
	};
	unsigned char plain[8];
	size_t len;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		ck_assert_msg(base64_decode(plain, sizeof plain, &len, cases[i].text,
				      strlen(cases[i].text)) == cases[i].code,
			"%s", cases[i].text);
}
END_TEST

START_TEST(utc_goes_both_ways)
{
	static const struct {
		int64_t seconds;
		const char *text;
	} cases[] = {
		{ 0, "1970-01-01T00:00:00Z" },
		{ 951782400, "2000-02-29T00:00:00Z" },
		{ 951868799, "2000-02-29T23:59:59Z" },
		{ 951868800, "2000-03-01T00:00:00Z" },
		{ 1795339800, "2026-11-22T09:30:00Z" },
		{ 4107542400, "2100-03-01T00:00:00Z" },
		{ 253402300799, "9999-12-31T23:59:59Z" },
	};
	char text[UTC_SIZE];
	int64_t seconds;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		ck_assert_int_eq(utc_format(text, cases[i].seconds), 0);
		ck_assert_str_eq(text, cases[i].text);
		ck_assert_int_eq(utc_parse(&seconds, text, UTC_LEN), 0);
		ck_assert_int_eq(seconds, cases[i].seconds);
	}
	ck_assert_int_eq(utc_format(text, -1), KE_BAD_ARGUMENT);
	ck_assert_int_eq(utc_format(text, 253402300800), KE_BAD_ARGUMENT);
	/* Each day of four centuries, there and back. */
	for (int64_t day = 0; day < 146097; day += harness_stride(31)) {
		ck_assert_int_eq(utc_format(text, day * 86400), 0);
		if (utc_parse(&seconds, text, UTC_LEN) != 0 || seconds != day * 86400)
			ck_abort_msg("%s", text);
	}
}
END_TEST

START_TEST(utc_knows_the_calendar)
{
	static const char *const bad[] = { "", "2026-11-22T09:30:00", "2026-11-22 09:30:00Z",
		"2026-11-22T09:30:00z", "2026-11-22T09:30:00ZZ", "2026-11-22T24:00:00Z",
		"2026-11-22T23:60:00Z", "2026-11-22T23:59:60Z", "2026-02-29T00:00:00Z",
		"2100-02-29T00:00:00Z", "2026-04-31T00:00:00Z", "2026-00-01T00:00:00Z",
		"2026-13-01T00:00:00Z", "2026-01-00T00:00:00Z", "1969-12-31T23:59:59Z",
		"2026-11-2xT09:30:00Z" };
	int64_t seconds;

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		ck_assert_msg(utc_parse(&seconds, bad[i], strlen(bad[i])) == KE_BAD_FIELD,
			"%s", bad[i]);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("der");
	TCase *all = tcase_create("all");

	tcase_add_test(all, der_takes_the_shortest_form_only);
	tcase_add_test(all, der_takes_bytes);
	tcase_add_test(all, base64_vectors);
	tcase_add_test(all, base64_takes_one_form_only);
	tcase_add_test(all, utc_goes_both_ways);
	tcase_add_test(all, utc_knows_the_calendar);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}
