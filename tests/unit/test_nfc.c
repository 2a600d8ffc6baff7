/* SPDX-License-Identifier: MIT */
#include "harness.h"
#include "proto/nfc.h"
#include "proto/secret_bytes.h"

#include <string.h>

/* Unicode annex 15, figures 3 and 4, and what BIP38 adds: NUL counts. */
static const struct {
	const char *in;
	size_t in_len;
	const char *out;
	size_t out_len;
} rows[] = {
	{"", 0, "", 0},
	{"plain ASCII\0with NUL", 20, "plain ASCII\0with NUL", 20},
	/* e and acute compose; the composed form stays. */
	{"e\xcc\x81", 3, "\xc3\xa9", 2},
	{"\xc3\xa9", 2, "\xc3\xa9", 2},
	/* The angstrom sign is another character; the ligature fi stays. */
	{"\xe2\x84\xab", 3, "\xc3\x85", 2},
	{"\xef\xac\x81", 3, "\xef\xac\x81", 3},
	/* d, dot above, dot below: put in order, and one of them composes. */
	{"d\xcc\x87\xcc\xa3", 5, "\xe1\xb8\x8d\xcc\x87", 5},
	/* Hangul. */
	{"\xe1\x84\x92\xe1\x85\xa1\xe1\x86\xab", 9, "\xed\x95\x9c", 3},
	/* A NUL in the midst keeps neighbours apart. */
	{"e\0\xcc\x81", 4, "e\0\xcc\x81", 4},
	/* The official BIP38 vector. */
	{"\xcf\x92\xcc\x81\0\xf0\x90\x90\x80\xf0\x9f\x92\xa9", 13,
		"\xcf\x93\0\xf0\x90\x90\x80\xf0\x9f\x92\xa9", 11},
	/* The one that grows most: 2 bytes to 6 (excluded from composition). */
	{"\xf0\x9d\x85\xa0", 4, "\xf0\x9d\x85\x98\xf0\x9d\x85\xa5\xf0\x9d\x85\xae", 12},
};

START_TEST(form_c)
{
	struct secret *in = secret_new(32), *out;

	ck_assert_int_eq(secret_set(in, rows[_i].in, rows[_i].in_len), 0);
	ck_assert_int_eq(nfc_normalize(&out, in), 0);
	ck_assert_uint_eq(secret_len(out), rows[_i].out_len);
	if (rows[_i].out_len)
		ck_assert_mem_eq(secret_view(out), rows[_i].out, rows[_i].out_len);
	secret_free(in);
	secret_free(out);
}
END_TEST

/* Growth three times as long, over and over: the room must be enough. */
START_TEST(longest_growth)
{
	enum { TIMES = 200 };
	struct secret *in = secret_new(4 * TIMES), *out;

	for (unsigned i = 0; i < TIMES; i++)
		ck_assert_int_eq(secret_append(in, rows[10].in, 4), 0);
	ck_assert_int_eq(nfc_normalize(&out, in), 0);
	ck_assert_uint_eq(secret_len(out), 12 * TIMES);
	secret_free(in);
	secret_free(out);
}
END_TEST

/* A long run of marks is put in order. */
START_TEST(many_marks)
{
	struct secret *in = secret_new(1024), *out;

	ck_assert_int_eq(secret_append(in, "q", 1), 0);
	for (unsigned i = 0; i < 100; i++)
		ck_assert_int_eq(secret_append(in, "\xcc\x87\xcc\xa3", 4), 0);
	ck_assert_int_eq(nfc_normalize(&out, in), 0);
	ck_assert_uint_eq(secret_len(out), 401);
	ck_assert_mem_eq(secret_view(out), "q\xcc\xa3\xcc\xa3", 5);
	secret_free(in);
	secret_free(out);
}
END_TEST

static const struct {
	const char *bytes;
	size_t len;
} bad_rows[] = {
	{"\x80", 1},
	{"\xff", 1},
	{"a\xc3", 2},
	{"\xc3(", 2},
	/* Over-long NUL, a surrogate, beyond U+10FFFF, a cut-off last character. */
	{"\xc0\x80", 2},
	{"\xed\xa0\x80", 3},
	{"\xf4\x90\x80\x80", 4},
	{"abc\xf0\x9f\x92", 6},
};

START_TEST(not_utf8)
{
	struct secret *in = secret_new(8), *out = in;

	ck_assert_int_eq(secret_set(in, bad_rows[_i].bytes, bad_rows[_i].len), 0);
	ck_assert_int_eq(nfc_normalize(&out, in), KE_BAD_UTF8);
	ck_assert_ptr_null(out);
	secret_free(in);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("nfc");
	TCase *all = tcase_create("all");

	tcase_add_loop_test(all, form_c, 0, (int)(sizeof rows / sizeof rows[0]));
	tcase_add_test(all, longest_growth);
	tcase_add_test(all, many_marks);
	tcase_add_loop_test(
		all, not_utf8, 0, (int)(sizeof bad_rows / sizeof bad_rows[0]));
	suite_add_tcase(suite, all);
	return harness_run(suite);
}
