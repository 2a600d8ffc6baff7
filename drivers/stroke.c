/* SPDX-License-Identifier: MIT */
/* Drawing: every stroke of every character once, in an order with short moves. */
#include "drivers/font.h"
#include "drivers/stroke.h"
#include "proto/etch_record.h"
#include "proto/secret_bytes.h"

#include <stdlib.h>

enum { STROKES_A_GLYPH = 3 };

/* One stroke of one character in field counts; from and to are its ends, as it is drawn:
 * turned, its last point comes first. */
struct stroke {
	const struct font_point *points;
	uint16_t count;
	uint16_t line, column;
	uint16_t from[2], to[2];
	bool turned;
};

/* The strokes lie in a secret: they are the passphrase in another form.  One more has
 * room in it, where two change places. */
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

/* A length in sixteenths of a count, rounded down. */
static int64_t
length(const uint16_t a[2], const uint16_t b[2])
{
	uint64_t rest = distance(a, b) << 8, root = 0;

	for (uint64_t bit = UINT64_C(1) << 40; bit > 0; bit >>= 2) {
		if (rest >= root + bit) {
			rest -= root + bit;
			root = (root >> 1) + bit;
		} else
			root >>= 1;
	}
	return (int64_t)root;
}

static void
turn(struct stroke *s)
{
	for (size_t i = 0; i < 2; i++) {
		uint16_t from = s->from[i];

		s->from[i] = s->to[i];
		s->to[i] = from;
	}
	s->turned = !s->turned;
}

static void
exchange(struct strokes *strokes, size_t a, size_t b)
{
	struct stroke *list = strokes->list;

	list[strokes->room] = list[a];
	list[a] = list[b];
	list[b] = list[strokes->room];
}

/* Of the strokes from next on, the one with the end nearest to at comes next. */
static void
bring_nearest(struct strokes *strokes, size_t next, const uint16_t at[2])
{
	struct stroke *list = strokes->list;
	size_t best = next;
	uint64_t best_distance = UINT64_MAX;

	for (size_t i = next; i < strokes->count; i++) {
		uint64_t from = distance(at, list[i].from), to = distance(at, list[i].to);
		uint64_t least = to < from ? to : from;

		if (least < best_distance) {
			best = i;
			best_distance = least;
		}
	}
	if (distance(at, list[best].to) < distance(at, list[best].from))
		turn(&list[best]);
	exchange(strokes, next, best);
}

/* What the strokes from first to last save when they are drawn the other way round.  The
 * way to the very first stroke is not known here. */
static int64_t
saving(const struct strokes *strokes, size_t first, size_t last)
{
	const struct stroke *list = strokes->list;
	int64_t saved = 0;

	if (first > 0)
		saved += length(list[first - 1].to, list[first].from) -
			 length(list[first - 1].to, list[last].to);
	if (last + 1 < strokes->count)
		saved += length(list[last].to, list[last + 1].from) -
			 length(list[first].from, list[last + 1].from);
	return saved;
}

static void
turn_stretch(struct strokes *strokes, size_t first, size_t last)
{
	for (size_t i = first; i <= last; i++)
		turn(&strokes->list[i]);
	for (; first < last; first++, last--)
		exchange(strokes, first, last);
}

/* Turns each stretch round that saves something, once through; whether there was one. */
static bool
improve(struct strokes *strokes)
{
	bool better = false;

	for (size_t first = 0; first < strokes->count; first++)
		for (size_t last = first; last < strokes->count; last++)
			if (saving(strokes, first, last) > 0) {
				turn_stretch(strokes, first, last);
				better = true;
			}
	return better;
}

/* From each to the nearest that is left; then 2-opt, which comes to its end by itself:
 * each turn makes the way shorter. */
static void
put_in_order(struct strokes *strokes)
{
	static const uint16_t start[2] = {0, UINT16_MAX};

	for (size_t i = 0; i < strokes->count; i++)
		bring_nearest(strokes, i, i > 0 ? strokes->list[i - 1].to : start);
	while (improve(strokes))
		;
}

static int
draw_stroke(
	struct secret *job, const struct stroke *s, const struct stroke_layout *layout)
{
	int rc = 0;

	for (uint16_t i = 0; rc == 0 && i < s->count; i++) {
		struct etch_record r = {.op = i == 0 ? ETCH_MOVE : ETCH_MARK};
		uint16_t at[2];

		point_at(at, &layout->places[s->line], s->column,
			&s->points[s->turned ? s->count - 1 - i : i]);
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
	int rc = strokes_new(&strokes, plate);

	secret_clear(job);
	if (rc == 0)
		rc = add_all(&strokes, layout, plate);
	if (rc == 0)
		rc = draw_head(job, &strokes, profile);
	if (rc == 0)
		put_in_order(&strokes);
	for (size_t i = 0; rc == 0 && i < strokes.count; i++)
		rc = draw_stroke(job, &strokes.list[i], layout);
	if (rc != 0)
		secret_clear(job);
	secret_free(strokes.memory);
	return rc;
}
