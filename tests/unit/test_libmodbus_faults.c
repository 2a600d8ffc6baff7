/* SPDX-License-Identifier: MIT */
/*
 * What libmodbus 3.1.6 is known to do wrong, one test a fault, in its name: first that
 * the library as this host has it does so (for that version only), then that etch_link
 * does not.
 */
#include "config.h"
#include "modbus_peer.h"
#include "drivers/etch_link.h"

#include <errno.h>
#include <fcntl.h>
#include <modbus.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/wait.h>

/* Time for an answer: where one is late on purpose, and where one must not be. */
enum { RESPONSE_MS = 500, PATIENT_MS = 20000, WINDOW_MS = 1500, TOO_MANY = FD_SETSIZE };

/* Later versions may have mended what is told here; they need no witness. */
static const bool is_known = LIBMODBUS_VERSION_HEX == 0x030106;

static struct etch_target target;

static void
connect_to(const char *where)
{
	ck_assert_int_eq(etch_target_parse(&target, where), 0);
}

/* The library itself, with what a program sets that knows of no trap. */
static modbus_t *
bare_patient(bool rtu, unsigned ms)
{
	modbus_t *m = rtu ? modbus_new_rtu(target.serial.path, 115200, 'N', 8, 1)
			  : modbus_new_tcp("127.0.0.1", atoi(target.port));

	ck_assert_ptr_nonnull(m);
	ck_assert_int_eq(modbus_set_slave(m, 1), 0);
	ck_assert_int_eq(modbus_set_response_timeout(m, ms / 1000, ms % 1000 * 1000), 0);
	ck_assert_int_eq(modbus_set_byte_timeout(m, ms / 1000, ms % 1000 * 1000), 0);
	ck_assert_int_eq(modbus_connect(m), 0);
	return m;
}

static modbus_t *
bare(bool rtu)
{
	return bare_patient(rtu, RESPONSE_MS);
}

static void
bare_end(modbus_t *m)
{
	modbus_close(m);
	modbus_free(m);
}

static struct etch_link *
opened_patient(unsigned ms)
{
	struct etch_link *link = etch_link_new(&target, 1, ms);

	ck_assert_ptr_nonnull(link);
	ck_assert_int_eq(etch_link_open(link, 0), 0);
	return link;
}

static struct etch_link *
opened(void)
{
	return opened_patient(RESPONSE_MS);
}

static int
get(struct etch_link *link, uint16_t address, uint16_t *value)
{
	const struct etch_request r = {false, {ETCH_HOLDING, address, 1}, value, NULL};

	return etch_link_do(link, &r);
}

static int
put(struct etch_link *link, uint16_t address, uint16_t value)
{
	const struct etch_request r = {true, {ETCH_HOLDING, address, 1}, &value, NULL};

	return etch_link_do(link, &r);
}

/* Over TCP and over a serial line. */
static void
begin(struct modbus_peer *peer, bool rtu, enum peer_fault fault)
{
	modbus_peer_start(peer, rtu, fault);
	connect_to(peer->where);
}

/* After one late reply the next read of another address gives the old value, for ever. */
START_TEST(stale_reply_rtu)
{
	struct modbus_peer peer;
	struct etch_link *link;
	uint16_t value = 0;
	modbus_t *m;

	begin(&peer, true, PEER_LATE);
	m = bare(true);
	if (is_known) {
		ck_assert_int_eq(modbus_read_registers(m, 7, 1, &value), -1);
		modbus_peer_wait(&peer, 1);
		for (uint16_t address = 8; address < 11; address++) {
			ck_assert_int_eq(modbus_read_registers(m, address, 1, &value), 1);
			ck_assert_uint_eq(value, address - 1u);
			modbus_peer_wait(&peer, address - 6u);
		}
	}
	bare_end(m);
	modbus_peer_stop(&peer);

	begin(&peer, true, PEER_LATE);
	link = opened();
	ck_assert_int_eq(get(link, 7, &value), KE_LINK);
	/* Not even asked before it is settled. */
	ck_assert_int_eq(get(link, 8, &value), KE_LINK);
	etch_link_settle(link, WINDOW_MS);
	for (uint16_t address = 8; address < 11; address++) {
		ck_assert_int_eq(get(link, address, &value), 0);
		ck_assert_uint_eq(value, address);
	}
	ck_assert_uint_eq(etch_link_statistics(link)->errors, 1);
	ck_assert_uint_eq(peer.seen->requests, 4);
	etch_link_free(link);
	modbus_peer_stop(&peer);
}
END_TEST

/* Over TCP every later call fails until the line is flushed by hand. */
START_TEST(stale_reply_tcp)
{
	struct modbus_peer peer;
	struct etch_link *link;
	uint16_t value = 0;
	modbus_t *m;

	begin(&peer, false, PEER_LATE);
	m = bare(false);
	if (is_known) {
		ck_assert_int_eq(modbus_read_registers(m, 7, 1, &value), -1);
		modbus_peer_wait(&peer, 1);
		for (uint16_t address = 8; address < 11; address++) {
			ck_assert_int_eq(
				modbus_read_registers(m, address, 1, &value), -1);
			ck_assert_int_eq(errno, EMBBADDATA);
			modbus_peer_wait(&peer, address - 6u);
		}
	}
	bare_end(m);
	modbus_peer_stop(&peer);

	begin(&peer, false, PEER_LATE);
	link = opened();
	ck_assert_int_eq(get(link, 7, &value), KE_LINK);
	etch_link_settle(link, WINDOW_MS);
	for (uint16_t address = 8; address < 11; address++) {
		ck_assert_int_eq(get(link, address, &value), 0);
		ck_assert_uint_eq(value, address);
	}
	etch_link_free(link);
	modbus_peer_stop(&peer);
}
END_TEST

/* The answer to a write names another register, and nothing was written. */
START_TEST(wrong_echo_accepted)
{
	const bool rtu = _i;
	struct modbus_peer peer;
	struct etch_link *link;
	uint16_t value = 0;
	modbus_t *m;

	begin(&peer, rtu, PEER_WRONG_ECHO);
	m = bare_patient(rtu, PATIENT_MS);
	if (is_known)
		ck_assert_int_eq(modbus_write_register(m, 7, 4711), 1);
	bare_end(m);
	modbus_peer_stop(&peer);

	begin(&peer, rtu, PEER_WRONG_ECHO);
	link = opened_patient(PATIENT_MS);
	ck_assert_int_eq(put(link, 7, 4711), KE_LINK);
	etch_link_settle(link, 0);
	ck_assert_int_eq(get(link, 7, &value), 0);
	ck_assert_uint_eq(value, 7);
	etch_link_free(link);
	modbus_peer_stop(&peer);
}
END_TEST

/* What of an answer may be wrong, and whether the library takes it all the same. */
static const struct wrong_answer {
	bool rtu;
	enum peer_fault fault;
	bool is_taken;
} wrong_answers[] = {
	{false, PEER_TRANSACTION, false},
	{false, PEER_PROTOCOL, true},
	{false, PEER_LENGTH, true},
	{false, PEER_UNIT, true},
	{false, PEER_FUNCTION, false},
	{false, PEER_COUNT, false},
	{true, PEER_UNIT, false},
	{true, PEER_FUNCTION, false},
	{true, PEER_COUNT, false},
};

enum { WRONG_ANSWERS = sizeof wrong_answers / sizeof wrong_answers[0] };

/* An answer that is not in every field the one to our request is none, and what may come
 * after it is waited for. */
START_TEST(wrong_answer_taken)
{
	const struct wrong_answer *row = &wrong_answers[_i];
	struct modbus_peer peer;
	struct etch_link *link;
	uint16_t value = 0;
	modbus_t *m;

	begin(&peer, row->rtu, row->fault);
	m = bare_patient(row->rtu, PATIENT_MS);
	if (is_known)
		ck_assert_int_eq(
			modbus_read_registers(m, 7, 1, &value), row->is_taken ? 1 : -1);
	bare_end(m);
	modbus_peer_stop(&peer);

	begin(&peer, row->rtu, row->fault);
	link = opened_patient(PATIENT_MS);
	ck_assert_int_eq(get(link, 7, &value), KE_LINK);
	ck_assert_int_eq(get(link, 8, &value), KE_LINK);
	ck_assert_uint_eq(peer.seen->requests, 1);
	etch_link_settle(link, 1);
	ck_assert_int_eq(get(link, 8, &value), 0);
	ck_assert_uint_eq(value, 8);
	ck_assert_uint_eq(etch_link_statistics(link)->errors, 1);
	etch_link_free(link);
	modbus_peer_stop(&peer);
}
END_TEST

/* What a serial line was asked before it was closed is answered to whoever opens it next.
 */
START_TEST(stale_reply_after_reopening)
{
	struct modbus_peer peer;
	struct etch_link *link;
	uint16_t value = 0;

	begin(&peer, true, PEER_LATE);
	link = opened();
	ck_assert_int_eq(get(link, 7, &value), KE_LINK);
	etch_link_close(link);
	ck_assert_int_eq(etch_link_open(link, WINDOW_MS), 0);
	ck_assert_int_eq(get(link, 8, &value), 0);
	ck_assert_uint_eq(value, 8);
	etch_link_free(link);
	modbus_peer_stop(&peer);
}
END_TEST

/* A device that dribbles holds a call for 255 times its byte timeout. */
START_TEST(dribble)
{
	const bool rtu = _i;
	struct modbus_peer peer;
	struct etch_link *link;
	uint16_t value = 0;
	modbus_t *m;

	begin(&peer, rtu, PEER_DRIBBLE);
	m = bare(rtu);
	if (is_known) {
		/* It waits to the last byte, long after the time that was set. */
		ck_assert_int_eq(modbus_set_byte_timeout(m, 5, 0), 0);
		ck_assert_int_eq(modbus_read_registers(m, 7, 1, &value), 1);
		modbus_peer_wait(&peer, 1);
	}
	bare_end(m);
	modbus_peer_stop(&peer);

	begin(&peer, rtu, PEER_DRIBBLE);
	link = opened();
	ck_assert_int_eq(get(link, 7, &value), KE_LINK);
	/* The device still dribbles. */
	ck_assert_uint_eq(peer.seen->answered, 0);
	etch_link_free(link);
	modbus_peer_stop(&peer);
}
END_TEST

/* MODBUS_ERROR_RECOVERY_LINK connects by itself and sends again: a start could repeat. */
START_TEST(link_recovery_never_used)
{
	const bool rtu = _i;
	struct modbus_peer peer;
	struct etch_link *link;
	uint16_t value = 0;

	begin(&peer, rtu, rtu ? PEER_MUTE : PEER_HANG_UP);
	link = opened();
	ck_assert_int_eq(put(link, 7, 1), KE_LINK);
	/* Nothing goes out before somebody decides, and what went out was one write. */
	ck_assert_int_eq(put(link, 7, 1), KE_LINK);
	ck_assert_uint_eq(peer.seen->connections, 1);
	if (rtu)
		etch_link_settle(link, WINDOW_MS);
	else
		ck_assert_int_eq(etch_link_open(link, 0), 0);
	ck_assert_int_eq(get(link, 8, &value), 0);
	ck_assert_uint_eq(peer.seen->writes, 1);
	ck_assert_uint_eq(peer.seen->requests, 2);
	etch_link_free(link);
	modbus_peer_stop(&peer);
}
END_TEST

static void
wait_until_closed(const struct modbus_peer *peer)
{
	while (peer->seen->closed == 0)
		usleep(1000);
}

/* With it, a write to a connection that was reset makes the library connect on its own and
 * send once more, and where nobody answers it tries for ever. */
START_TEST(link_recovery_by_itself)
{
	struct modbus_peer peer;
	struct etch_link *link;
	uint16_t value = 0;
	modbus_t *m;

	begin(&peer, false, PEER_RESET);
	m = bare(false);
	ck_assert_int_eq(modbus_set_error_recovery(m, MODBUS_ERROR_RECOVERY_LINK), 0);
	ck_assert_int_eq(modbus_read_registers(m, 7, 1, &value), 1);
	wait_until_closed(&peer);
	if (is_known) {
		ck_assert_int_eq(modbus_write_register(m, 7, 1), 1);
		ck_assert_uint_eq(peer.seen->connections, 2);
	}
	bare_end(m);
	modbus_peer_stop(&peer);

	begin(&peer, false, PEER_RESET);
	link = opened();
	ck_assert_int_eq(get(link, 7, &value), 0);
	wait_until_closed(&peer);
	ck_assert_int_eq(put(link, 7, 1), KE_LINK);
	ck_assert_int_eq(etch_link_open(link, 0), 0);
	ck_assert_int_eq(get(link, 8, &value), 0);
	ck_assert_uint_eq(peer.seen->connections, 2);
	ck_assert_uint_eq(peer.seen->writes, 0);
	etch_link_free(link);
	modbus_peer_stop(&peer);
}
END_TEST

/* In a child: as many descriptors as select(2) knows are open, then the library's turn.
 * Returns the child's status. */
static int
read_behind_the_set(void)
{
	pid_t child = fork();
	int status = 0;

	if (child == 0) {
		struct rlimit limit = {TOO_MANY + 16, TOO_MANY + 16};
		uint16_t value;
		int null = open("/dev/null", O_RDWR), fd = 0;

		dup2(null, STDERR_FILENO);
		limit.rlim_cur = limit.rlim_max = TOO_MANY + 16;
		if (setrlimit(RLIMIT_NOFILE, &limit) != 0)
			_exit(9);
		while (fd >= 0 && fd < TOO_MANY - 1)
			fd = dup(null);
		(void)modbus_read_registers(bare(false), 7, 1, &value);
		_exit(0);
	}
	ck_assert_int_gt(child, 0);
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	return status;
}

/* select(2) inside the library writes behind its set, or ends the process. */
START_TEST(descriptor_1024)
{
	struct modbus_peer peer;
	struct etch_link *link;
	struct rlimit before, limit;
	int fds[TOO_MANY], count = 0, status;
	uint16_t value = 0;

	begin(&peer, false, PEER_HONEST);
	status = read_behind_the_set();
	if (is_known && !(WIFEXITED(status) && WEXITSTATUS(status) == 9))
		ck_assert(WIFSIGNALED(status));
	link = etch_link_new(&target, 1, RESPONSE_MS);
	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &before), 0);
	limit = before;
	if (limit.rlim_cur < TOO_MANY + 16)
		limit.rlim_cur = TOO_MANY + 16;
	if (setrlimit(RLIMIT_NOFILE, &limit) == 0) {
		do
			fds[count] = open("/dev/null", O_RDONLY | O_CLOEXEC);
		while (fds[count] >= 0 && fds[count++] < TOO_MANY - 1);
		ck_assert_int_eq(etch_link_open(link, 0), KE_EXHAUSTED);
		ck_assert(!etch_link_is_open(link));
		while (count > 0)
			close(fds[--count]);
		setrlimit(RLIMIT_NOFILE, &before);
	}
	ck_assert_int_eq(etch_link_open(link, 0), 0);
	ck_assert_int_eq(get(link, 7, &value), 0);
	etch_link_free(link);
	modbus_peer_stop(&peer);
}
END_TEST

/* A rate that it does not know becomes 9600, told only where it debugs. */
START_TEST(unknown_baud)
{
	struct modbus_peer peer;
	struct termios set;
	modbus_t *m;

	begin(&peer, true, PEER_HONEST);
	m = modbus_new_rtu(target.serial.path, 12345, 'N', 8, 1);
	if (is_known) {
		ck_assert_ptr_nonnull(m);
		ck_assert_int_eq(modbus_connect(m), 0);
		ck_assert_int_eq(tcgetattr(modbus_get_socket(m), &set), 0);
		ck_assert_uint_eq(cfgetospeed(&set), B9600);
		modbus_close(m);
	}
	modbus_free(m);
	modbus_peer_stop(&peer);
	ck_assert_int_eq(
		etch_target_parse(&target, "rtu:/dev/ttyS0:12345:8N1"), KE_BAD_CONFIG);
	ck_assert_int_eq(etch_target_parse(&target, "rtu:/dev/ttyS0:19200:8N1"), 0);
}
END_TEST

/* The rates that may be configured are set as they stand, by us and not by the library.
 */
START_TEST(a_known_baud_is_set)
{
	struct modbus_peer peer;
	struct etch_link *link;
	struct termios set;
	uint16_t value = 0;

	begin(&peer, true, PEER_HONEST);
	target.serial.baud = 57600;
	link = opened_patient(PATIENT_MS);
	ck_assert_int_eq(get(link, 7, &value), 0);
	ck_assert_int_eq(tcgetattr(peer.fd, &set), 0);
	ck_assert_uint_eq(cfgetospeed(&set), B57600);
	etch_link_free(link);
	modbus_peer_stop(&peer);
}
END_TEST

/* How many bytes an exchange and its faults leave on standard output. */
static long
bytes_on_stdout(void (*work)(void))
{
	FILE *file = tmpfile();
	int kept = dup(STDOUT_FILENO);
	long bytes;

	ck_assert_ptr_nonnull(file);
	ck_assert_int_ge(kept, 0);
	fflush(stdout);
	dup2(fileno(file), STDOUT_FILENO);
	work();
	fflush(stdout);
	dup2(kept, STDOUT_FILENO);
	close(kept);
	fseek(file, 0, SEEK_END);
	bytes = ftell(file);
	fclose(file);
	return bytes;
}

static void
talk_bare(void)
{
	modbus_t *m = bare_patient(false, PATIENT_MS);
	uint16_t value;

	modbus_set_debug(m, TRUE);
	ck_assert_int_eq(modbus_write_register(m, 7, 1), 1);
	ck_assert_int_eq(modbus_read_registers(m, 7, 1, &value), 1);
	bare_end(m);
}

static void
talk(void)
{
	struct etch_link *link = opened_patient(PATIENT_MS);
	uint16_t value;

	ck_assert_int_eq(put(link, 7, 1), 0);
	ck_assert_int_eq(get(link, 7, &value), 0);
	etch_link_free(link);
}

static void
talk_in_vain(void)
{
	struct etch_link *link = opened();

	ck_assert_int_eq(put(link, 7, 1), KE_LINK);
	etch_link_settle(link, WINDOW_MS);
	ck_assert_int_eq(put(link, 7, 1), 0);
	etch_link_free(link);
}

/* What it prints are the frames, and the frames hold passphrases. */
START_TEST(debug_never_on)
{
	struct modbus_peer peer;

	begin(&peer, false, PEER_HONEST);
	ck_assert_int_gt(bytes_on_stdout(talk_bare), 0);
	modbus_peer_stop(&peer);
	begin(&peer, false, PEER_HONEST);
	ck_assert_int_eq(bytes_on_stdout(talk), 0);
	modbus_peer_stop(&peer);
	begin(&peer, false, PEER_LATE);
	ck_assert_int_eq(bytes_on_stdout(talk_in_vain), 0);
	modbus_peer_stop(&peer);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("libmodbus_faults");
	TCase *all = tcase_create("all");

	tcase_set_timeout(all, 60);
	tcase_add_test(all, stale_reply_rtu);
	tcase_add_test(all, stale_reply_tcp);
	tcase_add_loop_test(all, wrong_echo_accepted, 0, 2);
	tcase_add_loop_test(all, wrong_answer_taken, 0, WRONG_ANSWERS);
	tcase_add_test(all, stale_reply_after_reopening);
	tcase_add_loop_test(all, dribble, 0, 2);
	tcase_add_loop_test(all, link_recovery_never_used, 0, 2);
	tcase_add_test(all, link_recovery_by_itself);
	tcase_add_test(all, descriptor_1024);
	tcase_add_test(all, unknown_baud);
	tcase_add_test(all, a_known_baud_is_set);
	tcase_add_test(all, debug_never_on);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}
