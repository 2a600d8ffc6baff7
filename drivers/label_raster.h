/* SPDX-License-Identifier: MIT */
/*
 * One page in memory, a bit a dot: 1 = black, rows padded to whole bytes, the left
 * dot in the high bit (PWG black_1).  The memory is locked, left out of cores, and
 * wiped when freed, since the picture of a secret is that secret.
 */
#ifndef KEYLINE_DRIVERS_LABEL_RASTER_H
#define KEYLINE_DRIVERS_LABEL_RASTER_H

#include <stdbool.h>
#include <stddef.h>
#include "proto/error.h"

struct label_raster;

/* The longest side in dots: 160 mm at 600 dpi and more. */
enum { LABEL_RASTER_SIDE_MAX = 4096 };

/*
 * A white page of width x height dots.  Returns 0, KE_BAD_ARGUMENT (a side 0 or over
 * the maximum), or KE_NO_LOCKED_MEMORY; *out is NULL then.
 */
KEYLINE_WARN_UNUSED int label_raster_new(
	struct label_raster **out, unsigned width, unsigned height);
void label_raster_free(struct label_raster *raster);

unsigned label_raster_width(const struct label_raster *raster);
unsigned label_raster_height(const struct label_raster *raster);

/* The bytes of a row, and how many they are; y < height. */
const unsigned char *label_raster_row(const struct label_raster *raster, unsigned y);
size_t label_raster_stride(const struct label_raster *raster);

/* Dots outside are white, and setting them does nothing. */
bool label_raster_get(const struct label_raster *raster, int x, int y);
void label_raster_set(struct label_raster *raster, int x, int y, bool black);
void label_raster_fill(struct label_raster *raster, int x, int y, unsigned width,
	unsigned height, bool black);

/* Whether all dots of the rectangle are white. */
bool label_raster_white(
	const struct label_raster *raster, int x, int y, unsigned width, unsigned height);

/* White again. */
void label_raster_wipe(struct label_raster *raster);

/*
 * Locked memory of at least bytes, zeroed, for pictures too large for a struct
 * secret; NULL when it cannot be locked.  Freed with the same number of bytes.
 */
void *label_raster_memory(size_t bytes);
void label_raster_memory_free(void *memory, size_t bytes);

#endif
