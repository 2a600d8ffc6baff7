/* SPDX-License-Identifier: MIT */
#include "harness.h"
#include "proto/allocation.h"

START_TEST(carries_at_4095)
{
	struct lot_sequence first = { .lot = 7, .sequence = 4094 }, pair;
	struct allocation range;

	ck_assert_int_eq(allocation_make(&range, &first, 4100), 0);
	ck_assert_int_eq(allocation_at(&pair, &range, 1), 0);
	ck_assert_uint_eq(pair.lot, 7);
	ck_assert_uint_eq(pair.sequence, 4095);
	ck_assert_int_eq(allocation_at(&pair, &range, 2), 0);
	ck_assert_uint_eq(pair.lot, 8);
	ck_assert_uint_eq(pair.sequence, 0);
	pair = allocation_last(&range);
	ck_assert_uint_eq(pair.lot, 9);
	ck_assert_uint_eq(pair.sequence, 1);
	ck_assert_int_eq(allocation_at(&pair, &range, 4100), KE_EXHAUSTED);
}
END_TEST

START_TEST(zero_is_legal_and_the_end_is_known)
{
	struct lot_sequence zero = { 0, 0 };
	struct lot_sequence last = { ALLOCATION_LOT_MAX, ALLOCATION_SEQUENCE_MAX };
	struct lot_sequence no_lot = { ALLOCATION_LOT_MAX + 1, 0 };
	struct lot_sequence no_sequence = { 0, ALLOCATION_SEQUENCE_MAX + 1 };
	struct allocation range;
	uint64_t position;

	ck_assert_int_eq(allocation_make(&range, &zero, ALLOCATION_POSITIONS), 0);
	ck_assert_int_eq(
		allocation_make(&range, &zero, ALLOCATION_POSITIONS + 1), KE_EXHAUSTED);
	ck_assert_int_eq(allocation_make(&range, &zero, UINT64_MAX), KE_EXHAUSTED);
	ck_assert_int_eq(allocation_make(&range, &last, 1), 0);
	ck_assert_int_eq(allocation_make(&range, &last, 2), KE_EXHAUSTED);
	ck_assert_int_eq(allocation_make(&range, &zero, 0), KE_BAD_ARGUMENT);
	ck_assert_int_eq(allocation_make(&range, &no_lot, 1), KE_BAD_ARGUMENT);
	ck_assert_int_eq(allocation_make(&range, &no_sequence, 1), KE_BAD_ARGUMENT);
	ck_assert_int_eq(allocation_position(&position, &last), 0);
	ck_assert_uint_eq(position, ALLOCATION_POSITIONS - 1);
}
END_TEST

START_TEST(overlap_is_one_shared_pair)
{
	static const struct {
		struct allocation a, b;
		bool overlaps;
	} cases[] = {
		{ { 0, 1 }, { 0, 1 }, true },
		{ { 0, 1 }, { 1, 1 }, false },
		{ { 0, 2 }, { 1, 1 }, true },
		{ { 5, 10 }, { 7, 2 }, true },
		{ { 5, 10 }, { 14, 1 }, true },
		{ { 5, 10 }, { 15, 1 }, false },
		{ { 0, UINT64_C(1) << 32 }, { (UINT64_C(1) << 32) - 1, 1 }, true },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		ck_assert_int_eq(allocation_overlaps(&cases[i].a, &cases[i].b),
			cases[i].overlaps);
		ck_assert_int_eq(allocation_overlaps(&cases[i].b, &cases[i].a),
			cases[i].overlaps);
	}
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("allocation");
	TCase *all = tcase_create("all");

	tcase_add_test(all, carries_at_4095);
	tcase_add_test(all, zero_is_legal_and_the_end_is_known);
	tcase_add_test(all, overlap_is_one_shared_pair);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}
