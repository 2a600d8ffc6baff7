/* SPDX-License-Identifier: MIT */
#include "drivers/label.h"
#include "drivers/label_raster.h"
#include "drivers/label_text.h"

#include <stdlib.h>
#include <string.h>

struct label_content
label_content_setup(bool test)
{
	return (struct label_content){
		.serial = "SETUP",
		.epk = "SETUP.0123456789.ABCDEFGHIJKLMNOPQRSTUVWXYZ.abcdefghijklmn",
		.address = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdef",
		.test = test,
		.setup = true,
	};
}

enum layer_mark_layer
label_mark_layer(enum label_layer layer)
{
	return layer == LABEL_TOP ? LAYER_MARK_UPPER : LAYER_MARK_LOWER;
}

int
label_words_of(struct label_words *out, enum label_layer layer,
	const struct label_content *content)
{
	static const char *const captions[2][LABEL_LAYERS] = {
		{"ENCRYPTED KEY", "DEPOSIT ADDRESS"},
		{"BOTTOM LAYER", "TOP LAYER"},
	};

	*out = (struct label_words){
		.caption = captions[content->setup][layer],
		.address = layer == LABEL_TOP ? content->address : NULL,
		.test = content->test,
	};
	return layer_mark_make(out->mark, content->serial, label_mark_layer(layer)) != 0
		       ? KE_BAD_FIELD
		       : 0;
}

void
label_line_draw(struct label_raster *raster, const struct label_line *line)
{
	bool bar = line->style == LABEL_BAR;

	if (bar)
		label_raster_fill(raster, line->box.x, line->box.y, line->box.width,
			line->box.height, true);
	label_text_draw(raster, line->x, line->y, line->text, line->height, !bar);
}

static int
draw_page(struct label_page *page, const struct label_form *form, enum label_layer layer,
	const struct label_content *content)
{
	const char *value = layer == LABEL_TOP ? content->address : content->epk;
	struct label_symbol *main = NULL, *mark = NULL;
	struct label_words words;
	int rc = label_words_of(&words, layer, content);

	if (rc == 0)
		rc = label_symbol_new(&main, value, strlen(value));
	if (rc == 0)
		rc = label_symbol_new_mark(&mark, words.mark, strlen(words.mark));
	if (rc == 0)
		rc = label_layout_page(
			&page->layout, form, label_symbol_size(main), &words);
	if (rc == 0)
		rc = label_raster_new(&page->raster, form->width, form->height);
	if (rc != 0)
		goto out;
	label_symbol_draw(page->raster, main, &page->layout.main);
	label_symbol_draw(page->raster, mark, &page->layout.mark);
	for (size_t i = 0; i < page->layout.count; i++)
		label_line_draw(page->raster, &page->layout.lines[i]);
out:
	label_symbol_free(main);
	label_symbol_free(mark);
	return rc;
}

int
label_new(struct label **out, const struct label_form *form,
	const struct label_content *content)
{
	struct label *label = calloc(1, sizeof *label);
	int rc = 0;

	*out = NULL;
	if (!label)
		return KE_NO_MEMORY;
	label->form = *form;
	for (unsigned i = 0; i < LABEL_LAYERS && rc == 0; i++)
		rc = draw_page(&label->pages[i], form, (enum label_layer)i, content);
	if (rc == 0)
		*out = label;
	else
		label_free(label);
	return rc;
}

void
label_free(struct label *label)
{
	if (!label)
		return;
	for (unsigned i = 0; i < LABEL_LAYERS; i++)
		label_raster_free(label->pages[i].raster);
	free(label);
}
