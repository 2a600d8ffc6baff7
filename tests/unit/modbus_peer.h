/* SPDX-License-Identifier: MIT */
/* A Modbus server of a few lines in a child process, over TCP or a pseudo-terminal, that
 * does one thing wrong: with the first request that it gets. */
#ifndef KEYLINE_TESTS_MODBUS_PEER_H
#define KEYLINE_TESTS_MODBUS_PEER_H

#include "harness.h"
#include <sys/types.h>
#include <termios.h>

enum peer_fault {
	PEER_HONEST,
	PEER_LATE,       /* the first answer comes after PEER_LATE_MS */
	PEER_WRONG_ECHO, /* a write is not done, and answered for another register */
	PEER_DRIBBLE,    /* a byte each PEER_BYTE_MS */
	PEER_MUTE,       /* no answer */
	PEER_HANG_UP,    /* the connection is cut in place of one */
	PEER_RESET,      /* it is reset after the answer (TCP) */
	/* One bit of the answer is wrong: */
	PEER_TRANSACTION, /* in these fields of its head (TCP) */
	PEER_PROTOCOL,
	PEER_LENGTH,
	PEER_UNIT,     /* which makes it nobody's, 0, where ours is 1 */
	PEER_FUNCTION, /* as if another one had been asked */
	PEER_COUNT     /* a register more than was asked for */
};

enum { PEER_LATE_MS = 900, PEER_BYTE_MS = 200 };

/* What it has seen, for the test to look at. */
struct peer_seen {
	unsigned connections, requests, writes, answered, closed;
};

struct modbus_peer {
	bool rtu;
	int fd; /* the listener, or the line's other end */
	pid_t child;
	char where[300]; /* as --device has it */
	volatile struct peer_seen *seen;
};

/* A register that was never written holds its own address, so that an old answer shows.
 */
void modbus_peer_start(struct modbus_peer *peer, bool rtu, enum peer_fault fault);
void modbus_peer_stop(struct modbus_peer *peer);

/* Until it has answered so many requests. */
void modbus_peer_wait(const struct modbus_peer *peer, unsigned answered);

#endif
