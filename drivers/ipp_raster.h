/* SPDX-License-Identifier: MIT */
/*
 * Pages of dots as an IPP document, streamed to a callback, never to a file: PWG
 * Raster (PWG 5102.4) of 1-bit black or 8-bit gray, or Apple Raster of 8-bit gray.
 */
#ifndef KEYLINE_DRIVERS_IPP_RASTER_H
#define KEYLINE_DRIVERS_IPP_RASTER_H

#include <stddef.h>
#include "proto/error.h"

struct label_raster;

enum ipp_format { IPP_PWG_BLACK_1, IPP_PWG_SGRAY_8, IPP_URF_GRAY_8 };

/* "image/pwg-raster" or "image/urf". */
const char *ipp_format_mime(enum ipp_format format);

/* What a document is: media in hundredths of a millimetre. */
struct ipp_document {
	enum ipp_format format;
	unsigned media_width;
	unsigned media_height;
	unsigned dpi;
	const struct label_raster *const *pages;
	size_t count;
};

/* Takes the next bytes of a document; negative stops the stream. */
typedef int ipp_raster_sink(void *context, const unsigned char *bytes, size_t len);

/*
 * Streams the document.  Returns 0, KE_LINK when the sink stopped it, KE_NO_MEMORY, or
 * KE_BAD_ARGUMENT: a page that has not the media's dots.
 */
KEYLINE_WARN_UNUSED int ipp_raster_write(
	const struct ipp_document *document, ipp_raster_sink *sink, void *context);

#endif
