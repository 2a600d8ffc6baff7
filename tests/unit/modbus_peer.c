/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "modbus_peer.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { READ = 3, WRITE = 6, REGISTERS = 32, PDU = 5, WAIT_MS = 20000, PAUSE_MS = 5 };

static uint16_t registers[REGISTERS];

static void
pause_ms(int ms)
{
	poll(NULL, 0, ms);
}

static unsigned
crc(const unsigned char *bytes, size_t len)
{
	unsigned value = 0xffff;

	for (size_t i = 0; i < len; i++) {
		value ^= bytes[i];
		for (int bit = 0; bit < 8; bit++)
			value = value & 1 ? value >> 1 ^ 0xa001 : value >> 1;
	}
	return value;
}

/* Reads one request.  Every one of these tests has a PDU of five bytes. */
static bool
take_request(unsigned char pdu[PDU], unsigned char head[7], int fd, bool rtu)
{
	size_t front = rtu ? 1 : 7, want = front + PDU + (rtu ? 2 : 0), have = 0;
	unsigned char frame[7 + PDU + 2];

	while (have < want) {
		ssize_t n = read(fd, frame + have, want - have);

		if (n <= 0)
			return false;
		have += (size_t)n;
	}
	memcpy(head, frame, front);
	memcpy(pdu, frame + front, PDU);
	return true;
}

static size_t
frame_of(unsigned char *frame, const unsigned char head[7], const unsigned char *pdu,
	size_t len, bool rtu, enum peer_fault fault)
{
	static const size_t field[PEER_COUNT + 1] = {[PEER_TRANSACTION] = 1,
		[PEER_PROTOCOL] = 3,
		[PEER_LENGTH] = 5,
		[PEER_UNIT] = 6};
	size_t front = rtu ? 1 : 7;
	unsigned sum;

	memcpy(frame, head, front);
	memcpy(frame + front, pdu, len);
	if (!rtu) {
		frame[4] = 0;
		frame[5] = (unsigned char)(len + 1);
		frame[field[fault]] ^= field[fault] != 0;
		return front + len;
	}
	frame[0] ^= fault == PEER_UNIT;
	sum = crc(frame, front + len);
	frame[front + len] = (unsigned char)sum;
	frame[front + len + 1] = (unsigned char)(sum >> 8);
	return front + len + 2;
}

/* What the request asks for, into the answer's PDU; its length. */
static size_t
serve(unsigned char out[PDU + 1], const unsigned char pdu[PDU], enum peer_fault fault)
{
	bool echo_wrong = fault == PEER_WRONG_ECHO;
	unsigned address = ((unsigned)pdu[1] << 8 | pdu[2]) % REGISTERS;

	memcpy(out, pdu, PDU);
	out[0] ^= fault == PEER_FUNCTION;
	if (pdu[0] == WRITE) {
		out[2] ^= echo_wrong;
		if (!echo_wrong)
			registers[address] = (uint16_t)(pdu[3] << 8 | pdu[4]);
		return PDU;
	}
	out[1] = fault == PEER_COUNT ? 4 : 2;
	out[2] = (unsigned char)(registers[address] >> 8);
	out[3] = (unsigned char)registers[address];
	out[4] = out[5] = 0;
	return 2u + out[1];
}

static bool
send_bytes(int fd, const unsigned char *bytes, size_t len, bool dribbles)
{
	size_t step = dribbles ? 1 : len;

	for (size_t at = 0; at < len; at += step) {
		if (dribbles)
			pause_ms(PEER_BYTE_MS);
		if (write(fd, bytes + at, step) != (ssize_t)step)
			return false;
	}
	return true;
}

static bool
reset_at_close(int fd)
{
	const struct linger at_once = {.l_onoff = 1, .l_linger = 0};

	return setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once) == 0;
}

/* One request; false: the connection is over. */
static bool
serve_one(volatile struct peer_seen *seen, int fd, bool rtu, enum peer_fault fault)
{
	unsigned char head[7], pdu[PDU], out[PDU + 1], frame[7 + PDU + 1 + 2];
	size_t len;

	if (!take_request(pdu, head, fd, rtu))
		return false;
	seen->requests++;
	seen->writes += pdu[0] == WRITE;
	if (seen->requests > 1)
		fault = PEER_HONEST;
	if (fault == PEER_HANG_UP)
		return false;
	if (fault == PEER_LATE)
		pause_ms(PEER_LATE_MS);
	len = serve(out, pdu, fault);
	len = frame_of(frame, head, out, len, rtu, fault);
	if (fault != PEER_MUTE && !send_bytes(fd, frame, len, fault == PEER_DRIBBLE))
		return false;
	seen->answered++;
	return fault != PEER_RESET || !reset_at_close(fd);
}

/* The child.  Never returns. */
static void
run(const struct modbus_peer *peer, enum peer_fault fault)
{
	for (unsigned i = 0; i < REGISTERS; i++)
		registers[i] = (uint16_t)i;
	for (;;) {
		int fd = peer->rtu ? peer->fd : accept(peer->fd, NULL, NULL);

		if (fd < 0)
			_exit(1);
		peer->seen->connections++;
		while (serve_one(peer->seen, fd, peer->rtu, fault))
			continue;
		if (!peer->rtu)
			peer->seen->closed += close(fd) == 0;
		else
			pause_ms(PAUSE_MS);
	}
}

static void
listen_somewhere(struct modbus_peer *peer)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof address;

	peer->fd = socket(AF_INET, SOCK_STREAM, 0);
	ck_assert_int_ge(peer->fd, 0);
	ck_assert_int_eq(bind(peer->fd, (struct sockaddr *)&address, len), 0);
	ck_assert_int_eq(listen(peer->fd, 4), 0);
	ck_assert_int_eq(getsockname(peer->fd, (struct sockaddr *)&address, &len), 0);
	snprintf(peer->where, sizeof peer->where, "tcp:127.0.0.1:%u",
		ntohs(address.sin_port));
}

static void
make_line(struct modbus_peer *peer)
{
	struct termios raw;

	peer->fd = posix_openpt(O_RDWR | O_NOCTTY);
	ck_assert_int_ge(peer->fd, 0);
	ck_assert_int_eq(grantpt(peer->fd), 0);
	ck_assert_int_eq(unlockpt(peer->fd), 0);
	ck_assert_int_eq(tcgetattr(peer->fd, &raw), 0);
	cfmakeraw(&raw);
	ck_assert_int_eq(tcsetattr(peer->fd, TCSANOW, &raw), 0);
	snprintf(peer->where, sizeof peer->where, "rtu:%s:115200:8N1", ptsname(peer->fd));
}

void
modbus_peer_start(struct modbus_peer *peer, bool rtu, enum peer_fault fault)
{
	peer->rtu = rtu;
	peer->seen = mmap(NULL, sizeof *peer->seen, PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ck_assert(peer->seen != MAP_FAILED);
	if (rtu)
		make_line(peer);
	else
		listen_somewhere(peer);
	peer->child = fork();
	if (peer->child == 0) {
		/* A test that hangs is killed, and leaves nobody behind. */
		if (prctl(PR_SET_PDEATHSIG, SIGKILL) == 0)
			run(peer, fault);
		_exit(1);
	}
	ck_assert_int_gt(peer->child, 0);
}

void
modbus_peer_stop(struct modbus_peer *peer)
{
	kill(peer->child, SIGKILL);
	waitpid(peer->child, NULL, 0);
	close(peer->fd);
	munmap((void *)(uintptr_t)peer->seen, sizeof *peer->seen);
}

void
modbus_peer_wait(const struct modbus_peer *peer, unsigned answered)
{
	for (int ms = 0; peer->seen->answered < answered; ms += PAUSE_MS) {
		ck_assert_int_lt(ms, WAIT_MS);
		pause_ms(PAUSE_MS);
	}
}
