/* SPDX-License-Identifier: MIT */
/* From a load to a label that was read back, and the digest of what was read. */
#ifndef KEYLINE_DRIVERS_PRINT_DRAW_H
#define KEYLINE_DRIVERS_PRINT_DRAW_H

#include "drivers/driver_load.h"
#include "drivers/ipp_printer.h"
#include "drivers/label.h"
#include "proto/line.h"

/*
 * Draws a sticker or setup label for media at dpi (the media's own is not looked at),
 * and checks it.  Returns 0, or what label_form_of(), label_new() and label_check()
 * return, or KE_CRYPTO; *out is NULL then.
 */
KEYLINE_WARN_UNUSED int print_draw(struct label **out,
	unsigned char digest[LINE_DIGEST_LEN], const struct ipp_media *media,
	unsigned dpi, const struct driver_load *load);

#endif
