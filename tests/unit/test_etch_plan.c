/* SPDX-License-Identifier: MIT */
#include "harness.h"
#include "drivers/etch_plan.h"
#include "etch_fixture.h"
#include <string.h>

static struct etch_profile
shipped(void)
{
	char *text = fixture_profile_text();
	struct etch_profile p;
	struct etch_profile_error error;

	ck_assert_int_eq(etch_profile_parse(&p, &error, text, strlen(text)), 0);
	free(text);
	return p;
}

START_TEST(the_shipped_status_is_one_read)
{
	struct etch_profile p = shipped();
	struct etch_plan plan;

	etch_plan_make(&plan, &p, ETCH_HEARTBEAT, ETCH_CODE);
	ck_assert_uint_eq(plan.count, 1);
	ck_assert_int_eq(plan.reads[0].table, ETCH_INPUT);
	ck_assert_uint_eq(plan.reads[0].address, 32);
	ck_assert_uint_eq(plan.reads[0].count, 32);
}
END_TEST

/* Bits elsewhere are fetched first, those that lie together at once. */
START_TEST(bits_elsewhere_come_first)
{
	struct etch_profile p = shipped();
	struct etch_plan plan;

	p.places[ETCH_READY] = (struct etch_place){ETCH_DISCRETE, 40, 1, 0};
	p.places[ETCH_BUSY] = (struct etch_place){ETCH_DISCRETE, 10, 1, 0};
	p.places[ETCH_DONE] = (struct etch_place){ETCH_DISCRETE, 73, 1, 0};
	p.places[ETCH_FAULT] = (struct etch_place){ETCH_DISCRETE, 500, 1, 0};
	p.places[ETCH_MIRROR_ARM] = (struct etch_place){ETCH_HOLDING, 900, 1, 3};
	etch_plan_make(&plan, &p, ETCH_HEARTBEAT, ETCH_CODE);
	ck_assert_uint_eq(plan.count, 4);
	ck_assert_uint_eq(plan.reads[0].address, 10);
	ck_assert_uint_eq(plan.reads[0].count, 64);
	ck_assert_uint_eq(plan.reads[1].address, 500);
	ck_assert_uint_eq(plan.reads[1].count, 1);
	ck_assert_int_eq(plan.reads[2].table, ETCH_HOLDING);
	ck_assert_uint_eq(plan.reads[3].address, 32);
	ck_assert_int_eq(plan.reads[3].table, ETCH_INPUT);
}
END_TEST

/* Even when each bit lies far from the others there is room for all. */
START_TEST(there_is_room_for_the_worst_profile)
{
	struct etch_profile p = shipped();
	struct etch_plan plan;
	uint16_t address = 1000;

	for (int i = ETCH_HEARTBEAT; i <= ETCH_CODE; i++) {
		if (etch_item_kind(i) == ETCH_BIT)
			p.places[i] =
				(struct etch_place){ETCH_COIL, address += 100, 1, 0};
	}
	etch_plan_make(&plan, &p, ETCH_HEARTBEAT, ETCH_CODE);
	ck_assert_uint_eq(plan.count, 21);
	ck_assert_uint_le(plan.count, ETCH_PLAN_MAX);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("etch_plan");
	TCase *all = tcase_create("all");

	tcase_add_test(all, the_shipped_status_is_one_read);
	tcase_add_test(all, bits_elsewhere_come_first);
	tcase_add_test(all, there_is_room_for_the_worst_profile);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}
