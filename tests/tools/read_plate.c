/* SPDX-License-Identifier: MIT */
/*
 * Reads an etched card as a person does: from the drawing of it alone.  It knows the
 * alphabet, and neither the job nor the layout.  Prints each line of text that it finds,
 * from the top; exit 1 when a shape in the metal is no glyph.
 *
 *	read_plate CARD.svg
 */
#include "config.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "drivers/font.h"

enum { LINES_MAX = 20000, TEXT_MAX = 80 };

static const char alphabet[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-";

struct segment {
	double x0, y0, x1, y1;
};

struct drawing {
	struct segment all[LINES_MAX];
	size_t count;
};

static double
low(const struct segment *s)
{
	return fmin(s->y0, s->y1);
}

static double
high(const struct segment *s)
{
	return fmax(s->y0, s->y1);
}

/* Takes "M x y L x y ..." with y downwards; turns y up. */
static void
take_path(struct drawing *d, const char *p, const char *end)
{
	double x = 0, y = 0, nx, ny;
	int used;
	char op;

	while (p < end && sscanf(p, " %c%lf %lf%n", &op, &nx, &ny, &used) == 3
		&& (op == 'M' || op == 'L')) {
		if (op == 'L' && d->count < LINES_MAX)
			d->all[d->count++] = (struct segment){ x, -y, nx, -ny };
		x = nx;
		y = ny;
		p += used;
	}
}

static int
take_drawing(struct drawing *d, const char *svg)
{
	const char *group = strstr(svg, "<g id=\"etched\"");
	const char *close = group ? strstr(group, "</g>") : NULL;
	const char *path, *end;

	if (!close)
		return -1;
	for (path = strstr(group, " d=\""); path && path < close;
		path = strstr(path, " d=\"")) {
		path += 4;
		end = strchr(path, '"');
		if (!end)
			return -1;
		take_path(d, path, end);
	}
	return 0;
}

static int
by_top(const void *a, const void *b)
{
	double difference = high(b) - high(a);

	return difference > 0 ? 1 : difference < 0 ? -1 : 0;
}

/* Whether the segment a-b lies within tolerance of one of the row's, on it. */
static int
covered(const struct segment *want, const struct segment *row, size_t count, double tolerance)
{
	for (size_t i = 0; i < count; i++) {
		const struct segment *s = &row[i];
		double straight = hypot(s->x0 - want->x0, s->y0 - want->y0)
			+ hypot(s->x1 - want->x1, s->y1 - want->y1);
		double turned = hypot(s->x1 - want->x0, s->y1 - want->y0)
			+ hypot(s->x0 - want->x1, s->y0 - want->y1);

		if (fmin(straight, turned) < 2 * tolerance)
			return 1;
	}
	return 0;
}

/* The number of the glyph's segments when all of them are in the cell, else -1. */
static int
match(char c, const struct segment *cell, size_t count, double x, double y, double unit)
{
	const struct font_glyph *glyph = font_glyph(c);
	int segments = 0;

	for (size_t i = 1; i < glyph->count; i++) {
		const struct font_point *a = &glyph->points[i - 1], *b = a + 1;
		struct segment want = { x + a->x * unit, y + a->y * unit, x + b->x * unit,
			y + b->y * unit };

		if (!b->drawn)
			continue;
		if (!covered(&want, cell, count, 0.2 * unit))
			return -1;
		segments++;
	}
	return segments;
}

/* The one glyph that is exactly what stands in the cell, or 0. */
static char
read_cell(const struct segment *row, size_t count, double x, double y, double unit)
{
	struct segment cell[LINES_MAX / 100];
	size_t held = 0;

	for (size_t i = 0; i < count && held < sizeof cell / sizeof cell[0]; i++) {
		double middle = (row[i].x0 + row[i].x1) / 2;

		if (middle > x - 2 * unit && middle < x + (FONT_WIDTH + 2) * unit)
			cell[held++] = row[i];
	}
	if (held == 0)
		return ' ';
	for (const char *c = alphabet; *c; c++)
		if (match(*c, cell, held, x, y, unit) == (int)held)
			return *c;
	return 0;
}

/* Reads a row with its cells at x, x + advance, ...; 0 when each cell is a glyph. */
static int
read_row_at(char text[TEXT_MAX + 1], const struct segment *row, size_t count, double x,
	double y, double unit, double right)
{
	size_t len = 0;

	for (; x < right && len < TEXT_MAX; x += FONT_ADVANCE * unit) {
		text[len] = read_cell(row, count, x, y, unit);
		if (!text[len++])
			return -1;
	}
	text[len] = '\0';
	return 0;
}

static int
read_row(char text[TEXT_MAX + 1], const struct segment *row, size_t count)
{
	double left = INFINITY, right = -INFINITY, bottom = INFINITY, top = -INFINITY, unit;

	for (size_t i = 0; i < count; i++) {
		left = fmin(left, fmin(row[i].x0, row[i].x1));
		right = fmax(right, fmax(row[i].x0, row[i].x1));
		bottom = fmin(bottom, low(&row[i]));
		top = fmax(top, high(&row[i]));
	}
	unit = (top - bottom) / FONT_CAP;
	/* The first glyph's left bearing is not known beforehand. */
	for (int bearing = 0; bearing <= FONT_WIDTH; bearing++)
		if (read_row_at(text, row, count, left - bearing * unit, bottom, unit, right)
			== 0)
			return 0;
	return -1;
}

static char *
read_file(const char *name)
{
	FILE *f = fopen(name, "r");
	char *text = calloc(1, 4 << 20);

	if (!f || !text || fread(text, 1, (4 << 20) - 1, f) == 0) {
		fprintf(stderr, "read_plate: %s cannot be read\n", name);
		exit(2);
	}
	fclose(f);
	return text;
}

int
main(int argc, char **argv)
{
	static struct drawing d;
	char text[TEXT_MAX + 1];
	char *svg;

	if (argc != 2)
		return 2;
	svg = read_file(argv[1]);
	if (take_drawing(&d, svg) != 0 || d.count == 0) {
		fprintf(stderr, "read_plate: nothing is etched on %s\n", argv[1]);
		return 1;
	}
	qsort(d.all, d.count, sizeof d.all[0], by_top);
	for (size_t first = 0, next; first < d.count; first = next) {
		double bottom = low(&d.all[first]);

		for (next = first; next < d.count && high(&d.all[next]) >= bottom; next++)
			bottom = fmin(bottom, low(&d.all[next]));
		if (read_row(text, &d.all[first], next - first) != 0) {
			fprintf(stderr, "read_plate: a shape on %s is no glyph\n", argv[1]);
			return 1;
		}
		puts(text);
	}
	free(svg);
	return 0;
}
