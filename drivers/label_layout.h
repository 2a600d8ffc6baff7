/* SPDX-License-Identifier: MIT */
/*
 * Where everything stands on one page of a label, in whole dots.  Pure geometry:
 * two QR symbols, each with its quiet zone to itself, and lines of text.
 */
#ifndef KEYLINE_DRIVERS_LABEL_LAYOUT_H
#define KEYLINE_DRIVERS_LABEL_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>
#include "drivers/label_symbol.h"
#include "proto/error.h"
#include "proto/layer_mark.h"

enum {
	LABEL_MODULE_MIN = 4, /* dots a module, as DENSO asks */
	LABEL_DPI_MIN = 100,
	LABEL_DPI_MAX = 1200,
	LABEL_LINES_MAX = 24,
	LABEL_LINE_CHARS = 64,
	LABEL_ADDRESS_CHARS = 106 /* of the longest address of any coin */
};

/* A page: its sides in dots, and its resolution. */
struct label_form {
	unsigned width;
	unsigned height;
	unsigned dpi;
};

/* What a page says in words; address NULL: none. */
struct label_words {
	char mark[LAYER_MARK_SIZE];
	const char *caption;
	const char *address;
	bool test;
};

struct label_box {
	int x;
	int y;
	unsigned width;
	unsigned height;
};

enum label_style {
	LABEL_PLAIN, /* caption, address */
	LABEL_SERIAL,
	LABEL_BAR /* white on a black bar, which fills the box */
};

/* A line of text; box holds all of its ink. */
struct label_line {
	enum label_style style;
	struct label_box box;
	int x;
	int y;
	unsigned height; /* of capitals */
	char text[LABEL_LINE_CHARS + 1];
};

struct label_layout {
	struct label_place main;
	struct label_place mark;
	size_t count;
	struct label_line lines[LABEL_LINES_MAX];
};

/*
 * The form of media of hundredths of a millimetre, its dots counted as IPP raster
 * does (truncated).  Returns 0 or KE_BAD_ARGUMENT: a side or the resolution is out of
 * what label_raster can hold.
 */
KEYLINE_WARN_UNUSED int label_form_of(
	struct label_form *out, unsigned width, unsigned height, unsigned dpi);

/*
 * The best arrangement of a page with a main symbol of main_size modules and a pairing
 * mark.  Returns 0; KE_DOES_NOT_FIT, when none keeps modules of at least four dots,
 * quiet zones of four modules and text of a legible size apart; KE_BAD_FIELD, when the
 * words have a character that the font lacks or are too long.
 */
KEYLINE_WARN_UNUSED int label_layout_page(struct label_layout *out,
	const struct label_form *form, unsigned main_size,
	const struct label_words *words);

/* Whether a and b have a dot in common. */
bool label_box_meet(const struct label_box *a, const struct label_box *b);

/* The square of a symbol with its quiet zone. */
struct label_box label_box_of_symbol(const struct label_place *place, unsigned size);

#endif
