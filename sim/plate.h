/* SPDX-License-Identifier: MIT */
/*
 * The metal card in the fixture and what was etched into it.  Etching twice shows both,
 * one over the other, as on a real card.  A card holds a passphrase in plain sight: that
 * is what it is for; its memory is wiped when it is freed.
 */
#ifndef KEYLINE_SIM_PLATE_H
#define KEYLINE_SIM_PLATE_H

#include <stdbool.h>
#include <stddef.h>
#include "proto/error.h"

struct plate;

/* A blank card.  NULL: no memory. */
struct plate *plate_new(void);
void plate_free(struct plate *plate);

/*
 * Etches the first `records` records of a job that etch_record_check() has passed.
 * Returns 0 or KE_NO_MEMORY.
 */
KEYLINE_WARN_UNUSED int plate_etch(
	struct plate *plate, const unsigned char *job, size_t len, size_t records);

/* A straight line in the metal; millimetres from the card's lower left corner. */
struct plate_line {
	double x0, y0, x1, y1;
	/* of the beam's mark */
	double width;
	/* 0..1: how dark it is */
	double depth;
};

/* The outline of the card and of the marking field (width 0: nothing etched yet), mm. */
struct plate_shape {
	double width, height, corner;
	double field_x, field_y, field_width, field_height;
};

void plate_shape(struct plate_shape *shape, const struct plate *plate);
size_t plate_count(const struct plate *plate);
const struct plate_line *plate_line(const struct plate *plate, size_t index);

/* Bytes that grow; wiped when freed. */
struct plate_bytes {
	unsigned char *bytes;
	size_t len, size;
};

KEYLINE_WARN_UNUSED int plate_bytes_add(
	struct plate_bytes *out, const void *bytes, size_t len);
void plate_bytes_free(struct plate_bytes *out);

/* Draws the card.  Returns 0 or KE_NO_MEMORY. */
KEYLINE_WARN_UNUSED int plate_svg(struct plate_bytes *out, const struct plate *plate);
KEYLINE_WARN_UNUSED int plate_png(struct plate_bytes *out, const struct plate *plate);

#endif
