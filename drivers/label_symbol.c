/* SPDX-License-Identifier: MIT */
#include "drivers/label_symbol.h"
#include "drivers/label_raster.h"
#include "proto/secret_bytes.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <openssl/crypto.h>
#include <qrencode.h>

/* The lowest bit of libqrencode's module says black. */
enum { MODULE_BLACK = 1 };

struct label_symbol {
	unsigned size;
	struct secret *modules;
};

static int
take_modules(struct label_symbol **out, const QRcode *code)
{
	size_t size = (size_t)code->width;
	struct label_symbol *symbol = calloc(1, sizeof *symbol);

	if (!symbol)
		return KE_NO_MEMORY;
	symbol->size = (unsigned)size;
	symbol->modules = secret_new(size * size);
	if (!symbol->modules ||
		secret_set(symbol->modules, code->data, size * size) != 0) {
		label_symbol_free(symbol);
		return KE_NO_MEMORY;
	}
	*out = symbol;
	return 0;
}

static int
encode(struct label_symbol **out, int version, QRecLevel level, QRencodeMode mode,
	const void *bytes, size_t len)
{
	QRinput *input;
	QRcode *code = NULL;
	int rc = KE_BAD_FIELD;

	*out = NULL;
	if (len == 0 || len > 4096 || QRinput_check(mode, (int)len, bytes) != 0)
		return KE_BAD_FIELD;
	input = QRinput_new2(version, level);
	if (!input)
		return KE_NO_MEMORY;
	if (QRinput_append(input, mode, (int)len, bytes) == 0)
		code = QRcode_encodeInput(input);
	if (code && (version == 0 || code->version == version))
		rc = take_modules(out, code);
	else if (!code && errno == ENOMEM)
		rc = KE_NO_MEMORY;
	if (code)
		OPENSSL_cleanse(code->data, (size_t)code->width * (size_t)code->width);
	QRcode_free(code);
	QRinput_free(input);
	return rc;
}

int
label_symbol_new(struct label_symbol **out, const void *bytes, size_t len)
{
	return encode(out, 0, QR_ECLEVEL_M, QR_MODE_8, bytes, len);
}

int
label_symbol_new_mark(struct label_symbol **out, const void *bytes, size_t len)
{
	QRecLevel level = len > LABEL_SYMBOL_MARK_M ? QR_ECLEVEL_L : QR_ECLEVEL_M;

	*out = NULL;
	if (len > LABEL_SYMBOL_MARK_CHARS)
		return KE_BAD_FIELD;
	return encode(out, 1, level, QR_MODE_AN, bytes, len);
}

void
label_symbol_free(struct label_symbol *symbol)
{
	if (!symbol)
		return;
	secret_free(symbol->modules);
	free(symbol);
}

unsigned
label_symbol_size(const struct label_symbol *symbol)
{
	return symbol->size;
}

bool
label_symbol_module(const struct label_symbol *symbol, unsigned column, unsigned row)
{
	return secret_view(symbol->modules)[row * symbol->size + column] & MODULE_BLACK;
}

void
label_symbol_draw(struct label_raster *raster, const struct label_symbol *symbol,
	const struct label_place *place)
{
	for (unsigned row = 0; row < symbol->size; row++)
		for (unsigned column = 0; column < symbol->size; column++)
			label_raster_fill(raster,
				place->x + (int)(column * place->module),
				place->y + (int)(row * place->module), place->module,
				place->module, label_symbol_module(symbol, column, row));
}

static bool
module_stands(
	const struct label_raster *raster, int x, int y, unsigned module, bool black)
{
	for (unsigned dy = 0; dy < module; dy++)
		for (unsigned dx = 0; dx < module; dx++)
			if (label_raster_get(raster, x + (int)dx, y + (int)dy) != black)
				return false;
	return true;
}

bool
label_symbol_stands(const struct label_raster *raster, const struct label_symbol *symbol,
	const struct label_place *place)
{
	int quiet = (int)(LABEL_SYMBOL_QUIET * place->module);
	int side = (int)(symbol->size * place->module);
	unsigned across = (unsigned)(side + 2 * quiet);

	if (place->x < quiet || place->y < quiet ||
		place->x + side + quiet > (int)label_raster_width(raster) ||
		place->y + side + quiet > (int)label_raster_height(raster))
		return false;
	for (unsigned row = 0; row < symbol->size; row++)
		for (unsigned column = 0; column < symbol->size; column++)
			if (!module_stands(raster,
				    place->x + (int)(column * place->module),
				    place->y + (int)(row * place->module), place->module,
				    label_symbol_module(symbol, column, row)))
				return false;
	return label_raster_white(raster, place->x - quiet, place->y - quiet, across,
		       (unsigned)quiet) &&
	       label_raster_white(raster, place->x - quiet, place->y + side, across,
		       (unsigned)quiet) &&
	       label_raster_white(raster, place->x - quiet, place->y, (unsigned)quiet,
		       (unsigned)side) &&
	       label_raster_white(raster, place->x + side, place->y, (unsigned)quiet,
		       (unsigned)side);
}
