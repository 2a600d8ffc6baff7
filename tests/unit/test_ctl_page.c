/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "harness.h"
#include "ctl/page.h"
#include <stdlib.h>
#include <string.h>

enum { LINES_MAX = 400 };

/* What page_print() makes of blocks of so many lines with an empty line between; a block's
 * lines are its letter. */
static char *
printed(const int *blocks)
{
	static char letters[26][2];
	const char *lines[LINES_MAX];
	size_t count = 0, len;
	char *text;
	FILE *out = open_memstream(&text, &len);

	for (int i = 0; blocks[i]; i++) {
		letters[i][0] = (char)('a' + i);
		if (i)
			lines[count++] = "";
		for (int n = 0; n < blocks[i]; n++)
			lines[count++] = letters[i];
	}
	page_print(out, "T", lines, count);
	fclose(out);
	return text;
}

/* The pages as "a5 b3|c2": letters and how many lines, pages apart. */
static void
is(const char *expected, const int *blocks)
{
	char *text = printed(blocks), got[400] = "";
	char *rest = text, *page;
	unsigned number = 0, total = 0;

	for (const char *c = text; *c; c++)
		total += *c == '\f';
	while ((page = strsep(&rest, "\f")) && rest) {
		char heading[40], letter = 0, *line;
		int run = 0, lines = 2;

		snprintf(heading, sizeof heading, "T, page %u of %u\n\n", ++number, total);
		ck_assert_msg(strncmp(page, heading, strlen(heading)) == 0, "%.40s", page);
		page += strlen(heading);
		if (number > 1)
			strcat(got, "|");
		while ((line = strsep(&page, "\n")) && page) {
			lines++;
			if (run && *line != letter) {
				snprintf(got + strlen(got), 20, "%c%d%s", letter, run, page && *page && !*line ? " " : "");
				run = 0;
			}
			run += *line != '\0';
			letter = *line ? *line : letter;
		}
		if (run)
			snprintf(got + strlen(got), 20, "%c%d", letter, run);
		ck_assert_int_le(lines, PAGE_LINES);
	}
	/* Every page ends in a form feed, and nothing follows the last one. */
	ck_assert_str_eq(page ? page : "", "");
	ck_assert_str_eq(got, expected);
	free(text);
}

#define BLOCKS(...) (const int[]){ __VA_ARGS__, 0 }

START_TEST(blocks_stay_whole_where_they_fit)
{
	is("a5", BLOCKS(5));
	is("a5 b3", BLOCKS(5, 3));
	is("a56", BLOCKS(56));
	is("a56|a1", BLOCKS(57));
	is("a50 b5", BLOCKS(50, 5));
	is("a50|b6", BLOCKS(50, 6));
	is("a56|b56", BLOCKS(56, 56));
	is("a20 b20|c20 d35|e3", BLOCKS(20, 20, 20, 35, 3));
	is("a3|b56|b56|b8 c1", BLOCKS(3, 120, 1));
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("ctl_page");
	TCase *all = tcase_create("all");

	tcase_add_test(all, blocks_stay_whole_where_they_fit);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}
