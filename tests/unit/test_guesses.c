/* SPDX-License-Identifier: MIT */
#include "harness.h"
#include <stdio.h>
#include "daemon/guesses.h"

START_TEST(wrong_codes_lock_for_a_minute)
{
	struct guesses g = {0};

	for (int turn = 1; turn < GUESSES_MAX; turn++) {
		ck_assert(!guesses_wrong(&g, GUESSES_MAX, 5000));
		ck_assert(!guesses_are_locked(&g, 5000));
	}
	ck_assert(guesses_wrong(&g, GUESSES_MAX, 5000));
	ck_assert(guesses_are_locked(&g, 5000));
	ck_assert(guesses_are_locked(&g, 5000 + GUESSES_LOCK_MS - 1));
	ck_assert(!guesses_are_locked(&g, 5000 + GUESSES_LOCK_MS));
	/* and are counted anew then */
	for (int turn = 1; turn < GUESSES_MAX; turn++)
		ck_assert(!guesses_wrong(&g, GUESSES_MAX, 70000));
	ck_assert(guesses_wrong(&g, GUESSES_MAX, 70000));
}
END_TEST

START_TEST(a_slip_is_forgotten_after_an_hour)
{
	struct guesses g = {0};

	for (int turn = 1; turn < GUESSES_MAX; turn++)
		ck_assert(!guesses_wrong(&g, GUESSES_MAX, 5000));
	ck_assert(!guesses_wrong(&g, GUESSES_MAX, 5000 + GUESSES_KEPT_MS));
	for (int turn = 2; turn < GUESSES_MAX; turn++)
		ck_assert(!guesses_wrong(&g, GUESSES_MAX, 4999 + 2 * GUESSES_KEPT_MS));
	ck_assert(guesses_wrong(&g, GUESSES_MAX, 4999 + 2 * GUESSES_KEPT_MS));
}
END_TEST

/* Four wrong ones of one, a right one of another, and so on: guesses without an end. */
START_TEST(another_who_is_right_clears_nothing)
{
	struct guess_book *book = NULL;

	for (int turn = 1; turn < GUESSES_MAX; turn++)
		ck_assert_int_eq(guess_book_wrong(&book, 1000, "igor", 5000), 0);
	guess_book_right(book, 1000, "olga");
	guess_book_right(book, 1001, "igor");
	ck_assert_int_eq(guess_book_wrong(&book, 1000, "igor", 5000), 1);
	ck_assert(guess_book_is_locked(book, 1000, "igor", 5001));
	/* neither another's name there, nor the operator himself elsewhere */
	ck_assert(!guess_book_is_locked(book, 1000, "olga", 5001));
	ck_assert(!guess_book_is_locked(book, 1001, "igor", 5001));
	ck_assert(!guess_book_is_locked(book, 1000, "igor", 5000 + GUESSES_LOCK_MS));
	guess_book_free(book);
}
END_TEST

START_TEST(who_is_right_clears_his_own)
{
	struct guess_book *book = NULL;

	for (int round = 0; round < 3; round++) {
		for (int turn = 1; turn < GUESSES_MAX; turn++)
			ck_assert_int_eq(guess_book_wrong(&book, 1000, "igor", 5000), 0);
		guess_book_right(book, 1000, "igor");
	}
	guess_book_free(book);
}
END_TEST

/* A little of each name is a lot. */
START_TEST(an_account_that_tries_all_names_is_locked)
{
	struct guess_book *book = NULL;
	char name[8];
	int turn, is_many = 0;

	for (turn = 0; !is_many && turn < 1000; turn++) {
		(void)snprintf(name, sizeof name, "n%d", turn);
		is_many = guess_book_wrong(&book, 1000, name, 5000);
		guess_book_right(book, 1000, "mine");
	}
	ck_assert_int_eq(turn, GUESSES_OF_ACCOUNT);
	ck_assert(guess_book_is_locked(book, 1000, "never-named", 5001));
	ck_assert(!guess_book_is_locked(book, 1001, "n1", 5001));
	guess_book_free(book);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("guesses");
	TCase *all = tcase_create("all");

	tcase_add_test(all, wrong_codes_lock_for_a_minute);
	tcase_add_test(all, a_slip_is_forgotten_after_an_hour);
	tcase_add_test(all, another_who_is_right_clears_nothing);
	tcase_add_test(all, who_is_right_clears_his_own);
	tcase_add_test(all, an_account_that_tries_all_names_is_locked);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}
