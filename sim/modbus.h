/* SPDX-License-Identifier: MIT */
/*
 * The slave's side of Modbus, bytes in, bytes out: frames of Modbus TCP (MBAP) and RTU
 * (CRC), and the functions of the four tables (1 to 6, 15, 16).  As in the Modbus
 * application protocol 1.1b3, the messaging guide 1.0b and the serial line guide 1.02.
 * The layer is our own because the faults want control of each byte.
 */
#ifndef KEYLINE_SIM_MODBUS_H
#define KEYLINE_SIM_MODBUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "proto/error.h"

enum {
	MODBUS_PDU_MAX = 253,
	MODBUS_FRAME_MAX = 260,
	MODBUS_READ_MAX = 125,
	MODBUS_WRITE_MAX = 123,
	MODBUS_READ_BITS_MAX = 2000,
	MODBUS_WRITE_BITS_MAX = 1968
};

enum modbus_wire { MODBUS_TCP, MODBUS_RTU };

enum modbus_table { MODBUS_HOLDING, MODBUS_INPUT, MODBUS_COIL, MODBUS_DISCRETE };

enum modbus_exception {
	MODBUS_ILLEGAL_FUNCTION = 1,
	MODBUS_ILLEGAL_ADDRESS = 2,
	MODBUS_ILLEGAL_VALUE = 3,
	MODBUS_DEVICE_FAILURE = 4,
	MODBUS_DEVICE_BUSY = 6
};

/* A frame without its wrapping. */
struct modbus_frame {
	/* TCP only */
	uint16_t transaction;
	uint8_t unit;
	uint8_t pdu[MODBUS_PDU_MAX];
	size_t len;
};

/*
 * Looks for a request at the beginning of bytes.  Returns 1 with *used bytes taken, 0
 * when more are needed, or KE_BAD_LINE when this is none and never will be: then a TCP
 * connection is to be closed, and on RTU all is to be dropped until the line is silent.
 */
KEYLINE_WARN_UNUSED int modbus_take(struct modbus_frame *request, enum modbus_wire wire,
	const uint8_t *bytes, size_t len, size_t *used);

/* Wraps a frame; returns its length on the wire. */
size_t modbus_wrap(uint8_t out[MODBUS_FRAME_MAX], enum modbus_wire wire,
	const struct modbus_frame *frame);

/* What a well-formed request asks for; a bit's value is 0 or 1. */
struct modbus_access {
	enum modbus_table table;
	bool write;
	uint16_t address;
	uint16_t count;
	/* what is to be written, or room for what is read */
	uint16_t values[MODBUS_READ_BITS_MAX];
};

/*
 * Reads a request's PDU.  Returns 0 or the exception that answers it: a function that we
 * lack, a count out of range, a length that does not fit.
 */
int modbus_parse(struct modbus_access *access, const struct modbus_frame *request);

/* The answer to a write, or to a read with access->values. */
void modbus_reply(struct modbus_frame *reply, const struct modbus_frame *request,
	const struct modbus_access *access);

/* The answer that refuses a request. */
void modbus_refuse(struct modbus_frame *reply, const struct modbus_frame *request,
	enum modbus_exception exception);

/* The CRC of the serial line, low byte first on the wire. */
uint16_t modbus_crc(const uint8_t *bytes, size_t len);

#endif
