/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "daemon/station_operator.h"

#include <openssl/crypto.h>
#include <stdio.h>
#include <string.h>
#include "daemon/alarm.h"
#include "daemon/host.h"
#include "daemon/station_inner.h"
#include "proto/secret.h"

enum { MS_PER_HOUR = 60 * 60 * 1000 };

static const unsigned char run_salt[OPERATOR_SALT_LEN] = "of no table";

const char *
station_operator(const struct station *station)
{
	return station->shift.who;
}

struct shift *
station_shift(struct station *station)
{
	return &station->shift;
}

bool
station_lacks_operator(const struct station *station)
{
	return station->set->settings->operators_required &&
	       (station->shift.who[0] == '\0' || station->shift.is_over);
}

bool
station_is_at_work(struct station *station)
{
	const struct recipe *recipe = station->recipe;

	return station_is_busy(station) ||
	       (recipe && recipe->is_at_work && recipe->is_at_work(station));
}

/* What only tells: no hold, for nothing was moved. */
static void
tell(struct station *station, const char *code)
{
	log_event(LOG_SCAN_IGNORED,
		&(struct log_fields){.station = station->settings->name, .code = code});
	station->bad_scan = fault_of(code);
	station->bad_scan_at = time(NULL);
}

/* The station learns what the ledger has. */
static void
stand_there(struct station *station, const char *who)
{
	shift_begin(&station->shift, who, uv_now(station->set->loop));
	(void)snprintf(station->actor, sizeof station->actor, "%s%s%s",
		station->settings->name, who ? "/" : "", who ? who : "");
	station->bad_scan = NULL;
	log_event(LOG_OPERATOR, &(struct log_fields){.station = station->settings->name,
					.who = who,
					.code = who ? "signed-on" : "signed-off"});
	if (station->recipe && station->recipe->on_operator)
		station->recipe->on_operator(station);
	if (station_lacks_operator(station))
		(void)station_fault_apply(station, fault_of("nobody-here"));
	else
		station_unsuspend(station, "nobody-here");
	station_wake(station);
}

int
station_stand(struct station *station, const struct ledger_by *by, const char *who,
	const char *detail)
{
	const char *about = who ? who : station->shift.who;
	char actor[LEDGER_ACTOR_SIZE];
	struct host *host = station_line(station);
	struct ledger_by self = host_by(actor);
	int error;

	if (station_is_at_work(station))
		return KE_BUSY;
	(void)snprintf(actor, sizeof actor, "%s/%s", station->settings->name, about);
	error = ledger_operator_stand(
		host->ledger, by ? by : &self, station->settings->name, who, detail);
	if (error != 0)
		return error;
	stand_there(station, who);
	/* What a scanner read before says nothing about who came or went otherwise. */
	if (strcmp(detail, "badge") != 0)
		station->shift.read_ms = 0;
	return 0;
}

/* One too many: an alarm under a name of its own, which the station's next job must not
 * take back, and an event. */
static void
tell_locked(struct station *station, const struct ledger_by *by, const char *code,
	const char *about, const char *detail)
{
	struct host *host = station_line(station);
	struct ledger_event event = {.kind = "sign-on",
		.object = station->settings->name,
		.event = "locked",
		.detail = detail};

	tell(station, code);
	alarm_raise(host->alarms, code, about, by->now_ms);
	(void)host_trouble(host, ledger_event_add(host->ledger, by, &event));
}

/* What its own scanner has read. */
static void
unknown_badge(struct station *station)
{
	struct ledger_by by = host_by(station->actor);
	char about[ALARM_OBJECT_SIZE];

	tell(station, "code-unknown");
	if (!guesses_wrong(&station->shift.guesses, GUESSES_MAX,
		    uv_now(station->set->loop)))
		return;
	(void)snprintf(about, sizeof about, "%s-sign-on", station->settings->name);
	tell_locked(station, &by, "sign-on-locked", about, NULL);
}

int
station_wrong_code(struct station *station, const struct ledger_by *by, uid_t account,
	const char *name)
{
	struct host *host = station_line(station);
	char about[ALARM_OBJECT_SIZE];
	int is_many;

	tell(station, "code-unknown");
	is_many = guess_book_wrong(
		&host->guesses, account, name, uv_now(station->set->loop));
	if (is_many != 1)
		return is_many;
	(void)snprintf(about, sizeof about, "%s-sign-on", name);
	tell_locked(station, by, "name-locked", about, name);
	return 0;
}

struct search {
	const struct secret *code;
	bool any;
	struct ledger_operator *out;
};

static int
find_badge(void *context, const struct ledger_operator *who)
{
	struct search *search = context;
	unsigned char hash[OPERATOR_HASH_LEN];
	int error;

	if (who->kind != OPERATOR_BADGE || (who->removed_ms && !search->any))
		return 0;
	error = operator_code_hash(hash, OPERATOR_BADGE, search->code, who->salt);
	if (error)
		return error;
	if (CRYPTO_memcmp(hash, who->hash, sizeof hash) != 0)
		return 0;
	*search->out = *who;
	return 1;
}

int
station_badge_owner(struct ledger_operator *out, struct host *host,
	const struct secret *code, bool any)
{
	struct search search = {code, any, out};
	int found = ledger_operator_list(host->ledger, find_badge, &search);

	return found == 1 ? 0 : found == 0 ? KE_NOT_FOUND : found;
}

/* It is looked at again as soon as it is shown again. */
static void
refuse_badge(struct station *station, const char *code)
{
	tell(station, code);
	station->shift.read_ms = 0;
}

/* A badge of this line, or what is like one. */
static void
badge_shown(struct station *station, const struct secret *code)
{
	struct shift *shift = &station->shift;
	struct host *host = station_line(station);
	struct ledger_operator owner;
	int error = station_badge_owner(&owner, host, code, false);
	bool leaves;

	if (error == KE_NOT_FOUND) {
		unknown_badge(station);
		return;
	}
	leaves = error == 0 && strcmp(owner.name, shift->who) == 0;
	if (error == 0)
		error = station_stand(station, NULL, leaves ? NULL : owner.name, "badge");
	if (error == KE_BUSY)
		refuse_badge(station, "badge-later");
	else if (error && !host_trouble(host, error))
		tell(station, "code-unread");
}

void
station_badge_read(struct station *station, const char *text)
{
	struct secret *code = secret_new(OPERATOR_BADGE_LEN);
	struct shift *shift = &station->shift;
	uint64_t now = uv_now(station->set->loop);
	unsigned char hash[OPERATOR_HASH_LEN];
	int error = code ? secret_set(code, text, strlen(text)) : KE_NO_MEMORY;

	if (error == 0)
		error = operator_code_check(OPERATOR_BADGE, code);
	if (error == 0)
		error = operator_code_hash(hash, OPERATOR_BADGE, code, run_salt);
	if (error) {
		tell(station, "code-unread");
	} else if (!shift_is_same_read(shift, hash, now)) {
		if (!guesses_are_locked(&shift->guesses, now))
			badge_shown(station, code);
		else
			refuse_badge(station, "sign-on-locked");
	}
	secret_free(code);
}

int
station_operators_begin(struct host *host)
{
	struct ledger_by by = host_by("daemon");

	return ledger_operator_leave_all(host->ledger, &by, "service-start");
}

void
station_operators_look(struct station_set *set)
{
	for (size_t i = 0; i < station_set_count(set); i++) {
		struct station *station = station_set_at(set, i);
		struct shift *shift = &station->shift;
		uint64_t max_ms = (uint64_t)set->settings->shift_max * MS_PER_HOUR;
		int error;

		if (!shift_has_lasted(shift, max_ms, uv_now(set->loop)))
			continue;
		/* Nothing new is begun where an operator must be, and the job ends. */
		shift->is_over = true;
		if (station_lacks_operator(station))
			(void)station_fault_apply(station, fault_of("nobody-here"));
		error = station_stand(station, NULL, NULL, "shift-over");
		if (error != KE_BUSY)
			(void)host_trouble(station_line(station), error);
	}
}

int
station_operator_leaves(const char **where, struct station_set *set,
	const struct ledger_by *by, const char *who)
{
	int error = 0;

	for (size_t i = 0; i < station_set_count(set); i++) {
		struct station *station = station_set_at(set, i);

		*where = station->settings->name;
		if (strcmp(station->shift.who, who) == 0 && station_is_at_work(station))
			return KE_BUSY;
	}
	for (size_t i = 0; error == 0 && i < station_set_count(set); i++) {
		struct station *station = station_set_at(set, i);

		if (strcmp(station->shift.who, who) == 0)
			error = station_stand(station, by, NULL, "removed");
	}
	return error;
}
