/* SPDX-License-Identifier: MIT */
#include "harness.h"
#include "drivers/scan_line.h"
#include <string.h>

struct scan_case {
	const char *name;
	const char *bytes;
	size_t len;
	/* what comes out: codes in quotes, problems by name, '.' for silence; see run()
	 */
	const char *expect;
};

#define BYTES(s) s, sizeof s - 1

/* A '~' in the bytes stands for a silence. */
static const struct scan_case cases[] = {
	{"cr", BYTES("AA000001K\r"), "'AA000001K'"},
	{"lf", BYTES("AA000001K\n"), "'AA000001K'"},
	{"crlf", BYTES("AA000001K\r\nBB\r\n"), "'AA000001K''BB'"},
	{"empty lines", BYTES("\r\n\r\n\n\rA\r"), "'A'"},
	{"spaces stay", BYTES(" a b \n"), "' a b '"},
	{"uri", BYTES("bitcoin:bc1qxyz?amount=1%20\n"), "'bitcoin:bc1qxyz?amount=1%20'"},
	{"escape", BYTES("AA\033[2J01\nB\n"), "scan-not-text'B'"},
	{"nul", BYTES("AA\00001K\nB\n"), "scan-not-text'B'"},
	{"delete", BYTES("\177\n"), "scan-not-text"},
	{"tab", BYTES("A\tB\n"), "scan-not-text"},
	{"latin", BYTES("\344A\n"), "scan-not-text"},
	{"break then code", BYTES("\000\rAA\r"), "scan-not-text'AA'"},
	{"half and silence", BYTES("AA00~0001K\n"), "scan-incomplete'0001K'"},
	{"silence between", BYTES("AA\n~~BB\n~"), "'AA''BB'"},
	{"silence first", BYTES("~AA\n"), "'AA'"},
	{"binary and silence", BYTES("\001~BB\n"), "scan-incomplete'BB'"},
	{"no end", BYTES("AA000001K"), ""},
};

static void
note(char *out, const struct scan_line *line, enum scan_event event)
{
	if (event == SCAN_MORE)
		return;
	if (event != SCAN_CODE) {
		strcat(out, scan_line_problem(event));
		return;
	}
	strcat(out, "'");
	strcat(out, scan_line_code(line));
	strcat(out, "'");
}

START_TEST(lines_become_codes)
{
	const struct scan_case *c = &cases[_i];
	struct scan_line line;
	char out[1024] = "";

	scan_line_init(&line);
	for (size_t i = 0; i < c->len; i++)
		note(out, &line,
			c->bytes[i] == '~'
				? scan_line_silence(&line)
				: scan_line_byte(&line, (unsigned char)c->bytes[i]));
	ck_assert_msg(strcmp(out, c->expect) == 0, "%s: %s", c->name, out);
}
END_TEST

START_TEST(the_cap_is_exact)
{
	struct scan_line line;

	for (size_t len = SCAN_CODE_MAX - 1; len <= SCAN_CODE_MAX + 1; len++) {
		scan_line_init(&line);
		for (size_t i = 0; i < len; i++)
			ck_assert_int_eq(scan_line_byte(&line, 'x'), SCAN_MORE);
		ck_assert(scan_line_open(&line));
		ck_assert_int_eq(scan_line_byte(&line, '\r'),
			len <= SCAN_CODE_MAX ? SCAN_CODE : SCAN_TOO_LONG);
		ck_assert(!scan_line_open(&line));
		if (len <= SCAN_CODE_MAX)
			ck_assert_uint_eq(strlen(scan_line_code(&line)), len);
		/* the next line starts clean */
		ck_assert_int_eq(scan_line_byte(&line, 'y'), SCAN_MORE);
		ck_assert_int_eq(scan_line_byte(&line, '\n'), SCAN_CODE);
		ck_assert_str_eq(scan_line_code(&line), "y");
	}
}
END_TEST

START_TEST(a_flood_stays_in_bounds)
{
	struct scan_line line;
	size_t more = 0;

	scan_line_init(&line);
	for (size_t i = 0; i < 100000; i++)
		more += scan_line_byte(&line, 'x') == SCAN_MORE;
	ck_assert_uint_eq(more, 100000);
	ck_assert_uint_eq(line.len, SCAN_CODE_MAX);
	ck_assert_int_eq(scan_line_byte(&line, '\n'), SCAN_TOO_LONG);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("scan_line");
	TCase *all = tcase_create("all");

	tcase_add_loop_test(all, lines_become_codes, 0, sizeof cases / sizeof cases[0]);
	tcase_add_test(all, the_cap_is_exact);
	tcase_add_test(all, a_flood_stays_in_bounds);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}
