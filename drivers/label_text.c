/* SPDX-License-Identifier: MIT */
/*
 * Points of the font are rounded to whole dots before anything is drawn, so that
 * uprights and bars are equally thick everywhere.  Distances are counted in half dots:
 * a dot's middle and a pen's middle are whole numbers then.
 */
#include "drivers/label_text.h"
#include "drivers/font.h"
#include "drivers/label_raster.h"

#include <stdint.h>
#include <string.h>

/* Between the groups of an address, narrower than a character. */
enum { BLANK_ADVANCE = 14 };

/* The pen's diameter: an eighth of the height, two dots at least. */
static int
pen_of(unsigned height)
{
	int pen = ((int)height + 4) / 8;

	return pen < 2 ? 2 : pen;
}

/* Font units in dots, rounded. */
static int
scale(int units, unsigned height)
{
	int path = (int)height - pen_of(height);

	return (2 * units * path + FONT_CAP) / (2 * FONT_CAP);
}

bool
label_text_possible(const char *text)
{
	if (!*text)
		return false;
	for (; *text; text++)
		if (!font_glyph(*text))
			return false;
	return true;
}

/* Whole dots a character, so that each one looks the same wherever it stands. */
static int
advance_of(char c, unsigned height)
{
	return scale(c == ' ' ? BLANK_ADVANCE : FONT_ADVANCE, height);
}

unsigned
label_text_width(const char *text, unsigned height)
{
	int width = pen_of(height);

	for (; *text; text++)
		width += text[1] ? advance_of(*text, height) : scale(FONT_WIDTH, height);
	return (unsigned)width;
}

unsigned
label_text_descent(unsigned height)
{
	return (unsigned)scale(FONT_DESCENT, height);
}

/* A point in half dots. */
struct point {
	int64_t x;
	int64_t y;
};

/* Whether c is within radius of the line from a to b. */
static bool
near_line(struct point a, struct point b, struct point c, int64_t radius)
{
	int64_t dx = b.x - a.x, dy = b.y - a.y, length2 = dx * dx + dy * dy;
	int64_t cx = c.x - a.x, cy = c.y - a.y;
	int64_t along = cx * dx + cy * dy, across;

	if (along > length2) {
		cx = c.x - b.x;
		cy = c.y - b.y;
	}
	if (along <= 0 || along > length2)
		return cx * cx + cy * cy <= radius * radius;
	across = cx * dy - cy * dx;
	return across * across <= radius * radius * length2;
}

static int64_t
lesser(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t
greater(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static void
draw_stroke(
	struct label_raster *raster, struct point a, struct point b, int pen, bool black)
{
	for (int64_t y = (lesser(a.y, b.y) - pen) / 2; 2 * y < greater(a.y, b.y) + pen;
		y++)
		for (int64_t x = (lesser(a.x, b.x) - pen) / 2;
			2 * x < greater(a.x, b.x) + pen; x++)
			if (near_line(a, b, (struct point){2 * x + 1, 2 * y + 1}, pen))
				label_raster_set(raster, (int)x, (int)y, black);
}

static void
draw_glyph(struct label_raster *raster, int x, int y, const struct font_glyph *glyph,
	unsigned height, bool black)
{
	int pen = pen_of(height);
	struct point from = {0, 0};

	for (size_t i = 0; i < glyph->count; i++) {
		const struct font_point *p = &glyph->points[i];
		int base = scale(FONT_CAP, height);
		int down = p->y < 0 ? base + scale(-p->y, height)
				    : base - scale(p->y, height);
		struct point to = {
			2 * (x + scale(p->x, height)) + pen, 2 * (y + down) + pen};

		if (p->drawn)
			draw_stroke(raster, from, to, pen, black);
		from = to;
	}
}

void
label_text_draw(struct label_raster *raster, int x, int y, const char *text,
	unsigned height, bool black)
{
	for (; *text; text++) {
		const struct font_glyph *glyph = font_glyph(*text);

		if (glyph)
			draw_glyph(raster, x, y, glyph, height, black);
		x += advance_of(*text, height);
	}
}
