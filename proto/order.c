/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "proto/order.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "proto/sheet.h"

enum column {
	BATCH,
	PRODUCT,
	COUNT,
	FIRST_SERIAL,
	LOT,
	SEQUENCE,
	DRAWS,
	SPARES,
	COLUMNS
};

static const char *const column_names[COLUMNS] = {"batch", "product", "count",
	"first_serial", "lot", "sequence", "draws", "spares"};

enum { NO_COLUMN = SHEET_CELLS_MAX };

struct parser {
	const struct order_context *context;
	struct issue_list *issues;
	struct order *order;
	size_t capacity;
	bool has_header;
	bool no_memory;
	unsigned header_line;
	/* Which cell holds a column; NO_COLUMN where the file lacks it. */
	size_t place[COLUMNS];
	/* Cells of the header that were refused: one issue for the whole column. */
	bool is_refused[SHEET_CELLS_MAX];
	/* The row at hand. */
	unsigned line;
	const struct sheet_cell *cells;
	size_t count;
};

static void
refuse(struct parser *p, unsigned line, enum column column, int code)
{
	size_t place = p->place[column];

	issue_add(p->issues, line, place == NO_COLUMN ? 0 : (unsigned)place + 1, code,
		column_names[column]);
}

static enum column
column_named(const char *name)
{
	int column = 0;

	while (column < COLUMNS && strcasecmp(name, column_names[column]) != 0)
		column++;
	return (enum column)column;
}

static void
read_header(struct parser *p, unsigned line, const struct sheet_cell *cells, size_t count)
{
	size_t unknown = 0, missing;

	p->has_header = true;
	p->header_line = line;
	for (size_t i = 0; i < count; i++) {
		enum column column = column_named(cells[i].text);

		if (cells[i].len == 0)
			continue;
		p->is_refused[i] = true;
		if (column == COLUMNS || strlen(cells[i].text) != cells[i].len) {
			unknown++;
			issue_add(p->issues, line, (unsigned)i + 1, KE_UNKNOWN_COLUMN,
				NULL);
		} else if (p->place[column] != NO_COLUMN) {
			issue_add(p->issues, line, (unsigned)i + 1, KE_DUPLICATE,
				column_names[column]);
		} else {
			p->is_refused[i] = false;
			p->place[column] = i;
		}
	}
	/* A name that was mistyped is told once, as the unknown column that it is. */
	missing = (p->place[PRODUCT] == NO_COLUMN) + (p->place[COUNT] == NO_COLUMN);
	if (unknown < missing && p->place[PRODUCT] == NO_COLUMN)
		refuse(p, line, PRODUCT, KE_MISSING_COLUMN);
	if (unknown < missing && p->place[COUNT] == NO_COLUMN)
		refuse(p, line, COUNT, KE_MISSING_COLUMN);
}

/* The cell of a column; empty where the row or the file lacks it. */
static const struct sheet_cell *
cell_of(const struct parser *p, enum column column)
{
	static const struct sheet_cell empty;

	return p->place[column] < p->count ? &p->cells[p->place[column]] : &empty;
}

/* Decimal digits alone, no more than max.  An empty cell counts as none. */
static int
read_number(uint32_t *out, const struct sheet_cell *cell, uint32_t max)
{
	uint64_t value = 0;

	for (size_t i = 0; i < cell->len; i++) {
		if (cell->text[i] < '0' || cell->text[i] > '9')
			return KE_BAD_FIELD;
		value = value * 10 + (uint64_t)(cell->text[i] - '0');
		if (value > max)
			return KE_BAD_FIELD;
	}
	*out = (uint32_t)value;
	return 0;
}

static bool
is_next(const struct sheet_cell *cell)
{
	return cell->len == 4 && strcasecmp(cell->text, "next") == 0;
}

static int
read_batch(struct order_row *row, const struct parser *p)
{
	const struct sheet_cell *cell = cell_of(p, BATCH);

	/* Whether a missing one may be filled in shows after the last row. */
	if (cell->len == 0)
		return 0;
	if (!name_is_batch(cell->text, cell->len))
		return KE_BAD_FIELD;
	memcpy(row->batch, cell->text, cell->len + 1);
	return 0;
}

static int
read_product(struct order_row *row, const struct parser *p)
{
	const struct sheet_cell *cell = cell_of(p, PRODUCT);
	const struct order_context *context = p->context;

	if (!name_is_product(cell->text, cell->len))
		return KE_BAD_FIELD;
	memcpy(row->product, cell->text, cell->len + 1);
	if (context->product_exists &&
		!context->product_exists(context->state, row->product))
		return KE_UNKNOWN_PRODUCT;
	return 0;
}

static int
read_count(struct order_row *row, const struct parser *p)
{
	int rc = read_number(&row->count, cell_of(p, COUNT), ORDER_COUNT_MAX);

	return rc == 0 && row->count == 0 ? KE_BAD_FIELD : rc;
}

static int
read_draws(struct order_row *row, const struct parser *p)
{
	return read_number(&row->draws, cell_of(p, DRAWS), ORDER_EXTRA_MAX);
}

static int
read_spares(struct order_row *row, const struct parser *p)
{
	return read_number(&row->spares, cell_of(p, SPARES), ORDER_EXTRA_MAX);
}

/* Stands behind the counts: a first serial must leave room for all wallets made. */
static int
read_first_serial(struct order_row *row, const struct parser *p)
{
	const struct sheet_cell *cell = cell_of(p, FIRST_SERIAL);
	const struct serial_pattern *pattern = p->context->pattern;
	int rc;

	if (cell->len == 0 || is_next(cell))
		return 0;
	rc = serial_to_number(&row->first_number, pattern, cell->text, cell->len);
	if (rc != 0)
		return rc;
	row->first_given = true;
	return order_made(row) > pattern->count - row->first_number ? KE_EXHAUSTED : 0;
}

static int
read_lot(struct order_row *row, const struct parser *p)
{
	const struct sheet_cell *lot = cell_of(p, LOT), *sequence = cell_of(p, SEQUENCE);
	struct lot_sequence first;
	int rc;

	if (lot->len == 0)
		return sequence->len == 0 ? 0 : KE_BAD_FIELD;
	if (is_next(lot)) {
		row->lots = ORDER_LOTS_NEXT;
		return 0;
	}
	rc = read_number(&first.lot, lot, ALLOCATION_LOT_MAX);
	/* A wrong sequence is told by its own column. */
	if (rc != 0 || sequence->len == 0 ||
		read_number(&first.sequence, sequence, ALLOCATION_SEQUENCE_MAX) != 0)
		return rc;
	row->lots = ORDER_LOTS_GIVEN;
	return order_made(row) ? allocation_make(&row->range, &first, order_made(row))
			       : 0;
}

static int
read_sequence(struct order_row *row, const struct parser *p)
{
	const struct sheet_cell *lot = cell_of(p, LOT), *sequence = cell_of(p, SEQUENCE);
	uint32_t value;

	(void)row;
	/* Both or neither, and none beside "next"; a missing lot was told already. */
	if (lot->len && (sequence->len == 0) != is_next(lot))
		return KE_BAD_FIELD;
	return read_number(&value, sequence, ALLOCATION_SEQUENCE_MAX);
}

/* In the order in which they need each other. */
static const struct {
	enum column column;
	int (*read)(struct order_row *row, const struct parser *p);
} readers[] = {
	{BATCH, read_batch},
	{PRODUCT, read_product},
	{COUNT, read_count},
	{DRAWS, read_draws},
	{SPARES, read_spares},
	{FIRST_SERIAL, read_first_serial},
	{LOT, read_lot},
	{SEQUENCE, read_sequence},
};

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
	for (size_t i = 0; i < p->count; i++) {
		int column = 0;

		while (column < COLUMNS && p->place[column] != i)
			column++;
		if (column == COLUMNS && p->cells[i].len && !p->is_refused[i])
			issue_add(
				p->issues, p->line, (unsigned)i + 1, KE_BAD_FIELD, NULL);
	}
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
	if (p->place[PRODUCT] == NO_COLUMN || p->place[COUNT] == NO_COLUMN)
		return;
	if (p->order->count == ORDER_ROWS_MAX) {
		issue_add(p->issues, line, 0, KE_TOO_LONG, NULL);
		return;
	}
	row = new_row(p);
	if (!row)
		return;
	row->line = p->line = line;
	p->cells = cells;
	p->count = count;
	for (size_t i = 0; i < sizeof readers / sizeof readers[0]; i++) {
		int rc = readers[i].read(row, p);

		if (rc != 0)
			refuse(p, line, readers[i].column, rc);
	}
	refuse_stray_cells(p);
}

static void
fill_in_batch(struct parser *p)
{
	const char *batch = p->context->batch;

	for (size_t i = 0; i < p->order->count; i++) {
		struct order_row *row = &p->order->rows[i];

		if (row->batch[0])
			continue;
		if (p->order->count == 1 && batch && name_is_batch(batch, strlen(batch)))
			memcpy(row->batch, batch, strlen(batch) + 1);
		else
			refuse(p, row->line, BATCH, KE_BAD_FIELD);
	}
}

/* What row claims that a row before it has claimed. */
static void
refuse_overlap(
	struct parser *p, const struct order_row *before, const struct order_row *row)
{
	if (row->batch[0] && strcmp(before->batch, row->batch) == 0)
		refuse(p, row->line, BATCH, KE_DUPLICATE);
	if (before->first_given && row->first_given &&
		before->first_number < row->first_number + order_made(row) &&
		row->first_number < before->first_number + order_made(before))
		refuse(p, row->line, FIRST_SERIAL, KE_DUPLICATE);
	if (before->lots == ORDER_LOTS_GIVEN && row->lots == ORDER_LOTS_GIVEN &&
		allocation_overlaps(&before->range, &row->range))
		refuse(p, row->line, LOT, KE_DUPLICATE);
}

static void
check_whole(struct parser *p)
{
	struct order *order = p->order;

	if (p->issues->total == 0 && !p->has_header)
		issue_add(p->issues, 1, 0, KE_BAD_HEADER, NULL);
	if (p->issues->total == 0 && order->count == 0)
		issue_add(p->issues, p->header_line, 0, KE_BAD_COUNT, NULL);
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
	struct parser p = {.context = context, .issues = issues};
	int rc;

	*out = NULL;
	for (int i = 0; i < COLUMNS; i++)
		p.place[i] = NO_COLUMN;
	if (len > ORDER_FILE_MAX)
		return issue_add(issues, 0, 0, KE_TOO_LONG, NULL);
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
