/* SPDX-License-Identifier: MIT */
/* Draw, shipment, release. */
#include "config.h"
#include "daemon/closing.h"

#include <stdlib.h>
#include <string.h>
#include "daemon/closing_list.h"
#include "daemon/host.h"
#include "daemon/ledger_batch.h"
#include "daemon/ledger_request.h"
#include "daemon/ledger_wallet.h"
#include "daemon/random.h"
#include "daemon/settings.h"

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

static int
consume(const struct closing *act)
{
	if (act->request == 0)
		return 0;
	return ledger_request_consume(act->host->ledger, act->by, act->request, NULL);
}

static int
ship(const struct closing *act, struct closing_list **shipment)
{
	struct ledger *ledger = act->host->ledger;
	const char *to = act->host->settings->routes[SETTINGS_ROUTE_SHIPMENT].hosts[0];
	int error = ledger_begin(ledger);

	if (error)
		return error;
	error = ledger_batch_set_state(
		ledger, act->by, act->batch, LEDGER_BATCH_SHIPPED, act->reason);
	if (error == 0)
		error = closing_list_record(
			shipment, act, BATCH_SHIPMENT, to, shipment_word);
	if (error == 0)
		return ledger_commit(ledger);
	ledger_rollback(ledger);
	return error;
}

int
closing_ship(const struct closing *act)
{
	struct closing_list *shipment = NULL;
	struct ledger_batch batch;
	int error = ledger_batch_get(&batch, act->host->ledger, act->batch);

	if (error == 0
		&& (!(act->host->settings->stages & SETTINGS_PRINT)
			|| batch.state >= LEDGER_BATCH_SHIPPED))
		error = KE_BAD_STATE;
	if (error || act->dry_run)
		return error;
	error = ship(act, &shipment);
	if (error == 0)
		error = closing_list_finish(shipment);
	closing_list_abandon(shipment);
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
	struct closing_list *results[SETTINGS_ROUTE_HOSTS])
{
	const struct settings_recipients *to =
		&act->host->settings->routes[SETTINGS_ROUTE_RESULTS];
	struct ledger *ledger = act->host->ledger;
	int error = ledger_begin(ledger);

	if (error)
		return error;
	error = consume(act);
	if (error == 0)
		error = ledger_batch_release(
			balance, ledger, act->by, act->batch, act->reason);
	for (size_t i = 0; error == 0 && !act->dry_run && i < SETTINGS_ROUTE_HOSTS; i++)
		if (to->hosts[i][0])
			error = closing_list_record(&results[i], act, BATCH_RESULTS,
				to->hosts[i], result_word);
	/* A dry run has gone the whole way, and takes nothing. */
	if (error == 0 && !act->dry_run)
		return ledger_commit(ledger);
	ledger_rollback(ledger);
	return error;
}

int
closing_release(const struct closing *act, struct wallet_balance *balance)
{
	struct closing_list *results[SETTINGS_ROUTE_HOSTS] = { NULL };
	struct ledger_batch batch;
	int error = ledger_batch_get(&batch, act->host->ledger, act->batch);

	if (error == 0 && !(act->host->settings->stages & SETTINGS_ETCH))
		error = KE_BAD_STATE;
	if (error == 0)
		error = ledger_batch_balance(balance, act->host->ledger, act->batch);
	if (error == 0)
		error = draws_are_good(act, &batch);
	if (error == 0)
		error = release(act, balance, results);
	for (size_t i = 0; i < SETTINGS_ROUTE_HOSTS; i++) {
		if (error == 0 && results[i])
			error = closing_list_finish(results[i]);
		closing_list_abandon(results[i]);
	}
	return error;
}
