/* SPDX-License-Identifier: MIT */
/* The search for the best arrangement and sizes of a page. */
#include "drivers/label_layout.h"
#include "drivers/label_arrange.h"
#include "drivers/label_block.h"
#include "drivers/label_raster.h"
#include "drivers/label_text.h"

#include <string.h>

/* Sizes in micrometres. */
enum {
	MARK_WISH = 330, /* a module of the pairing mark */
	TEXT_MIN = 1200, /* capitals */
	TEXT_WISH = 1900,
	EDGE = 1400 /* white at the edge, for registration */
};

/* A module of the main symbol should be this part of the label's shorter side, less on a
 * long label, where nothing stands above or below it; capitals of a large label 1/21. */
enum { WISH_SQUARE = 53, WISH_LONG = 44, WISH_TEXT = 21 };

enum { TEXT_MIN_DOTS = 11 };

static unsigned
dots_of(unsigned micrometres, unsigned dpi)
{
	return (micrometres * dpi + 12700) / 25400;
}

static unsigned
greater(unsigned a, unsigned b)
{
	return a > b ? a : b;
}

int
label_form_of(struct label_form *out, unsigned width, unsigned height, unsigned dpi)
{
	/* 100 mm and 1200 dpi leave no product near the end of an int. */
	if (dpi < LABEL_DPI_MIN || dpi > LABEL_DPI_MAX || width > 100000 ||
		height > 100000)
		return KE_BAD_ARGUMENT;
	out->dpi = dpi;
	out->width = width * dpi / 2540;
	out->height = height * dpi / 2540;
	if (out->width == 0 || out->height == 0 || out->width > LABEL_RASTER_SIDE_MAX ||
		out->height > LABEL_RASTER_SIDE_MAX)
		return KE_BAD_ARGUMENT;
	return 0;
}

bool
label_box_meet(const struct label_box *a, const struct label_box *b)
{
	return a->x < b->x + (int)b->width && b->x < a->x + (int)a->width &&
	       a->y < b->y + (int)b->height && b->y < a->y + (int)a->height;
}

struct label_box
label_box_of_symbol(const struct label_place *place, unsigned size)
{
	unsigned quiet = LABEL_SYMBOL_QUIET * place->module;
	unsigned across = size * place->module + 2 * quiet;

	return (struct label_box){
		place->x - (int)quiet, place->y - (int)quiet, across, across};
}

/* Quiet zones on the page, and apart from the other symbol itself. */
static bool
symbols_fit(const struct label_layout *layout, unsigned main_size,
	const struct label_form *form)
{
	const struct label_box page = {0, 0, form->width, form->height};
	struct label_box zones[2] = {label_box_of_symbol(&layout->main, main_size),
		label_box_of_symbol(&layout->mark, LABEL_SYMBOL_MARK_SIZE)};
	struct label_box marks[2] = {zones[0], zones[1]};

	for (unsigned i = 0; i < 2; i++) {
		const struct label_place *place = i ? &layout->mark : &layout->main;
		unsigned quiet = LABEL_SYMBOL_QUIET * place->module;

		if (zones[i].x < 0 || zones[i].y < 0 ||
			zones[i].x + (int)zones[i].width > (int)page.width ||
			zones[i].y + (int)zones[i].height > (int)page.height)
			return false;
		marks[i].x += (int)quiet;
		marks[i].y += (int)quiet;
		marks[i].width -= 2 * quiet;
		marks[i].height -= 2 * quiet;
	}
	/* Two quiet zones may share their white; neither may hold the other's ink. */
	return !label_box_meet(&zones[0], &marks[1]) &&
	       !label_box_meet(&zones[1], &marks[0]);
}

static bool
text_clear(const struct label_layout *layout, unsigned main_size)
{
	struct label_box main = label_box_of_symbol(&layout->main, main_size);
	struct label_box mark =
		label_box_of_symbol(&layout->mark, LABEL_SYMBOL_MARK_SIZE);

	for (size_t i = 0; i < layout->count; i++)
		if (label_box_meet(&layout->lines[i].box, &main) ||
			label_box_meet(&layout->lines[i].box, &mark))
			return false;
	return true;
}

struct search {
	const struct label_form *form;
	const struct label_words *words;
	unsigned main_size;
	unsigned module_most;
	unsigned text_most;
	unsigned text_least;
	unsigned best;
	struct label_layout *out;
};

static struct search
search_of(const struct label_form *form, const struct label_words *words,
	unsigned main_size, struct label_layout *out)
{
	unsigned lesser = form->width < form->height ? form->width : form->height;
	unsigned longer = greater(form->width, form->height);
	unsigned part = longer * 5 > lesser * 7 ? WISH_LONG : WISH_SQUARE;
	struct search search = {form, words, main_size, 0, 0, 0, 0, out};

	search.module_most = greater(LABEL_MODULE_MIN, (lesser + part / 2) / part);
	search.text_least = greater(TEXT_MIN_DOTS, dots_of(TEXT_MIN, form->dpi));
	search.text_most = greater(dots_of(TEXT_WISH, form->dpi), lesser / WISH_TEXT);
	return search;
}

/* How good sizes are: the poorer of symbol and text counts first, then both. */
static unsigned
score_of(const struct search *search, unsigned module, unsigned text)
{
	unsigned symbol = module * 100 / search->module_most;
	unsigned words = text * 100 / search->text_most;
	unsigned least = symbol < words ? symbol : words;

	return least * 1000 + symbol + words;
}

/* The largest text for symbols that have been placed. */
static void
try_text(struct search *search, const struct label_layout *placed,
	const struct label_box *area, unsigned weight)
{
	struct label_layout layout = *placed;

	for (unsigned height = search->text_most; height >= search->text_least;
		height--) {
		struct label_setting setting = {height, true};
		unsigned score = score_of(search, layout.main.module, height) * weight;

		if (score + 1 <= search->best)
			return;
		if (label_block_set(&layout, area, search->words, &setting)) {
			score++;
		} else {
			setting.caption = false;
			if (!label_block_set(&layout, area, search->words, &setting))
				continue;
		}
		if (score > search->best && text_clear(&layout, search->main_size)) {
			*search->out = layout;
			search->best = score;
		}
		return;
	}
}

static void
try_sizes(struct search *search, const struct label_arrangement *arrangement,
	unsigned module, unsigned mark)
{
	const struct label_form *form = search->form;
	struct label_layout layout = {{0, 0, module}, {0, 0, mark}, 0, {{0}}};
	unsigned quiet = LABEL_SYMBOL_QUIET * greater(module, mark);
	struct label_sizes sizes = {
		.width = (int)form->width,
		.height = (int)form->height,
		.edge = (int)greater(dots_of(EDGE, form->dpi), LABEL_SYMBOL_QUIET * mark),
		.main = (int)(search->main_size * module),
		.main_quiet = (int)(LABEL_SYMBOL_QUIET * module),
		.mark = (int)(LABEL_SYMBOL_MARK_SIZE * mark),
		.mark_quiet = (int)(LABEL_SYMBOL_QUIET * mark),
		.between = (int)quiet,
	};
	struct label_box area;

	arrangement->place(&layout, &area, &sizes);
	if (symbols_fit(&layout, search->main_size, form))
		try_text(search, &layout, &area, arrangement->weight);
}

static bool
possible(const struct label_words *words)
{
	if (!label_text_possible(words->mark) || !label_text_possible(words->caption))
		return false;
	return !words->address || (label_text_possible(words->address) &&
					  strlen(words->address) <= LABEL_ADDRESS_CHARS);
}

int
label_layout_page(struct label_layout *out, const struct label_form *form,
	unsigned main_size, const struct label_words *words)
{
	struct search search = search_of(form, words, main_size, out);
	unsigned mark = greater(LABEL_MODULE_MIN, dots_of(MARK_WISH, form->dpi));

	memset(out, 0, sizeof *out);
	if (!possible(words))
		return KE_BAD_FIELD;
	for (; mark >= LABEL_MODULE_MIN && search.best == 0; mark--)
		for (unsigned module = search.module_most; module >= LABEL_MODULE_MIN;
			module--)
			for (size_t i = 0; i < LABEL_ARRANGEMENTS; i++)
				try_sizes(&search, &label_arrangements[i], module, mark);
	return search.best ? 0 : KE_DOES_NOT_FIT;
}
