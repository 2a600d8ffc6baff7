/* SPDX-License-Identifier: MIT */
#include "harness.h"
#include "drivers/font.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

static const char alphabet[] =
	"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-:./";

START_TEST(has_its_alphabet_and_nothing_else)
{
	for (int c = -128; c < 128; c++) {
		bool member = c > 0 && (strchr(alphabet, c) || c == ' ');

		ck_assert_msg((font_glyph((char)c) != NULL) == member, "%d", c);
	}
	ck_assert_uint_eq(font_glyph(' ')->count, 0);
}
END_TEST

/* Strokes begin with the pen up, have a length, and stay in the cell. */
START_TEST(strokes_are_well_formed)
{
	for (const char *c = alphabet; *c; c++) {
		const struct font_glyph *g = font_glyph(*c);
		bool descends = strchr("gjpqy", *c) != NULL;

		ck_assert_uint_ge(g->count, 2);
		ck_assert(!g->points[0].drawn);
		ck_assert(g->points[g->count - 1].drawn);
		for (size_t i = 0; i < g->count; i++) {
			const struct font_point *p = &g->points[i];

			ck_assert(p->x >= 0 && p->x <= FONT_WIDTH);
			ck_assert(p->y <= FONT_CAP);
			ck_assert(p->y >= (descends ? -FONT_DESCENT : 0));
			ck_assert(p->drawn || i == 0 || p[-1].drawn);
			if (p->drawn)
				ck_assert(p->x != p[-1].x || p->y != p[-1].y);
		}
	}
}
END_TEST

enum { SAMPLES = 8 };

/* How far p lies from the line from a to b. */
static double
distance_to_line(
	const double p[2], const struct font_point *a, const struct font_point *b)
{
	double dx = b->x - a->x, dy = b->y - a->y;
	double t = ((p[0] - a->x) * dx + (p[1] - a->y) * dy) / (dx * dx + dy * dy);

	t = t < 0 ? 0 : t > 1 ? 1 : t;
	return hypot(p[0] - a->x - t * dx, p[1] - a->y - t * dy);
}

static double
distance_to_glyph(const double p[2], const struct font_glyph *g)
{
	double nearest = 1e9;

	for (size_t i = 1; i < g->count; i++) {
		if (g->points[i].drawn)
			nearest = fmin(nearest,
				distance_to_line(p, &g->points[i - 1], &g->points[i]));
	}
	return nearest;
}

/* How far the ink of a reaches from the ink of b. */
static double
reach(const struct font_glyph *a, const struct font_glyph *b)
{
	double most = 0;

	for (size_t i = 1; i < a->count; i++) {
		const struct font_point *p = &a->points[i];

		for (int s = 0; p->drawn && s <= SAMPLES; s++) {
			double t = (double)s / SAMPLES;
			const double at[2] = {p[-1].x + t * (p->x - p[-1].x),
				p[-1].y + t * (p->y - p[-1].y)};

			most = fmax(most, distance_to_glyph(at, b));
		}
	}
	return most;
}

/* No two characters of a passphrase or serial look alike: some ink of one lies an
 * eighth of the letter's height from all ink of the other. */
START_TEST(characters_are_told_apart)
{
	for (int a = 0; a < 36; a++) {
		for (int b = 0; b < a; b++) {
			const struct font_glyph *x = font_glyph(alphabet[a]);
			const struct font_glyph *y = font_glyph(alphabet[b]);
			double apart = fmax(reach(x, y), reach(y, x));

			ck_assert_msg(apart >= FONT_CAP / 8.0, "%c and %c: %g",
				alphabet[a], alphabet[b], apart);
		}
	}
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("font");
	TCase *all = tcase_create("all");

	tcase_add_test(all, has_its_alphabet_and_nothing_else);
	tcase_add_test(all, strokes_are_well_formed);
	tcase_add_test(all, characters_are_told_apart);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}
