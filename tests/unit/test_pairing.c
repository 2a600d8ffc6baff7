/* SPDX-License-Identifier: MIT */
/* Every sequence of scans at the pairing station that matters, and all short ones. */
#include "config.h"
#include "harness.h"
#include "daemon/pairing.h"
#include <stdio.h>
#include <string.h>

enum { SCANS_MAX = 8 };

static enum pairing_outcome
scan(struct pairing *pairing, const char *text)
{
	struct layer_mark mark;

	ck_assert_int_eq(layer_mark_parse(&mark, NULL, text, strlen(text)), 0);
	return pairing_read(pairing, &mark);
}

/* "-" is a pause of the station. */
static const struct {
	const char *scans[SCANS_MAX];
	enum pairing_outcome last;
} cases[] = {
	{{"A/L"}, PAIRING_FIRST},
	{{"A"}, PAIRING_FIRST},
	{{"A/L", "A"}, PAIRING_BOTH},
	{{"A", "A/L"}, PAIRING_BOTH},
	{{"A/L", "A/L"}, PAIRING_AGAIN},
	{{"A", "A", "A"}, PAIRING_AGAIN},
	{{"A/L", "A/L", "A/L", "A"}, PAIRING_BOTH},
	{{"A/L", "B"}, PAIRING_DIFFERS},
	{{"A/L", "B/L"}, PAIRING_DIFFERS},
	{{"A", "B"}, PAIRING_DIFFERS},
	{{"A", "B/L"}, PAIRING_DIFFERS},
	{{"A/L", "A/L", "B"}, PAIRING_DIFFERS},
	/* The scanner is still over the wallet that was just paired. */
	{{"A/L", "A", "A"}, PAIRING_AGAIN},
	{{"A/L", "A", "A/L"}, PAIRING_AGAIN},
	{{"A/L", "A", "A/L", "A"}, PAIRING_AGAIN},
	{{"A/L", "A", "A", "B/L"}, PAIRING_FIRST},
	{{"A/L", "A", "A", "B/L", "B"}, PAIRING_BOTH},
	{{"A/L", "A", "B/L", "A"}, PAIRING_DIFFERS},
	{{"A/L", "A", "B/L", "B", "A"}, PAIRING_FIRST},
	{{"A/L", "-", "A"}, PAIRING_FIRST},
	{{"A/L", "-", "A", "A/L"}, PAIRING_BOTH},
	{{"A/L", "A", "-", "A"}, PAIRING_FIRST},
	{{"A", "B", "-", "B"}, PAIRING_FIRST},
};

START_TEST(scans_come_to_an_outcome)
{
	struct pairing pairing = {0};
	enum pairing_outcome last = PAIRING_FIRST;

	for (size_t i = 0; i < SCANS_MAX && cases[_i].scans[i]; i++) {
		if (strcmp(cases[_i].scans[i], "-") == 0)
			pairing_forget(&pairing);
		else
			last = scan(&pairing, cases[_i].scans[i]);
	}
	ck_assert_int_eq(last, cases[_i].last);
}
END_TEST

/* Whatever is read in whatever order: both, only after both of one since it began. */
START_TEST(never_a_pair_without_both_layers)
{
	static const char *const texts[] = {"A/L", "A", "B/L", "B"};

	for (unsigned run = 0; run < 1U << (2 * SCANS_MAX); run += harness_stride(61)) {
		struct pairing pairing = {0};
		unsigned seen = 0;

		for (unsigned i = 0; i < SCANS_MAX; i++) {
			unsigned which = run >> (2 * i) & 3U, layers;

			seen |= 1U << which;
			layers = seen >> (which & 2U) & 3U;
			switch (scan(&pairing, texts[which])) {
			case PAIRING_BOTH:
				ck_assert_uint_eq(layers, 3);
				seen = 0;
				break;
			case PAIRING_DIFFERS:
				ck_assert_uint_ne(seen & 3U, 0);
				ck_assert_uint_ne(seen >> 2, 0);
				pairing_forget(&pairing);
				seen = 0;
				break;
			case PAIRING_FIRST:
				ck_assert_str_ne(pairing.waits.serial, "");
				seen = 1U << which;
				break;
			case PAIRING_AGAIN:
				if (pairing.waits.serial[0] == '\0')
					seen = 0;
				break;
			}
		}
	}
}
END_TEST

START_TEST(tells_what_it_waits_for)
{
	struct pairing pairing = {0};

	scan(&pairing, "A/L");
	ck_assert_str_eq(pairing.waits.serial, "A");
	ck_assert_int_eq(pairing.waits.layer, LAYER_MARK_LOWER);
	ck_assert_str_eq(pairing.done, "");
	scan(&pairing, "A");
	ck_assert_str_eq(pairing.waits.serial, "");
	ck_assert_str_eq(pairing.done, "A");
	scan(&pairing, "B");
	ck_assert_str_eq(pairing.waits.serial, "B");
	ck_assert_int_eq(pairing.waits.layer, LAYER_MARK_UPPER);
	ck_assert_str_eq(pairing.done, "");
	pairing_forget(&pairing);
	ck_assert_str_eq(pairing.waits.serial, "");
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("pairing");
	TCase *all = tcase_create("all");

	tcase_add_loop_test(
		all, scans_come_to_an_outcome, 0, (int)(sizeof cases / sizeof cases[0]));
	tcase_add_test(all, never_a_pair_without_both_layers);
	tcase_add_test(all, tells_what_it_waits_for);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}
