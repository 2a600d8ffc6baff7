/* SPDX-License-Identifier: MIT */
#include "drivers/label_block.h"
#include "drivers/label_text.h"

#include <string.h>

enum { GROUP = 4 };

static const char test_word[] = "TEST";

/* Black above, below and, twice as much, beside the words of a bar. */
static unsigned
bar_pad(unsigned height)
{
	return (height + 2) / 5;
}

/*
 * Appends a line at the left of area; its y is relative to the block until the end.
 * A bar is as tall as height, its words a little less.
 */
static bool
add_line(struct label_layout *layout, const struct label_box *area, const char *text,
	enum label_style style, unsigned height)
{
	unsigned pad = style == LABEL_BAR ? bar_pad(height) : 0;
	unsigned words = height - 2 * pad;
	unsigned width = label_text_width(text, words) + 4 * pad;
	unsigned ink =
		style == LABEL_PLAIN ? height + label_text_descent(height) : height;
	struct label_line *line = &layout->lines[layout->count];

	if (layout->count == LABEL_LINES_MAX || strlen(text) > LABEL_LINE_CHARS ||
		width > area->width)
		return false;
	memset(line, 0, sizeof *line);
	line->style = style;
	line->height = words;
	line->x = area->x + 2 * (int)pad;
	line->y = (int)pad;
	line->box = (struct label_box){area->x, 0, width, ink};
	memcpy(line->text, text, strlen(text) + 1);
	layout->count++;
	return true;
}

/* The mark, which is the serial, at the left and, on the same row, the bar at the right.
 */
static bool
add_serial_and_bar(struct label_layout *layout, const struct label_box *area,
	const char *mark, unsigned height)
{
	struct label_line *lines = &layout->lines[layout->count];
	int shift;

	if (!add_line(layout, area, mark, LABEL_SERIAL, height))
		return false;
	if (!add_line(layout, area, test_word, LABEL_BAR, height)) {
		layout->count--;
		return false;
	}
	shift = (int)area->width - (int)lines[1].box.width;
	if (shift < (int)(lines[0].box.width + height)) {
		layout->count -= 2;
		return false;
	}
	lines[1].box.x += shift;
	lines[1].x += shift;
	return true;
}

/* The mark is what people look for: as large as the width allows, up to a limit. */
static bool
add_head(struct label_layout *layout, const struct label_box *area,
	const struct label_words *words, unsigned height, bool *bar_done)
{
	unsigned most = height * 7 / 4;

	*bar_done = words->test;
	for (unsigned h = most; words->test && h >= height * 5 / 4; h--)
		if (add_serial_and_bar(layout, area, words->mark, h))
			return true;
	*bar_done = false;
	for (unsigned h = most; h >= height; h--)
		if (add_line(layout, area, words->mark, LABEL_SERIAL, h))
			return true;
	return false;
}

/* The groups [first, first + count) of four characters of text, spaces between. */
static void
join_groups(char *out, const char *text, size_t first, size_t count)
{
	size_t len = strlen(text), at = 0;

	for (size_t i = first * GROUP; i < len && i < (first + count) * GROUP; i++) {
		if (i > first * GROUP && i % GROUP == 0)
			out[at++] = ' ';
		out[at++] = text[i];
	}
	out[at] = '\0';
}

/* The address in rows of so many groups. */
static bool
add_rows(struct label_layout *layout, const struct label_box *area, const char *address,
	unsigned height, size_t per_row)
{
	size_t groups = (strlen(address) + GROUP - 1) / GROUP;

	for (size_t first = 0; first < groups; first += per_row) {
		char row[LABEL_LINE_CHARS + 1];

		join_groups(row, address, first, per_row);
		if (!add_line(layout, area, row, LABEL_PLAIN, height))
			return false;
	}
	return true;
}

/* As few rows as the width allows, about equally long. */
static bool
add_address(struct label_layout *layout, const struct label_box *area,
	const char *address, unsigned height)
{
	size_t groups = (strlen(address) + GROUP - 1) / GROUP;
	size_t before = layout->count;

	for (size_t rows = 1; rows <= groups; rows++) {
		size_t per_row = (groups + rows - 1) / rows;

		if (per_row * (GROUP + 1) > LABEL_LINE_CHARS)
			continue;
		if (add_rows(layout, area, address, height, per_row))
			return true;
		layout->count = before;
	}
	return false;
}

static unsigned
gap_after(const struct label_line *line, const struct label_line *next)
{
	unsigned unit = line->height < next->height ? line->height : next->height;

	/* Descenders are in a plain line's box already. */
	if (line->style == LABEL_PLAIN && next->style == LABEL_PLAIN)
		return unit * 3 / 8;
	return unit * 3 / 4;
}

/* Whether a line stands beside the one before it. */
static bool
beside(const struct label_line *line, const struct label_line *before)
{
	return line->box.x > before->box.x;
}

/* Stacks the lines and moves them to the middle of area. */
static bool
stack(struct label_layout *layout, const struct label_box *area)
{
	unsigned total = 0, top = 0;

	for (size_t i = 0; i < layout->count; i++) {
		struct label_line *line = &layout->lines[i];

		if (i > 0 && !beside(line, line - 1))
			top = total + gap_after(line - 1, line);
		line->box.y = (int)top;
		total = top + line->box.height;
	}
	if (total > area->height)
		return false;
	for (size_t i = 0; i < layout->count; i++) {
		struct label_line *line = &layout->lines[i];

		line->box.y += area->y + (int)((area->height - total) / 2);
		line->y += line->box.y;
	}
	return true;
}

bool
label_block_set(struct label_layout *layout, const struct label_box *area,
	const struct label_words *words, const struct label_setting *setting)
{
	unsigned height = setting->height;
	bool bar_done;

	layout->count = 0;
	if (!add_head(layout, area, words, height, &bar_done))
		return false;
	if (setting->caption &&
		!add_line(layout, area, words->caption, LABEL_PLAIN, height))
		return false;
	if (words->address && !add_address(layout, area, words->address, height))
		return false;
	if (words->test && !bar_done &&
		!add_line(layout, area, test_word, LABEL_BAR, height * 5 / 4))
		return false;
	return stack(layout, area);
}
