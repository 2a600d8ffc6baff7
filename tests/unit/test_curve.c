/* SPDX-License-Identifier: MIT */
#include "counting_rng.h"
#include "harness.h"
#include "proto/curve.h"

#include <string.h>

/* SEC 2: the group order, and G. */
static const unsigned char order[CURVE_SCALAR_LEN] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe, 0xba, 0xae, 0xdc,
	0xe6, 0xaf, 0x48, 0xa0, 0x3b, 0xbf, 0xd2, 0x5e, 0x8c, 0xd0, 0x36, 0x41, 0x41};
static const unsigned char g[CURVE_POINT_LEN] = {0x02, 0x79, 0xbe, 0x66, 0x7e, 0xf9, 0xdc,
	0xbb, 0xac, 0x55, 0xa0, 0x62, 0x95, 0xce, 0x87, 0x0b, 0x07, 0x02, 0x9b, 0xfc,
	0xdb, 0x2d, 0xce, 0x28, 0xd9, 0x59, 0xf2, 0x81, 0x5b, 0x16, 0xf8, 0x17, 0x98};

static void
scalar_of(unsigned char out[CURVE_SCALAR_LEN], unsigned value)
{
	memset(out, 0, CURVE_SCALAR_LEN);
	out[CURVE_SCALAR_LEN - 1] = (unsigned char)value;
}

START_TEST(scalars_at_the_edges)
{
	unsigned char s[CURVE_SCALAR_LEN], point[CURVE_POINT_LEN];

	scalar_of(s, 0);
	ck_assert(!curve_scalar_is_valid(s));
	ck_assert_int_eq(curve_generate(point, s), KE_BAD_SCALAR);
	ck_assert_int_eq(curve_multiply(point, g, s), KE_BAD_SCALAR);
	scalar_of(s, 1);
	ck_assert(curve_scalar_is_valid(s));
	ck_assert_int_eq(curve_generate(point, s), 0);
	ck_assert_mem_eq(point, g, sizeof g);
	ck_assert(!curve_scalar_is_valid(order));
	ck_assert_int_eq(curve_generate(point, order), KE_BAD_SCALAR);
	ck_assert_int_eq(curve_multiply(point, g, order), KE_BAD_SCALAR);
	memset(s, 0xff, sizeof s);
	ck_assert(!curve_scalar_is_valid(s));
	/* n - 1 is -1: the same x, the other y. */
	memcpy(s, order, sizeof s);
	s[CURVE_SCALAR_LEN - 1]--;
	ck_assert(curve_scalar_is_valid(s));
	ck_assert_int_eq(curve_generate(point, s), 0);
	ck_assert_uint_eq(point[0], 3);
	ck_assert_mem_eq(point + 1, g + 1, sizeof g - 1);
}
END_TEST

START_TEST(products_agree)
{
	unsigned char a[CURVE_SCALAR_LEN], b[CURVE_SCALAR_LEN], ab[CURVE_SCALAR_LEN];
	unsigned char left[CURVE_POINT_LEN], right[CURVE_POINT_LEN];
	uint64_t state;
	struct rng rng = counting_rng(&state, 7);

	for (unsigned i = 0; i < 32; i++) {
		ck_assert_int_eq(rng.fill(rng.state, a, sizeof a), 0);
		ck_assert_int_eq(rng.fill(rng.state, b, sizeof b), 0);
		ck_assert_int_eq(curve_scalar_multiply(ab, a, b), 0);
		ck_assert_int_eq(curve_generate(left, ab), 0);
		ck_assert_int_eq(curve_generate(right, a), 0);
		ck_assert_int_eq(curve_multiply(right, right, b), 0);
		ck_assert_mem_eq(left, right, sizeof left);
		ck_assert_int_eq(curve_scalar_multiply(b, a, b), 0);
		ck_assert_mem_eq(b, ab, sizeof b);
		if (i == 16)
			ck_assert_int_eq(curve_randomise(&rng), 0);
	}
	scalar_of(b, 0);
	ck_assert_int_eq(curve_scalar_multiply(ab, a, b), KE_BAD_SCALAR);
	ck_assert_int_eq(curve_scalar_multiply(ab, b, a), KE_BAD_SCALAR);
	ck_assert_int_eq(curve_scalar_multiply(ab, a, order), KE_BAD_SCALAR);
}
END_TEST

START_TEST(points_come_back)
{
	unsigned char expanded[CURVE_LONG_POINT_LEN], back[CURVE_POINT_LEN];

	ck_assert_int_eq(curve_expand(expanded, g), 0);
	ck_assert_uint_eq(expanded[0], 4);
	ck_assert_mem_eq(expanded + 1, g + 1, 32);
	ck_assert_int_eq(curve_compress(back, expanded), 0);
	ck_assert_mem_eq(back, g, sizeof g);
	/* The hybrid form, and a y that is not the point's. */
	expanded[0] = 6;
	ck_assert_int_eq(curve_compress(back, expanded), KE_BAD_POINT);
	expanded[0] = 4;
	expanded[64] ^= 1;
	ck_assert_int_eq(curve_compress(back, expanded), KE_BAD_POINT);
}
END_TEST

START_TEST(what_is_no_point)
{
	unsigned char point[CURVE_POINT_LEN], s[CURVE_SCALAR_LEN];
	unsigned char expanded[CURVE_LONG_POINT_LEN];

	scalar_of(s, 1);
	for (unsigned prefix = 0; prefix < 256; prefix++) {
		memcpy(point, g, sizeof point);
		point[0] = (unsigned char)prefix;
		ck_assert_int_eq(curve_check(point),
			prefix == 2 || prefix == 3 ? 0 : KE_BAD_POINT);
	}
	/* x = 5 has no y; x = p is not below p. */
	memset(point, 0, sizeof point);
	point[0] = 2;
	point[32] = 5;
	ck_assert_int_eq(curve_check(point), KE_BAD_POINT);
	ck_assert_int_eq(curve_multiply(point, point, s), KE_BAD_POINT);
	ck_assert_int_eq(curve_expand(expanded, point), KE_BAD_POINT);
	memset(point + 1, 0xff, sizeof point - 1);
	ck_assert_int_eq(curve_check(point), KE_BAD_POINT);
}
END_TEST

START_TEST(randomise_needs_randomness)
{
	struct rng rng = failing_rng();

	ck_assert_int_eq(curve_randomise(&rng), KE_RANDOM);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("curve");
	TCase *all = tcase_create("all");

	tcase_add_test(all, scalars_at_the_edges);
	tcase_add_test(all, products_agree);
	tcase_add_test(all, points_come_back);
	tcase_add_test(all, what_is_no_point);
	tcase_add_test(all, randomise_needs_randomness);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}
