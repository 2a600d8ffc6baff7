/* SPDX-License-Identifier: MIT */
/* Asking for an act of two persons. */
#include "config.h"
#include "daemon/dual.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "daemon/approvals.h"
#include "daemon/ctl_common.h"
#include "daemon/ctl_refuse.h"
#include "daemon/dual_inner.h"
#include "daemon/host.h"

/* Of a list in one answer. */
enum { LIST_BYTES = 32 * 1024 };

static const char see[] = "keylinectl(1), TWO PERSONS";

static const struct dual_action *const actions[] = {&dual_batch_release,
	&dual_batch_destroy, &dual_batch_destroyed, &dual_batch_skip, &dual_batch_unfreeze, &dual_batch_void, &dual_key_trust, &dual_station_rearm,
	&dual_wallet_resolve, &dual_wallet_destroyed, &dual_person_enroll,
	&dual_person_remove, NULL};

const struct dual_action *
dual_find(const char *name)
{
	for (size_t i = 0; actions[i]; i++)
		if (strcmp(actions[i]->name, name) == 0)
			return actions[i];
	return NULL;
}

void
dual_fail(struct ctl_call *call, int error, const char *state, const char *status,
	const char *action)
{
	ctl_call_fail(call, error, &(struct ctl_telling){state, status, action, see});
}

bool
dual_person(struct ledger_person *person, struct ctl_call *call, struct host *host)
{
	const struct ctl_peer *peer = ctl_call_peer(call);
	char actor[CTL_ACTOR_SIZE], status[160];
	struct ledger_by by = ctl_by(call, actor);
	int error;

	if (!peer->is_person || !peer->is_supervisor) {
		dual_fail(call, KE_NOT_PERMITTED, "REFUSED",
			"This takes two persons, and root is not a person.",
			"Give the command as a member of the supervisors' group.");
		return false;
	}
	error = ledger_person_get(person, host->ledger, by.actor);
	if (error == 0)
		return true;
	if (error != KE_NOT_FOUND) {
		ctl_finish(call, host, error);
		return false;
	}
	(void)snprintf(status, sizeof status,
		"%s has no enrolled key on this host: nothing can be signed.", by.actor);
	dual_fail(call, KE_NOT_ENROLLED, "REFUSED", status,
		"Make one:  keylinectl person new  and have it enrolled:  keylinectl "
		"person "
		"enroll USER FILE");
	return false;
}

struct otherwise {
	char *out;
	const char *action, *object, *args;
	struct approvals_now now;
	struct host *host;
};

/* The oldest is told. */
static int
find_other(void *context, const struct ledger_request *request)
{
	struct otherwise *o = context;

	if (strcmp(request->action, o->action) != 0 ||
		strcmp(request->object, o->object) != 0 ||
		strcmp(request->args, o->args) == 0 ||
		approvals_in_time(o->host->approvals, request, o->now) != 0)
		return 0;
	(void)snprintf(o->out, DUAL_OTHER_SIZE,
		"Request %" PRIu64 " of %s asks for it otherwise: %.150s.", request->id,
		request->actor, request->args);
	return 1;
}

void
dual_other(char out[DUAL_OTHER_SIZE], struct host *host, const char *action,
	const char *object, const char *args)
{
	struct otherwise o = {out, action, object, args, approvals_clock(), host};

	out[0] = '\0';
	/* What cannot be read is told by whatever comes next. */
	if (ledger_request_list(host->ledger, o.now.wall_ms, find_other, &o) < 0)
		out[0] = '\0';
}

void
dual_tell_need_second(struct ctl_call *call, const char *action, const char *object,
	uint64_t id, const char *other)
{
	char status[512], todo[160];

	(void)snprintf(status, sizeof status, "%s %s takes two persons; %s.%s%s", action,
		object,
		id ? "your request is recorded"
		   : "this dry run recorded no request, and nothing was changed",
		other[0] ? " " : "", other);
	if (id)
		(void)snprintf(todo, sizeof todo,
			"Another supervisor reads and approves it within the hour:  "
			"keylinectl "
			"approve %" PRIu64,
			id);
	else
		(void)snprintf(todo, sizeof todo,
			"Give the command without --dry-run, and sign; then another "
			"supervisor "
			"approves it within the hour.");
	dual_fail(call, KE_NEED_SECOND, "WAITING", status, todo);
}

void
dual_tell_known(
	struct ctl_call *call, const struct ledger_request *known, const char *actor)
{
	bool is_own = strcmp(known->actor, actor) == 0;
	char status[256], todo[160];

	(void)snprintf(status, sizeof status,
		"Request %" PRIu64 " of %s asks for the same.", known->id,
		is_own ? "your own" : known->actor);
	(void)snprintf(todo, sizeof todo,
		is_own ? "Another supervisor reads and approves it:  keylinectl approve "
			 "%" PRIu64
		       : "Read it, and approve it if it is right:  keylinectl approve "
			 "%" PRIu64,
		known->id);
	dual_fail(call, KE_NEED_SECOND, "WAITING", status, todo);
}

/* The wallets of an act on many, in objects that a line has room for. */
static void
answer_list(struct ctl_call *call, const struct ledger_request *request)
{
	const char *at = request->serials;

	while (*at) {
		size_t len = strlen(at) < LIST_BYTES ? strlen(at) : LIST_BYTES;
		json_t *answer = ctl_answer_new("list");

		while (at[len] && at[len] != ' ')
			len--;
		if (answer) {
			ctl_put(&answer, "request",
				json_integer((json_int_t)request->id));
			ctl_put(&answer, "serials", json_stringn(at, len));
		}
		ctl_call_answer(call, answer);
		at += len;
		at += *at == ' ';
	}
}

void
dual_answer_text(struct ctl_call *call, struct host *host,
	const struct ledger_request *request, const struct ledger_person *person)
{
	char text[APPROVAL_TEXT_MAX + 1], other[DUAL_OTHER_SIZE];
	int error = approvals_text(text, host->approvals, request, person);
	json_t *answer;

	if (error == KE_BAD_CHARACTER) {
		ctl_refuse(call, error, NULL, "Write it in plain characters.",
			"The reason has characters that are not seen; nobody can sign "
			"that.");
		return;
	}
	if (error == KE_TOO_LONG) {
		ctl_refuse(call, error, NULL, "Give a shorter one.",
			"The reason is longer than can be signed (%d bytes).",
			APPROVAL_REASON_MAX);
		return;
	}
	if (error) {
		ctl_finish(call, host, error);
		return;
	}
	if (request->serials)
		answer_list(call, request);
	answer = ctl_answer_new("approval");
	if (answer) {
		ctl_put(&answer, "request", json_integer((json_int_t)request->id));
		ctl_put(&answer, "text", json_string(text));
		dual_other(other, host, request->action, request->object, request->args);
		if (other[0])
			ctl_put(&answer, "other", json_string(other));
	}
	ctl_call_answer(call, answer);
	ctl_call_end(call, CTL_EXIT_OK);
}

/* An open request for the same that is in time still; false: there is none. */
static bool
find_known(struct ledger_request *known, struct host *host,
	const struct dual_action *action, const struct dual_act *act)
{
	struct approvals_now now = approvals_clock();
	int error;

	do {
		error = ledger_request_find(known, host->ledger, now.wall_ms,
			action->name, act->object, act->args);
		if (error == 0)
			error = approvals_in_time(host->approvals, known, now);
		/* One that is over has been withdrawn: the next one. */
	} while (error == KE_EXPIRED);
	return error == 0;
}

static int
fill_in(struct ledger_request *out, const struct dual_action *action,
	const struct dual_act *act)
{
	const struct {
		char *out;
		size_t size;
		const char *text;
	} texts[] = {{out->action, sizeof out->action, action->name},
		{out->object, sizeof out->object, act->object},
		{out->args, sizeof out->args, act->args},
		{out->reason, sizeof out->reason, act->reason ? act->reason : ""}};

	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		size_t len = strlen(texts[i].text);

		if (len >= texts[i].size)
			return KE_TOO_LONG;
		memcpy(texts[i].out, texts[i].text, len + 1);
	}
	return 0;
}

void
dual_ask_many(struct ctl_call *call, struct host *host, const struct dual_action *action,
	const struct dual_many *many)
{
	char actor[CTL_ACTOR_SIZE], other[DUAL_OTHER_SIZE];
	struct ledger_by by = ctl_by(call, actor);
	struct dual_act act = {host, action, &by, many->object, many->args, many->serials,
		many->reason, NULL};
	struct ledger_request request = {.serials = many->serials}, known;
	struct ledger_person person;
	int error;

	if (action->check(call, &act) != 0 || !dual_person(&person, call, host))
		return;
	if (find_known(&known, host, action, &act)) {
		dual_tell_known(call, &known, actor);
		return;
	}
	if (ctl_call_is_dry_run(call)) {
		dual_other(other, host, action->name, many->object, many->args);
		dual_tell_need_second(call, action->name, many->object, 0, other);
		return;
	}
	error = fill_in(&request, action, &act);
	if (error == 0)
		error = approvals_draft(
			host->approvals, &request, actor, approvals_clock());
	if (error)
		ctl_finish(call, host, error);
	else
		dual_answer_text(call, host, &request, &person);
}

void
dual_ask(struct ctl_call *call, struct host *host, const struct dual_action *action,
	const char *object, const char *args, const char *reason)
{
	dual_ask_many(
		call, host, action, &(struct dual_many){object, args, NULL, reason});
}
