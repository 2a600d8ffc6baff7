/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "proto/sheet.h"
#include "proto/utf8.h"

#include <stdbool.h>
#include <string.h>
#include <csv.h>

struct reader {
	sheet_row_fn *row;
	void *state;
	struct issue_list *issues;
	/* Where the reader stands, and where its row began (0: not yet begun). */
	unsigned line;
	unsigned row_line;
	bool row_is_bad;
	/* The first row was bad: the others mean nothing without it. */
	bool is_lost;
	bool has_row;
	size_t count;
	struct sheet_cell cells[SHEET_CELLS_MAX];
};

/* The first control character; its place from 1, counted in characters, 0: none. */
static unsigned
control_at(unsigned char *found, const unsigned char *text, size_t len)
{
	unsigned place = 0;

	for (size_t i = 0; i < len; i++) {
		/* The bytes that go on with a character are no other one. */
		place += (text[i] & 0xc0) != 0x80;
		*found = text[i];
		if (text[i] < 0x20 || text[i] == 0x7f)
			return place;
	}
	return 0;
}

static void
refuse_cell(struct reader *r, int code, const struct issue_detail *detail)
{
	r->row_is_bad = true;
	issue_add_whole(r->issues, &(struct issue){.line = r->row_line,
					   .column = (unsigned)r->count + 1,
					   .code = code,
					   .detail = *detail});
}

/* What is in a cell that is no text; false: it was refused. */
static bool
is_clean(struct reader *r, const void *text, size_t len)
{
	unsigned char control = 0;
	unsigned place;

	if (!utf8_is_valid(text, len)) {
		refuse_cell(r, KE_BAD_UTF8, &(struct issue_detail){.limit = 0});
		return false;
	}
	place = control_at(&control, text, len);
	if (place)
		refuse_cell(r, KE_CONTROL_CHARACTER,
			&(struct issue_detail){.value = control, .place = place});
	return place == 0;
}

static void
on_cell(void *text, size_t len, void *data)
{
	struct reader *r = data;

	/* An empty cell may come without a text. */
	if (r->count == SHEET_CELLS_MAX) {
		if (!r->row_is_bad)
			refuse_cell(r, KE_TOO_LONG,
				&(struct issue_detail){SHEET_CELLS_MAX + 1,
					SHEET_CELLS_MAX, "fields", 0});
		return;
	}
	if (len > SHEET_CELL_MAX)
		refuse_cell(r, KE_TOO_LONG,
			&(struct issue_detail){len, SHEET_CELL_MAX, "bytes", 0});
	else if (len && is_clean(r, text, len))
		memcpy(r->cells[r->count].text, text, len);
	len = len > SHEET_CELL_MAX ? 0 : len;
	r->cells[r->count].text[len] = '\0';
	r->cells[r->count].len = len;
	r->count++;
}

static void
on_row(int terminator, void *data)
{
	struct reader *r = data;

	(void)terminator;
	if (!r->has_row && r->row_is_bad)
		r->is_lost = true;
	r->has_row = true;
	if (!r->row_is_bad && !r->is_lost)
		r->row(r->state, r->row_line, r->cells, r->count);
	r->row_is_bad = false;
	r->row_line = 0;
	r->count = 0;
}

static unsigned char
delimiter_of(const char *bytes, size_t len)
{
	size_t commas = 0, semicolons = 0;

	for (size_t i = 0; i < len && bytes[i] != '\n' && bytes[i] != '\r'; i++) {
		commas += bytes[i] == ',';
		semicolons += bytes[i] == ';';
	}
	return semicolons > commas ? ';' : ',';
}

/* libcsv tells no places, so it gets one byte at a time and we count along. */
static int
feed(struct csv_parser *csv, struct reader *r, const char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		char c = bytes[i];

		if (!r->row_line && !(c && strchr(" \t\r\n", c)))
			r->row_line = r->line;
		if (csv_parse(csv, &c, 1, on_cell, on_row, r) != 1)
			return csv_error(csv);
		if (c == '\n' || (c == '\r' && (i + 1 == len || bytes[i + 1] != '\n')))
			r->line++;
	}
	return csv_fini(csv, on_cell, on_row, r) == 0 ? CSV_SUCCESS : csv_error(csv);
}

int
sheet_read(const char *bytes, size_t len, sheet_row_fn *row, void *state,
	struct issue_list *issues)
{
	struct reader r = {.row = row, .state = state, .issues = issues, .line = 1};
	struct csv_parser csv;
	int rc;

	if (len >= 3 && !memcmp(bytes, "\xef\xbb\xbf", 3)) {
		bytes += 3;
		len -= 3;
	}
	if (csv_init(&csv, CSV_STRICT | CSV_STRICT_FINI) != 0)
		return KE_NO_MEMORY;
	csv_set_delim(&csv, delimiter_of(bytes, len));
	rc = feed(&csv, &r, bytes, len);
	csv_free(&csv);
	if (rc == CSV_ENOMEM || rc == CSV_ETOOBIG)
		return KE_NO_MEMORY;
	if (rc != CSV_SUCCESS)
		issue_add(issues, r.row_line ? r.row_line : r.line, (unsigned)r.count + 1,
			KE_BAD_CSV, NULL);
	return 0;
}
