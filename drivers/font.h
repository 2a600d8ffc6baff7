/* SPDX-License-Identifier: MIT */
/*
 * The line's own single-stroke alphabet, for plates and labels: [0-9A-Za-z.:/-] and
 * the blank.  All glyphs are equally wide.  Units are the grid's; x to the right from
 * the cell's left edge, y up from the base line.
 */
#ifndef KEYLINE_DRIVERS_FONT_H
#define KEYLINE_DRIVERS_FONT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	FONT_WIDTH = 16,   /* of the cell that a glyph is drawn in */
	FONT_ADVANCE = 22, /* from a cell's left edge to the next one's */
	FONT_CAP = 24,     /* height of capitals, figures and ascenders */
	FONT_X = 16,       /* height of small letters */
	FONT_DESCENT = 8   /* below the base line */
};

/* drawn: a line leads here from the point before; else a stroke begins here. */
struct font_point {
	int8_t x, y;
	bool drawn;
};

/* A blank has no points. */
struct font_glyph {
	const struct font_point *points;
	size_t count;
};

/* The glyph of c, or NULL when the alphabet lacks it. */
const struct font_glyph *font_glyph(char c);

#endif
