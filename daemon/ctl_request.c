/* SPDX-License-Identifier: MIT */
/* The commands about requests that wait for a second person, or did. */
#include "config.h"

#include <inttypes.h>
#include <stdlib.h>
#include "daemon/approvals.h"
#include "daemon/ctl_common.h"
#include "daemon/ctl_refuse.h"
#include "daemon/dual_inner.h"
#include "daemon/host.h"

uint64_t
dual_number(struct ctl_call *call)
{
	const char *text = ctl_call_text(call, "request");
	char *end;
	uint64_t id = strtoull(text, &end, 10);

	if (text[0] >= '1' && text[0] <= '9' && *end == '\0' && id <= INT64_MAX)
		return id;
	ctl_refuse(call, KE_BAD_ARGUMENT, NULL,
		"See which there are:  keylinectl request list",
		"%.40s is no number of a request.", text);
	return 0;
}

void
dual_refuse_number(struct ctl_call *call, uint64_t id)
{
	ctl_refuse(call, KE_NOT_FOUND, "NOT FOUND",
		"See which there are:  keylinectl request list",
		"There is no request %" PRIu64 " on this host.", id);
}

static void
answer_request(struct ctl_call *call, const struct ledger_request *request)
{
	json_t *answer = ctl_answer_new("request");
	char created[32], expires[32];

	if (answer) {
		ctl_time(created, request->created_ms);
		ctl_time(expires, request->expires_ms);
		ctl_put(&answer, "id", json_integer((json_int_t)request->id));
		ctl_put(&answer, "action", json_string(request->action));
		ctl_put(&answer, "object", json_string(request->object));
		ctl_put(&answer, "args", json_string(request->args));
		ctl_put(&answer, "reason", json_string(request->reason));
		ctl_put(&answer, "actor", json_string(request->actor));
		ctl_put(&answer, "created", json_string(created));
		ctl_put(&answer, "expires", json_string(expires));
		ctl_put(&answer, "state",
			json_string(ledger_request_state_name(request->state)));
		ctl_put(&answer, "second", json_string(request->second));
	}
	ctl_call_answer(call, answer);
}

struct listing {
	struct ctl_call *call;
	struct host *host;
};

static int
list_request(void *context, const struct ledger_request *request)
{
	struct listing *listing = context;
	int error =
		approvals_in_time(listing->host->approvals, request, approvals_clock());

	if (error == 0)
		answer_request(listing->call, request);
	return error == KE_EXPIRED ? 0 : error;
}

static void
request_list(struct ctl_call *call, void *context)
{
	struct listing listing = {call, ctl_host(context)};

	ctl_finish(call, listing.host,
		ledger_request_list(
			listing.host->ledger, host_now_ms(), list_request, &listing));
}

static int
show_approval(void *context, const struct ledger_approval *approval)
{
	struct listing *listing = context;
	struct ledger_person person;
	struct public_key key;
	char pem[PUBLIC_KEY_PEM_MAX];
	json_t *answer;
	int error = ledger_person_by_key(&person, listing->host->ledger, approval->key);

	if (error == 0)
		error = public_key_parse(&key, person.key);
	if (error)
		return error;
	public_key_pem(pem, &key);
	answer = ctl_answer_new("signature");
	if (answer) {
		ctl_put(&answer, "request", json_integer((json_int_t)approval->request));
		ctl_put(&answer, "person", json_string(approval->person));
		ctl_put(&answer, "name", json_string(person.name));
		ctl_put(&answer, "key", json_string(approval->key));
		ctl_put(&answer, "pem", json_string(pem));
		ctl_put(&answer, "text", json_string(approval->text));
		ctl_put(&answer, "signature", json_string(approval->signature));
	}
	ctl_call_answer(listing->call, answer);
	return 0;
}

static void
request_show(struct ctl_call *call, void *context)
{
	struct listing listing = {call, ctl_host(context)};
	uint64_t id = dual_number(call);
	struct ledger_request request;
	int error;

	if (id == 0)
		return;
	error = ledger_request_get(&request, listing.host->ledger, id);
	if (error == KE_NOT_FOUND) {
		dual_refuse_number(call, id);
		return;
	}
	if (error == 0) {
		answer_request(call, &request);
		error = ledger_approval_list(
			listing.host->ledger, id, show_approval, &listing);
	}
	ctl_finish(call, listing.host, error);
}

/* Any supervisor may: what is not done harms nobody. */
static void
request_withdraw(struct ctl_call *call, void *context)
{
	struct host *host = ctl_host(context);
	char actor[CTL_ACTOR_SIZE];
	struct ledger_by by = ctl_by(call, actor);
	uint64_t id = dual_number(call);
	struct ledger_request request;
	int error;

	if (id == 0)
		return;
	error = ledger_request_get(&request, host->ledger, id);
	if (error == KE_NOT_FOUND) {
		dual_refuse_number(call, id);
		return;
	}
	if (error == 0 && request.state != LEDGER_REQUEST_OPEN) {
		ctl_refuse(call, KE_BAD_STATE, ledger_request_state_name(request.state),
			"Nothing is left to withdraw.",
			"Request %" PRIu64 " is %s already.", id,
			ledger_request_state_name(request.state));
		return;
	}
	if (error == 0 && !ctl_call_is_dry_run(call))
		error = ledger_request_withdraw(
			host->ledger, &by, id, ctl_call_text(call, "reason"));
	if (error == 0)
		error = ledger_request_get(&request, host->ledger, id);
	if (error == 0)
		answer_request(call, &request);
	ctl_finish(call, host, error);
}

const struct ctl_command ctl_request_commands[] = {
	{"request list", CTL_VIEWER, false, "", request_list},
	{"request show", CTL_VIEWER, false, "request", request_show},
	{"request text", CTL_SUPERVISOR, false, "request", dual_request_text},
	{"request withdraw", CTL_SUPERVISOR, true, "request reason", request_withdraw},
	{"approve", CTL_SUPERVISOR, true, "request signature?", dual_approve},
	{NULL, CTL_VIEWER, false, NULL, NULL},
};
