/* SPDX-License-Identifier: MIT */
/* The link against a server of a few lines in a child process. */
#include "config.h"
#include "harness.h"
#include "drivers/etch_link.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { RESPONSE_MS = 400, LATE_MS = 600, WINDOW_MS = 500 };

static struct etch_target target = {.is_tcp = true, .host = "127.0.0.1"};
static int listener;

/* Listens on a port of the system's choice and names it in target. */
static void
listen_somewhere(void)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof address;

	listener = socket(AF_INET, SOCK_STREAM, 0);
	ck_assert_int_ge(listener, 0);
	ck_assert_int_eq(bind(listener, (struct sockaddr *)&address, len), 0);
	ck_assert_int_eq(listen(listener, 4), 0);
	ck_assert_int_eq(getsockname(listener, (struct sockaddr *)&address, &len), 0);
	snprintf(target.port, sizeof target.port, "%u", ntohs(address.sin_port));
}

/*
 * Answers reads of one register with the address asked for, so that an old answer shows;
 * the first answer comes late.  Counts writes in the register 9999.  Never returns.
 */
static void
serve(bool late, bool mute)
{
	int fd = accept(listener, NULL, NULL);
	unsigned char in[260], out[11];
	unsigned writes = 0;

	while (fd >= 0) {
		bool write_request;
		unsigned value;

		if (read(fd, in, sizeof in) <= 0) {
			close(fd);
			fd = accept(listener, NULL, NULL);
			continue;
		}
		write_request = in[7] == 6;
		value = (unsigned)in[8] << 8 | in[9];

		writes += write_request;
		if (value == 9999)
			value = writes;
		memcpy(out, in, sizeof out);
		out[5] = 5;
		out[8] = 2;
		out[9] = (unsigned char)(value >> 8);
		out[10] = (unsigned char)value;
		if (late)
			poll(NULL, 0, LATE_MS);
		late = false;
		if (mute && write_request)
			continue;
		if (write(fd, write_request ? in : out,
			    write_request ? 12 : sizeof out) <= 0)
			break;
	}
	_exit(0);
}

static pid_t
start_server(bool late, bool mute)
{
	pid_t child;

	listen_somewhere();
	child = fork();
	if (child == 0)
		serve(late, mute);
	ck_assert_int_gt(child, 0);
	close(listener);
	return child;
}

static void
stop_server(pid_t child, struct etch_link *link)
{
	etch_link_free(link);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
}

static struct etch_link *
opened(void)
{
	struct etch_link *link = etch_link_new(&target, 1, RESPONSE_MS);

	ck_assert_ptr_nonnull(link);
	ck_assert(!etch_link_is_open(link));
	ck_assert_int_eq(etch_link_open(link, WINDOW_MS), 0);
	return link;
}

static int
get(struct etch_link *link, uint16_t address, uint16_t *value)
{
	const struct etch_request r = {false, {ETCH_HOLDING, address, 1}, value, NULL};

	return etch_link_do(link, &r);
}

START_TEST(an_answer_is_counted)
{
	pid_t server = start_server(false, false);
	struct etch_link *link = opened();
	uint16_t value = 0;

	ck_assert_int_eq(get(link, 7, &value), 0);
	ck_assert_uint_eq(value, 7);
	ck_assert_uint_eq(etch_link_statistics(link)->ok, 1);
	ck_assert_uint_eq(etch_link_statistics(link)->errors, 0);
	stop_server(server, link);
}
END_TEST

/* The late answer to the first request must not become the second's. */
START_TEST(a_late_answer_is_thrown_away)
{
	pid_t server = start_server(true, false);
	struct etch_link *link = opened();
	uint16_t value = 0;

	ck_assert_int_eq(get(link, 7, &value), KE_LINK);
	ck_assert_int_eq(get(link, 8, &value), KE_LINK);
	ck_assert_uint_eq(etch_link_statistics(link)->errors, 1);
	etch_link_settle(link, WINDOW_MS);
	for (uint16_t address = 8; address < 12; address++) {
		ck_assert_int_eq(get(link, address, &value), 0);
		ck_assert_uint_eq(value, address);
	}
	stop_server(server, link);
}
END_TEST

/* libmodbus's recovery would send the write again. */
START_TEST(a_write_without_answer_is_sent_once)
{
	pid_t server = start_server(false, true);
	struct etch_link *link = opened();
	uint16_t value = 8;
	const struct etch_request start = {true, {ETCH_HOLDING, 7, 1}, &value, NULL};

	ck_assert_int_eq(etch_link_do(link, &start), KE_LINK);
	etch_link_settle(link, WINDOW_MS);
	ck_assert_int_eq(get(link, 9999, &value), 0);
	ck_assert_uint_eq(value, 1);
	stop_server(server, link);
}
END_TEST

START_TEST(a_lost_connection_closes_the_link)
{
	pid_t server = start_server(false, false);
	struct etch_link *link = opened();
	uint16_t value = 0;

	ck_assert_int_eq(get(link, 7, &value), 0);
	kill(server, SIGKILL);
	waitpid(server, NULL, 0);
	ck_assert_int_eq(get(link, 7, &value), KE_LINK);
	ck_assert(!etch_link_is_open(link));
	ck_assert_int_eq(etch_link_open(link, WINDOW_MS), KE_LINK);
	etch_link_free(link);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("etch_link");
	TCase *all = tcase_create("all");

	tcase_add_test(all, an_answer_is_counted);
	tcase_add_test(all, a_late_answer_is_thrown_away);
	tcase_add_test(all, a_write_without_answer_is_sent_once);
	tcase_add_test(all, a_lost_connection_closes_the_link);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}
