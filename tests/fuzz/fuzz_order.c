/* SPDX-License-Identifier: MIT */
/*
 * Orders: what is taken is within its limits and, written as plain CSV, read again as the
 * same order; what is refused has an issue, and each issue a line of the file.
 */
#include "config.h"
#include "fuzz.h"
#include "proto/buffer.h"
#include "proto/order.h"

#include <inttypes.h>

static struct serial_pattern pattern;

static void
write_row(struct buffer *b, const struct order_row *row)
{
	char serial[SERIAL_SIZE] = "";

	if (row->first_given)
		HOLDS(serial_from_number(serial, &pattern, row->first_number) == 0);
	buffer_format(
		b, "%s,%s,%" PRIu32 ",%s,", row->batch, row->product, row->count, serial);
	if (row->lots == ORDER_LOTS_NEXT)
		buffer_text(b, "next,,");
	else if (row->lots == ORDER_LOTS_NONE)
		buffer_text(b, ",,");
	else
		buffer_format(b, "%" PRIu32 ",%" PRIu32 ",",
			allocation_pair(row->range.first).lot,
			allocation_pair(row->range.first).sequence);
	buffer_format(b, "%" PRIu32 ",%" PRIu32 "\n", row->draws, row->spares);
}

static void
check_row(const struct order_row *row)
{
	HOLDS(name_is_batch(row->batch, strlen(row->batch)));
	HOLDS(name_is_product(row->product, strlen(row->product)));
	HOLDS(row->count >= 1 && row->count <= ORDER_COUNT_MAX);
	HOLDS(row->draws <= ORDER_EXTRA_MAX && row->spares <= ORDER_EXTRA_MAX);
	HOLDS(!row->first_given || row->first_number + order_made(row) <= pattern.count);
	HOLDS(row->lots != ORDER_LOTS_GIVEN ||
		row->range.first + row->range.count <= ALLOCATION_POSITIONS);
	HOLDS(row->lots != ORDER_LOTS_GIVEN || row->range.count == order_made(row));
}

static bool
is_same_row(const struct order_row *a, const struct order_row *b)
{
	return strcmp(a->batch, b->batch) == 0 && strcmp(a->product, b->product) == 0 &&
	       a->count == b->count && a->draws == b->draws && a->spares == b->spares &&
	       a->first_given == b->first_given && a->first_number == b->first_number &&
	       a->lots == b->lots && a->range.first == b->range.first &&
	       a->range.count == b->range.count;
}

static void
read_again(const struct order *order, const struct order_context *context)
{
	struct issue_list issues = ISSUE_LIST_EMPTY;
	struct order *again;
	struct buffer b;

	buffer_init(&b, ORDER_FILE_MAX);
	buffer_text(&b, "batch,product,count,first_serial,lot,sequence,draws,spares\n");
	for (size_t i = 0; i < order->count; i++) {
		check_row(&order->rows[i]);
		write_row(&b, &order->rows[i]);
	}
	HOLDS(b.error == 0);
	HOLDS(order_parse(&again, &issues, b.bytes, b.len, context) == 0);
	HOLDS(again->count == order->count);
	for (size_t i = 0; i < order->count; i++)
		HOLDS(is_same_row(&again->rows[i], &order->rows[i]));
	order_free(again);
	buffer_free(&b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	const struct order_context context = {.pattern = &pattern, .batch = "US-118"};
	struct issue_list issues = ISSUE_LIST_EMPTY;
	char *text = fuzz_text(bytes, len);
	struct order *order;
	unsigned lines = 1;
	int rc = order_parse(&order, &issues, text, len, &context);

	for (size_t i = 0; i < len; i++)
		lines += text[i] == '\n' || text[i] == '\r';
	HOLDS((rc == 0) == (issues.total == 0));
	HOLDS((rc == 0) == (order != NULL));
	for (size_t i = 0; i < issues.count; i++)
		HOLDS(issues.items[i].code < 0 && issues.items[i].line <= lines);
	if (rc == 0)
		read_again(order, &context);
	order_free(order);
	issue_list_clear(&issues);
	free(text);
	return 0;
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	return serial_pattern_compile(&pattern, SERIAL_PATTERN_DEFAULT);
}
