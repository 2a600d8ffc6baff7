/* SPDX-License-Identifier: MIT */
/* Which wallets QA opens: chosen by chance, told to nobody before all are sealed. */
#include "config.h"
#include "daemon/closing.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "daemon/host.h"
#include "daemon/ledger_batch.h"
#include "daemon/ledger_file.h"
#include "daemon/ledger_wallet.h"
#include "daemon/random.h"
#include "daemon/settings.h"

enum { SALT_BYTES = 16 };

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

struct checking {
	struct ledger *ledger;
	uint64_t count;
};

static int
count_checking(void *context, const struct ledger_wallet *wallet)
{
	struct checking *checking = context;
	struct ledger_row row;
	int error = ledger_row_get(
		&row, checking->ledger, wallet->serial, "confirmations");

	checking->count += error == 0;
	return error == KE_NOT_FOUND ? 0 : error;
}

/* Those whose confirmations are here are checked by themselves. */
static int
refuse_expected(const struct closing *act, uint64_t expected)
{
	struct checking checking = { act->host->ledger, 0 };
	int error = ledger_wallet_list(checking.ledger, act->batch, WALLET_EXPECTED,
		count_checking, &checking);

	if (error)
		return error;
	if (checking.count < expected)
		return closing_refuse(act, KE_BAD_STATE,
			"Bring China's confirmations first.  Those that are lost for good "
			"make no wallet:  keylinectl wallet missing --batch BATCH --state "
			"expected",
			"%" PRIu64 " wallets of %s are still expected: nothing confirms them "
			"yet.",
			expected - checking.count, act->batch);
	return closing_refuse(act, KE_BAD_STATE,
		"Wait until they are checked:  keylinectl batch show",
		"The confirmations of %" PRIu64 " wallets of %s are here and are being checked.",
		checking.count, act->batch);
}

/* No part is still to come, no wallet to arrive, none was etched or drawn yet. */
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
	if (batch->voided)
		return closing_refuse_void(act);
	if (batch->frozen)
		return closing_refuse_held(act, batch);
	if (batch->draws == 0)
		return closing_refuse(act, KE_BAD_STATE, "Go on with the etching.",
			"The order of %s asks for no draw.", act->batch);
	if (drawn.drawn > 0)
		return closing_refuse(act, KE_BAD_STATE,
			"Go on with the etching; which they are is told when all are sealed.",
			"The draw of %s was made already.", act->batch);
	error = closing_check_parts(act);
	if (error)
		return error;
	if (counts[WALLET_EXPECTED] > 0)
		return refuse_expected(act, counts[WALLET_EXPECTED]);
	if (counts[WALLET_CONFIRMED] > 0)
		return closing_refuse(act, KE_BAD_STATE,
			"Scan them in at an arrive station, or record them:  keylinectl wallet "
			"missing SERIAL --reason TEXT",
			"%" PRIu64 " wallets of %s have not arrived.",
			counts[WALLET_CONFIRMED], act->batch);
	if (counts[WALLET_ARRIVED] < batch->draws)
		return closing_refuse(act, KE_BAD_STATE,
			"See what became of the others:  keylinectl batch show",
			"%" PRIu64 " wallets of %s are to be drawn and only %" PRIu64
			" are arrived and not etched.",
			batch->draws, act->batch, counts[WALLET_ARRIVED]);
	return 0;
}

/*
 * Other hosts get to see hashes of this chain, in which a draw would be one serial of a
 * few and one time of a few: with as much chance in its event nobody finds it by trying.
 */
static int
draw_one(const struct closing *act, const char *serial)
{
	struct rng *rng = random_source();
	unsigned char salt[SALT_BYTES];
	char detail[8 + 2 * SALT_BYTES] = "salt=";
	int error = rng->fill(rng->state, salt, sizeof salt);

	for (int i = 0; i < SALT_BYTES; i++)
		(void)snprintf(detail + 5 + 2 * i, 3, "%02x", salt[i]);
	return error ? error
		     : ledger_wallet_draw(act->host->ledger, act->by, serial, detail);
}

/* Of how many they were drawn: what the probability of detection is reckoned from.  Behind
 * the drawn ones, so that the chance in their events hides this one's hash, too. */
static int
record_lot(const struct closing *act, uint64_t count, uint64_t lot)
{
	char detail[64];
	struct ledger_event event = { .kind = "draw",
		.object = act->batch,
		.event = "drawn",
		.detail = detail };

	(void)snprintf(detail, sizeof detail, "count=%" PRIu64 " of=%" PRIu64, count, lot);
	return ledger_event_add(act->host->ledger, act->by, &event);
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
			error = draw_one(act, list.rows[i]);
		if (error == 0)
			error = record_lot(act, count, list.count);
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
		error = closing_refuse_stage(act, "drawn", "etch");
	if (error == 0)
		error = may_draw(act, &batch);
	if (error == 0 && !act->dry_run)
		error = draw(act, batch.draws);
	if (error == 0)
		(void)snprintf(act->refusal->told, sizeof act->refusal->told,
			"%s%" PRIu64 " drawn by lot; which, is told when all are sealed",
			act->dry_run ? "would be " : "", batch.draws);
	return error;
}
