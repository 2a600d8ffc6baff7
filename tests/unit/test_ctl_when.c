/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "harness.h"
#include "ctl/style.h"
#include "ctl/when.h"
#include <stdlib.h>
#include <string.h>

static const struct {
	long long seconds;
	const char *text;
} durations[] = {
	{-5, "0 s"},
	{0, "0 s"},
	{59, "59 s"},
	{60, "1 min"},
	{119, "1 min"},
	{3599, "59 min"},
	{3600, "1 h"},
	{7500, "2 h 5 min"},
	{86399, "23 h 59 min"},
	{86400, "1 d"},
	{86400 + 3599, "1 d"},
	{532800, "6 d 4 h"},
};

START_TEST(durations_have_two_units)
{
	char text[WHEN_SIZE];

	when_duration(text, durations[_i].seconds);
	ck_assert_str_eq(text, durations[_i].text);
}
END_TEST

static const struct {
	long long milliseconds;
	const char *text;
} cycles[] = {
	{0, "0.0s"},
	{49, "0.0s"},
	{50, "0.1s"},
	{1214, "1.2s"},
	{21834, "21.8s"},
	{59949, "59.9s"},
	{59950, "1m00s"},
	{60000, "1m00s"},
	{125400, "2m05s"},
	{119600, "2m00s"},
};

START_TEST(cycles_have_tenths)
{
	char text[WHEN_SIZE];

	when_cycle(text, cycles[_i].milliseconds);
	ck_assert_str_eq(text, cycles[_i].text);
}
END_TEST

static const struct {
	const char *text;
	bool good;
	time_t time;
} times[] = {
	{"1970-01-01T00:00:00Z", true, 0},
	{"2026-11-22T09:30:00Z", true, 1795339800},
	{"2024-02-29T23:59:59Z", true, 1709251199},
	{"2026-02-29T00:00:00Z", false, 0},
	{"2026-11-22T09:30:00", false, 0},
	{"2026-11-22 09:30:00Z", false, 0},
	{"2026-11-22T09:30:00Zx", false, 0},
	{"2026-1-2T09:30:00Z", false, 0},
	{"", false, 0},
};

START_TEST(times_are_utc_and_strict)
{
	time_t time = 0;

	ck_assert_int_eq(when_parse(&time, times[_i].text), times[_i].good);
	if (times[_i].good)
		ck_assert_int_eq(time, times[_i].time);
}
END_TEST

START_TEST(clocks_leave_out_today)
{
	const time_t now = 1795339800; /* 2026-11-22 09:30 */
	char text[WHEN_SIZE];

	when_clock(text, now - 60, now);
	ck_assert_str_eq(text, "09:29");
	when_clock(text, now - 10 * 3600, now);
	ck_assert_str_eq(text, "2026-11-21 23:30");
	when_full(text, now);
	ck_assert_str_eq(text, "2026-11-22 09:30:00");
}
END_TEST

START_TEST(estimates_begin_with_a_tilde)
{
	const time_t now = 1795339800; /* a Sunday */
	char text[WHEN_SIZE];

	when_eta(text, 4 * 3600, now);
	ck_assert_str_eq(text, "~13:30");
	when_eta(text, 86400, now);
	ck_assert_str_eq(text, "~Mon 09:30");
	when_eta(text, 6 * 86400, now);
	ck_assert_str_eq(text, "~2026-11-28");
}
END_TEST

START_TEST(colour_needs_a_terminal_that_can)
{
	ck_assert(style_wants_colour(true, "xterm", NULL));
	ck_assert(style_wants_colour(true, "xterm", ""));
	ck_assert(!style_wants_colour(false, "xterm", NULL));
	ck_assert(!style_wants_colour(true, "dumb", NULL));
	ck_assert(!style_wants_colour(true, NULL, NULL));
	ck_assert(!style_wants_colour(true, "xterm", "1"));
}
END_TEST

START_TEST(text_cannot_move_the_cursor)
{
	struct style style = {.colour = false};
	char *text = NULL;
	size_t len;

	style.out = open_memstream(&text, &len);
	style_print(&style, TONE_BAD,
		"a\x1b[2Jb\rc\x7f\xc2\x9b"
		"d\xc3\xa4\tx");
	fclose(style.out);
	ck_assert_str_eq(text, "a?[2Jb?c??d\xc3\xa4?x");
	free(text);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("ctl when");
	TCase *all = tcase_create("all");

	setenv("TZ", "UTC", 1);
	tcase_add_loop_test(all, durations_have_two_units, 0,
		(int)(sizeof durations / sizeof durations[0]));
	tcase_add_loop_test(
		all, cycles_have_tenths, 0, (int)(sizeof cycles / sizeof cycles[0]));
	tcase_add_loop_test(
		all, times_are_utc_and_strict, 0, (int)(sizeof times / sizeof times[0]));
	tcase_add_test(all, clocks_leave_out_today);
	tcase_add_test(all, estimates_begin_with_a_tilde);
	tcase_add_test(all, colour_needs_a_terminal_that_can);
	tcase_add_test(all, text_cannot_move_the_cursor);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}
