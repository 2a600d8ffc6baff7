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
#include "daemon/closing_erase.h"
#include "daemon/host.h"
#include "daemon/keystore.h"
#include "daemon/ledger_batch.h"
#include "daemon/ledger_request.h"
#include "daemon/ledger_wallet.h"
#include "daemon/settings.h"

#define EVENT_BEGUN "secrets-destroying"
#define EVENT_SECRETS "secrets-destroyed"
#define EVENT_MEDIUM "medium-destroyed"

/* The secrets that a host holds for a batch, by its stage. */
static int
secrets_of(enum batch_kind *kind, enum certificate_kind *key, const struct closing *act)
{
	const struct settings *settings = act->host->settings;

	if (settings->stages & SETTINGS_ETCH) {
		*kind = BATCH_PASSPHRASES;
		*key = CERTIFICATE_PASSPHRASES;
	} else if (settings->stages & SETTINGS_PRINT) {
		*kind = BATCH_STICKERS;
		*key = CERTIFICATE_STICKERS;
	} else {
		return closing_refuse(act, KE_BAD_STATE,
			"Give the command where the batch is etched or printed.",
			"This host holds no batch's secrets.");
	}
	return 0;
}

static int
found(void *context, const struct ledger_event_row *row)
{
	return strcmp(row->event.event, context) == 0;
}

static int
has_event(bool *out, struct host *host, const char *batch, const char *event)
{
	struct ledger_event_filter filter = { .kind = "key", .object = batch };
	char text[64];
	int result;

	(void)snprintf(text, sizeof text, "%s", event);
	result = ledger_event_list(host->ledger, &filter, found, text);
	*out = result == 1;
	return result < 0 ? result : 0;
}

int
closing_is_destroyed(bool *out, struct host *host, const char *batch)
{
	return has_event(out, host, batch, EVENT_SECRETS);
}

/*
 * After the release; or without one, when nothing is left to be released: the counts
 * close as they stand, no wallet is sealed or on its way, every bad part is destroyed.
 */
static int
may_destroy_passphrases(const struct closing *act, const struct ledger_batch *batch)
{
	struct wallet_balance balance;
	int error;

	if (batch->state >= LEDGER_BATCH_RELEASED)
		return 0;
	error = ledger_batch_balance(&balance, act->host->ledger, act->batch);
	if (error)
		return error;
	if (batch->state == LEDGER_BATCH_RUNNING && balance.closing == WALLET_CLOSES)
		return 0;
	if (batch->voided && ledger_batch_is_over(&balance))
		return 0;
	return closing_refuse(act, KE_BAD_STATE,
		"Release it first:  keylinectl batch release  or, when it cannot be: "
		"keyline(7), A batch that is not released.",
		"%s is %s: its passphrases are needed until it is released, or every wallet "
		"is out of play and every bad part destroyed.",
		act->batch, ledger_batch_state_name(batch->state));
}

/* No wallet needs its secret any more. */
static int
may_destroy(const struct closing *act)
{
	struct wallet_balance balance;
	struct ledger_batch batch;
	bool done;
	int error = ledger_batch_get(&batch, act->host->ledger, act->batch);

	if (error == 0)
		error = closing_is_destroyed(&done, act->host, act->batch);
	if (error)
		return error;
	if (done)
		return closing_refuse(act, KE_BAD_STATE,
			"What follows is:  keylinectl batch destroyed BATCH",
			"The secrets of %s were destroyed already.", act->batch);
	/* They may be evidence. */
	if (batch.frozen)
		return closing_refuse_held(act, &batch);
	if (act->host->settings->stages & SETTINGS_ETCH)
		return may_destroy_passphrases(act, &batch);
	if (batch.voided)
		error = ledger_batch_balance(&balance, act->host->ledger, act->batch);
	if (error)
		return error;
	return batch.state >= LEDGER_BATCH_SHIPPED
			|| (batch.voided && ledger_batch_is_over(&balance))
		? 0
		: closing_refuse(act, KE_BAD_STATE,
			"Ship it first:  keylinectl batch ship BATCH",
			"%s is %s: its stickers are needed until it is shipped.", act->batch,
			ledger_batch_state_name(batch.state));
}

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
	int error = ledger_begin(ledger);

	if (error)
		return error;
	error = ledger_request_consume(ledger, act->by, act->approval);
	if (error == 0)
		error = record(act, EVENT_BEGUN, act->reason);
	if (error == 0)
		return ledger_commit(ledger);
	ledger_rollback(ledger);
	return error;
}

int
closing_destroy(const struct closing *act)
{
	struct closing_erase d = { .act = act };
	char detail[64];
	int error = secrets_of(&d.kind, &d.key, act);

	if (error == 0)
		error = may_destroy(act);
	if (error || act->dry_run)
		return error;
	closing_erase_name_key(&d);
	error = record_begin(act);
	if (error)
		return error;
	/* A key that is gone already was destroyed by a run that a crash cut off here. */
	error = keystore_destroy(act->host->keys, d.key, act->batch);
	if (error == 0 || error == KE_NO_KEY)
		error = closing_erase_files(&d);
	if (error == 0)
		error = closing_erase_certificate(&d);
	(void)snprintf(detail, sizeof detail, "%zu files", d.count);
	free(d.erased);
	return error ? error : record(act, EVENT_SECRETS, detail);
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
		error = closing_is_destroyed(&secrets, act->host, act->batch);
	if (error == 0)
		error = has_event(&medium, act->host, act->batch, EVENT_MEDIUM);
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
