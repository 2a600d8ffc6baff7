/* SPDX-License-Identifier: MIT */
/* One row of an order.  For order.c alone. */
#ifndef KEYLINE_PROTO_ORDER_ROW_H
#define KEYLINE_PROTO_ORDER_ROW_H

#include "proto/order.h"
#include "proto/sheet.h"

enum order_column {
	ORDER_BATCH,
	ORDER_PRODUCT,
	ORDER_COUNT,
	ORDER_FIRST_SERIAL,
	ORDER_LOT,
	ORDER_SEQUENCE,
	ORDER_DRAWS,
	ORDER_SPARES,
	ORDER_COLUMNS
};

extern const char *const order_column_names[ORDER_COLUMNS];

enum { ORDER_NO_COLUMN = SHEET_CELLS_MAX };

struct order_cells {
	const struct order_context *context;
	/* Which cell holds a column; ORDER_NO_COLUMN where the file lacks it. */
	size_t place[ORDER_COLUMNS];
	unsigned line;
	const struct sheet_cell *cells;
	size_t count;
};

typedef void order_row_refuse(void *state, enum order_column column, int code);

/* Reads all columns into row, which is zero; refuse is told of each that is not as it
 * should be. */
void order_row_read(struct order_row *row, const struct order_cells *cells,
	order_row_refuse *refuse, void *state);

#endif
