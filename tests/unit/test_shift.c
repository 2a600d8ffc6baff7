/* SPDX-License-Identifier: MIT */
#include "harness.h"
#include "daemon/shift.h"

enum { HOUR = 60 * 60 * 1000 };

static const unsigned char ann[OPERATOR_HASH_LEN] = {1}, bob[OPERATOR_HASH_LEN] = {2};

START_TEST(a_scanner_that_is_held_to_a_badge_reads_it_once)
{
	struct shift shift = {.since_ms = 0};

	ck_assert(!shift_is_same_read(&shift, ann, 1000));
	/* as long as it is held there */
	for (uint64_t now = 1000; now < 60000; now += SHIFT_READ_MS - 1)
		ck_assert(shift_is_same_read(&shift, ann, now));
	ck_assert(shift_is_same_read(&shift, ann, shift.read_ms + SHIFT_READ_MS - 1));
	ck_assert(!shift_is_same_read(&shift, ann, shift.read_ms + SHIFT_READ_MS));
}
END_TEST

START_TEST(another_badge_is_another_read)
{
	struct shift shift = {.since_ms = 0};

	ck_assert(!shift_is_same_read(&shift, ann, 1000));
	ck_assert(!shift_is_same_read(&shift, bob, 1001));
	ck_assert(!shift_is_same_read(&shift, ann, 1002));
	shift.read_ms = 0;
	ck_assert(!shift_is_same_read(&shift, ann, 1003));
}
END_TEST

START_TEST(a_shift_lasts_its_hours)
{
	struct shift shift = {.since_ms = 0};

	ck_assert(!shift_has_lasted(&shift, 12 * HOUR, 100 * (uint64_t)HOUR));
	shift_begin(&shift, "ann", HOUR);
	shift.is_over = true;
	ck_assert(!shift_has_lasted(&shift, 12 * HOUR, 13 * HOUR - 1));
	ck_assert(shift_has_lasted(&shift, 12 * HOUR, 13 * HOUR));
	/* the next one's begins anew */
	shift_begin(&shift, "bob", 13 * HOUR);
	ck_assert(!shift.is_over);
	ck_assert(!shift_has_lasted(&shift, 12 * HOUR, 14 * HOUR));
	ck_assert_str_eq(shift.who, "bob");
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("shift");
	TCase *all = tcase_create("all");

	tcase_add_test(all, a_scanner_that_is_held_to_a_badge_reads_it_once);
	tcase_add_test(all, another_badge_is_another_read);
	tcase_add_test(all, a_shift_lasts_its_hours);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}
