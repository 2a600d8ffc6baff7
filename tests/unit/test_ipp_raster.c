/* SPDX-License-Identifier: MIT */
/* Documents read back with libcups' reader, dot by dot. */
#include "harness.h"
#include "drivers/ipp_raster.h"
#include "drivers/label_raster.h"
#include "proto/error.h"
#include <string.h>
#include <cups/cups.h>
#include <cups/raster.h>

enum { SIDE = 159 }; /* 20 mm at 203 dots an inch, truncated */

struct bytes {
	unsigned char data[1 << 18];
	size_t len;
	size_t at;
	size_t limit; /* the sink fails beyond it; 0: it does not */
};

static struct bytes bytes;
static struct label_raster *pages[2];

static void
open_pages(void)
{
	memset(&bytes, 0, sizeof bytes);
	for (unsigned i = 0; i < 2; i++) {
		ck_assert_int_eq(label_raster_new(&pages[i], SIDE, SIDE), 0);
		for (int y = 0; y < SIDE; y++)
			for (int x = 0; x < SIDE; x++)
				label_raster_set(pages[i], x, y,
					(x * 7 + y * (int)(3 + i)) % 11 < 4);
	}
}

static void
close_pages(void)
{
	label_raster_free(pages[0]);
	label_raster_free(pages[1]);
}

static int
collect(void *context, const unsigned char *data, size_t len)
{
	struct bytes *to = context;

	if (to->limit && to->len + len > to->limit)
		return KE_LINK;
	ck_assert_uint_le(to->len + len, sizeof to->data);
	memcpy(to->data + to->len, data, len);
	to->len += len;
	return 0;
}

static ssize_t
give(void *context, unsigned char *buffer, size_t len)
{
	struct bytes *from = context;

	if (len > from->len - from->at)
		len = from->len - from->at;
	memcpy(buffer, from->data + from->at, len);
	from->at += len;
	return (ssize_t)len;
}

static struct ipp_document
document_of(enum ipp_format format)
{
	static const struct label_raster *both[2];

	both[0] = pages[0];
	both[1] = pages[1];
	return (struct ipp_document){format, 2000, 2000, 203, both, 2};
}

static void
expect_page(cups_raster_t *raster, const struct label_raster *page, unsigned bits)
{
	unsigned char line[SIDE + 8];
	cups_page_header2_t header;

	ck_assert_int_eq((int)cupsRasterReadHeader2(raster, &header), 1);
	ck_assert_uint_eq(header.cupsWidth, SIDE);
	ck_assert_uint_eq(header.cupsHeight, SIDE);
	ck_assert_uint_eq(header.cupsBitsPerPixel, bits);
	ck_assert_uint_eq(header.HWResolution[0], 203);
	ck_assert_uint_eq(header.HWResolution[1], 203);
	for (int y = 0; y < SIDE; y++) {
		unsigned wrong = 0;

		ck_assert_uint_eq(
			cupsRasterReadPixels(raster, line, header.cupsBytesPerLine),
			header.cupsBytesPerLine);
		for (int x = 0; x < SIDE; x++) {
			bool black =
				bits == 8 ? line[x] == 0 : line[x / 8] >> (7 - x % 8) & 1;

			wrong += black != label_raster_get(page, x, y);
			wrong += bits == 8 && line[x] != 0 && line[x] != 0xff;
		}
		ck_assert_uint_eq(wrong, 0);
	}
}

struct format_row {
	enum ipp_format format;
	const char *magic;
	const char *mime;
	unsigned bits;
};

static const struct format_row format_rows[] = {
	{IPP_PWG_BLACK_1, "RaS2", "image/pwg-raster", 1},
	{IPP_PWG_SGRAY_8, "RaS2", "image/pwg-raster", 8},
	{IPP_URF_GRAY_8, "UNIRAST", "image/urf", 8},
};

START_TEST(writes_what_a_reader_reads)
{
	const struct format_row *row = &format_rows[_i];
	struct ipp_document document = document_of(row->format);
	cups_page_header2_t header;
	cups_raster_t *raster;

	ck_assert_str_eq(ipp_format_mime(row->format), row->mime);
	ck_assert_int_eq(ipp_raster_write(&document, collect, &bytes), 0);
	ck_assert_mem_eq(bytes.data, row->magic, strlen(row->magic));
	raster = cupsRasterOpenIO(give, &bytes, CUPS_RASTER_READ);
	ck_assert_ptr_nonnull(raster);
	expect_page(raster, pages[0], row->bits);
	expect_page(raster, pages[1], row->bits);
	ck_assert_int_eq((int)cupsRasterReadHeader2(raster, &header), 0);
	cupsRasterClose(raster);
}
END_TEST

START_TEST(ends_when_the_sink_fails)
{
	struct ipp_document document = document_of(IPP_PWG_BLACK_1);
	size_t whole;

	ck_assert_int_eq(ipp_raster_write(&document, collect, &bytes), 0);
	whole = bytes.len;
	for (size_t limit = 1; limit < whole; limit += 61 * harness_stride(512)) {
		bytes.len = 0;
		bytes.limit = limit;
		ck_assert_int_eq(ipp_raster_write(&document, collect, &bytes), KE_LINK);
	}
}
END_TEST

START_TEST(refuses_pages_of_another_size)
{
	struct ipp_document document = document_of(IPP_PWG_BLACK_1);

	document.media_width = 2100;
	ck_assert_int_eq(ipp_raster_write(&document, collect, &bytes), KE_BAD_ARGUMENT);
	document = document_of(IPP_PWG_SGRAY_8);
	document.dpi = 300;
	ck_assert_int_eq(ipp_raster_write(&document, collect, &bytes), KE_BAD_ARGUMENT);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("ipp_raster");
	TCase *all = tcase_create("all");

	tcase_add_checked_fixture(all, open_pages, close_pages);
	tcase_add_loop_test(all, writes_what_a_reader_reads, 0,
		sizeof format_rows / sizeof format_rows[0]);
	tcase_add_test(all, ends_when_the_sink_fails);
	tcase_add_test(all, refuses_pages_of_another_size);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}
