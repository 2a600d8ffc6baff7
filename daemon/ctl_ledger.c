/* SPDX-License-Identifier: MIT */
/* The commands about the ledger, the requests that wait in it, and alarms. */
#include "config.h"
#include "daemon/ctl_common.h"

#include "daemon/alarm.h"
#include "daemon/ctl_refuse.h"
#include "daemon/host.h"
#include "daemon/ledger_request.h"
#include "daemon/settings.h"

static void
answer_head(struct ctl_call *call, struct host *host, const struct ledger_verdict *verdict)
{
	unsigned char hash[LEDGER_HASH_LEN];
	char text[2 * LEDGER_HASH_LEN + 1];
	json_t *answer = ctl_answer_new("ledger");
	uint64_t seq;

	ledger_head(host->ledger, &seq, hash);
	ledger_hex(text, hash);
	if (answer) {
		ctl_put(&answer, "seq", json_integer((json_int_t)seq));
		ctl_put(&answer, "hash", json_string(text));
		if (verdict) {
			ctl_put(&answer, "good", json_boolean(!verdict->reason));
			ctl_put(&answer, "events",
				json_integer((json_int_t)verdict->events));
		}
		if (verdict && verdict->reason) {
			ctl_put(&answer, "bad_seq",
				json_integer((json_int_t)verdict->bad_seq));
			ctl_put(&answer, "object", json_string(verdict->object));
			ctl_put(&answer, "reason", json_string(verdict->reason));
		}
	}
	ctl_call_answer(call, answer);
}

static void
ledger_verify_command(struct ctl_call *call, void *context)
{
	struct host *host = ctl_host(context);
	struct ledger_verdict verdict = { 0 };
	int error = ledger_verify(&verdict, host->ledger);

	if (error == 0 || error == KE_CHAIN_BROKEN)
		answer_head(call, host, &verdict);
	if (error == KE_CHAIN_BROKEN)
		alarm_raise(host->alarms, "chain-broken", host->settings->host, host_now_ms());
	ctl_finish(call, host, error);
}

static void
ledger_head_command(struct ctl_call *call, void *context)
{
	answer_head(call, ctl_host(context), NULL);
	ctl_call_end(call, CTL_EXIT_OK);
}

static int
answer_request(void *context, const struct ledger_request *request)
{
	struct ctl_call *call = context;
	json_t *answer = ctl_answer_new("request");
	char created[32], expires[32];

	if (answer) {
		ctl_time(created, request->created_ms);
		ctl_time(expires, request->expires_ms);
		ctl_put(&answer, "id", json_integer((json_int_t)request->id));
		ctl_put(&answer, "action", json_string(request->action));
		ctl_put(&answer, "object", json_string(request->object));
		ctl_put(&answer, "args", json_string(request->args));
		ctl_put(&answer, "actor", json_string(request->actor));
		ctl_put(&answer, "created", json_string(created));
		ctl_put(&answer, "expires", json_string(expires));
	}
	ctl_call_answer(call, answer);
	return 0;
}

static void
request_list(struct ctl_call *call, void *context)
{
	struct host *host = ctl_host(context);

	ctl_finish(call, host,
		ledger_request_list(host->ledger, host_now_ms(), answer_request, call));
}

static void
alarm_ack(struct ctl_call *call, void *context)
{
	struct host *host = ctl_host(context);
	const char *object = ctl_call_text(call, "object");
	char actor[CTL_ACTOR_SIZE];
	struct ledger_by by = ctl_by(call, actor);
	struct ledger_event event = { "alarm", host->settings->host, "acknowledged",
		NULL, NULL, object };
	int error = 0;

	if (!alarm_stands(host->alarms, object)) {
		ctl_refuse_unknown(call, CTL_ALARM, object);
		return;
	}
	if (!ctl_call_is_dry_run(call))
		error = ledger_event_add(host->ledger, &by, &event);
	if (error == 0 && !ctl_call_is_dry_run(call))
		alarm_acknowledge(host->alarms, object);
	ctl_finish(call, host, error);
}

const struct ctl_command ctl_ledger_commands[] = {
	{ "ledger verify", CTL_VIEWER, false, "", ledger_verify_command },
	{ "ledger head", CTL_VIEWER, false, "", ledger_head_command },
	{ "request list", CTL_VIEWER, false, "", request_list },
	{ "alarm ack", CTL_SUPERVISOR, true, "object", alarm_ack },
	{ NULL, CTL_VIEWER, false, NULL, NULL },
};
