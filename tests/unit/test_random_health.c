/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "harness.h"
#include <string.h>
#include <openssl/rand.h>
#include "daemon/random.h"
#include "daemon/random_health.h"
#include "daemon/random_repeat.h"
#include "daemon/random_throws.h"
#include "proto/error.h"

START_TEST(a_good_source_passes)
{
	struct random_health h = { 0 };
	unsigned char block[4096];

	for (int i = 0; i < 64; i++) {
		ck_assert_int_eq(RAND_bytes(block, sizeof block), 1);
		ck_assert_int_eq(random_health_feed(&h, block, sizeof block), 0);
	}
}
END_TEST

START_TEST(a_stuck_source_fails_for_ever)
{
	struct random_health h = { 0 };
	unsigned char stuck[HEALTH_REPEAT_MAX], good[] = { 1, 2, 3, 4 };

	memset(stuck, 0x5a, sizeof stuck);
	ck_assert_int_eq(random_health_feed(&h, stuck, sizeof stuck - 1), 0);
	ck_assert_int_eq(random_health_feed(&h, stuck, 1), KE_RANDOM);
	ck_assert_int_eq(random_health_feed(&h, good, sizeof good), KE_RANDOM);
}
END_TEST

/* One value in eight is far from 1/256, though it never repeats. */
START_TEST(a_biased_source_fails)
{
	struct random_health h = { 0 };
	unsigned char block[HEALTH_WINDOW];

	for (size_t i = 0; i < sizeof block; i++)
		block[i] = i % 8 ? (unsigned char)(i * 37 + i / 8) : 0x11;
	ck_assert_int_eq(random_health_feed(&h, block, sizeof block), KE_RANDOM);
}
END_TEST

START_TEST(a_repeated_draw_fails_for_ever)
{
	static struct random_repeat repeat;
	unsigned char draw[REPEAT_BYTES_MIN] = {0};

	for (unsigned i = 0; i < 3 * REPEAT_KEPT; i++) {
		memcpy(draw, &i, sizeof i);
		ck_assert_int_eq(random_repeat_feed(&repeat, draw, sizeof draw), 0);
	}
	/* Short ones may come again; the last REPEAT_KEPT long ones may not. */
	for (int i = 0; i < 2; i++)
		ck_assert_int_eq(
			random_repeat_feed(&repeat, draw, REPEAT_BYTES_MIN - 1), 0);
	memcpy(draw, &(unsigned){2 * REPEAT_KEPT}, sizeof(unsigned));
	ck_assert_int_eq(random_repeat_feed(&repeat, draw, sizeof draw), KE_RANDOM);
	draw[8] = 1;
	ck_assert_int_eq(random_repeat_feed(&repeat, draw, sizeof draw), KE_RANDOM);
}
END_TEST

/* Texts: count signs of `of', drawn by chance, unless way says how they are bad. */
enum way { HONEST, ONE_FACE, FACE_TOO_OFTEN, ROW_REPEATS, FACE_MISSING };
static const struct {
	const char *of;
	size_t count;
	enum way way;
	int wanted;
} throws[] = {
	{"123456", THROWS_DICE_MIN, HONEST, 0},
	{"123456", 400, HONEST, 0},
	{"123456", THROWS_DICE_MIN - 1, HONEST, KE_TOO_FEW_BITS},
	{"123456", 0, HONEST, KE_TOO_FEW_BITS},
	{"0123456789abcdef", THROWS_HEX_MIN, HONEST, 0},
	{"0123456789ABCDEF", 512, HONEST, 0},
	{"0123456789abcdef", THROWS_HEX_MIN - 1, HONEST, KE_TOO_FEW_BITS},
	{"123456", 200, ONE_FACE, KE_RANDOM},
	{"123456", 200, FACE_TOO_OFTEN, KE_RANDOM},
	{"123456", 200, ROW_REPEATS, KE_RANDOM},
	{"123456", 600, FACE_MISSING, KE_RANDOM},
	{"0123456789abcdef", 200, ROW_REPEATS, KE_RANDOM},
	{"1234567x", 200, HONEST, KE_BAD_CHARACTER},
};

START_TEST(throws_are_judged)
{
	size_t signs = strlen(throws[_i].of), len = 0;
	unsigned char text[2048], draw;

	for (size_t i = 0; i < throws[_i].count; i++) {
		do
			ck_assert_int_eq(RAND_bytes(&draw, 1), 1);
		while (draw >= 240);
		draw %= signs;
		if (throws[_i].way == ONE_FACE || (throws[_i].way == FACE_TOO_OFTEN && i % 3))
			draw = 2;
		if (throws[_i].way == ROW_REPEATS)
			draw = (unsigned char)(i % signs);
		if (throws[_i].way == FACE_MISSING && draw == 0)
			draw = (unsigned char)(1 + i % 5);
		text[len++] = (unsigned char)throws[_i].of[draw];
		if (i % 10 == 9)
			text[len++] = i % 20 == 9 ? ' ' : '\n';
	}
	ck_assert_int_eq(random_throws_check(text, len), throws[_i].wanted);
}
END_TEST

START_TEST(the_process_source_passes_its_self_check)
{
	unsigned char a[16], b[16];
	struct rng *rng = random_source();

	ck_assert_int_eq(random_self_check(), 0);
	ck_assert_int_eq(rng->fill(rng->state, a, sizeof a), 0);
	ck_assert_int_eq(rng->fill(rng->state, b, sizeof b), 0);
	ck_assert_mem_ne(a, b, sizeof a);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("random_health");
	TCase *all = tcase_create("all");

	tcase_add_test(all, a_good_source_passes);
	tcase_add_test(all, a_stuck_source_fails_for_ever);
	tcase_add_test(all, a_biased_source_fails);
	tcase_add_test(all, a_repeated_draw_fails_for_ever);
	tcase_add_loop_test(
		all, throws_are_judged, 0, (int)(sizeof throws / sizeof throws[0]));
	tcase_add_test(all, the_process_source_passes_its_self_check);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}
