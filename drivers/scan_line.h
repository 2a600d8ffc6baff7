/* SPDX-License-Identifier: MIT */
/*
 * Bytes of a serial barcode scanner, put together to codes.  A code is 1 to
 * SCAN_CODE_MAX printable ASCII characters ended by CR, LF or both; an empty line is
 * nothing.  A line that is too long, holds another byte or stops in the middle is
 * dropped whole, up to its end, and never handed on in part: half a code could be
 * another wallet's.
 */
#ifndef KEYLINE_DRIVERS_SCAN_LINE_H
#define KEYLINE_DRIVERS_SCAN_LINE_H

#include <stdbool.h>
#include <stddef.h>

enum { SCAN_CODE_MAX = 256 };

enum scan_event {
	/* nothing to say yet */
	SCAN_MORE,
	/* a code is complete: scan_line_code() has it until the next byte */
	SCAN_CODE,
	/* a line ended that was longer than SCAN_CODE_MAX */
	SCAN_TOO_LONG,
	/* a line ended that held a byte outside 0x20..0x7E */
	SCAN_NOT_TEXT,
	/* a line stopped before its end */
	SCAN_INCOMPLETE
};

struct scan_line {
	char code[SCAN_CODE_MAX + 1];
	size_t len;
	bool too_long;
	bool not_text;
	bool ended;
};

/* An empty line. */
void scan_line_init(struct scan_line *line);

/* Takes one byte from the scanner. */
enum scan_event scan_line_byte(struct scan_line *line, unsigned char byte);

/*
 * To be called when the scanner has been silent for longer than a code can take.
 * What is there of a line is dropped: SCAN_INCOMPLETE, or SCAN_MORE when there is
 * nothing.
 */
enum scan_event scan_line_silence(struct scan_line *line);

/* Does the line hold the beginning of a code? */
bool scan_line_open(const struct scan_line *line);

/* The code that SCAN_CODE announced, NUL-terminated. */
const char *scan_line_code(const struct scan_line *line);

/* The name for a status line of what was dropped ("scan-too-long"), else "ok". */
const char *scan_line_problem(enum scan_event event);

#endif
