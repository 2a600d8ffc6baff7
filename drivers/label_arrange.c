/* SPDX-License-Identifier: MIT */
#include "drivers/label_arrange.h"

/* The white before the main symbol at an edge of the label. */
static int
main_edge(const struct label_sizes *s)
{
	return s->edge > s->main_quiet ? s->edge : s->main_quiet;
}

static void
set_box(struct label_box *box, int left, int top, int right, int bottom)
{
	box->x = left;
	box->y = top;
	box->width = right > left ? (unsigned)(right - left) : 0;
	box->height = bottom > top ? (unsigned)(bottom - top) : 0;
}

static void
arrange_head(
	struct label_layout *layout, struct label_box *text, const struct label_sizes *s)
{
	int left = main_edge(s);

	layout->main.x = layout->main.y = left;
	layout->mark.x = s->width - left - s->mark;
	if (layout->mark.x < left + s->main + s->between)
		layout->mark.x = s->width - s->edge - s->mark;
	layout->mark.y = left;
	set_box(text, left, left + s->main + s->main_quiet, layout->mark.x + s->mark,
		s->height - s->edge);
}

static void
arrange_foot(
	struct label_layout *layout, struct label_box *text, const struct label_sizes *s)
{
	int head;

	layout->mark.x = s->width - s->edge - s->mark;
	layout->mark.y = s->height - s->edge - s->mark;
	head = layout->mark.y - s->between;
	layout->main.x = (s->width - s->main) / 2;
	layout->main.y = (head - s->main + s->main_quiet) / 2;
	set_box(text, s->edge, layout->main.y + s->main + s->main_quiet,
		layout->mark.x - s->mark_quiet, s->height - s->edge);
}

static void
arrange_column(
	struct label_layout *layout, struct label_box *text, const struct label_sizes *s)
{
	int left = main_edge(s);
	int right_main, right_mark;

	layout->main.x = layout->main.y = left;
	layout->mark.x = left;
	layout->mark.y = s->height - s->edge - s->mark;
	right_main = layout->main.x + s->main + s->main_quiet;
	right_mark = layout->mark.x + s->mark + s->mark_quiet;
	set_box(text, right_main > right_mark ? right_main : right_mark, s->edge,
		s->width - s->edge, s->height - s->edge);
}

static void
arrange_side(
	struct label_layout *layout, struct label_box *text, const struct label_sizes *s)
{
	int left = s->main + s->between;

	layout->main.x = main_edge(s);
	layout->main.y = (s->height - s->main) / 2;
	left += layout->main.x;
	layout->mark.x = left;
	layout->mark.y = s->height - s->edge - s->mark;
	set_box(text, left, s->edge, s->width - s->edge, layout->mark.y - s->mark_quiet);
}

const struct label_arrangement label_arrangements[LABEL_ARRANGEMENTS] = {
	{arrange_head, 100},
	{arrange_foot, 90},
	{arrange_column, 90},
	{arrange_side, 90},
};
