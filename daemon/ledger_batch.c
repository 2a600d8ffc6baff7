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

/* Draws may be more than came yet: a part is small. */
static bool
has_room(const struct ledger_batch *b, uint64_t made)
{
	return made <= INT64_MAX && b->draws <= INT64_MAX &&
	       b->spares <= (made > b->draws ? made - b->draws : 0);
}

static int
check_batch(const struct ledger_batch *b)
{
	const struct {
		const char *text;
		size_t size;
	} texts[] = {{b->id, sizeof b->id}, {b->product, sizeof b->product},
		{b->coins, sizeof b->coins}, {b->use, sizeof b->use},
		{b->first_serial, sizeof b->first_serial}};
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < sizeof texts / sizeof texts[0]; i++)
		rc = memchr(texts[i].text, '\0', texts[i].size)
			     ? ledger_check_text(texts[i].text, texts[i].size - 1)
			     : KE_TOO_LONG;
	if (rc == 0 &&
		(b->id[0] == '\0' || (unsigned)b->state >= LEDGER_BATCH_STATE_COUNT ||
			!has_room(b, b->made)))
		rc = KE_BAD_ARGUMENT;
	return rc;
}

int
ledger_batch_insert(
	struct ledger *l, const struct ledger_by *by, const struct ledger_batch *b)
{
	char detail[LEDGER_TEXT_MAX + 1];
	struct ledger_event e = {"batch", b->id, "insert", "none", NULL, detail};
	bool own;
	int rc = check_batch(b);

	if (rc == 0)
		rc = ledger_enter(l, &own, by, NULL);
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

/* What freezes it holds it, too. */
static int
read_freeze(struct ledger_batch *b, struct ledger *l, sqlite3_stmt *s)
{
	char state[LEDGER_NAME_SIZE], reason[LEDGER_TEXT_MAX + 1];
	int rc;

	b->frozen = b->voided = false;
	if (sqlite3_column_type(s, 14) == SQLITE_NULL)
		return 0;
	rc = ledger_column_text(l, state, sizeof state, s, 14);
	if (rc == 0)
		rc = ledger_column_text(l, reason, sizeof reason, s, 15);
	if (rc != 0)
		return rc;
	b->voided = strcmp(state, "void") == 0;
	b->frozen = !b->voided;
	b->held = b->held || b->frozen;
	(void)snprintf(b->reason, sizeof b->reason, "%s: %.1000s",
		b->voided ? "void" : "frozen", reason);
	return 0;
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
		rc = ledger_column_text(l, b->first_serial, sizeof b->first_serial, s, 4);
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
	if (rc == 0)
		rc = read_freeze(b, l, s);
	b->created_ms = sqlite3_column_int64(s, 11);
	b->changed_ms = sqlite3_column_int64(s, 12);
	return rc;
}

int
ledger_batch_get(struct ledger_batch *out, struct ledger *l, const char *id)
{
	sqlite3_stmt *s;
	int rc = LEDGER_FIRST(&s, l, SQL_BATCH_GET, V_TEXT(id));

	if (rc < 0)
		return rc;
	rc = rc == 1 ? read_batch(out, l, s) : KE_NOT_FOUND;
	ledger_reset(s);
	return rc;
}

bool
ledger_batch_rests(const struct ledger_batch *batch)
{
	return batch->held || batch->voided;
}

int
ledger_batch_check_rest(struct ledger *l, const char *id)
{
	struct ledger_batch batch;
	int rc = ledger_batch_get(&batch, l, id);

	return rc == 0 && ledger_batch_rests(&batch) ? KE_HELD : rc;
}

int
ledger_batch_list(struct ledger *l, ledger_batch_cb *cb, void *context)
{
	struct ledger_batch b;
	sqlite3_stmt *s;
	int64_t rowid = 0;
	int rc;

	while ((rc = LEDGER_FIRST(&s, l, SQL_BATCH_NEXT, V_INT(rowid))) == 1) {
		rowid = sqlite3_column_int64(s, 13);
		rc = read_batch(&b, l, s);
		ledger_reset(s);
		if (rc == 0)
			rc = cb(context, &b);
		if (rc != 0)
			break;
	}
	return rc;
}

/* One event of a batch and what goes with it. */
static int
put_batch_event(struct ledger *l, const struct ledger_by *by, const char *id,
	const char *event, const char *detail)
{
	struct ledger_event e = {"batch", id, event, NULL, NULL, detail};

	return ledger_event_put(l, by, &e);
}

int
ledger_batch_announce(struct ledger *l, const struct ledger_by *by, const char *id,
	uint64_t made)
{
	uint64_t counts[WALLET_STATE_COUNT], there = 0;
	struct ledger_batch b;
	struct ledger_drawn drawn;
	char detail[LEDGER_TEXT_MAX + 1];
	bool own;
	int rc = ledger_enter(l, &own, by, NULL);

	if (rc != 0)
		return rc;
	rc = ledger_batch_get(&b, l, id);
	if (rc == 0)
		rc = ledger_wallet_drawn(&drawn, l, id);
	if (rc == 0 && (b.state > LEDGER_BATCH_RUNNING || drawn.drawn > 0))
		rc = KE_BAD_STATE;
	if (rc == 0)
		rc = ledger_batch_counts(counts, l, id);
	for (int i = 0; rc == 0 && i < WALLET_STATE_COUNT; i++)
		there += counts[i];
	if (rc == 0 && (made < there || !has_room(&b, made)))
		rc = KE_BAD_ARGUMENT;
	if (rc == 0) {
		(void)snprintf(detail, sizeof detail,
			"made=%" PRIu64 " draws=%" PRIu64 " spares=%" PRIu64, made,
			b.draws, b.spares);
		rc = put_batch_event(l, by, id, "announce", detail);
	}
	if (rc == 0)
		rc = LEDGER_RUN(l, SQL_BATCH_ANNOUNCE, V_INT(made), V_TEXT(id));
	return ledger_leave(l, own, rc);
}

static int
set_held(struct ledger *l, const struct ledger_by *by, const char *id, bool held,
	const char *reason)
{
	struct ledger_batch b;
	bool own;
	int rc = reason && reason[0] ? ledger_enter(l, &own, by, reason)
				     : KE_BAD_ARGUMENT;

	if (rc != 0)
		return rc;
	rc = ledger_batch_get(&b, l, id);
	if (rc == 0 && b.held == held)
		rc = KE_BAD_STATE;
	if (rc == 0 && b.frozen)
		rc = KE_HELD;
	if (rc == 0)
		rc = put_batch_event(l, by, id, held ? "hold" : "unhold", reason);
	if (rc == 0)
		rc = LEDGER_RUN(
			l, SQL_BATCH_HELD, V_INT(held), V_TEXT(held ? reason : ""), V_TEXT(id));
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
ledger_batch_counts(uint64_t counts[WALLET_STATE_COUNT], struct ledger *l, const char *id)
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

int
ledger_batch_changed(int64_t *out, struct ledger *l, const char *id)
{
	sqlite3_stmt *s;
	int rc = LEDGER_FIRST(&s, l, SQL_COUNTS_CHANGED, V_TEXT(id));

	if (rc < 0)
		return rc;
	*out = sqlite3_column_int64(s, 0);
	ledger_reset(s);
	return 0;
}
