/* SPDX-License-Identifier: MIT */
#include "harness.h"
#include "drivers/backoff.h"

enum { FIRST = 250, LAST = 8000, TRIES = 12 };

START_TEST(waits_twice_as_long_up_to_a_limit)
{
	static const uint32_t waits[TRIES] = {
		250, 500, 1000, 2000, 4000, 8000, 8000, 8000, 8000, 8000, 8000, 8000};
	struct backoff b = {.first = FIRST, .last = LAST};

	for (int i = 0; i < TRIES; i++)
		ck_assert_uint_eq(backoff_wait(&b, 0), waits[i]);
	backoff_reset(&b);
	ck_assert_uint_eq(backoff_wait(&b, 0), FIRST);
	ck_assert_uint_eq(backoff_wait(&b, 0), 2 * FIRST);
}
END_TEST

/* A limit that is no power of two times the first is reached, too, and never passed. */
START_TEST(the_limit_is_exact)
{
	struct backoff b = {.first = FIRST, .last = 900};

	ck_assert_uint_eq(backoff_wait(&b, 0), 250);
	ck_assert_uint_eq(backoff_wait(&b, 0), 500);
	ck_assert_uint_eq(backoff_wait(&b, 0), 900);
	ck_assert_uint_eq(backoff_wait(&b, 0), 900);
	b = (struct backoff){.first = FIRST, .last = FIRST};
	ck_assert_uint_eq(backoff_wait(&b, 0), FIRST);
	ck_assert_uint_eq(backoff_wait(&b, 0), FIRST);
}
END_TEST

/* Up to half more; all of that span is used, and the noise does not lengthen the next. */
START_TEST(jitter_spreads_the_waits)
{
	for (uint32_t noise = 0; noise < 5 * FIRST; noise++) {
		struct backoff b = {.first = FIRST, .last = LAST};
		uint32_t wait = backoff_wait(&b, noise);

		ck_assert_uint_eq(wait, FIRST + noise % (FIRST / 2 + 1));
		ck_assert_uint_eq(backoff_wait(&b, 0), 2 * FIRST);
	}
	for (uint32_t bit = 0; bit < 32; bit++) {
		struct backoff b = {.first = LAST, .last = LAST};
		uint32_t wait = backoff_wait(&b, UINT32_MAX >> bit);

		ck_assert_uint_ge(wait, LAST);
		ck_assert_uint_le(wait, LAST + LAST / 2);
	}
}
END_TEST

/* Eight numbers of 32 bits that are all the same do not come by chance. */
START_TEST(noise_differs)
{
	uint32_t first = backoff_noise(), differ = 0;

	for (int i = 0; i < 8; i++)
		differ |= backoff_noise() ^ first;
	ck_assert_uint_ne(differ, 0);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("backoff");
	TCase *all = tcase_create("all");

	tcase_add_test(all, waits_twice_as_long_up_to_a_limit);
	tcase_add_test(all, the_limit_is_exact);
	tcase_add_test(all, jitter_spreads_the_waits);
	tcase_add_test(all, noise_differs);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}
