/* SPDX-License-Identifier: MIT */
/* A report as pages that a line printer takes: lp(1). */
#ifndef KEYLINE_CTL_PAGE_H
#define KEYLINE_CTL_PAGE_H

#include <stdio.h>

/* Lines of a page, its heading included: A4 at six an inch, with margins. */
enum { PAGE_LINES = 58 };

/*
 * Prints lines[0..count-1] as pages, each under the line "TITLE, page 2 of 3" and ended by a
 * form feed.  What stands between empty lines stays on one page where it fits on one.
 */
void page_print(FILE *out, const char *title, const char *const *lines, size_t count);

#endif
