/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "harness.h"
#include "proto/detection.h"

/* Computed apart from this program, with Python's fractions and math.comb. */
static const struct {
	uint64_t lot;
	uint64_t opened;
	/* One bad wallet, and 1 % and 5 % of the lot, rounded up. */
	uint32_t one;
	uint32_t hundredth;
	uint32_t twentieth;
	/* The fewest that are found with 95 % and with 99 %. */
	uint64_t least_95;
	uint64_t least_99;
} rows[] = {
	{1, 1, 1000000, 1000000, 1000000, 1, 1},
	{5, 2, 400000, 400000, 400000, 4, 4},
	{12, 2, 166666, 166666, 166666, 9, 11},
	/* 95 % to the last digit. */
	{20, 19, 950000, 950000, 950000, 1, 2},
	{100, 3, 30000, 30000, 144001, 63, 78},
	{250, 5, 20000, 59040, 236028, 112, 150},
	{1000, 20, 20000, 183682, 645129, 138, 204},
	{1000, 50, 50000, 402688, 928023, 57, 86},
	{5000, 59, 11800, 449238, 952377, 247, 374},
	{10000, 100, 10000, 635805, 994232, 294, 448},
	{10000, 10000, 1000000, 1000000, 1000000, 1, 1},
	{10000, 1, 100, 10000, 50000, 9500, 9900},
};

START_TEST(as_computed_elsewhere)
{
	uint64_t lot = rows[_i].lot, opened = rows[_i].opened, least;
	uint32_t ppm;

	ck_assert_int_eq(detection_ppm(&ppm, lot, 1, opened), 0);
	ck_assert_uint_eq(ppm, rows[_i].one);
	ck_assert_int_eq(detection_ppm(&ppm, lot, (lot + 99) / 100, opened), 0);
	ck_assert_uint_eq(ppm, rows[_i].hundredth);
	ck_assert_int_eq(detection_ppm(&ppm, lot, (lot + 19) / 20, opened), 0);
	ck_assert_uint_eq(ppm, rows[_i].twentieth);
	ck_assert_int_eq(detection_least(&least, lot, opened, 950000), 0);
	ck_assert_uint_eq(least, rows[_i].least_95);
	ck_assert_int_eq(detection_least(&least, lot, opened, 990000), 0);
	ck_assert_uint_eq(least, rows[_i].least_99);
}
END_TEST

/* Every choice of k among n, one bit a wallet; the first `bad' of them are bad. */
static uint32_t
counted(unsigned lot, unsigned bad, unsigned opened)
{
	uint64_t all = 0, found = 0;

	for (unsigned long choice = 0; choice < 1UL << lot; choice++)
		if ((unsigned)__builtin_popcountl(choice) == opened) {
			all++;
			found += (choice & ((1UL << bad) - 1)) != 0;
		}
	return all ? (uint32_t)(found * 1000000 / all) : UINT32_MAX;
}

START_TEST(as_counted)
{
	uint32_t ppm;

	for (unsigned lot = 1; lot <= 10; lot++)
		for (unsigned bad = 0; bad <= lot; bad++)
			for (unsigned opened = 0; opened <= lot; opened++) {
				ck_assert_int_eq(
					detection_ppm(&ppm, lot, bad, opened), 0);
				ck_assert_uint_eq(ppm, counted(lot, bad, opened));
			}
}
END_TEST

START_TEST(ends)
{
	uint64_t least = 7;
	uint32_t ppm = 7;

	ck_assert_int_eq(detection_ppm(&ppm, 0, 0, 0), 0);
	ck_assert_uint_eq(ppm, 0);
	ck_assert_int_eq(detection_least(&least, 12, 0, 950000), 0);
	ck_assert_uint_eq(least, 0);
	ck_assert_int_eq(detection_ppm(&ppm, 5, 6, 1), KE_BAD_ARGUMENT);
	ck_assert_int_eq(detection_ppm(&ppm, 5, 1, 6), KE_BAD_ARGUMENT);
	ck_assert_int_eq(detection_least(&least, 5, 6, 1), KE_BAD_ARGUMENT);
	ck_assert_int_eq(detection_least(&least, 5, 1, 0), KE_BAD_ARGUMENT);
	ck_assert_int_eq(detection_least(&least, 5, 1, 1000001), KE_BAD_ARGUMENT);
	ck_assert_int_eq(
		detection_ppm(&ppm, DETECTION_LOT_MAX + 1ULL, 1, 1), KE_BAD_ARGUMENT);
	/* Nearly certain is not certain, however large the lot. */
	ck_assert_int_eq(detection_ppm(&ppm, DETECTION_LOT_MAX, 50000000, 50000000), 0);
	ck_assert_uint_eq(ppm, 999999);
	ck_assert_int_eq(detection_ppm(&ppm, DETECTION_LOT_MAX, 50000001, 50000000), 0);
	ck_assert_uint_eq(ppm, DETECTION_CERTAIN);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("detection");
	TCase *all = tcase_create("all");

	tcase_add_loop_test(
		all, as_computed_elsewhere, 0, (int)(sizeof rows / sizeof rows[0]));
	tcase_add_test(all, as_counted);
	tcase_add_test(all, ends);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}
