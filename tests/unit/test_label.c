/* SPDX-License-Identifier: MIT */
/* Geometry of labels over resolutions, media and contents; and what the check refuses. */
#include "harness.h"
#include "drivers/label_check.h"
#include "drivers/label_raster.h"
#include "drivers/label_text.h"
#include "proto/secret_bytes.h"
#include <stdio.h>
#include <string.h>

#define EPK "6PnTTnPTwVZEWeggP4hi2j5hpGXb5Ya3tDGeuNrxhSN9e7ZmzjGdDWhSrV"
#define BC1Q "bc1qxy2kgdygjrsqtzq2n0yrf2493p83kkfjhx0wlh"
#define BC1P "bc1p5cyxnuxmeuwuvkwfem96lqzszd02n6xdcjrs20cac6yqjjwudpxqkedrcr"
#define ETH "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"
#define BCH "bitcoincash:qpm2qsznhks23z7629mms6s4cwef74vcwvy22gdx6a"
#define DOGE "DH5yaieqoZN36fDVciNyRueRGvGLR3mr7L"

static struct label_content
content_of(const char *address)
{
	return (struct label_content){
		.serial = "AA000001K", .epk = EPK, .address = address, .test = true};
}

static struct label *
make(unsigned width, unsigned height, unsigned dpi, const struct label_content *content)
{
	struct label *label = NULL;
	struct label_form form;

	ck_assert_int_eq(label_form_of(&form, width, height, dpi), 0);
	ck_assert_int_eq(label_new(&label, &form, content), 0);
	return label;
}

static int
check(const struct label *label, const struct label_content *content)
{
	struct label_reading reading;
	int rc = label_check(&reading, label, content);

	if (rc == 0)
		label_reading_free(&reading);
	return rc;
}

struct media_row {
	unsigned width;
	unsigned height;
	unsigned dpi;
	int rc; /* for a 62-character address */
};

static const struct media_row media_rows[] = {
	{4000, 4000, 203, 0},
	{4000, 4000, 300, 0},
	{4000, 4000, 600, 0},
	{3000, 5000, 203, 0},
	{3000, 5000, 300, 0},
	{6000, 3000, 203, 0},
	{6000, 3000, 300, 0},
	{10000, 5000, 203, 0},
	{5080, 2540, 300, 0},
	{2500, 2500, 203, KE_DOES_NOT_FIT},
	{2500, 2500, 300, 0},
	{2500, 2500, 600, 0},
	{2000, 2000, 300, KE_DOES_NOT_FIT},
	{2000, 2000, 600, 0},
	{1500, 1500, 600, KE_DOES_NOT_FIT},
	{4000, 1500, 300, KE_DOES_NOT_FIT},
};

enum { MEDIA_ROWS = sizeof media_rows / sizeof media_rows[0] };

static const char *const addresses[] = {BC1P, BC1Q, ETH, BCH, DOGE};

enum { ADDRESSES = sizeof addresses / sizeof addresses[0] };

static void
expect_apart(const struct label *label, enum label_layer layer, unsigned size)
{
	const struct label_layout *layout = &label->pages[layer].layout;
	const struct label_box main = label_box_of_symbol(&layout->main, size);
	const struct label_box mark =
		label_box_of_symbol(&layout->mark, LABEL_SYMBOL_MARK_SIZE);
	const struct label_box page = {0, 0, label->form.width, label->form.height};

	ck_assert_uint_ge(layout->main.module, LABEL_MODULE_MIN);
	ck_assert_uint_ge(layout->mark.module, LABEL_MODULE_MIN);
	for (size_t i = 0; i < layout->count; i++) {
		const struct label_box *box = &layout->lines[i].box;

		ck_assert(!label_box_meet(box, &main));
		ck_assert(!label_box_meet(box, &mark));
		ck_assert_int_ge(box->x, 0);
		ck_assert_int_ge(box->y, 0);
		ck_assert_int_le(box->x + (int)box->width, (int)page.width);
		ck_assert_int_le(box->y + (int)box->height, (int)page.height);
		for (size_t j = 0; j < i; j++)
			ck_assert(!label_box_meet(box, &layout->lines[j].box));
	}
}

/* All ink is inside a symbol's square or a line's box. */
static void
expect_inside(const struct label *label, enum label_layer layer, unsigned size)
{
	const struct label_page *page = &label->pages[layer];
	const struct label_layout *layout = &page->layout;
	struct label_raster *copy;

	ck_assert_int_eq(
		label_raster_new(&copy, label->form.width, label->form.height), 0);
	for (int y = 0; y < (int)label->form.height; y++)
		for (int x = 0; x < (int)label->form.width; x++)
			label_raster_set(
				copy, x, y, label_raster_get(page->raster, x, y));
	for (size_t i = 0; i < layout->count; i++) {
		const struct label_box *box = &layout->lines[i].box;

		label_raster_fill(copy, box->x, box->y, box->width, box->height, false);
	}
	label_raster_fill(copy, layout->main.x, layout->main.y,
		size * layout->main.module, size * layout->main.module, false);
	label_raster_fill(copy, layout->mark.x, layout->mark.y,
		LABEL_SYMBOL_MARK_SIZE * layout->mark.module,
		LABEL_SYMBOL_MARK_SIZE * layout->mark.module, false);
	ck_assert(label_raster_white(copy, 0, 0, label->form.width, label->form.height));
	label_raster_free(copy);
}

/* The mark of a layer in its symbol and in words. */
static void
expect_mark(const struct label *label, enum label_layer layer, const char *text)
{
	const struct label_page *page = &label->pages[layer];
	struct label_symbol *mark;

	ck_assert_int_eq(label_symbol_new_mark(&mark, text, strlen(text)), 0);
	ck_assert(label_symbol_stands(page->raster, mark, &page->layout.mark));
	label_symbol_free(mark);
	ck_assert_int_eq(page->layout.lines[0].style, LABEL_SERIAL);
	ck_assert_str_eq(page->layout.lines[0].text, text);
}

static unsigned
size_of(const char *text)
{
	struct label_symbol *symbol;
	unsigned size;

	ck_assert_int_eq(label_symbol_new(&symbol, text, strlen(text)), 0);
	size = label_symbol_size(symbol);
	label_symbol_free(symbol);
	return size;
}

START_TEST(geometry)
{
	const struct media_row *row = &media_rows[_i / ADDRESSES];
	const char *address = addresses[_i % ADDRESSES];
	struct label_content content = content_of(address);
	struct label *label = NULL;
	struct label_form form;
	int rc;

	content.test = _i % 2;
	ck_assert_int_eq(label_form_of(&form, row->width, row->height, row->dpi), 0);
	rc = label_new(&label, &form, &content);
	if (strcmp(address, BC1P) == 0)
		ck_assert_int_eq(rc, row->rc);
	if (rc != 0) {
		ck_assert_int_eq(rc, KE_DOES_NOT_FIT);
		ck_assert_ptr_null(label);
		return;
	}
	expect_apart(label, LABEL_BOTTOM, size_of(EPK));
	expect_apart(label, LABEL_TOP, size_of(address));
	expect_inside(label, LABEL_BOTTOM, size_of(EPK));
	expect_inside(label, LABEL_TOP, size_of(address));
	ck_assert_int_eq(check(label, &content), 0);
	label_free(label);
}
END_TEST

START_TEST(counts_dots_as_raster_does)
{
	struct label_form form;

	ck_assert_int_eq(label_form_of(&form, 4000, 4000, 300), 0);
	ck_assert_uint_eq(form.width, 472);
	ck_assert_int_eq(label_form_of(&form, 4000, 2500, 203), 0);
	ck_assert_uint_eq(form.width, 319);
	ck_assert_uint_eq(form.height, 199);
	ck_assert_int_eq(label_form_of(&form, 0, 4000, 300), KE_BAD_ARGUMENT);
	ck_assert_int_eq(label_form_of(&form, 4000, 50000, 600), KE_BAD_ARGUMENT);
	ck_assert_int_eq(label_form_of(&form, 4000, 4000, 72), KE_BAD_ARGUMENT);
}
END_TEST

START_TEST(symbols_have_their_versions)
{
	struct label_symbol *mark;

	/* Version 4 for an EPK and bc1p, 3 for bc1q: the table of the design. */
	ck_assert_uint_eq(size_of(EPK), 33);
	ck_assert_uint_eq(size_of(BC1P), 33);
	ck_assert_uint_eq(size_of(BC1Q), 29);
	ck_assert_int_eq(label_symbol_new_mark(&mark, "ABCDEFGHIJ0123456789", 20), 0);
	ck_assert_uint_eq(label_symbol_size(mark), LABEL_SYMBOL_MARK_SIZE);
	label_symbol_free(mark);
	/* The mark of a lower layer, of the longest serial. */
	ck_assert_int_eq(label_symbol_new_mark(&mark, "ABCDEFGHIJ0123456789/L", 22), 0);
	ck_assert_uint_eq(label_symbol_size(mark), LABEL_SYMBOL_MARK_SIZE);
	label_symbol_free(mark);
	ck_assert_int_eq(label_symbol_new_mark(&mark, "ABCDEFGHIJ0123456789/LL", 23),
		KE_BAD_FIELD);
	ck_assert_ptr_null(mark);
	ck_assert_int_eq(label_symbol_new_mark(&mark, "aa000001k", 9), KE_BAD_FIELD);
	ck_assert_int_eq(label_symbol_new_mark(&mark, "", 0), KE_BAD_FIELD);
}
END_TEST

START_TEST(refuses_what_it_cannot_draw)
{
	struct label_content content = content_of(BC1Q);
	struct label_form form;
	struct label *label;

	ck_assert_int_eq(label_form_of(&form, 4000, 4000, 300), 0);
	content.serial = "aa1";
	ck_assert_int_eq(label_new(&label, &form, &content), KE_BAD_FIELD);
	content.serial = "ABCDEFGHIJ01234567890";
	ck_assert_int_eq(label_new(&label, &form, &content), KE_BAD_FIELD);
	content = content_of("bc1q\xc3\xa9");
	ck_assert_int_eq(label_new(&label, &form, &content), KE_BAD_FIELD);
	content = content_of("");
	ck_assert_int_eq(label_new(&label, &form, &content), KE_BAD_FIELD);
}
END_TEST

START_TEST(reads_back_what_it_says)
{
	struct label_content content = content_of(BC1Q);
	struct label *label = make(4000, 4000, 300, &content);
	struct label_reading reading;

	ck_assert_int_eq(label_check(&reading, label, &content), 0);
	ck_assert_uint_eq(secret_len(reading.epk), strlen(EPK));
	ck_assert_mem_eq(secret_view(reading.epk), EPK, strlen(EPK));
	ck_assert_uint_eq(secret_len(reading.address), strlen(BC1Q));
	ck_assert_mem_eq(secret_view(reading.address), BC1Q, strlen(BC1Q));
	ck_assert_str_eq(reading.serial, "AA000001K");
	label_reading_free(&reading);
	label_free(label);
}
END_TEST

/* What the pairing station reads; and what people read beside it. */
START_TEST(each_layer_says_which_it_is)
{
	static const char *const serials[] = {"AA000001K", "ABCDEFGHIJ0123456789"};
	struct label_content content = content_of(BC1Q);
	struct label_reading reading;
	struct label *label;

	for (size_t i = 0; i < sizeof serials / sizeof serials[0]; i++) {
		char lower[32];

		content.serial = serials[i];
		snprintf(lower, sizeof lower, "%s/L", serials[i]);
		label = make(4000, 4000, 300, &content);
		expect_mark(label, LABEL_BOTTOM, lower);
		expect_mark(label, LABEL_TOP, serials[i]);
		ck_assert_int_eq(label_check(&reading, label, &content), 0);
		ck_assert_str_eq(reading.serial, serials[i]);
		label_reading_free(&reading);
		label_free(label);
	}
}
END_TEST

/* Draws another mark in place of a layer's own, whole and with its quiet zone. */
static void
draw_mark(struct label *label, enum label_layer layer, const char *text)
{
	struct label_page *page = &label->pages[layer];
	struct label_symbol *mark;

	ck_assert_int_eq(label_symbol_new_mark(&mark, text, strlen(text)), 0);
	label_symbol_draw(page->raster, mark, &page->layout.mark);
	label_symbol_free(mark);
}

START_TEST(refuses_the_mark_of_another_layer)
{
	struct label_content content = content_of(BC1Q);
	struct label *label = make(4000, 4000, 300, &content);

	draw_mark(label, LABEL_BOTTOM, "AA000001K");
	ck_assert_int_eq(check(label, &content), KE_READBACK);
	draw_mark(label, LABEL_BOTTOM, "AA000002H/L");
	ck_assert_int_eq(check(label, &content), KE_READBACK);
	draw_mark(label, LABEL_BOTTOM, "AA000001K/L");
	ck_assert_int_eq(check(label, &content), 0);
	draw_mark(label, LABEL_TOP, "AA000001K/L");
	ck_assert_int_eq(check(label, &content), KE_READBACK);
	draw_mark(label, LABEL_TOP, "AA000002H");
	ck_assert_int_eq(check(label, &content), KE_READBACK);
	draw_mark(label, LABEL_TOP, "AA000001K");
	ck_assert_int_eq(check(label, &content), 0);
	label_free(label);
}
END_TEST

/* The same in words: the text of a lower layer on an upper one, and none of it. */
START_TEST(refuses_the_words_of_another_layer)
{
	struct label_content content = content_of(BC1Q);

	for (unsigned i = 0; i < LABEL_LAYERS; i++) {
		struct label *label = make(4000, 4000, 300, &content);
		struct label_page *page = &label->pages[i];
		struct label_line *line = &page->layout.lines[0];

		label_raster_fill(page->raster, line->box.x, line->box.y, line->box.width,
			line->box.height, false);
		ck_assert_int_eq(check(label, &content), KE_READBACK);
		snprintf(line->text, sizeof line->text, "AA000001K%s",
			i == LABEL_TOP ? "/L" : "");
		label_line_draw(page->raster, line);
		ck_assert_int_eq(check(label, &content), KE_READBACK);
		label_free(label);
	}
}
END_TEST

START_TEST(says_test_only_on_a_test)
{
	struct label_content content = content_of(BC1Q);
	struct label *marked = make(4000, 4000, 300, &content), *plain;

	content.test = false;
	plain = make(4000, 4000, 300, &content);
	for (unsigned i = 0; i < LABEL_LAYERS; i++) {
		unsigned bars = 0;

		for (size_t j = 0; j < marked->pages[i].layout.count; j++)
			bars += strcmp(marked->pages[i].layout.lines[j].text, "TEST") ==
				0;
		ck_assert_uint_eq(bars, 1);
		for (size_t j = 0; j < plain->pages[i].layout.count; j++)
			ck_assert_str_ne(plain->pages[i].layout.lines[j].text, "TEST");
	}
	ck_assert_int_eq(check(plain, &content), 0);
	ck_assert_int_eq(check(marked, &content), KE_READBACK);
	content.test = true;
	ck_assert_int_eq(check(plain, &content), KE_READBACK);
	label_free(marked);
	label_free(plain);
}
END_TEST

START_TEST(makes_setup_labels)
{
	struct label_content content = label_content_setup(false);
	struct label *label = make(4000, 4000, 203, &content);

	ck_assert_int_eq(check(label, &content), 0);
	ck_assert_uint_eq(strlen(content.epk), strlen(EPK));
	ck_assert_uint_eq(size_of(content.epk), size_of(EPK));
	label_free(label);
}
END_TEST

static void
flip(struct label *label, enum label_layer layer, int x, int y)
{
	struct label_raster *raster = label->pages[layer].raster;

	label_raster_set(raster, x, y, !label_raster_get(raster, x, y));
}

static void
flip_module(struct label *label, enum label_layer layer, const struct label_place *place,
	unsigned column, unsigned row)
{
	struct label_raster *raster = label->pages[layer].raster;
	int x = place->x + (int)(column * place->module);
	int y = place->y + (int)(row * place->module);

	label_raster_fill(raster, x, y, place->module, place->module,
		!label_raster_get(raster, x, y));
}

/* Error correction would hide a damaged module from whoever only decodes. */
START_TEST(refuses_any_module_that_differs)
{
	struct label_content content = content_of(BC1Q);
	struct label *label = make(4000, 4000, 203, &content);
	const unsigned sizes[LABEL_LAYERS] = {size_of(EPK), size_of(BC1Q)};

	for (unsigned layer = 0; layer < LABEL_LAYERS; layer++) {
		const struct label_place *place = &label->pages[layer].layout.main;

		/* A prime step comes to all columns and rows. */
		for (unsigned i = 0; i < sizes[layer] * sizes[layer];
			i += 23 * harness_stride(48)) {
			unsigned column = i % sizes[layer], row = i / sizes[layer];

			flip_module(label, layer, place, column, row);
			ck_assert_int_eq(check(label, &content), KE_READBACK);
			flip_module(label, layer, place, column, row);
		}
		place = &label->pages[layer].layout.mark;
		for (unsigned i = 0; i < 21 * 21; i += 23 * harness_stride(48)) {
			flip_module(label, layer, place, i % 21, i / 21);
			ck_assert_int_eq(check(label, &content), KE_READBACK);
			flip_module(label, layer, place, i % 21, i / 21);
		}
	}
	ck_assert_int_eq(check(label, &content), 0);
	label_free(label);
}
END_TEST

START_TEST(compares_every_dot_of_symbol_and_quiet_zone)
{
	const struct label_place place = {20, 20, 4};
	const int step = (int)harness_stride(3);
	struct label_symbol *symbol;
	struct label_raster *raster;

	ck_assert_int_eq(label_symbol_new_mark(&symbol, "AA000001K", 9), 0);
	ck_assert_int_eq(label_raster_new(&raster, 140, 140), 0);
	label_symbol_draw(raster, symbol, &place);
	ck_assert(label_symbol_stands(raster, symbol, &place));
	for (int y = 0; y < 140; y += step) {
		for (int x = 0; x < 140; x += step) {
			bool zone = x >= 4 && x < 120 && y >= 4 && y < 120;

			label_raster_set(raster, x, y, !label_raster_get(raster, x, y));
			ck_assert(label_symbol_stands(raster, symbol, &place) != zone);
			label_raster_set(raster, x, y, !label_raster_get(raster, x, y));
		}
	}
	label_raster_free(raster);
	ck_assert_int_eq(label_raster_new(&raster, 119, 140), 0);
	label_symbol_draw(raster, symbol, &place);
	ck_assert(!label_symbol_stands(raster, symbol, &place));
	label_raster_free(raster);
	label_symbol_free(symbol);
}
END_TEST

START_TEST(refuses_stray_and_missing_dots)
{
	struct label_content content = content_of(BC1Q);
	struct label *label = make(4000, 4000, 203, &content);
	const struct label_box *text = &label->pages[LABEL_TOP].layout.lines[0].box;
	int last_x = (int)label->form.width - 1, last_y = (int)label->form.height - 1;
	const int dots[][2] = {{0, 0}, {last_x, 0}, {0, last_y}, {last_x, last_y},
		{label->pages[0].layout.main.x - 1, label->pages[0].layout.main.y},
		{text->x + (int)text->width - 1, text->y}, {text->x, text->y}};

	for (unsigned layer = 0; layer < LABEL_LAYERS; layer++) {
		for (size_t i = 0; i < sizeof dots / sizeof dots[0]; i++) {
			flip(label, layer, dots[i][0], dots[i][1]);
			ck_assert_int_eq(check(label, &content), KE_READBACK);
			flip(label, layer, dots[i][0], dots[i][1]);
		}
	}
	/* Lacking words are as wrong as strange ones. */
	label_raster_fill(label->pages[LABEL_TOP].raster, text->x, text->y, text->width,
		text->height, false);
	ck_assert_int_eq(check(label, &content), KE_READBACK);
	label_free(label);
}
END_TEST

START_TEST(refuses_another_set_of_symbols)
{
	struct label_content content = content_of(BC1Q);
	struct label *label = make(8000, 8000, 203, &content);
	struct label_page *top = &label->pages[LABEL_TOP];
	const struct label_place free_place = {500, 250, 4};
	struct label_symbol *mark;

	ck_assert_int_eq(check(label, &content), 0);
	ck_assert_int_eq(label_symbol_new_mark(&mark, "AA000001K", 9), 0);
	label_symbol_draw(top->raster, mark, &free_place);
	ck_assert_int_eq(check(label, &content), KE_READBACK);
	label_raster_fill(top->raster, 500, 250, 84, 84, false);
	ck_assert_int_eq(check(label, &content), 0);
	label_raster_fill(
		top->raster, top->layout.mark.x, top->layout.mark.y, 84, 84, false);
	ck_assert_int_eq(check(label, &content), KE_READBACK);
	label_raster_wipe(top->raster);
	ck_assert_int_eq(check(label, &content), KE_READBACK);
	label_symbol_free(mark);
	label_free(label);
}
END_TEST

static void
swap_pages(struct label_page *a, struct label_page *b)
{
	struct label_page page = *a;

	*a = *b;
	*b = page;
}

START_TEST(refuses_layers_that_are_swapped_or_strange)
{
	struct label_content content = content_of(BC1Q), other = content_of(BC1P);
	struct label *label = make(4000, 4000, 300, &content);
	struct label *strange = make(4000, 4000, 300, &other);

	swap_pages(&label->pages[LABEL_BOTTOM], &label->pages[LABEL_TOP]);
	ck_assert_int_eq(check(label, &content), KE_READBACK);
	swap_pages(&label->pages[LABEL_BOTTOM], &label->pages[LABEL_TOP]);
	swap_pages(&label->pages[LABEL_TOP], &strange->pages[LABEL_TOP]);
	ck_assert_int_eq(check(label, &content), KE_READBACK);
	label_free(label);
	label_free(strange);
}
END_TEST

START_TEST(refuses_content_that_differs)
{
	static const char epk[] =
		"6PnTTnPTwVZEWeggP4hi2j5hpGXb5Ya3tDGeuNrxhSN9e7ZmzjGdDWhSrW";
	struct label_content content = content_of(BC1Q), other = content;
	struct label *label = make(4000, 4000, 300, &content);

	other.serial = "AA000002H";
	ck_assert_int_eq(check(label, &other), KE_READBACK);
	other = content;
	other.epk = epk;
	ck_assert_int_eq(check(label, &other), KE_READBACK);
	other = content;
	other.address = DOGE;
	ck_assert_int_eq(check(label, &other), KE_READBACK);
	other = content;
	other.setup = true;
	ck_assert_int_eq(check(label, &other), KE_READBACK);
	label_free(label);
}
END_TEST

START_TEST(draws_text_within_its_size)
{
	static const char text[] = "AWgjpqy/:.-09 lI";
	unsigned heights[] = {11, 14, 22, 47};

	for (unsigned i = 0; i < 4; i++) {
		unsigned h = heights[i], width = label_text_width(text, h);
		unsigned tall = h + label_text_descent(h);
		struct label_raster *raster;

		ck_assert_int_eq(label_raster_new(&raster, width + 20, tall + 20), 0);
		label_text_draw(raster, 10, 10, text, h, true);
		ck_assert(!label_raster_white(raster, 10, 10, width, tall));
		label_raster_fill(raster, 10, 10, width, tall, false);
		ck_assert(label_raster_white(raster, 0, 0, width + 20, tall + 20));
		label_raster_free(raster);
	}
	ck_assert(!label_text_possible(""));
	ck_assert(!label_text_possible("a#b"));
	ck_assert(label_text_possible(text));
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("label");
	TCase *all = tcase_create("all");

	tcase_set_timeout(all, 60);
	for (int i = 0; i < MEDIA_ROWS * ADDRESSES; i += harness_stride(31))
		tcase_add_loop_test(all, geometry, i, i + 1);
	tcase_add_test(all, counts_dots_as_raster_does);
	tcase_add_test(all, symbols_have_their_versions);
	tcase_add_test(all, refuses_what_it_cannot_draw);
	tcase_add_test(all, reads_back_what_it_says);
	tcase_add_test(all, each_layer_says_which_it_is);
	tcase_add_test(all, refuses_the_mark_of_another_layer);
	tcase_add_test(all, refuses_the_words_of_another_layer);
	tcase_add_test(all, says_test_only_on_a_test);
	tcase_add_test(all, makes_setup_labels);
	tcase_add_test(all, refuses_any_module_that_differs);
	tcase_add_test(all, compares_every_dot_of_symbol_and_quiet_zone);
	tcase_add_test(all, refuses_stray_and_missing_dots);
	tcase_add_test(all, refuses_another_set_of_symbols);
	tcase_add_test(all, refuses_layers_that_are_swapped_or_strange);
	tcase_add_test(all, refuses_content_that_differs);
	tcase_add_test(all, draws_text_within_its_size);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}
