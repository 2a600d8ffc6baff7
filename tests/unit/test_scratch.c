/* SPDX-License-Identifier: MIT */
/* How scrypt's memory is shared out: never more than the budget, a check always served.
 */
#include "config.h"
#include "harness.h"
#include "daemon/pool_memory.h"
#include "daemon/scratch.h"
#include "proto/scrypt_scratch.h"

#include <stdatomic.h>
#include <uv.h>

enum { WALLETS = 4, WORKERS = 6, ROUNDS = 400 };

static struct scratch *
new_scratch(unsigned wallets, bool checks)
{
	struct scratch_budget budget = {wallets * SCRATCH_WALLET_MIB, WORKERS, checks};
	struct scratch *scratch = scratch_new(&budget);

	ck_assert_ptr_nonnull(scratch);
	return scratch;
}

static struct scratch_place *
take(struct scratch *scratch, unsigned wallets, bool check, unsigned expected)
{
	struct scratch_place *place = scratch_take(scratch, wallets, check);

	if (expected == 0) {
		ck_assert_ptr_null(place);
	} else {
		ck_assert_ptr_nonnull(place);
		ck_assert_uint_eq(scratch_wallets(place), expected);
	}
	return place;
}

START_TEST(the_budget_is_kept)
{
	struct scratch *scratch = new_scratch(WALLETS, false);
	struct scratch_place *a = take(scratch, 2, false, 2);
	struct scratch_place *b = take(scratch, 1, false, 1);
	struct scratch_place *c = take(scratch, 2, false, 1);

	take(scratch, 1, false, 0);
	take(scratch, 1, true, 0);
	ck_assert_uint_eq(scratch_total(scratch), WALLETS);
	scratch_give(scratch, a);
	/* What is there already is used, the smallest that is enough. */
	ck_assert_ptr_eq(take(scratch, 2, false, 2), a);
	scratch_give(scratch, a);
	scratch_give(scratch, b);
	ck_assert_ptr_eq(take(scratch, 1, false, 1), b);
	ck_assert_ptr_eq(take(scratch, 1, false, 2), a);
	scratch_give(scratch, a);
	scratch_give(scratch, b);
	scratch_give(scratch, c);
	ck_assert_uint_eq(scratch_total(scratch), WALLETS);
	scratch_free(scratch);
}
END_TEST

START_TEST(a_check_is_always_served)
{
	struct scratch *scratch = new_scratch(WALLETS, true);
	struct scratch_place *a = take(scratch, 2, false, 2);
	struct scratch_place *b = take(scratch, 2, false, 1), *check;

	take(scratch, 1, false, 0);
	check = take(scratch, 1, true, 1);
	take(scratch, 1, false, 0);
	scratch_give(scratch, check);
	/* It is there, and free, and still not for others. */
	take(scratch, 1, false, 0);
	scratch_give(scratch, a);
	ck_assert_ptr_eq(take(scratch, 1, true, 1), check);
	ck_assert_ptr_eq(take(scratch, 2, false, 2), a);
	scratch_give(scratch, a);
	scratch_give(scratch, b);
	scratch_give(scratch, check);
	scratch_free(scratch);
}
END_TEST

static const struct {
	unsigned wallets;
	bool check;
	unsigned expected;
} small[] = {
	{0, false, 0},
	{0, true, 0},
	{1, false, 0},
	{1, true, 1},
	{2, false, 1},
	{3, false, 2},
};

START_TEST(small_budgets)
{
	struct scratch *scratch = new_scratch(small[_i].wallets, true);
	struct scratch_place *place =
		take(scratch, 2, small[_i].check, small[_i].expected);

	if (place)
		scratch_give(scratch, place);
	scratch_free(scratch);
	scratch_free(NULL);
}
END_TEST

static unsigned char *
dirty(struct scratch_place *place, size_t len)
{
	unsigned char *bytes = scrypt_scratch_take(scratch_memory(place), len);

	ck_assert_ptr_nonnull(bytes);
	memset(bytes, 0x5a, len);
	return bytes;
}

/* All goes back but one check's memory, and that is wiped; what is in use stays. */
START_TEST(rest_wipes_and_gives_back)
{
	enum { LEN = 5000 };
	struct scratch *scratch = new_scratch(WALLETS, _i == 1);
	struct scratch_place *a = take(scratch, 2, false, 2);
	struct scratch_place *b = take(scratch, 1, true, 1);
	const unsigned char *in_use = dirty(a, LEN), *idle = dirty(b, LEN);

	scratch_give(scratch, b);
	scratch_rest(scratch);
	ck_assert_uint_eq(scratch_total(scratch), _i == 1 ? 3 : 2);
	for (size_t i = 0; i < LEN; i++) {
		ck_assert_uint_eq(in_use[i], 0x5a);
		if (_i == 1)
			ck_assert_uint_eq(idle[i], 0);
	}
	scratch_give(scratch, a);
	scratch_rest(scratch);
	ck_assert_uint_eq(scratch_total(scratch), _i == 1 ? 1 : 0);
	a = take(scratch, 2, false, 2);
	scratch_give(scratch, a);
	scratch_free(scratch);
}
END_TEST

/* Every place to one worker at a time, and all the time within the budget. */
struct crowd {
	struct scratch *scratch;
	bool with_rest;
	atomic_uint next;
	unsigned served[WORKERS];
};

static void
come_and_go(void *context)
{
	struct crowd *crowd = context;
	unsigned me = atomic_fetch_add(&crowd->next, 1);

	for (unsigned i = 0; i < ROUNDS; i++) {
		struct scratch_place *place =
			scratch_take(crowd->scratch, 1 + i % 2, me == 0);

		if (place) {
			unsigned char *bytes =
				scrypt_scratch_take(scratch_memory(place), 64);

			ck_assert_ptr_nonnull(bytes);
			memset(bytes, (int)me, 64);
			ck_assert_uint_eq(bytes[63], me);
			crowd->served[me]++;
			scratch_give(crowd->scratch, place);
		}
		if (crowd->with_rest && i % 50 == me)
			scratch_rest(crowd->scratch);
		ck_assert_uint_le(scratch_total(crowd->scratch), WALLETS);
	}
}

START_TEST(many_workers)
{
	struct crowd crowd = {new_scratch(WALLETS, true), _i == 1, 0, {0}};
	uv_thread_t threads[WORKERS];

	for (size_t i = 0; i < WORKERS; i++)
		ck_assert_int_eq(uv_thread_create(&threads[i], come_and_go, &crowd), 0);
	for (size_t i = 0; i < WORKERS; i++)
		ck_assert_int_eq(uv_thread_join(&threads[i]), 0);
	/* What is being wiped is free for nobody, for a moment. */
	ck_assert_uint_ge(crowd.served[0], crowd.with_rest ? 1 : ROUNDS);
	scratch_free(crowd.scratch);
}
END_TEST

/* Workers without the part that has the memory do without. */
START_TEST(without_the_part)
{
	pool_memory_lend(POOL_BATCH);
	pool_memory_return();
	pool_memory_used();
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("scratch");
	TCase *all = tcase_create("all");

	tcase_add_test(all, the_budget_is_kept);
	tcase_add_test(all, a_check_is_always_served);
	tcase_add_loop_test(all, small_budgets, 0, sizeof small / sizeof small[0]);
	tcase_add_loop_test(all, rest_wipes_and_gives_back, 0, 2);
	tcase_add_loop_test(all, many_workers, 0, 2);
	tcase_add_test(all, without_the_part);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}
