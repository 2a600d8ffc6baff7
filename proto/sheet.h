/* SPDX-License-Identifier: MIT */
/*
 * CSV as spreadsheets write it, row by row, with true line numbers: a byte order
 * mark is dropped, a first line with more semicolons than commas means semicolons,
 * CR LF and CRLF end lines, blank lines are skipped.
 */
#ifndef KEYLINE_PROTO_SHEET_H
#define KEYLINE_PROTO_SHEET_H

#include <stddef.h>
#include "proto/issue.h"

enum { SHEET_CELLS_MAX = 64, SHEET_CELL_MAX = 64 };

struct sheet_cell {
	char text[SHEET_CELL_MAX + 1];
	size_t len;
};

/* Takes a row; cells[i] is column i + 1.  line is the one on which the row starts. */
typedef void sheet_row_fn(
	void *state, unsigned line, const struct sheet_cell *cells, size_t count);

/*
 * Reads bytes and calls row for each row that has no issue of its own; for none when
 * the first one, which names the columns, has one.  Adds
 * KE_BAD_UTF8, KE_CONTROL_CHARACTER (with the character and its place), KE_BAD_CSV (a
 * quote out of place; nothing after it is read), and KE_TOO_LONG (a cell over
 * SHEET_CELL_MAX bytes, a row over SHEET_CELLS_MAX cells) to issues.  Returns 0 also
 * then, or KE_NO_MEMORY.
 */
KEYLINE_WARN_UNUSED int sheet_read(const char *bytes, size_t len, sheet_row_fn *row,
	void *state, struct issue_list *issues);

#endif
