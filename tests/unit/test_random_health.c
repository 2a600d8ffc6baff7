/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "harness.h"
#include <string.h>
#include <openssl/rand.h>
#include "daemon/random.h"
#include "daemon/random_health.h"
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
	tcase_add_test(all, the_process_source_passes_its_self_check);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}
