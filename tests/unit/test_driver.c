/* SPDX-License-Identifier: MIT */
/* A driver by itself, with short times: silence, pauses, the ways to end it. */
#include "station_fixture.h"
#include "daemon/driver.h"
#include <signal.h>
#include <sys/wait.h>

static struct {
	struct driver *driver;
	unsigned ups;
	unsigned downs;
	unsigned lines;
	/* of the last end; NULL: it was retired */
	const char *code;
	bool is_gone;
} seen;

static struct driver_times short_times = {
	.hello = 2000,
	.ping = 20,
	.silence = 200,
	.grace = 100,
	.pause_first = 10,
	.pause_last = 40,
};

static void
up(void *context)
{
	ck_assert_ptr_eq(context, &seen);
	ck_assert(driver_is_up(seen.driver));
	seen.ups++;
}

static void
line_came(void *context, const struct line *line)
{
	(void)context;
	ck_assert_str_ne(line->verb, "pong");
	ck_assert_str_ne(line->verb, "hello");
	seen.lines++;
}

static void
down(void *context, const char *code)
{
	(void)context;
	ck_assert(!driver_is_up(seen.driver));
	seen.code = code;
	seen.downs++;
}

static void
gone(void *context)
{
	(void)context;
	seen.is_gone = true;
}

static void
begin(const char *how)
{
	static char device[64], program[128];
	const char *args[] = {"--device", device, NULL};
	struct driver_options options = {"laser1", program, args, "etch", &short_times};
	struct driver_calls calls = {up, line_came, down, &seen};

	/* Beside other sections of ./test valgrind, and what it runs, stand still at times. */
	if (harness_valgrind()) {
		short_times.hello = 5000;
		short_times.silence = 2000;
		short_times.grace = 1500;
	}
	memset(&rig, 0, sizeof(rig));
	memset(&seen, 0, sizeof(seen));
	rig_folder();
	ck_assert_int_eq(uv_loop_init(&rig.loop), 0);
	snprintf(device, sizeof(device), "tcp:%s:1", how);
	snprintf(program, sizeof(program), "%s/etch-modbus", rig.folder);
	ck_assert_int_eq(driver_new(&seen.driver, &rig.loop, &options, &calls), 0);
	ck_assert(!driver_is_up(seen.driver));
}

static void
end(void)
{
	unsigned downs = seen.downs;

	driver_stop(seen.driver, gone, NULL);
	WAIT_UNTIL(seen.is_gone);
	ck_assert_uint_eq(seen.downs, downs);
	ck_assert_int_eq(uv_run(&rig.loop, UV_RUN_DEFAULT), 0);
	ck_assert_int_eq(uv_loop_close(&rig.loop), 0);
	/* No child is left behind. */
	ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1);
	rig_folder_remove();
}

START_TEST(pings_are_answered_and_not_told)
{
	begin("normal");
	WAIT_UNTIL(seen.ups == 1 && seen.lines == 1);
	end();
	ck_assert_uint_eq(seen.downs, 0);
}
END_TEST

START_TEST(silence_ends_it_and_it_comes_again)
{
	begin("silent");
	WAIT_UNTIL(seen.ups == 2);
	ck_assert_uint_eq(seen.downs, 1);
	ck_assert_str_eq(seen.code, "driver-silent");
	end();
}
END_TEST

/* A process that was stopped, a machine that was paused: nobody has asked meanwhile. */
START_TEST(a_pause_of_our_own_is_no_silence_of_it)
{
	uint64_t from;

	begin("normal");
	WAIT_UNTIL(seen.ups == 1 && seen.lines == 1);
	for (int pause = 0; pause < 3; pause++) {
		from = uv_hrtime();
		while (uv_hrtime() - from < 3 * short_times.silence * 1000000ull)
			continue;
		from = uv_now(&rig.loop);
		WAIT_UNTIL(uv_now(&rig.loop) - from > 4 * short_times.silence);
	}
	ck_assert_uint_eq(seen.downs, 0);
	end();
}
END_TEST

START_TEST(silence_is_borne_while_it_is_not_watched)
{
	uint64_t from;

	begin("silent");
	WAIT_UNTIL(seen.ups == 1);
	driver_watch(seen.driver, false);
	from = uv_now(&rig.loop);
	/* Three times the silence, in pings that go unanswered. */
	WAIT_UNTIL(uv_now(&rig.loop) - from > 3 * short_times.silence);
	ck_assert_uint_eq(seen.downs, 0);
	driver_watch(seen.driver, true);
	WAIT_UNTIL(seen.downs == 1);
	end();
}
END_TEST

/* What was to be told is lost; to wait for its answer would be to wait in vain. */
START_TEST(one_that_cannot_be_written_to_is_ended_though_it_is_not_watched)
{
	/* as the daemon does */
	signal(SIGPIPE, SIG_IGN);
	begin("deaf");
	WAIT_UNTIL(seen.ups == 1);
	driver_watch(seen.driver, false);
	WAIT_UNTIL(seen.downs == 1);
	end();
}
END_TEST

START_TEST(no_hello_ends_it)
{
	begin("never-hello");
	WAIT_UNTIL(seen.downs == 1);
	ck_assert_str_eq(seen.code, "driver-silent");
	ck_assert_uint_eq(seen.ups, 0);
	end();
}
END_TEST

START_TEST(one_that_stays_is_killed)
{
	begin("stays");
	WAIT_UNTIL(seen.ups == 1);
	end();
}
END_TEST

START_TEST(one_that_stays_after_a_fault_is_killed_and_comes_again)
{
	begin("stays");
	WAIT_UNTIL(seen.ups == 1);
	driver_end(seen.driver, "timeout");
	ck_assert(!driver_is_up(seen.driver));
	WAIT_UNTIL(seen.ups == 2);
	ck_assert_str_eq(seen.code, "timeout");
	end();
}
END_TEST

START_TEST(a_retired_one_comes_again_without_a_code)
{
	begin("normal");
	WAIT_UNTIL(seen.ups == 1);
	driver_retire(seen.driver);
	WAIT_UNTIL(seen.ups == 2);
	ck_assert_uint_eq(seen.downs, 1);
	ck_assert_ptr_null(seen.code);
	end();
}
END_TEST

START_TEST(one_that_stays_retired_is_a_fault)
{
	begin("stays");
	WAIT_UNTIL(seen.ups == 1);
	driver_retire(seen.driver);
	WAIT_UNTIL(seen.downs == 1);
	ck_assert_ptr_nonnull(seen.code);
	ck_assert_str_eq(seen.code, "driver-died");
	end();
}
END_TEST

START_TEST(one_that_asks_for_a_new_process_gets_it)
{
	begin("renews");
	WAIT_UNTIL(seen.ups == 2);
	ck_assert_uint_eq(seen.downs, 1);
	ck_assert_ptr_null(seen.code);
	end();
}
END_TEST

/* It would be started for ever, and nobody would be told. */
START_TEST(one_that_asks_for_it_before_hello_is_a_fault)
{
	begin("renews-at-once");
	WAIT_UNTIL(seen.downs == 1);
	ck_assert_ptr_nonnull(seen.code);
	ck_assert_str_eq(seen.code, "driver-died");
	ck_assert_uint_eq(seen.ups, 0);
	end();
}
END_TEST

START_TEST(it_is_tried_again_and_again)
{
	begin("usage");
	WAIT_UNTIL(seen.downs == 5);
	ck_assert_str_eq(seen.code, "driver-usage");
	end();
}
END_TEST

START_TEST(lines_are_sent_only_when_it_is_up)
{
	struct secret *line = secret_new(LINE_BYTES_MAX);
	struct line_builder b;

	begin("normal");
	line_begin(&b, line, "load", "1");
	ck_assert_int_gt(line_end(&b), 0);
	ck_assert_int_eq(driver_send(seen.driver, &line), KE_LINK);
	ck_assert_ptr_null(line);
	ck_assert_int_eq(driver_send_plain(seen.driver, "ping -\n", 7), KE_LINK);
	end();
	ck_assert_uint_eq(seen.ups, 0);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("driver");
	TCase *all = tcase_create("all");

	rig_quiet();
	tcase_set_timeout(all, 60);
	tcase_add_test(all, pings_are_answered_and_not_told);
	tcase_add_test(all, silence_ends_it_and_it_comes_again);
	tcase_add_test(all, a_pause_of_our_own_is_no_silence_of_it);
	tcase_add_test(all, silence_is_borne_while_it_is_not_watched);
	tcase_add_test(
		all, one_that_cannot_be_written_to_is_ended_though_it_is_not_watched);
	tcase_add_test(all, no_hello_ends_it);
	tcase_add_test(all, one_that_stays_is_killed);
	tcase_add_test(all, one_that_stays_after_a_fault_is_killed_and_comes_again);
	tcase_add_test(all, a_retired_one_comes_again_without_a_code);
	tcase_add_test(all, one_that_stays_retired_is_a_fault);
	tcase_add_test(all, one_that_asks_for_a_new_process_gets_it);
	tcase_add_test(all, one_that_asks_for_it_before_hello_is_a_fault);
	tcase_add_test(all, it_is_tried_again_and_again);
	tcase_add_test(all, lines_are_sent_only_when_it_is_up);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}
