/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "harness.h"
#include "drivers/driver_io.h"
#include <signal.h>
#include <string.h>
#include <unistd.h>

static int to_driver[2], from_driver[2], other[2];
static struct driver_io *io;
static struct line line;

static void
open_all(void)
{
	ck_assert_int_eq(pipe(to_driver), 0);
	ck_assert_int_eq(pipe(from_driver), 0);
	ck_assert_int_eq(pipe(other), 0);
	io = driver_io_new(to_driver[0], from_driver[1]);
	ck_assert_ptr_nonnull(io);
}

static void
close_all(void)
{
	const int fds[] = {to_driver[0], to_driver[1], from_driver[0], from_driver[1],
		other[0], other[1]};

	driver_io_free(io);
	for (unsigned i = 0; i < 6; i++)
		if (fds[i] >= 0)
			close(fds[i]);
}

static void
give(const char *text, size_t len)
{
	ck_assert_int_eq(write(to_driver[1], text, len), (int)len);
}

static void
close_input(void)
{
	close(to_driver[1]);
	to_driver[1] = -1;
}

static const char *
answer(void)
{
	static char text[LINE_BYTES_MAX + 1];
	ssize_t n = read(from_driver[0], text, LINE_BYTES_MAX);

	ck_assert_int_gt(n, 0);
	text[n] = '\0';
	return text;
}

START_TEST(reads_lines_as_they_come)
{
	give("ping -\nload 7 ki", 16);
	ck_assert_int_eq(driver_io_next(&line, io, -1, 0), DRIVER_IO_LINE);
	ck_assert_str_eq(line.verb, "ping");
	ck_assert_int_eq(driver_io_next(&line, io, -1, 0), DRIVER_IO_TIMEOUT);
	give("nd=setup\nping -\n", 16);
	ck_assert_int_eq(driver_io_next(&line, io, -1, -1), DRIVER_IO_LINE);
	ck_assert_str_eq(line.verb, "load");
	ck_assert_str_eq(line.job, "7");
	ck_assert_str_eq(line_value(&line, "kind"), "setup");
	ck_assert_int_eq(driver_io_next(&line, io, -1, -1), DRIVER_IO_LINE);
	ck_assert_str_eq(line.verb, "ping");
}
END_TEST

START_TEST(wipes_what_was_given_out)
{
	const char *value;

	give("load 1 epk=6PnSecret\n", 21);
	ck_assert_int_eq(driver_io_next(&line, io, -1, -1), DRIVER_IO_LINE);
	value = line_value(&line, "epk");
	ck_assert_str_eq(value, "6PnSecret");
	driver_io_wipe(io);
	ck_assert_mem_eq(value, "\0\0\0\0\0\0\0\0\0", 9);
}
END_TEST

START_TEST(tells_the_end)
{
	give("ping -\nping", 11);
	close_input();
	ck_assert_int_eq(driver_io_next(&line, io, -1, -1), DRIVER_IO_LINE);
	ck_assert_int_eq(driver_io_next(&line, io, -1, -1), DRIVER_IO_EOF);
	ck_assert_int_eq(driver_io_next(&line, io, -1, -1), DRIVER_IO_EOF);
}
END_TEST

START_TEST(refuses_what_is_no_line)
{
	char long_line[LINE_BYTES_MAX + 1];

	give("Ping -\n", 7);
	ck_assert_int_eq(driver_io_next(&line, io, -1, -1), DRIVER_IO_BAD);
	memset(long_line, 'x', sizeof long_line);
	give(long_line, sizeof long_line);
	ck_assert_int_eq(driver_io_next(&line, io, -1, -1), DRIVER_IO_BAD);
}
END_TEST

START_TEST(takes_the_longest_line)
{
	char text[LINE_BYTES_MAX];

	memset(text, 'x', sizeof text);
	memcpy(text, "load 1 k=", 9);
	text[sizeof text - 1] = '\n';
	give(text, sizeof text);
	ck_assert_int_eq(driver_io_next(&line, io, -1, -1), DRIVER_IO_LINE);
	ck_assert_uint_eq(line.fields[0].len, LINE_BYTES_MAX - 10);
}
END_TEST

START_TEST(watches_another_descriptor)
{
	ck_assert_int_eq(driver_io_next(&line, io, other[0], 0), DRIVER_IO_TIMEOUT);
	ck_assert_int_eq(write(other[1], "x", 1), 1);
	ck_assert_int_eq(driver_io_next(&line, io, other[0], -1), DRIVER_IO_OTHER);
	give("ping -\n", 7);
	ck_assert_int_eq(driver_io_next(&line, io, other[0], -1), DRIVER_IO_LINE);
}
END_TEST

START_TEST(writes_lines)
{
	ck_assert_int_eq(driver_io_hello(io, "print-ipp", "print"), 0);
	ck_assert_str_eq(
		answer(), "hello - protocol=1 name=print-ipp version=0.1.0 kind=print\n");
	ck_assert_int_eq(driver_io_status(io, "ready", NULL), 0);
	ck_assert_str_eq(answer(), "status - state=ready\n");
	ck_assert_int_eq(driver_io_status(io, "fault", "media-empty"), 0);
	ck_assert_str_eq(answer(), "status - state=fault code=media-empty\n");
	ck_assert_int_eq(driver_io_say(io, "started", "12"), 0);
	ck_assert_str_eq(answer(), "started 12\n");
	ck_assert_int_eq(driver_io_say_code(io, "doubt", "12", "timeout"), 0);
	ck_assert_str_eq(answer(), "doubt 12 code=timeout\n");
	ck_assert_int_eq(driver_io_say_counter(io, "done", "12", 8), 0);
	ck_assert_str_eq(answer(), "done 12 counter=8\n");
}
END_TEST

START_TEST(tells_that_nobody_listens)
{
	close(from_driver[0]);
	from_driver[0] = -1;
	ck_assert_int_eq(driver_io_say(io, "pong", "-"), KE_IO);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("driver_io");
	TCase *all = tcase_create("all");

	signal(SIGPIPE, SIG_IGN);
	tcase_add_checked_fixture(all, open_all, close_all);
	tcase_add_test(all, reads_lines_as_they_come);
	tcase_add_test(all, wipes_what_was_given_out);
	tcase_add_test(all, tells_the_end);
	tcase_add_test(all, refuses_what_is_no_line);
	tcase_add_test(all, takes_the_longest_line);
	tcase_add_test(all, watches_another_descriptor);
	tcase_add_test(all, writes_lines);
	tcase_add_test(all, tells_that_nobody_listens);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}
