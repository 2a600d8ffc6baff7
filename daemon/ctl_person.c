/* SPDX-License-Identifier: MIT */
/* The commands about persons and their keys. */
#include "config.h"
#include "daemon/ctl_common.h"

#include <stdio.h>
#include <string.h>
#include "daemon/alarm.h"
#include "daemon/ctl_refuse.h"
#include "daemon/dual.h"
#include "daemon/host.h"
#include "daemon/ledger_person.h"
#include "daemon/settings.h"
#include "daemon/user.h"

/* From so many on they enrol others, and not the administrator. */
enum { PERSONS = 2 };

static int
answer_person(void *context, const struct ledger_person *person)
{
	struct ctl_call *call = context;
	char fingerprint[FINGERPRINT_GROUPED_SIZE], since[32], removed[32];
	json_t *answer = ctl_answer_new("person");

	fingerprint_group(fingerprint, person->fingerprint);
	ctl_time(since, person->since_ms);
	ctl_time(removed, person->removed_ms);
	if (answer) {
		ctl_put(&answer, "person", json_string(person->person));
		ctl_put(&answer, "name", json_string(person->name));
		ctl_put(&answer, "state",
			json_string(person->removed_ms ? "removed" : "enrolled"));
		ctl_put(&answer, "since", json_string(since));
		if (person->removed_ms)
			ctl_put(&answer, "removed", json_string(removed));
		ctl_put(&answer, "fingerprint", json_string(fingerprint));
	}
	ctl_call_answer(call, answer);
	return 0;
}

static void
person_list(struct ctl_call *call, void *context)
{
	struct host *host = ctl_host(context);

	ctl_finish(call, host, ledger_person_list(host->ledger, answer_person, call));
}

static void
refuse_known(struct ctl_call *call, const struct ledger_person *known)
{
	ctl_refuse(call, KE_DUPLICATE, NULL,
		"A key is one person's, once: make another one:  keylinectl person new",
		"This key was enrolled for %s (%s) before.", known->person, known->name);
}

/* "name=ann fingerprint=... key=...": what is signed of a key, and read again. */
static int
args_read(struct ledger_person *out, const struct dual_act *act)
{
	struct public_key key;
	const char *name = strstr(act->args, "name="), *text = strstr(act->args, " key=");
	int error = name && text ? public_key_parse(&key, text + 5) : KE_BAD_KEY;

	*out = (struct ledger_person){.since_ms = act->by->now_ms};
	if (error)
		return error;
	(void)snprintf(out->person, sizeof out->person, "%s", act->object);
	(void)snprintf(out->name, sizeof out->name, "%.*s", (int)strcspn(name + 5, " "),
		name + 5);
	(void)snprintf(out->fingerprint, sizeof out->fingerprint, "%s", key.fingerprint);
	public_key_text(out->key, &key);
	return 0;
}

static int
check_enroll(struct ctl_call *call, const struct dual_act *act)
{
	struct ledger_person person, known;
	int error = args_read(&person, act);

	if (error == 0)
		error = ledger_person_by_key(
			&known, act->host->ledger, person.fingerprint);
	if (error == 0) {
		refuse_known(call, &known);
		return KE_DUPLICATE;
	}
	if (error == KE_NOT_FOUND)
		return 0;
	ctl_finish(call, act->host, error);
	return error;
}

/* In a transaction of its own; approval NULL: the administrator alone. */
static int
commit(const struct dual_act *act, const struct ledger_person *person)
{
	struct ledger *ledger = act->host->ledger;
	int error = act->approval ? ledger_request_begin(ledger, act->by, act->approval)
				  : ledger_begin(ledger);

	if (error)
		return error;
	error = person ? ledger_person_enroll(ledger, act->by, person)
		       : ledger_person_remove(ledger, act->by, act->object, act->reason);
	return ledger_end(ledger, error);
}

static void
end_with_person(struct ctl_call *call, struct host *host,
	const struct ledger_person *person, int error)
{
	if (error == 0)
		(void)answer_person(call, person);
	ctl_finish(call, host, error);
}

static void
run_enroll(struct ctl_call *call, const struct dual_act *act)
{
	struct ledger_person person;
	int error = args_read(&person, act);

	if (error == 0 && act->approval)
		error = commit(act, &person);
	end_with_person(call, act->host, &person, error);
}

const struct dual_action dual_person_enroll = {"person enroll", check_enroll, run_enroll};

/* What the administrator does alone is told, once there had been two persons. */
static void
tell_change(struct host *host, const struct ledger_persons *before, const char *person)
{
	if (before->ever >= PERSONS)
		alarm_raise(host->alarms, "persons-changed", person, host_now_ms());
}

/* The administrator's part: the first two, and when somebody was removed. */
static void
enroll_alone(
	struct ctl_call *call, struct dual_act *act, const struct ledger_persons *before)
{
	struct ledger_person person;
	int error;

	if (check_enroll(call, act) != 0)
		return;
	error = args_read(&person, act);
	if (error == 0 && !ctl_call_is_dry_run(call)) {
		error = commit(act, &person);
		if (error == 0)
			tell_change(act->host, before, person.person);
	}
	end_with_person(call, act->host, &person, error);
}

/* "uid1000" and the login of the user that a call names; false: the call is ended. */
static bool
user_of(char person[LEDGER_ACTOR_SIZE], char login[APPROVAL_NAME_SIZE],
	struct ctl_call *call)
{
	const char *user = ctl_call_text(call, "user");
	uid_t uid;

	if (!user_find(&uid, login, user)) {
		ctl_refuse(call, KE_NOT_FOUND, "NOT FOUND",
			"Give a login or a user number of this host.",
			"There is no user %.64s on this host.", user);
		return false;
	}
	if (uid == 0) {
		ctl_refuse(call, KE_NOT_PERMITTED, NULL, "Persons log in as themselves.",
			"root is not a person: user 0 never counts as one of two.");
		return false;
	}
	(void)snprintf(person, LEDGER_ACTOR_SIZE, "uid%lu", (unsigned long)uid);
	return true;
}

static void
person_enroll(struct ctl_call *call, void *context)
{
	struct host *host = ctl_host(context);
	char actor[CTL_ACTOR_SIZE], person[LEDGER_ACTOR_SIZE], login[APPROVAL_NAME_SIZE];
	char args[LEDGER_TEXT_MAX + 1], text[PUBLIC_KEY_TEXT_SIZE];
	struct ledger_by by = ctl_by(call, actor);
	struct dual_act act = {.host = host,
		.action = &dual_person_enroll,
		.by = &by,
		.object = person,
		.args = args};
	struct ledger_persons before;
	struct public_key key;
	int error = public_key_parse(&key, ctl_call_text(call, "key"));

	if (error) {
		ctl_refuse(call, error, NULL, "Take the one of:  keylinectl person new",
			"That is no public key of a person (P-256).");
		return;
	}
	if (!user_of(person, login, call))
		return;
	public_key_text(text, &key);
	(void)snprintf(args, sizeof args, "name=%s fingerprint=%s key=%s", login,
		key.fingerprint, text);
	error = ledger_person_count(&before, host->ledger);
	if (error)
		ctl_finish(call, host, error);
	else if (before.enrolled >= PERSONS)
		dual_ask(call, host, &dual_person_enroll, person, args, NULL);
	else if (ctl_call_peer(call)->uid == 0)
		enroll_alone(call, &act, &before);
	else
		ctl_refuse(call, KE_NOT_PERMITTED, NULL,
			"Have it done as root:  keylinectl person enroll USER FILE",
			"While fewer than two persons are enrolled the administrator "
			"enrols "
			"them.");
}

static int
check_remove(struct ctl_call *call, const struct dual_act *act)
{
	struct ledger_person person;
	int error = ledger_person_get(&person, act->host->ledger, act->object);

	if (error == KE_NOT_FOUND)
		ctl_refuse(call, error, "NOT FOUND",
			"See who is enrolled:  keylinectl person list",
			"%s has no enrolled key on this host.", act->object);
	else if (error)
		ctl_finish(call, act->host, error);
	return error;
}

static void
run_remove(struct ctl_call *call, const struct dual_act *act)
{
	struct ledger_person person;
	int error = ledger_person_get(&person, act->host->ledger, act->object);

	person.removed_ms = act->by->now_ms;
	if (error == 0 && act->approval)
		error = commit(act, NULL);
	end_with_person(call, act->host, &person, error);
}

const struct dual_action dual_person_remove = {"person remove", check_remove, run_remove};

/* A lost key must not stop a line for ever: the administrator may, and it is told. */
static void
remove_alone(struct ctl_call *call, const struct dual_act *act)
{
	struct ledger_persons before;
	struct ledger_person person;
	int error;

	if (check_remove(call, act) != 0)
		return;
	error = ledger_person_get(&person, act->host->ledger, act->object);
	if (error == 0)
		error = ledger_person_count(&before, act->host->ledger);
	person.removed_ms = act->by->now_ms;
	if (error == 0 && !ctl_call_is_dry_run(call)) {
		error = commit(act, NULL);
		if (error == 0)
			tell_change(act->host, &before, person.person);
	}
	end_with_person(call, act->host, &person, error);
}

static void
person_remove(struct ctl_call *call, void *context)
{
	struct host *host = ctl_host(context);
	char actor[CTL_ACTOR_SIZE], person[LEDGER_ACTOR_SIZE], login[APPROVAL_NAME_SIZE];
	struct ledger_by by = ctl_by(call, actor);
	const char *reason = ctl_call_text(call, "reason");
	struct dual_act act = {.host = host,
		.action = &dual_person_remove,
		.by = &by,
		.object = person,
		.args = "",
		.reason = reason};

	if (!user_of(person, login, call))
		return;
	if (ctl_call_peer(call)->uid == 0)
		remove_alone(call, &act);
	else
		dual_ask(call, host, &dual_person_remove, person, "", reason);
}

const struct ctl_command ctl_person_commands[] = {
	{"person list", CTL_VIEWER, false, "", person_list},
	{"person enroll", CTL_SUPERVISOR, true, "user key", person_enroll},
	{"person remove", CTL_SUPERVISOR, true, "user reason", person_remove},
	{NULL, CTL_VIEWER, false, NULL, NULL},
};
