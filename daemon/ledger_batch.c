/* SPDX-License-Identifier: MIT */
/* Batches: their states, holds, counts and the equation. */
#include "daemon/ledger_rows.h"
#include "daemon/ledger_wallet.h"

#include <stdio.h>
#include <inttypes.h>
#include <string.h>

static const char *const state_names[LEDGER_BATCH_STATE_COUNT] = {
#define X(constant, name) [constant] = name,
	LEDGER_BATCH_STATES(X)
#undef X
};

const char *
ledger_batch_state_name(enum ledger_batch_state state)
{
	return (unsigned)state < LEDGER_BATCH_STATE_COUNT ? state_names[state]
							  : "unknown";
}

static int
check_batch(const struct ledger_batch *b)
{
	const struct {
		const char *text;
		size_t size;
	} texts[] = { { b->id, sizeof b->id }, { b->product, sizeof b->product },
		{ b->coins, sizeof b->coins }, { b->use, sizeof b->use },
		{ b->first_serial, sizeof b->first_serial } };
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < sizeof texts / sizeof texts[0]; i++)
		rc = memchr(texts[i].text, '\0', texts[i].size)
			? ledger_check_text(texts[i].text, texts[i].size - 1)
			: KE_TOO_LONG;
	if (rc == 0
		&& (b->id[0] == '\0' || (unsigned)b->state >= LEDGER_BATCH_STATE_COUNT
			|| b->made > INT64_MAX || b->draws > b->made
			|| b->spares > b->made - b->draws))
		rc = KE_BAD_ARGUMENT;
	return rc;
}

int
ledger_batch_insert(
	struct ledger *l, const struct ledger_by *by, const struct ledger_batch *b)
{
	char detail[LEDGER_TEXT_MAX + 1];
	struct ledger_event e = { "batch", b->id, "insert", "none", NULL, detail };
	bool own;
	int rc = check_batch(b);

	if (rc == 0)
		rc = ledger_check_by(by, NULL);
	if (rc == 0)
		rc = ledger_enter(l, &own);
	if (rc != 0)
		return rc;
	(void)snprintf(detail, sizeof detail,
		"product=%s coins=%s use=%s first=%s made=%" PRIu64 " draws=%" PRIu64
		" spares=%" PRIu64,
		b->product, b->coins, b->use, b->first_serial, b->made, b->draws,
		b->spares);
	e.to_state = state_names[b->state];
	rc = LEDGER_RUN(l, SQL_BATCH_PUT, V_TEXT(b->id), V_TEXT(b->product),
		V_TEXT(b->coins), V_TEXT(b->use), V_TEXT(b->first_serial), V_INT(b->made),
		V_INT(b->draws), V_INT(b->spares), V_TEXT(e.to_state), V_INT(by->now_ms),
		V_INT(by->now_ms));
	if (rc == 0)
		rc = ledger_event_put(l, by, &e);
	return ledger_leave(l, own, rc);
}

static int
read_batch(struct ledger_batch *b, struct ledger *l, sqlite3_stmt *s)
{
	int state, rc = ledger_column_text(l, b->id, sizeof b->id, s, 0);

	if (rc == 0)
		rc = ledger_column_text(l, b->product, sizeof b->product, s, 1);
	if (rc == 0)
		rc = ledger_column_text(l, b->coins, sizeof b->coins, s, 2);
	if (rc == 0)
		rc = ledger_column_text(l, b->use, sizeof b->use, s, 3);
	if (rc == 0)
		rc = ledger_column_text(
			l, b->first_serial, sizeof b->first_serial, s, 4);
	b->made = (uint64_t)sqlite3_column_int64(s, 5);
	b->draws = (uint64_t)sqlite3_column_int64(s, 6);
	b->spares = (uint64_t)sqlite3_column_int64(s, 7);
	state = ledger_column_name(l, state_names, LEDGER_BATCH_STATE_COUNT, s, 8);
	if (rc == 0 && state < 0)
		rc = state;
	b->state = state < 0 ? LEDGER_BATCH_OPEN : (enum ledger_batch_state)state;
	b->held = sqlite3_column_int(s, 9) != 0;
	if (rc == 0)
		rc = ledger_column_text(l, b->reason, sizeof b->reason, s, 10);
	b->created_ms = sqlite3_column_int64(s, 11);
	b->changed_ms = sqlite3_column_int64(s, 12);
	return rc;
}

int
ledger_batch_get(struct ledger_batch *out, struct ledger *l, const char *id)
{
	sqlite3_stmt *s;
	int rc = LEDGER_PREPARE(&s, l, SQL_BATCH_GET, V_TEXT(id));

	if (rc == 0)
		rc = ledger_step(l, s);
	if (rc < 0)
		return rc;
	rc = rc == 1 ? read_batch(out, l, s) : KE_NOT_FOUND;
	ledger_reset(s);
	return rc;
}

int
ledger_batch_list(struct ledger *l, ledger_batch_cb *cb, void *context)
{
	struct ledger_batch b;
	sqlite3_stmt *s;
	int64_t rowid = 0;
	int rc;

	for (;;) {
		rc = LEDGER_PREPARE(&s, l, SQL_BATCH_NEXT, V_INT(rowid));
		if (rc == 0)
			rc = ledger_step(l, s);
		if (rc < 0)
			return rc;
		if (rc == 1) {
			rowid = sqlite3_column_int64(s, 13);
			rc = read_batch(&b, l, s);
			ledger_reset(s);
		} else {
			ledger_reset(s);
			return 0;
		}
		if (rc == 0)
			rc = cb(context, &b);
		if (rc != 0)
			return rc;
	}
}

/* One event of a batch and what goes with it. */
static int
put_batch_event(struct ledger *l, const struct ledger_by *by, const char *id,
	const char *event, const char *detail)
{
	struct ledger_event e = { "batch", id, event, NULL, NULL, detail };

	return ledger_event_put(l, by, &e);
}

int
ledger_batch_announce(struct ledger *l, const struct ledger_by *by, const char *id,
	uint64_t made, uint64_t draws, uint64_t spares)
{
	uint64_t counts[WALLET_STATE_COUNT], there = 0;
	struct ledger_batch b;
	char detail[LEDGER_TEXT_MAX + 1];
	bool own;
	int rc = ledger_check_by(by, NULL);

	if (rc == 0)
		rc = ledger_enter(l, &own);
	if (rc != 0)
		return rc;
	rc = ledger_batch_get(&b, l, id);
	if (rc == 0 && b.state != LEDGER_BATCH_OPEN)
		rc = KE_BAD_STATE;
	if (rc == 0)
		rc = ledger_batch_counts(counts, l, id);
	for (int i = 0; rc == 0 && i < WALLET_STATE_COUNT; i++)
		there += counts[i];
	if (rc == 0
		&& (made < there || made > INT64_MAX || draws > made
			|| spares > made - draws))
		rc = KE_BAD_ARGUMENT;
	(void)snprintf(detail, sizeof detail,
		"made=%" PRIu64 " draws=%" PRIu64 " spares=%" PRIu64, made, draws,
		spares);
	if (rc == 0)
		rc = put_batch_event(l, by, id, "announce", detail);
	if (rc == 0)
		rc = LEDGER_RUN(l, SQL_BATCH_ANNOUNCE, V_INT(made), V_INT(draws),
			V_INT(spares), V_TEXT(id));
	return ledger_leave(l, own, rc);
}

static int
set_held(struct ledger *l, const struct ledger_by *by, const char *id, bool held,
	const char *reason)
{
	struct ledger_batch b;
	bool own;
	int rc = ledger_check_by(by, reason);

	if (rc == 0 && (!reason || reason[0] == '\0'))
		rc = KE_BAD_ARGUMENT;
	if (rc == 0)
		rc = ledger_enter(l, &own);
	if (rc != 0)
		return rc;
	rc = ledger_batch_get(&b, l, id);
	if (rc == 0 && b.held == held)
		rc = KE_BAD_STATE;
	if (rc == 0)
		rc = put_batch_event(l, by, id, held ? "hold" : "unhold", reason);
	if (rc == 0)
		rc = LEDGER_RUN(l, SQL_BATCH_HELD, V_INT(held), V_TEXT(reason),
			V_TEXT(id));
	return ledger_leave(l, own, rc);
}

int
ledger_batch_hold(
	struct ledger *l, const struct ledger_by *by, const char *id, const char *reason)
{
	return set_held(l, by, id, true, reason);
}

int
ledger_batch_unhold(
	struct ledger *l, const struct ledger_by *by, const char *id, const char *reason)
{
	return set_held(l, by, id, false, reason);
}

int
ledger_batch_counts(
	uint64_t counts[WALLET_STATE_COUNT], struct ledger *l, const char *id)
{
	sqlite3_stmt *s;
	enum wallet_state state;
	int rc = id ? LEDGER_PREPARE(&s, l, SQL_COUNTS_BATCH, V_TEXT(id))
		    : ledger_prepare_values(&s, l, SQL_COUNTS_ALL, NULL, 0);

	memset(counts, 0, WALLET_STATE_COUNT * sizeof counts[0]);
	if (rc != 0)
		return rc;
	while ((rc = ledger_step(l, s)) == 1) {
		rc = ledger_column_state(&state, l, s, 0);
		if (rc != 0)
			break;
		counts[state] = (uint64_t)sqlite3_column_int64(s, 1);
	}
	ledger_reset(s);
	return rc;
}

/* What the equation needs of a batch. */
struct tally {
	uint64_t counts[WALLET_STATE_COUNT];
	uint64_t drawn;      /* of any state */
	uint64_t releasable; /* sealed and not drawn */
	uint64_t held;       /* of those */
	uint64_t parts;      /* of any state in the house */
	uint64_t parts_left; /* bad and not destroyed */
};

static int
take_tally(struct tally *t, struct ledger *l, const char *id)
{
	sqlite3_stmt *s;
	enum wallet_state state;
	int rc = LEDGER_PREPARE(&s, l, SQL_COUNTS_FLAGS, V_TEXT(id));

	memset(t, 0, sizeof *t);
	if (rc != 0)
		return rc;
	while ((rc = ledger_step(l, s)) == 1) {
		bool drawn = sqlite3_column_int(s, 1), part = sqlite3_column_int(s, 2);
		bool destroyed = sqlite3_column_int(s, 3);
		bool held = sqlite3_column_int(s, 4);
		uint64_t n = (uint64_t)sqlite3_column_int64(s, 5);

		rc = ledger_column_state(&state, l, s, 0);
		if (rc != 0)
			break;
		t->counts[state] += n;
		t->drawn += drawn ? n : 0;
		if (state == WALLET_SEALED && !drawn) {
			t->releasable += n;
			t->held += held ? n : 0;
		}
		t->parts += part ? n : 0;
		if (part && !destroyed && wallet_state_is_bad_part(state))
			t->parts_left += n;
	}
	ledger_reset(s);
	return rc;
}

int
ledger_batch_balance(struct wallet_balance *out, struct ledger *l, const char *id)
{
	struct ledger_batch b;
	struct tally t;
	int rc = ledger_batch_get(&b, l, id);

	if (rc == 0)
		rc = take_tally(&t, l, id);
	if (rc == 0)
		(void)wallet_balance_of(out, l->mode, b.made, t.counts, t.parts_left);
	return rc;
}

/* Whether the counts let a batch come into a state. */
static int
check_counts(struct ledger *l, const struct ledger_batch *b, enum ledger_batch_state to)
{
	struct wallet_balance balance;
	struct tally t;
	int rc = take_tally(&t, l, b->id);

	if (rc != 0)
		return rc;
	(void)wallet_balance_of(&balance, l->mode, b->made, t.counts, t.parts_left);
	if (to == LEDGER_BATCH_SHIPPED)
		return balance.closing == WALLET_CLOSES
				|| balance.closing == WALLET_PARTS_LEFT
			? 0
			: KE_BAD_STATE;
	if (to == LEDGER_BATCH_CLOSED && b->state <= LEDGER_BATCH_MADE)
		return t.parts == 0 && balance.in_doubt == 0 ? 0 : KE_BAD_STATE;
	if (to == LEDGER_BATCH_CLOSED)
		return balance.closing == WALLET_CLOSES ? 0 : KE_BAD_STATE;
	return 0;
}

static int
check_step(struct ledger *l, const struct ledger_batch *b, enum ledger_batch_state to)
{
	if (to <= b->state || b->state == LEDGER_BATCH_VOID)
		return KE_BAD_STATE;
	if (to == LEDGER_BATCH_RELEASED
		|| (to == LEDGER_BATCH_SHIPPED && l->mode != MODE_CHINA)
		|| (to == LEDGER_BATCH_VOID && b->state > LEDGER_BATCH_RUNNING)
		|| (to == LEDGER_BATCH_CLOSED && b->state == LEDGER_BATCH_RUNNING))
		return KE_BAD_STATE;
	if (b->held && to != LEDGER_BATCH_VOID)
		return KE_HELD;
	return check_counts(l, b, to);
}

static int
put_state(struct ledger *l, const struct ledger_by *by, const struct ledger_batch *b,
	enum ledger_batch_state to, const char *detail)
{
	struct ledger_event e = { "batch", b->id, "state", state_names[b->state],
		state_names[to], detail };
	int rc = ledger_event_put(l, by, &e);

	if (rc != 0)
		return rc;
	return LEDGER_RUN(l, SQL_BATCH_STATE, V_TEXT(state_names[to]), V_INT(by->now_ms),
		V_TEXT(b->id));
}

int
ledger_batch_set_state(struct ledger *l, const struct ledger_by *by, const char *id,
	enum ledger_batch_state state, const char *detail)
{
	struct ledger_batch b;
	bool own;
	int rc = ledger_check_by(by, detail);

	if (rc == 0 && (unsigned)state >= LEDGER_BATCH_STATE_COUNT)
		rc = KE_BAD_ARGUMENT;
	if (rc == 0)
		rc = ledger_enter(l, &own);
	if (rc != 0)
		return rc;
	rc = ledger_batch_get(&b, l, id);
	if (rc == 0)
		rc = check_step(l, &b, state);
	if (rc == 0)
		rc = put_state(l, by, &b, state, detail);
	return ledger_leave(l, own, rc);
}

struct release {
	struct ledger *ledger;
	const struct ledger_by *by;
};

static int
release_wallet(void *context, const struct ledger_wallet *w)
{
	const struct release *r = context;

	/* The balance has shown that no drawn wallet is still sealed. */
	return ledger_wallet_put_step(
		r->ledger, r->by, w->serial, WALLET_RELEASE, 0, NULL);
}

static int
check_release(struct wallet_balance *out, struct ledger *l, const struct ledger_batch *b)
{
	struct tally t;
	int rc = take_tally(&t, l, b->id);

	if (rc != 0)
		return rc;
	t.counts[WALLET_SEALED] -= t.releasable;
	t.counts[WALLET_RELEASED] += t.releasable;
	(void)wallet_balance_of(out, l->mode, b->made, t.counts, t.parts_left);
	if (l->mode != MODE_USA || b->state != LEDGER_BATCH_RUNNING
		|| out->closing != WALLET_CLOSES || t.drawn < b->draws)
		return KE_BAD_STATE;
	return b->held || t.held > 0 ? KE_HELD : 0;
}

int
ledger_batch_release(struct wallet_balance *out, struct ledger *l,
	const struct ledger_by *by, const char *id, const char *detail)
{
	struct release r = { l, by };
	struct ledger_batch b;
	bool own;
	int rc = ledger_check_by(by, detail);

	memset(out, 0, sizeof *out);
	if (rc == 0)
		rc = ledger_enter(l, &own);
	if (rc != 0)
		return rc;
	rc = ledger_batch_get(&b, l, id);
	if (rc == 0)
		rc = check_release(out, l, &b);
	if (rc == 0)
		rc = ledger_wallet_list(l, id, WALLET_SEALED, release_wallet, &r);
	if (rc == 0)
		rc = put_state(l, by, &b, LEDGER_BATCH_RELEASED, detail);
	return ledger_leave(l, own, rc);
}
