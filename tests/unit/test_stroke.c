/* SPDX-License-Identifier: MIT */
#include "harness.h"
#include "drivers/font.h"
#include "drivers/stroke.h"
#include "etch_fixture.h"
#include "proto/etch_record.h"
#include "proto/secret_bytes.h"
#include <math.h>
#include <string.h>

static const char passphrase[] = "7QK2-9FXM-41TB-ZC8H-0O1I";
static const char serial[] = "AA000001K";

static struct etch_profile
shipped(void)
{
	char *text = fixture_profile_text();
	struct etch_profile p;
	struct etch_profile_error error;

	ck_assert_int_eq(etch_profile_parse(&p, &error, text, strlen(text)), 0);
	free(text);
	return p;
}

/* Draws and reads; the caller frees the job. */
static struct secret *
drawn(const struct etch_profile *p, const struct stroke_plate *plate, const char *want)
{
	struct secret *job = secret_new(8000), *text = secret_new(256);
	struct stroke_layout layout;

	ck_assert_ptr_nonnull(job);
	ck_assert_ptr_nonnull(text);
	ck_assert_int_eq(stroke_layout(&layout, &p->field, plate), 0);
	ck_assert_int_eq(stroke_draw(job, &layout, plate, p), 0);
	ck_assert_int_eq(stroke_read(text, &layout, job, p), 0);
	ck_assert_uint_eq(secret_len(text), strlen(want));
	ck_assert_mem_eq(secret_view(text), want, strlen(want));
	secret_free(text);
	return job;
}

START_TEST(a_plate_says_what_it_should)
{
	struct etch_profile p = shipped();
	struct stroke_plate plate;

	ck_assert_int_eq(
		stroke_plate_wallet(&plate, &p.field, passphrase, serial, false), 0);
	ck_assert_uint_eq(plate.count, 2);
	secret_free(drawn(&p, &plate, "7QK2-9FXM-41TB-ZC8H-0O1IAA000001K"));
	ck_assert_int_eq(
		stroke_plate_wallet(&plate, &p.field, passphrase, serial, true), 0);
	secret_free(drawn(&p, &plate, "7QK2-9FXM-41TB-ZC8H-0O1IAA000001KTEST"));
	stroke_plate_setup(&plate, true);
	secret_free(drawn(
		&p, &plate, "KEYLINE SETUP0123456789-ABCDEFGHIJKLMNOPQRSTUVWXYZTEST"));
}
END_TEST

START_TEST(every_character_is_drawn_and_read)
{
	static const char all[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				  "abcdefghijklmnopqrstuvwxyz-:./ ";
	struct etch_profile p = shipped();

	for (const char *c = all; *c; c++) {
		const char text[3] = {'A', *c, '\0'};
		const struct stroke_plate plate = {1, {{text, 2, false}}};

		secret_free(drawn(&p, &plate, text));
	}
}
END_TEST

/* A narrow field parts the passphrase behind its second group; a low one shrinks it. */
START_TEST(lines_follow_the_field)
{
	struct etch_profile p = shipped();
	struct stroke_plate plate;
	struct stroke_layout layout;

	p.field.width = 40000;
	ck_assert_int_eq(
		stroke_plate_wallet(&plate, &p.field, passphrase, serial, false), 0);
	ck_assert_uint_eq(plate.count, 3);
	ck_assert_uint_eq(plate.lines[0].len, 10);
	ck_assert_uint_eq(plate.lines[1].len, 14);
	secret_free(drawn(&p, &plate, "7QK2-9FXM-41TB-ZC8H-0O1IAA000001K"));
	p.field.height = 6000;
	secret_free(drawn(&p, &plate, "7QK2-9FXM-41TB-ZC8H-0O1IAA000001K"));
	p.field.height = 3000;
	ck_assert_int_eq(stroke_layout(&layout, &p.field, &plate), KE_TOO_LONG);
	p.field.height = 16000;
	p.field.width = 8000;
	ck_assert_int_eq(stroke_layout(&layout, &p.field, &plate), KE_TOO_LONG);
}
END_TEST

START_TEST(the_block_stands_in_the_middle)
{
	struct etch_profile p = shipped();
	struct stroke_plate plate;
	struct stroke_layout layout;
	uint32_t left, right;

	ck_assert_int_eq(
		stroke_plate_wallet(&plate, &p.field, passphrase, serial, true), 0);
	ck_assert_int_eq(stroke_layout(&layout, &p.field, &plate), 0);
	for (size_t i = 0; i < layout.count; i++) {
		const struct stroke_place *at = &layout.places[i];

		left = at->x;
		right = p.field.width / p.field.scale - at->x -
			at->unit * ((uint32_t)(at->len - 1) * FONT_ADVANCE + FONT_WIDTH);
		ck_assert_uint_le(right - left, 1);
		ck_assert(i == 0 || at->y < layout.places[i - 1].y);
	}
	ck_assert_uint_eq(layout.places[0].unit, 21);
	ck_assert_uint_eq(layout.places[1].unit, layout.places[2].unit);
}
END_TEST

START_TEST(refuses_what_it_cannot_draw)
{
	struct etch_profile p = shipped();
	struct secret *job = secret_new(8000), *small = secret_new(64);
	struct stroke_layout layout;
	struct stroke_plate plate;
	char text[STROKE_LINE_MAX + 2];

	ck_assert_int_eq(stroke_plate_wallet(&plate, &p.field, "AB_C", serial, false), 0);
	ck_assert_int_eq(stroke_layout(&layout, &p.field, &plate), 0);
	ck_assert_int_eq(stroke_draw(job, &layout, &plate, &p), KE_BAD_CHARACTER);
	ck_assert_uint_eq(secret_len(job), 0);
	ck_assert_int_eq(stroke_plate_wallet(&plate, &p.field, "ABC", serial, false), 0);
	ck_assert_int_eq(stroke_layout(&layout, &p.field, &plate), 0);
	ck_assert_int_eq(stroke_draw(small, &layout, &plate, &p), KE_TOO_LONG);
	ck_assert_uint_eq(secret_len(small), 0);
	memset(text, 'A', sizeof text - 1);
	text[sizeof text - 1] = '\0';
	ck_assert_int_eq(
		stroke_plate_wallet(&plate, &p.field, text, serial, false), KE_TOO_LONG);
	secret_free(job);
	secret_free(small);
}
END_TEST

/* A job that was changed in any one byte no longer reads as the same text. */
START_TEST(one_changed_byte_is_noticed)
{
	struct etch_profile p = shipped();
	struct stroke_plate plate;
	struct stroke_layout layout;
	struct secret *text = secret_new(256), *job;
	static const char want[] = "B8-0OA1";

	ck_assert_int_eq(stroke_plate_wallet(&plate, &p.field, "B8-0O", "A1", false), 0);
	ck_assert_int_eq(stroke_layout(&layout, &p.field, &plate), 0);
	job = drawn(&p, &plate, want);
	for (size_t i = 0; i < secret_len(job); i++) {
		for (unsigned bit = 0; bit < 8; bit++) {
			int rc;

			secret_bytes(job)[i] ^= (unsigned char)(1u << bit);
			rc = stroke_read(text, &layout, job, &p);
			ck_assert(rc == KE_BAD_RECORD || secret_len(text) != 7 ||
				  memcmp(secret_view(text), want, 7) != 0);
			secret_bytes(job)[i] ^= (unsigned char)(1u << bit);
		}
	}
	secret_free(job);
	secret_free(text);
}
END_TEST

/* The way of the moves, in counts. */
static double
travel(const struct secret *job)
{
	struct etch_record_header header;
	struct etch_record last = {0}, r;
	double way = 0;

	ck_assert_int_eq(
		etch_record_check(&header, secret_view(job), secret_len(job)), 0);
	for (size_t i = 1; i < header.count; i++) {
		etch_record_get(&r, secret_view(job), i);
		if (r.op == ETCH_MOVE && i > 1)
			way += hypot((double)r.x - last.x, (double)r.y - last.y);
		last = r;
	}
	return way;
}

/* The way of the moves if strokes were drawn as they stand in text and font. */
static double
travel_in_order(const struct stroke_layout *layout, const struct stroke_plate *plate)
{
	double way = 0, x = 0, y = 0;
	bool first = true;

	for (size_t l = 0; l < plate->count; l++) {
		const struct stroke_place *at = &layout->places[l];

		for (size_t c = 0; c < plate->lines[l].len; c++) {
			const struct font_glyph *g = font_glyph(plate->lines[l].text[c]);

			for (size_t i = 0; i < g->count; i++) {
				double nx = at->x + at->unit * (c * FONT_ADVANCE +
								       g->points[i].x);
				double ny = at->y + (double)at->unit * g->points[i].y;

				if (!g->points[i].drawn && !first)
					way += hypot(nx - x, ny - y);
				first = false;
				x = nx;
				y = ny;
			}
		}
	}
	return way;
}

START_TEST(moves_are_short)
{
	struct etch_profile p = shipped();
	struct stroke_plate plate;
	struct stroke_layout layout;
	struct secret *job;

	ck_assert_int_eq(
		stroke_plate_wallet(&plate, &p.field, passphrase, serial, true), 0);
	ck_assert_int_eq(stroke_layout(&layout, &p.field, &plate), 0);
	job = drawn(&p, &plate, "7QK2-9FXM-41TB-ZC8H-0O1IAA000001KTEST");
	ck_assert(travel(job) < 0.75 * travel_in_order(&layout, &plate));
	secret_free(job);
}
END_TEST

enum { STROKES_MAX = 256 };

/* Where the light goes on and off, stroke by stroke. */
struct ends {
	size_t count;
	double from[STROKES_MAX][2], to[STROKES_MAX][2];
};

static void
read_ends(struct ends *out, const struct secret *job)
{
	struct etch_record_header header;
	struct etch_record r;

	out->count = 0;
	ck_assert_int_eq(
		etch_record_check(&header, secret_view(job), secret_len(job)), 0);
	for (size_t i = 0; i < header.count; i++) {
		etch_record_get(&r, secret_view(job), i);
		if (r.op == ETCH_MOVE) {
			ck_assert_uint_lt(out->count, STROKES_MAX);
			out->from[out->count][0] = r.x;
			out->from[out->count++][1] = r.y;
		} else if (r.op == ETCH_MARK) {
			out->to[out->count - 1][0] = r.x;
			out->to[out->count - 1][1] = r.y;
		}
	}
}

static double
between(const double a[2], const double b[2])
{
	return hypot(a[0] - b[0], a[1] - b[1]);
}

/* How much shorter the way is with the strokes from first to last the other way round. */
static double
gain(const struct ends *e, size_t first, size_t last)
{
	double sum = 0;

	if (first > 0)
		sum += between(e->to[first - 1], e->from[first]) -
		       between(e->to[first - 1], e->to[last]);
	if (last + 1 < e->count)
		sum += between(e->to[last], e->from[last + 1]) -
		       between(e->from[first], e->from[last + 1]);
	return sum;
}

/* A 2-opt tour: no stretch of it, turned round, makes it shorter, but for roundings. */
START_TEST(no_stretch_turned_round_is_shorter)
{
	static const char alphabet[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	static const double rounding = 0.5;
	struct etch_profile p = shipped();
	unsigned seed = 38;

	for (int plate_number = 0; plate_number < 40; plate_number++) {
		char text[] = "XXXX-XXXX-XXXX-XXXX-XXXX", want[64];
		struct stroke_plate plate;
		struct secret *job;
		struct ends ends;

		for (char *c = text; *c; c++) {
			seed = seed * 1103515245 + 12345;
			if (*c == 'X')
				*c = alphabet[(seed >> 16) % (sizeof alphabet - 1)];
		}
		ck_assert_int_eq(
			stroke_plate_wallet(&plate, &p.field, text, serial, true), 0);
		(void)snprintf(want, sizeof want, "%s%sTEST", text, serial);
		job = drawn(&p, &plate, want);
		read_ends(&ends, job);
		for (size_t first = 0; first < ends.count; first++)
			for (size_t last = first; last < ends.count; last++)
				ck_assert_double_lt(gain(&ends, first, last), rounding);
		secret_free(job);
	}
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("stroke");
	TCase *all = tcase_create("all");

	tcase_add_test(all, a_plate_says_what_it_should);
	tcase_add_test(all, every_character_is_drawn_and_read);
	tcase_add_test(all, lines_follow_the_field);
	tcase_add_test(all, the_block_stands_in_the_middle);
	tcase_add_test(all, refuses_what_it_cannot_draw);
	tcase_add_test(all, one_changed_byte_is_noticed);
	tcase_add_test(all, moves_are_short);
	tcase_add_test(all, no_stretch_turned_round_is_shorter);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}
