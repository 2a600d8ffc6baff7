/* SPDX-License-Identifier: MIT */
#include "drivers/etch_frame.h"

#include <stdlib.h>
#include <string.h>

/* Of the head over TCP: transaction, protocol, length, unit; before a serial line's PDU
 * stands the unit alone. */
enum { TRANSACTION = 0, PROTOCOL = 2, LENGTH = 4, UNIT = 6, TCP_HEAD = 7, LINE_HEAD = 1 };

/* Function, address, and count or value. */
enum { PDU_FIXED = 5, PDU_MAX = 253 };

static const struct functions {
	uint8_t read, write_one, write_many;
} functions[ETCH_TABLES] = {
	[ETCH_HOLDING] = {3, 6, 16},
	[ETCH_INPUT] = {4, 0, 0},
	[ETCH_COIL] = {1, 5, 15},
	[ETCH_DISCRETE] = {2, 0, 0},
};

static bool
holds_bits(const struct etch_request *r)
{
	return r->span.table == ETCH_COIL || r->span.table == ETCH_DISCRETE;
}

static size_t
head_len(const struct etch_frame *frame)
{
	return frame->is_tcp ? TCP_HEAD : LINE_HEAD;
}

static uint16_t
get16(const uint8_t *bytes)
{
	return (uint16_t)(bytes[0] << 8 | bytes[1]);
}

static void
put16(uint8_t *bytes, unsigned value)
{
	bytes[0] = (uint8_t)(value >> 8);
	bytes[1] = (uint8_t)value;
}

/* The bytes that all values take in a PDU. */
static size_t
data_len(const struct etch_request *r)
{
	return holds_bits(r) ? (r->span.count + 7u) / 8 : 2u * r->span.count;
}

/* The values of a write of several; returns the PDU's length. */
static size_t
put_values(uint8_t *pdu, const struct etch_request *r)
{
	size_t len = data_len(r);

	pdu[PDU_FIXED] = (uint8_t)len;
	memset(pdu + PDU_FIXED + 1, 0, len);
	for (size_t i = 0; i < r->span.count; i++) {
		if (!holds_bits(r))
			put16(pdu + PDU_FIXED + 1 + 2 * i, r->registers[i]);
		else if (r->bits[i])
			pdu[PDU_FIXED + 1 + i / 8] |= (uint8_t)(1u << i % 8);
	}
	return PDU_FIXED + 1 + len;
}

/* Returns the PDU's length. */
static size_t
put_pdu(uint8_t *pdu, const struct etch_request *r)
{
	const struct functions *f = &functions[r->span.table];
	bool one = r->write && r->span.count == 1;

	pdu[0] = !r->write ? f->read : one ? f->write_one : f->write_many;
	put16(pdu + 1, r->span.address);
	if (!one)
		put16(pdu + 3, r->span.count);
	else if (holds_bits(r))
		put16(pdu + 3, r->bits[0] ? 0xff00 : 0);
	else
		put16(pdu + 3, r->registers[0]);
	return r->write && !one ? put_values(pdu, r) : PDU_FIXED;
}

int
etch_frame_request(struct etch_frame *frame, const struct etch_request *r, uint8_t unit,
	uint16_t transaction)
{
	size_t head = head_len(frame);

	if (r->write && functions[r->span.table].write_one == 0)
		abort();
	if (r->span.count < 1 || (r->write ? PDU_FIXED + 1 : 2) + data_len(r) > PDU_MAX)
		return KE_LINK;
	frame->bytes[head - 1] = unit;
	frame->len = head + put_pdu(frame->bytes + head, r);
	if (frame->is_tcp) {
		put16(frame->bytes + TRANSACTION, transaction);
		put16(frame->bytes + PROTOCOL, 0);
		put16(frame->bytes + LENGTH, (unsigned)(frame->len - UNIT));
	}
	return 0;
}

/* Whether the head answers the one asked, and what follows is as long as it says. */
static bool
head_fits(const struct etch_frame *asked, const uint8_t *answer, size_t len)
{
	size_t head = head_len(asked);

	if (len <= head || answer[head - 1] != asked->bytes[head - 1])
		return false;
	return !asked->is_tcp || (memcmp(answer, asked->bytes, LENGTH) == 0 &&
					 get16(answer + LENGTH) == len - UNIT);
}

static void
take_values(const struct etch_request *r, const uint8_t *data)
{
	for (size_t i = 0; i < r->span.count; i++) {
		if (holds_bits(r))
			r->bits[i] = data[i / 8] >> i % 8 & 1;
		else
			r->registers[i] = get16(data + 2 * i);
	}
}

int
etch_frame_answer(const struct etch_request *r, const struct etch_frame *asked,
	const uint8_t *answer, size_t len)
{
	size_t head = head_len(asked);
	const uint8_t *pdu = answer + head, *question = asked->bytes + head;

	if (!head_fits(asked, answer, len))
		return KE_LINK;
	len -= head;
	/* A write is answered by its own first bytes. */
	if (r->write)
		return len == PDU_FIXED && memcmp(pdu, question, len) == 0 ? 0 : KE_LINK;
	if (len != 2 + data_len(r) || pdu[0] != question[0] || pdu[1] != data_len(r))
		return KE_LINK;
	take_values(r, pdu + 2);
	return 0;
}
