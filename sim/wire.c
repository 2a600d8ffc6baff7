/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "sim/wire.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct answer {
	int64_t due_ms;
	uint32_t gap_ms;
	size_t len;
	size_t sent;
	uint8_t bytes[WIRE_ANSWER_MAX];
};

struct wire {
	int fd;
	enum modbus_wire kind;
	unsigned baud;
	uint8_t in[2 * MODBUS_FRAME_MAX];
	size_t in_len;
	int64_t heard_ms;
	/* RTU: what came was no request; wait for silence */
	bool deaf;
	/* the length of the request that was taken last */
	size_t request_len;
	struct answer queue[WIRE_QUEUE];
	unsigned first, count;
};

struct wire *
wire_new(int fd, enum modbus_wire kind, unsigned baud)
{
	struct wire *wire = calloc(1, sizeof *wire);

	if (!wire)
		return NULL;
	wire->fd = fd;
	wire->kind = kind;
	wire->baud = baud;
	return wire;
}

void
wire_free(struct wire *wire)
{
	if (!wire)
		return;
	close(wire->fd);
	free(wire);
}

int
wire_fd(const struct wire *wire)
{
	return wire->fd;
}

enum modbus_wire
wire_kind(const struct wire *wire)
{
	return wire->kind;
}

void
wire_alone(struct wire *wire, int64_t now_ms)
{
	wire->in_len = 0;
	wire->deaf = false;
	while (wire->count > 0 && wire->queue[wire->first].due_ms <= now_ms) {
		wire->first = (wire->first + 1) % WIRE_QUEUE;
		wire->count--;
	}
}

/* RTU: a pause ends whatever came before it. */
static void
mind_silence(struct wire *wire, int64_t now_ms)
{
	if (wire->kind != MODBUS_RTU || now_ms - wire->heard_ms < WIRE_SILENCE_MS)
		return;
	wire->in_len = 0;
	wire->deaf = false;
}

int
wire_read(struct wire *wire, int64_t now_ms)
{
	ssize_t got;

	mind_silence(wire, now_ms);
	if (wire->in_len == sizeof wire->in)
		wire->in_len = 0;
	got = read(wire->fd, wire->in + wire->in_len, sizeof wire->in - wire->in_len);
	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	if (got <= 0)
		return KE_LINK;
	wire->heard_ms = now_ms;
	wire->in_len += (size_t)got;
	if (wire->deaf)
		wire->in_len = 0;
	return 0;
}

int
wire_next(struct modbus_frame *request, struct wire *wire, int64_t now_ms)
{
	size_t used;
	int found;

	mind_silence(wire, now_ms);
	found = modbus_take(request, wire->kind, wire->in, wire->in_len, &used);
	if (found > 0) {
		wire->in_len -= used;
		memmove(wire->in, wire->in + used, wire->in_len);
		wire->request_len = used;
		return 1;
	}
	if (found < 0 && wire->kind == MODBUS_RTU) {
		wire->in_len = 0;
		wire->deaf = true;
		return 0;
	}
	return found;
}

/* How long the request and its answer take on a line of the rate, gaps included. */
static int64_t
line_time_ms(const struct wire *wire, size_t len)
{
	/* 3.5 characters on each side, but at least 1.75 ms */
	int64_t gap_us;

	if (!wire->baud)
		return 0;
	gap_us = 38500000 / wire->baud;
	if (gap_us < 1750)
		gap_us = 1750;
	return ((int64_t)(wire->request_len + len) * 11000000 / wire->baud + 2 * gap_us +
		       999) /
	       1000;
}

int
wire_send(struct wire *wire, const uint8_t *bytes, size_t len,
	const struct wire_manner *manner, int64_t now_ms)
{
	struct answer *answer;

	if (wire->count == WIRE_QUEUE || len > WIRE_ANSWER_MAX)
		return KE_TOO_LONG;
	answer = &wire->queue[(wire->first + wire->count) % WIRE_QUEUE];
	answer->due_ms = now_ms + line_time_ms(wire, len) + manner->late_ms;
	answer->gap_ms = manner->gap_ms;
	answer->len = len;
	answer->sent = 0;
	memcpy(answer->bytes, bytes, len);
	wire->count++;
	return 0;
}

/* Writes one answer as far as it is due.  1: it is out; 0: not yet; KE_LINK. */
static int
flush_one(struct wire *wire, struct answer *answer, int64_t now_ms)
{
	while (answer->sent < answer->len && answer->due_ms <= now_ms) {
		size_t len = answer->gap_ms ? 1 : answer->len - answer->sent;
		ssize_t put = write(wire->fd, answer->bytes + answer->sent, len);

		if (put < 0 && (errno == EAGAIN || errno == EINTR)) {
			/* The other end does not read: look again, do not spin. */
			answer->due_ms = now_ms + 10;
			return 0;
		}
		if (put < 0)
			return KE_LINK;
		answer->sent += (size_t)put;
		answer->due_ms += answer->gap_ms;
	}
	return answer->sent == answer->len;
}

int
wire_flush(struct wire *wire, int64_t now_ms)
{
	while (wire->count > 0) {
		int done = flush_one(wire, &wire->queue[wire->first], now_ms);

		if (done <= 0)
			return done;
		wire->first = (wire->first + 1) % WIRE_QUEUE;
		wire->count--;
	}
	return 0;
}

int64_t
wire_due(const struct wire *wire)
{
	return wire->count > 0 ? wire->queue[wire->first].due_ms : -1;
}
