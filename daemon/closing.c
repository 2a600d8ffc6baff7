/* SPDX-License-Identifier: MIT */
/* Shipment, release, and the words of refusals. */
#include "config.h"
#include "daemon/closing.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <stdlib.h>
#include "daemon/closing_list.h"
#include "daemon/host.h"
#include "daemon/ledger_batch.h"
#include "daemon/ledger_request.h"
#include "daemon/ledger_wallet.h"
#include "daemon/settings.h"

/* The action with the batch's name where the word BATCH stands. */
static void
name_batch(char *out, size_t size, const char *action, const char *batch)
{
	static const char word[] = "BATCH";
	const char *at = strstr(action, word);

	if (at)
		(void)snprintf(out, size, "%.*s%s%s", (int)(at - action), action, batch,
			at + sizeof word - 1);
	else
		(void)snprintf(out, size, "%s", action);
}

int
closing_refuse(const struct closing *act, int error, const char *action,
	const char *format, ...)
{
	va_list list;

	va_start(list, format);
	(void)vsnprintf(act->refusal->status, sizeof act->refusal->status, format, list);
	va_end(list);
	name_batch(act->refusal->action, sizeof act->refusal->action, action, act->batch);
	return error;
}

int
closing_refuse_stage(const struct closing *act, const char *what, const char *stage)
{
	return closing_refuse(act, KE_BAD_STATE,
		"Give the command there; `keylinectl status' tells a host's stages.",
		"%s is %s on the host with the stage %s, and this one lacks it.", act->batch,
		what, stage);
}

int
closing_refuse_held(const struct closing *act, const struct ledger_batch *batch)
{
	char action[160];

	if (batch->frozen)
		(void)snprintf(action, sizeof action,
			"Two persons let it go:  keylinectl batch unfreeze %s --reason TEXT  "
			"or end it:  keylinectl batch void",
			act->batch);
	else
		(void)snprintf(action, sizeof action,
			"When its cause is past:  keylinectl batch unhold %s --reason TEXT",
			act->batch);
	return closing_refuse(act, KE_HELD, action, "%s is held: %.150s.", act->batch,
		batch->reason);
}

int
closing_refuse_void(const struct closing *act)
{
	return closing_refuse(act, KE_BAD_STATE,
		"Two persons destroy each part that there is of it:  keylinectl wallet "
		"destroyed --batch BATCH  and then its secrets (keylinectl batch destroy).",
		"%s was made void: nothing of it is drawn, shipped or released any more.",
		act->batch);
}

/* What keeps the counts from closing, and how to find it. */
int
closing_refuse_balance(const struct closing *act, const struct wallet_balance *balance)
{
	static const char *const actions[WALLET_CLOSING_COUNT] = {
		[WALLET_LEFT_OVER] = "Bring the files of the batch's other parts first; see  "
				     "keylinectl batch show",
		[WALLET_TOO_MANY] = "Compare the batch's files with its order; see  keylinectl "
				    "batch show",
		[WALLET_DOUBT_LEFT] = "Find them and look at the parts:  keylinectl wallet list "
				      "--state in-doubt  and then:  keylinectl wallet resolve",
		[WALLET_WORK_LEFT] = "See which states they are in:  keylinectl batch show BATCH  and "
				     "finish them, or record them:  keylinectl wallet missing, "
				     "wallet spoil",
		[WALLET_PARTS_LEFT] = "Two people destroy each one and record it:  keylinectl "
				      "wallet destroyed SERIAL",
	};
	uint64_t counts[WALLET_CLOSING_COUNT] = {
		[WALLET_LEFT_OVER] = balance->announced - balance->closed - balance->open,
		[WALLET_TOO_MANY] = balance->closed + balance->open - balance->announced,
		[WALLET_DOUBT_LEFT] = balance->in_doubt,
		[WALLET_WORK_LEFT] = balance->open,
		[WALLET_PARTS_LEFT] = balance->parts_left,
	};

	return closing_refuse(act, KE_BAD_STATE, actions[balance->closing],
		"The counts of %s do not close: %s (%" PRIu64 ").", act->batch,
		wallet_balance_text(balance->closing), counts[balance->closing]);
}

static int
refuse_parts(const struct closing *act)
{
	return closing_refuse(act, KE_BAD_STATE,
		"See which parts came:  keylinectl batch show BATCH  and bring the others; two "
		"persons skip one that is lost for good (keylinectl batch skip).",
		"Files of %s are still to come.", act->batch);
}

int
closing_check_parts(const struct closing *act)
{
	uint64_t to_come;
	int error = ledger_batch_parts_to_come(&to_come, act->host->ledger, act->batch);

	return error == 0 && to_come > 0 ? refuse_parts(act) : error;
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
	return ledger_end(ledger, error);
}

static int
may_ship(const struct closing *act, const struct ledger_batch *batch)
{
	struct wallet_balance balance;
	int error;

	if (!(act->host->settings->stages & SETTINGS_PRINT))
		return closing_refuse_stage(act, "shipped", "print");
	if (batch->state >= LEDGER_BATCH_SHIPPED)
		return closing_refuse(act, KE_BAD_STATE,
			"Its list is in outgoing:  keylinectl batch export BATCH",
			"%s was shipped already.", act->batch);
	if (batch->voided)
		return closing_refuse_void(act);
	if (batch->held)
		return closing_refuse_held(act, batch);
	error = closing_check_parts(act);
	if (error == 0)
		error = ledger_batch_balance(&balance, act->host->ledger, act->batch);
	if (error == 0 && balance.closing != WALLET_CLOSES
		&& balance.closing != WALLET_PARTS_LEFT)
		error = closing_refuse_balance(act, &balance);
	return error;
}

/* What the shipment list says, or would say. */
static int
tell_shipment(const struct closing *act)
{
	uint64_t counts[WALLET_STATE_COUNT];
	int error = ledger_batch_counts(counts, act->host->ledger, act->batch);

	if (error == 0)
		(void)snprintf(act->refusal->told, sizeof act->refusal->told,
			"%s %" PRIu64 " shipped, %" PRIu64 " spoiled, %" PRIu64
			" missing, %" PRIu64 " rejected or void",
			act->dry_run ? "its list would say" : "its list says",
			counts[WALLET_SHIPPED], counts[WALLET_SPOILED],
			counts[WALLET_MISSING],
			counts[WALLET_REJECTED] + counts[WALLET_VOID]);
	return error;
}

int
closing_ship(const struct closing *act)
{
	struct closing_list *shipment = NULL;
	struct ledger_batch batch;
	int error = ledger_batch_get(&batch, act->host->ledger, act->batch);

	if (error == 0)
		error = may_ship(act, &batch);
	if (error == 0)
		error = tell_shipment(act);
	if (error || act->dry_run)
		return error;
	error = ship(act, &shipment);
	if (error == 0)
		error = closing_list_finish(shipment);
	closing_list_abandon(shipment);
	return error;
}

int
closing_check_draws(const struct closing *act, const struct ledger_batch *batch,
	const struct wallet_balance *balance)
{
	uint64_t counts[WALLET_STATE_COUNT];
	struct ledger_drawn drawn;
	int error = ledger_wallet_drawn(&drawn, act->host->ledger, act->batch);

	if (error == 0)
		error = ledger_batch_counts(counts, act->host->ledger, act->batch);
	if (error)
		return error;
	if (drawn.drawn < batch->draws)
		return closing_refuse(act, KE_BAD_STATE, "Draw them:  keylinectl batch draw BATCH",
			"%" PRIu64 " wallets of %s are to be drawn for QA, and %" PRIu64 " are.",
			batch->draws, act->batch, drawn.drawn);
	/* Whether one that was spoiled had been drawn is not to be told from the answer. */
	if (balance->open > counts[WALLET_SEALED])
		return closing_refuse_balance(act, balance);
	if (drawn.bad > 0)
		return closing_refuse(act, KE_BAD_STATE,
			"This batch is not released.  Find out how; then end it without a "
			"release: keyline(7), A batch that is not released.",
			"%" PRIu64 " drawn wallets of %s were opened and found bad.", drawn.bad,
			act->batch);
	if (drawn.failed > 0)
		return closing_refuse(act, KE_BAD_STATE,
			"QA has not seen what it was to see: end it without a release, see "
			"keyline(7), A batch that is not released.",
			"%" PRIu64 " drawn wallets of %s were spoiled or lost before they were "
			"opened.",
			drawn.failed, act->batch);
	if (drawn.good != drawn.drawn)
		return closing_refuse(act, KE_BAD_STATE,
			"Open them, then record each one:  keylinectl wallet opened SERIAL "
			"good|bad",
			"%" PRIu64 " of %" PRIu64 " drawn wallets of %s are not opened yet.",
			drawn.drawn - drawn.good, drawn.drawn, act->batch);
	return 0;
}

/* What the ledger said, in words: it has counted all as if it were done. */
static int
refuse_release(const struct closing *act, const struct ledger_batch *batch,
	const struct wallet_balance *balance, int error)
{
	int parts;

	if (error == KE_HELD && batch->held)
		return closing_refuse_held(act, batch);
	if (error == KE_HELD)
		return closing_refuse(act, error, "Unhold them first.",
			"There are held wallets in %s.", act->batch);
	if (error == KE_BAD_STATE && balance->closing != WALLET_CLOSES)
		return closing_refuse_balance(act, balance);
	if (error == KE_BAD_STATE && batch->state >= LEDGER_BATCH_RELEASED)
		return closing_refuse(act, error, "Nothing is left to do for it here.",
			"%s was released already.", act->batch);
	if (error == KE_BAD_STATE && batch->state < LEDGER_BATCH_RUNNING)
		return refuse_parts(act);
	parts = error == KE_BAD_STATE ? closing_check_parts(act) : 0;
	return parts ? parts : error;
}

static int
release(const struct closing *act, struct wallet_balance *balance,
	struct closing_list *results[SETTINGS_ROUTE_HOSTS])
{
	const struct settings_recipients *to =
		&act->host->settings->routes[SETTINGS_ROUTE_RESULTS];
	struct ledger *ledger = act->host->ledger;
	int error = act->approval ? ledger_request_begin(ledger, act->by, act->approval)
				  : ledger_begin(ledger);

	if (error)
		return error;
	error = ledger_batch_release(balance, ledger, act->by, act->batch, act->reason);
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
		return closing_refuse_stage(act, "released", "etch");
	if (error == 0 && batch.voided)
		return closing_refuse_void(act);
	if (error == 0)
		error = ledger_batch_balance(balance, act->host->ledger, act->batch);
	if (error == 0)
		error = closing_check_draws(act, &batch, balance);
	if (error == 0) {
		error = release(act, balance, results);
		error = error ? refuse_release(act, &batch, balance, error) : 0;
	}
	for (size_t i = 0; i < SETTINGS_ROUTE_HOSTS; i++) {
		if (error == 0 && results[i])
			error = closing_list_finish(results[i]);
		closing_list_abandon(results[i]);
	}
	return error;
}
