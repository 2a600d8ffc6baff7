/* SPDX-License-Identifier: MIT */
/*
 * Text to vectors: the lines of a plate, where they stand in the marking field, the
 * records that draw them, and back: what records say when they are read.
 */
#ifndef KEYLINE_DRIVERS_STROKE_H
#define KEYLINE_DRIVERS_STROKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "proto/etch_profile.h"

struct secret;

enum {
	STROKE_LINES_MAX = 5,
	STROKE_LINE_MAX = 64,
	STROKE_HEIGHT_MIN = 800 /* micrometres: lower capitals cannot be read */
};

/* One line of text; the bytes are the caller's, perhaps a secret's. */
struct stroke_line {
	const char *text;
	size_t len;
	bool is_serial; /* of the serial's height, not the passphrase's */
};

struct stroke_plate {
	size_t count;
	struct stroke_line lines[STROKE_LINES_MAX];
};

/* Where a line stands, in counts from the field's lower left corner. */
struct stroke_place {
	uint32_t x, y; /* of the first cell's left end on the base line */
	uint32_t unit; /* counts a unit of the font */
	size_t len;
};

/* Holds no secret: only lengths count. */
struct stroke_layout {
	struct stroke_place places[STROKE_LINES_MAX];
	size_t count;
};

/*
 * The lines of a wallet's plate: the passphrase, on two lines (parted behind a hyphen)
 * where that lets it be higher; below it the serial; below that TEST when told so.
 * Borrows text and serial.  Returns 0, or KE_TOO_LONG when there are more characters
 * than a line holds.
 */
KEYLINE_WARN_UNUSED int stroke_plate_wallet(struct stroke_plate *plate,
	const struct etch_field *field, const char *text, const char *serial, bool test);

/* The fixed lines of a setup mark. */
void stroke_plate_setup(struct stroke_plate *plate, bool test);

/*
 * Places the lines in the middle of the field, as high as the field's heights allow and
 * all fits.  Returns 0, or KE_TOO_LONG when capitals would be under STROKE_HEIGHT_MIN.
 */
KEYLINE_WARN_UNUSED int stroke_layout(struct stroke_layout *layout,
	const struct etch_field *field, const struct stroke_plate *plate);

/*
 * Draws the lines as a job of records (proto/etch_record.h), in an order with short
 * moves.  job is emptied first.  Returns 0, KE_BAD_CHARACTER (a character that the
 * font lacks), KE_TOO_LONG (job has not the room) or KE_NO_MEMORY.
 */
KEYLINE_WARN_UNUSED int stroke_draw(struct secret *job,
	const struct stroke_layout *layout, const struct stroke_plate *plate,
	const struct etch_profile *profile);

/*
 * Reads what a job draws: the characters of all lines of the layout, one line after
 * another without anything in between; cells without ink are blanks.  Returns 0, or
 * KE_BAD_RECORD (not a job, ink that is no character or lies outside the cells, other
 * settings than the profile's), KE_TOO_LONG or KE_NO_MEMORY; text is empty then.
 */
KEYLINE_WARN_UNUSED int stroke_read(struct secret *text,
	const struct stroke_layout *layout, const struct secret *job,
	const struct etch_profile *profile);

#endif
