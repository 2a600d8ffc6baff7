/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "proto/order.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "proto/order_row.h"

struct parser {
	struct issue_list *issues;
	struct order *order;
	size_t capacity;
	bool has_header;
	bool no_memory;
	unsigned header_line;
	/* Rows over the limit: how many, and where they begin. */
	size_t rows_beyond;
	unsigned line_beyond;
	/* Cells of the header that were refused: one issue for the whole column. */
	bool is_refused[SHEET_CELLS_MAX];
	/* The row at hand, once the header is read. */
	struct order_cells row;
};

/* The limits of columns: of a number, else of a name's length. */
static const struct {
	uint32_t limit;
	bool is_name;
} limits[ORDER_COLUMNS] = {
	[ORDER_BATCH] = {NAME_BATCH_MAX, true},
	[ORDER_PRODUCT] = {NAME_PRODUCT_MAX, true},
	[ORDER_COUNT] = {ORDER_COUNT_MAX, false},
	[ORDER_LOT] = {ALLOCATION_LOT_MAX, false},
	[ORDER_SEQUENCE] = {ALLOCATION_SEQUENCE_MAX, false},
	[ORDER_DRAWS] = {ORDER_EXTRA_MAX, false},
	[ORDER_SPARES] = {ORDER_EXTRA_MAX, false},
};

/* A number beyond all sense is not told. */
enum { DIGITS_TOLD = 18 };

/* How far a cell is over its column's limit, if that is what is wrong with it. */
static struct issue_detail
over_limit(enum order_column column, const struct sheet_cell *cell)
{
	struct issue_detail over = {.limit = limits[column].limit, .unit = ""};

	if (limits[column].is_name) {
		over.unit = "characters";
		over.value = cell->len;
	} else if (cell->len <= DIGITS_TOLD &&
		   strspn(cell->text, "0123456789") == cell->len) {
		over.value = strtoull(cell->text, NULL, 10);
	}
	return over.limit && over.value > over.limit ? over
						     : (struct issue_detail){.limit = 0};
}

static void
refuse(struct parser *p, unsigned line, enum order_column column, int code)
{
	size_t place = p->row.place[column];

	issue_add(p->issues, line, place == ORDER_NO_COLUMN ? 0 : (unsigned)place + 1,
		code, order_column_names[column]);
}

static enum order_column
column_named(const char *name)
{
	int column = 0;

	while (column < ORDER_COLUMNS &&
		strcasecmp(name, order_column_names[column]) != 0)
		column++;
	return (enum order_column)column;
}

static void
read_header(struct parser *p, unsigned line, const struct sheet_cell *cells, size_t count)
{
	size_t unknown = 0, missing;

	p->has_header = true;
	p->header_line = line;
	for (size_t i = 0; i < count; i++) {
		enum order_column column = column_named(cells[i].text);

		if (cells[i].len == 0)
			continue;
		p->is_refused[i] = true;
		if (column == ORDER_COLUMNS || strlen(cells[i].text) != cells[i].len) {
			unknown++;
			issue_add(p->issues, line, (unsigned)i + 1, KE_UNKNOWN_COLUMN,
				NULL);
		} else if (p->row.place[column] != ORDER_NO_COLUMN) {
			issue_add(p->issues, line, (unsigned)i + 1, KE_TWICE,
				order_column_names[column]);
		} else {
			p->is_refused[i] = false;
			p->row.place[column] = i;
		}
	}
	/* A name that was mistyped is told once, as the unknown column that it is. */
	missing = (p->row.place[ORDER_PRODUCT] == ORDER_NO_COLUMN) +
		  (p->row.place[ORDER_COUNT] == ORDER_NO_COLUMN);
	if (unknown < missing && p->row.place[ORDER_PRODUCT] == ORDER_NO_COLUMN)
		refuse(p, line, ORDER_PRODUCT, KE_MISSING_COLUMN);
	if (unknown < missing && p->row.place[ORDER_COUNT] == ORDER_NO_COLUMN)
		refuse(p, line, ORDER_COUNT, KE_MISSING_COLUMN);
}

static struct order_row *
new_row(struct parser *p)
{
	struct order *order = p->order;

	if (order->count == p->capacity) {
		size_t capacity = p->capacity ? p->capacity * 2 : 8;
		struct order_row *rows = realloc(order->rows, capacity * sizeof *rows);

		if (!rows) {
			p->no_memory = true;
			return NULL;
		}
		order->rows = rows;
		p->capacity = capacity;
	}
	memset(&order->rows[order->count], 0, sizeof *order->rows);
	return &order->rows[order->count++];
}

static bool
is_blank(const struct sheet_cell *cells, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (cells[i].len)
			return false;
	return true;
}

/* Text in a cell that no column heads. */
static void
refuse_stray_cells(struct parser *p)
{
	for (size_t i = 0; i < p->row.count; i++) {
		int column = 0;

		while (column < ORDER_COLUMNS && p->row.place[column] != i)
			column++;
		if (column == ORDER_COLUMNS && p->row.cells[i].len && !p->is_refused[i])
			issue_add(p->issues, p->row.line, (unsigned)i + 1, KE_BAD_FIELD,
				NULL);
	}
}

static void
refuse_cell(void *state, enum order_column column, int code)
{
	struct parser *p = state;
	size_t place = p->row.place[column];
	struct issue issue = {.line = p->row.line,
		.column = place == ORDER_NO_COLUMN ? 0 : (unsigned)place + 1,
		.code = code,
		.field = order_column_names[column]};

	if (code == KE_BAD_FIELD && place < p->row.count)
		issue.detail = over_limit(column, &p->row.cells[place]);
	issue_add_whole(p->issues, &issue);
}

static void
on_row(void *state, unsigned line, const struct sheet_cell *cells, size_t count)
{
	struct parser *p = state;
	struct order_row *row;

	if (is_blank(cells, count) || p->no_memory)
		return;
	if (!p->has_header) {
		read_header(p, line, cells, count);
		return;
	}
	/* Without its columns a row says nothing. */
	if (p->row.place[ORDER_PRODUCT] == ORDER_NO_COLUMN ||
		p->row.place[ORDER_COUNT] == ORDER_NO_COLUMN)
		return;
	if (p->order->count == ORDER_ROWS_MAX) {
		if (p->rows_beyond++ == 0)
			p->line_beyond = line;
		return;
	}
	row = new_row(p);
	if (!row)
		return;
	row->line = p->row.line = line;
	p->row.cells = cells;
	p->row.count = count;
	order_row_read(row, &p->row, refuse_cell, p);
	refuse_stray_cells(p);
}

static void
fill_in_batch(struct parser *p)
{
	const char *batch = p->row.context->batch;

	for (size_t i = 0; i < p->order->count; i++) {
		struct order_row *row = &p->order->rows[i];

		if (row->batch[0])
			continue;
		if (p->order->count == 1 && batch &&
			name_is_batch(batch, strlen(batch))) {
			memcpy(row->batch, batch, strlen(batch) + 1);
			p->order->batch_of_context = true;
		} else {
			refuse(p, row->line, ORDER_BATCH, KE_BAD_FIELD);
		}
	}
}

/* What row claims that a row before it has claimed. */
static void
refuse_overlap(
	struct parser *p, const struct order_row *before, const struct order_row *row)
{
	if (row->batch[0] && strcmp(before->batch, row->batch) == 0)
		refuse(p, row->line, ORDER_BATCH, KE_TWICE);
	if (before->first_given && row->first_given &&
		before->first_number < row->first_number + order_made(row) &&
		row->first_number < before->first_number + order_made(before))
		refuse(p, row->line, ORDER_FIRST_SERIAL, KE_TWICE);
	if (before->lots == ORDER_LOTS_GIVEN && row->lots == ORDER_LOTS_GIVEN &&
		allocation_overlaps(&before->range, &row->range))
		refuse(p, row->line, ORDER_LOT, KE_TWICE);
}

static void
check_whole(struct parser *p)
{
	struct order *order = p->order;

	if (p->issues->total == 0 && !p->has_header)
		issue_add(p->issues, 1, 0, KE_BAD_HEADER, NULL);
	if (p->issues->total == 0 && order->count == 0)
		issue_add(p->issues, p->header_line, 0, KE_NO_ROWS, NULL);
	if (p->rows_beyond)
		issue_add_whole(
			p->issues, &(struct issue){.line = p->line_beyond,
					   .code = KE_TOO_LONG,
					   .detail = {order->count + p->rows_beyond,
						   ORDER_ROWS_MAX, "rows", 0}});
	fill_in_batch(p);
	for (size_t i = 0; i < order->count; i++)
		for (size_t j = 0; j < i; j++)
			refuse_overlap(p, &order->rows[j], &order->rows[i]);
	issue_list_sort(p->issues);
}

int
order_parse(struct order **out, struct issue_list *issues, const char *bytes, size_t len,
	const struct order_context *context)
{
	struct parser p = {.issues = issues, .row.context = context};
	int rc;

	*out = NULL;
	for (int i = 0; i < ORDER_COLUMNS; i++)
		p.row.place[i] = ORDER_NO_COLUMN;
	if (len > ORDER_FILE_MAX)
		return issue_add_whole(
			issues, &(struct issue){.code = KE_TOO_LONG,
					.detail = {len, ORDER_FILE_MAX, "bytes", 0}});
	p.order = calloc(1, sizeof *p.order);
	if (!p.order)
		return KE_NO_MEMORY;
	rc = sheet_read(bytes, len, on_row, &p, issues);
	if (rc == 0 && p.no_memory)
		rc = KE_NO_MEMORY;
	if (rc == 0) {
		check_whole(&p);
		rc = issue_first(issues);
	}
	if (rc == 0)
		*out = p.order;
	else
		order_free(p.order);
	return rc;
}

void
order_free(struct order *order)
{
	if (order)
		free(order->rows);
	free(order);
}

uint32_t
order_made(const struct order_row *row)
{
	return row->count + row->draws + row->spares;
}

int
order_stem(char out[NAME_BATCH_MAX + 1], const char *file)
{
	size_t len = strcspn(file, ".");

	if (len == 0 || len > NAME_BATCH_MAX)
		return KE_BAD_FIELD;
	for (size_t i = 0; i < len; i++)
		out[i] = file[i] >= 'a' && file[i] <= 'z' ? (char)(file[i] - 'a' + 'A')
							  : file[i];
	out[len] = '\0';
	return name_is_batch(out, len) ? 0 : KE_BAD_FIELD;
}
