/* SPDX-License-Identifier: MIT */
#include "drivers/label_check.h"
#include "drivers/label_raster.h"
#include "drivers/label_scan.h"
#include "drivers/label_text.h"
#include "proto/secret_bytes.h"

#include <stdlib.h>
#include <string.h>

static bool
holds(const struct secret *value, const char *text)
{
	size_t len = strlen(text);

	return secret_len(value) == len && memcmp(secret_view(value), text, len) == 0;
}

static bool
lies_in(const struct label_found *found, const struct label_place *place, unsigned size)
{
	int side = (int)(place->module * size);

	return found->x >= place->x && found->x < place->x + side &&
	       found->y >= place->y && found->y < place->y + side;
}

/* The symbols that a page was found to hold. */
struct page_values {
	const struct secret *main;
	const struct secret *mark;
};

/* Exactly two symbols, each where it was placed, each with its content. */
static int
match(struct page_values *out, const struct label_scan *scan,
	const struct label_layout *layout, const char *main, const char *mark)
{
	const struct label_found *a = &scan->found[0], *b = &scan->found[1];

	if (scan->count != 2)
		return KE_READBACK;
	if (lies_in(a, &layout->mark, LABEL_SYMBOL_MARK_SIZE)) {
		a = &scan->found[1];
		b = &scan->found[0];
	}
	if (!lies_in(b, &layout->mark, LABEL_SYMBOL_MARK_SIZE) ||
		lies_in(a, &layout->mark, LABEL_SYMBOL_MARK_SIZE))
		return KE_READBACK;
	if (!holds(a->value, main) || !holds(b->value, mark))
		return KE_READBACK;
	out->main = a->value;
	out->mark = b->value;
	return 0;
}

/* What was decoded, encoded again, must stand module by module. */
static int
check_modules(const struct label_page *page, const struct page_values *values,
	unsigned *main_size)
{
	struct label_symbol *main = NULL, *mark = NULL;
	int rc;

	rc = label_symbol_new(&main, secret_view(values->main), secret_len(values->main));
	if (rc == 0)
		rc = label_symbol_new_mark(
			&mark, secret_view(values->mark), secret_len(values->mark));
	if (rc != 0)
		goto out;
	*main_size = label_symbol_size(main);
	if (!label_symbol_stands(page->raster, main, &page->layout.main) ||
		!label_symbol_stands(page->raster, mark, &page->layout.mark))
		rc = KE_READBACK;
out:
	label_symbol_free(main);
	label_symbol_free(mark);
	return rc;
}

static bool
same_lines(const struct label_layout *a, const struct label_layout *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++) {
		const struct label_line *l = &a->lines[i], *m = &b->lines[i];

		if (l->style != m->style || l->x != m->x || l->y != m->y ||
			l->height != m->height || strcmp(l->text, m->text) != 0)
			return false;
	}
	return true;
}

static bool
in_symbol(const struct label_layout *layout, unsigned main_size, int x, int y)
{
	const struct label_found dot = {NULL, x, y};

	return lies_in(&dot, &layout->main, main_size) ||
	       lies_in(&dot, &layout->mark, LABEL_SYMBOL_MARK_SIZE);
}

/* Whether all dots of a byte of a row that differ lie in symbols. */
static bool
differ_in_symbols(const struct label_layout *layout, unsigned main_size,
	unsigned char differ, int x, int y)
{
	for (int i = 0; i < 8; i++)
		if ((differ >> (7 - i) & 1) && !in_symbol(layout, main_size, x + i, y))
			return false;
	return true;
}

/* Outside of the symbols there is the ink of the lines, inside their boxes, and no other.
 */
static int
check_ink(const struct label_page *page, unsigned main_size)
{
	const struct label_layout *layout = &page->layout;
	unsigned width = label_raster_width(page->raster);
	unsigned height = label_raster_height(page->raster);
	struct label_raster *words;
	int rc = label_raster_new(&words, width, height);

	if (rc != 0)
		return rc;
	for (size_t i = 0; i < layout->count; i++)
		label_line_draw(words, &layout->lines[i]);
	for (unsigned y = 0; y < height && rc == 0; y++) {
		const unsigned char *want = label_raster_row(words, y);
		const unsigned char *have = label_raster_row(page->raster, y);

		for (size_t i = 0; i < label_raster_stride(words) && rc == 0; i++)
			if (!differ_in_symbols(layout, main_size, want[i] ^ have[i],
				    (int)i * 8, (int)y))
				rc = KE_READBACK;
	}
	label_raster_free(words);
	return rc;
}

/* The words of the page must be those that belong to the decoded values. */
static int
check_words(const struct label *label, enum label_layer layer,
	const struct label_words *words, unsigned main_size)
{
	const struct label_page *page = &label->pages[layer];
	struct label_layout fresh;
	int rc = label_layout_page(&fresh, &label->form, main_size, words);

	if (rc != 0)
		return rc;
	if (!same_lines(&page->layout, &fresh))
		return KE_READBACK;
	return check_ink(page, main_size);
}

/* Keeps what was decoded.  The mark must name this layer, and the serial of the layer
 * that was read before. */
static int
keep(struct label_reading *out, enum label_layer layer, const struct page_values *values)
{
	struct secret **value = layer == LABEL_TOP ? &out->address : &out->epk;
	struct layer_mark mark = {"", LAYER_MARK_LOWER};

	if (layer_mark_parse(&mark, NULL, (const char *)secret_view(values->mark),
		    secret_len(values->mark)) != 0 ||
		mark.layer != label_mark_layer(layer))
		return KE_READBACK;
	if (out->serial[0] != '\0' && strcmp(out->serial, mark.serial) != 0)
		return KE_READBACK;
	memcpy(out->serial, mark.serial, sizeof out->serial);
	*value = secret_new(secret_len(values->main));
	if (!*value)
		return KE_NO_LOCKED_MEMORY;
	return secret_append_secret(*value, values->main);
}

static int
check_page(struct label_reading *out, const struct label *label, enum label_layer layer,
	const struct label_content *content)
{
	const struct label_page *page = &label->pages[layer];
	const char *main = layer == LABEL_TOP ? content->address : content->epk;
	struct page_values values;
	struct label_words words;
	struct label_scan scan;
	unsigned main_size = 0;
	int rc = label_words_of(&words, layer, content);

	if (rc != 0)
		return rc;
	rc = label_scan_page(&scan, page->raster);
	if (rc == 0)
		rc = match(&values, &scan, &page->layout, main, words.mark);
	if (rc == 0)
		rc = check_modules(page, &values, &main_size);
	if (rc == 0)
		rc = check_words(label, layer, &words, main_size);
	if (rc == 0)
		rc = keep(out, layer, &values);
	label_scan_free(&scan);
	return rc;
}

int
label_check(struct label_reading *out, const struct label *label,
	const struct label_content *content)
{
	int rc;

	memset(out, 0, sizeof *out);
	rc = check_page(out, label, LABEL_BOTTOM, content);
	if (rc == 0)
		rc = check_page(out, label, LABEL_TOP, content);
	if (rc != 0)
		label_reading_free(out);
	return rc;
}

void
label_reading_free(struct label_reading *reading)
{
	secret_free(reading->epk);
	secret_free(reading->address);
	memset(reading, 0, sizeof *reading);
}
