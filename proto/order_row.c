/* SPDX-License-Identifier: MIT */
/* One row of an order: what each of its cells means. */
#include "config.h"
#include "proto/order_row.h"

#include <string.h>
#include <strings.h>

/* The cell of a column; empty where the row or the file lacks it. */
static const struct sheet_cell *
cell_of(const struct order_cells *cells, enum order_column column)
{
	static const struct sheet_cell empty;

	return cells->place[column] < cells->count ? &cells->cells[cells->place[column]]
						   : &empty;
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
read_batch(struct order_row *row, const struct order_cells *cells)
{
	const struct sheet_cell *cell = cell_of(cells, ORDER_BATCH);

	/* Whether a missing one may be filled in shows after the last row. */
	if (cell->len == 0)
		return 0;
	if (!name_is_batch(cell->text, cell->len))
		return KE_BAD_FIELD;
	memcpy(row->batch, cell->text, cell->len + 1);
	return 0;
}

static int
read_product(struct order_row *row, const struct order_cells *cells)
{
	const struct sheet_cell *cell = cell_of(cells, ORDER_PRODUCT);
	const struct order_context *context = cells->context;

	if (!name_is_product(cell->text, cell->len))
		return KE_BAD_FIELD;
	memcpy(row->product, cell->text, cell->len + 1);
	if (context->product_exists &&
		!context->product_exists(context->state, row->product))
		return KE_UNKNOWN_PRODUCT;
	return 0;
}

static int
read_count(struct order_row *row, const struct order_cells *cells)
{
	int rc = read_number(&row->count, cell_of(cells, ORDER_COUNT), ORDER_COUNT_MAX);

	return rc == 0 && row->count == 0 ? KE_BAD_FIELD : rc;
}

static int
read_draws(struct order_row *row, const struct order_cells *cells)
{
	return read_number(&row->draws, cell_of(cells, ORDER_DRAWS), ORDER_EXTRA_MAX);
}

static int
read_spares(struct order_row *row, const struct order_cells *cells)
{
	return read_number(&row->spares, cell_of(cells, ORDER_SPARES), ORDER_EXTRA_MAX);
}

/* Stands behind the counts: a first serial must leave room for all wallets made. */
static int
read_first_serial(struct order_row *row, const struct order_cells *cells)
{
	const struct sheet_cell *cell = cell_of(cells, ORDER_FIRST_SERIAL);
	const struct serial_pattern *pattern = cells->context->pattern;
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
read_lot(struct order_row *row, const struct order_cells *cells)
{
	const struct sheet_cell *lot = cell_of(cells, ORDER_LOT),
				*sequence = cell_of(cells, ORDER_SEQUENCE);
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
read_sequence(struct order_row *row, const struct order_cells *cells)
{
	const struct sheet_cell *lot = cell_of(cells, ORDER_LOT),
				*sequence = cell_of(cells, ORDER_SEQUENCE);
	uint32_t value;

	(void)row;
	/* Both or neither, and none beside "next"; a missing lot was told already. */
	if (lot->len && (sequence->len == 0) != is_next(lot))
		return KE_BAD_FIELD;
	return read_number(&value, sequence, ALLOCATION_SEQUENCE_MAX);
}

/* In the order in which they need each other. */
static const struct {
	enum order_column column;
	int (*read)(struct order_row *row, const struct order_cells *cells);
} readers[] = {
	{ORDER_BATCH, read_batch},
	{ORDER_PRODUCT, read_product},
	{ORDER_COUNT, read_count},
	{ORDER_DRAWS, read_draws},
	{ORDER_SPARES, read_spares},
	{ORDER_FIRST_SERIAL, read_first_serial},
	{ORDER_LOT, read_lot},
	{ORDER_SEQUENCE, read_sequence},
};

const char *const order_column_names[ORDER_COLUMNS] = {"batch", "product", "count",
	"first_serial", "lot", "sequence", "draws", "spares"};

void
order_row_read(struct order_row *row, const struct order_cells *cells,
	order_row_refuse *refuse, void *state)
{
	for (size_t i = 0; i < sizeof readers / sizeof readers[0]; i++) {
		int rc = readers[i].read(row, cells);

		if (rc != 0)
			refuse(state, readers[i].column, rc);
	}
}
