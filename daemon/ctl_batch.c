/* SPDX-License-Identifier: MIT */
/* The commands about batches. */
#include "config.h"
#include "daemon/ctl_common.h"

#include <string.h>
#include "daemon/closing.h"
#include "daemon/host.h"
#include "daemon/intake.h"
#include "daemon/ledger_file.h"
#include "daemon/stage.h"

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
		(void)json_object_set_new(answer, "kind", json_string(file->kind));
		(void)json_object_set_new(answer, "direction",
			json_string(file->direction == LEDGER_IN ? "in" : "out"));
		(void)json_object_set_new(answer, "sender", json_string(file->sender));
		(void)json_object_set_new(answer, "recipient", json_string(file->recipient));
		(void)json_object_set_new(answer, "part", json_integer(file->part));
		(void)json_object_set_new(answer, "parts", json_integer(file->parts));
		(void)json_object_set_new(
			answer, "sequence", json_integer((json_int_t)file->sequence));
		(void)json_object_set_new(answer, "path", json_string(file->path));
		(void)json_object_set_new(answer, "time", json_string(time));
		(void)json_object_set_new(answer, "receipt",
			json_string(file->receipt == LEDGER_RECEIPT_DONE	? "done"
					: file->receipt == LEDGER_RECEIPT_DUE ? "due"
									      : "none"));
	}
	ctl_call_answer(a->call, answer);
	return 0;
}

static void
end_with_batch(struct ctl_call *call, struct host *host, const char *id, int error)
{
	struct ledger_batch batch;

	if (error == 0)
		error = ledger_batch_get(&batch, host->ledger, id);
	if (error == 0) {
		ctl_answer_batch(call, host, &batch);
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

	if (error == 0) {
		ctl_answer_batch(call, host, &batch);
		error = ledger_file_list(host->ledger, id, answer_file, &a);
	}
	ctl_finish(call, host, error);
}

static void
batch_hold(struct ctl_call *call, void *context)
{
	struct host *host = ctl_host(context);
	const char *id = ctl_call_text(call, "batch");
	char actor[CTL_ACTOR_SIZE];
	struct ledger_by by = ctl_by(call, actor);
	int error = 0;

	if (!ctl_call_is_dry_run(call))
		error = ledger_batch_hold(
			host->ledger, &by, id, ctl_call_text(call, "reason"));
	end_with_batch(call, host, id, error);
}

static void
batch_unhold(struct ctl_call *call, void *context)
{
	struct host *host = ctl_host(context);
	const char *id = ctl_call_text(call, "batch");
	char actor[CTL_ACTOR_SIZE];
	struct ledger_by by = ctl_by(call, actor);
	int error = 0;

	if (!ctl_call_is_dry_run(call))
		error = ledger_batch_unhold(
			host->ledger, &by, id, ctl_call_text(call, "reason"));
	end_with_batch(call, host, id, error);
}

static struct closing
closing_of(struct ctl_call *call, struct host *host, const struct ledger_by *by)
{
	return (struct closing){ .host = host,
		.by = by,
		.batch = ctl_call_text(call, "batch"),
		.reason = ctl_call_text(call, "reason"),
		.dry_run = ctl_call_is_dry_run(call) };
}

static void
batch_draw(struct ctl_call *call, void *context)
{
	struct host *host = ctl_host(context);
	char actor[CTL_ACTOR_SIZE];
	struct ledger_by by = ctl_by(call, actor);
	struct closing act = closing_of(call, host, &by);

	end_with_batch(call, host, act.batch, closing_draw(&act));
}

static void
batch_ship(struct ctl_call *call, void *context)
{
	struct host *host = ctl_host(context);
	char actor[CTL_ACTOR_SIZE];
	struct ledger_by by = ctl_by(call, actor);
	struct closing act = closing_of(call, host, &by);

	end_with_batch(call, host, act.batch, closing_ship(&act));
}

static void
tell_balance(struct ctl_call *call, const struct wallet_balance *balance)
{
	json_t *answer = ctl_answer_new("balance");

	if (answer) {
		(void)json_object_set_new(answer, "closing",
			json_string(wallet_balance_name(balance->closing)));
		(void)json_object_set_new(
			answer, "text", json_string(wallet_balance_text(balance->closing)));
		(void)json_object_set_new(
			answer, "announced", json_integer((json_int_t)balance->announced));
		(void)json_object_set_new(
			answer, "closed", json_integer((json_int_t)balance->closed));
		(void)json_object_set_new(
			answer, "open", json_integer((json_int_t)balance->open));
		(void)json_object_set_new(
			answer, "in_doubt", json_integer((json_int_t)balance->in_doubt));
		(void)json_object_set_new(answer, "parts_left",
			json_integer((json_int_t)balance->parts_left));
	}
	ctl_call_answer(call, answer);
}

static int
release(const struct closing *act, struct ctl_call *call)
{
	struct wallet_balance balance = { 0 };
	int error = closing_release(act, &balance);

	if (error == 0 || error == KE_BAD_STATE)
		tell_balance(call, &balance);
	return error;
}

static int
destroy(const struct closing *act, struct ctl_call *call)
{
	(void)call;
	return closing_destroy(act);
}

static int
destroyed(const struct closing *act, struct ctl_call *call)
{
	(void)call;
	return closing_destroyed(act);
}

/* An act of two persons: first whether it could be done at all, then who asks. */
static void
two_persons(struct ctl_call *call, void *context, const char *action,
	int (*act_on)(const struct closing *act, struct ctl_call *call))
{
	struct host *host = ctl_host(context);
	char actor[CTL_ACTOR_SIZE];
	struct ledger_by by = ctl_by(call, actor);
	struct closing act = closing_of(call, host, &by);
	bool dry_run = act.dry_run;
	int error;

	act.dry_run = true;
	error = act_on(&act, call);
	if (error) {
		ctl_finish(call, host, error);
		return;
	}
	if (ctl_second_person(&act.request, call, host, action, act.batch, "") != 0)
		return;
	act.dry_run = dry_run;
	if (!dry_run)
		error = act_on(&act, call);
	end_with_batch(call, host, act.batch, error);
}

static void
batch_release(struct ctl_call *call, void *context)
{
	two_persons(call, context, "batch release", release);
}

static void
batch_destroy(struct ctl_call *call, void *context)
{
	two_persons(call, context, "batch destroy", destroy);
}

static void
batch_destroyed(struct ctl_call *call, void *context)
{
	two_persons(call, context, "batch destroyed", destroyed);
}

static void
batch_check(struct ctl_call *call, void *context)
{
	struct host *host = ctl_host(context);
	json_t *answer = NULL;
	int error = intake_check(&answer, host, ctl_call_text(call, "path"));

	if (answer)
		ctl_call_answer(call, answer);
	ctl_finish(call, host, error);
}

const struct ctl_command ctl_batch_commands[] = {
	{ "batch list", CTL_VIEWER, false, "", batch_list },
	{ "batch show", CTL_VIEWER, false, "batch", batch_show },
	{ "batch check", CTL_VIEWER, false, "path", batch_check },
	{ "batch hold", CTL_SUPERVISOR, true, "batch reason", batch_hold },
	{ "batch unhold", CTL_SUPERVISOR, true, "batch reason", batch_unhold },
	{ "batch draw", CTL_SUPERVISOR, true, "batch reason?", batch_draw },
	{ "batch ship", CTL_SUPERVISOR, true, "batch reason?", batch_ship },
	{ "batch release", CTL_SUPERVISOR, true, "batch reason?", batch_release },
	{ "batch destroy", CTL_SUPERVISOR, true, "batch reason?", batch_destroy },
	{ "batch destroyed", CTL_SUPERVISOR, true, "batch reason?", batch_destroyed },
	{ NULL, CTL_VIEWER, false, NULL, NULL },
};
