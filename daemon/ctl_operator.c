/* SPDX-License-Identifier: MIT */
/* The commands about operators and by what they are known. */
#include "config.h"
#include "daemon/ctl_common.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "daemon/ctl_code.h"
#include "daemon/ctl_refuse.h"
#include "daemon/host.h"
#include "daemon/random.h"
#include "daemon/station_operator.h"
#include "proto/rng.h"
#include "proto/secret.h"

static int
answer_operator(void *context, const struct ledger_operator *who)
{
	struct ctl_call *call = context;
	char since[32], removed[32];
	json_t *answer = ctl_answer_new("operator");

	ctl_time(since, who->since_ms);
	ctl_time(removed, who->removed_ms);
	if (answer) {
		ctl_put(&answer, "name", json_string(who->name));
		ctl_put(&answer, "code", json_string(operator_kind_name(who->kind)));
		ctl_put(&answer, "state",
			json_string(who->removed_ms ? "removed" : "enrolled"));
		ctl_put(&answer, "since", json_string(since));
		if (who->removed_ms)
			ctl_put(&answer, "removed", json_string(removed));
	}
	ctl_call_answer(call, answer);
	return 0;
}

static void
operator_list(struct ctl_call *call, void *context)
{
	struct host *host = ctl_host(context);

	ctl_finish(call, host, ledger_operator_list(host->ledger, answer_operator, call));
}

static void
refuse_code(struct ctl_call *call, enum operator_kind kind, int error)
{
	if (kind == OPERATOR_PIN)
		ctl_refuse(call, error, NULL,
			"Choose 6 to 12 digits, no row as 123456, no repeated block, more than two "
			"different digits.",
			"This PIN is not taken: %s.", error_text(error));
	else
		ctl_refuse(call, error, NULL,
			"Read the badge once more, or make one:  keylinectl operator badge",
			"This is no badge's code: %s.", error_text(error));
}

/* What stands against a code of a person; false: the call is ended. */
static bool
may_enroll(struct ctl_call *call, struct host *host, const char *name,
	enum operator_kind kind)
{
	struct ledger_operator known;
	int error;

	if (!operator_name_is_good(name)) {
		ctl_refuse(call, KE_BAD_ARGUMENT, "USAGE",
			"Take 1 to 32 of a-z, 0-9 and -; not none.",
			"%.40s is no name of an operator.", name);
		return false;
	}
	error = ledger_operator_get(&known, host->ledger, name, kind);
	if (error == KE_NOT_FOUND)
		return true;
	if (error == 0)
		ctl_refuse(call, KE_DUPLICATE, NULL,
			"When it is lost:  keylinectl operator remove NAME --reason TEXT  "
			"then enrol it anew.",
			"%s has a %s already.", name, operator_kind_word(kind));
	else
		ctl_finish(call, host, error);
	return false;
}

/* Also one that counts no more: nobody is ever known by another's badge. */
static int
check_own(struct host *host, const struct ctl_code *work)
{
	struct ledger_operator other;
	int error;

	if (work->who.kind == OPERATOR_PIN)
		return 0;
	error = station_badge_owner(&other, host, work->code, true);
	return error == KE_NOT_FOUND ? 0 : error ? error : KE_DUPLICATE;
}

static void
enrolled(void *context, int error)
{
	struct ctl_code *work = context;
	struct ctl_call *call = work->call;
	struct host *host = work->host;
	char actor[CTL_ACTOR_SIZE];
	struct ledger_by by = ctl_by(call, actor);

	memcpy(work->who.hash, work->hash, sizeof work->who.hash);
	work->who.since_ms = by.now_ms;
	if (error == 0)
		error = check_own(host, work);
	if (error == KE_DUPLICATE) {
		ctl_refuse(call, error, NULL,
			"Make another one:  keylinectl operator badge",
			"This badge is or was an operator's: two never share one.");
	} else {
		if (error == 0)
			error = ledger_operator_enroll(host->ledger, &by, &work->who);
		if (error == 0)
			(void)answer_operator(call, &work->who);
		ctl_finish(call, host, error);
	}
	ctl_code_free(work);
}

static void
enroll_code(struct ctl_call *call, struct host *host, const char *name,
	enum operator_kind kind, struct secret **code)
{
	struct rng *rng = random_source();
	struct ctl_code *work = calloc(1, sizeof *work);
	int error = work ? operator_code_check(kind, *code) : KE_NO_MEMORY;

	if (error == 0)
		error = rng->fill(rng->state, work->who.salt, sizeof work->who.salt);
	if (error) {
		refuse_code(call, kind, error);
		free(work);
		return;
	}
	work->call = call;
	work->host = host;
	work->code = *code;
	*code = NULL;
	work->who.kind = kind;
	(void)snprintf(work->who.name, sizeof work->who.name, "%s", name);
	ctl_code_hash(&work, enrolled);
}

static void
operator_enroll(struct ctl_call *call, void *context)
{
	struct host *host = ctl_host(context);
	const char *name = ctl_call_text(call, "name");
	const char *wanted = ctl_call_text(call, "code");
	enum operator_kind kind =
		wanted && strcmp(wanted, "pin") == 0 ? OPERATOR_PIN : OPERATOR_BADGE;
	struct secret *code = NULL;

	if (wanted && strcmp(wanted, operator_kind_name(kind)) != 0) {
		ctl_refuse(call, KE_BAD_ARGUMENT, "USAGE", "Take badge or pin.",
			"%.40s is nothing that an operator is known by.", wanted);
		return;
	}
	if (!may_enroll(call, host, name, kind))
		return;
	if (ctl_call_is_dry_run(call))
		ctl_call_end(call, CTL_EXIT_OK);
	else if (ctl_code_came(&code, call))
		enroll_code(call, host, name, kind, &code);
	secret_free(code);
}

struct count {
	const char *name;
	unsigned codes;
};

static int
count_codes(void *context, const struct ledger_operator *who)
{
	struct count *count = context;

	count->codes += !who->removed_ms && strcmp(who->name, count->name) == 0;
	return 0;
}

static void
operator_remove(struct ctl_call *call, void *context)
{
	struct host *host = ctl_host(context);
	const char *name = ctl_call_text(call, "name"), *station = "";
	char actor[CTL_ACTOR_SIZE];
	struct ledger_by by = ctl_by(call, actor);
	struct count count = {.name = name};
	int error = ledger_operator_list(host->ledger, count_codes, &count);

	if (error == 0 && count.codes == 0) {
		ctl_refuse(call, KE_NOT_FOUND, "NOT FOUND",
			"See who is enrolled:  keylinectl operator list",
			"There is no operator %.40s on this host.", name);
		return;
	}
	if (error == 0 && !ctl_call_is_dry_run(call))
		error = station_operator_leaves(&station, host->stations, &by, name);
	if (error == KE_BUSY) {
		ctl_refuse(call, error, NULL,
			"Wait until its wallet is done, then give the command again.",
			"%s stands at %s, where a wallet is at work.", name, station);
		return;
	}
	if (error == 0 && !ctl_call_is_dry_run(call))
		error = ledger_operator_remove(
			host->ledger, &by, name, ctl_call_text(call, "reason"));
	if (error == 0)
		ctl_call_answer(call, json_pack("{s:s, s:s, s:s}", "type", "operator",
					      "name", name, "state", "removed"));
	ctl_finish(call, host, error);
}

const struct ctl_command ctl_operator_commands[] = {
	{"operator list", CTL_VIEWER, false, "", operator_list},
	{"operator enroll", CTL_SUPERVISOR, true, "name code?", operator_enroll},
	{"operator remove", CTL_SUPERVISOR, true, "name reason", operator_remove},
	{NULL, CTL_VIEWER, false, NULL, NULL},
};
