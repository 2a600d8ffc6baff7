/* SPDX-License-Identifier: MIT */
/*
 * A two-layer sticker as two pages in memory.  Bottom: the EPK as a QR symbol; top, to
 * be peeled off: the deposit address as a QR symbol and in groups of four.  Each carries
 * its mark (proto/layer_mark.h: the serial, and which layer it is) in words and as a
 * small QR symbol, by which the layers are paired, and TEST where they are no product. No
 * policy, no printer, no clock.
 */
#ifndef KEYLINE_DRIVERS_LABEL_H
#define KEYLINE_DRIVERS_LABEL_H

#include <stdbool.h>
#include "drivers/label_layout.h"
#include "proto/error.h"

struct label_raster;

/* The order in which the pages are printed. */
enum label_layer { LABEL_BOTTOM, LABEL_TOP, LABEL_LAYERS };

/* What a sticker says; texts are borrowed, epk is a secret. */
struct label_content {
	const char *serial;
	const char *epk;
	const char *address;
	bool test;
	bool setup; /* the captions then say so */
};

/* The fixed content of a setup label, symbols as large as a sticker's. */
struct label_content label_content_setup(bool test);

struct label_page {
	struct label_raster *raster;
	struct label_layout layout;
};

struct label {
	struct label_form form;
	struct label_page pages[LABEL_LAYERS];
};

/*
 * Draws both layers.  Returns 0, KE_DOES_NOT_FIT, KE_BAD_FIELD (a text that is empty,
 * too long or not drawable), KE_NO_MEMORY or KE_NO_LOCKED_MEMORY; *out is NULL then.
 */
KEYLINE_WARN_UNUSED int label_new(struct label **out, const struct label_form *form,
	const struct label_content *content);

/* Wipes and frees. */
void label_free(struct label *label);

/* Which layer the mark of a page must name. */
enum layer_mark_layer label_mark_layer(enum label_layer layer);

/* The words of a layer, its mark among them, as label_new() sets them.  Returns 0 or
 * KE_BAD_FIELD: the serial has not the form of one. */
KEYLINE_WARN_UNUSED int label_words_of(struct label_words *out, enum label_layer layer,
	const struct label_content *content);

/* Draws one line of a page's layout. */
void label_line_draw(struct label_raster *raster, const struct label_line *line);

#endif
