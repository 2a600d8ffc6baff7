/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "harness.h"
#include <stdatomic.h>
#include "daemon/pool.h"

enum { PIECES = 200 };

struct tally {
	atomic_int worked[PIECES];
	int pieces_done;
	int ends;
	int end_error;
	size_t fail_at;
	/* Set after so many pieces; 0: never. */
	int stop_after;
	bool stop;
};

static int
work(void *context, size_t index)
{
	struct tally *t = context;

	atomic_fetch_add(&t->worked[index], 1);
	return index == t->fail_at ? KE_CRYPTO : 0;
}

static void
piece_done(void *context, size_t index, int error)
{
	struct tally *t = context;

	(void)index;
	(void)error;
	t->pieces_done++;
	if (t->pieces_done == t->stop_after)
		t->stop = true;
}

static void
all_done(void *context, int error)
{
	struct tally *t = context;

	t->ends++;
	t->end_error = error;
}

static int
worked(struct tally *t)
{
	int n = 0;

	for (int i = 0; i < PIECES; i++) {
		ck_assert_int_le(t->worked[i], 1);
		n += t->worked[i];
	}
	return n;
}

static void
run(struct tally *t, size_t count, bool tolerant)
{
	struct pool_run run = { work, piece_done, all_done, t, count, tolerant,
		&t->stop };
	uv_loop_t loop;

	ck_assert_int_eq(uv_loop_init(&loop), 0);
	ck_assert_int_eq(pool_start(&loop, &run), 0);
	ck_assert_int_eq(t->ends, 0);
	uv_run(&loop, UV_RUN_DEFAULT);
	ck_assert_int_eq(uv_loop_close(&loop), 0);
	ck_assert_int_eq(t->ends, 1);
}

START_TEST(each_piece_once)
{
	static struct tally t;

	t.fail_at = PIECES;
	run(&t, PIECES, false);
	ck_assert_int_eq(worked(&t), PIECES);
	ck_assert_int_eq(t.pieces_done, PIECES);
	ck_assert_int_eq(t.end_error, 0);
}
END_TEST

START_TEST(a_failure_ends_the_run)
{
	static struct tally t;

	t.fail_at = 3;
	run(&t, PIECES, false);
	ck_assert_int_lt(worked(&t), PIECES);
	ck_assert_int_eq(t.end_error, KE_CRYPTO);
}
END_TEST

START_TEST(a_tolerant_run_goes_on)
{
	static struct tally t;

	t.fail_at = 3;
	run(&t, PIECES, true);
	ck_assert_int_eq(worked(&t), PIECES);
	ck_assert_int_eq(t.end_error, KE_CRYPTO);
}
END_TEST

START_TEST(a_run_can_be_stopped)
{
	static struct tally t;

	t.fail_at = PIECES;
	t.stop_after = 5;
	run(&t, PIECES, false);
	ck_assert_int_lt(worked(&t), PIECES);
	ck_assert_int_eq(t.end_error, 0);
}
END_TEST

START_TEST(no_pieces_still_end)
{
	static struct tally t;

	run(&t, 0, false);
	ck_assert_int_eq(t.end_error, 0);
}
END_TEST

/* Else nobody would ever hear that it is over. */
START_TEST(stopped_before_it_began)
{
	static struct tally t;

	t.fail_at = PIECES;
	t.stop = true;
	run(&t, PIECES, false);
	ck_assert_int_eq(worked(&t), 0);
	ck_assert_int_eq(t.end_error, 0);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("pool");
	TCase *all = tcase_create("all");

	tcase_add_test(all, each_piece_once);
	tcase_add_test(all, a_failure_ends_the_run);
	tcase_add_test(all, a_tolerant_run_goes_on);
	tcase_add_test(all, a_run_can_be_stopped);
	tcase_add_test(all, no_pieces_still_end);
	tcase_add_test(all, stopped_before_it_began);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}
