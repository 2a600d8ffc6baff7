/* SPDX-License-Identifier: MIT */
/*
 * usa: every wallet whose confirmation came is verified on receipt, so that a bad
 * one is known early.  A mismatch rejects that wallet by name and no other.  What
 * this finds good is information: the fixture's scan makes the check again.
 */
#include "config.h"
#include "daemon/stage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "daemon/alarm.h"
#include "daemon/check.h"
#include "daemon/host.h"
#include "daemon/ledger_batch.h"
#include "daemon/ledger_file.h"
#include "daemon/ledger_wallet.h"
#include "daemon/pool.h"
#include "proto/verified.h"

/*
 * So many wallets a run: between runs other work of the host has its turn; and so many
 * verdicts a commit, for the loop thread waits for the disk, and stations wait for it.  A
 * verdict that is lost with a commit is found again: the wallet is still expected.
 */
enum { CONFIRM_AT_ONCE = 64, CONFIRM_A_COMMIT = 16 };

struct confirm {
	struct host *host;
	char batch[LEDGER_BATCH_SIZE];
	size_t count;
	struct check checks[CONFIRM_AT_ONCE];
	/* Those that were found good, and are not in the ledger yet. */
	struct check *good[CONFIRM_A_COMMIT];
	size_t good_count;
	/* The first failure that is no wallet's fault. */
	int error;
};

/* The wallets of a piece of work: *first, and how many. */
static size_t
piece(size_t *first, const struct confirm *c, size_t index)
{
	*first = index * CHECK_AT_ONCE;
	return c->count - *first < CHECK_AT_ONCE ? c->count - *first : CHECK_AT_ONCE;
}

static int
work(void *context, size_t index)
{
	struct confirm *c = context;
	size_t first, count = piece(&first, c, index);

	check_run_many(&c->checks[first], count);
	return 0;
}

/* One transaction: codes and keys taken for ever, the wallets confirmed. */
static int
confirm(struct host *host, const struct ledger_by *by, struct check *const *checks,
	size_t count)
{
	struct ledger *ledger = host->ledger;
	int error = ledger_begin(ledger);

	for (size_t i = 0; error == 0 && i < count; i++) {
		const struct check *check = checks[i];

		error = ledger_take(
			ledger, by, "confirmation", check->confirmation_digest);
		if (error == 0)
			error = ledger_take(
				ledger, by, "public-key", check->pubkey_digest);
		if (error == 0)
			error = ledger_wallet_step(
				ledger, by, check->serial, WALLET_CONFIRM, NULL);
	}
	return ledger_end(ledger, error);
}

static int
reject(struct host *host, const struct ledger_by *by, const char *serial, int why)
{
	int error = ledger_wallet_step(
		host->ledger, by, serial, WALLET_REJECT, error_name(why));

	alarm_raise(host->alarms, "wallet-rejected", serial, by->now_ms);
	return error;
}

/* What is no wallet's fault is kept, to be told of the batch. */
static void
keep_error(struct confirm *c, int error)
{
	/* A wallet that a person took out of play meanwhile needs no verdict. */
	if (error && error != KE_BAD_STATE && !c->error)
		c->error = error;
}

/* The good ones, in one commit; when one of them cannot be, each in its own. */
static void
confirm_good(struct confirm *c)
{
	struct ledger_by by = host_by("daemon");
	size_t count = c->good_count;
	int error = count ? confirm(c->host, &by, c->good, count) : 0;

	c->good_count = 0;
	if (error == 0)
		return;
	for (size_t i = 0; i < count; i++) {
		error = confirm(c->host, &by, &c->good[i], 1);
		if (error == KE_DUPLICATE)
			error = reject(c->host, &by, c->good[i]->serial, error);
		keep_error(c, error);
	}
}

static void
settle(struct confirm *c, struct check *check, int error)
{
	struct ledger_by by = host_by("daemon");

	verified_free(&check->token);
	if (error == 0)
		c->good[c->good_count++] = check;
	else if (error == KE_DUPLICATE || check_condemns(error))
		keep_error(c, reject(c->host, &by, check->serial, error));
	else
		keep_error(c, error);
	if (c->good_count == CONFIRM_A_COMMIT)
		confirm_good(c);
}

static void
piece_done(void *context, size_t index, int error)
{
	struct confirm *c = context;
	size_t first, count = piece(&first, c, index);

	for (size_t i = first; i < first + count; i++)
		settle(c, &c->checks[i], error ? error : c->checks[i].error);
}

static void
confirm_free(struct confirm *c)
{
	for (size_t i = 0; i < c->count; i++)
		check_clear(&c->checks[i]);
	free(c);
}

static void
all_done(void *context, int error)
{
	struct confirm *c = context;
	struct host *host = c->host;
	char object[LEDGER_BATCH_SIZE];

	(void)error; /* each wallet's own was seen to in settle() */
	confirm_good(c);
	error = c->error;
	(void)snprintf(object, sizeof object, "%s", c->batch);
	confirm_free(c);
	stage_end(host, object, error);
}

/* Wallets that are expected and whose confirmation lies here; of one batch. */
static int
gather(void *context, const struct ledger_wallet *wallet)
{
	struct confirm *c = context;
	struct ledger_freeze freeze;
	struct ledger_row row;
	int error;

	if (ledger_freeze_get(&freeze, c->host->ledger, wallet->batch) != KE_NOT_FOUND)
		return 0;
	if (wallet->held || stage_is_stuck(c->host, wallet->batch)
		|| (c->count && strcmp(c->batch, wallet->batch) != 0))
		return 0;
	error = ledger_row_get(&row, c->host->ledger, wallet->serial, "confirmations");
	if (error == KE_NOT_FOUND)
		return 0;
	(void)snprintf(c->batch, sizeof c->batch, "%s", wallet->batch);
	if (error == 0)
		error = check_fetch(&c->checks[c->count], c->host, wallet->serial);
	if (error)
		return error;
	return ++c->count == CONFIRM_AT_ONCE ? 1 : 0;
}

bool
stage_confirm_begin(struct host *host)
{
	struct confirm *c = calloc(1, sizeof *c);
	struct pool_run run = { work, piece_done, all_done, c, 0, true, &host->ending };
	int result;

	if (!c)
		return false;
	c->host = host;
	result = ledger_wallet_list(host->ledger, NULL, WALLET_EXPECTED, gather, c);
	if (result >= 0 && c->count == 0) {
		confirm_free(c);
		return false;
	}
	host->stage_busy = true;
	run.count = (c->count + CHECK_AT_ONCE - 1) / CHECK_AT_ONCE;
	result = result < 0 ? result : pool_start(host->loop, &run);
	if (result < 0) {
		char object[LEDGER_BATCH_SIZE];

		(void)snprintf(object, sizeof object, "%s", c->batch);
		confirm_free(c);
		stage_end(host, object, result);
	}
	return true;
}
