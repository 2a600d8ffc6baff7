/* SPDX-License-Identifier: MIT */
/* Answers leave when they shall, on a socket pair and a clock by hand. */
#include "config.h"
#include "harness.h"
#include "sim/wire.h"
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static struct wire *wire;
static int other;

static void
plug(enum modbus_wire kind, unsigned baud)
{
	int pair[2];

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair), 0);
	other = pair[1];
	wire = wire_new(pair[0], kind, baud);
	ck_assert_ptr_nonnull(wire);
}

static void
unplug(void)
{
	wire_free(wire);
	wire = NULL;
	close(other);
}

static void
say(const void *bytes, size_t len, int64_t now)
{
	ck_assert_int_eq(write(other, bytes, len), (ssize_t)len);
	ck_assert_int_eq(wire_read(wire, now), 0);
}

/* What has come out until now, as text. */
static const char *
heard(int64_t now)
{
	static char text[1024];
	ssize_t got;

	ck_assert_int_eq(wire_flush(wire, now), 0);
	got = read(other, text, sizeof text - 1);
	ck_assert(got > 0 || errno == EAGAIN);
	text[got > 0 ? got : 0] = '\0';
	return text;
}

static const uint8_t request[] = {1, 3, 0, 0, 0, 1, 0x84, 0x0a};
static const struct wire_manner at_once = {0, 0};

START_TEST(an_answer_leaves_at_once)
{
	plug(MODBUS_TCP, 0);
	ck_assert_int_eq(wire_due(wire), -1);
	ck_assert_int_eq(wire_send(wire, (const uint8_t *)"abc", 3, &at_once, 100), 0);
	ck_assert_int_eq(wire_due(wire), 100);
	ck_assert_str_eq(heard(100), "abc");
	ck_assert_int_eq(wire_due(wire), -1);
	unplug();
}
END_TEST

START_TEST(a_late_answer_holds_up_the_next)
{
	const struct wire_manner late = {500, 0};

	plug(MODBUS_TCP, 0);
	ck_assert_int_eq(wire_send(wire, (const uint8_t *)"abc", 3, &late, 100), 0);
	ck_assert_int_eq(wire_send(wire, (const uint8_t *)"def", 3, &at_once, 200), 0);
	ck_assert_str_eq(heard(599), "");
	ck_assert_int_eq(wire_due(wire), 600);
	ck_assert_str_eq(heard(600), "abcdef");
	unplug();
}
END_TEST

START_TEST(an_answer_dribbles)
{
	const struct wire_manner dribble = {10, 20};

	plug(MODBUS_TCP, 0);
	ck_assert_int_eq(wire_send(wire, (const uint8_t *)"abcd", 4, &dribble, 100), 0);
	ck_assert_str_eq(heard(109), "");
	ck_assert_str_eq(heard(110), "a");
	ck_assert_str_eq(heard(129), "");
	ck_assert_str_eq(heard(130), "b");
	ck_assert_str_eq(heard(170), "cd");
	unplug();
}
END_TEST

START_TEST(a_rate_takes_its_time)
{
	struct modbus_frame frame;

	/* 8 bytes in, 7 out, 11 bits each at 9600: 17.2 ms, and two gaps of 4.0 ms */
	plug(MODBUS_RTU, 9600);
	say(request, sizeof request, 100);
	ck_assert_int_eq(wire_next(&frame, wire, 100), 1);
	ck_assert_int_eq(
		wire_send(wire, (const uint8_t *)"abcdefg", 7, &at_once, 100), 0);
	ck_assert_str_eq(heard(124), "");
	ck_assert_str_eq(heard(126), "abcdefg");
	unplug();
}
END_TEST

START_TEST(silence_parts_requests_on_the_line)
{
	struct modbus_frame frame;

	plug(MODBUS_RTU, 0);
	/* the half of a request, silence, a whole one */
	say(request, 5, 100);
	ck_assert_int_eq(wire_next(&frame, wire, 100), 0);
	say(request, sizeof request, 100 + WIRE_SILENCE_MS);
	ck_assert_int_eq(wire_next(&frame, wire, 100 + WIRE_SILENCE_MS), 1);
	/* without the silence the pieces belong together */
	say(request, 5, 1000);
	say(request + 5, 3, 1001);
	ck_assert_int_eq(wire_next(&frame, wire, 1001), 1);
	ck_assert_uint_eq(frame.unit, 1);
	unplug();
}
END_TEST

START_TEST(after_noise_the_line_waits_for_silence)
{
	struct modbus_frame frame;
	uint8_t bad[sizeof request];

	memcpy(bad, request, sizeof bad);
	bad[7] ^= 1;
	plug(MODBUS_RTU, 0);
	say(bad, sizeof bad, 100);
	ck_assert_int_eq(wire_next(&frame, wire, 100), 0);
	say(request, sizeof request, 110);
	ck_assert_int_eq(wire_next(&frame, wire, 110), 0);
	say(request, sizeof request, 110 + WIRE_SILENCE_MS);
	ck_assert_int_eq(wire_next(&frame, wire, 110 + WIRE_SILENCE_MS), 1);
	unplug();
}
END_TEST

START_TEST(a_broken_connection_is_told)
{
	struct modbus_frame frame;

	plug(MODBUS_TCP, 0);
	say("\0\1\0\1\0\6xxxxxx", 12, 0);
	ck_assert_int_eq(wire_next(&frame, wire, 0), KE_BAD_LINE);
	close(other);
	ck_assert_int_eq(wire_read(wire, 0), KE_LINK);
	wire_free(wire);
}
END_TEST

START_TEST(the_queue_has_an_end)
{
	const struct wire_manner late = {500, 0};

	plug(MODBUS_TCP, 0);
	for (int i = 0; i < WIRE_QUEUE; i++)
		ck_assert_int_eq(wire_send(wire, (const uint8_t *)"a", 1, &late, 0), 0);
	ck_assert_int_eq(wire_send(wire, (const uint8_t *)"a", 1, &late, 0), KE_TOO_LONG);
	wire_alone(wire, 500);
	ck_assert_str_eq(heard(1000), "");
	ck_assert_int_eq(wire_send(wire, (const uint8_t *)"b", 1, &at_once, 1000), 0);
	ck_assert_str_eq(heard(1000), "b");
	unplug();
}
END_TEST

/* A line that is opened anew while an answer is late gets it. */
START_TEST(a_late_answer_outlives_who_asked)
{
	const struct wire_manner late = {500, 0};

	plug(MODBUS_RTU, 0);
	ck_assert_int_eq(wire_send(wire, (const uint8_t *)"a", 1, &late, 0), 0);
	wire_alone(wire, 499);
	ck_assert_str_eq(heard(499), "");
	ck_assert_str_eq(heard(500), "a");
	unplug();
}
END_TEST

START_TEST(more_than_a_request_at_a_time)
{
	struct modbus_frame frame;
	uint8_t both[2 * sizeof request];

	memcpy(both, request, sizeof request);
	memcpy(both + sizeof request, request, sizeof request);
	plug(MODBUS_RTU, 0);
	say(both, sizeof both, 0);
	ck_assert_int_eq(wire_next(&frame, wire, 0), 1);
	ck_assert_int_eq(wire_next(&frame, wire, 0), 1);
	ck_assert_int_eq(wire_next(&frame, wire, 0), 0);
	unplug();
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("wire");
	TCase *all = tcase_create("all");

	tcase_add_test(all, an_answer_leaves_at_once);
	tcase_add_test(all, a_late_answer_holds_up_the_next);
	tcase_add_test(all, an_answer_dribbles);
	tcase_add_test(all, a_rate_takes_its_time);
	tcase_add_test(all, silence_parts_requests_on_the_line);
	tcase_add_test(all, after_noise_the_line_waits_for_silence);
	tcase_add_test(all, a_broken_connection_is_told);
	tcase_add_test(all, the_queue_has_an_end);
	tcase_add_test(all, a_late_answer_outlives_who_asked);
	tcase_add_test(all, more_than_a_request_at_a_time);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}
