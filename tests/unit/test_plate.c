/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "harness.h"
#include "sim/plate.h"
#include <png.h>
#include <stdint.h>
#include <string.h>

/* A job of a 70 x 16 mm field: one line from (10, 4) to (30, 4) mm, one upright at 50. */
static const unsigned char job[] = {
	0x4b,
	0x56,
	0,
	1,
	0,
	5,
	0,
	1,
	0x11,
	0x70,
	0,
	0,
	0x3e,
	0x80,
	0,
	5,
	3,
	1,
	3,
	0x20,
	0,
	3,
	1,
	0,
	0x07,
	0xd0,
	0x03,
	0x20,
	2,
	0,
	0x17,
	0x70,
	0x03,
	0x20,
	1,
	0,
	0x27,
	0x10,
	0x00,
	0xc8,
	2,
	0,
	0x27,
	0x10,
	0x0b,
	0xb8,
};

/* Where the field begins on the card, as plate.c places it. */
static struct plate_shape
etch(struct plate **plate, size_t records)
{
	struct plate_shape shape;

	*plate = plate_new();
	ck_assert_ptr_nonnull(*plate);
	ck_assert_int_eq(plate_etch(*plate, job, sizeof job, records), 0);
	plate_shape(&shape, *plate);
	return shape;
}

START_TEST(lines_are_where_the_records_say)
{
	struct plate *plate;
	struct plate_shape s = etch(&plate, 5);
	const struct plate_line *l;

	ck_assert_double_eq_tol(s.width, 85.6, 1e-9);
	ck_assert_double_eq_tol(s.field_width, 70, 1e-9);
	ck_assert_double_eq_tol(s.field_height, 16, 1e-9);
	ck_assert_double_eq_tol(s.field_x, 7.8, 1e-9);
	ck_assert_uint_eq(plate_count(plate), 2);
	l = plate_line(plate, 0);
	ck_assert_double_eq_tol(l->x0 - s.field_x, 10, 1e-9);
	ck_assert_double_eq_tol(l->x1 - s.field_x, 30, 1e-9);
	ck_assert_double_eq_tol(l->y0 - s.field_y, 4, 1e-9);
	l = plate_line(plate, 1);
	ck_assert_double_eq_tol(l->y1 - s.field_y, 15, 1e-9);
	plate_free(plate);
}
END_TEST

START_TEST(a_mark_that_stopped_shows_what_was_done)
{
	struct plate *plate;

	etch(&plate, 3);
	ck_assert_uint_eq(plate_count(plate), 1);
	plate_free(plate);
	etch(&plate, 0);
	ck_assert_uint_eq(plate_count(plate), 0);
	plate_free(plate);
}
END_TEST

START_TEST(marked_twice_shows_both)
{
	struct plate *plate;

	etch(&plate, 5);
	ck_assert_int_eq(plate_etch(plate, job, sizeof job, 5), 0);
	ck_assert_uint_eq(plate_count(plate), 4);
	plate_free(plate);
}
END_TEST

START_TEST(a_large_field_gets_a_large_card)
{
	unsigned char large[sizeof job];
	struct plate *plate = plate_new();
	struct plate_shape s;

	memcpy(large, job, sizeof job);
	large[7] = 2;
	ck_assert_int_eq(plate_etch(plate, large, sizeof large, 5), 0);
	plate_shape(&s, plate);
	ck_assert_double_gt(s.width, s.field_width);
	plate_free(plate);
}
END_TEST

START_TEST(no_job_is_not_etched)
{
	struct plate *plate = plate_new();

	ck_assert_int_eq(plate_etch(plate, job, sizeof job - 1, 5), KE_BAD_RECORD);
	ck_assert_uint_eq(plate_count(plate), 0);
	plate_free(plate);
}
END_TEST

START_TEST(the_svg_holds_each_line)
{
	struct plate_bytes svg = {0};
	struct plate *plate;
	struct plate_shape s = etch(&plate, 5);
	char want[64];

	ck_assert_int_eq(plate_svg(&svg, plate), 0);
	ck_assert_int_eq(plate_bytes_add(&svg, "", 1), 0);
	snprintf(want, sizeof want, "M%.3f %.3fL%.3f %.3f", s.field_x + 10,
		s.height - s.field_y - 4, s.field_x + 30, s.height - s.field_y - 4);
	ck_assert_ptr_nonnull(strstr((char *)svg.bytes, want));
	ck_assert_ptr_nonnull(strstr((char *)svg.bytes, "</svg>\n"));
	plate_bytes_free(&svg);
	plate_free(plate);
}
END_TEST

/* Reads a PNG as grey. */
static unsigned char *
read_grey(unsigned *width, unsigned *height, const struct plate_bytes *png)
{
	png_image image = {.version = PNG_IMAGE_VERSION};
	unsigned char *pixels;

	ck_assert(png_image_begin_read_from_memory(&image, png->bytes, png->len));
	image.format = PNG_FORMAT_GRAY;
	pixels = malloc(PNG_IMAGE_SIZE(image));
	ck_assert_ptr_nonnull(pixels);
	ck_assert(png_image_finish_read(&image, NULL, pixels, 0, NULL));
	*width = image.width;
	*height = image.height;
	return pixels;
}

START_TEST(the_png_is_dark_where_it_was_etched)
{
	struct plate_bytes png = {0};
	struct plate *plate;
	struct plate_shape s = etch(&plate, 5);
	unsigned width, height;
	unsigned char *grey;
	double scale;

	ck_assert_int_eq(plate_png(&png, plate), 0);
	grey = read_grey(&width, &height, &png);
	/* 2.5 mm around the card */
	scale = width / (s.width + 5);
	for (double x = 10; x <= 30; x += 0.5) {
		unsigned column = (unsigned)((s.field_x + x + 2.5) * scale);
		unsigned row = (unsigned)((s.height - s.field_y - 4 + 2.5) * scale);

		ck_assert_uint_lt(grey[row * width + column], 110);
		/* a millimetre above it is metal */
		row -= (unsigned)scale;
		ck_assert_uint_gt(grey[row * width + column], 150);
	}
	free(grey);
	plate_bytes_free(&png);
	plate_free(plate);
}
END_TEST

START_TEST(bytes_grow_and_go)
{
	struct plate_bytes out = {0};
	unsigned wrong = 0;

	for (unsigned i = 0; i < 20000; i++) {
		unsigned char byte = (unsigned char)i;

		ck_assert_int_eq(plate_bytes_add(&out, &byte, 1), 0);
	}
	ck_assert_uint_eq(out.len, 20000);
	for (unsigned i = 0; i < 20000; i++)
		wrong += out.bytes[i] != (i & 0xff);
	ck_assert_uint_eq(wrong, 0);
	plate_bytes_free(&out);
	ck_assert_ptr_null(out.bytes);
	plate_free(NULL);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("plate");
	TCase *all = tcase_create("all");

	tcase_add_test(all, lines_are_where_the_records_say);
	tcase_add_test(all, a_mark_that_stopped_shows_what_was_done);
	tcase_add_test(all, marked_twice_shows_both);
	tcase_add_test(all, a_large_field_gets_a_large_card);
	tcase_add_test(all, no_job_is_not_etched);
	tcase_add_test(all, the_svg_holds_each_line);
	tcase_add_test(all, the_png_is_dark_where_it_was_etched);
	tcase_add_test(all, bytes_grow_and_go);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}
