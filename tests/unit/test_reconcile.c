/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "harness.h"
#include "proto/reconcile.h"

#include <string.h>

static const char hash[] =
	"67c2648ab885ffbc375889be9f8cfd3585ebc95d41d5d19d193325451d4ad7af";

static struct reconcile
report_of(bool closes)
{
	struct reconcile report = {.host = "us-1",
		.mode = "usa",
		.use = "test",
		.batch = "US-1",
		.product = "CARD",
		.coins = "BTC,ETH",
		.state = "running",
		.time = "2026-11-22T09:30:00Z",
		.tool = "keylined 0.1.0",
		.closes = closes,
		.seq = 1234};

	memcpy(report.hash, hash, sizeof hash);
	return report;
}

/* The page between its first lines and the ledger's head. */
static void
check_middle(struct reconcile *report, const char *expected)
{
	static const char above[] = "     made by: keylined 0.1.0\n";
	char *text, *from, *to;
	size_t len;

	ck_assert_int_eq(reconcile_text(&text, &len, report), 0);
	ck_assert_uint_eq(len, strlen(text));
	from = strstr(text, above);
	to = strstr(text, "\nLedger of us-1\n");
	ck_assert_ptr_nonnull(from);
	ck_assert_ptr_nonnull(to);
	*to = '\0';
	ck_assert_str_eq(from + strlen(above), expected);
	free(text);
	reconcile_clear(report);
}

START_TEST(golden)
{
	static const char expected[] =
		"RECONCILIATION OF A BATCH\n\n"
		"       batch: US-1\n"
		"     product: CARD\n"
		"       coins: BTC,ETH\n"
		"       state: running\n"
		"        host: us-1\n"
		"        mode: usa\n"
		"         use: test\n"
		"        time: 2026-11-22T09:30:00Z\n"
		"     made by: keylined 0.1.0\n"
		"\nResult\n"
		"  The counts close.\n"
		"\nLedger of us-1\n"
		"       event: 1234\n"
		"        hash: 67c2 648a b885 ffbc 3758 89be 9f8c fd35\n"
		"              85eb c95d 41d5 d19d 1933 2545 1d4a d7af\n"
		"  The counts are what this ledger said after that event; \"keylinectl ledger\n"
		"  verify EVENT HASH\" tells whether it still says so.\n"
		"\nPeople\n"
		"  counted by: ______________________________\n"
		" reviewed by: ______________________________\n";
	struct reconcile report = report_of(true);
	char *text;
	size_t len;

	ck_assert_int_eq(reconcile_text(&text, &len, &report), 0);
	ck_assert_str_eq(text, expected);
	free(text);
}
END_TEST

START_TEST(rows_stand_under_their_sections)
{
	struct reconcile report = report_of(true);
	struct reconcile_row *row;

	reconcile_count(&report, "Equation", "expected", 12);
	reconcile_note(
		reconcile_count(&report, "Equation", "released", 1000000), "Of %d.", 7);
	row = reconcile_count(&report, "Draw", "one bad wallet", 1);
	row->has_ppm = true;
	row->ppm = 166666;
	reconcile_note(reconcile_add(&report, "Draw", ""), "A remark.");
	reconcile_note(reconcile_add(&report, "Draw", "a name"), "And its note.");
	check_middle(&report,
		"\nEquation\n"
		"  expected                                                   12\n"
		"  released                                              1000000\n"
		"      Of 7.\n"
		"\nDraw\n"
		"  one bad wallet                                              1   16.6666 %\n"
		"  A remark.\n"
		"  a name\n"
		"      And its note.\n"
		"\nResult\n"
		"  The counts close.\n");
}
END_TEST

START_TEST(obstacles_are_numbered)
{
	struct reconcile report = report_of(false);

	reconcile_obstacle(
		&report, "One is in doubt.", "Look at it:  keylinectl wallet list");
	reconcile_obstacle(&report, "It is held: smoke.", "");
	check_middle(&report, "\nResult\n"
			      "  The counts DO NOT CLOSE.\n"
			      "  1.\n"
			      "    One is in doubt.\n"
			      "    Look at it: keylinectl wallet list\n"
			      "  2.\n"
			      "    It is held: smoke.\n");
}
END_TEST

START_TEST(what_closes_may_have_more_to_see_to)
{
	struct reconcile report = report_of(true);

	reconcile_obstacle(&report, "It is held: smoke.", "Unhold it.");
	check_middle(&report, "\nResult\n"
			      "  The counts close.\n"
			      "  Still to be seen to:\n"
			      "  1.\n"
			      "    It is held: smoke.\n"
			      "    Unhold it.\n");
}
END_TEST

START_TEST(lines_are_wrapped)
{
	struct reconcile report = report_of(true);
	char *text, *save = NULL, word[200];
	size_t len;

	memset(word, 'x', sizeof word - 1);
	word[sizeof word - 1] = '\0';
	reconcile_note(reconcile_add(&report, "A", ""), "%s %s",
		"one two three four five six seven eight nine ten eleven twelve thirteen "
		"fourteen fifteen sixteen seventeen eighteen nineteen twenty",
		word);
	ck_assert_int_eq(reconcile_text(&text, &len, &report), 0);
	ck_assert_ptr_nonnull(strstr(text, word));
	for (char *line = strtok_r(text, "\n", &save); line;
		line = strtok_r(NULL, "\n", &save))
		ck_assert(strlen(line) <= 78 || strstr(line, word));
	free(text);
	reconcile_clear(&report);
}
END_TEST

START_TEST(probabilities)
{
	static const struct {
		uint32_t ppm;
		const char *text;
	} cases[] = {{0, "0.0000 %"}, {1, "0.0001 %"}, {10000, "1.0000 %"},
		{999999, "99.9999 %"}, {1000000, "100.0000 %"}};
	char text[RECONCILE_PPM_SIZE];

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		reconcile_ppm(text, cases[i].ppm);
		ck_assert_str_eq(text, cases[i].text);
	}
}
END_TEST

START_TEST(an_error_stays)
{
	struct reconcile report = report_of(true);
	char *text;
	size_t len;

	reconcile_count(&report, "A", "kept", 1);
	report.error = KE_NO_MEMORY;
	reconcile_count(&report, "A", "lost", 2)->has_ppm = true;
	reconcile_obstacle(&report, "lost", "lost");
	ck_assert_uint_eq(report.count, 1);
	ck_assert_uint_eq(report.obstacle_count, 0);
	ck_assert_int_eq(reconcile_text(&text, &len, &report), KE_NO_MEMORY);
	ck_assert_ptr_null(text);
	reconcile_clear(&report);
	ck_assert_int_eq(report.error, 0);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("reconcile");
	TCase *all = tcase_create("all");

	tcase_add_test(all, golden);
	tcase_add_test(all, rows_stand_under_their_sections);
	tcase_add_test(all, obstacles_are_numbered);
	tcase_add_test(all, what_closes_may_have_more_to_see_to);
	tcase_add_test(all, lines_are_wrapped);
	tcase_add_test(all, probabilities);
	tcase_add_test(all, an_error_stays);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}
