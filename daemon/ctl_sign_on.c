/* SPDX-License-Identifier: MIT */
/* The commands by which operators come and go at a terminal. */
#include "config.h"
#include "daemon/ctl_common.h"

#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "daemon/ctl_code.h"
#include "daemon/ctl_refuse.h"
#include "daemon/host.h"
#include "daemon/shift.h"
#include "daemon/station.h"
#include "daemon/station_operator.h"
#include "daemon/station_show.h"
#include "proto/secret.h"

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
end_with_station(
	struct ctl_call *call, struct host *host, struct station *station, int error)
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
refuse_locked(struct ctl_call *call)
{
	ctl_refuse(call, KE_BAD_STATE, "LOCKED",
		"Wait a minute, or scan the badge at the station. See who gave the wrong "
		"ones, and why.",
		"No badge or PIN of %.40s is looked at from uid %lu: too many wrong ones "
		"were given.",
		ctl_call_text(call, "name"), (unsigned long)ctl_call_peer(call)->uid);
}

static bool
is_locked(struct ctl_call *call, struct host *host)
{
	return guess_book_is_locked(host->guesses, ctl_call_peer(call)->uid,
		ctl_call_text(call, "name"), uv_now(host->loop));
}

static void
refuse_unenrolled(struct ctl_call *call, enum operator_kind kind)
{
	ctl_refuse(call, KE_NOT_FOUND, "NOT FOUND",
		"See who is enrolled, and by what:  keylinectl operator list",
		"%.40s has no %s on this host.", ctl_call_text(call, "name"),
		operator_kind_word(kind));
}

/* Counted, and refused. */
static void
refuse_wrong(struct ctl_code *work)
{
	struct ctl_call *call = work->call;
	char actor[CTL_ACTOR_SIZE];
	struct ledger_by by = ctl_by(call, actor);

	if (station_wrong_code(work->station, &by, ctl_call_peer(call)->uid,
		    work->who.name) != 0)
		ctl_finish(call, work->host, KE_NO_MEMORY);
	else
		ctl_refuse(call, KE_NOT_PERMITTED, NULL,
			"Give the command again; after five wrong ones none of this name is "
			"looked at from this account for a minute.",
			"This is not the %s of %s.", operator_kind_word(work->who.kind),
			work->who.name);
}

/* Whether it is the code that counts now: while it was hashed the operator may have been
 * removed, or enrolled anew. */
static int
check_code(const struct ctl_code *work)
{
	struct ledger_operator now;
	int error = ledger_operator_get(
		&now, work->host->ledger, work->who.name, work->who.kind);

	if (error == 0 && memcmp(now.salt, work->who.salt, sizeof now.salt) != 0)
		error = KE_NOT_FOUND;
	if (error == 0 && CRYPTO_memcmp(work->hash, now.hash, sizeof work->hash) != 0)
		error = KE_NOT_PERMITTED;
	return error;
}

static void
signed_on(void *context, int error)
{
	struct ctl_code *work = context;
	struct station *station = work->station;
	uid_t account = ctl_call_peer(work->call)->uid;
	char detail[64];

	station_shift(station)->is_checking = false;
	/* One that was begun at another station meanwhile may have been one too many. */
	if (is_locked(work->call, work->host)) {
		refuse_locked(work->call);
		ctl_code_free(work);
		return;
	}
	if (error == 0)
		error = check_code(work);
	if (error == 0)
		guess_book_right(work->host->guesses, account, work->who.name);
	if (error == 0 && work->host->ending)
		error = KE_BUSY;
	(void)snprintf(detail, sizeof detail, "%s uid%lu",
		operator_kind_name(work->who.kind), (unsigned long)account);
	if (error == 0)
		error = station_stand(station, NULL, work->who.name, detail);
	if (error == KE_NOT_PERMITTED)
		refuse_wrong(work);
	else if (error == KE_NOT_FOUND)
		refuse_unenrolled(work->call, work->who.kind);
	else
		end_with_station(work->call, work->host, station, error);
	ctl_code_free(work);
}

/* The code is hashed, unless the operator has none of its kind. */
static void
compare_code(struct ctl_call *call, struct host *host, struct station *station,
	struct secret **code)
{
	const char *name = ctl_call_text(call, "name");
	enum operator_kind kind = operator_code_kind(*code);
	struct ctl_code *work = calloc(1, sizeof *work);
	int error = work ? ledger_operator_get(&work->who, host->ledger, name, kind)
			 : KE_NO_MEMORY;

	if (error == KE_NOT_FOUND)
		refuse_unenrolled(call, kind);
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
	ctl_code_hash(&work, signed_on);
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
	if (is_locked(call, host))
		refuse_locked(call);
	else if (station_is_at_work(station) || station_shift(station)->is_checking)
		end_with_station(call, host, station, KE_BUSY);
	else if (strcmp(station_operator(station), name) == 0)
		end_with_station(call, host, station, KE_BAD_STATE);
	else if (ctl_call_is_dry_run(call))
		end_with_station(call, host, station, 0);
	else if (ctl_code_came(&code, call))
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

const struct ctl_command ctl_sign_on_commands[] = {
	/* Who has the PIN needs no group's word: the account of a terminal beside a station
	 * is a viewer's, and making it a supervisor's would give it far more. */
	{"station signon", CTL_VIEWER, true, "station name", sign_on},
	{"station signoff", CTL_SUPERVISOR, true, "station", sign_off},
	{NULL, CTL_VIEWER, false, NULL, NULL},
};
