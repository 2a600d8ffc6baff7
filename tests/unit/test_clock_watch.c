/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "harness.h"
#include "daemon/clock_watch.h"

enum { SECOND = 1000, DAY = 24 * 3600 * SECOND };

static const int64_t noon = INT64_C(1790000000000);

START_TEST(a_clock_that_runs_is_no_step)
{
	struct clock_watch watch = {0};

	/* The first look has nothing to compare with; a sleep is seen by both clocks. */
	ck_assert_int_eq(clock_watch_look(&watch, noon, 5 * SECOND), 0);
	ck_assert_int_eq(clock_watch_look(&watch, noon + SECOND, 6 * SECOND), 0);
	ck_assert_int_eq(clock_watch_look(&watch, noon + DAY, 5 * SECOND + DAY), 0);
	ck_assert(!clock_watch_is_behind(&watch, noon + DAY));
}
END_TEST

START_TEST(steps_are_told_both_ways_and_once)
{
	static const int64_t steps[] = {CLOCK_STEP_MS, -CLOCK_STEP_MS, DAY, -DAY};
	struct clock_watch watch = {0};
	int64_t wall = noon, boot = 0;

	(void)clock_watch_look(&watch, wall, boot);
	for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
		wall += steps[i] + SECOND;
		boot += SECOND;
		ck_assert_int_eq(clock_watch_look(&watch, wall, boot), steps[i]);
		ck_assert_int_eq(clock_watch_look(&watch, wall, boot), 0);
	}
	/* What a time service does is not. */
	wall += CLOCK_STEP_MS - 1;
	ck_assert_int_eq(clock_watch_look(&watch, wall, boot), 0);
	wall -= CLOCK_STEP_MS - 1;
	ck_assert_int_eq(clock_watch_look(&watch, wall, boot), 0);
}
END_TEST

START_TEST(behind_what_was_seen)
{
	struct clock_watch watch = {0};

	ck_assert(!clock_watch_is_behind(&watch, noon));
	clock_watch_saw(&watch, noon);
	clock_watch_saw(&watch, noon - DAY);
	ck_assert(!clock_watch_is_behind(&watch, noon - CLOCK_BEHIND_MS));
	ck_assert(clock_watch_is_behind(&watch, noon - CLOCK_BEHIND_MS - 1));
	/* Looks at a clock that is behind do not make it right. */
	(void)clock_watch_look(&watch, noon - DAY, 0);
	(void)clock_watch_look(&watch, noon - DAY, 0);
	ck_assert(clock_watch_is_behind(&watch, noon - DAY));
	clock_watch_trust(&watch, noon - DAY);
	ck_assert(!clock_watch_is_behind(&watch, noon - DAY));
	ck_assert(clock_watch_is_behind(&watch, noon - 2 * DAY));
	/* Set back under our eyes. */
	(void)clock_watch_look(&watch, noon + DAY, 0);
	ck_assert(clock_watch_is_behind(&watch, noon));
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("clock_watch");
	TCase *all = tcase_create("all");

	tcase_add_test(all, a_clock_that_runs_is_no_step);
	tcase_add_test(all, steps_are_told_both_ways_and_once);
	tcase_add_test(all, behind_what_was_seen);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}
