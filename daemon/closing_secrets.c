/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "daemon/closing_secrets.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "daemon/alarm.h"
#include "daemon/host.h"
#include "daemon/ledger_file.h"
#include "daemon/log.h"
#include "daemon/settings.h"

enum { MINUTE_MS = 60 * 1000, HOUR_MS = 60 * MINUTE_MS };

#define ALARM_DUE "erase-due"
#define ALARM_CUT_OFF "erase-cut-off"

int
closing_secrets_are_here(const struct closing *act)
{
	if (act->host->settings->stages &
		(SETTINGS_PRINT | SETTINGS_ETCH | SETTINGS_GENERATE))
		return 0;
	return closing_refuse(act, KE_BAD_STATE,
		"Give the command where the batch is generated, etched or printed; here "
		"nothing is to be done.",
		"This host holds no batch's secrets.");
}

int
closing_secrets_of(struct closing_erase *erase, const struct closing *act)
{
	unsigned stages = act->host->settings->stages;

	erase->kind = stages & SETTINGS_PRINT ? BATCH_STICKERS : BATCH_PASSPHRASES;
	erase->key =
		stages & SETTINGS_PRINT ? CERTIFICATE_STICKERS : CERTIFICATE_PASSPHRASES;
	erase->is_sent = !(stages & (SETTINGS_PRINT | SETTINGS_ETCH));
	return closing_secrets_are_here(act);
}

static int
is_event(void *context, const struct ledger_event_row *row)
{
	return strcmp(row->event.event, context) == 0;
}

int
closing_has_event(bool *out, struct host *host, const char *batch, const char *event)
{
	struct ledger_event_filter filter = {.kind = "key", .object = batch};
	char text[64];
	int result;

	(void)snprintf(text, sizeof text, "%s", event);
	result = ledger_event_list(host->ledger, &filter, is_event, text);
	*out = result == 1;
	return result < 0 ? result : 0;
}

int
closing_is_destroyed(bool *out, struct host *host, const char *batch)
{
	return closing_has_event(out, host, batch, CLOSING_SECRETS_GONE);
}

/* Whether a batch still needs its secrets. */
struct need {
	bool is_needed;
	/* Not needed: since when. */
	int64_t since_ms;
	/* Needed as long as the receipt for this file has not come from there; "". */
	char file[LEDGER_PATH_SIZE];
	char recipient[LEDGER_HOST_SIZE];
};

static int
see_sent(void *context, const struct ledger_file *file)
{
	struct need *need = context;

	if (file->direction != LEDGER_OUT ||
		strcmp(file->kind, batch_kind_name(BATCH_PASSPHRASES)) != 0 ||
		file->receipt != LEDGER_RECEIPT_DUE)
		return 0;
	need->is_needed = true;
	(void)snprintf(need->file, sizeof need->file, "%s", file->path);
	(void)snprintf(need->recipient, sizeof need->recipient, "%s", file->recipient);
	return 1;
}

struct receipts {
	struct need *need;
	const char *sender;
};

/* A receipt is a file of the batch itself: the last one came when the other host had all.
 */
static int
see_receipt(void *context, const struct ledger_file *file)
{
	struct receipts *receipts = context;

	if (file->direction == LEDGER_IN &&
		strcmp(file->kind, batch_kind_name(BATCH_RECEIPT)) == 0 &&
		strcmp(file->sender, receipts->sender) == 0 &&
		file->time_ms > receipts->need->since_ms)
		receipts->need->since_ms = file->time_ms;
	return 0;
}

/* Sent away: until each of its files has been taken in there.  A lost one is sent again.
 */
static int
need_of_sent(struct need *need, struct host *host, const struct ledger_batch *batch)
{
	struct receipts receipts = {
		need, host->settings->routes[SETTINGS_ROUTE_PASSPHRASES].hosts[0]};
	int error;

	need->is_needed = batch->state == LEDGER_BATCH_OPEN;
	if (need->is_needed || batch->state == LEDGER_BATCH_VOID)
		return 0;
	error = ledger_file_list(host->ledger, batch->id, see_sent, need);
	if (error < 0 || need->is_needed)
		return error < 0 ? error : 0;
	return ledger_file_list(host->ledger, batch->id, see_receipt, &receipts);
}

/* Not needed any more: since its last wallet changed, or the batch after that. */
static int
since_last_change(struct need *need, struct host *host, const struct ledger_batch *batch)
{
	int64_t changed_ms;
	int error = ledger_batch_changed(&changed_ms, host->ledger, batch->id);

	if (error == 0 && changed_ms > need->since_ms)
		need->since_ms = changed_ms;
	return error;
}

/* Nothing of a batch that is not released is left to be released. */
static int
need_of_etched(struct need *need, struct host *host, const struct ledger_batch *batch)
{
	struct wallet_balance balance;
	int error = ledger_batch_balance(&balance, host->ledger, batch->id);

	need->is_needed =
		batch->state != LEDGER_BATCH_RUNNING || balance.closing != WALLET_CLOSES;
	if (error || need->is_needed)
		return error;
	return since_last_change(need, host, batch);
}

/* Nothing of a void batch is left to do. */
static int
need_of_void(struct need *need, struct host *host, const struct ledger_batch *batch)
{
	struct wallet_balance balance;
	int error = ledger_batch_balance(&balance, host->ledger, batch->id);

	need->is_needed = !ledger_batch_is_over(&balance);
	if (error || need->is_needed)
		return error;
	return since_last_change(need, host, batch);
}

/*
 * The moment from which on a batch's secrets are needed no more.  Sent away: when the
 * etching host has them.  Etched: from the release on; or without one, when the counts
 * close as they stand, no wallet is sealed or on its way, every bad part is destroyed.
 * Printed: from the shipment on.  Void: when every part of it is destroyed.  Frozen: they
 * may be evidence.
 */
static int
need_of(struct need *need, struct host *host, const struct ledger_batch *batch)
{
	unsigned stages = host->settings->stages;

	memset(need, 0, sizeof *need);
	need->since_ms = batch->changed_ms;
	if (batch->frozen) {
		need->is_needed = true;
		return 0;
	}
	if (batch->voided)
		return need_of_void(need, host, batch);
	if (!(stages & (SETTINGS_PRINT | SETTINGS_ETCH)))
		return need_of_sent(need, host, batch);
	if (stages & SETTINGS_ETCH && batch->state < LEDGER_BATCH_RELEASED)
		return need_of_etched(need, host, batch);
	need->is_needed = batch->state < LEDGER_BATCH_SHIPPED;
	return 0;
}

static int
refuse_sent(const struct closing *act, const struct need *need)
{
	if (!need->file[0])
		return closing_refuse(act, KE_BAD_STATE,
			"See where it stands:  keylinectl batch show BATCH",
			"%s is open: its passphrases are not made yet.", act->batch);
	return closing_refuse(act, KE_BAD_STATE,
		"Carry it here:  keylinectl batch export BATCH --kind receipt  there, then  "
		"keylinectl batch import FILE  here.  Where it is lost, or was skipped here, drop "
		"the file there once more: it brings its receipt again.",
		"The receipt of %s for %.120s has not come: until then the file may have to be "
		"sent again.",
		need->recipient, need->file);
}

static int
refuse_needed(const struct closing *act, const struct ledger_batch *batch,
	const struct need *need)
{
	unsigned stages = act->host->settings->stages;

	if (stages & SETTINGS_ETCH)
		return closing_refuse(act, KE_BAD_STATE,
			"Release it first:  keylinectl batch release  or, when it cannot be: "
			"keyline(7), A batch that is not released.",
			"%s is %s: its passphrases are needed until it is released, or every wallet "
			"is out of play and every bad part destroyed.",
			act->batch, ledger_batch_state_name(batch->state));
	if (stages & SETTINGS_PRINT)
		return closing_refuse(act, KE_BAD_STATE,
			"Ship it first:  keylinectl batch ship BATCH",
			"%s is %s: its stickers are needed until it is shipped.",
			act->batch, ledger_batch_state_name(batch->state));
	return refuse_sent(act, need);
}

int
closing_secrets_may_go(const struct closing *act)
{
	struct ledger_batch batch;
	struct need need;
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
	if (batch.frozen)
		return closing_refuse_held(act, &batch);
	error = need_of(&need, act->host, &batch);
	if (error)
		return error;
	return need.is_needed ? refuse_needed(act, &batch, &need) : 0;
}

static void
set_alarm(struct host *host, const char *code, const char *batch, bool stands)
{
	bool stood = alarm_stands_as(host->alarms, code, batch);

	if (stands && !stood) {
		alarm_raise(host->alarms, code, batch, host_now_ms());
		log_event(LOG_ERASE, &(struct log_fields){.batch = batch, .code = code});
	}
	if (!stands && stood)
		alarm_clear(host->alarms, code, batch);
}

/* A clock that is behind does not put it off: what the ledger has seen counts, too. */
static bool
is_due(const struct host *host, int64_t since_ms)
{
	return host->clock.latest_ms - since_ms >
	       (int64_t)host->settings->erase_deadline * HOUR_MS;
}

static int
look_at(void *context, const struct ledger_batch *batch)
{
	struct host *host = context;
	struct need need = {.is_needed = true};
	bool is_gone = true, is_begun = false;
	int error = 0;

	/* It closed after its secrets were gone. */
	if (batch->state != LEDGER_BATCH_CLOSED)
		error = closing_is_destroyed(&is_gone, host, batch->id);
	if (error == 0 && !is_gone)
		error = closing_has_event(
			&is_begun, host, batch->id, CLOSING_SECRETS_BEGUN);
	if (error == 0 && !is_gone && !is_begun)
		error = need_of(&need, host, batch);
	if (error)
		return error;
	set_alarm(host, ALARM_CUT_OFF, batch->id, !is_gone && is_begun);
	set_alarm(host, ALARM_DUE, batch->id,
		!is_gone && !is_begun && !need.is_needed && is_due(host, need.since_ms));
	return 0;
}

void
closing_secrets_look(struct host *host)
{
	int error;

	if (host->settings->stages == SETTINGS_MINT || host->stopped)
		return;
	error = ledger_batch_list(host->ledger, look_at, host);
	if (error)
		(void)host_trouble(host, error);
}

void
closing_secrets_look_again(struct host *host)
{
	int64_t minute = host_now_ms() / MINUTE_MS;

	if (minute == host->erase_minute)
		return;
	host->erase_minute = minute;
	closing_secrets_look(host);
}
