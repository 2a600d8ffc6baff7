/* SPDX-License-Identifier: MIT */
/*
 * One wire to a master: a TCP connection or the master's end of a pty.  Requests come
 * out in order; answers go in with the time at which they leave, so that one can be late
 * while the next request is already served, and byte by byte where that is asked for.
 */
#ifndef KEYLINE_SIM_WIRE_H
#define KEYLINE_SIM_WIRE_H

#include "sim/modbus.h"

enum {
	/* answers that can wait at a time */
	WIRE_QUEUE = 32,
	/* an answer with what a fault adds to it */
	WIRE_ANSWER_MAX = 2 * MODBUS_FRAME_MAX,
	/* RTU: after this silence what came before is no beginning of a request */
	WIRE_SILENCE_MS = 50
};

struct wire;

/*
 * Takes over fd, which must be non-blocking.  baud > 0: answers leave no sooner than
 * request and answer would take on a line of that rate with 11 bits a byte and the gaps
 * of the guide.  NULL: no memory (fd stays the caller's).
 */
struct wire *wire_new(int fd, enum modbus_wire kind, unsigned baud);
void wire_free(struct wire *wire);
int wire_fd(const struct wire *wire);
enum modbus_wire wire_kind(const struct wire *wire);

/* Reads what is there.  0, or KE_LINK when the other end is gone. */
KEYLINE_WARN_UNUSED int wire_read(struct wire *wire, int64_t now_ms);

/* The next request: 1, 0 when there is none yet, KE_BAD_LINE when the wire is to be
 * closed. */
KEYLINE_WARN_UNUSED int wire_next(
	struct modbus_frame *request, struct wire *wire, int64_t now_ms);

/* How an answer leaves. */
struct wire_manner {
	/* this much later than now */
	uint32_t late_ms;
	/* between two bytes */
	uint32_t gap_ms;
};

/*
 * Queues bytes to leave.  The answer to a request of request_len bytes, for the rate.
 * 0, or KE_TOO_LONG when too much is waiting.
 */
KEYLINE_WARN_UNUSED int wire_send(struct wire *wire, const uint8_t *bytes, size_t len,
	const struct wire_manner *manner, int64_t now_ms);

/* Writes what is due.  0, or KE_LINK when the other end is gone. */
KEYLINE_WARN_UNUSED int wire_flush(struct wire *wire, int64_t now_ms);

/* When wire_flush() or wire_next() has something to do by the clock; -1: never. */
int64_t wire_due(const struct wire *wire);

/* Nobody is at the other end: what has come of a request is forgotten, what is due is
 * lost. What is due later goes to whoever is there by then. */
void wire_alone(struct wire *wire, int64_t now_ms);

#endif
