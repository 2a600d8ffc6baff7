/* SPDX-License-Identifier: MIT */
/* QR symbols found in a page by zbar, for label_check.c alone. */
#ifndef KEYLINE_DRIVERS_LABEL_SCAN_H
#define KEYLINE_DRIVERS_LABEL_SCAN_H

#include <stddef.h>
#include "drivers/label_layout.h"
#include "proto/error.h"

struct label_raster;
struct secret;

enum { LABEL_SCAN_MAX = 8 };

/* A decoded symbol: its content, and the middle of where it was found. */
struct label_found {
	struct secret *value;
	int x;
	int y;
};

struct label_scan {
	size_t count;
	struct label_found found[LABEL_SCAN_MAX];
};

/*
 * Finds all QR symbols.  Returns 0, KE_READBACK (more than LABEL_SCAN_MAX), KE_NO_MEMORY
 * or KE_NO_LOCKED_MEMORY; free *out in any case.
 */
KEYLINE_WARN_UNUSED int label_scan_page(
	struct label_scan *out, const struct label_raster *raster);
void label_scan_free(struct label_scan *scan);

#endif
