/* SPDX-License-Identifier: MIT */
/* Drawing: every stroke of every character once, in an order with short moves. */
#include "drivers/font.h"
#include "drivers/stroke.h"
#include "proto/etch_record.h"
#include "proto/secret_bytes.h"

#include <stdlib.h>

enum { STROKES_A_GLYPH = 3 };

/* One stroke of one character in field counts; from and to are its ends. */
struct stroke {
	const struct font_point *points;
	uint16_t count;
	uint16_t line, column;
	uint16_t from[2], to[2];
	bool drawn;
};

/* The strokes lie in a secret: they are the passphrase in another form. */
struct strokes {
	struct secret *memory;
	struct stroke *list;
	size_t count, room;
};

static void
point_at(uint16_t out[2], const struct stroke_place *place, size_t column,
	const struct font_point *p)
{
	/* A descender's y is negative, the sum is not: the layout leaves room below. */
	int32_t unit = (int32_t)place->unit;

	out[0] = (uint16_t)((int32_t)place->x +
			    unit * ((int32_t)column * FONT_ADVANCE + p->x));
	out[1] = (uint16_t)((int32_t)place->y + unit * p->y);
}

static int
strokes_new(struct strokes *strokes, const struct stroke_plate *plate)
{
	size_t characters = 0;

	for (size_t i = 0; i < plate->count; i++)
		characters += plate->lines[i].len;
	strokes->count = 0;
	strokes->room = characters * STROKES_A_GLYPH;
	strokes->memory = secret_new((strokes->room + 1) * sizeof *strokes->list);
	if (!strokes->memory)
		return KE_NO_MEMORY;
	strokes->list = (struct stroke *)(void *)secret_bytes(strokes->memory);
	return 0;
}

/* Adds the strokes of one character. */
static int
add_glyph(struct strokes *strokes, const struct stroke_layout *layout, size_t line,
	size_t column, char c)
{
	const struct font_glyph *glyph = font_glyph(c);
	const struct stroke_place *place = &layout->places[line];

	if (!glyph)
		return KE_BAD_CHARACTER;
	for (size_t i = 0; i < glyph->count;) {
		struct stroke *s = &strokes->list[strokes->count];
		size_t end = i + 1;

		while (end < glyph->count && glyph->points[end].drawn)
			end++;
		if (strokes->count++ == strokes->room)
			return KE_TOO_LONG;
		*s = (struct stroke){.points = glyph->points + i,
			.count = (uint16_t)(end - i),
			.line = (uint16_t)line,
			.column = (uint16_t)column};
		point_at(s->from, place, column, &glyph->points[i]);
		point_at(s->to, place, column, &glyph->points[end - 1]);
		i = end;
	}
	return 0;
}

static int
add_all(struct strokes *strokes, const struct stroke_layout *layout,
	const struct stroke_plate *plate)
{
	int rc = 0;

	for (size_t l = 0; l < plate->count; l++) {
		const struct stroke_line *line = &plate->lines[l];

		for (size_t c = 0; rc == 0 && c < line->len; c++)
			rc = add_glyph(strokes, layout, l, c, line->text[c]);
	}
	return rc;
}

static uint64_t
distance(const uint16_t a[2], const uint16_t b[2])
{
	int64_t dx = (int64_t)a[0] - b[0], dy = (int64_t)a[1] - b[1];

	return (uint64_t)(dx * dx + dy * dy);
}

/* The stroke with the end nearest to at; *flipped when that is its last point. */
static struct stroke *
nearest(bool *flipped, struct strokes *strokes, const uint16_t at[2])
{
	struct stroke *best = NULL;
	uint64_t best_distance = 0;

	for (size_t i = 0; i < strokes->count; i++) {
		struct stroke *s = &strokes->list[i];
		uint64_t from = distance(at, s->from), to = distance(at, s->to);

		if (s->drawn || (best && from >= best_distance && to >= best_distance))
			continue;
		best = s;
		*flipped = to < from;
		best_distance = to < from ? to : from;
	}
	return best;
}

static int
draw_stroke(struct secret *job, const struct stroke *s, bool flipped,
	const struct stroke_layout *layout)
{
	int rc = 0;

	for (uint16_t i = 0; rc == 0 && i < s->count; i++) {
		struct etch_record r = {.op = i == 0 ? ETCH_MOVE : ETCH_MARK};
		uint16_t at[2];

		point_at(at, &layout->places[s->line], s->column,
			&s->points[flipped ? s->count - 1 - i : i]);
		r.x = at[0];
		r.y = at[1];
		rc = etch_record_put(job, &r);
	}
	return rc;
}

/* The header and the settings; the number of records is known from the strokes. */
static int
draw_head(struct secret *job, const struct strokes *strokes,
	const struct etch_profile *profile)
{
	struct etch_record_header header = {.scale = profile->field.scale,
		.width = profile->field.width,
		.height = profile->field.height};
	struct etch_record set = {.op = ETCH_SET,
		.passes = profile->mark.passes,
		.speed = profile->mark.speed,
		.power = profile->mark.power};
	size_t records = 1;
	int rc;

	for (size_t i = 0; i < strokes->count; i++)
		records += strokes->list[i].count;
	if (records > ETCH_RECORDS_MAX)
		return KE_TOO_LONG;
	header.count = (uint16_t)records;
	rc = etch_record_put_header(job, &header);
	return rc == 0 ? etch_record_put(job, &set) : rc;
}

int
stroke_draw(struct secret *job, const struct stroke_layout *layout,
	const struct stroke_plate *plate, const struct etch_profile *profile)
{
	struct strokes strokes = {0};
	uint16_t at[2] = {0, UINT16_MAX};
	struct stroke *s;
	bool flipped = false;
	int rc = strokes_new(&strokes, plate);

	secret_clear(job);
	if (rc == 0)
		rc = add_all(&strokes, layout, plate);
	if (rc == 0)
		rc = draw_head(job, &strokes, profile);
	while (rc == 0 && (s = nearest(&flipped, &strokes, at)) != NULL) {
		s->drawn = true;
		at[0] = flipped ? s->from[0] : s->to[0];
		at[1] = flipped ? s->from[1] : s->to[1];
		rc = draw_stroke(job, s, flipped, layout);
	}
	if (rc != 0)
		secret_clear(job);
	secret_free(strokes.memory);
	return rc;
}
