/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "ctl/page.h"

#include <stdbool.h>

enum { HEADING_LINES = 2, BODY_LINES = PAGE_LINES - HEADING_LINES };

/* How many lines follow one another from here on without an empty one. */
static size_t
block_len(const char *const *lines, size_t count)
{
	size_t n = 0;

	while (n < count && lines[n][0])
		n++;
	return n;
}

/* How many of the lines are the next page. */
static size_t
page_len(const char *const *lines, size_t count)
{
	size_t n = 0;

	while (n < count) {
		size_t block = block_len(lines + n, count - n);

		if (n + block > BODY_LINES)
			break;
		/* The empty line behind it may fall off the end. */
		n += block;
		if (n == count || n == BODY_LINES)
			break;
		n++;
	}
	/* A block that is longer than a page is cut. */
	return n ? n : count < BODY_LINES ? count : BODY_LINES;
}

/* Prints the pages, or (out NULL) only counts them. */
static unsigned
pages(FILE *out, const char *title, unsigned total, const char *const *lines,
	size_t count)
{
	unsigned number = 0;

	while (count > 0) {
		size_t len;

		/* No page begins with an empty line. */
		if (number && !lines[0][0]) {
			lines++;
			count--;
			continue;
		}
		len = page_len(lines, count);
		number++;
		if (out)
			fprintf(out, "%s, page %u of %u\n\n", title, number, total);
		for (size_t i = 0; out && i < len; i++)
			fprintf(out, "%s\n", lines[i]);
		if (out)
			fputc('\f', out);
		lines += len;
		count -= len;
	}
	return number;
}

void
page_print(FILE *out, const char *title, const char *const *lines, size_t count)
{
	pages(out, title, pages(NULL, title, 0, lines, count), lines, count);
}
