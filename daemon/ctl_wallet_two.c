/* SPDX-License-Identifier: MIT */
/* The commands about one wallet that take two persons. */
#include "config.h"
#include "daemon/ctl_wallet.h"

#include <stdio.h>
#include <string.h>
#include "daemon/alarm.h"
#include "daemon/ctl_bulk.h"
#include "daemon/ctl_refuse.h"
#include "daemon/host.h"
#include "daemon/ledger_intent.h"
#include "daemon/ledger_request.h"
#include "daemon/settings.h"
#include "daemon/station.h"
#include "proto/doubt_reason.h"

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
		return ctl_wallet_may_step(host, act->serial,
			act->good ? WALLET_RESOLVE_GOOD : WALLET_RESOLVE_SPOILED);
	error = ledger_intent_get(&act->open, host->ledger, wallet.job);
	if (error)
		return error;
	station = station_set_find(host->stations, act->open.station);
	return station && station_is_busy(station) ? KE_BUSY : 0;
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

/*
 * What both saw: a code of the table that fits the outcome, and a note; for the ledger
 * "marked-part", or "marked-part: half a line".  What is not right has been answered.
 */
static bool
read_reason(char detail[LEDGER_TEXT_MAX + 1], struct ctl_call *call, enum mode mode,
	bool is_good)
{
	const char *code = ctl_call_text(call, "reason"), *note = ctl_call_text(call, "note");
	const char *outcome = is_good ? "good" : "spoiled";
	char codes[160], action[256];

	if (!doubt_reason_find(code, mode, is_good)) {
		doubt_reason_list(codes, sizeof codes, mode, is_good);
		(void)snprintf(action, sizeof action,
			"Give the one that you saw: --%s --reason %s; the rest of it: --note "
			"TEXT.",
			outcome, codes);
		ctl_refuse(call, KE_BAD_ARGUMENT, NULL, action,
			"`%.40s' is no reason for `%s' on a %s host.", code, outcome,
			mode_name(mode));
		return false;
	}
	if (snprintf(detail, LEDGER_TEXT_MAX + 1, "%s%s%s", code, note ? ": " : "",
		    note ? note : "")
		> LEDGER_TEXT_MAX) {
		ctl_refuse(call, KE_TOO_LONG, NULL, "Give a shorter one.",
			"The note is longer than the ledger takes (%d bytes with its code).",
			LEDGER_TEXT_MAX);
		return false;
	}
	return true;
}

void
ctl_wallet_resolve(struct ctl_call *call, void *context)
{
	struct host *host = ctl_host(context);
	const char *outcome = ctl_call_text(call, "outcome");
	char actor[CTL_ACTOR_SIZE], args[256], detail[LEDGER_TEXT_MAX + 1];
	struct ledger_by by = ctl_by(call, actor);
	struct two_person_act act = { .host = host,
		.by = &by,
		.act = act_resolve,
		.serial = ctl_call_text(call, "serial"),
		.detail = detail,
		.good = strcmp(outcome, "good") == 0 };
	enum wallet_event event = act.good ? WALLET_RESOLVE_GOOD : WALLET_RESOLVE_SPOILED;
	int error = act.good || strcmp(outcome, "spoiled") == 0 ? 0 : KE_BAD_ARGUMENT;

	if (error == 0 && !read_reason(detail, call, host->settings->mode, act.good))
		return;
	if (error == 0)
		error = may_resolve(&act);
	if (error == KE_BUSY) {
		ctl_refuse(call, error, NULL,
			"Wait until its station is done, or stop it:  keylinectl station list",
			"%s is at work at its station: its end is not known yet.", act.serial);
		return;
	}
	if (error) {
		ctl_refuse_step(call, host, act.serial, event, error);
		return;
	}
	(void)snprintf(args, sizeof args, "outcome=%s reason=%s", outcome,
		ctl_call_text(call, "reason"));
	if (ctl_second_person(&act.request, call, host, "wallet resolve", act.serial, args)
		!= 0)
		return;
	if (!ctl_call_is_dry_run(call))
		error = run_act(&act);
	if (error == 0 && !ctl_call_is_dry_run(call)) {
		alarm_clear(host->alarms, "in-doubt", act.serial);
		alarm_clear(host->alarms, "job-open", act.serial);
		station_set_doubt_settled(host->stations, act.serial, act.good);
	}
	ctl_wallet_end(call, host, act.serial, error);
}

static int
act_destroyed(const struct two_person_act *act)
{
	return ledger_wallet_destroyed(
		act->host->ledger, act->by, act->serial, act->detail);
}

const char *
ctl_wallet_not_destroyable(const struct ledger_wallet *wallet)
{
	if (wallet->destroyed)
		return ", and its part is recorded as destroyed already.";
	if (wallet->state == WALLET_IN_DOUBT)
		return ": it may be good. Two persons settle that first:  keylinectl wallet "
		       "resolve";
	if (!wallet_state_is_bad_part(wallet->state))
		return ": only the part of a spoiled, rejected, void or opened wallet is "
		       "destroyed. Record that first:  keylinectl wallet spoil";
	return wallet->part ? NULL : ", and no part of it is in the house.";
}

void
ctl_wallet_destroyed(struct ctl_call *call, void *context)
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
	const char *why;
	int error;

	if (ctl_bulk(call, host, CTL_BULK_DESTROYED))
		return;
	error = ledger_wallet_get(&wallet, host->ledger, act.serial);
	why = error ? NULL : ctl_wallet_not_destroyable(&wallet);
	if (error == KE_NOT_FOUND) {
		ctl_refuse_unknown(call, CTL_WALLET, act.serial);
		return;
	}
	if (why) {
		ctl_refuse(call, KE_BAD_STATE, wallet_state_name(wallet.state), NULL,
			"%s is %s%s", wallet.serial, wallet_state_name(wallet.state), why);
		return;
	}
	if (error) {
		ctl_finish(call, host, error);
		return;
	}
	if (ctl_second_person(&act.request, call, host, "wallet destroyed", act.serial, "")
		!= 0)
		return;
	if (!ctl_call_is_dry_run(call))
		error = run_act(&act);
	ctl_wallet_end(call, host, act.serial, error);
}
