/* SPDX-License-Identifier: MIT */
/* The walk along the chain, and the tables against the events. */
#include "daemon/ledger_rows.h"

#include <stdio.h>
#include <string.h>

int
ledger_broken(struct ledger_verdict *v, uint64_t seq, const char *object, const char *reason)
{
	v->bad_seq = seq;
	v->reason = reason;
	(void)snprintf(v->object, sizeof v->object, "%s", object ? object : "");
	return KE_CHAIN_BROKEN;
}

/* A step that an event tells must be one of the table. */
static bool
is_legal_step(const struct ledger *l, const struct ledger_event *e)
{
	enum wallet_state from = WALLET_NONE, to;
	enum wallet_event event;

	if (wallet_event_from_name(&event, e->event) != 0 ||
		wallet_state_from_name(&to, e->to_state) != 0)
		return false;
	if (strcmp(e->from_state, wallet_state_name(WALLET_NONE)) != 0 &&
		wallet_state_from_name(&from, e->from_state) != 0)
		return false;
	return wallet_state_next(l->mode, from, event) == (int)to;
}

/* One event against the one before it. */
static int
walk_one(struct ledger_verdict *v, struct ledger *l,
	unsigned char previous[LEDGER_HASH_LEN], sqlite3_stmt *s)
{
	const unsigned char *stored, *hash;
	struct ledger_event_row row;
	int rc;

	ledger_event_read(&row, &stored, &hash, s);
	if (row.seq != v->events + 1)
		return ledger_broken(v, v->events + 1, NULL, "the event is missing");
	v->events = row.seq;
	if (!stored || memcmp(stored, previous, LEDGER_HASH_LEN) != 0)
		return ledger_broken(v, row.seq, row.event.object,
			"the event does not follow the one before it");
	rc = ledger_event_check(&row, previous, hash);
	if (rc == KE_CHAIN_BROKEN)
		return ledger_broken(v, row.seq, row.event.object, "the event was changed");
	if (rc == 0 && strcmp(row.event.kind, "wallet") == 0 &&
		row.event.to_state[0] != '\0' && !is_legal_step(l, &row.event))
		return ledger_broken(v, row.seq, row.event.object,
			"a step that the state table does not have");
	memcpy(previous, row.hash, LEDGER_HASH_LEN);
	return rc;
}

static int
walk(struct ledger_verdict *v, struct ledger *l)
{
	unsigned char previous[LEDGER_HASH_LEN] = {0};
	sqlite3_stmt *s;
	int rc = ledger_prepare_values(&s, l, SQL_EVENT_ALL, NULL, 0);

	if (rc != 0)
		return rc;
	while ((rc = ledger_step(l, s)) == 1) {
		rc = walk_one(v, l, previous, s);
		if (rc != 0)
			break;
	}
	ledger_reset(s);
	if (rc == 0 &&
		(v->events != l->seq || memcmp(previous, l->hash, sizeof previous) != 0))
		return ledger_broken(v, v->events + 1, NULL, "events at the end are missing");
	return rc;
}

/*
 * A query each that has no row in a good ledger; its columns are the number of the
 * event to name and the object.
 */
struct cross_check {
	enum ledger_sql sql;
	const char *reason;
};

static const struct cross_check cross_checks[] = {
	{SQL_CHECK_STEP_GAP, "a step from another state than the one before it"},
	{SQL_CHECK_WALLET_STATE, "the wallet's state is not that of its last step"},
	{SQL_CHECK_WALLET_PLACE, "the wallet's batch or row is not that of its event"},
	{SQL_CHECK_WALLET_FLAGS, "the wallet's flags are not those of its events"},
	{SQL_CHECK_WALLET_GONE, "a wallet of the events is not in the table"},
	{SQL_CHECK_BATCH,
		"the batch's state, hold or counts are not those of its events"},
	{SQL_CHECK_BATCH_GONE, "a batch of the events is not in the table"},
	{SQL_CHECK_INTENT, "the job is not that of its events"},
	{SQL_CHECK_INTENT_GONE, "a job of the events is not in the table"},
	{SQL_CHECK_JOB_NUMBER, "the last job number is lower than one that was used"},
	{SQL_CHECK_FILE, "the file is not that of its event"},
	{SQL_CHECK_FILE_GONE, "a file of the events is not in the table"},
	{SQL_CHECK_REFUSED, "the refused file is not that of its event"},
	{SQL_CHECK_REFUSED_GONE, "a refused file of the events is not in the table"},
	{SQL_CHECK_SKIPPED, "the skipped number is not that of its event"},
	{SQL_CHECK_SKIPPED_GONE, "a skipped number of the events is not in the table"},
	{SQL_CHECK_TALLY, "the counts of a batch are not those of its wallets"},
	{SQL_CHECK_FROZEN, "the frozen batch is not that of its events"},
	{SQL_CHECK_FROZEN_GONE, "a frozen batch of the events is not in the table"},
	{SQL_CHECK_TAKEN_GONE, "a taken digest of the events is not in the table"},
	{SQL_CHECK_WITNESS, "a head of another host is not that of its event"},
	{SQL_CHECK_WITNESS_GONE, "a head of another host is not in the table"},
	{SQL_CHECK_RANGE_GONE, "a range of the events is not in the table"},
	{SQL_CHECK_REQUEST, "the request is not that of its events"},
	{SQL_CHECK_REQUEST_GONE, "a request of the events is not in the table"},
	{SQL_CHECK_REQUEST_SIGNED, "a request was not signed by two persons"},
	{SQL_CHECK_APPROVAL_GONE, "an approval of the events is not in the table"},
	{SQL_CHECK_PERSON, "the person's key is not that of its event"},
	{SQL_CHECK_PERSON_GONE, "a person's key of the events is not in the table"},
	{SQL_CHECK_OPERATOR, "the operator's code is not that of its event"},
	{SQL_CHECK_OPERATOR_GONE, "an operator's code of the events is not in the table"},
	{SQL_CHECK_STAND, "who stands at the station is not who signed on there"},
	{SQL_CHECK_STAND_GONE, "who signed on at the station is not in the table"},
};

static int
cross(struct ledger_verdict *v, struct ledger *l, const struct cross_check *check)
{
	char object[sizeof v->object];
	sqlite3_stmt *s;
	int rc = ledger_first_values(&s, l, check->sql, NULL, 0);

	if (rc < 0)
		return rc;
	if (rc == 1) {
		(void)snprintf(object, sizeof object, "%s",
			(const char *)sqlite3_column_text(s, 1));
		rc = ledger_broken(
			v, (uint64_t)sqlite3_column_int64(s, 0), object, check->reason);
	}
	ledger_reset(s);
	return rc;
}

int
ledger_head_compare(
	enum ledger_head_match *out, struct ledger *l, const struct ledger_head *head)
{
	unsigned char hash[LEDGER_HASH_LEN];
	int rc = ledger_event_hash(hash, l, head->seq);

	*out = LEDGER_HEAD_SAME;
	if (rc == KE_NOT_FOUND) {
		*out = head->seq > l->seq ? LEDGER_HEAD_BEYOND_END : LEDGER_HEAD_MISSING;
		return 0;
	}
	if (rc == 0 && memcmp(hash, head->hash, sizeof hash) != 0)
		*out = LEDGER_HEAD_OTHER_HASH;
	return rc;
}

int
ledger_verify_head(struct ledger_verdict *v, struct ledger *l,
	const struct ledger_head *head, const char *witness)
{
	static const char *const reasons[] = {
		[LEDGER_HEAD_OTHER_HASH] =
			"the event is not the one that another host saw",
		[LEDGER_HEAD_BEYOND_END] =
			"events are missing at the end: another host saw later ones",
		[LEDGER_HEAD_MISSING] = "the event is missing",
	};
	uint64_t seq = head->seq > l->seq ? l->seq + 1 : head->seq;
	enum ledger_head_match match;
	int rc = ledger_head_compare(&match, l, head);

	if (rc != 0 || match == LEDGER_HEAD_SAME)
		return rc;
	/* The first bad event is the lowest one; 0 names a row that has no event. */
	if (v->reason && v->bad_seq != 0 && v->bad_seq <= seq)
		return KE_CHAIN_BROKEN;
	return ledger_broken(v, seq, witness, reasons[match]);
}

static int
check_mark(struct ledger_verdict *v, struct ledger *l)
{
	int rc = ledger_mark_check(l);

	if (rc == KE_ROLLED_BACK)
		return ledger_broken(v, l->seq + 1, NULL, "the mark is not of this chain");
	if (rc == KE_NO_MARK || rc == KE_CHAIN_BROKEN)
		return ledger_broken(v, l->seq, NULL, "the mark is gone or is no mark");
	return rc;
}

int
ledger_verify(struct ledger_verdict *v, struct ledger *l)
{
	int rc;

	memset(v, 0, sizeof *v);
	rc = walk(v, l);
	for (size_t i = 0; rc == 0 && i < sizeof cross_checks / sizeof cross_checks[0];
		i++)
		rc = cross(v, l, &cross_checks[i]);
	if (rc == 0)
		rc = ledger_approval_verify(v, l);
	if (rc == 0)
		rc = check_mark(v, l);
	return rc;
}
