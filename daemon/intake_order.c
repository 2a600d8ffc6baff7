/* SPDX-License-Identifier: MIT */
/* Orders: plain CSV by people.  Serials and lots are given out with the order. */
#include "config.h"
#include "daemon/intake_file.h"

#include <stdio.h>
#include <string.h>
#include "daemon/ledger_batch.h"
#include "daemon/settings.h"
#include "proto/hash.h"
#include "proto/order.h"
#include "proto/text.h"

/* The one row of positions that all lots and sequences of a host come from. */
#define LOT_NAME "lot-sequence"

static bool
product_exists(void *state, const char *product)
{
	return settings_product(state, product) != NULL;
}

static int
allocate_serials(char first[SERIAL_SIZE], struct host *host, const struct ledger_by *by,
	const struct order_row *row)
{
	struct ledger_range range = { .kind = "serial",
		.name = host->serials.text,
		.first = row->first_given ? row->first_number : LEDGER_NEXT,
		.count = order_made(row),
		.limit = host->serials.count,
		.batch = row->batch };
	uint64_t number;
	int error = ledger_allocate(&number, host->ledger, by, &range);

	return error ? error : serial_from_number(first, &host->serials, number);
}

static int
allocate_lots(struct host *host, const struct ledger_by *by, const struct order_row *row)
{
	struct ledger_range range = { .kind = "lot",
		.name = LOT_NAME,
		.first = row->lots == ORDER_LOTS_GIVEN ? row->range.first : LEDGER_NEXT,
		.count = order_made(row),
		.limit = ALLOCATION_POSITIONS,
		.batch = row->batch };
	uint64_t first;

	if (row->lots == ORDER_LOTS_NONE)
		return 0;
	return ledger_allocate(&first, host->ledger, by, &range);
}

/* field: that of the row which stood in the way. */
static int
take_row(const char **field, struct host *host, const struct ledger_by *by,
	const struct order_row *row)
{
	const struct settings_product *product;
	struct ledger_batch batch = { .made = order_made(row),
		.draws = row->draws,
		.spares = row->spares };
	int error = allocate_serials(batch.first_serial, host, by, row);

	*field = "first_serial";
	if (error)
		return error;
	*field = "lot";
	error = allocate_lots(host, by, row);
	if (error)
		return error;
	*field = "batch";
	(void)snprintf(batch.id, sizeof batch.id, "%s", row->batch);
	(void)snprintf(batch.product, sizeof batch.product, "%s", row->product);
	(void)snprintf(batch.use, sizeof batch.use, "%s",
		host->settings->production ? "production" : "test");
	product = settings_product(host->settings, row->product);
	text_join(batch.coins, sizeof batch.coins, product->coins[0],
		sizeof product->coins[0], product->coin_count);
	return ledger_batch_insert(host->ledger, by, &batch);
}

static int
record_file(struct intake_file *file, const struct ledger_by *by)
{
	struct ledger_file row = { .direction = LEDGER_IN };

	memcpy(row.sha256, file->sha256, sizeof row.sha256);
	(void)snprintf(row.kind, sizeof row.kind, "order");
	(void)snprintf(row.recipient, sizeof row.recipient, "%s",
		file->host->settings->host);
	(void)snprintf(row.path, sizeof row.path, "done/%s", file->name);
	return ledger_file_insert(file->host->ledger, by, &row);
}

/* `next' is after the highest that was given out, wherever there is room: a row that
 * names the end of the range leaves none for it. */
static void
tell_exhausted(struct intake_file *file, const char *field)
{
	if (strcmp(field, "lot") == 0)
		(void)snprintf(file->action, sizeof file->action,
			"Too few are left behind the highest lot that was given out, where "
			"next begins: write a lot and sequence that are free below it (the "
			"orders in done/ tell which were given), or leave the column empty, "
			"then drop it again.");
	else
		(void)snprintf(file->action, sizeof file->action,
			"Too few are left behind the highest serial that was given out, where "
			"next begins: write a first_serial that is free below it, with room "
			"for all that are made, or have the administrator set another "
			"pattern, then drop it again. Which are taken:  keylinectl batch list "
			" and:  keylinectl wallet list BATCH");
}

/* All rows or none.  A dry look goes the same way and takes nothing. */
static int
take(struct intake_file *file, const struct order *order)
{
	struct ledger *ledger = file->host->ledger;
	struct ledger_by by = host_by("daemon");
	int error = ledger_begin(ledger);

	if (error)
		return error;
	for (size_t i = 0; i < order->count; i++) {
		const char *field = NULL;
		int bad = take_row(&field, file->host, &by, &order->rows[i]);

		if (bad == KE_EXHAUSTED && !file->action[0])
			tell_exhausted(file, field);
		if (bad)
			error = issue_add(
				&file->issues, order->rows[i].line, 0, bad, field);
		if (bad && ledger_failed(ledger))
			break;
	}
	if (error == 0)
		error = record_file(file, &by);
	if (error == 0 && !file->check_only)
		return ledger_commit(ledger);
	ledger_rollback(ledger);
	return error;
}

static int
parse(struct intake_file *file)
{
	char stem[NAME_BATCH_MAX + 1];
	struct order_context context = { .pattern = &file->host->serials,
		.product_exists = product_exists };

	context.batch = order_stem(stem, file->name) == 0 ? stem : NULL;
	/* The callback only reads the settings. */
	memcpy(&context.state, &file->host->settings, sizeof context.state);
	return order_parse(&file->order, &file->order_issues, (const char *)file->bytes,
		file->len, &context);
}

int
intake_identify(struct intake_file *file)
{
	struct hash_part parts[] = {{file->bytes, file->len}, {"", 1}, {NULL, 0}};
	bool is_named = false;

	if (text_ends_in(file->name, ".csv"))
		file->order_error = parse(file);
	/* An order with errors is never taken: any digest will do. */
	if (file->order_error == KE_NO_MEMORY)
		return KE_NO_MEMORY;
	if (file->order && file->order->batch_of_context) {
		is_named = true;
		parts[2].bytes = file->order->rows[0].batch;
		parts[2].len = strlen(file->order->rows[0].batch);
	}
	return hash_sha256_parts(file->sha256, parts, is_named ? 3 : 1);
}

void
intake_file_clear(struct intake_file *file)
{
	issue_list_clear(&file->issues);
	issue_list_clear(&file->order_issues);
	order_free(file->order);
	file->order = NULL;
}

int
intake_order(struct intake_file *file)
{
	const struct order *order = file->order;

	(void)snprintf(file->kind, sizeof file->kind, "order");
	if (!(file->host->settings->stages & SETTINGS_GENERATE))
		return issue_add(&file->issues, 0, 0, KE_WRONG_KIND, NULL);
	/* Nothing was found wrong before: they are the first. */
	issue_list_clear(&file->issues);
	file->issues = file->order_issues;
	file->order_issues = (struct issue_list)ISSUE_LIST_EMPTY;
	if (file->order_error)
		return file->order_error;
	if (order->count == 1)
		(void)snprintf(
			file->batch, sizeof file->batch, "%s", order->rows[0].batch);
	return take(file, order);
}
