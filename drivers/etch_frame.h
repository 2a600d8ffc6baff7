/* SPDX-License-Identifier: MIT */
/*
 * One request to a Modbus device and what must come back: bytes in, values out.
 *
 * libmodbus takes an answer for another unit, of another protocol (unless both bytes of
 * its number are wrong), of another length than it claims, and the echo of another write.
 * Here an answer is the one to our request in every field, or none.
 */
#ifndef KEYLINE_DRIVERS_ETCH_FRAME_H
#define KEYLINE_DRIVERS_ETCH_FRAME_H

#include "proto/etch_profile.h"

enum { ETCH_FRAME_MAX = 260 };

/* One request.  registers or bits, by the table: what is read or written, the caller's.
 */
struct etch_request {
	bool write;
	struct etch_span span;
	uint16_t *registers;
	uint8_t *bits;
};

/* As it is on the wire; over a serial line without the checksum. */
struct etch_frame {
	bool is_tcp;
	size_t len;
	uint8_t bytes[ETCH_FRAME_MAX];
};

/*
 * Makes the frame of a request (Modbus Application Protocol 1.1b3, 6.1 to 6.12; over TCP
 * with the head of Modbus Messaging on TCP/IP 1.0b, 3.1.3).  frame->is_tcp is the
 * caller's.  Returns 0, or KE_LINK when it or its answer is longer than a frame.  Ends
 * the process at a write to a table that only the device writes.
 */
KEYLINE_WARN_UNUSED int etch_frame_request(struct etch_frame *frame,
	const struct etch_request *request, uint8_t unit, uint16_t transaction);

/*
 * Takes the values that were read out of an answer to the frame asked; answer_len is
 * without the checksum.  Returns 0, or KE_LINK when it is no such answer, and then
 * nothing is taken.
 */
KEYLINE_WARN_UNUSED int etch_frame_answer(const struct etch_request *request,
	const struct etch_frame *asked, const uint8_t *answer, size_t answer_len);

#endif
