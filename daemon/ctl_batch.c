/* SPDX-License-Identifier: MIT */
/* The commands about batches. */
#include "config.h"
#include "daemon/ctl_common.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "daemon/closing.h"
#include "daemon/ctl_file.h"
#include "daemon/ctl_refuse.h"
#include "daemon/dual.h"
#include "daemon/host.h"
#include "daemon/intake.h"
#include "daemon/ledger_file.h"
#include "daemon/stage.h"
#include "proto/cms_sign.h"

struct answering {
	struct ctl_call *call;
	struct host *host;
};

static int
answer_batch(void *context, const struct ledger_batch *batch)
{
	struct answering *a = context;

	ctl_answer_batch(a->call, a->host, batch);
	return 0;
}

static void
batch_list(struct ctl_call *call, void *context)
{
	struct host *host = ctl_host(context);
	struct answering a = { call, host };

	ctl_finish(call, host, ledger_batch_list(host->ledger, answer_batch, &a));
}

static int
answer_file(void *context, const struct ledger_file *file)
{
	struct answering *a = context;
	json_t *answer = ctl_answer_new("file");
	char time[32];

	if (answer) {
		ctl_time(time, file->time_ms);
		ctl_put(&answer, "kind", json_string(file->kind));
		ctl_put(&answer, "direction",
			json_string(file->direction == LEDGER_IN ? "in" : "out"));
		ctl_put(&answer, "sender", json_string(file->sender));
		ctl_put(&answer, "recipient", json_string(file->recipient));
		/* A receipt has none. */
		if (file->parts > 0) {
			ctl_put(&answer, "part", json_integer(file->part));
			ctl_put(&answer, "parts", json_integer(file->parts));
		}
		ctl_put(&answer, "sequence", json_integer((json_int_t)file->sequence));
		ctl_put(&answer, "path", json_string(file->path));
		ctl_put(&answer, "time", json_string(time));
		ctl_put(&answer, "receipt",
			json_string(file->receipt == LEDGER_RECEIPT_DONE	? "done"
					: file->receipt == LEDGER_RECEIPT_DUE ? "due"
									      : "none"));
	}
	ctl_call_answer(a->call, answer);
	return 0;
}

/* It is the batch that is not here, or what an act on it needs. */
static void
refuse_missing(struct ctl_call *call, struct host *host, const char *id)
{
	struct ledger_batch batch;
	char action[128];

	if (ledger_batch_get(&batch, host->ledger, id) == KE_NOT_FOUND) {
		ctl_refuse_unknown(call, CTL_BATCH, id);
		return;
	}
	(void)snprintf(action, sizeof action,
		"See its files and keys:  keylinectl batch show %s  and  keylinectl key list",
		batch.id);
	ctl_refuse(call, KE_NOT_FOUND, NULL, action,
		"Batch %s is here; a file, key or folder that `%s' needs is not.", batch.id,
		ctl_call_request(call)->command);
}

static void
end_with_batch(struct ctl_call *call, struct host *host, const char *id, int error,
	const char *told)
{
	struct ledger_batch batch;

	bool is_done = error == 0;

	if (error == 0)
		error = ledger_batch_get(&batch, host->ledger, id);
	/* Another host had it frozen before it came here. */
	if (error == KE_NOT_FOUND && is_done) {
		ctl_call_end(call, CTL_EXIT_OK);
		return;
	}
	if (error == KE_NOT_FOUND) {
		refuse_missing(call, host, id);
		return;
	}
	if (error == 0) {
		ctl_answer_batch_told(call, host, &batch, told);
		stage_retry(host);
		host_wake(host);
	}
	ctl_finish(call, host, error);
}

static void
batch_show(struct ctl_call *call, void *context)
{
	struct host *host = ctl_host(context);
	struct answering a = { call, host };
	const char *id = ctl_call_text(call, "batch");
	struct ledger_batch batch;
	int error = ledger_batch_get(&batch, host->ledger, id);

	if (error == KE_NOT_FOUND) {
		ctl_refuse_unknown(call, CTL_BATCH, id);
		return;
	}
	if (error == 0) {
		ctl_answer_batch(call, host, &batch);
		error = ledger_file_list(host->ledger, id, answer_file, &a);
	}
	ctl_finish(call, host, error);
}

/* Hold and unhold: a dry run finds out as much as the act. */
static void
set_held(struct ctl_call *call, void *context, bool held)
{
	struct host *host = ctl_host(context);
	const char *id = ctl_call_text(call, "batch");
	const char *reason = ctl_call_text(call, "reason");
	char actor[CTL_ACTOR_SIZE];
	struct ledger_by by = ctl_by(call, actor);
	struct ledger_batch batch;
	int error = ledger_batch_get(&batch, host->ledger, id);

	if (error == 0 && batch.frozen) {
		ctl_refuse(call, KE_HELD, "held",
			"Two persons let it go:  keylinectl batch unfreeze BATCH --reason "
			"TEXT",
			"%s is %s.", batch.id, batch.reason);
		return;
	}
	if (error == 0 && held && batch.voided) {
		ctl_refuse(call, KE_BAD_STATE, ledger_batch_state_name(batch.state),
			"Nothing is left to stop.", "%s was made void.", batch.id);
		return;
	}
	if (error == 0 && batch.held == held) {
		ctl_refuse(call, KE_BAD_STATE, held ? "held" : NULL,
			held ? "When its cause is past:  keylinectl batch unhold BATCH "
			       "--reason TEXT"
			     : "See where it stands:  keylinectl batch show BATCH; a held "
			       "station goes on by  keylinectl station unhold STATION",
			held ? "%s is held already: %s." : "%s is not held.%.0s", batch.id,
			batch.reason);
		return;
	}
	if (error == 0 && !ctl_call_is_dry_run(call))
		error = held ? ledger_batch_hold(host->ledger, &by, id, reason)
			     : ledger_batch_unhold(host->ledger, &by, id, reason);
	end_with_batch(call, host, id, error, "");
}

static void
batch_hold(struct ctl_call *call, void *context)
{
	set_held(call, context, true);
}

static void
batch_unhold(struct ctl_call *call, void *context)
{
	set_held(call, context, false);
}

static struct closing
closing_of(struct ctl_call *call, struct host *host, const struct ledger_by *by,
	struct closing_refusal *refusal)
{
	memset(refusal, 0, sizeof *refusal);
	return (struct closing){ .host = host,
		.by = by,
		.batch = ctl_call_text(call, "batch"),
		.reason = ctl_call_text(call, "reason"),
		.dry_run = ctl_call_is_dry_run(call),
		.refusal = refusal };
}

/* Ends an act: with the batch as it stands, or with why it was refused. */
static void
end_act(struct ctl_call *call, struct host *host, const struct closing *act, int error)
{
	struct ledger_batch batch;

	if (act->refusal->status[0] && error == KE_BAD_STATE
		&& ledger_batch_get(&batch, host->ledger, act->batch) == KE_NOT_FOUND)
		ctl_refuse_unknown(call, CTL_BATCH, act->batch);
	else if (!act->refusal->status[0] || (error != KE_BAD_STATE && error != KE_HELD)
		|| ledger_batch_get(&batch, host->ledger, act->batch) != 0)
		end_with_batch(call, host, act->batch, error, act->refusal->told);
	else
		ctl_refuse(call, error, ledger_batch_state_name(batch.state),
			act->refusal->action, "%s", act->refusal->status);
}

/* An act on a batch that takes one person. */
static void
act_alone(struct ctl_call *call, struct host *host, int (*verb)(const struct closing *act))
{
	char actor[CTL_ACTOR_SIZE];
	struct ledger_by by = ctl_by(call, actor);
	struct closing_refusal refusal;
	struct closing act = closing_of(call, host, &by, &refusal);

	end_act(call, host, &act, verb(&act));
}

static void
batch_draw(struct ctl_call *call, void *context)
{
	act_alone(call, ctl_host(context), closing_draw);
}

static void
batch_ship(struct ctl_call *call, void *context)
{
	act_alone(call, ctl_host(context), closing_ship);
}

static void
batch_freeze(struct ctl_call *call, void *context)
{
	act_alone(call, ctl_host(context), closing_freeze);
}

static void
tell_balance(struct ctl_call *call, const struct wallet_balance *balance)
{
	json_t *answer = ctl_answer_new("balance");

	if (answer) {
		ctl_put(&answer, "closing",
			json_string(wallet_balance_name(balance->closing)));
		ctl_put(&answer, "text", json_string(wallet_balance_text(balance->closing)));
		ctl_put(&answer, "announced", json_integer((json_int_t)balance->announced));
		ctl_put(&answer, "closed", json_integer((json_int_t)balance->closed));
		ctl_put(&answer, "open", json_integer((json_int_t)balance->open));
		ctl_put(&answer, "in_doubt", json_integer((json_int_t)balance->in_doubt));
		ctl_put(&answer, "parts_left",
			json_integer((json_int_t)balance->parts_left));
	}
	ctl_call_answer(call, answer);
}

/* call: to be told how the counts stand; NULL: nobody is. */
static int
release(const struct closing *act, struct ctl_call *call)
{
	struct wallet_balance balance = { 0 };
	int error = closing_release(act, &balance);

	/* All zero: it was not counted. */
	if (call && balance.announced && (error == 0 || error == KE_BAD_STATE))
		tell_balance(call, &balance);
	return error;
}

static struct closing
closing_of_two(const struct dual_act *asked, struct closing_refusal *refusal)
{
	memset(refusal, 0, sizeof *refusal);
	return (struct closing){ .host = asked->host,
		.by = asked->by,
		.batch = asked->object,
		.approval = asked->approval,
		.reason = asked->reason,
		.dry_run = !asked->approval,
		.refusal = refusal };
}

static int check_two(struct ctl_call *call, const struct dual_act *asked);
static void run_two(struct ctl_call *call, const struct dual_act *asked);

const struct dual_action dual_batch_release = { "batch release", check_two, run_two };
const struct dual_action dual_batch_destroy = { "batch destroy", check_two, run_two };
const struct dual_action dual_batch_destroyed = { "batch destroyed", check_two, run_two };
const struct dual_action dual_batch_unfreeze = { "batch unfreeze", check_two, run_two };
const struct dual_action dual_batch_void = { "batch void", check_two, run_two };

static int
act_on(const struct closing *act, const struct dual_action *action, struct ctl_call *call)
{
	if (action == &dual_batch_release)
		return release(act, call);
	if (action == &dual_batch_unfreeze)
		return closing_unfreeze(act);
	if (action == &dual_batch_void)
		return closing_void(act);
	return action == &dual_batch_destroy ? closing_destroy(act)
					     : closing_destroyed(act);
}

/* Whether it could be done at all. */
static int
check_two(struct ctl_call *call, const struct dual_act *asked)
{
	struct closing_refusal refusal;
	struct closing act = closing_of_two(asked, &refusal);
	int error;

	act.dry_run = true;
	error = act_on(&act, asked->action, call);
	if (error)
		end_act(call, asked->host, &act, error);
	return error;
}

static void
run_two(struct ctl_call *call, const struct dual_act *asked)
{
	struct closing_refusal refusal;
	struct closing act = closing_of_two(asked, &refusal);

	end_act(call, asked->host, &act, act_on(&act, asked->action, NULL));
}

/* The commands that take two persons. */
static void
ask_two(struct ctl_call *call, void *context)
{
	const struct dual_action *action = dual_find(ctl_call_request(call)->command);

	dual_ask(call, ctl_host(context), action, ctl_call_text(call, "batch"), "",
		ctl_call_text(call, "reason"));
}

/* The length of a path's last part. */
static size_t
base_len(const char *path)
{
	const char *slash = strrchr(path, '/');

	return strlen(slash ? slash + 1 : path);
}

static void
batch_check(struct ctl_call *call, void *context)
{
	struct host *host = ctl_host(context);
	const char *name = ctl_call_text(call, "name"), *step;
	unsigned char *bytes;
	char action[512];
	json_t *answer = NULL;
	size_t len;
	int error;

	/* No file has such a name, and it would take the answer's place in its line. */
	if (base_len(name) > NAME_MAX) {
		ctl_refuse(call, KE_TOO_LONG, NULL, "Give the file a shorter name.",
			"The file's name is longer than %d bytes.", NAME_MAX);
		return;
	}
	error = ctl_file_read(&bytes, &len, ctl_call_file(call), CMS_FILE_MAX);
	if (error) {
		ctl_refuse_file(call, error, name);
		return;
	}
	error = intake_check(&answer, host, name, bytes, len);
	free(bytes);
	step = json_string_value(json_object_get(answer, "action"));
	(void)snprintf(action, sizeof action, "%s", step ? step : "");
	ctl_call_answer(call, answer);
	if (error)
		ctl_refuse(call, error, NULL, action[0] ? action : NULL,
			"%.200s would be refused: %s.", name, error_text(error));
	else
		ctl_finish(call, host, 0);
}

const struct ctl_command ctl_batch_commands[] = {
	{ "batch list", CTL_VIEWER, false, "", batch_list },
	{ "batch show", CTL_VIEWER, false, "batch", batch_show },
	{ "batch check", CTL_VIEWER, false, "name", batch_check },
	{ "batch hold", CTL_SUPERVISOR, true, "batch reason", batch_hold },
	{ "batch unhold", CTL_SUPERVISOR, true, "batch reason", batch_unhold },
	{ "batch draw", CTL_SUPERVISOR, true, "batch reason?", batch_draw },
	{ "batch ship", CTL_SUPERVISOR, true, "batch reason?", batch_ship },
	{ "batch release", CTL_SUPERVISOR, true, "batch reason?", ask_two },
	{ "batch destroy", CTL_SUPERVISOR, true, "batch reason?", ask_two },
	{ "batch destroyed", CTL_SUPERVISOR, true, "batch reason?", ask_two },
	{ "batch freeze", CTL_SUPERVISOR, true, "batch reason", batch_freeze },
	{ "batch unfreeze", CTL_SUPERVISOR, true, "batch reason", ask_two },
	{ "batch void", CTL_SUPERVISOR, true, "batch reason", ask_two },
	{ "batch skip", CTL_SUPERVISOR, true, "sender kind sequence batch? part? reason",
		ctl_batch_skip },
	{ NULL, CTL_VIEWER, false, NULL, NULL },
};
