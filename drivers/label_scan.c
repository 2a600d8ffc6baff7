/* SPDX-License-Identifier: MIT */
/* The only file that knows zbar. */
#include "drivers/label_scan.h"
#include "drivers/label_raster.h"
#include "proto/secret.h"

#include <string.h>
#include <zbar.h>

/* zbar's "Y800": a byte a dot, 0 = black. */
static void
fill_gray(unsigned char *gray, const struct label_raster *raster)
{
	unsigned width = label_raster_width(raster), height = label_raster_height(raster);

	for (unsigned y = 0; y < height; y++) {
		const unsigned char *row = label_raster_row(raster, y);

		for (unsigned x = 0; x < width; x++)
			*gray++ = row[x / 8] >> (7 - x % 8) & 1 ? 0x00 : 0xff;
	}
}

static int
take_symbol(struct label_scan *scan, const zbar_symbol_t *symbol)
{
	struct label_found *found = &scan->found[scan->count];
	unsigned points = zbar_symbol_get_loc_size(symbol);
	unsigned len = zbar_symbol_get_data_length(symbol);
	long x = 0, y = 0;

	if (scan->count == LABEL_SCAN_MAX || points == 0)
		return KE_READBACK;
	for (unsigned i = 0; i < points; i++) {
		x += zbar_symbol_get_loc_x(symbol, i);
		y += zbar_symbol_get_loc_y(symbol, i);
	}
	found->x = (int)(x / (long)points);
	found->y = (int)(y / (long)points);
	found->value = secret_new(len);
	if (!found->value)
		return KE_NO_LOCKED_MEMORY;
	scan->count++;
	return secret_set(found->value, zbar_symbol_get_data(symbol), len);
}

static int
scan_image(struct label_scan *out, zbar_image_scanner_t *scanner, zbar_image_t *image)
{
	int rc = 0;

	zbar_image_scanner_set_config(scanner, ZBAR_NONE, ZBAR_CFG_ENABLE, 0);
	zbar_image_scanner_set_config(scanner, ZBAR_QRCODE, ZBAR_CFG_ENABLE, 1);
	zbar_image_scanner_set_config(scanner, ZBAR_QRCODE, ZBAR_CFG_BINARY, 1);
	if (zbar_scan_image(scanner, image) < 0)
		return KE_READBACK;
	for (const zbar_symbol_t *symbol = zbar_image_first_symbol(image);
		symbol && rc == 0; symbol = zbar_symbol_next(symbol))
		rc = take_symbol(out, symbol);
	return rc;
}

int
label_scan_page(struct label_scan *out, const struct label_raster *raster)
{
	unsigned width = label_raster_width(raster), height = label_raster_height(raster);
	size_t bytes = (size_t)width * height;
	zbar_image_scanner_t *scanner = NULL;
	zbar_image_t *image = NULL;
	unsigned char *gray;
	int rc = KE_NO_MEMORY;

	memset(out, 0, sizeof *out);
	gray = label_raster_memory(bytes);
	if (!gray)
		return KE_NO_LOCKED_MEMORY;
	scanner = zbar_image_scanner_create();
	image = zbar_image_create();
	if (!scanner || !image)
		goto out;
	fill_gray(gray, raster);
	zbar_image_set_format(image, zbar_fourcc('Y', '8', '0', '0'));
	zbar_image_set_size(image, width, height);
	zbar_image_set_data(image, gray, bytes, NULL);
	rc = scan_image(out, scanner, image);
out:
	if (image)
		zbar_image_destroy(image);
	if (scanner)
		zbar_image_scanner_destroy(scanner);
	label_raster_memory_free(gray, bytes);
	return rc;
}

void
label_scan_free(struct label_scan *scan)
{
	for (size_t i = 0; i < scan->count; i++)
		secret_free(scan->found[i].value);
	memset(scan, 0, sizeof *scan);
}
