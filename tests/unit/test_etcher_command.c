/* SPDX-License-Identifier: MIT */
/* Every command in every state, edges and mirrors, chunks, interlocks. */
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

static void
go_idle(void)
{
	bench_job(&bench, 7, "nonce--1");
}

static void
go_loading(void)
{
	bench_to_loading(&bench, 7);
}

static void
go_loaded(void)
{
	bench_to_loaded(&bench, 7);
}

static void
go_armed(void)
{
	bench_to_armed(&bench, 7);
}

static void
go_marking(void)
{
	bench_to_marking(&bench, 7);
}

static void
go_done(void)
{
	bench_to_marking(&bench, 7);
	bench_wait(&bench, BENCH_MARK_MS, true);
	bench_put(&bench, ETCH_COMMAND_JOB, 0);
	bench_state(&bench, FAULT_DONE);
}

static void
go_fault(void)
{
	bench_to_marking(&bench, 7);
	etcher_door(bench.etcher, false, bench.now);
	etcher_door(bench.etcher, true, bench.now);
	bench_put(&bench, ETCH_COMMAND_JOB, 0);
	bench_state(&bench, FAULT_FAULT);
}

#define R(name) ETCH_REASON_##name

static const struct command_case {
	void (*go)(void);
	enum etch_item command;
	enum etch_reason reason;
	enum fault_state after;
} cases[] = {
	{go_idle, ETCH_LOAD_BEGIN, R(NONE), FAULT_LOADING},
	{go_idle, ETCH_LOAD_COMMIT, R(NOT_READY), FAULT_IDLE},
	{go_idle, ETCH_ARM, R(NOT_LOADED), FAULT_IDLE},
	{go_idle, ETCH_START, R(NOT_LOADED), FAULT_IDLE},
	{go_idle, ETCH_ERASE, R(NONE), FAULT_IDLE},
	{go_idle, ETCH_ACK_FAULT, R(NONE), FAULT_IDLE},
	{go_idle, ETCH_CANCEL, R(WRONG_JOB), FAULT_IDLE},
	{go_loading, ETCH_LOAD_BEGIN, R(NOT_READY), FAULT_LOADING},
	{go_loading, ETCH_LOAD_COMMIT, R(INCOMPLETE), FAULT_LOADING},
	{go_loading, ETCH_ARM, R(NOT_LOADED), FAULT_LOADING},
	{go_loading, ETCH_START, R(NOT_LOADED), FAULT_LOADING},
	{go_loading, ETCH_ERASE, R(NONE), FAULT_IDLE},
	{go_loading, ETCH_ACK_FAULT, R(NONE), FAULT_LOADING},
	{go_loading, ETCH_CANCEL, R(NONE), FAULT_IDLE},
	{go_loaded, ETCH_LOAD_BEGIN, R(NOT_READY), FAULT_LOADED},
	{go_loaded, ETCH_LOAD_COMMIT, R(NOT_READY), FAULT_LOADED},
	{go_loaded, ETCH_ARM, R(NONE), FAULT_ARMED},
	{go_loaded, ETCH_START, R(NOT_ARMED), FAULT_LOADED},
	{go_loaded, ETCH_ERASE, R(NONE), FAULT_IDLE},
	{go_loaded, ETCH_ACK_FAULT, R(NONE), FAULT_LOADED},
	{go_loaded, ETCH_CANCEL, R(NONE), FAULT_IDLE},
	{go_armed, ETCH_LOAD_BEGIN, R(NOT_READY), FAULT_ARMED},
	{go_armed, ETCH_LOAD_COMMIT, R(NOT_READY), FAULT_ARMED},
	{go_armed, ETCH_ARM, R(NONE), FAULT_ARMED},
	{go_armed, ETCH_START, R(NONE), FAULT_BUSY},
	{go_armed, ETCH_ERASE, R(NONE), FAULT_IDLE},
	{go_armed, ETCH_ACK_FAULT, R(NONE), FAULT_ARMED},
	{go_armed, ETCH_CANCEL, R(NONE), FAULT_IDLE},
	{go_marking, ETCH_LOAD_BEGIN, R(BUSY), FAULT_BUSY},
	{go_marking, ETCH_LOAD_COMMIT, R(NOT_READY), FAULT_BUSY},
	{go_marking, ETCH_ARM, R(BUSY), FAULT_BUSY},
	{go_marking, ETCH_START, R(BUSY), FAULT_BUSY},
	{go_marking, ETCH_ERASE, R(BUSY), FAULT_BUSY},
	{go_marking, ETCH_ACK_FAULT, R(NONE), FAULT_BUSY},
	{go_marking, ETCH_CANCEL, R(NONE), FAULT_FAULT},
	{go_done, ETCH_LOAD_BEGIN, R(NOT_READY), FAULT_DONE},
	{go_done, ETCH_LOAD_COMMIT, R(NOT_READY), FAULT_DONE},
	{go_done, ETCH_ARM, R(NOT_LOADED), FAULT_DONE},
	{go_done, ETCH_START, R(NOT_LOADED), FAULT_DONE},
	{go_done, ETCH_ERASE, R(NONE), FAULT_IDLE},
	{go_done, ETCH_ACK_FAULT, R(NONE), FAULT_DONE},
	{go_done, ETCH_CANCEL, R(NONE), FAULT_DONE},
	{go_fault, ETCH_LOAD_BEGIN, R(FAULT_LATCHED), FAULT_FAULT},
	{go_fault, ETCH_LOAD_COMMIT, R(NOT_READY), FAULT_FAULT},
	{go_fault, ETCH_ARM, R(FAULT_LATCHED), FAULT_FAULT},
	{go_fault, ETCH_START, R(FAULT_LATCHED), FAULT_FAULT},
	{go_fault, ETCH_ERASE, R(NONE), FAULT_FAULT},
	{go_fault, ETCH_ACK_FAULT, R(NONE), FAULT_IDLE},
	{go_fault, ETCH_CANCEL, R(NONE), FAULT_FAULT},
};

START_TEST(each_command_in_each_state)
{
	const struct command_case *c = &cases[_i];
	int reason;

	c->go();
	reason = bench_command(&bench, c->command);
	ck_assert_msg(reason == (int)c->reason, "case %d: %s: %d", _i,
		etch_item_name(c->command), reason);
	bench_state(&bench, c->after);
}
END_TEST

START_TEST(an_edge_acts_once)
{
	const unsigned arm = 1u << (ETCH_ARM - ETCH_LOAD_BEGIN);
	uint32_t token;

	bench_to_loaded(&bench, 7);
	bench_bits(&bench, arm);
	token = bench_get(&bench, ETCH_ARM_TOKEN);
	ck_assert_uint_ne(token, 0);
	/* the bit stays set, and is written again */
	bench_bits(&bench, arm);
	bench_wait(&bench, 100, true);
	ck_assert_uint_eq(bench_get(&bench, ETCH_ARM_TOKEN), token);
	/* the mirror follows the bit down */
	ck_assert_uint_eq(bench_get(&bench, ETCH_MIRROR_ARM), 1);
	bench_bits(&bench, 0);
	ck_assert_uint_eq(bench_get(&bench, ETCH_MIRROR_ARM), 0);
	bench_bits(&bench, arm);
	ck_assert_uint_ne(bench_get(&bench, ETCH_ARM_TOKEN), token);
}
END_TEST

START_TEST(an_edge_under_a_mirror_is_ignored)
{
	const unsigned arm = 1u << (ETCH_ARM - ETCH_LOAD_BEGIN);
	const unsigned start = 1u << (ETCH_START - ETCH_LOAD_BEGIN);

	bench_to_loaded(&bench, 7);
	bench_bits(&bench, arm);
	bench_put(&bench, ETCH_START_TOKEN, bench_get(&bench, ETCH_ARM_TOKEN));
	bench_bits(&bench, arm | start);
	bench_state(&bench, FAULT_ARMED);
	ck_assert_uint_eq(bench_get(&bench, ETCH_MIRROR_START), 0);
	/* even in the write that drops the other bit */
	bench_bits(&bench, start);
	bench_state(&bench, FAULT_ARMED);
	bench_bits(&bench, 0);
	bench_bits(&bench, start);
	bench_state(&bench, FAULT_BUSY);
}
END_TEST

START_TEST(of_two_edges_none_acts)
{
	const unsigned arm = 1u << (ETCH_ARM - ETCH_LOAD_BEGIN);
	const unsigned start = 1u << (ETCH_START - ETCH_LOAD_BEGIN);

	bench_to_armed(&bench, 7);
	bench_bits(&bench, arm | start);
	bench_state(&bench, FAULT_ARMED);
	ck_assert_uint_eq(bench_get(&bench, ETCH_MIRROR_START), 1);
	ck_assert_uint_eq(bench_get(&bench, ETCH_MIRROR_ARM), 1);
	ck_assert_int_eq(etch_profile_reason(&bench.profile,
				 (uint16_t)bench_get(&bench, ETCH_RESULT)),
		ETCH_REASON_NOT_READY);
}
END_TEST

START_TEST(load_begin_checks_the_job)
{
	bench_job(&bench, 0, "nonce--1");
	ck_assert_int_eq(bench_command(&bench, ETCH_LOAD_BEGIN), ETCH_REASON_WRONG_JOB);
	bench_job(&bench, 7, "nonce--1");
	bench_put(&bench, ETCH_JOB_LENGTH, 0);
	ck_assert_int_eq(bench_command(&bench, ETCH_LOAD_BEGIN), ETCH_REASON_BAD_LENGTH);
	bench_put(&bench, ETCH_JOB_LENGTH, bench.profile.limits.job_registers + 1u);
	ck_assert_int_eq(bench_command(&bench, ETCH_LOAD_BEGIN), ETCH_REASON_BAD_LENGTH);
	bench_put(&bench, ETCH_JOB_LENGTH, bench.profile.limits.job_registers);
	ck_assert_int_eq(bench_command(&bench, ETCH_LOAD_BEGIN), ETCH_REASON_NONE);
	ck_assert_uint_eq(bench_get(&bench, ETCH_LOADED_JOB), 7);
	/* later changes have no effect */
	bench_put(&bench, ETCH_JOB_ID, 8);
	ck_assert_uint_eq(bench_get(&bench, ETCH_LOADED_JOB), 7);
}
END_TEST

START_TEST(load_begin_wants_an_erased_buffer)
{
	bench_to_marking(&bench, 7);
	etcher_door(bench.etcher, false, bench.now);
	etcher_door(bench.etcher, true, bench.now);
	ck_assert_int_eq(bench_command(&bench, ETCH_ACK_FAULT), ETCH_REASON_NONE);
	bench_job(&bench, 8, "nonce--2");
	ck_assert_int_eq(bench_command(&bench, ETCH_LOAD_BEGIN), ETCH_REASON_NOT_ERASED);
	ck_assert_int_eq(bench_command(&bench, ETCH_ERASE), ETCH_REASON_NONE);
	ck_assert_int_eq(bench_command(&bench, ETCH_LOAD_BEGIN), ETCH_REASON_NONE);
}
END_TEST

/* A chunk that must be ignored. */
static const struct chunk_case {
	const char *name;
	uint32_t job, sequence, count;
} bad_chunks[] = {
	{"other job", 8, 1, 10},
	{"no job", 0, 1, 10},
	{"sequence 0", 7, 0, 10},
	{"sequence 2 first", 7, 2, 10},
	{"empty", 7, 1, 0},
	{"over the chunk's room", 7, 1, 113},
	{"over the job's end", 7, 1, 21},
};

START_TEST(wrong_chunks_are_ignored)
{
	const struct chunk_case *c = &bad_chunks[_i];

	bench_job(&bench, 7, "nonce--1");
	bench_put(&bench, ETCH_JOB_LENGTH, 20);
	ck_assert_int_eq(bench_command(&bench, ETCH_LOAD_BEGIN), ETCH_REASON_NONE);
	bench_put(&bench, ETCH_CHUNK_SEQUENCE, 99);
	bench_put(&bench, ETCH_CHUNK_JOB, c->job);
	bench_put(&bench, ETCH_CHUNK_COUNT, c->count);
	bench_put_bytes(&bench, ETCH_CHUNK_DATA, "secret", 6);
	bench_put(&bench, ETCH_CHUNK_SEQUENCE, c->sequence);
	ck_assert_msg(bench_get(&bench, ETCH_ACCEPTED_REGISTERS) == 0, "%s", c->name);
	ck_assert_uint_eq(bench_get(&bench, ETCH_ACCEPTED_SEQUENCE), 0);
	ck_assert_uint_eq(bench_get(&bench, ETCH_ERASED), 1);
}
END_TEST

START_TEST(a_chunk_written_twice_counts_once)
{
	bench_to_loading(&bench, 7);
	bench_put(&bench, ETCH_CHUNK_JOB, 7);
	bench_put(&bench, ETCH_CHUNK_COUNT, 10);
	bench_put(&bench, ETCH_CHUNK_SEQUENCE, 1);
	ck_assert_uint_eq(bench_get(&bench, ETCH_ACCEPTED_REGISTERS), 10);
	bench_put(&bench, ETCH_CHUNK_SEQUENCE, 1);
	ck_assert_uint_eq(bench_get(&bench, ETCH_ACCEPTED_REGISTERS), 10);
	bench_put(&bench, ETCH_CHUNK_SEQUENCE, 2);
	ck_assert_uint_eq(bench_get(&bench, ETCH_ACCEPTED_REGISTERS), 20);
}
END_TEST

START_TEST(bad_records_are_refused)
{
	/* the first record is no setting */
	bench.job[16] = 0x02;
	bench_to_loading(&bench, 7);
	bench_chunks(&bench, 7);
	ck_assert_int_eq(bench_command(&bench, ETCH_LOAD_COMMIT), ETCH_REASON_BAD_DATA);
	bench_state(&bench, FAULT_LOADING);
	ck_assert_int_eq(bench_command(&bench, ETCH_CANCEL), ETCH_REASON_NONE);
	ck_assert_uint_eq(bench_get(&bench, ETCH_ERASED), 1);
}
END_TEST

/* What keeps arm and start from being accepted. */
static void
open_door(void)
{
	etcher_door(bench.etcher, false, bench.now);
}

static void
press_estop(void)
{
	etcher_estop(bench.etcher, true, bench.now);
}

static void
remove_part(void)
{
	etcher_part(bench.etcher, false, bench.now);
}

static void
silence_host(void)
{
	bench_put(&bench, ETCH_HOST_HEARTBEAT, 0);
	/* a lost host's job is dropped, so load it again without a heartbeat */
	bench_to_loaded(&bench, 7);
}

static const struct interlock_case {
	void (*open)(void);
	enum etch_reason reason;
} interlocks[] = {
	{open_door, ETCH_REASON_DOOR_OPEN},
	{press_estop, ETCH_REASON_E_STOP},
	{remove_part, ETCH_REASON_NO_PART},
	{silence_host, ETCH_REASON_LASER_OFF},
};

START_TEST(arming_asks_the_interlocks)
{
	bench_to_loaded(&bench, 7);
	interlocks[_i].open();
	ck_assert_int_eq(bench_command(&bench, ETCH_ARM), (int)interlocks[_i].reason);
	bench_state(&bench, FAULT_LOADED);
}
END_TEST

START_TEST(an_open_interlock_voids_an_arming)
{
	uint32_t token;

	bench_to_armed(&bench, 7);
	token = bench_get(&bench, ETCH_ARM_TOKEN);
	interlocks[_i].open();
	ck_assert_uint_eq(bench_get(&bench, ETCH_ARM_TOKEN), 0);
	bench_state(&bench, FAULT_LOADED);
	etcher_door(bench.etcher, true, bench.now);
	etcher_estop(bench.etcher, false, bench.now);
	etcher_part(bench.etcher, true, bench.now);
	bench_put(&bench, ETCH_START_TOKEN, token);
	ck_assert_int_eq(bench_command(&bench, ETCH_START), ETCH_REASON_NOT_ARMED);
}
END_TEST

START_TEST(an_open_interlock_stops_a_mark)
{
	bench_to_marking(&bench, 7);
	bench_wait(&bench, BENCH_MARK_MS / 2, true);
	interlocks[_i].open();
	bench_state(&bench, FAULT_FAULT);
	ck_assert_str_eq(
		etcher_fault(bench.etcher), etch_reason_name(interlocks[_i].reason));
	ck_assert_uint_eq(bench_get(&bench, ETCH_BUSY), 0);
	ck_assert_uint_eq(bench_get(&bench, ETCH_MARKED_COUNTER), 0);
	ck_assert_uint_eq(bench_get(&bench, ETCH_LAST_STARTED_JOB), 7);
	ck_assert_uint_eq(bench_get(&bench, ETCH_LOADED_JOB), 0);
	ck_assert_int_eq(
		bench_command(&bench, ETCH_ACK_FAULT), ETCH_REASON_CAUSE_PRESENT);
	etcher_door(bench.etcher, true, bench.now);
	etcher_estop(bench.etcher, false, bench.now);
	etcher_part(bench.etcher, true, bench.now);
	/* closing alone does not go on: it is never resumed */
	bench_wait(&bench, BENCH_MARK_MS, true);
	bench_state(&bench, FAULT_FAULT);
	ck_assert_int_eq(bench_command(&bench, ETCH_ACK_FAULT), ETCH_REASON_NONE);
	ck_assert_int_eq(bench_command(&bench, ETCH_START), ETCH_REASON_NOT_LOADED);
}
END_TEST

START_TEST(broken_parts_stop_a_mark)
{
	bench_to_marking(&bench, 7);
	if (_i)
		etcher_scanner(bench.etcher, true, bench.now);
	else
		etcher_source(bench.etcher, true, bench.now);
	bench_state(&bench, FAULT_FAULT);
	ck_assert_str_eq(etcher_fault(bench.etcher), _i ? "scanner" : "laser-source");
	ck_assert_int_eq(
		bench_command(&bench, ETCH_ACK_FAULT), ETCH_REASON_CAUSE_PRESENT);
	etcher_scanner(bench.etcher, false, bench.now);
	etcher_source(bench.etcher, false, bench.now);
	ck_assert_int_eq(bench_command(&bench, ETCH_ACK_FAULT), ETCH_REASON_NONE);
}
END_TEST

START_TEST(an_arming_runs_out)
{
	bench_to_armed(&bench, 7);
	ck_assert_uint_eq(
		bench_get(&bench, ETCH_ARM_REMAINING), bench.profile.timing.arm_expiry);
	bench_wait(&bench, (int)bench.profile.timing.arm_expiry, true);
	bench_state(&bench, FAULT_LOADED);
	ck_assert_int_eq(bench_command(&bench, ETCH_START), ETCH_REASON_ARM_EXPIRED);
	ck_assert_int_eq(bench_command(&bench, ETCH_ARM), ETCH_REASON_NONE);
	bench_put(&bench, ETCH_START_TOKEN, bench_get(&bench, ETCH_ARM_TOKEN));
	ck_assert_int_eq(bench_command(&bench, ETCH_START), ETCH_REASON_NONE);
}
END_TEST

START_TEST(a_wrong_job_or_token_voids_the_arming)
{
	bench_to_armed(&bench, 7);
	if (_i)
		bench_put(&bench, ETCH_COMMAND_JOB, 8);
	else
		bench_put(&bench, ETCH_START_TOKEN, 12345678);
	ck_assert_int_eq(bench_command(&bench, ETCH_START),
		_i ? ETCH_REASON_WRONG_JOB : ETCH_REASON_WRONG_TOKEN);
	bench_state(&bench, FAULT_LOADED);
	bench_put(&bench, ETCH_COMMAND_JOB, 7);
	ck_assert_int_eq(bench_command(&bench, ETCH_START), ETCH_REASON_NOT_ARMED);
	bench_put(&bench, ETCH_COMMAND_JOB, 8);
	ck_assert_int_eq(bench_command(&bench, ETCH_ARM), ETCH_REASON_WRONG_JOB);
	ck_assert_int_eq(bench_command(&bench, ETCH_CANCEL), ETCH_REASON_WRONG_JOB);
}
END_TEST

int
main(void)
{
	const int interlock_count = sizeof interlocks / sizeof interlocks[0];
	Suite *suite = suite_create("etcher_command");
	TCase *all = tcase_create("all");

	tcase_add_checked_fixture(all, set_up, tear_down);
	tcase_add_loop_test(
		all, each_command_in_each_state, 0, sizeof cases / sizeof cases[0]);
	tcase_add_test(all, an_edge_acts_once);
	tcase_add_test(all, an_edge_under_a_mirror_is_ignored);
	tcase_add_test(all, of_two_edges_none_acts);
	tcase_add_test(all, load_begin_checks_the_job);
	tcase_add_test(all, load_begin_wants_an_erased_buffer);
	tcase_add_loop_test(all, wrong_chunks_are_ignored, 0,
		sizeof bad_chunks / sizeof bad_chunks[0]);
	tcase_add_test(all, a_chunk_written_twice_counts_once);
	tcase_add_test(all, bad_records_are_refused);
	tcase_add_loop_test(all, arming_asks_the_interlocks, 0, interlock_count);
	/* a lost host drops the job as well: test_etcher has that */
	tcase_add_loop_test(
		all, an_open_interlock_voids_an_arming, 0, interlock_count - 1);
	tcase_add_loop_test(all, an_open_interlock_stops_a_mark, 0, interlock_count - 1);
	tcase_add_loop_test(all, broken_parts_stop_a_mark, 0, 2);
	tcase_add_test(all, an_arming_runs_out);
	tcase_add_loop_test(all, a_wrong_job_or_token_voids_the_arming, 0, 2);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}
