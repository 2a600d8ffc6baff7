/* SPDX-License-Identifier: MIT */
/*
 * The card as a picture: brushed metal with a bevel, the lines laid in by their distance
 * to each pixel's centre, light on the far wall of each groove.
 */
#include "sim/plate.h"

#include <math.h>
#include <png.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <openssl/crypto.h>

/* Pixels a millimetre, and the rim of background around the card in millimetres. */
static const double SCALE = 16.0, MARGIN = 2.5;

struct canvas {
	struct plate_shape shape;
	unsigned width, height;
	/* how deep each pixel is etched, 0..255 */
	unsigned char *depth;
};

static double
clamp(double value, double low, double high)
{
	return value < low ? low : value > high ? high : value;
}

/* The distance of a point to a line's nearest point. */
static double
distance(const struct plate_line *l, double x, double y)
{
	double dx = l->x1 - l->x0, dy = l->y1 - l->y0;
	double along = ((x - l->x0) * dx + (y - l->y0) * dy) / (dx * dx + dy * dy);

	along = clamp(along, 0.0, 1.0);
	return hypot(x - l->x0 - along * dx, y - l->y0 - along * dy);
}

/* The card's coordinates of a pixel's centre. */
static double
x_of(unsigned column)
{
	return (column + 0.5) / SCALE - MARGIN;
}

static double
y_of(const struct canvas *c, unsigned row)
{
	return c->shape.height - ((row + 0.5) / SCALE - MARGIN);
}

static unsigned
column_of(const struct canvas *c, double x)
{
	return (unsigned)clamp((x + MARGIN) * SCALE, 0, c->width - 1);
}

static unsigned
row_of(const struct canvas *c, double y)
{
	return (unsigned)clamp((c->shape.height - y + MARGIN) * SCALE, 0, c->height - 1);
}

static void
lay_in(struct canvas *c, const struct plate_line *l)
{
	double reach = l->width / 2 + 1 / SCALE;
	unsigned left = column_of(c, fmin(l->x0, l->x1) - reach);
	unsigned right = column_of(c, fmax(l->x0, l->x1) + reach);
	unsigned top = row_of(c, fmax(l->y0, l->y1) + reach);
	unsigned bottom = row_of(c, fmin(l->y0, l->y1) - reach);

	for (unsigned row = top; row <= bottom; row++) {
		for (unsigned column = left; column <= right; column++) {
			double away = distance(l, x_of(column), y_of(c, row));
			double cover = clamp((l->width / 2 - away) * SCALE + 0.5, 0, 1);
			unsigned char depth = (unsigned char)(255 * cover * l->depth);
			unsigned char *cell = &c->depth[row * c->width + column];

			if (depth > *cell)
				*cell = depth;
		}
	}
}

/* How far a point is inside a rounded rectangle at the origin; negative: outside. */
static double
inside(double x, double y, double width, double height, double corner)
{
	double dx = fabs(x - width / 2) - (width / 2 - corner);
	double dy = fabs(y - height / 2) - (height / 2 - corner);

	if (dx > 0 && dy > 0)
		return corner - hypot(dx, dy);
	return corner - fmax(dx, dy);
}

static uint32_t
scramble(uint32_t h)
{
	h ^= h >> 15;
	h *= 2246822519u;
	h ^= h >> 13;
	h *= 3266489917u;
	return h ^ h >> 16;
}

/* The streaks that the brush left in a row, each some way long: -1..1, always the same.
 */
static double
streak(unsigned row, unsigned column)
{
	uint32_t h = scramble(row * 2654435761u);
	unsigned length = 60 + h % 240;

	return (scramble(h + (column + (h >> 8)) / length) & 0xff) / 127.5 - 1;
}

/* The bare metal's brightness, 0..255. */
static double
metal(const struct canvas *c, double x, double y, unsigned row, unsigned column)
{
	const struct plate_shape *s = &c->shape;
	double slant = x / s->width * 0.35 + (1 - y / s->height) * 0.65;
	double level = 214 + 16 * cos(slant * 9.0) - 26 * slant;
	double edge = inside(x, y, s->width, s->height, s->corner);
	double panel;

	level += 3 * streak(row, column) + 2.5 * streak(row + 4096, 0);
	if (edge < 0.3)
		level -= 75;
	else if (edge < 0.75)
		level += 22;
	if (s->field_width <= 0)
		return level;
	panel = inside(x - s->field_x + 1.5, y - s->field_y + 1.5, s->field_width + 3,
		s->field_height + 3, 1.0);
	if (panel > 0)
		level += panel < 0.1 ? -45 : 12;
	return level;
}

static double
etched(const struct canvas *c, unsigned row, unsigned column)
{
	return row < c->height && column < c->width
		       ? c->depth[row * c->width + column] / 255.0
		       : 0;
}

static void
paint(const struct canvas *c, unsigned char *rgb, unsigned row)
{
	static const double tint[3] = {0.985, 0.995, 1.01}, background = 246;
	double y = y_of(c, row);

	for (unsigned column = 0; column < c->width; column++) {
		double x = x_of(column);
		double edge =
			inside(x, y, c->shape.width, c->shape.height, c->shape.corner);
		double card = clamp(edge * SCALE + 0.5, 0, 1);
		double here = etched(c, row, column);
		/* the light comes from the upper left */
		double lit = etched(c, row - 1, column - 1) - here;
		double level = metal(c, x, y, row, column);
		double shadow = clamp(1 + (edge + 0.4) / 2.0, 0, 1);

		level += (252 - level) * 0.8 * clamp(lit, 0, 1);
		level *= 1 - 0.92 * here;
		for (int i = 0; i < 3; i++) {
			double out = background - 60 * shadow * shadow;

			out += (level * tint[i] - out) * card;
			*rgb++ = (unsigned char)clamp(out, 0, 255);
		}
	}
}

static void
write_bytes(png_structp png, png_bytep bytes, size_t len)
{
	if (plate_bytes_add(png_get_io_ptr(png), bytes, len) != 0)
		png_error(png, "no memory");
}

static void
flush_nothing(png_structp png)
{
	(void)png;
}

/* libpng leaves by longjmp() on an error: this frame changes no local after setjmp(). */
static int
encode(struct plate_bytes *out, const struct canvas *c, unsigned char *rgb)
{
	png_structp png =
		png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
	png_infop info = png ? png_create_info_struct(png) : NULL;

	if (!info || setjmp(png_jmpbuf(png))) {
		png_destroy_write_struct(&png, &info);
		return KE_NO_MEMORY;
	}
	png_set_write_fn(png, out, write_bytes, flush_nothing);
	png_set_IHDR(png, info, c->width, c->height, 8, PNG_COLOR_TYPE_RGB,
		PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
		PNG_FILTER_TYPE_DEFAULT);
	png_set_pHYs(png, info, (png_uint_32)(SCALE * 1000), (png_uint_32)(SCALE * 1000),
		PNG_RESOLUTION_METER);
	png_write_info(png, info);
	for (unsigned row = 0; row < c->height; row++) {
		paint(c, rgb, row);
		png_write_row(png, rgb);
	}
	png_write_end(png, info);
	png_destroy_write_struct(&png, &info);
	return 0;
}

int
plate_png(struct plate_bytes *out, const struct plate *plate)
{
	struct canvas c = {0};
	unsigned char *rgb = NULL;
	int error = KE_NO_MEMORY;

	plate_shape(&c.shape, plate);
	c.width = (unsigned)((c.shape.width + 2 * MARGIN) * SCALE);
	c.height = (unsigned)((c.shape.height + 2 * MARGIN) * SCALE);
	c.depth = calloc(c.height, c.width);
	rgb = malloc(3 * (size_t)c.width);
	if (c.depth && rgb) {
		for (size_t i = 0; i < plate_count(plate); i++)
			lay_in(&c, plate_line(plate, i));
		error = encode(out, &c, rgb);
	}
	if (c.depth)
		OPENSSL_cleanse(c.depth, (size_t)c.width * c.height);
	free(c.depth);
	free(rgb);
	return error;
}
