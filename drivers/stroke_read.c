/* SPDX-License-Identifier: MIT */
/*
 * Reading: every line segment of a job is put into the cell that it lies in, and each
 * cell's segments must be exactly those of one character.
 */
#include "drivers/font.h"
#include "drivers/stroke.h"
#include "proto/etch_record.h"
#include "proto/secret_bytes.h"

#include <openssl/crypto.h>
#include <string.h>

enum { SEGMENTS_A_CELL = 32 };

/* A segment in units of the font; its ends are in order, so that its way is nothing. */
struct segment {
	int8_t ax, ay, bx, by;
};

/* What was drawn in one cell. */
struct cell {
	struct segment segments[SEGMENTS_A_CELL];
	size_t count;
};

static struct segment
segment_of(int ax, int ay, int bx, int by)
{
	bool swap = ax > bx || (ax == bx && ay > by);

	return swap ? (struct segment){(int8_t)bx, (int8_t)by, (int8_t)ax, (int8_t)ay}
		    : (struct segment){(int8_t)ax, (int8_t)ay, (int8_t)bx, (int8_t)by};
}

/* A record's point in units from the line's beginning; false: not on the grid. */
static bool
on_grid(int32_t out[2], const struct stroke_place *place, const struct etch_record *r)
{
	int32_t unit = (int32_t)place->unit;
	int32_t dx = (int32_t)r->x - (int32_t)place->x,
		dy = (int32_t)r->y - (int32_t)place->y;

	if (dx < 0 || dx % unit != 0 || dy % unit != 0)
		return false;
	out[0] = dx / unit;
	out[1] = dy / unit;
	return out[1] >= -FONT_DESCENT && out[1] <= FONT_CAP;
}

/* Takes the segment when both of its ends lie in one cell of this line. */
static bool
take_on_line(struct cell *cells, const struct stroke_place *place,
	const struct etch_record *a, const struct etch_record *b)
{
	int32_t from[2], to[2];
	int32_t column;
	struct cell *cell;

	if (!on_grid(from, place, a) || !on_grid(to, place, b))
		return false;
	column = from[0] / FONT_ADVANCE;
	from[0] -= column * FONT_ADVANCE;
	to[0] -= column * FONT_ADVANCE;
	if (column >= (int32_t)place->len || from[0] > FONT_WIDTH || to[0] < 0 ||
		to[0] > FONT_WIDTH)
		return false;
	cell = &cells[column];
	if (cell->count == SEGMENTS_A_CELL)
		return false;
	cell->segments[cell->count++] = segment_of(from[0], from[1], to[0], to[1]);
	return true;
}

static bool
holds(const struct cell *cell, struct segment s)
{
	for (size_t i = 0; i < cell->count; i++) {
		if (memcmp(&cell->segments[i], &s, sizeof s) == 0)
			return true;
	}
	return false;
}

static bool
cell_is(const struct cell *cell, const struct font_glyph *glyph)
{
	size_t segments = 0;

	for (size_t i = 1; i < glyph->count; i++) {
		const struct font_point *p = &glyph->points[i];

		if (!p->drawn)
			continue;
		if (!holds(cell, segment_of(p[-1].x, p[-1].y, p->x, p->y)))
			return false;
		segments++;
	}
	return segments == cell->count;
}

static int
read_cell(struct secret *text, const struct cell *cell)
{
	for (char c = ' '; c < 127; c++) {
		const struct font_glyph *glyph = font_glyph(c);

		if (glyph && cell_is(cell, glyph))
			return secret_append(text, &c, 1);
	}
	return KE_BAD_RECORD;
}

/* Sorts a job's segments into cells, line after line. */
static int
sort_segments(struct cell *cells, const struct stroke_layout *layout,
	const unsigned char *job, size_t count)
{
	struct etch_record last = {0}, r = {0};
	int rc = 0;

	for (size_t i = 1; rc == 0 && i < count; i++) {
		size_t first = 0;
		bool taken = false;

		etch_record_get(&r, job, i);
		for (size_t l = 0; r.op == ETCH_MARK && !taken && l < layout->count;
			l++) {
			taken = take_on_line(
				cells + first, &layout->places[l], &last, &r);
			first += layout->places[l].len;
		}
		if (r.op == ETCH_SET || (r.op == ETCH_MARK && !taken))
			rc = KE_BAD_RECORD;
		last = r;
	}
	OPENSSL_cleanse(&last, sizeof last);
	OPENSSL_cleanse(&r, sizeof r);
	return rc;
}

/* Whether header and settings are the profile's. */
static bool
head_is(const struct etch_record_header *header, const unsigned char *job,
	const struct etch_profile *profile)
{
	struct etch_record set;

	etch_record_get(&set, job, 0);
	return header->scale == profile->field.scale &&
	       header->width == profile->field.width &&
	       header->height == profile->field.height && set.op == ETCH_SET &&
	       set.passes == profile->mark.passes && set.speed == profile->mark.speed &&
	       set.power == profile->mark.power;
}

int
stroke_read(struct secret *text, const struct stroke_layout *layout,
	const struct secret *job, const struct etch_profile *profile)
{
	struct etch_record_header header;
	struct secret *memory = NULL;
	struct cell *cells;
	size_t count = 0;
	int rc = etch_record_check(&header, secret_view(job), secret_len(job));

	secret_clear(text);
	for (size_t i = 0; i < layout->count; i++)
		count += layout->places[i].len;
	if (rc == 0 && !head_is(&header, secret_view(job), profile))
		rc = KE_BAD_RECORD;
	if (rc != 0)
		goto out;
	memory = secret_new((count + 1) * sizeof *cells);
	if (!memory) {
		rc = KE_NO_MEMORY;
		goto out;
	}
	cells = (struct cell *)(void *)secret_bytes(memory);
	rc = sort_segments(cells, layout, secret_view(job), header.count);
	for (size_t i = 0; rc == 0 && i < count; i++)
		rc = read_cell(text, &cells[i]);
out:
	if (rc != 0)
		secret_clear(text);
	secret_free(memory);
	return rc;
}
