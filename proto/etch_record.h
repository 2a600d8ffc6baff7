/* SPDX-License-Identifier: MIT */
/*
 * What a plate's job is made of: a header and packed vector records, all in 16-bit
 * words, high byte first, so that a word is a Modbus register.
 *
 *	header	"KV", version 1, scale (micrometres a count), field width and
 *		height (micrometres, two words each, high word first), number of records
 *	record	three words:	0x0100 x y	move with the laser off
 *				0x0200 x y	mark a straight line to x y
 *				0x03pp s w	pp passes, s mm/s, power class w
 *
 * x and y are counts from the field's lower left corner.  A job begins with a settings
 * record; each move is followed by a mark; a mark has a length; all lies in the field.
 */
#ifndef KEYLINE_PROTO_ETCH_RECORD_H
#define KEYLINE_PROTO_ETCH_RECORD_H

#include <stddef.h>
#include <stdint.h>
#include "proto/error.h"

struct secret;

enum {
	ETCH_RECORD_VERSION = 1,
	ETCH_RECORD_HEADER_WORDS = 8,
	ETCH_RECORD_WORDS = 3,
	ETCH_RECORD_HEADER_BYTES = 2 * ETCH_RECORD_HEADER_WORDS,
	ETCH_RECORD_BYTES = 2 * ETCH_RECORD_WORDS,
	ETCH_RECORDS_MAX = 10000
};

enum etch_op { ETCH_MOVE = 1, ETCH_MARK = 2, ETCH_SET = 3 };

struct etch_record_header {
	uint16_t scale;
	uint32_t width, height; /* micrometres */
	uint16_t count;
};

/* x, y of a move or mark; passes, speed, power of a setting. */
struct etch_record {
	enum etch_op op;
	uint16_t x, y;
	uint16_t passes, speed, power;
};

/* Appends a header or a record.  Returns 0 or KE_TOO_LONG. */
KEYLINE_WARN_UNUSED int etch_record_put_header(
	struct secret *job, const struct etch_record_header *header);
KEYLINE_WARN_UNUSED int etch_record_put(
	struct secret *job, const struct etch_record *record);

/*
 * Checks a whole job, job[0..len-1], and reads its header.  Returns 0, or
 * KE_BAD_RECORD when anything is not as above.
 */
KEYLINE_WARN_UNUSED int etch_record_check(
	struct etch_record_header *header, const unsigned char *job, size_t len);

/* Reads record number index (from 0) of a job that was checked; index < count. */
void etch_record_get(struct etch_record *out, const unsigned char *job, size_t index);

#endif
