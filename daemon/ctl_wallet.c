/* SPDX-License-Identifier: MIT */
/* The commands about one wallet, and the list of them. */
#include "config.h"
#include "daemon/ctl_wallet.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "daemon/ctl_bulk.h"
#include "daemon/ctl_refuse.h"
#include "daemon/host.h"
#include "daemon/settings.h"

struct answering {
	struct ctl_call *call;
	struct host *host;
	/* Asked once a batch: a list goes batch by batch. */
	char batch[LEDGER_BATCH_SIZE];
	bool tell_drawn;
};

static int
answer_event(void *context, const struct ledger_event_row *row)
{
	struct answering *a = context;
	json_t *answer;
	char time[32];

	if (!a->tell_drawn && strcmp(row->event.event, "draw") == 0)
		return 0;
	answer = ctl_answer_new("event");
	if (answer) {
		ctl_time(time, row->time_ms);
		ctl_put(&answer, "seq", json_integer((json_int_t)row->seq));
		ctl_put(&answer, "time", json_string(time));
		ctl_put(&answer, "actor", json_string(row->actor));
		ctl_put(&answer, "event", json_string(row->event.event));
		if (row->event.from_state)
			ctl_put(&answer, "from",
				json_string(row->event.from_state));
		if (row->event.to_state)
			ctl_put(&answer, "to",
				json_string(row->event.to_state));
		if (row->event.detail)
			ctl_put(&answer, "detail",
				json_string(row->event.detail));
	}
	ctl_call_answer(a->call, answer);
	return 0;
}

/* A list of any length: it goes out as fast as the client takes it. */
struct listing {
	struct answering answering;
	/* What is asked for; "" and WALLET_NONE: all. */
	char batch[LEDGER_BATCH_SIZE];
	enum wallet_state state;
	struct ledger_wallet last;
};

enum { PAUSE = 1 };

static int
answer_wallet(void *context, const struct ledger_wallet *wallet)
{
	struct listing *listing = context;
	struct answering *a = &listing->answering;

	if (strcmp(a->batch, wallet->batch) != 0) {
		(void)snprintf(a->batch, sizeof a->batch, "%s", wallet->batch);
		a->tell_drawn = ctl_may_tell_drawn(a->host, wallet->batch);
	}
	ctl_answer_wallet(a->call, wallet, a->tell_drawn);
	listing->last = *wallet;
	return ctl_call_is_full(a->call) || ctl_call_is_gone(a->call) ? PAUSE : 0;
}

static void
list_on(struct ctl_call *call, void *data)
{
	struct listing *listing = data;
	struct host *host = listing->answering.host;
	int error = PAUSE;

	if (!ctl_call_is_gone(call))
		error = ledger_wallet_list_after(host->ledger,
			listing->batch[0] ? listing->batch : NULL, listing->state,
			&listing->last, answer_wallet, listing);
	if (error == PAUSE && !ctl_call_is_gone(call)) {
		ctl_call_resume(call, list_on, listing);
		return;
	}
	free(listing);
	ctl_finish(call, host, error == PAUSE ? 0 : error);
}

static void
wallet_show(struct ctl_call *call, void *context)
{
	struct host *host = ctl_host(context);
	struct answering a = { .call = call, .host = host };
	struct ledger_event_filter filter = { .kind = "wallet",
		.object = ctl_call_text(call, "serial") };
	struct ledger_wallet wallet;
	int error = ledger_wallet_get(&wallet, host->ledger, filter.object);

	if (error == KE_NOT_FOUND) {
		ctl_refuse_unknown(call, CTL_WALLET, filter.object);
		return;
	}
	if (error == 0) {
		a.tell_drawn = ctl_may_tell_drawn(host, wallet.batch);
		ctl_answer_wallet(call, &wallet, a.tell_drawn);
		error = ledger_event_list(host->ledger, &filter, answer_event, &a);
	}
	ctl_finish(call, host, error);
}

static void
wallet_list(struct ctl_call *call, void *context)
{
	struct host *host = ctl_host(context);
	const char *batch = ctl_call_text(call, "batch");
	const char *state = ctl_call_text(call, "state");
	struct listing *listing;
	struct ledger_batch found;
	int error = batch ? ledger_batch_get(&found, host->ledger, batch) : 0;

	if (error == KE_NOT_FOUND) {
		ctl_refuse_unknown(call, CTL_BATCH, batch);
		return;
	}
	listing = error ? NULL : calloc(1, sizeof *listing);
	if (!listing) {
		ctl_finish(call, host, error ? error : KE_NO_MEMORY);
		return;
	}
	if (state && wallet_state_from_name(&listing->state, state) != 0) {
		free(listing);
		ctl_refuse(call, KE_BAD_ARGUMENT, NULL,
			"They stand in:  keylinectl wallet list --help",
			"There is no state %.40s of a wallet.", state);
		return;
	}
	listing->answering = (struct answering){ .call = call, .host = host };
	if (batch)
		(void)snprintf(listing->batch, sizeof listing->batch, "%s", found.id);
	list_on(call, listing);
}

void
ctl_wallet_end(struct ctl_call *call, struct host *host, const char *serial, int error)
{
	struct ledger_wallet wallet;

	if (error == 0)
		error = ledger_wallet_get(&wallet, host->ledger, serial);
	if (error == 0) {
		ctl_answer_wallet(
			call, &wallet, ctl_may_tell_drawn(host, wallet.batch));
		host_wake(host);
	}
	ctl_finish(call, host, error);
}

int
ctl_wallet_may_step(struct host *host, const char *serial, enum wallet_event event)
{
	struct ledger_wallet wallet;
	int error = ledger_wallet_get(&wallet, host->ledger, serial);
	int next;

	if (error)
		return error;
	next = wallet_state_next(host->settings->mode, wallet.state, event);
	return next < 0 ? next : 0;
}

static void
step(struct ctl_call *call, struct host *host, enum wallet_event event, const char *detail)
{
	const char *serial = ctl_call_text(call, "serial");
	char actor[CTL_ACTOR_SIZE];
	struct ledger_by by = ctl_by(call, actor);
	int error = ctl_wallet_may_step(host, serial, event);

	if (error == 0 && !ctl_call_is_dry_run(call))
		error = ledger_wallet_step(host->ledger, &by, serial, event, detail);
	if (error)
		ctl_refuse_step(call, host, serial, event, error);
	else
		ctl_wallet_end(call, host, serial, 0);
}

static void
wallet_spoil(struct ctl_call *call, void *context)
{
	if (!ctl_bulk(call, ctl_host(context), CTL_BULK_SPOIL))
		step(call, ctl_host(context), WALLET_SPOIL, ctl_call_text(call, "reason"));
}

static void
wallet_missing(struct ctl_call *call, void *context)
{
	if (!ctl_bulk(call, ctl_host(context), CTL_BULK_MISSING))
		step(call, ctl_host(context), WALLET_LOSE, ctl_call_text(call, "reason"));
}

static void
wallet_found(struct ctl_call *call, void *context)
{
	step(call, ctl_host(context), WALLET_FIND, ctl_call_text(call, "reason"));
}

static void
wallet_void(struct ctl_call *call, void *context)
{
	step(call, ctl_host(context), WALLET_WITHDRAW, ctl_call_text(call, "reason"));
}

static int
open_wallet(struct host *host, const struct ledger_by *by,
	const struct ledger_wallet *wallet, bool good)
{
	int error = ledger_begin(host->ledger);

	if (error == 0)
		error = ledger_wallet_step(host->ledger, by, wallet->serial,
			good ? WALLET_OPEN_GOOD : WALLET_OPEN_BAD, "by QA");
	/* One bad EPK holds the whole batch: the others were made by the same hands. */
	if (error == 0 && !good)
		error = ledger_batch_hold(host->ledger, by, wallet->batch, "opened-bad");
	return ledger_end(host->ledger, error);
}

static void
wallet_opened(struct ctl_call *call, void *context)
{
	struct host *host = ctl_host(context);
	const char *serial = ctl_call_text(call, "serial");
	const char *result = ctl_call_text(call, "result");
	bool good = strcmp(result, "good") == 0;
	enum wallet_event event = good ? WALLET_OPEN_GOOD : WALLET_OPEN_BAD;
	char actor[CTL_ACTOR_SIZE];
	struct ledger_by by = ctl_by(call, actor);
	struct ledger_wallet wallet;
	int error = good || strcmp(result, "bad") == 0 ? 0 : KE_BAD_ARGUMENT;

	if (error == 0)
		error = ledger_wallet_get(&wallet, host->ledger, serial);
	if (error == 0)
		error = ctl_wallet_may_step(host, serial, event);
	/* Even a refusal would tell who was drawn. */
	if (error == 0 && !ctl_may_tell_drawn(host, wallet.batch)) {
		ctl_refuse(call, KE_BAD_STATE, wallet_state_name(wallet.state),
			"See what is left:  keylinectl batch show BATCH",
			"%s: wallets are opened when all of batch %s are sealed.",
			wallet.serial, wallet.batch);
		return;
	}
	if (error == 0 && !wallet.drawn) {
		ctl_refuse(call, KE_BAD_STATE, wallet_state_name(wallet.state),
			"Look for drawn ones:  keylinectl wallet list BATCH",
			"%s was not drawn; only drawn wallets are opened.",
			wallet.serial);
		return;
	}
	if (error == 0 && !ctl_call_is_dry_run(call))
		error = open_wallet(host, &by, &wallet, good);
	if (error)
		ctl_refuse_step(call, host, serial, event, error);
	else
		ctl_wallet_end(call, host, serial, 0);
}

const struct ctl_command ctl_wallet_commands[] = {
	{ "wallet list", CTL_VIEWER, false, "batch? state?", wallet_list },
	{ "wallet show", CTL_VIEWER, false, "serial", wallet_show },
	{ "wallet spoil", CTL_SUPERVISOR, true, CTL_BULK_ARGS " reason", wallet_spoil },
	{ "wallet missing", CTL_SUPERVISOR, true, CTL_BULK_ARGS " reason", wallet_missing },
	{ "wallet found", CTL_SUPERVISOR, true, "serial reason", wallet_found },
	{ "wallet void", CTL_SUPERVISOR, true, "serial reason", wallet_void },
	{ "wallet opened", CTL_SUPERVISOR, true, "serial result reason?", wallet_opened },
	{ "wallet resolve", CTL_SUPERVISOR, true, "serial outcome reason note?", ctl_wallet_resolve },
	{ "wallet destroyed", CTL_SUPERVISOR, true, CTL_BULK_ARGS " reason?",
		ctl_wallet_destroyed },
	{ NULL, CTL_VIEWER, false, NULL, NULL },
};
