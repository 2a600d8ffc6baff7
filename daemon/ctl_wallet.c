/* SPDX-License-Identifier: MIT */
/* The commands about one wallet, and the list of them. */
#include "config.h"
#include "daemon/ctl_common.h"

#include <stdio.h>
#include <string.h>
#include "daemon/alarm.h"
#include "daemon/host.h"
#include "daemon/ledger_intent.h"
#include "daemon/ledger_request.h"
#include "daemon/settings.h"
#include "daemon/station.h"

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
	json_t *answer = ctl_answer_new("event");
	char time[32];

	if (answer) {
		ctl_time(time, row->time_ms);
		(void)json_object_set_new(answer, "seq", json_integer((json_int_t)row->seq));
		(void)json_object_set_new(answer, "time", json_string(time));
		(void)json_object_set_new(answer, "actor", json_string(row->actor));
		(void)json_object_set_new(answer, "event", json_string(row->event.event));
		(void)json_object_set_new(answer, "from", json_string(row->event.from_state));
		(void)json_object_set_new(answer, "to", json_string(row->event.to_state));
		(void)json_object_set_new(answer, "detail", json_string(row->event.detail));
	}
	ctl_call_answer(a->call, answer);
	return 0;
}

static int
answer_wallet(void *context, const struct ledger_wallet *wallet)
{
	struct answering *a = context;

	if (strcmp(a->batch, wallet->batch) != 0) {
		(void)snprintf(a->batch, sizeof a->batch, "%s", wallet->batch);
		a->tell_drawn = ctl_may_tell_drawn(a->host, wallet->batch);
	}
	ctl_answer_wallet(a->call, wallet, a->tell_drawn);
	return 0;
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

	if (error == 0) {
		ctl_answer_wallet(
			call, &wallet, ctl_may_tell_drawn(host, wallet.batch));
		error = ledger_event_list(host->ledger, &filter, answer_event, &a);
	}
	ctl_finish(call, host, error);
}

static void
wallet_list(struct ctl_call *call, void *context)
{
	struct host *host = ctl_host(context);
	struct answering a = { .call = call, .host = host };
	const char *batch = ctl_call_text(call, "batch");
	const char *state_text = ctl_call_text(call, "state");
	enum wallet_state state = WALLET_NONE;
	struct ledger_batch found;
	int error = 0;

	if (state_text)
		error = wallet_state_from_name(&state, state_text);
	if (error == 0 && batch)
		error = ledger_batch_get(&found, host->ledger, batch);
	if (error == 0)
		error = ledger_wallet_list(host->ledger, batch, state, answer_wallet, &a);
	ctl_finish(call, host, error);
}

/* Answers the wallet as it stands and ends; for a dry run as for the act. */
static void
end_with_wallet(struct ctl_call *call, struct host *host, const char *serial, int error)
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

/* What a step would say, without taking it. */
static int
may_step(struct host *host, const char *serial, enum wallet_event event)
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
	int error = may_step(host, serial, event);

	if (error == 0 && !ctl_call_is_dry_run(call))
		error = ledger_wallet_step(host->ledger, &by, serial, event, detail);
	end_with_wallet(call, host, serial, error);
}

static void
wallet_spoil(struct ctl_call *call, void *context)
{
	step(call, ctl_host(context), WALLET_SPOIL, ctl_call_text(call, "reason"));
}

static void
wallet_missing(struct ctl_call *call, void *context)
{
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

/* One bad EPK holds the whole batch: the others were made by the same hands. */
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
		error = may_step(host, serial, event);
	if (error == 0 && !wallet.drawn)
		error = KE_BAD_STATE;
	if (error == 0 && !ctl_call_is_dry_run(call)) {
		error = ledger_begin(host->ledger);
		if (error == 0)
			error = ledger_wallet_step(
				host->ledger, &by, serial, event, "by QA");
		if (error == 0 && !good)
			error = ledger_batch_hold(
				host->ledger, &by, wallet.batch, "opened-bad");
		if (error == 0)
			error = ledger_commit(host->ledger);
		else
			ledger_rollback(host->ledger);
	}
	end_with_wallet(call, host, serial, error);
}

/* Runs an act of two persons in one transaction with the use of the request. */
struct two_person_act {
	struct host *host;
	const struct ledger_by *by;
	uint64_t request;
	int (*act)(const struct two_person_act *act);
	const char *serial;
	const char *detail;
	bool good;
	/* resolve: an intent that is still open; job 0: none */
	struct ledger_intent open;
};

static int
run_act(const struct two_person_act *act)
{
	struct ledger *ledger = act->host->ledger;
	int error = ledger_begin(ledger);

	if (error == 0)
		error = ledger_request_consume(ledger, act->by, act->request, NULL);
	if (error == 0)
		error = act->act(act);
	if (error == 0)
		return ledger_commit(ledger);
	ledger_rollback(ledger);
	return error;
}

/*
 * An intent whose device does not come back is settled by people too, as a doubt;
 * never while the device works or is being asked.
 */
static int
may_resolve(struct two_person_act *act)
{
	struct host *host = act->host;
	struct ledger_wallet wallet;
	struct station *station;
	int error = ledger_wallet_get(&wallet, host->ledger, act->serial);

	if (error)
		return error;
	if (wallet.state != WALLET_ETCHING && wallet.state != WALLET_PRINTING)
		return may_step(host, act->serial,
			act->good ? WALLET_RESOLVE_GOOD : WALLET_RESOLVE_SPOILED);
	error = ledger_intent_get(&act->open, host->ledger, wallet.job);
	if (error)
		return error;
	station = station_set_find(host->stations, act->open.station);
	return station && station_is_busy(station) ? KE_BAD_STATE : 0;
}

static int
act_resolve(const struct two_person_act *act)
{
	int error = 0;

	if (act->open.job)
		error = ledger_intent_close(act->host->ledger, act->by, act->open.job,
			LEDGER_OUTCOME_DOUBT, 0, "not asked");
	return error ? error : ledger_wallet_step(act->host->ledger, act->by, act->serial,
		act->good ? WALLET_RESOLVE_GOOD : WALLET_RESOLVE_SPOILED, act->detail);
}

static void
wallet_resolve(struct ctl_call *call, void *context)
{
	struct host *host = ctl_host(context);
	const char *outcome = ctl_call_text(call, "outcome");
	char actor[CTL_ACTOR_SIZE], args[256];
	struct ledger_by by = ctl_by(call, actor);
	struct two_person_act act = { .host = host,
		.by = &by,
		.act = act_resolve,
		.serial = ctl_call_text(call, "serial"),
		.detail = ctl_call_text(call, "reason"),
		.good = strcmp(outcome, "good") == 0 };
	int error = act.good || strcmp(outcome, "spoiled") == 0 ? 0 : KE_BAD_ARGUMENT;

	if (error == 0)
		error = may_resolve(&act);
	if (error) {
		ctl_finish(call, host, error);
		return;
	}
	(void)snprintf(args, sizeof args, "outcome=%s", outcome);
	if (ctl_second_person(&act.request, call, host, "wallet resolve", act.serial, args)
		!= 0)
		return;
	if (!ctl_call_is_dry_run(call))
		error = run_act(&act);
	if (error == 0 && !ctl_call_is_dry_run(call)) {
		alarm_clear(host->alarms, "in-doubt", act.serial);
		alarm_clear(host->alarms, "job-open", act.serial);
	}
	end_with_wallet(call, host, act.serial, error);
}

static int
act_destroyed(const struct two_person_act *act)
{
	return ledger_wallet_destroyed(
		act->host->ledger, act->by, act->serial, act->detail);
}

static void
wallet_destroyed(struct ctl_call *call, void *context)
{
	struct host *host = ctl_host(context);
	char actor[CTL_ACTOR_SIZE];
	struct ledger_by by = ctl_by(call, actor);
	struct two_person_act act = { .host = host,
		.by = &by,
		.act = act_destroyed,
		.serial = ctl_call_text(call, "serial"),
		.detail = ctl_call_text(call, "reason") };
	struct ledger_wallet wallet;
	int error = ledger_wallet_get(&wallet, host->ledger, act.serial);

	if (error == 0
		&& (!wallet.part || wallet.destroyed
			|| !wallet_state_is_bad_part(wallet.state)))
		error = KE_BAD_STATE;
	if (error) {
		ctl_finish(call, host, error);
		return;
	}
	if (ctl_second_person(&act.request, call, host, "wallet destroyed", act.serial, "")
		!= 0)
		return;
	if (!ctl_call_is_dry_run(call))
		error = run_act(&act);
	end_with_wallet(call, host, act.serial, error);
}

const struct ctl_command ctl_wallet_commands[] = {
	{ "wallet list", CTL_VIEWER, false, "batch? state?", wallet_list },
	{ "wallet show", CTL_VIEWER, false, "serial", wallet_show },
	{ "wallet spoil", CTL_SUPERVISOR, true, "serial reason", wallet_spoil },
	{ "wallet missing", CTL_SUPERVISOR, true, "serial reason", wallet_missing },
	{ "wallet found", CTL_SUPERVISOR, true, "serial reason", wallet_found },
	{ "wallet void", CTL_SUPERVISOR, true, "serial reason", wallet_void },
	{ "wallet opened", CTL_SUPERVISOR, true, "serial result reason?", wallet_opened },
	{ "wallet resolve", CTL_SUPERVISOR, true, "serial outcome reason", wallet_resolve },
	{ "wallet destroyed", CTL_SUPERVISOR, true, "serial reason?", wallet_destroyed },
	{ NULL, CTL_VIEWER, false, NULL, NULL },
};
