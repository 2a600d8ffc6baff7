/* SPDX-License-Identifier: MIT */
/*
 * Destruction of a batch's secrets on this host: its key first, which makes every
 * sealed row unreadable at once; then each file that held the rows; then the disk.
 */
#include "config.h"
#include "daemon/closing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "daemon/closing_certificate.h"
#include "daemon/closing_erase.h"
#include "daemon/closing_secrets.h"
#include "daemon/host.h"
#include "daemon/ledger_batch.h"
#include "daemon/ledger_request.h"
#include "daemon/ledger_wallet.h"

#define EVENT_MEDIUM "medium-destroyed"

static int
record(const struct closing *act, const char *event, const char *detail)
{
	struct ledger_event row = { .kind = "key",
		.object = act->batch,
		.event = event,
		.detail = detail };

	return ledger_event_add(act->host->ledger, act->by, &row);
}

/* What two persons approved is durable before it is done: no key goes unrecorded. */
static int
record_begin(const struct closing *act)
{
	struct ledger *ledger = act->host->ledger;
	int error = ledger_request_begin(ledger, act->by, act->approval);

	if (error)
		return error;
	error = record(act, CLOSING_SECRETS_BEGUN, act->reason);
	return ledger_end(ledger, error);
}

/* A key that is not here is not destroyed here. */
static int
erase_all(char digest[CLOSING_DIGEST_SIZE], struct closing_erase *d)
{
	int error = d->is_sent ? 0 : closing_erase_key(d);

	if (error == 0)
		error = closing_erase_files(d);
	return error ? error : closing_certificate_write(digest, d);
}

int
closing_destroy(const struct closing *act)
{
	struct closing_erase d = { .act = act };
	char digest[CLOSING_DIGEST_SIZE], detail[CLOSING_DIGEST_SIZE + 64];
	int error = closing_secrets_of(&d, act);

	if (error == 0)
		error = closing_secrets_may_go(act);
	if (error == 0)
		error = closing_erase_look(&d);
	if (error || act->dry_run)
		return error;
	closing_erase_name_key(&d);
	error = record_begin(act);
	if (error)
		return error;
	error = erase_all(digest, &d);
	(void)snprintf(detail, sizeof detail, "%zu files" CLOSING_SECRETS_DIGEST "%s", d.count,
		error ? "" : digest);
	closing_erase_clear(&d);
	if (error == 0)
		error = record(act, CLOSING_SECRETS_GONE, detail);
	closing_secrets_look(act->host);
	return error;
}

/* The disk is destroyed and the batch closed in one commit.  A medium that is on record
 * without it (as an older version left it) is not recorded twice. */
static int
close_batch(const struct closing *act, bool is_recorded)
{
	struct ledger *ledger = act->host->ledger;
	struct ledger_event row = { .kind = "key",
		.object = act->batch,
		.event = EVENT_MEDIUM,
		.detail = act->reason };
	int error = ledger_begin(ledger);

	if (error)
		return error;
	if (!act->dry_run)
		error = ledger_request_consume(ledger, act->by, act->approval);
	if (error == 0 && !is_recorded)
		error = ledger_event_add(ledger, act->by, &row);
	if (error == 0)
		error = ledger_batch_set_state(
			ledger, act->by, act->batch, LEDGER_BATCH_CLOSED, NULL);
	/* A dry run has gone the whole way, and takes nothing. */
	if (error == 0 && !act->dry_run)
		return ledger_commit(ledger);
	ledger_rollback(ledger);
	return error;
}

/* What the ledger said of the end of a batch, in words. */
static int
refuse_close(const struct closing *act, const struct ledger_batch *batch, int error)
{
	struct wallet_balance balance;

	if (error == KE_HELD)
		return closing_refuse_held(act, batch);
	if (error == KE_BAD_STATE
		&& ledger_batch_balance(&balance, act->host->ledger, act->batch) == 0
		&& balance.closing != WALLET_CLOSES)
		return closing_refuse_balance(act, &balance);
	return error;
}

int
closing_destroyed(const struct closing *act)
{
	bool secrets, medium;
	struct ledger_batch batch;
	int error = ledger_batch_get(&batch, act->host->ledger, act->batch);

	if (error == 0)
		error = closing_secrets_are_here(act);
	if (error == 0)
		error = closing_is_destroyed(&secrets, act->host, act->batch);
	if (error == 0)
		error = closing_has_event(&medium, act->host, act->batch, EVENT_MEDIUM);
	if (error)
		return error;
	if (!secrets)
		return closing_refuse(act, KE_BAD_STATE,
			"Destroy them first:  keylinectl batch destroy BATCH",
			"The secrets of %s are not destroyed yet.", act->batch);
	if (medium && batch.state >= LEDGER_BATCH_CLOSED)
		return closing_refuse(act, KE_BAD_STATE, "Nothing is left to do for it here.",
			"The medium of %s is recorded as destroyed already.", act->batch);
	error = close_batch(act, medium);
	return error ? refuse_close(act, &batch, error) : 0;
}
