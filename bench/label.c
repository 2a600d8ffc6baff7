/* SPDX-License-Identifier: MIT */
/*
 * bench/label ROUNDS: a two-layer sticker of 40 x 40 mm at 300 dpi, in ms of one core.
 *
 *	keyline     both layers drawn, read back, compared and packed as PWG raster
 *	libqrencode its four symbols alone
 *	zbar        both layers read alone
 *	render, pack  the product's two other parts
 */
#define _POSIX_C_SOURCE 200809L
#include "bench/figure.h"
#include "drivers/ipp_raster.h"
#include "drivers/label.h"
#include "drivers/label_check.h"
#include "drivers/label_scan.h"
#include "drivers/label_symbol.h"
#include "proto/secret.h"

#include <stdio.h>
#include <string.h>

enum { ROUNDS_MAX = 1000, STICKERS = 8, MEDIA = 4000, DPI = 300 };

static const struct label_content content = {.serial = "AA0000016",
	.epk = "6PnTTnPTwVZEWeggP4hi2j5hpGXb5Ya3tDGeuNrxhSN9e7ZmzjGdDWhSrV",
	.address = "bc1qxy2kgdygjrsqtzq2n0yrf2493p83kkfjhx0wlh",
	.test = true};

static struct label_form form;
static struct label *kept;
static size_t packed;

static int
take(void *context, const unsigned char *bytes, size_t len)
{
	(void)context;
	(void)bytes;
	packed += len;
	return 0;
}

static void
pack_label(const struct label *label)
{
	const struct label_raster *pages[LABEL_LAYERS] = {
		label->pages[0].raster, label->pages[1].raster};
	const struct ipp_document document = {
		IPP_PWG_BLACK_1, MEDIA, MEDIA, DPI, pages, LABEL_LAYERS};

	figure_must(ipp_raster_write(&document, take, NULL), "raster");
}

static void
whole(void)
{
	struct label_reading reading;
	struct label *label;

	figure_must(label_new(&label, &form, &content), "label");
	figure_must(label_check(&reading, label, &content), "read back");
	pack_label(label);
	label_reading_free(&reading);
	label_free(label);
}

static void
render(void)
{
	struct label *label;

	figure_must(label_new(&label, &form, &content), "label");
	label_free(label);
}

static void
pack(void)
{
	pack_label(kept);
}

static void
encode(void)
{
	struct label_symbol *symbol;

	figure_must(label_symbol_new(&symbol, content.epk, strlen(content.epk)), "epk");
	label_symbol_free(symbol);
	figure_must(label_symbol_new(&symbol, content.address, strlen(content.address)),
		"address");
	label_symbol_free(symbol);
	figure_must(label_symbol_new_mark(&symbol, "AA0000016/L", 11), "mark");
	label_symbol_free(symbol);
	figure_must(label_symbol_new_mark(&symbol, "AA0000016", 9), "mark");
	label_symbol_free(symbol);
}

static void
scan(void)
{
	for (size_t i = 0; i < LABEL_LAYERS; i++) {
		struct label_scan found;

		figure_must(label_scan_page(&found, kept->pages[i].raster), "scan");
		figure_must(found.count == 2 ? 0 : KE_READBACK, "scan");
		label_scan_free(&found);
	}
}

static const struct {
	const char *who;
	void (*work)(void);
} parts[] = {{"keyline", whole}, {"libqrencode", encode}, {"zbar", scan},
	{"render", render}, {"pack", pack}};

int
main(int argc, char **argv)
{
	size_t rounds = figure_number(
		argc == 2 ? argv[1] : NULL, ROUNDS_MAX, "bench/label ROUNDS");

	figure_must(secret_heap_init((size_t)1 << 18), "locked memory");
	figure_must(label_form_of(&form, MEDIA, MEDIA, DPI), "form");
	figure_must(label_new(&kept, &form, &content), "label");
	for (size_t i = 0; i < rounds; i++)
		for (size_t k = 0; k < sizeof parts / sizeof parts[0]; k++) {
			double began = figure_thread_ms();

			for (size_t n = 0; n < STICKERS; n++)
				parts[k].work();
			figure_put("label", parts[k].who,
				(figure_thread_ms() - began) / STICKERS);
		}
	label_free(kept);
	return packed > 0 ? 0 : 1;
}
