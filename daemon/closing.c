/* SPDX-License-Identifier: MIT */
/* Draw, shipment, release. */
#include "config.h"
#include "daemon/closing.h"

#include <stdlib.h>
#include <string.h>
#include "daemon/host.h"
#include "daemon/ledger_batch.h"
#include "daemon/ledger_request.h"
#include "daemon/ledger_wallet.h"
#include "daemon/publish.h"
#include "daemon/random.h"
#include "daemon/settings.h"
#include "proto/batch.h"

/* Serials of a batch that are in one state, in rows of fixed size. */
struct serials {
	char (*rows)[LEDGER_SERIAL_SIZE];
	size_t count;
};

static int
add_serial(void *context, const struct ledger_wallet *wallet)
{
	struct serials *list = context;
	char(*grown)[LEDGER_SERIAL_SIZE] =
		realloc(list->rows, (list->count + 1) * sizeof *grown);

	if (!grown)
		return KE_NO_MEMORY;
	list->rows = grown;
	memcpy(grown[list->count++], wallet->serial, LEDGER_SERIAL_SIZE);
	return 0;
}

/* An unbiased number below limit. */
static int
random_below(size_t *out, size_t limit)
{
	struct rng *rng = random_source();
	uint64_t number, top = UINT64_MAX - UINT64_MAX % limit;
	int error;

	do {
		error = rng->fill(rng->state, (unsigned char *)&number, sizeof number);
	} while (error == 0 && number >= top);
	if (error == 0)
		*out = (size_t)(number % limit);
	return error;
}

/* Fisher and Yates' shuffle as far as its first count places. */
static int
choose(struct serials *list, size_t count)
{
	char held[LEDGER_SERIAL_SIZE];
	size_t with;
	int error = 0;

	for (size_t i = 0; error == 0 && i < count; i++) {
		error = random_below(&with, list->count - i);
		if (error)
			break;
		memcpy(held, list->rows[i], sizeof held);
		memcpy(list->rows[i], list->rows[i + with], sizeof held);
		memcpy(list->rows[i + with], held, sizeof held);
	}
	return error;
}

/* None is still to arrive, none was etched yet, none was drawn yet. */
static int
may_draw(const struct closing *act, const struct ledger_batch *batch)
{
	uint64_t counts[WALLET_STATE_COUNT];
	struct ledger_drawn drawn;
	int error = ledger_batch_counts(counts, act->host->ledger, act->batch);

	if (error == 0)
		error = ledger_wallet_drawn(&drawn, act->host->ledger, act->batch);
	if (error)
		return error;
	if (batch->draws == 0 || drawn.drawn > 0
		|| counts[WALLET_EXPECTED] + counts[WALLET_CONFIRMED] > 0
		|| counts[WALLET_ARRIVED] < batch->draws)
		return KE_BAD_STATE;
	return 0;
}

static int
draw(const struct closing *act, uint64_t count)
{
	struct ledger *ledger = act->host->ledger;
	struct serials list = { NULL, 0 };
	int error = ledger_wallet_list(
		ledger, act->batch, WALLET_ARRIVED, add_serial, &list);

	if (error == 0)
		error = choose(&list, count);
	if (error == 0)
		error = ledger_begin(ledger);
	if (error == 0) {
		for (size_t i = 0; error == 0 && i < count; i++)
			error = ledger_wallet_draw(ledger, act->by, list.rows[i]);
		if (error == 0)
			error = ledger_commit(ledger);
		else
			ledger_rollback(ledger);
	}
	free(list.rows);
	return error;
}

int
closing_draw(const struct closing *act)
{
	struct ledger_batch batch;
	int error = ledger_batch_get(&batch, act->host->ledger, act->batch);

	if (error == 0 && !(act->host->settings->stages & SETTINGS_ETCH))
		error = KE_BAD_STATE;
	if (error == 0)
		error = may_draw(act, &batch);
	if (error == 0 && !act->dry_run)
		error = draw(act, batch.draws);
	return error;
}

/* One row of a shipment or of results. */
struct list_rows {
	struct batch_rows rows;
	/* The word for a wallet, or NULL: not in this list. */
	const char *(*word)(const struct ledger_wallet *wallet);
};

static int
add_row(void *context, const struct ledger_wallet *wallet)
{
	struct list_rows *list = context;
	const char *word = list->word(wallet);

	return word ? batch_rows_add_plain(&list->rows, wallet->serial, word) : 0;
}

static const char *
shipment_word(const struct ledger_wallet *wallet)
{
	return wallet_state_name(wallet->state);
}

static const char *
result_word(const struct ledger_wallet *wallet)
{
	if (wallet->state != WALLET_OPENED_GOOD && wallet->state != WALLET_OPENED_BAD)
		return NULL;
	return wallet_state_name(wallet->state);
}

/* Stages a list of the batch's wallets for a recipient. */
static int
stage_list(struct publication **out, const struct closing *act, enum batch_kind kind,
	const char *recipient, const char *(*word)(const struct ledger_wallet *))
{
	struct publish_spec spec = { .kind = kind,
		.recipient = recipient,
		.batch = act->batch,
		.part = 1,
		.parts = 1 };
	struct list_rows list = { .word = word };
	int error;

	batch_rows_init(&list.rows);
	error = ledger_wallet_list(
		act->host->ledger, act->batch, WALLET_NONE, add_row, &list);
	if (error == 0)
		error = publish_stage(out, act->host, &spec, &list.rows);
	batch_rows_free(&list.rows);
	return error;
}

static int
consume(const struct closing *act)
{
	if (act->request == 0)
		return 0;
	return ledger_request_consume(act->host->ledger, act->by, act->request, NULL);
}

int
closing_ship(const struct closing *act)
{
	struct ledger *ledger = act->host->ledger;
	const char *to =
		act->host->settings->routes[SETTINGS_ROUTE_SHIPMENT].hosts[0];
	struct publication *shipment = NULL;
	struct ledger_batch batch;
	int error = ledger_batch_get(&batch, ledger, act->batch);

	if (error == 0
		&& (!(act->host->settings->stages & SETTINGS_PRINT)
			|| batch.state >= LEDGER_BATCH_SHIPPED))
		error = KE_BAD_STATE;
	if (error || act->dry_run)
		return error;
	error = stage_list(&shipment, act, BATCH_SHIPMENT, to, shipment_word);
	if (error)
		return error;
	error = ledger_begin(ledger);
	if (error == 0) {
		error = ledger_batch_set_state(
			ledger, act->by, act->batch, LEDGER_BATCH_SHIPPED, NULL);
		if (error == 0)
			error = publish_record(shipment, act->host, act->by);
		if (error == 0)
			error = ledger_commit(ledger);
		else
			ledger_rollback(ledger);
	}
	if (error == 0)
		error = publish_finish(&shipment, act->host);
	publish_abandon(&shipment, act->host);
	return error;
}

/* Every drawn wallet was opened and found good. */
static int
draws_are_good(const struct closing *act, const struct ledger_batch *batch)
{
	struct ledger_drawn drawn;
	int error = ledger_wallet_drawn(&drawn, act->host->ledger, act->batch);

	if (error)
		return error;
	return drawn.drawn == batch->draws && drawn.good == drawn.drawn ? 0 : KE_BAD_STATE;
}

static int
release(const struct closing *act, struct wallet_balance *balance,
	struct publication *const *results, size_t count)
{
	struct ledger *ledger = act->host->ledger;
	int error = ledger_begin(ledger);

	if (error)
		return error;
	error = consume(act);
	if (error == 0)
		error = ledger_batch_release(
			balance, ledger, act->by, act->batch, act->reason);
	for (size_t i = 0; error == 0 && i < count; i++)
		error = publish_record(results[i], act->host, act->by);
	/* A dry run has gone the whole way, and takes nothing. */
	if (error == 0 && !act->dry_run)
		return ledger_commit(ledger);
	ledger_rollback(ledger);
	return error;
}

int
closing_release(const struct closing *act, struct wallet_balance *balance)
{
	const struct settings_recipients *to =
		&act->host->settings->routes[SETTINGS_ROUTE_RESULTS];
	struct publication *results[SETTINGS_ROUTE_HOSTS] = { NULL };
	struct ledger_batch batch;
	size_t count = 0;
	int error = ledger_batch_get(&batch, act->host->ledger, act->batch);

	if (error == 0 && !(act->host->settings->stages & SETTINGS_ETCH))
		error = KE_BAD_STATE;
	if (error == 0)
		error = ledger_batch_balance(balance, act->host->ledger, act->batch);
	if (error == 0)
		error = draws_are_good(act, &batch);
	for (; error == 0 && !act->dry_run && count < SETTINGS_ROUTE_HOSTS
		&& to->hosts[count][0];
		count++)
		error = stage_list(&results[count], act, BATCH_RESULTS, to->hosts[count],
			result_word);
	if (error == 0)
		error = release(act, balance, results, count);
	for (size_t i = 0; i < count; i++) {
		if (error == 0)
			error = publish_finish(&results[i], act->host);
		publish_abandon(&results[i], act->host);
	}
	return error;
}
