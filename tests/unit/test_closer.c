/* SPDX-License-Identifier: MIT */
/* What is handed over is closed in its turn, and told on the loop while somebody listens.
 */
#include "config.h"
#include "daemon/closer.h"
#include "harness.h"
#include <unistd.h>

enum { WORKS = 3 };

struct given {
	uv_async_t wake;
	struct closer_work works[WORKS];
	int ends[WORKS];
	int closed;
};

/* The reading end of a pipe whose other end is handed over. */
static int
hand_pipe(struct closer_work *work, void (*closed)(struct closer_work *work))
{
	int fds[2];

	ck_assert_int_eq(pipe(fds), 0);
	closer_hand(work, fds[1], closed);
	ck_assert(work->is_handed);
	return fds[0];
}

/* Waits for the other end to be closed. */
static void
expect_closed(int fd)
{
	char byte;

	ck_assert_int_eq(read(fd, &byte, 1), 0);
	(void)close(fd);
}

static void
on_closed(struct closer_work *work)
{
	struct given *given = work->context;

	ck_assert(!work->is_handed);
	ck_assert_ptr_eq(work, &given->works[given->closed]);
	expect_closed(given->ends[given->closed]);
	if (++given->closed < WORKS)
		return;
	closer_deafen();
	uv_close((uv_handle_t *)&given->wake, NULL);
}

START_TEST(each_is_closed_and_told)
{
	struct given given = {.closed = 0};
	uv_loop_t loop;

	ck_assert_int_eq(uv_loop_init(&loop), 0);
	ck_assert_int_eq(closer_listen(&given.wake, &loop), 0);
	for (size_t i = 0; i < WORKS; i++) {
		given.works[i].context = &given;
		given.ends[i] = hand_pipe(&given.works[i], on_closed);
	}
	ck_assert_int_eq(uv_run(&loop, UV_RUN_DEFAULT), 0);
	ck_assert_int_eq(given.closed, WORKS);
	ck_assert_int_eq(uv_loop_close(&loop), 0);
}
END_TEST

static void
on_told(struct closer_work *work)
{
	ck_abort_msg("%p is told, and nobody listens", (void *)work);
}

/* Its work stays the closer's: it is never told. */
START_TEST(closed_without_a_listener)
{
	static struct closer_work work;

	expect_closed(hand_pipe(&work, on_told));
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("closer");
	TCase *all = tcase_create("all");

	tcase_add_test(all, each_is_closed_and_told);
	tcase_add_test(all, closed_without_a_listener);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}
