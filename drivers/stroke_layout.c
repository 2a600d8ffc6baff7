/* SPDX-License-Identifier: MIT */
/* Which lines a plate has and where they stand. */
#include "drivers/font.h"
#include "drivers/stroke.h"

#include <string.h>

/* From base line to base line, in units; descenders reach into it. */
enum { LINE_PITCH = FONT_CAP + FONT_DESCENT + 4 };

static uint32_t
width_units(size_t len)
{
	return len ? (uint32_t)(len - 1) * FONT_ADVANCE + FONT_WIDTH : 0;
}

/* The unit that the field's heights ask for. */
static uint32_t
wanted_unit(const struct etch_field *field, bool is_serial)
{
	uint32_t height = is_serial ? field->serial_height : field->text_height;

	return height / ((uint32_t)FONT_CAP * field->scale);
}

/* The largest unit at which len characters fit the field's width. */
static uint32_t
fitting_unit(const struct etch_field *field, size_t len, bool is_serial)
{
	uint32_t wanted = wanted_unit(field, is_serial);
	uint32_t fits = len ? field->width / field->scale / width_units(len) : wanted;

	return fits < wanted ? fits : wanted;
}

/* Behind which hyphen to part text so that the longer part is shortest; 0: nowhere. */
static size_t
parting(const char *text, size_t len)
{
	size_t best = 0, best_longest = len;

	for (size_t i = 1; i < len; i++) {
		size_t longest = i > len - i ? i : len - i;

		if (text[i - 1] == '-' && longest < best_longest) {
			best = i;
			best_longest = longest;
		}
	}
	return best;
}

static void
add_line(struct stroke_plate *plate, const char *text, size_t len, bool is_serial)
{
	plate->lines[plate->count++] = (struct stroke_line){text, len, is_serial};
}

int
stroke_plate_wallet(struct stroke_plate *plate, const struct etch_field *field,
	const char *text, const char *serial, bool test)
{
	size_t len = strlen(text), part = parting(text, len);
	size_t longest = part > len - part ? part : len - part;

	memset(plate, 0, sizeof *plate);
	if (len > STROKE_LINE_MAX || strlen(serial) > STROKE_LINE_MAX)
		return KE_TOO_LONG;
	if (part &&
		fitting_unit(field, longest, false) > fitting_unit(field, len, false)) {
		add_line(plate, text, part, false);
		add_line(plate, text + part, len - part, false);
	} else {
		add_line(plate, text, len, false);
	}
	add_line(plate, serial, strlen(serial), true);
	if (test)
		add_line(plate, "TEST", 4, true);
	return 0;
}

void
stroke_plate_setup(struct stroke_plate *plate, bool test)
{
	static const char *const lines[] = {
		"KEYLINE SETUP", "0123456789-ABCDEFGHI", "JKLMNOPQRSTUVWXYZ"};

	memset(plate, 0, sizeof *plate);
	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
		add_line(plate, lines[i], strlen(lines[i]), true);
	if (test)
		add_line(plate, "TEST", 4, true);
}

static uint32_t
block_height(const struct stroke_layout *layout)
{
	uint32_t height = 0;

	for (size_t i = 0; i < layout->count; i++)
		height += layout->places[i].unit * LINE_PITCH;
	return height;
}

/* Makes the highest lines one count a unit lower. */
static void
shrink(struct stroke_layout *layout)
{
	uint32_t highest = 0;

	for (size_t i = 0; i < layout->count; i++) {
		if (layout->places[i].unit > highest)
			highest = layout->places[i].unit;
	}
	for (size_t i = 0; i < layout->count; i++) {
		if (layout->places[i].unit == highest)
			layout->places[i].unit--;
	}
}

/* Lines of one height class are of one height. */
static void
level(struct stroke_layout *layout, const struct stroke_plate *plate)
{
	for (size_t a = 0; a < layout->count; a++) {
		for (size_t b = 0; b < layout->count; b++) {
			struct stroke_place *x = &layout->places[a];

			if (plate->lines[a].is_serial == plate->lines[b].is_serial &&
				layout->places[b].unit < x->unit)
				x->unit = layout->places[b].unit;
		}
	}
}

int
stroke_layout(struct stroke_layout *layout, const struct etch_field *field,
	const struct stroke_plate *plate)
{
	uint32_t width = field->width / field->scale,
		 height = field->height / field->scale;
	uint32_t top;

	memset(layout, 0, sizeof *layout);
	layout->count = plate->count;
	for (size_t i = 0; i < plate->count; i++) {
		const struct stroke_line *line = &plate->lines[i];

		layout->places[i].len = line->len;
		layout->places[i].unit = fitting_unit(field, line->len, line->is_serial);
	}
	level(layout, plate);
	while (block_height(layout) > height)
		shrink(layout);
	top = (height + block_height(layout)) / 2;
	for (size_t i = 0; i < layout->count; i++) {
		struct stroke_place *place = &layout->places[i];

		if (place->unit * FONT_CAP * field->scale < STROKE_HEIGHT_MIN)
			return KE_TOO_LONG;
		/* Half of the pitch's slack above the capitals, half below the
		 * descenders. */
		top -= place->unit * LINE_PITCH;
		place->y = top + place->unit * (FONT_DESCENT + 2);
		place->x = (width - width_units(place->len) * place->unit) / 2;
	}
	return 0;
}
