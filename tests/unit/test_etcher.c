/* SPDX-License-Identifier: MIT */
/* The etcher's way from boot to done, its registers, its heartbeats. */
#include "config.h"
#include "harness.h"
#include "etcher_bench.h"
#include <string.h>

static struct bench bench;

static void
set_up(void)
{
	bench_init(&bench);
}

static void
tear_down(void)
{
	bench_end(&bench);
}

static void
boot(void)
{
	set_up();
	bench_boot(&bench);
	bench_state(&bench, FAULT_IDLE);
}

START_TEST(tells_who_it_is)
{
	struct etch_image image;
	struct modbus_access access = {.table = MODBUS_INPUT, .count = 32};
	unsigned char serial[ETCH_SERIAL_MAX];

	ck_assert_int_eq(etcher_access(bench.etcher, &access, bench.now), 0);
	image.input = access.values;
	etch_image_get_bytes(
		serial, sizeof serial, &image, &bench.profile, ETCH_DEVICE_SERIAL);
	ck_assert_mem_eq(serial, "BENCH-1\0\0\0\0\0\0\0\0\0", sizeof serial);
	ck_assert_uint_eq(bench_get(&bench, ETCH_MAGIC), ETCH_MAGIC_VALUE);
	ck_assert_uint_eq(bench_get(&bench, ETCH_MAP_VERSION), 1);
	ck_assert_uint_ne(bench_get(&bench, ETCH_BOOT_ID), 0);
}
END_TEST

START_TEST(boot_wants_zeros_then_the_echo)
{
	uint32_t id = bench_get(&bench, ETCH_BOOT_ID);

	ck_assert_uint_eq(bench_get(&bench, ETCH_WAITING), 1);
	/* the echo together with a command bit, before zeros were seen */
	bench_bits(&bench, 1);
	bench_put(&bench, ETCH_BOOT_ECHO, id);
	bench_wait(&bench, 100, false);
	bench_state(&bench, FAULT_BOOT);
	/* the bit falls, but the echo is still there: no zeros */
	bench_bits(&bench, 0);
	bench_wait(&bench, 100, false);
	bench_state(&bench, FAULT_BOOT);
	bench_put(&bench, ETCH_BOOT_ECHO, 0);
	bench_put(&bench, ETCH_BOOT_ECHO, id + 1);
	bench_state(&bench, FAULT_BOOT);
	ck_assert_uint_eq(bench_get(&bench, ETCH_LASER_ENABLED), 0);
	bench_put(&bench, ETCH_BOOT_ECHO, id);
	bench_state(&bench, FAULT_IDLE);
	ck_assert_uint_eq(bench_get(&bench, ETCH_WAITING), 0);
	ck_assert_uint_eq(bench_get(&bench, ETCH_READY), 1);
}
END_TEST

START_TEST(no_command_is_taken_in_boot)
{
	for (int c = ETCH_LOAD_BEGIN; c <= ETCH_CANCEL; c++)
		ck_assert_int_eq(bench_command(&bench, (enum etch_item)c), -1);
	bench_state(&bench, FAULT_BOOT);
}
END_TEST

START_TEST(each_boot_has_another_id)
{
	uint32_t id = bench_get(&bench, ETCH_BOOT_ID);

	bench_boot(&bench);
	etcher_reset(bench.etcher, bench.now);
	bench_state(&bench, FAULT_BOOT);
	ck_assert_uint_ne(bench_get(&bench, ETCH_BOOT_ID), id);
	ck_assert_uint_eq(bench_get(&bench, ETCH_HOST_HEARTBEAT), 0);
}
END_TEST

START_TEST(marks_once_and_in_order)
{
	bench_to_armed(&bench, 7);
	bench_put(&bench, ETCH_COMMAND_JOB, 7);
	bench.log[0] = '\0';
	bench_bits(&bench, 1u << (ETCH_START - ETCH_LOAD_BEGIN));
	/* started is durable before the laser goes on */
	ck_assert_str_eq(bench.log, "keep c=0 s=7 l=0 m=1;on 7;");
	ck_assert_uint_eq(bench_get(&bench, ETCH_MIRROR_START), 1);
	ck_assert_uint_eq(bench_get(&bench, ETCH_BUSY), 1);
	ck_assert_uint_eq(bench_get(&bench, ETCH_ARM_TOKEN), 0);
	bench_bits(&bench, 0);
	bench_wait(&bench, BENCH_MARK_MS / 2, true);
	ck_assert_uint_gt(bench_get(&bench, ETCH_PROGRESS), 0);
	ck_assert_uint_eq(bench_get(&bench, ETCH_MARKED_COUNTER), 0);
	bench_wait(&bench, BENCH_MARK_MS / 2, true);
	ck_assert_str_eq(
		bench.log, "keep c=0 s=7 l=0 m=1;on 7;off 7 whole;keep c=1 s=7 l=7 m=0;");
	bench_state(&bench, FAULT_DONE);
	ck_assert_uint_eq(bench_get(&bench, ETCH_BUSY), 0);
	ck_assert_uint_eq(bench_get(&bench, ETCH_MARKED_COUNTER), 1);
	ck_assert_uint_eq(bench_get(&bench, ETCH_LAST_MARKED_JOB), 7);
	ck_assert_uint_eq(bench_get(&bench, ETCH_LOADED_JOB), 0);
	/* a second start has nothing to start */
	ck_assert_int_eq(bench_command(&bench, ETCH_START), ETCH_REASON_NOT_LOADED);
	ck_assert_int_eq(bench_command(&bench, ETCH_ARM), ETCH_REASON_NOT_LOADED);
	ck_assert_int_eq(bench_command(&bench, ETCH_ERASE), ETCH_REASON_NONE);
	bench_state(&bench, FAULT_IDLE);
	ck_assert_uint_eq(bench_get(&bench, ETCH_ERASED), 1);
}
END_TEST

START_TEST(a_used_job_is_refused)
{
	bench_to_marking(&bench, 7);
	bench_wait(&bench, BENCH_MARK_MS, true);
	ck_assert_int_eq(bench_command(&bench, ETCH_ERASE), ETCH_REASON_NONE);
	ck_assert_int_eq(bench_command(&bench, ETCH_LOAD_BEGIN), ETCH_REASON_JOB_USED);
	/* also after a power cut */
	bench_power(&bench);
	bench_boot(&bench);
	bench_job(&bench, 7, "nonce--1");
	ck_assert_int_eq(bench_command(&bench, ETCH_LOAD_BEGIN), ETCH_REASON_JOB_USED);
	bench_job(&bench, 7, "nonce--2");
	ck_assert_int_eq(bench_command(&bench, ETCH_LOAD_BEGIN), ETCH_REASON_NONE);
}
END_TEST

START_TEST(what_is_kept_survives_the_power)
{
	bench_to_marking(&bench, 9);
	bench_wait(&bench, BENCH_MARK_MS, true);
	bench_power(&bench);
	ck_assert_uint_eq(bench_get(&bench, ETCH_MARKED_COUNTER), 1);
	ck_assert_uint_eq(bench_get(&bench, ETCH_LAST_MARKED_JOB), 9);
	ck_assert_uint_eq(bench_get(&bench, ETCH_LAST_STARTED_JOB), 9);
	bench_boot(&bench);
	bench_state(&bench, FAULT_IDLE);
}
END_TEST

START_TEST(a_cut_in_a_mark_is_a_latched_fault)
{
	bench_to_marking(&bench, 9);
	bench_wait(&bench, BENCH_MARK_MS / 2, true);
	bench_power(&bench);
	bench_boot(&bench);
	bench_state(&bench, FAULT_FAULT);
	ck_assert_str_eq(etcher_fault(bench.etcher), "power-lost");
	ck_assert_uint_eq(bench_get(&bench, ETCH_MARKED_COUNTER), 0);
	ck_assert_uint_eq(bench_get(&bench, ETCH_LAST_STARTED_JOB), 9);
	/* not acknowledged: it is still there after another cut */
	bench_power(&bench);
	bench_boot(&bench);
	bench_state(&bench, FAULT_FAULT);
	ck_assert_int_eq(bench_command(&bench, ETCH_ACK_FAULT), ETCH_REASON_NONE);
	bench_power(&bench);
	bench_boot(&bench);
	bench_state(&bench, FAULT_IDLE);
}
END_TEST

START_TEST(a_reset_in_a_mark_stops_the_laser)
{
	bench_to_marking(&bench, 9);
	bench_wait(&bench, BENCH_MARK_MS / 2, true);
	bench.log[0] = '\0';
	etcher_reset(bench.etcher, bench.now);
	ck_assert_str_eq(bench.log, "off 9 power-lost;");
	bench_boot(&bench);
	bench_state(&bench, FAULT_FAULT);
}
END_TEST

START_TEST(the_heart_beats)
{
	uint32_t before = bench_get(&bench, ETCH_HEARTBEAT);

	bench_wait(&bench, 100, false);
	ck_assert_uint_gt(bench_get(&bench, ETCH_HEARTBEAT), before);
	bench_put(&bench, ETCH_HOST_HEARTBEAT, 777);
	ck_assert_uint_eq(bench_get(&bench, ETCH_HEARTBEAT_ECHO), 777);
}
END_TEST

/* In each state: what a host that falls silent leaves behind. */
static const struct silence_case {
	void (*prepare)(struct bench *b, uint32_t job);
	enum fault_state after;
} silences[] = {
	{bench_to_loading, FAULT_IDLE},
	{bench_to_loaded, FAULT_IDLE},
	{bench_to_armed, FAULT_IDLE},
	{bench_to_marking, FAULT_FAULT},
};

START_TEST(a_silent_host_is_lost)
{
	silences[_i].prepare(&bench, 5);
	bench_put(&bench, ETCH_HOST_HEARTBEAT, ++bench.host_heartbeat);
	ck_assert_uint_eq(bench_get(&bench, ETCH_LASER_ENABLED), 1);
	bench_wait(&bench, (int)bench.profile.timing.host_timeout - 10, false);
	ck_assert_uint_eq(bench_get(&bench, ETCH_LASER_ENABLED), 1);
	bench_wait(&bench, 10, false);
	bench_state(&bench, silences[_i].after);
	ck_assert_uint_eq(bench_get(&bench, ETCH_LASER_ENABLED), 0);
	ck_assert_uint_eq(bench_get(&bench, ETCH_ERASED), 1);
	ck_assert_uint_eq(bench_get(&bench, ETCH_ARM_TOKEN), 0);
	ck_assert_uint_eq(bench_get(&bench, ETCH_LOADED_JOB), 0);
	ck_assert_uint_eq(bench_get(&bench, ETCH_MARKED_COUNTER), 0);
	if (silences[_i].after == FAULT_FAULT)
		ck_assert_str_eq(etcher_fault(bench.etcher), "heartbeat-lost");
	/* it comes back without a boot */
	bench_put(&bench, ETCH_HOST_HEARTBEAT, 1);
	ck_assert_uint_eq(bench_get(&bench, ETCH_LASER_ENABLED), 1);
}
END_TEST

START_TEST(a_silent_host_loses_the_buffer_of_a_done_mark)
{
	bench_to_marking(&bench, 5);
	bench_wait(&bench, BENCH_MARK_MS, true);
	bench_state(&bench, FAULT_DONE);
	ck_assert_uint_eq(bench_get(&bench, ETCH_ERASED), 0);
	bench_wait(&bench, (int)bench.profile.timing.host_timeout, false);
	bench_state(&bench, FAULT_DONE);
	ck_assert_uint_eq(bench_get(&bench, ETCH_ERASED), 1);
}
END_TEST

START_TEST(reads_back_what_was_loaded)
{
	size_t len = bench.job_len / 2, room = bench.profile.limits.readback_registers;

	bench_to_loaded(&bench, 7);
	for (size_t at = 0; at < len; at += room) {
		struct modbus_access access = {.table = MODBUS_INPUT,
			.address = bench.profile.places[ETCH_READBACK_DATA].address,
			.count = (uint16_t)room};

		bench_put(&bench, ETCH_READBACK_OFFSET, (uint32_t)at);
		ck_assert_uint_eq(bench_get(&bench, ETCH_READBACK_JOB), 7);
		ck_assert_uint_eq(bench_get(&bench, ETCH_READBACK_AT), at);
		ck_assert_uint_eq(bench_get(&bench, ETCH_READBACK_COUNT), room);
		ck_assert_int_eq(etcher_access(bench.etcher, &access, bench.now), 0);
		for (size_t i = 0; i < room && at + i < len; i++)
			ck_assert_uint_eq(
				access.values[i], bench.job[2 * (at + i)] << 8 |
							  bench.job[2 * (at + i) + 1]);
	}
	/* at the end of the buffer, and beyond */
	bench_put(&bench, ETCH_READBACK_OFFSET, bench.profile.limits.job_registers - 1);
	ck_assert_uint_eq(bench_get(&bench, ETCH_READBACK_COUNT), 1);
	bench_put(&bench, ETCH_READBACK_OFFSET, bench.profile.limits.job_registers);
	ck_assert_uint_eq(bench_get(&bench, ETCH_READBACK_COUNT), 0);
	bench_put(&bench, ETCH_READBACK_OFFSET, 65535);
	ck_assert_uint_eq(bench_get(&bench, ETCH_READBACK_COUNT), 0);
}
END_TEST

START_TEST(publishes_the_code_of_the_page)
{
	struct modbus_access access = {.table = MODBUS_INPUT,
		.address = bench.profile.places[ETCH_CODE].address,
		.count = 8};
	unsigned char code[ETCH_CODE_LEN];

	bench_to_loaded(&bench, 7);
	ck_assert_int_eq(etch_code(code, 7, (const unsigned char *)"nonce--1", bench.job,
				 bench.job_len),
		0);
	ck_assert_int_eq(etcher_access(bench.etcher, &access, bench.now), 0);
	for (size_t i = 0; i < 8; i++)
		ck_assert_uint_eq(access.values[i], code[2 * i] << 8 | code[2 * i + 1]);
}
END_TEST

START_TEST(only_the_map_can_be_touched)
{
	const struct {
		struct modbus_access access;
		int answer;
	} cases[] = {
		{{.table = MODBUS_INPUT, .address = 0, .count = 125}, 0},
		{{.table = MODBUS_INPUT, .address = 243, .count = 1}, 0},
		{{.table = MODBUS_INPUT, .address = 244, .count = 1},
			MODBUS_ILLEGAL_ADDRESS},
		{{.table = MODBUS_INPUT, .address = 65535, .count = 2},
			MODBUS_ILLEGAL_ADDRESS},
		{{.table = MODBUS_COIL, .address = 0, .count = 1},
			MODBUS_ILLEGAL_ADDRESS},
		{{.table = MODBUS_DISCRETE, .address = 0, .count = 1},
			MODBUS_ILLEGAL_ADDRESS},
		{{.table = MODBUS_HOLDING, .address = 0, .count = 8, .write = true}, 0},
		{{.table = MODBUS_HOLDING, .address = 9, .count = 1, .write = true},
			MODBUS_ILLEGAL_ADDRESS},
		{{.table = MODBUS_HOLDING, .address = 8, .count = 2, .write = true},
			MODBUS_ILLEGAL_ADDRESS},
		{{.table = MODBUS_HOLDING, .address = 148, .count = 1, .write = true},
			MODBUS_ILLEGAL_ADDRESS},
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct modbus_access access = cases[i].access;

		ck_assert_msg(etcher_access(bench.etcher, &access, bench.now) ==
				      cases[i].answer,
			"case %zu", i);
	}
}
END_TEST

START_TEST(stands_still_when_nothing_can_be_kept)
{
	struct modbus_access access = {.table = MODBUS_INPUT, .count = 1};

	bench_to_armed(&bench, 7);
	bench.broken = true;
	bench.log[0] = '\0';
	bench_bits(&bench, 1u << (ETCH_START - ETCH_LOAD_BEGIN));
	/* the laser never went on */
	ck_assert_str_eq(bench.log, "keep c=0 s=7 l=0 m=1;");
	ck_assert(etcher_failed(bench.etcher));
	ck_assert_int_eq(
		etcher_access(bench.etcher, &access, bench.now), MODBUS_DEVICE_FAILURE);
}
END_TEST

START_TEST(works_with_another_map)
{
	struct etch_profile_error error;
	char *text = fixture_profile_text(), *at;

	/* 32-bit values the other way round, bits as coils and discrete inputs */
	bench_end(&bench);
	at = strstr(text, "high-first");
	ck_assert_ptr_nonnull(at);
	memcpy(at, "low-first ", 10);
	at = strstr(text, "done = input 34 bit 6");
	ck_assert_ptr_nonnull(at);
	memcpy(at, "done = discrete 5    ", 21);
	at = strstr(text, "start = holding 7 bit 3");
	ck_assert_ptr_nonnull(at);
	memcpy(at, "start = coil 12        ", 23);
	ck_assert_msg(etch_profile_parse(&bench.profile, &error, text, strlen(text)) == 0,
		"%s", error.text);
	free(text);
	bench_power(&bench);
	bench_wait(&bench, 200, false);
	/* the bench's words are high-first: give each half its place by hand */
	{
		struct modbus_access id = {
			.table = MODBUS_INPUT, .address = 15, .count = 2};
		struct modbus_access echo = {
			.table = MODBUS_HOLDING, .write = true, .address = 1, .count = 2};

		ck_assert_int_eq(etcher_access(bench.etcher, &id, bench.now), 0);
		memcpy(echo.values, id.values, 4);
		ck_assert_int_eq(etcher_access(bench.etcher, &echo, bench.now), 0);
	}
	bench_state(&bench, FAULT_IDLE);
	bench_put(&bench, ETCH_START, 1);
	ck_assert_uint_eq(bench_get(&bench, ETCH_MIRROR_START), 1);
	ck_assert_uint_eq(bench_get(&bench, ETCH_DONE), 0);
	bench_put(&bench, ETCH_START, 0);
	ck_assert_uint_eq(bench_get(&bench, ETCH_MIRROR_START), 0);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("etcher");
	TCase *off = tcase_create("boot"), *up = tcase_create("up");

	tcase_add_checked_fixture(off, set_up, tear_down);
	tcase_add_test(off, tells_who_it_is);
	tcase_add_test(off, boot_wants_zeros_then_the_echo);
	tcase_add_test(off, no_command_is_taken_in_boot);
	tcase_add_test(off, each_boot_has_another_id);
	tcase_add_test(off, only_the_map_can_be_touched);
	tcase_add_test(off, works_with_another_map);
	suite_add_tcase(suite, off);
	tcase_add_checked_fixture(up, boot, tear_down);
	tcase_add_test(up, marks_once_and_in_order);
	tcase_add_test(up, a_used_job_is_refused);
	tcase_add_test(up, what_is_kept_survives_the_power);
	tcase_add_test(up, a_cut_in_a_mark_is_a_latched_fault);
	tcase_add_test(up, a_reset_in_a_mark_stops_the_laser);
	tcase_add_test(up, the_heart_beats);
	tcase_add_loop_test(
		up, a_silent_host_is_lost, 0, sizeof silences / sizeof silences[0]);
	tcase_add_test(up, a_silent_host_loses_the_buffer_of_a_done_mark);
	tcase_add_test(up, reads_back_what_was_loaded);
	tcase_add_test(up, publishes_the_code_of_the_page);
	tcase_add_test(up, stands_still_when_nothing_can_be_kept);
	suite_add_tcase(suite, up);
	return harness_run(suite);
}
