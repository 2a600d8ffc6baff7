/* SPDX-License-Identifier: MIT */
/* The card as SVG, in millimetres.  Each etched line is one subpath. */
#include "sim/plate.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <openssl/crypto.h>

/* The metal: its colours, its brushing, its bevel. */
static const char defs[] =
	"<defs>\n"
	"<linearGradient id=\"metal\" x1=\"0\" y1=\"0\" x2=\"0.25\" y2=\"1\">\n"
	"<stop offset=\"0\" stop-color=\"#e4e6e8\"/><stop offset=\"0.32\" "
	"stop-color=\"#c9ccd0\"/>\n"
	"<stop offset=\"0.55\" stop-color=\"#dddfe2\"/><stop offset=\"1\" "
	"stop-color=\"#aeb2b7\"/>\n"
	"</linearGradient>\n"
	"<filter id=\"brush\" x=\"0\" y=\"0\" width=\"1\" height=\"1\">\n"
	"<feTurbulence type=\"fractalNoise\" baseFrequency=\"0.02 4\" numOctaves=\"2\" "
	"seed=\"7\"/>\n"
	"<feColorMatrix values=\"0 0 0 0 0.35  0 0 0 0 0.36  0 0 0 0 0.38  0.3 0 0 0 "
	"-0.08\"/>\n"
	"<feComposite in2=\"SourceGraphic\" operator=\"in\"/>\n"
	"</filter>\n"
	"</defs>\n";

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

static void
put_card(struct writer *w, const struct plate_shape *s)
{
	put(w,
		"<rect width=\"%.2f\" height=\"%.2f\" rx=\"%.2f\" "
		"fill=\"url(#metal)\"/>\n",
		s->width, s->height, s->corner);
	put(w,
		"<rect width=\"%.2f\" height=\"%.2f\" rx=\"%.2f\" fill=\"#888\" "
		"filter=\"url(#brush)\"/>\n",
		s->width, s->height, s->corner);
	put(w,
		"<rect x=\"0.15\" y=\"0.15\" width=\"%.2f\" height=\"%.2f\" rx=\"%.2f\" "
		"fill=\"none\" stroke=\"#7d8186\" stroke-width=\"0.3\"/>\n",
		s->width - 0.3, s->height - 0.3, s->corner - 0.15);
	put(w,
		"<rect x=\"0.5\" y=\"0.5\" width=\"%.2f\" height=\"%.2f\" rx=\"%.2f\" "
		"fill=\"none\" stroke=\"#f6f7f8\" stroke-opacity=\"0.7\" "
		"stroke-width=\"0.25\"/>\n",
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
		"fill=\"#fff\" fill-opacity=\"0.22\" stroke=\"#8d9196\" "
		"stroke-opacity=\"0.6\" stroke-width=\"0.12\"/>\n",
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
	if (!w.error)
		w.error = plate_bytes_add(out, defs, sizeof defs - 1);
	put_card(&w, &s);
	put_panel(&w, &s);
	put_lines(&w, plate, &light);
	put_lines(&w, plate, &groove);
	put(&w, "</svg>\n");
	return w.error;
}
