/* SPDX-License-Identifier: MIT */
/* The commands about operators, and by which they come and go without a badge. */
#include "config.h"
#include "daemon/ctl_common.h"

#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "daemon/alarm.h"
#include "daemon/ctl_file.h"
#include "daemon/ctl_refuse.h"
#include "daemon/host.h"
#include "daemon/ledger_operator.h"
#include "daemon/pool.h"
#include "daemon/random.h"
#include "daemon/shift.h"
#include "daemon/station.h"
#include "daemon/station_operator.h"
#include "daemon/station_show.h"
#include "proto/rng.h"
#include "proto/secret.h"

enum { CODE_MAX = 64 };

/* A code on its way through the pool, and what it is compared with or recorded as. */
struct code_work {
	struct ctl_call *call;
	struct host *host;
	/* NULL: it is enrolled */
	struct station *station;
	struct ledger_operator operator;
	struct secret *code;
	unsigned char hash[OPERATOR_HASH_LEN];
};

static void
code_work_free(struct code_work *work)
{
	secret_free(work->code);
	OPENSSL_cleanse(work->hash, sizeof work->hash);
	free(work);
}

static int
code_hash(void *context, size_t index)
{
	struct code_work *work = context;

	(void)index;
	return operator_code_hash(
		work->hash, work->operator.kind, work->code, work->operator.salt);
}

/* The code that came with a call; false: the call is ended. */
static bool
code_of(struct secret **code, struct ctl_call *call)
{
	int error = ctl_file_read_secret(code, ctl_call_file(call), CODE_MAX);

	if (error == KE_TOO_LONG)
		ctl_refuse(call, error, "USAGE", "Give the command again.",
			"What was typed is longer than any badge or PIN.");
	else if (error)
		ctl_refuse(call, error, "USAGE",
			"Use keylinectl at a terminal, which asks for it.",
			"No badge or PIN came with the command, as a sealed memory file.");
	return error == 0;
}

/* Hashes the code and calls done on the loop; *work is consumed. */
static void
code_begin(struct code_work **work, void (*done)(void *context, int error))
{
	struct pool_run run = {
		.work = code_hash, .all_done = done, .context = *work, .count = 1};

	if (pool_start((*work)->host->loop, &run) != 0)
		done(*work, KE_NO_MEMORY);
	*work = NULL;
}

static int
answer_operator(void *context, const struct ledger_operator *operator)
{
	struct ctl_call *call = context;
	char since[32], removed[32];
	json_t *answer = ctl_answer_new("operator");

	ctl_time(since, operator->since_ms);
	ctl_time(removed, operator->removed_ms);
	if (answer) {
		ctl_put(&answer, "name", json_string(operator->name));
		ctl_put(&answer, "code", json_string(operator_kind_name(operator->kind)));
		ctl_put(&answer, "state",
			json_string(operator->removed_ms ? "removed" : "enrolled"));
		ctl_put(&answer, "since", json_string(since));
		if (operator->removed_ms)
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
			"Choose 6 to 12 digits, no row as 123456 and none again and again.",
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
			"%s has a %s already.", name, operator_kind_name(kind));
	else
		ctl_finish(call, host, error);
	return false;
}

/* Also one that counts no more: nobody is ever known by another's badge. */
static int
check_own(struct host *host, const struct code_work *work)
{
	struct ledger_operator other;
	int error;

	if (work->operator.kind == OPERATOR_PIN)
		return 0;
	error = station_badge_owner(&other, host, work->code, true);
	return error == KE_NOT_FOUND ? 0 : error ? error : KE_DUPLICATE;
}

static void
enrolled(void *context, int error)
{
	struct code_work *work = context;
	struct ctl_call *call = work->call;
	struct host *host = work->host;
	char actor[CTL_ACTOR_SIZE];
	struct ledger_by by = ctl_by(call, actor);

	memcpy(work->operator.hash, work->hash, sizeof work->operator.hash);
	work->operator.since_ms = by.now_ms;
	if (error == 0)
		error = check_own(host, work);
	if (error == KE_DUPLICATE) {
		ctl_refuse(call, error, NULL, "Make another one:  keylinectl operator badge",
			"This badge is or was an operator's: two never share one.");
	} else {
		if (error == 0)
			error = ledger_operator_enroll(host->ledger, &by, &work->operator);
		if (error == 0)
			(void)answer_operator(call, &work->operator);
		ctl_finish(call, host, error);
	}
	code_work_free(work);
}

static void
enroll_code(struct ctl_call *call, struct host *host, const char *name,
	enum operator_kind kind, struct secret **code)
{
	struct rng *rng = random_source();
	struct code_work *work = calloc(1, sizeof *work);
	int error = work ? operator_code_check(kind, *code) : KE_NO_MEMORY;

	if (error == 0)
		error = rng->fill(
			rng->state, work->operator.salt, sizeof work->operator.salt);
	if (error) {
		refuse_code(call, kind, error);
		free(work);
		return;
	}
	work->call = call;
	work->host = host;
	work->code = *code;
	*code = NULL;
	work->operator.kind = kind;
	(void)snprintf(work->operator.name, sizeof work->operator.name, "%s", name);
	code_begin(&work, enrolled);
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
	else if (code_of(&code, call))
		enroll_code(call, host, name, kind, &code);
	secret_free(code);
}

struct count {
	const char *name;
	unsigned codes;
};

static int
count_codes(void *context, const struct ledger_operator *operator)
{
	struct count *count = context;

	count->codes += !operator->removed_ms && strcmp(operator->name, count->name) == 0;
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

static struct station *
station_of(struct ctl_call *call, struct host *host)
{
	const char *name = ctl_call_text(call, "station");
	struct station *station = station_set_find(host->stations, name);

	if (!station)
		ctl_refuse_unknown(call, CTL_STATION, name);
	return station;
}

/* A sign-on or sign-off is answered by its station, or refused. */
static void
end_with_station(struct ctl_call *call, struct host *host, struct station *station, int error)
{
	const char *name = station_name(station), *who = station_operator(station);

	if (error == KE_BUSY) {
		ctl_refuse(call, error, "BUSY",
			"Wait until the wallet is done, then give the command again; a "
			"printer goes from one to the next, so suspend it first.",
			"At %s a wallet is at work; who stands there stays until it is done.",
			name);
	} else if (error == KE_BAD_STATE) {
		ctl_refuse(call, error, "REFUSED",
			"See who stands where:  keylinectl station list",
			"%s is signed on at %s already.", who[0] ? who : "Nobody", name);
	} else {
		if (error == 0)
			ctl_call_answer(call, station_show(station));
		ctl_finish(call, host, error);
	}
}

static void
refuse_locked(struct ctl_call *call, const struct station *station)
{
	ctl_refuse(call, KE_BAD_STATE, "LOCKED",
		"Wait a minute. See who gave the wrong ones, and why.",
		"%s looks at no badge and no PIN: %d wrong ones were given.",
		station_name(station), (int)SHIFT_WRONG_MAX);
}

static void
signed_on(void *context, int error)
{
	struct code_work *work = context;
	struct station *station = work->station;
	char detail[64];

	station_shift(station)->is_checking = false;
	if (error == 0 && CRYPTO_memcmp(work->hash, work->operator.hash, sizeof work->hash) != 0)
		error = KE_NOT_PERMITTED;
	if (error == 0 && work->host->ending)
		error = KE_BUSY;
	(void)snprintf(detail, sizeof detail, "%s uid%lu",
		operator_kind_name(work->operator.kind),
		(unsigned long)ctl_call_peer(work->call)->uid);
	if (error == 0)
		error = station_stand(station, NULL, work->operator.name, detail);
	if (error == KE_NOT_PERMITTED) {
		station_wrong_code(station);
		ctl_refuse(work->call, error, NULL,
			"Give the command again; after five wrong ones the station looks at "
			"none for a minute.",
			"This is not the %s of %s.",
			operator_kind_name(work->operator.kind), work->operator.name);
	} else {
		end_with_station(work->call, work->host, station, error);
	}
	code_work_free(work);
}

/* The code is hashed, unless the operator has none of its kind. */
static void
compare_code(struct ctl_call *call, struct host *host, struct station *station,
	struct secret **code)
{
	const char *name = ctl_call_text(call, "name");
	enum operator_kind kind = operator_code_kind(*code);
	struct code_work *work = calloc(1, sizeof *work);
	int error = work ? ledger_operator_get(&work->operator, host->ledger, name, kind)
			 : KE_NO_MEMORY;

	if (error == KE_NOT_FOUND)
		ctl_refuse(call, error, "NOT FOUND",
			"See who is enrolled, and by what:  keylinectl operator list",
			"%.40s has no %s on this host.", name, operator_kind_name(kind));
	else if (error)
		ctl_finish(call, host, error);
	if (error) {
		free(work);
		return;
	}
	work->call = call;
	work->host = host;
	work->station = station;
	work->code = *code;
	*code = NULL;
	station_shift(station)->is_checking = true;
	code_begin(&work, signed_on);
}

static void
sign_on(struct ctl_call *call, void *context)
{
	struct host *host = ctl_host(context);
	struct station *station = station_of(call, host);
	const char *name = ctl_call_text(call, "name");
	struct secret *code = NULL;

	if (!station)
		return;
	if (shift_is_locked(station_shift(station), uv_now(host->loop)))
		refuse_locked(call, station);
	else if (station_is_at_work(station) || station_shift(station)->is_checking)
		end_with_station(call, host, station, KE_BUSY);
	else if (strcmp(station_operator(station), name) == 0)
		end_with_station(call, host, station, KE_BAD_STATE);
	else if (ctl_call_is_dry_run(call))
		end_with_station(call, host, station, 0);
	else if (code_of(&code, call))
		compare_code(call, host, station, &code);
	secret_free(code);
}

static void
sign_off(struct ctl_call *call, void *context)
{
	struct host *host = ctl_host(context);
	struct station *station = station_of(call, host);
	char actor[CTL_ACTOR_SIZE];
	struct ledger_by by = ctl_by(call, actor);
	int error = 0;

	if (!station)
		return;
	if (station_is_at_work(station))
		error = KE_BUSY;
	else if (!station_operator(station)[0])
		error = KE_BAD_STATE;
	else if (!ctl_call_is_dry_run(call))
		error = station_stand(station, &by, NULL, "command");
	end_with_station(call, host, station, error);
}

const struct ctl_command ctl_operator_commands[] = {
	{"operator list", CTL_VIEWER, false, "", operator_list},
	{"operator enroll", CTL_SUPERVISOR, true, "name code?", operator_enroll},
	{"operator remove", CTL_SUPERVISOR, true, "name reason", operator_remove},
	/* Who has the PIN needs no group's word. */
	{"station signon", CTL_VIEWER, true, "station name", sign_on},
	{"station signoff", CTL_SUPERVISOR, true, "station", sign_off},
	{NULL, CTL_VIEWER, false, NULL, NULL},
};
