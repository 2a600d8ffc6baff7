/* SPDX-License-Identifier: MIT */
/*
 * QR symbols by libqrencode (ISO/IEC 18004, level M; a mark that M does not hold, L).  A
 * symbol's modules are its
 * content: they lie in a struct secret and are wiped with it.
 */
#ifndef KEYLINE_DRIVERS_LABEL_SYMBOL_H
#define KEYLINE_DRIVERS_LABEL_SYMBOL_H

#include <stdbool.h>
#include <stddef.h>
#include "proto/error.h"

struct label_raster;
struct label_symbol;

enum {
	LABEL_SYMBOL_QUIET = 4,      /* modules of white on each side */
	LABEL_SYMBOL_MARK_SIZE = 21, /* modules a side of version 1 */
	LABEL_SYMBOL_MARK_M = 20,    /* what version 1 M holds of [0-9A-Z-/] */
	LABEL_SYMBOL_MARK_CHARS = 22 /* SERIAL/L at its longest; version 1 L holds 25 */
};

/*
 * The smallest symbol that holds the bytes in byte mode; or a pairing mark
 * (proto/layer_mark.h), version 1, alphanumeric mode.  Returns 0, KE_NO_MEMORY, or
 * KE_BAD_FIELD: empty, too long, or for a mark a character that it cannot carry; *out is
 * NULL then.
 */
KEYLINE_WARN_UNUSED int label_symbol_new(
	struct label_symbol **out, const void *bytes, size_t len);
KEYLINE_WARN_UNUSED int label_symbol_new_mark(
	struct label_symbol **out, const void *bytes, size_t len);
void label_symbol_free(struct label_symbol *symbol);

/* Modules a side, without the quiet zone. */
unsigned label_symbol_size(const struct label_symbol *symbol);

/* Whether a module is black; column and row < size. */
bool label_symbol_module(
	const struct label_symbol *symbol, unsigned column, unsigned row);

/* Where a symbol stands on a page: its first dark dot, and dots a module. */
struct label_place {
	int x;
	int y;
	unsigned module;
};

void label_symbol_draw(struct label_raster *raster, const struct label_symbol *symbol,
	const struct label_place *place);

/* Whether every dot of the symbol's square is as it must be, and its quiet zone, all
 * of which must lie on the page, is white. */
bool label_symbol_stands(const struct label_raster *raster,
	const struct label_symbol *symbol, const struct label_place *place);

#endif
