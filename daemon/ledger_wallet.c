/* SPDX-License-Identifier: MIT */
/* Wallets: what is read, and the one function that steps them. */
#include "daemon/ledger_wallet.h"
#include "daemon/ledger_rows.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static int
read_wallet(struct ledger_wallet *w, struct ledger *l, sqlite3_stmt *s)
{
	char state[LEDGER_NAME_SIZE];
	int rc = ledger_column_text(l, w->serial, sizeof w->serial, s, 0);

	if (rc == 0)
		rc = ledger_column_text(l, w->batch, sizeof w->batch, s, 1);
	if (rc == 0)
		rc = ledger_column_text(l, state, sizeof state, s, 3);
	if (rc == 0 && wallet_state_from_name(&w->state, state) != 0)
		rc = ledger_fail(l, KE_LEDGER, "a wallet in an unknown state");
	if (rc == 0)
		rc = ledger_column_text(l, w->reason, sizeof w->reason, s, 5);
	w->row = (uint64_t)sqlite3_column_int64(s, 2);
	w->held = sqlite3_column_int(s, 4) != 0;
	w->drawn = sqlite3_column_int(s, 6) != 0;
	w->part = sqlite3_column_int(s, 7) != 0;
	w->destroyed = sqlite3_column_int(s, 8) != 0;
	w->job = (uint32_t)sqlite3_column_int64(s, 9);
	w->changed_ms = sqlite3_column_int64(s, 10);
	return rc;
}

/* Steps s to its one row, reads it and gives s back.  KE_NOT_FOUND without a row. */
static int
fetch_wallet(struct ledger_wallet *w, struct ledger *l, sqlite3_stmt *s)
{
	int rc = ledger_step(l, s);

	if (rc < 0)
		return rc;
	rc = rc == 1 ? read_wallet(w, l, s) : KE_NOT_FOUND;
	ledger_reset(s);
	return rc;
}

int
ledger_wallet_get(struct ledger_wallet *out, struct ledger *l, const char *serial)
{
	sqlite3_stmt *s;
	int rc = LEDGER_PREPARE(&s, l, SQL_WALLET_GET, V_TEXT(serial));

	return rc == 0 ? fetch_wallet(out, l, s) : rc;
}

static int
put_wallet_event(struct ledger *l, const struct ledger_by *by, const char *serial,
	const char *event, const char *detail)
{
	struct ledger_event e = {"wallet", serial, event, NULL, NULL, detail};

	return ledger_event_put(l, by, &e);
}

static int
insert_wallet(struct ledger *l, const struct ledger_by *by, const char *serial,
	const char *batch, uint64_t row, const char *detail)
{
	enum wallet_event event = l->mode == MODE_USA ? WALLET_EXPECT : WALLET_RECEIVE;
	int state = wallet_state_next(l->mode, WALLET_NONE, event);
	char text[LEDGER_TEXT_MAX + 1];
	struct ledger_event e = {"wallet", serial, wallet_event_name(event),
		wallet_state_name(WALLET_NONE),
		wallet_state_name((enum wallet_state)state), text};
	int n = snprintf(text, sizeof text, "batch=%s row=%" PRIu64 " %s", batch, row,
		detail ? detail : "");
	int rc = (size_t)n >= sizeof text ? KE_TOO_LONG : 0;

	if (rc == 0)
		rc = LEDGER_RUN(l, SQL_WALLET_PUT, V_TEXT(serial), V_TEXT(batch),
			V_INT(row), V_TEXT(e.to_state), V_TEXT(detail),
			V_INT(by->now_ms));
	return rc == 0 ? ledger_event_put(l, by, &e) : rc;
}

/* No wallet comes into a batch that is frozen or void. */
static int
may_insert(struct ledger *l, const char *batch)
{
	struct ledger_freeze freeze;
	int rc = ledger_freeze_get(&freeze, l, batch);

	if (rc == KE_NOT_FOUND)
		return 0;
	return rc == 0 ? KE_HELD : rc;
}

int
ledger_wallet_insert(struct ledger *l, const struct ledger_by *by, const char *serial,
	const char *batch, uint64_t row, const char *detail)
{
	bool own;
	int rc = ledger_check_text(serial, LEDGER_SERIAL_SIZE - 1);

	if (rc == 0 && (serial[0] == '\0' || row == 0 || row > INT64_MAX))
		rc = KE_BAD_ARGUMENT;
	if (rc == 0)
		rc = ledger_enter(l, &own, by, detail);
	if (rc != 0)
		return rc;
	rc = may_insert(l, batch);
	if (rc == 0)
		rc = insert_wallet(l, by, serial, batch, row, detail);
	return ledger_leave(l, own, rc);
}

/* KE_HELD when the event waits for a person. */
static int
may_step(struct ledger *l, const struct ledger_wallet *w, enum wallet_event event)
{
	bool waits = wallet_event_is_held_back(event);
	struct ledger_batch batch;
	int rc;

	if (!waits && !wallet_event_is_frozen_back(event))
		return 0;
	if (waits && w->held)
		return KE_HELD;
	rc = ledger_batch_get(&batch, l, w->batch);
	if (rc != 0)
		return rc;
	/* Of a void one it is still recorded that the other country opened it. */
	if (batch.voided && event != WALLET_OPEN_GOOD && event != WALLET_OPEN_BAD)
		return KE_HELD;
	return batch.frozen || (waits && batch.held) ? KE_HELD : 0;
}

/* Drawn wallets are opened and never released; the others are never opened here. */
static bool
fits_draw(enum mode mode, const struct ledger_wallet *w, enum wallet_event event)
{
	if (mode != MODE_USA)
		return true;
	if (event == WALLET_RELEASE)
		return !w->drawn;
	if (event == WALLET_OPEN_GOOD || event == WALLET_OPEN_BAD)
		return w->drawn;
	return true;
}

int
ledger_wallet_put_step(struct ledger *l, const struct ledger_by *by, const char *serial,
	enum wallet_event event, uint32_t job, const char *detail)
{
	struct ledger_wallet w;
	struct ledger_event e = {
		"wallet", serial, wallet_event_name(event), NULL, NULL, detail};
	int next, part, rc = ledger_wallet_get(&w, l, serial);

	if (rc != 0)
		return rc;
	next = wallet_state_next(l->mode, w.state, event);
	if (next < 0)
		return next;
	if (!fits_draw(l->mode, &w, event))
		return KE_BAD_STATE;
	rc = may_step(l, &w, event);
	if (rc != 0)
		return rc;
	part = wallet_event_part(event);
	e.from_state = wallet_state_name(w.state);
	e.to_state = wallet_state_name((enum wallet_state)next);
	rc = ledger_event_put(l, by, &e);
	if (rc != 0)
		return rc;
	rc = LEDGER_RUN(l, SQL_WALLET_STEP, V_TEXT(e.to_state),
		V_TEXT(detail && detail[0] ? detail : w.reason),
		V_INT(part == 0 ? w.part : part > 0), V_INT(job != 0 ? job : w.job),
		V_INT(by->now_ms), V_TEXT(serial));
	/* It may have been the last one that its batch waited for. */
	if (rc == 0 && w.state == WALLET_EXPECTED)
		rc = ledger_batch_run_when_complete(l, by, w.batch);
	return rc;
}

/* Steps that are taken by another verb, which keeps a promise of its own. */
static bool
has_own_verb(enum wallet_event event)
{
	switch (event) {
	case WALLET_EXPECT:
	case WALLET_RECEIVE:
	case WALLET_RELEASE:
	case WALLET_ETCH_INTENT:
	case WALLET_ETCH_DONE:
	case WALLET_ETCH_FAILED:
	case WALLET_PRINT_INTENT:
	case WALLET_PRINT_DONE:
	case WALLET_PRINT_FAILED:
	case WALLET_DOUBT:
		return true;
	case WALLET_CONFIRM:
	case WALLET_REJECT:
	case WALLET_ARRIVE:
	case WALLET_CLAIM:
	case WALLET_UNCLAIM:
	case WALLET_RESOLVE_GOOD:
	case WALLET_RESOLVE_SPOILED:
	case WALLET_SEAL:
	case WALLET_SPOIL:
	case WALLET_LOSE:
	case WALLET_FIND:
	case WALLET_WITHDRAW:
	case WALLET_OPEN_GOOD:
	case WALLET_OPEN_BAD:
	case WALLET_MINT:
	case WALLET_PAIR:
	case WALLET_SHIP:
	case WALLET_EVENT_COUNT:
		break;
	}
	return false;
}

int
ledger_wallet_step(struct ledger *l, const struct ledger_by *by, const char *serial,
	enum wallet_event event, const char *detail)
{
	bool own;
	int rc = has_own_verb(event) ? KE_BAD_STATE : ledger_enter(l, &own, by, detail);

	if (rc != 0)
		return rc;
	rc = ledger_wallet_put_step(l, by, serial, event, 0, detail);
	return ledger_leave(l, own, rc);
}

static int
prepare_next(sqlite3_stmt **s, struct ledger *l, const char *batch,
	enum wallet_state state, const struct ledger_wallet *after)
{
	if (batch && state != WALLET_NONE)
		return LEDGER_PREPARE(s, l, SQL_WALLET_NEXT_BATCH_STATE,
			V_TEXT(wallet_state_name(state)), V_TEXT(batch),
			V_INT(after->row));
	if (batch)
		return LEDGER_PREPARE(
			s, l, SQL_WALLET_NEXT_BATCH, V_TEXT(batch), V_INT(after->row));
	if (state != WALLET_NONE)
		return LEDGER_PREPARE(s, l, SQL_WALLET_NEXT_STATE,
			V_TEXT(wallet_state_name(state)), V_TEXT(after->batch),
			V_INT(after->row));
	return LEDGER_PREPARE(
		s, l, SQL_WALLET_NEXT, V_TEXT(after->batch), V_INT(after->row));
}

int
ledger_wallet_list(struct ledger *l, const char *batch, enum wallet_state state,
	ledger_wallet_cb *cb, void *context)
{
	static const struct ledger_wallet first;

	return ledger_wallet_list_after(l, batch, state, &first, cb, context);
}

int
ledger_wallet_list_after(struct ledger *l, const char *batch, enum wallet_state state,
	const struct ledger_wallet *after, ledger_wallet_cb *cb, void *context)
{
	struct ledger_wallet w = *after;
	struct ledger_wallet given;
	sqlite3_stmt *s;
	int rc = 0;

	while (rc == 0) {
		rc = prepare_next(&s, l, batch, state, &w);
		if (rc == 0)
			rc = fetch_wallet(&w, l, s);
		if (rc == KE_NOT_FOUND)
			return 0;
		given = w;
		if (rc == 0)
			rc = cb(context, &given);
	}
	return rc;
}

static int
set_held(struct ledger *l, const struct ledger_by *by, const char *serial, bool held,
	const char *reason)
{
	struct ledger_wallet w;
	bool own;
	int rc = reason && reason[0] ? ledger_enter(l, &own, by, reason)
				     : KE_BAD_ARGUMENT;

	if (rc != 0)
		return rc;
	rc = ledger_wallet_get(&w, l, serial);
	if (rc == 0 && w.held == held)
		rc = KE_BAD_STATE;
	if (rc == 0)
		rc = put_wallet_event(l, by, serial, held ? "hold" : "unhold", reason);
	if (rc == 0)
		rc = LEDGER_RUN(
			l, SQL_WALLET_HELD, V_INT(held), V_TEXT(reason), V_TEXT(serial));
	return ledger_leave(l, own, rc);
}

int
ledger_wallet_hold(struct ledger *l, const struct ledger_by *by, const char *serial,
	const char *reason)
{
	return set_held(l, by, serial, true, reason);
}

int
ledger_wallet_unhold(struct ledger *l, const struct ledger_by *by, const char *serial,
	const char *reason)
{
	return set_held(l, by, serial, false, reason);
}

int
ledger_wallet_draw(struct ledger *l, const struct ledger_by *by, const char *serial,
	const char *salt)
{
	struct ledger_batch batch;
	struct ledger_wallet w;
	bool own;
	int rc = ledger_enter(l, &own, by, salt);

	if (rc != 0)
		return rc;
	rc = ledger_wallet_get(&w, l, serial);
	if (rc == 0 && (w.drawn || l->mode != MODE_USA || w.state < WALLET_ARRIVED ||
			       w.state > WALLET_SEALED))
		rc = KE_BAD_STATE;
	if (rc == 0)
		rc = ledger_batch_get(&batch, l, w.batch);
	if (rc == 0 && (batch.frozen || batch.voided))
		rc = KE_HELD;
	if (rc == 0)
		rc = put_wallet_event(l, by, serial, "draw", salt);
	if (rc == 0)
		rc = LEDGER_RUN(l, SQL_WALLET_DRAW, V_TEXT(serial));
	return ledger_leave(l, own, rc);
}

int
ledger_wallet_destroyed(struct ledger *l, const struct ledger_by *by, const char *serial,
	const char *detail)
{
	struct ledger_wallet w;
	bool own;
	int rc = ledger_enter(l, &own, by, detail);

	if (rc != 0)
		return rc;
	rc = ledger_wallet_get(&w, l, serial);
	if (rc == 0 && (!w.part || w.destroyed || w.state == WALLET_IN_DOUBT ||
			       !wallet_state_is_bad_part(w.state)))
		rc = KE_BAD_STATE;
	if (rc == 0)
		rc = put_wallet_event(l, by, serial, "destroyed", detail);
	if (rc == 0)
		rc = LEDGER_RUN(l, SQL_WALLET_DESTROYED, V_TEXT(serial));
	return ledger_leave(l, own, rc);
}

/* How one group of a batch's wallets counts among the drawn. */
static void
count_drawn(struct ledger_drawn *out, enum wallet_state state, uint64_t count)
{
	out->drawn += count;
	if (state == WALLET_OPENED_GOOD)
		out->good += count;
	else if (state == WALLET_OPENED_BAD)
		out->bad += count;
	else if (wallet_state_is_closed(MODE_USA, state))
		out->failed += count;
}

int
ledger_wallet_drawn(struct ledger_drawn *out, struct ledger *l, const char *batch)
{
	sqlite3_stmt *s;
	enum wallet_state state;
	int rc = LEDGER_PREPARE(&s, l, SQL_COUNTS_TALLY, V_TEXT(batch));

	memset(out, 0, sizeof *out);
	if (rc != 0)
		return rc;
	while ((rc = ledger_step(l, s)) == 1) {
		rc = ledger_column_state(&state, l, s, 0);
		if (rc != 0)
			break;
		if (sqlite3_column_int(s, 1) != 0)
			count_drawn(out, state, (uint64_t)sqlite3_column_int64(s, 5));
	}
	ledger_reset(s);
	return rc;
}
