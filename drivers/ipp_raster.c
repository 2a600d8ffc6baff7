/* SPDX-License-Identifier: MIT */
#include "drivers/ipp_raster.h"
#include "drivers/label_raster.h"

#include <string.h>
#include <cups/cups.h>
#include <cups/pwg.h>
#include <cups/raster.h>

enum { GRAY_WHITE = 0xff };

struct format_row {
	const char *mime;
	const char *type; /* of cupsRasterInitPWGHeader() */
	cups_mode_t mode;
};

static const struct format_row formats[] = {
	[IPP_PWG_BLACK_1] = {"image/pwg-raster", "black_1", CUPS_RASTER_WRITE_PWG},
	[IPP_PWG_SGRAY_8] = {"image/pwg-raster", "sgray_8", CUPS_RASTER_WRITE_PWG},
	[IPP_URF_GRAY_8] = {"image/urf", "sgray_8", CUPS_RASTER_WRITE_APPLE},
};

const char *
ipp_format_mime(enum ipp_format format)
{
	return formats[format].mime;
}

struct stream {
	ipp_raster_sink *sink;
	void *context;
};

static ssize_t
put(void *context, unsigned char *bytes, size_t len)
{
	struct stream *stream = context;

	return stream->sink(stream->context, bytes, len) < 0 ? -1 : (ssize_t)len;
}

static int
init_header(cups_page_header2_t *header, const struct ipp_document *document)
{
	const struct format_row *row = &formats[document->format];
	pwg_media_t *media =
		pwgMediaForSize((int)document->media_width, (int)document->media_height);

	memset(header, 0, sizeof *header);
	if (!media || !cupsRasterInitPWGHeader(header, media, row->type,
			      (int)document->dpi, (int)document->dpi, "one-sided", NULL))
		return KE_BAD_ARGUMENT;
	header->cupsInteger[CUPS_RASTER_PWG_TotalPageCount] = (unsigned)document->count;
	return 0;
}

/* A row of gray from a row of bits. */
static void
spread(unsigned char *gray, const unsigned char *bits, unsigned width)
{
	for (unsigned x = 0; x < width; x++)
		gray[x] = bits[x / 8] >> (7 - x % 8) & 1 ? 0x00 : GRAY_WHITE;
}

static int
write_page(cups_raster_t *raster, cups_page_header2_t *header,
	const struct label_raster *page, unsigned char *line, size_t line_size)
{
	unsigned width = label_raster_width(page);
	const size_t bytes = header->cupsBytesPerLine;

	if (header->cupsWidth != width || bytes > line_size ||
		header->cupsHeight != label_raster_height(page) ||
		(header->cupsBitsPerPixel == 1 && bytes != label_raster_stride(page)))
		return KE_BAD_ARGUMENT;
	if (!cupsRasterWriteHeader2(raster, header))
		return KE_LINK;
	for (unsigned y = 0; y < header->cupsHeight; y++) {
		/* libcups does not write to the pixels, but takes them as if it might. */
		if (header->cupsBitsPerPixel == 1)
			memcpy(line, label_raster_row(page, y), bytes);
		else
			spread(line, label_raster_row(page, y), width);
		if (cupsRasterWritePixels(raster, line, (unsigned)bytes) != bytes)
			return KE_LINK;
	}
	return 0;
}

int
ipp_raster_write(
	const struct ipp_document *document, ipp_raster_sink *sink, void *context)
{
	struct stream stream = {sink, context};
	cups_page_header2_t header;
	cups_raster_t *raster;
	unsigned char *line;
	int rc = init_header(&header, document);

	if (rc != 0)
		return rc;
	line = label_raster_memory(LABEL_RASTER_SIDE_MAX);
	if (!line)
		return KE_NO_LOCKED_MEMORY;
	raster = cupsRasterOpenIO(put, &stream, formats[document->format].mode);
	if (!raster)
		rc = KE_LINK;
	for (size_t i = 0; i < document->count && rc == 0; i++)
		rc = write_page(
			raster, &header, document->pages[i], line, LABEL_RASTER_SIDE_MAX);
	if (raster)
		cupsRasterClose(raster);
	label_raster_memory_free(line, LABEL_RASTER_SIDE_MAX);
	return rc;
}
