/* SPDX-License-Identifier: MIT */
/* What the etcher does wrong when it is told to, and only then. */
#include "config.h"
#include "harness.h"
#include "etcher_bench.h"
#include <string.h>

static struct bench bench;

static void
set_up(void)
{
	bench_init(&bench);
	bench_boot(&bench);
}

static void
tear_down(void)
{
	bench_end(&bench);
}

/* A whole mark of a job; the log from start on. */
static void
mark(uint32_t job, const char *fault)
{
	bench_fault(&bench, fault);
	bench_to_armed(&bench, job);
	bench.log[0] = '\0';
	bench_bits(&bench, 1u << (ETCH_START - ETCH_LOAD_BEGIN));
	bench_bits(&bench, 0);
	bench_wait(&bench, 3 * BENCH_MARK_MS, true);
}

/* Faults of a mark: the state it ends in, what is counted, the laser's acts. */
static const struct mark_case {
	const char *fault;
	enum fault_state state;
	uint32_t counter, last_marked;
	const char *log;
} marks[] = {
	{"break times=1 when=boot", FAULT_DONE, 1, 7,
		"keep c=0 s=7 l=0 m=1;on 7;off 7 whole;keep c=1 s=7 l=7 m=0;"},
	{"lost-done", FAULT_IDLE, 1, 7,
		"keep c=0 s=7 l=0 m=1;on 7;off 7 whole;keep c=1 s=7 l=7 m=0;"},
	{"lost-count", FAULT_DONE, 0, 7,
		"keep c=0 s=7 l=0 m=1;on 7;off 7 whole;keep c=0 s=7 l=7 m=0;"},
	{"double-counter", FAULT_DONE, 2, 7,
		"keep c=0 s=7 l=0 m=1;on 7;off 7 whole;keep c=2 s=7 l=7 m=0;"},
	{"double-mark", FAULT_DONE, 2, 7,
		"keep c=0 s=7 l=0 m=1;on 7;off 7 whole;keep c=1 s=7 l=7 m=1;on 7;"
		"off 7 whole;keep c=2 s=7 l=7 m=0;"},
	{"busy-forever", FAULT_BUSY, 0, 0, "keep c=0 s=7 l=0 m=1;on 7;off 7 whole;"},
	{"slow-mark", FAULT_BUSY, 0, 0, "keep c=0 s=7 l=0 m=1;on 7;"},
	{"break", FAULT_FAULT, 0, 0,
		"keep c=0 s=7 l=0 m=1;on 7;off 7 laser-source;keep c=0 s=7 l=0 m=0;"},
	{"lost-start", FAULT_LOADED, 0, 0, ""},
};

START_TEST(faults_of_a_mark)
{
	const struct mark_case *c = &marks[_i];

	mark(7, c->fault);
	bench_state(&bench, c->state);
	ck_assert_uint_eq(bench_get(&bench, ETCH_MARKED_COUNTER), c->counter);
	ck_assert_uint_eq(bench_get(&bench, ETCH_LAST_MARKED_JOB), c->last_marked);
	ck_assert_str_eq(bench.log, c->log);
}
END_TEST

START_TEST(busy_forever_ends_by_cancel_or_clear)
{
	mark(7, "busy-forever");
	if (_i) {
		ck_assert_int_eq(bench_command(&bench, ETCH_CANCEL), ETCH_REASON_NONE);
		bench_state(&bench, FAULT_FAULT);
		ck_assert_uint_eq(bench_get(&bench, ETCH_MARKED_COUNTER), 0);
	} else {
		fault_clear(&bench.faults, FAULT_BUSY_FOREVER);
		bench_wait(&bench, 20, true);
		bench_state(&bench, FAULT_DONE);
		ck_assert_uint_eq(bench_get(&bench, ETCH_MARKED_COUNTER), 1);
	}
	/* the laser went off once */
	ck_assert_ptr_nonnull(strstr(bench.log, "off 7"));
	ck_assert_ptr_null(strstr(strstr(bench.log, "off 7") + 1, "off 7"));
}
END_TEST

START_TEST(a_short_arming_runs_out)
{
	bench_fault(&bench, "short-arm");
	bench_to_loaded(&bench, 7);
	ck_assert_int_eq(bench_command(&bench, ETCH_ARM), ETCH_REASON_NONE);
	bench_wait(&bench, 10, true);
	ck_assert_int_eq(bench_command(&bench, ETCH_START), ETCH_REASON_ARM_EXPIRED);
}
END_TEST

/* The host saw it armed; the start comes a moment too late. */
START_TEST(an_arming_runs_out_at_the_start)
{
	bench_fault(&bench, "late-start");
	bench_to_armed(&bench, 7);
	ck_assert_int_eq(bench_command(&bench, ETCH_START), ETCH_REASON_ARM_EXPIRED);
	bench_state(&bench, FAULT_LOADED);
	ck_assert_uint_eq(bench_get(&bench, ETCH_ARM_TOKEN), 0);
	ck_assert_uint_eq(bench_get(&bench, ETCH_LAST_STARTED_JOB), 0);
}
END_TEST

START_TEST(a_lost_mirror_hides_a_running_mark)
{
	bench_fault(&bench, "lost-mirror");
	bench_to_armed(&bench, 7);
	bench_bits(&bench, 1u << (ETCH_START - ETCH_LOAD_BEGIN));
	ck_assert_uint_eq(bench_get(&bench, ETCH_MIRROR_START), 0);
	bench_state(&bench, FAULT_BUSY);
}
END_TEST

START_TEST(a_stuck_mirror_stays)
{
	bench_fault(&bench, "stuck-mirror");
	bench_bits(&bench, 1u << (ETCH_ERASE - ETCH_LOAD_BEGIN));
	bench_bits(&bench, 0);
	ck_assert_uint_eq(bench_get(&bench, ETCH_MIRROR_ERASE), 1);
	bench_wait(&bench, 1000, true);
	ck_assert_uint_eq(bench_get(&bench, ETCH_MIRROR_ERASE), 1);
	fault_clear(&bench.faults, FAULT_NAMES);
	bench_wait(&bench, 10, true);
	ck_assert_uint_eq(bench_get(&bench, ETCH_MIRROR_ERASE), 0);
}
END_TEST

/* The word of the job buffer at an offset. */
static unsigned
word_at(unsigned offset)
{
	bench_put(&bench, ETCH_READBACK_OFFSET, offset);
	return bench_get(&bench, ETCH_READBACK_DATA);
}

static unsigned
job_word(unsigned offset)
{
	return (unsigned)bench.job[2 * offset] << 8 | bench.job[2 * offset + 1];
}

START_TEST(faults_of_a_chunk)
{
	unsigned room = bench.profile.limits.chunk_registers, wrong = 0;

	bench_fault(&bench, _i ? "drop-chunk after=2" : "corrupt-chunk after=2");
	bench_to_loading(&bench, 7);
	bench_chunks(&bench, 7);
	for (unsigned i = 0; i < bench.job_len / 2; i++) {
		if (word_at(i) == job_word(i))
			continue;
		ck_assert_uint_ge(i, room);
		ck_assert_uint_lt(i, 2 * room);
		wrong++;
	}
	if (_i)
		ck_assert_uint_gt(wrong, room / 2);
	else
		ck_assert_uint_eq(wrong, 1);
	/* struck once */
	ck_assert_int_eq(bench_command(&bench, ETCH_ERASE), ETCH_REASON_NONE);
	bench_to_loaded(&bench, 7);
	for (unsigned i = 0; i < bench.job_len / 2; i++)
		ck_assert_uint_eq(word_at(i), job_word(i));
}
END_TEST

/* The first two words of the code that is shown for a loaded job. */
static uint32_t
shown_code(void)
{
	struct modbus_access access = {.table = MODBUS_INPUT,
		.address = bench.profile.places[ETCH_CODE].address,
		.count = 8};
	uint32_t sum = 0;

	ck_assert_int_eq(etcher_access(bench.etcher, &access, bench.now), 0);
	for (size_t i = 0; i < 8; i++)
		sum = 31 * sum + access.values[i];
	return sum;
}

START_TEST(a_wrong_code_is_shown_once)
{
	uint32_t wrong;

	bench_fault(&bench, "wrong-code");
	bench_to_loaded(&bench, 7);
	wrong = shown_code();
	ck_assert_int_eq(bench_command(&bench, ETCH_CANCEL), ETCH_REASON_NONE);
	bench_to_loaded(&bench, 7);
	ck_assert_uint_ne(shown_code(), wrong);
}
END_TEST

START_TEST(an_erase_can_leave_bytes)
{
	bench_fault(&bench, "not-erased");
	bench_to_loaded(&bench, 7);
	ck_assert_int_eq(bench_command(&bench, ETCH_ERASE), ETCH_REASON_NONE);
	ck_assert_uint_eq(bench_get(&bench, ETCH_ERASED), 1);
	ck_assert_uint_eq(word_at(0), 0x4b56);
	fault_clear(&bench.faults, FAULT_NOT_ERASED);
	ck_assert_int_eq(bench_command(&bench, ETCH_ERASE), ETCH_REASON_NONE);
	ck_assert_uint_eq(word_at(0), 0);
}
END_TEST

START_TEST(a_stale_job_is_shown)
{
	bench_to_loaded(&bench, 7);
	bench_fault(&bench, "stale-job");
	ck_assert_int_eq(bench_command(&bench, ETCH_CANCEL), ETCH_REASON_NONE);
	bench_to_loaded(&bench, 8);
	ck_assert_uint_eq(bench_get(&bench, ETCH_LOADED_JOB), 7);
	ck_assert_uint_eq(bench_get(&bench, ETCH_READBACK_JOB), 7);
	fault_clear(&bench.faults, FAULT_STALE_JOB);
	ck_assert_uint_eq(bench_get(&bench, ETCH_LOADED_JOB), 8);
}
END_TEST

START_TEST(hearts_stand_still)
{
	uint32_t beat = bench_get(&bench, ETCH_HEARTBEAT), echo;

	bench_fault(&bench, "no-heartbeat");
	bench_wait(&bench, 1000, true);
	ck_assert_uint_eq(bench_get(&bench, ETCH_HEARTBEAT), beat);
	bench_fault(&bench, "no-echo");
	echo = bench_get(&bench, ETCH_HEARTBEAT_ECHO);
	bench_wait(&bench, 1000, true);
	ck_assert_uint_eq(bench_get(&bench, ETCH_HEARTBEAT_ECHO), echo);
	fault_clear(&bench.faults, FAULT_NAMES);
	bench_wait(&bench, 100, true);
	ck_assert_uint_ne(bench_get(&bench, ETCH_HEARTBEAT), beat);
	ck_assert_uint_ne(bench_get(&bench, ETCH_HEARTBEAT_ECHO), echo);
}
END_TEST

START_TEST(a_frozen_program_answers_what_it_had)
{
	uint32_t beat;

	bench_to_marking(&bench, 7);
	bench.log[0] = '\0';
	beat = bench_get(&bench, ETCH_HEARTBEAT);
	etcher_freeze(bench.etcher, true, bench.now);
	/* the laser is wired to go off */
	ck_assert_str_eq(bench.log, "off 7 laser-off;");
	bench_wait(&bench, 2 * BENCH_MARK_MS, true);
	ck_assert_uint_eq(bench_get(&bench, ETCH_BUSY), 1);
	ck_assert_uint_eq(bench_get(&bench, ETCH_HEARTBEAT), beat);
	etcher_door(bench.etcher, false, bench.now);
	ck_assert_uint_eq(bench_get(&bench, ETCH_DOOR_CLOSED), 1);
	etcher_freeze(bench.etcher, false, bench.now);
	bench_state(&bench, FAULT_FAULT);
	ck_assert_uint_eq(bench_get(&bench, ETCH_DOOR_CLOSED), 0);
	ck_assert_uint_eq(bench_get(&bench, ETCH_MARKED_COUNTER), 0);
}
END_TEST

START_TEST(the_counter_and_the_name_can_change)
{
	struct modbus_access access = {.table = MODBUS_INPUT, .count = 4};

	etcher_set_counter(bench.etcher, 500, bench.now);
	ck_assert_uint_eq(bench_get(&bench, ETCH_MARKED_COUNTER), 500);
	ck_assert_uint_eq(bench.retained.counter, 500);
	etcher_rename(bench.etcher, "BENCH-X");
	access.address = bench.profile.places[ETCH_DEVICE_SERIAL].address;
	ck_assert_int_eq(etcher_access(bench.etcher, &access, bench.now), 0);
	ck_assert_uint_eq(access.values[3], 'X' << 8);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("etcher_fault");
	TCase *all = tcase_create("all");

	tcase_add_checked_fixture(all, set_up, tear_down);
	tcase_add_loop_test(all, faults_of_a_mark, 0, sizeof marks / sizeof marks[0]);
	tcase_add_loop_test(all, busy_forever_ends_by_cancel_or_clear, 0, 2);
	tcase_add_test(all, a_short_arming_runs_out);
	tcase_add_test(all, an_arming_runs_out_at_the_start);
	tcase_add_test(all, a_lost_mirror_hides_a_running_mark);
	tcase_add_test(all, a_stuck_mirror_stays);
	tcase_add_loop_test(all, faults_of_a_chunk, 0, 2);
	tcase_add_test(all, a_wrong_code_is_shown_once);
	tcase_add_test(all, an_erase_can_leave_bytes);
	tcase_add_test(all, a_stale_job_is_shown);
	tcase_add_test(all, hearts_stand_still);
	tcase_add_test(all, a_frozen_program_answers_what_it_had);
	tcase_add_test(all, the_counter_and_the_name_can_change);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}
