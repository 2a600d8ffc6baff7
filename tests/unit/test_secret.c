/* SPDX-License-Identifier: MIT */
#include "harness.h"
#include "proto/secret_bytes.h"
#include <string.h>

START_TEST(holds_what_was_put_in)
{
	struct secret *s = secret_new(8);

	ck_assert_ptr_nonnull(s);
	ck_assert_uint_eq(secret_len(s), 0);
	ck_assert_int_eq(secret_set(s, "abc", 3), 0);
	ck_assert_int_eq(secret_append(s, "de", 2), 0);
	ck_assert_uint_eq(secret_len(s), 5);
	ck_assert_mem_eq(secret_view(s), "abcde", 5);
	secret_free(s);
}
END_TEST

START_TEST(refuses_more_than_its_room)
{
	struct secret *s = secret_new(4);

	ck_assert_int_eq(secret_set(s, "abc", 3), 0);
	ck_assert_int_eq(secret_append(s, "de", 2), KE_TOO_LONG);
	ck_assert_int_eq(secret_set(s, "abcde", 5), KE_TOO_LONG);
	ck_assert_int_eq(secret_set_len(s, 5), KE_TOO_LONG);
	ck_assert_uint_eq(secret_len(s), 3);
	ck_assert_mem_eq(secret_view(s), "abc", 3);
	secret_free(s);
}
END_TEST

START_TEST(clear_wipes)
{
	static const unsigned char zero[8];
	struct secret *s = secret_new(8);

	ck_assert_int_eq(secret_set(s, "abcdefgh", 8), 0);
	secret_clear(s);
	ck_assert_uint_eq(secret_len(s), 0);
	ck_assert_mem_eq(secret_view(s), zero, 8);
	secret_free(s);
}
END_TEST

START_TEST(compares)
{
	struct secret *a = secret_new(8), *b = secret_new(16);

	ck_assert_int_eq(secret_set(a, "abc", 3), 0);
	ck_assert_int_eq(secret_set(b, "abc", 3), 0);
	ck_assert(secret_equal(a, b));
	ck_assert_int_eq(secret_append(b, "d", 1), 0);
	ck_assert(!secret_equal(a, b));
	ck_assert_int_eq(secret_set(b, "abd", 3), 0);
	ck_assert(!secret_equal(a, b));
	secret_free(a);
	secret_free(b);
}
END_TEST

START_TEST(free_of_null_is_nothing)
{
	secret_free(NULL);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("secret");
	TCase *all = tcase_create("all");

	tcase_add_test(all, holds_what_was_put_in);
	tcase_add_test(all, refuses_more_than_its_room);
	tcase_add_test(all, clear_wipes);
	tcase_add_test(all, compares);
	tcase_add_test(all, free_of_null_is_nothing);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}
