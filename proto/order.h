/* SPDX-License-Identifier: MIT */
/*
 * Orders (DESIGN 4.1): plain CSV as spreadsheets write it.  A byte order mark, CRLF,
 * semicolons, blank lines, a missing final newline and quotes are all right; every
 * error is listed with line and column, and one error refuses the whole file.
 */
#ifndef KEYLINE_PROTO_ORDER_H
#define KEYLINE_PROTO_ORDER_H

#include "proto/allocation.h"
#include "proto/issue.h"
#include "proto/name.h"
#include "proto/serial.h"

enum {
	ORDER_FILE_MAX = 1 << 20,
	ORDER_ROWS_MAX = 1000,
	ORDER_COUNT_MAX = 1000000,
	ORDER_EXTRA_MAX = 100000
};

enum order_lots { ORDER_LOTS_NONE, ORDER_LOTS_NEXT, ORDER_LOTS_GIVEN };

struct order_row {
	unsigned line;
	char batch[NAME_BATCH_MAX + 1];
	char product[NAME_PRODUCT_MAX + 1];
	uint32_t count;
	uint32_t draws;
	uint32_t spares;
	/* The first serial's number, when the order names it; else the next free one. */
	bool first_given;
	uint64_t first_number;
	enum order_lots lots;
	/* With ORDER_LOTS_GIVEN: the pairs of all wallets made. */
	struct allocation range;
};

struct order {
	struct order_row *rows;
	size_t count;
	/* Its one row names no batch: context.batch was taken. */
	bool batch_of_context;
};

struct order_context {
	const struct serial_pattern *pattern;
	/* The batch of a row that names none, or NULL; see order_stem. */
	const char *batch;
	/* Whether the config has this product; NULL: any will do. */
	bool (*product_exists)(void *state, const char *product);
	void *state;
};

/*
 * Parses an order.  Returns 0 with *out (order_free it), or the first issue's code
 * with all of them added to issues and *out NULL.
 */
KEYLINE_WARN_UNUSED int order_parse(struct order **out, struct issue_list *issues,
	const char *bytes, size_t len, const struct order_context *context);

void order_free(struct order *order);

/* The wallets that a row makes: count + draws + spares. */
uint32_t order_made(const struct order_row *row);

/*
 * The batch that an order's file name stands for: "us-118.order.csv" and "us-118.csv"
 * give US-118.  Returns 0 or KE_BAD_FIELD when that is no batch id.
 */
KEYLINE_WARN_UNUSED int order_stem(char out[NAME_BATCH_MAX + 1], const char *file);

#endif
