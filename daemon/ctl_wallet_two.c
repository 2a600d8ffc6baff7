/* SPDX-License-Identifier: MIT */
/* The commands about one wallet that take two persons. */
#include "config.h"
#include "daemon/ctl_wallet.h"

#include <stdio.h>
#include <string.h>
#include "daemon/alarm.h"
#include "daemon/ctl_bulk.h"
#include "daemon/ctl_refuse.h"
#include "daemon/dual.h"
#include "daemon/host.h"
#include "daemon/job.h"
#include "daemon/job_doubt.h"
#include "daemon/ledger_intent.h"
#include "daemon/settings.h"
#include "daemon/station.h"
#include "proto/doubt_reason.h"

static const char outcome_good[] = "outcome=good ";

static bool
is_good(const struct dual_act *act)
{
	return strncmp(act->args, outcome_good, strlen(outcome_good)) == 0;
}

static enum wallet_event
event_of(const struct dual_act *act)
{
	return is_good(act) ? WALLET_RESOLVE_GOOD : WALLET_RESOLVE_SPOILED;
}

/*
 * An intent whose device does not come back is settled by people too, as a doubt;
 * never while the device works or is being asked, by a driver of ours (KE_BUSY) or one
 * that outlived an earlier run (KE_LOCKED).  open->job 0: there is none.
 */
static int
may_resolve(struct ledger_intent *open, const struct dual_act *act)
{
	struct host *host = act->host;
	struct ledger_wallet wallet;
	int error = ledger_wallet_get(&wallet, host->ledger, act->object);

	open->job = 0;
	if (error)
		return error;
	if (wallet.state != WALLET_ETCHING && wallet.state != WALLET_PRINTING)
		return ctl_wallet_may_step(host, act->object, event_of(act));
	error = ledger_intent_get(open, host->ledger, wallet.job);
	if (error)
		return error;
	if (job_is_asked(host, open))
		return KE_BUSY;
	return job_is_driven_elsewhere(host, open) ? KE_LOCKED : 0;
}

static int
check_resolve(struct ctl_call *call, const struct dual_act *act)
{
	struct ledger_intent open;
	int error = may_resolve(&open, act);

	if (error == KE_BUSY)
		ctl_refuse(call, error, NULL,
			"Wait until its station is done, or stop it:  keylinectl station list",
			"%s is at work at its station: its end is not known yet.", act->object);
	else if (error == KE_LOCKED)
		ctl_refuse(call, error, NULL,
			"Wait until that driver ends: it ends by itself after its job, "
			"and then the device is asked. While the device works, end "
			"nothing.",
			"%s may be made at this moment: a driver that is not of this run "
			"of the daemon holds its device.",
			act->object);
	else if (error)
		ctl_refuse_step(call, act->host, act->object, event_of(act), error);
	return error;
}

static int
resolve(const struct dual_act *act)
{
	struct ledger *ledger = act->host->ledger;
	struct ledger_intent open;
	int error = may_resolve(&open, act);

	if (error == 0)
		error = ledger_request_begin(ledger, act->by, act->approval);
	if (error)
		return error;
	if (open.job)
		error = ledger_intent_close(ledger, act->by, open.job,
			LEDGER_OUTCOME_DOUBT, 0, "not asked");
	if (error == 0)
		error = ledger_wallet_step(
			ledger, act->by, act->object, event_of(act), act->reason);
	return ledger_end(ledger, error);
}

static void
run_resolve(struct ctl_call *call, const struct dual_act *act)
{
	struct host *host = act->host;
	int error = act->approval ? resolve(act) : 0;

	if (error == 0 && act->approval) {
		alarm_clear(host->alarms, "in-doubt", act->object);
		alarm_clear(host->alarms, "job-open", act->object);
		job_doubt_settled(host, act->object, is_good(act));
		job_go_on(host);
	}
	ctl_wallet_end(call, host, act->object, error);
}

const struct dual_action dual_wallet_resolve = {
	"wallet resolve", check_resolve, run_resolve};

/*
 * What both saw: a code of the table that fits the outcome, and a note; for the ledger
 * "marked-part", or "marked-part: half a line".  What is not right has been answered.
 */
static bool
read_reason(char reason[APPROVAL_REASON_MAX + 1], struct ctl_call *call, enum mode mode,
	bool good)
{
	const char *code = ctl_call_text(call, "reason"), *note = ctl_call_text(call, "note");
	const char *outcome = good ? "good" : "spoiled";
	char codes[160], action[256];

	if (!doubt_reason_find(code, mode, good)) {
		doubt_reason_list(codes, sizeof codes, mode, good);
		(void)snprintf(action, sizeof action,
			"Give the one that you saw: --%s --reason %s; the rest of it: --note "
			"TEXT.",
			outcome, codes);
		ctl_refuse(call, KE_BAD_ARGUMENT, NULL, action,
			"`%.40s' is no reason for `%s' on a %s host.", code, outcome,
			mode_name(mode));
		return false;
	}
	if (snprintf(reason, APPROVAL_REASON_MAX + 1, "%s%s%s", code, note ? ": " : "",
		    note ? note : "") > APPROVAL_REASON_MAX) {
		ctl_refuse(call, KE_TOO_LONG, NULL, "Give a shorter one.",
			"The note is longer than can be signed (%d bytes with its code).",
			APPROVAL_REASON_MAX);
		return false;
	}
	return true;
}

void
ctl_wallet_resolve(struct ctl_call *call, void *context)
{
	struct host *host = ctl_host(context);
	const char *outcome = ctl_call_text(call, "outcome");
	char args[256], reason[APPROVAL_REASON_MAX + 1];
	bool good = strcmp(outcome, "good") == 0;

	if (!good && strcmp(outcome, "spoiled") != 0) {
		ctl_finish(call, host, KE_BAD_ARGUMENT);
		return;
	}
	if (!read_reason(reason, call, host->settings->mode, good))
		return;
	(void)snprintf(args, sizeof args, "outcome=%s reason=%s", outcome,
		ctl_call_text(call, "reason"));
	dual_ask(call, host, &dual_wallet_resolve, ctl_call_text(call, "serial"), args,
		reason);
}

const char *
ctl_wallet_not_destroyable(struct host *host, const struct ledger_wallet *wallet)
{
	if (wallet->destroyed)
		return ", and its part is recorded as destroyed already.";
	if (wallet->state == WALLET_IN_DOUBT)
		return ": it may be good. Two persons settle that first:  keylinectl wallet "
		       "resolve";
	if (wallet->state == WALLET_RELEASED)
		return ": it has left the line, and nothing is recorded of it any more.";
	/* Whether it was drawn is told to nobody before all are sealed. */
	if (wallet->state == WALLET_SEALED && wallet->drawn &&
		ctl_may_tell_drawn(host, wallet->batch))
		return ": it was drawn. Open it, and record that first:  keylinectl "
		       "wallet opened SERIAL good|bad";
	if (!wallet_state_is_bad_part(wallet->state))
		return ": only the part of a spoiled, rejected, void or opened wallet is "
		       "destroyed. Record that first:  keylinectl wallet spoil";
	return wallet->part ? NULL : ", and no part of it is in the house.";
}

static int
check_destroyed(struct ctl_call *call, const struct dual_act *act)
{
	struct ledger_wallet wallet;
	const char *why;
	int error;

	if (act->serials)
		return ctl_bulk_check(call, act, CTL_BULK_DESTROYED);
	error = ledger_wallet_get(&wallet, act->host->ledger, act->object);
	why = error ? NULL : ctl_wallet_not_destroyable(act->host, &wallet);
	if (error == KE_NOT_FOUND)
		ctl_refuse_unknown(call, CTL_WALLET, act->object);
	else if (error)
		ctl_finish(call, act->host, error);
	if (!why)
		return error;
	ctl_refuse(call, KE_BAD_STATE, wallet_state_name(wallet.state), NULL, "%s is %s%s",
		wallet.serial, wallet_state_name(wallet.state), why);
	return KE_BAD_STATE;
}

/* In one transaction with the use of the approval. */
static int
record_destroyed(const struct dual_act *act)
{
	struct ledger *ledger = act->host->ledger;
	int error = ledger_request_begin(ledger, act->by, act->approval);

	if (error)
		return error;
	error = ledger_wallet_destroyed(ledger, act->by, act->object, act->reason);
	error = ledger_end(ledger, error);
	if (error == 0)
		alarm_clear(act->host->alarms, "wallet-rejected", act->object);
	return error;
}

static void
run_destroyed(struct ctl_call *call, const struct dual_act *act)
{
	int error;

	if (act->serials) {
		ctl_bulk_run(call, act, CTL_BULK_DESTROYED);
		return;
	}
	error = act->approval ? record_destroyed(act) : 0;
	ctl_wallet_end(call, act->host, act->object, error);
}

const struct dual_action dual_wallet_destroyed = {
	"wallet destroyed", check_destroyed, run_destroyed};

void
ctl_wallet_destroyed(struct ctl_call *call, void *context)
{
	struct host *host = ctl_host(context);

	if (!ctl_bulk(call, host, CTL_BULK_DESTROYED))
		dual_ask(call, host, &dual_wallet_destroyed,
			ctl_call_text(call, "serial"), "", ctl_call_text(call, "reason"));
}
