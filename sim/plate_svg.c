/* SPDX-License-Identifier: MIT */
/* The card as SVG, in millimetres.  Each etched line is one subpath. */
#include "sim/plate.h"

#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <openssl/crypto.h>

struct writer {
	struct plate_bytes *out;
	int error;
};

__attribute__((format(printf, 2, 3))) static void
put(struct writer *w, const char *format, ...)
{
	char text[512];
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(text, sizeof text, format, args);
	va_end(args);
	if (!w->error)
		w->error = plate_bytes_add(w->out, text, (size_t)len);
	OPENSSL_cleanse(text, sizeof text);
}

/* How far the rounded corners reach in at a height. */
static double
inset(const struct plate_shape *s, double y)
{
	double from_edge = fmin(y, s->height - y);
	double up = s->corner - from_edge;

	return from_edge < s->corner ? s->corner - sqrt(s->corner * s->corner - up * up)
				     : 0;
}

/* Bands of light from top to bottom, as plain lines: few viewers draw gradients alike. */
static void
put_light(struct writer *w, const struct plate_shape *s)
{
	const unsigned bands = 54;
	double high = (s->height - 2) / bands;

	for (unsigned i = 0; i < bands; i++) {
		double y = 1 + (i + 0.5) * high, left = 1 + inset(s, y);
		unsigned grey =
			(unsigned)(210 + 12 * cos(i * 6.5 / bands) - 8.0 * i / bands);

		put(w,
			"<path stroke=\"#%02x%02x%02x\" stroke-width=\"%.2f\" "
			"d=\"M%.2f %.2fH%.2f\"/>\n",
			grey, grey + 2, grey + 4, high + 0.02, left, y, s->width - left);
	}
}

/* Fine lines that the brush left, of three shades, always the same. */
static void
put_brush(struct writer *w, const struct plate_shape *s)
{
	static const char *const shades[] = {"#d3d6d9", "#c3c6ca", "#dfe2e5"};

	for (unsigned shade = 0; shade < 3; shade++) {
		uint32_t seed = 77 + shade;

		put(w, "<path fill=\"none\" stroke=\"%s\" stroke-width=\"0.05\" d=\"",
			shades[shade]);
		for (unsigned i = 0; i < 90; i++) {
			double y, x, length;

			seed = seed * 1664525 + 1013904223;
			y = 1 + (s->height - 2) * (seed >> 16) / 65536.0;
			seed = seed * 1664525 + 1013904223;
			length = 8 + s->width / 2 * (seed >> 24) / 256.0;
			x = s->corner + (s->width - 2 * s->corner - length) *
						(seed >> 8 & 0xff) / 255.0;
			put(w, "M%.2f %.2fh%.2f", x, y, length);
		}
		put(w, "\"/>\n");
	}
}

static void
put_card(struct writer *w, const struct plate_shape *s)
{
	put(w,
		"<rect width=\"%.2f\" height=\"%.2f\" rx=\"%.2f\" "
		"fill=\"#c8cbcf\"/>\n",
		s->width, s->height, s->corner);
	put_light(w, s);
	put_brush(w, s);
	put(w,
		"<rect x=\"0.15\" y=\"0.15\" width=\"%.2f\" height=\"%.2f\" rx=\"%.2f\" "
		"fill=\"none\" stroke=\"#7d8186\" stroke-width=\"0.3\"/>\n",
		s->width - 0.3, s->height - 0.3, s->corner - 0.15);
	put(w,
		"<rect x=\"0.5\" y=\"0.5\" width=\"%.2f\" height=\"%.2f\" rx=\"%.2f\" "
		"fill=\"none\" stroke=\"#eceef0\" stroke-width=\"0.3\"/>\n",
		s->width - 1, s->height - 1, s->corner - 0.5);
}

/* The panel that the scratch-off strip will cover. */
static void
put_panel(struct writer *w, const struct plate_shape *s)
{
	if (s->field_width <= 0)
		return;
	put(w,
		"<rect x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" height=\"%.2f\" rx=\"1\" "
		"fill=\"#dcdfe2\" stroke=\"#9ca0a5\" stroke-width=\"0.12\"/>\n",
		s->field_x - 1.5, s->height - s->field_y - s->field_height - 1.5,
		s->field_width + 3, s->field_height + 3);
}

/* The groove, or the light on its far wall. */
struct look {
	const char *id, *colour, *move;
	double opacity;
};

/* The lines that share a beam, as one path; the index after them. */
static size_t
put_path(
	struct writer *w, const struct plate *plate, size_t from, const struct look *look)
{
	const struct plate_line *first = plate_line(plate, from), *last = NULL;
	struct plate_shape s;
	size_t i;

	plate_shape(&s, plate);
	put(w, "<path stroke-width=\"%.3f\" stroke-opacity=\"%.2f\" d=\"", first->width,
		first->depth * look->opacity);
	for (i = from; i < plate_count(plate); i++) {
		const struct plate_line *l = plate_line(plate, i);

		if (l->width != first->width || l->depth != first->depth)
			break;
		if (!last || last->x1 != l->x0 || last->y1 != l->y0)
			put(w, "M%.3f %.3f", l->x0, s.height - l->y0);
		put(w, "L%.3f %.3f", l->x1, s.height - l->y1);
		last = l;
	}
	put(w, "\"/>\n");
	return i;
}

static void
put_lines(struct writer *w, const struct plate *plate, const struct look *look)
{
	put(w,
		"<g id=\"%s\" fill=\"none\" stroke=\"%s\" stroke-linecap=\"round\" "
		"stroke-linejoin=\"round\" transform=\"translate(%s)\">\n",
		look->id, look->colour, look->move);
	for (size_t i = 0; i < plate_count(plate);)
		i = put_path(w, plate, i, look);
	put(w, "</g>\n");
}

int
plate_svg(struct plate_bytes *out, const struct plate *plate)
{
	static const struct look light = {"light", "#fff", "0.05 0.07", 0.8};
	static const struct look groove = {"etched", "#1b1c1f", "0 0", 1.0};
	struct writer w = {out, 0};
	struct plate_shape s;

	plate_shape(&s, plate);
	put(&w, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
	put(&w,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.2fmm\" "
		"height=\"%.2fmm\" viewBox=\"0 0 %.2f %.2f\">\n",
		s.width, s.height, s.width, s.height);
	put_card(&w, &s);
	put_panel(&w, &s);
	put_lines(&w, plate, &light);
	put_lines(&w, plate, &groove);
	put(&w, "</svg>\n");
	return w.error;
}
