/* SPDX-License-Identifier: MIT */
#include "sim/modbus.h"

#include <string.h>

enum { MBAP_LEN = 7, CRC_LEN = 2 };

static uint16_t
get16(const uint8_t *bytes)
{
	return (uint16_t)(bytes[0] << 8 | bytes[1]);
}

static void
put16(uint8_t *bytes, uint16_t value)
{
	bytes[0] = (uint8_t)(value >> 8);
	bytes[1] = (uint8_t)value;
}

uint16_t
modbus_crc(const uint8_t *bytes, size_t len)
{
	unsigned crc = 0xffff;

	for (size_t i = 0; i < len; i++) {
		crc ^= bytes[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc & 1 ? crc >> 1 ^ 0xa001 : crc >> 1;
	}
	return (uint16_t)crc;
}

static int
take_tcp(struct modbus_frame *request, const uint8_t *bytes, size_t len, size_t *used)
{
	size_t body;

	if (len < MBAP_LEN)
		return 0;
	body = get16(bytes + 4);
	if (get16(bytes + 2) != 0 || body < 2 || body > MODBUS_PDU_MAX + 1)
		return KE_BAD_LINE;
	if (len < 6 + body)
		return 0;
	request->transaction = get16(bytes);
	request->unit = bytes[6];
	request->len = body - 1;
	memcpy(request->pdu, bytes + MBAP_LEN, request->len);
	*used = 6 + body;
	return 1;
}

/* The length of a request's PDU by its first bytes; 0 when they do not tell yet. */
static size_t
request_len(const uint8_t *pdu, size_t len)
{
	if (len < 1)
		return 0;
	if (pdu[0] >= 1 && pdu[0] <= 6)
		return 5;
	if (pdu[0] == 15 || pdu[0] == 16)
		return len < 6 ? 0 : 6u + pdu[5];
	/* A function that we lack: nobody knows where it ends, so take what has come. */
	return len > CRC_LEN ? len - CRC_LEN : 0;
}

/*
 * A request on the serial line ends where its function says; waiting for the silence that
 * the guide wants tells nothing more on a pty, and less under load.
 */
static int
take_rtu(struct modbus_frame *request, const uint8_t *bytes, size_t len, size_t *used)
{
	size_t pdu_len;

	if (len < 2)
		return 0;
	pdu_len = request_len(bytes + 1, len - 1);
	if (pdu_len > MODBUS_PDU_MAX)
		return KE_BAD_LINE;
	if (pdu_len == 0 || len < 1 + pdu_len + CRC_LEN)
		return 0;
	if (modbus_crc(bytes, 1 + pdu_len + CRC_LEN) != 0)
		return KE_BAD_LINE;
	request->transaction = 0;
	request->unit = bytes[0];
	request->len = pdu_len;
	memcpy(request->pdu, bytes + 1, pdu_len);
	*used = 1 + pdu_len + CRC_LEN;
	return 1;
}

int
modbus_take(struct modbus_frame *request, enum modbus_wire wire, const uint8_t *bytes,
	size_t len, size_t *used)
{
	return wire == MODBUS_TCP ? take_tcp(request, bytes, len, used)
				  : take_rtu(request, bytes, len, used);
}

size_t
modbus_wrap(uint8_t out[MODBUS_FRAME_MAX], enum modbus_wire wire,
	const struct modbus_frame *frame)
{
	uint16_t crc;

	if (wire == MODBUS_TCP) {
		put16(out, frame->transaction);
		put16(out + 2, 0);
		put16(out + 4, (uint16_t)(frame->len + 1));
		out[6] = frame->unit;
		memcpy(out + MBAP_LEN, frame->pdu, frame->len);
		return MBAP_LEN + frame->len;
	}
	out[0] = frame->unit;
	memcpy(out + 1, frame->pdu, frame->len);
	crc = modbus_crc(out, 1 + frame->len);
	out[1 + frame->len] = (uint8_t)crc;
	out[2 + frame->len] = (uint8_t)(crc >> 8);
	return 1 + frame->len + CRC_LEN;
}

/* The functions that we have. */
static const struct function_row {
	enum modbus_table table;
	uint8_t function;
	bool write;
	/* most of its count; 0: exactly one, whose value stands in the count's place */
	uint16_t max;
} function_rows[] = {
	{MODBUS_COIL, 1, false, MODBUS_READ_BITS_MAX},
	{MODBUS_DISCRETE, 2, false, MODBUS_READ_BITS_MAX},
	{MODBUS_HOLDING, 3, false, MODBUS_READ_MAX},
	{MODBUS_INPUT, 4, false, MODBUS_READ_MAX},
	{MODBUS_COIL, 5, true, 0},
	{MODBUS_HOLDING, 6, true, 0},
	{MODBUS_COIL, 15, true, MODBUS_WRITE_BITS_MAX},
	{MODBUS_HOLDING, 16, true, MODBUS_WRITE_MAX},
};

static const struct function_row *
row_of(const struct modbus_frame *request)
{
	for (size_t i = 0; i < sizeof function_rows / sizeof function_rows[0]; i++)
		if (request->len && function_rows[i].function == request->pdu[0])
			return &function_rows[i];
	return NULL;
}

static bool
is_bits(enum modbus_table table)
{
	return table == MODBUS_COIL || table == MODBUS_DISCRETE;
}

/* The bytes that count values take in a PDU. */
static size_t
data_len(enum modbus_table table, unsigned count)
{
	return is_bits(table) ? (count + 7) / 8 : 2 * count;
}

static int
parse_one(struct modbus_access *access, const struct modbus_frame *request)
{
	uint16_t value = get16(request->pdu + 3);

	if (request->len != 5)
		return MODBUS_ILLEGAL_VALUE;
	if (access->table == MODBUS_COIL && value != 0 && value != 0xff00)
		return MODBUS_ILLEGAL_VALUE;
	access->count = 1;
	access->values[0] = access->table == MODBUS_COIL ? value != 0 : value;
	return 0;
}

static int
parse_many(struct modbus_access *access, const struct modbus_frame *request)
{
	size_t len = data_len(access->table, access->count);
	const uint8_t *data = request->pdu + 6;

	if (request->len != 6 + len || request->pdu[5] != len)
		return MODBUS_ILLEGAL_VALUE;
	for (unsigned i = 0; i < access->count; i++)
		access->values[i] = is_bits(access->table) ? data[i / 8] >> i % 8 & 1
							   : get16(data + 2 * (size_t)i);
	return 0;
}

int
modbus_parse(struct modbus_access *access, const struct modbus_frame *request)
{
	const struct function_row *row = row_of(request);

	if (!row)
		return MODBUS_ILLEGAL_FUNCTION;
	if (request->len < 5)
		return MODBUS_ILLEGAL_VALUE;
	access->table = row->table;
	access->write = row->write;
	access->address = get16(request->pdu + 1);
	if (row->max == 0)
		return parse_one(access, request);
	access->count = get16(request->pdu + 3);
	if (access->count < 1 || access->count > row->max)
		return MODBUS_ILLEGAL_VALUE;
	if (access->write)
		return parse_many(access, request);
	return request->len == 5 ? 0 : MODBUS_ILLEGAL_VALUE;
}

static void
begin_reply(struct modbus_frame *reply, const struct modbus_frame *request)
{
	memset(reply, 0, sizeof *reply);
	reply->transaction = request->transaction;
	reply->unit = request->unit;
	reply->pdu[0] = request->pdu[0];
}

void
modbus_reply(struct modbus_frame *reply, const struct modbus_frame *request,
	const struct modbus_access *access)
{
	size_t len = data_len(access->table, access->count);
	uint8_t *data = reply->pdu + 2;

	begin_reply(reply, request);
	if (access->write) {
		memcpy(reply->pdu + 1, request->pdu + 1, 4);
		reply->len = 5;
		return;
	}
	reply->pdu[1] = (uint8_t)len;
	for (unsigned i = 0; i < access->count; i++) {
		if (!is_bits(access->table))
			put16(data + 2 * (size_t)i, access->values[i]);
		else if (access->values[i])
			data[i / 8] |= (uint8_t)(1u << i % 8);
	}
	reply->len = 2 + len;
}

void
modbus_refuse(struct modbus_frame *reply, const struct modbus_frame *request,
	enum modbus_exception exception)
{
	begin_reply(reply, request);
	reply->pdu[0] |= 0x80;
	reply->pdu[1] = (uint8_t)exception;
	reply->len = 2;
}
