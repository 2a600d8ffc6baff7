/* SPDX-License-Identifier: MIT */
/* Jobs, intents, and the steps that their wallets take with them. */
#include "daemon/ledger_intent.h"
#include "daemon/ledger_rows.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const kind_names[LEDGER_JOB_KINDS] = {
	[LEDGER_PLATE] = "plate",
	[LEDGER_STICKER] = "sticker",
	[LEDGER_SETUP] = "setup",
};

static const char *const outcome_names[LEDGER_OUTCOME_COUNT] = {
#define X(constant, name) [constant] = name,
	LEDGER_OUTCOMES(X)
#undef X
};

/* The step of the wallet for each outcome; open is the intent itself. */
static const enum wallet_event steps[LEDGER_SETUP][LEDGER_OUTCOME_COUNT] = {
	[LEDGER_PLATE] =
		{
			[LEDGER_OUTCOME_OPEN] = WALLET_ETCH_INTENT,
			[LEDGER_OUTCOME_DONE] = WALLET_ETCH_DONE,
			[LEDGER_OUTCOME_FAILED] = WALLET_ETCH_FAILED,
			[LEDGER_OUTCOME_NEVER] = WALLET_ETCH_FAILED,
			[LEDGER_OUTCOME_DOUBT] = WALLET_DOUBT,
		},
	[LEDGER_STICKER] =
		{
			[LEDGER_OUTCOME_OPEN] = WALLET_PRINT_INTENT,
			[LEDGER_OUTCOME_DONE] = WALLET_PRINT_DONE,
			[LEDGER_OUTCOME_FAILED] = WALLET_PRINT_FAILED,
			[LEDGER_OUTCOME_NEVER] = WALLET_PRINT_FAILED,
			[LEDGER_OUTCOME_DOUBT] = WALLET_DOUBT,
		},
};

const char *
ledger_job_kind_name(enum ledger_job_kind kind)
{
	return (unsigned)kind < LEDGER_JOB_KINDS ? kind_names[kind] : "unknown";
}

const char *
ledger_outcome_name(enum ledger_outcome outcome)
{
	return (unsigned)outcome < LEDGER_OUTCOME_COUNT ? outcome_names[outcome]
							: "unknown";
}

/* The last job number that was given out. */
static int
last_job(uint64_t *out, struct ledger *l)
{
	char text[LEDGER_NAME_SIZE];
	sqlite3_stmt *s;
	int rc = LEDGER_FIRST(&s, l, SQL_META_GET, V_TEXT("job"));

	if (rc < 0)
		return rc;
	rc = rc == 1 ? ledger_column_text(l, text, sizeof text, s, 0)
		     : ledger_fail(l, KE_LEDGER, "the job number is gone");
	ledger_reset(s);
	if (rc == 0)
		*out = strtoull(text, NULL, 10);
	return rc;
}

int
ledger_job_new(uint32_t *job, struct ledger *l)
{
	char text[LEDGER_NAME_SIZE];
	uint64_t last = 0;
	bool own;
	int rc = ledger_enter(l, &own, NULL, NULL);

	if (rc != 0)
		return rc;
	rc = last_job(&last, l);
	if (rc == 0 && last >= UINT32_MAX)
		rc = KE_EXHAUSTED;
	(void)snprintf(text, sizeof text, "%" PRIu64, last + 1);
	if (rc == 0)
		rc = LEDGER_RUN(l, SQL_META_PUT, V_TEXT("job"), V_TEXT(text));
	rc = ledger_leave(l, own, rc);
	if (rc == 0)
		*job = (uint32_t)(last + 1);
	return rc;
}

static int
check_intent(const struct ledger_intent *i)
{
	int rc = ledger_check_text(i->station, sizeof i->station - 1);

	if (rc == 0)
		rc = ledger_check_text(i->nonce, sizeof i->nonce - 1);
	if (rc == 0 && i->device[0])
		rc = ledger_check_text(i->device, sizeof i->device - 1);
	if (rc == 0 && (i->job == 0 || (unsigned)i->kind >= LEDGER_JOB_KINDS ||
			       i->counter > INT64_MAX ||
			       (i->kind == LEDGER_SETUP) != (i->serial[0] == '\0')))
		rc = KE_BAD_ARGUMENT;
	return rc;
}

static int
put_intent_event(struct ledger *l, const struct ledger_by *by, uint32_t job,
	const char *from, enum ledger_outcome to, const char *detail)
{
	char object[LEDGER_NAME_SIZE];
	struct ledger_event e = {
		"job", object, outcome_names[to], from, outcome_names[to], detail};

	(void)snprintf(object, sizeof object, "%" PRIu32, job);
	return ledger_event_put(l, by, &e);
}

static int
open_intent(struct ledger *l, const struct ledger_by *by, const struct ledger_intent *i)
{
	char detail[LEDGER_TEXT_MAX + 1], boot[sizeof " boot=4294967295"] = "";
	int rc = LEDGER_RUN(l, SQL_INTENT_PUT, V_INT(i->job), V_TEXT(kind_names[i->kind]),
		i->kind == LEDGER_SETUP ? V_NULL : V_TEXT(i->serial), V_TEXT(i->station),
		V_INT(i->counter), V_TEXT(i->nonce), V_INT(by->now_ms),
		V_TEXT(outcome_names[LEDGER_OUTCOME_OPEN]), V_TEXT(i->device),
		V_INT(i->boot));

	if (rc != 0)
		return rc;
	if (i->boot)
		(void)snprintf(boot, sizeof boot, " boot=%" PRIu32, i->boot);
	(void)snprintf(detail, sizeof detail,
		"kind=%s serial=%s station=%s counter=%" PRIu64 "%s nonce=%s%s%s",
		kind_names[i->kind], i->serial, i->station, i->counter, boot, i->nonce,
		i->device[0] ? " device=" : "", i->device);
	return put_intent_event(l, by, i->job, "none", LEDGER_OUTCOME_OPEN, detail);
}

/*
 * The wallet's step comes first: whatever refuses has then refused before anything
 * was written, all but the intent's own uniqueness, which is asked before it.
 */
static int
check_once(struct ledger *l, const struct ledger_intent *i)
{
	sqlite3_stmt *s;
	int rc = LEDGER_FIRST(&s, l, SQL_INTENT_TAKEN, V_INT(i->job), V_TEXT(i->serial));

	if (rc < 0)
		return rc;
	ledger_reset(s);
	return rc == 1 ? KE_DUPLICATE : 0;
}

int
ledger_intent_open(
	struct ledger *l, const struct ledger_by *by, const struct ledger_intent *i)
{
	bool own;
	int rc = check_intent(i);

	if (rc == 0)
		rc = ledger_enter(l, &own, by, NULL);
	if (rc != 0)
		return rc;
	rc = check_once(l, i);
	if (rc == 0 && i->kind != LEDGER_SETUP)
		rc = ledger_wallet_put_step(l, by, i->serial,
			steps[i->kind][LEDGER_OUTCOME_OPEN], i->job, NULL);
	if (rc == 0)
		rc = open_intent(l, by, i);
	return ledger_leave(l, own, rc);
}

static int
read_intent(struct ledger_intent *i, struct ledger *l, sqlite3_stmt *s)
{
	int kind = ledger_column_name(l, kind_names, LEDGER_JOB_KINDS, s, 1);
	int outcome = ledger_column_name(l, outcome_names, LEDGER_OUTCOME_COUNT, s, 8);
	int rc = kind < 0 ? kind : outcome < 0 ? outcome : 0;

	if (rc == 0)
		rc = ledger_column_text(l, i->serial, sizeof i->serial, s, 2);
	if (rc == 0)
		rc = ledger_column_text(l, i->station, sizeof i->station, s, 3);
	if (rc == 0)
		rc = ledger_column_text(l, i->nonce, sizeof i->nonce, s, 5);
	if (rc == 0)
		rc = ledger_column_text(l, i->device, sizeof i->device, s, 9);
	if (rc != 0)
		return rc;
	i->job = (uint32_t)sqlite3_column_int64(s, 0);
	i->kind = (enum ledger_job_kind)kind;
	i->counter = (uint64_t)sqlite3_column_int64(s, 4);
	i->boot = (uint32_t)sqlite3_column_int64(s, 10);
	i->opened_ms = sqlite3_column_int64(s, 6);
	i->closed_ms = sqlite3_column_int64(s, 7);
	i->outcome = (enum ledger_outcome)outcome;
	return 0;
}

static int
fetch_intent(struct ledger_intent *out, struct ledger *l, sqlite3_stmt *s)
{
	int rc = ledger_step(l, s);

	if (rc < 0)
		return rc;
	rc = rc == 1 ? read_intent(out, l, s) : KE_NOT_FOUND;
	ledger_reset(s);
	return rc;
}

int
ledger_intent_get(struct ledger_intent *out, struct ledger *l, uint32_t job)
{
	sqlite3_stmt *s;
	int rc = LEDGER_PREPARE(&s, l, SQL_INTENT_GET, V_INT(job));

	return rc == 0 ? fetch_intent(out, l, s) : rc;
}

int
ledger_intent_last(struct ledger_intent *out, struct ledger *l, const char *device)
{
	sqlite3_stmt *s;
	int rc = LEDGER_PREPARE(&s, l, SQL_INTENT_LAST, V_TEXT(device));

	return rc == 0 ? fetch_intent(out, l, s) : rc;
}

static int
close_intent(struct ledger *l, const struct ledger_by *by, uint32_t job,
	enum ledger_outcome outcome, uint64_t counter, const char *detail)
{
	char text[LEDGER_TEXT_MAX + 1];
	struct ledger_intent i;
	int n, rc = ledger_intent_get(&i, l, job);

	if (rc == 0 && i.outcome != LEDGER_OUTCOME_OPEN)
		rc = KE_BAD_STATE;
	n = snprintf(text, sizeof text, "counter=%" PRIu64 " %s", counter,
		detail ? detail : "");
	if (rc == 0 && (size_t)n >= sizeof text)
		rc = KE_TOO_LONG;
	if (rc == 0 && i.kind != LEDGER_SETUP)
		rc = ledger_wallet_put_step(
			l, by, i.serial, steps[i.kind][outcome], job, detail);
	if (rc == 0)
		rc = put_intent_event(
			l, by, job, outcome_names[LEDGER_OUTCOME_OPEN], outcome, text);
	if (rc == 0)
		rc = LEDGER_RUN(l, SQL_INTENT_CLOSE, V_INT(by->now_ms),
			V_TEXT(outcome_names[outcome]), V_INT(job));
	return rc;
}

int
ledger_intent_close(struct ledger *l, const struct ledger_by *by, uint32_t job,
	enum ledger_outcome outcome, uint64_t counter, const char *detail)
{
	bool own;
	int rc;

	if ((unsigned)outcome >= LEDGER_OUTCOME_COUNT || outcome == LEDGER_OUTCOME_OPEN)
		return KE_BAD_ARGUMENT;
	l->is_ending = true;
	rc = ledger_enter(l, &own, by, detail);
	l->is_ending = false;
	if (rc != 0)
		return rc;
	rc = close_intent(l, by, job, outcome, counter, detail);
	return ledger_leave(l, own, rc);
}

int
ledger_intent_list_open(struct ledger *l, ledger_intent_cb *cb, void *context)
{
	struct ledger_intent i = {.job = 0};
	sqlite3_stmt *s;
	int rc = 0;

	while (rc == 0) {
		rc = LEDGER_PREPARE(&s, l, SQL_INTENT_NEXT_OPEN, V_INT(i.job));
		if (rc == 0)
			rc = fetch_intent(&i, l, s);
		if (rc == KE_NOT_FOUND)
			return 0;
		if (rc == 0)
			rc = cb(context, &i);
	}
	return rc;
}

int
ledger_intent_counts(uint64_t counts[LEDGER_OUTCOME_COUNT], struct ledger *l,
	enum ledger_job_kind kind, const char *station)
{
	sqlite3_stmt *s;
	int outcome, rc;

	memset(counts, 0, LEDGER_OUTCOME_COUNT * sizeof counts[0]);
	if ((unsigned)kind >= LEDGER_JOB_KINDS)
		return KE_BAD_ARGUMENT;
	rc = LEDGER_PREPARE(&s, l, SQL_INTENT_COUNTS, V_TEXT(kind_names[kind]),
		station ? V_TEXT(station) : V_NULL);
	if (rc != 0)
		return rc;
	while ((rc = ledger_step(l, s)) == 1) {
		outcome =
			ledger_column_name(l, outcome_names, LEDGER_OUTCOME_COUNT, s, 0);
		if (outcome < 0) {
			rc = outcome;
			break;
		}
		counts[outcome] = (uint64_t)sqlite3_column_int64(s, 1);
	}
	ledger_reset(s);
	return rc;
}
