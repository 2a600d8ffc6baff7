/* SPDX-License-Identifier: MIT */
/*
 * bench/modbus ROUNDS: a frame that writes 123 registers, on the wall's clock, in ms.
 *
 *	tcp  keyline: by the driver's link; libmodbus: by a bare loop; to one slave
 *	rtu  the same on a pseudo-terminal whose other end answers when a line of 115200
 *	     baud would have (8E1: eleven bits a byte); wire: that time itself
 *
 * Slave and other end are processes of their own.
 */
#define _DEFAULT_SOURCE
#define _XOPEN_SOURCE 700
#include "bench/figure.h"
#include "drivers/etch_link.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <modbus.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

enum { ROUNDS_MAX = 10000, REGISTERS = 123, RESPONSE_MS = 2000, TCP_FRAMES = 32 };
/* FC16: unit, function, address, count, bytes, registers, CRC; its answer. */
enum { RTU_REQUEST = 9 + 2 * REGISTERS, RTU_ANSWER = 8, BAUD = 115200, BYTE_BITS = 11 };

/* A silence of 1.75 ms parts frames above 19200 baud (Modbus over serial line, 2.5.1.1).
 */
static const double silence_ms = 1.75;

static double
wire_ms(void)
{
	return (RTU_REQUEST + RTU_ANSWER) * BYTE_BITS * 1e3 / BAUD + 2 * silence_ms;
}

/* A child that ends with us. */
static pid_t
fork_peer(void)
{
	pid_t child = fork();

	figure_must_system(child >= 0, "fork");
	if (child == 0)
		figure_must_system(prctl(PR_SET_PDEATHSIG, SIGKILL) == 0, "prctl");
	return child;
}

static void
end_peer(pid_t child)
{
	(void)kill(child, SIGKILL);
	(void)waitpid(child, NULL, 0);
}

/* Answers one connection after the other; never returns. */
static void
serve_tcp(int listener)
{
	modbus_t *slave = modbus_new_tcp("127.0.0.1", 502);
	modbus_mapping_t *map = modbus_mapping_new(0, 0, REGISTERS, 0);
	uint8_t frame[MODBUS_TCP_MAX_ADU_LENGTH];

	figure_must_system(slave && map, "slave");
	while (modbus_tcp_accept(slave, &listener) >= 0)
		for (;;) {
			int len = modbus_receive(slave, frame);

			if (len < 0 || modbus_reply(slave, frame, len, map) < 0)
				break;
		}
	_exit(1);
}

static int
listen_somewhere(struct etch_target *target)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof address;
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	figure_must_system(
		listener >= 0 && bind(listener, (struct sockaddr *)&address, len) == 0 &&
			listen(listener, 4) == 0 &&
			getsockname(listener, (struct sockaddr *)&address, &len) == 0,
		"listen");
	*target = (struct etch_target){.is_tcp = true, .host = "127.0.0.1"};
	(void)snprintf(target->port, sizeof target->port, "%u", ntohs(address.sin_port));
	return listener;
}

static void
wait_until(const struct timespec *when)
{
	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, when, NULL) == EINTR)
		;
}

/* The time at which a frame that begins now has been answered on the wire. */
static struct timespec
answer_time(void)
{
	struct timespec t;
	long ns = (long)(wire_ms() * 1e6);

	figure_must_system(clock_gettime(CLOCK_MONOTONIC, &t) == 0, "clock");
	t.tv_nsec += ns;
	t.tv_sec += t.tv_nsec / 1000000000;
	t.tv_nsec %= 1000000000;
	return t;
}

/* The slave and the line in one: its answer is a request's first six bytes with their
 * CRC.  Never returns. */
static void
serve_rtu(int master, const unsigned char answer[RTU_ANSWER])
{
	unsigned char frame[RTU_REQUEST];
	size_t have = 0;

	for (;;) {
		struct pollfd ready = {master, POLLIN, 0};
		struct timespec when;
		ssize_t n;

		(void)poll(&ready, 1, -1);
		if (have == 0)
			when = answer_time();
		n = read(master, frame + have, sizeof frame - have);
		if (n <= 0)
			_exit(1);
		have += (size_t)n;
		if (have < sizeof frame)
			continue;
		have = 0;
		wait_until(&when);
		if (write(master, answer, RTU_ANSWER) != RTU_ANSWER)
			_exit(1);
	}
}

/* CRC-16 of Modbus over serial line 2.5.1.2, low byte first. */
static void
put_crc(unsigned char *frame, size_t len)
{
	unsigned crc = 0xffff;

	for (size_t i = 0; i < len; i++) {
		crc ^= frame[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc & 1 ? crc >> 1 ^ 0xa001 : crc >> 1;
	}
	frame[len] = (unsigned char)crc;
	frame[len + 1] = (unsigned char)(crc >> 8);
}

/* The line's near end, kept open: else its far end sees a hang-up between two masters. */
static int near_end;

static int
open_line(struct etch_target *target)
{
	struct termios raw;
	int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	const char *name;

	figure_must_system(
		master >= 0 && grantpt(master) == 0 && unlockpt(master) == 0, "pty");
	name = ptsname(master);
	*target = (struct etch_target){
		.serial = {.baud = BAUD, .data_bits = 8, .parity = 'N', .stop_bits = 1}};
	(void)snprintf(
		target->serial.path, sizeof target->serial.path, "%s", name ? name : "");
	near_end = open(target->serial.path, O_RDWR | O_NOCTTY | O_CLOEXEC);
	figure_must_system(near_end >= 0 && tcgetattr(near_end, &raw) == 0, "pty");
	cfmakeraw(&raw);
	figure_must_system(tcsetattr(near_end, TCSANOW, &raw) == 0, "pty");
	return master;
}

/* By the driver's link. */
static void
send_by_link(struct etch_link *link, uint16_t *registers)
{
	const struct etch_request request = {
		true, {ETCH_HOLDING, 0, REGISTERS}, registers, NULL};

	figure_must(etch_link_do(link, &request), "link");
}

static void
send_bare(modbus_t *bare, const uint16_t *registers)
{
	figure_must_system(
		modbus_write_registers(bare, 0, REGISTERS, registers) == REGISTERS,
		"libmodbus");
}

static double
time_link(const struct etch_target *target, uint16_t *registers, size_t frames)
{
	struct etch_link *link = etch_link_new(target, 1, RESPONSE_MS);
	double began, ms;

	figure_must(link ? etch_link_open(link, 0) : KE_NO_MEMORY, "link");
	send_by_link(link, registers);
	began = figure_wall_ms();
	for (size_t i = 0; i < frames; i++)
		send_by_link(link, registers);
	ms = (figure_wall_ms() - began) / (double)frames;
	etch_link_free(link);
	/* The driver had the line for itself, which outlasts it while the line is open.
	 */
	if (!target->is_tcp)
		figure_must_system(ioctl(near_end, TIOCNXCL) == 0, "pty");
	return ms;
}

static double
time_bare(const struct etch_target *target, const uint16_t *registers, size_t frames)
{
	const struct serial_port *s = &target->serial;
	modbus_t *bare = target->is_tcp
				 ? modbus_new_tcp(target->host, atoi(target->port))
				 : modbus_new_rtu(s->path, (int)s->baud, s->parity, 8, 1);
	double began, ms;

	figure_must_system(
		bare && modbus_set_slave(bare, 1) == 0 &&
			modbus_set_response_timeout(bare, RESPONSE_MS / 1000, 0) == 0 &&
			modbus_connect(bare) == 0,
		"libmodbus");
	send_bare(bare, registers);
	began = figure_wall_ms();
	for (size_t i = 0; i < frames; i++)
		send_bare(bare, registers);
	ms = (figure_wall_ms() - began) / (double)frames;
	modbus_close(bare);
	modbus_free(bare);
	return ms;
}

static void
measure(const char *row, const struct etch_target *target, size_t frames)
{
	uint16_t registers[REGISTERS];

	for (unsigned i = 0; i < REGISTERS; i++)
		registers[i] = (uint16_t)(i * 257);
	figure_put(row, "keyline", time_link(target, registers, frames));
	figure_put(row, "libmodbus", time_bare(target, registers, frames));
}

int
main(int argc, char **argv)
{
	size_t rounds = figure_number(
		argc == 2 ? argv[1] : NULL, ROUNDS_MAX, "bench/modbus ROUNDS");
	unsigned char answer[RTU_ANSWER] = {1, 16, 0, 0, 0, REGISTERS};
	struct etch_target tcp, rtu;
	int listener = listen_somewhere(&tcp), line = open_line(&rtu);
	pid_t slave, device;

	put_crc(answer, RTU_ANSWER - 2);
	slave = fork_peer();
	if (slave == 0)
		serve_tcp(listener);
	device = fork_peer();
	if (device == 0)
		serve_rtu(line, answer);
	for (size_t i = 0; i < rounds; i++) {
		measure("tcp", &tcp, TCP_FRAMES);
		measure("rtu", &rtu, 1);
	}
	figure_constant("rtu", "wire", wire_ms());
	end_peer(slave);
	end_peer(device);
	return 0;
}
