/* SPDX-License-Identifier: MIT */
/* Human-readable text on a page: the line's single-stroke font with a round pen. */
#ifndef KEYLINE_DRIVERS_LABEL_TEXT_H
#define KEYLINE_DRIVERS_LABEL_TEXT_H

#include <stdbool.h>
#include "proto/error.h"

struct label_raster;

/* Whether the font has all characters of the text. */
bool label_text_possible(const char *text);

/*
 * Sizes in dots of text whose capitals are height dots tall, pen included.  All ink is
 * within [x, x + width) and [y, y + height + descent) when it is drawn at x, y.
 */
unsigned label_text_width(const char *text, unsigned height);
unsigned label_text_descent(unsigned height);

/* Draws with the top of the capitals at y; black or, on black ground, white. */
void label_text_draw(struct label_raster *raster, int x, int y, const char *text,
	unsigned height, bool black);

#endif
