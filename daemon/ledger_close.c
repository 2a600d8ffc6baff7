/* SPDX-License-Identifier: MIT */
/* How a batch closes: the equation, its states, the release. */
#include "daemon/ledger_file.h"
#include "daemon/ledger_rows.h"
#include "daemon/ledger_wallet.h"

#include <string.h>

/* What the equation needs of a batch. */
struct tally {
	uint64_t counts[WALLET_STATE_COUNT];
	uint64_t drawn;      /* of any state */
	uint64_t good;       /* of those, opened and found good */
	uint64_t releasable; /* sealed and not drawn */
	uint64_t held;       /* of those */
	uint64_t all_held;   /* of any state */
	uint64_t parts;      /* of any state in the house */
	uint64_t bad;        /* of those, bad ones */
	uint64_t parts_left; /* bad and not destroyed */
};

/* from: SQL_COUNTS_TALLY tells how things stand; what is decided for good is counted from
 * the wallets themselves, SQL_COUNTS_FLAGS. */
static int
take_tally(struct tally *t, struct ledger *l, const char *id, enum ledger_sql from)
{
	sqlite3_stmt *s;
	enum wallet_state state;
	int rc = LEDGER_PREPARE(&s, l, from, V_TEXT(id));

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
		t->good += drawn && state == WALLET_OPENED_GOOD ? n : 0;
		if (state == WALLET_SEALED && !drawn) {
			t->releasable += n;
			t->held += held ? n : 0;
		}
		t->all_held += held ? n : 0;
		t->parts += part ? n : 0;
		if (part && wallet_state_is_bad_part(state)) {
			t->bad += n;
			t->parts_left += destroyed ? 0 : n;
		}
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
		rc = take_tally(&t, l, id, SQL_COUNTS_TALLY);
	if (rc == 0)
		(void)wallet_balance_of(out, l->mode, b.made, t.counts, t.parts_left);
	return rc;
}

int
ledger_batch_parts(struct ledger_parts *out, struct ledger *l, const char *id)
{
	struct tally t;
	int rc = take_tally(&t, l, id, SQL_COUNTS_TALLY);

	*out = (struct ledger_parts){
		.bad = t.bad, .destroyed = t.bad - t.parts_left, .held = t.all_held};
	return rc;
}

bool
ledger_batch_is_over(const struct wallet_balance *balance)
{
	return balance->open == 0 && balance->in_doubt == 0 && balance->parts_left == 0;
}

/* Whether the counts let a batch come into a state. */
static int
check_counts(struct ledger *l, const struct ledger_batch *b, enum ledger_batch_state to)
{
	struct wallet_balance balance;
	struct tally t;
	int rc = take_tally(&t, l, b->id, SQL_COUNTS_FLAGS);

	if (rc != 0)
		return rc;
	(void)wallet_balance_of(&balance, l->mode, b->made, t.counts, t.parts_left);
	if (to == LEDGER_BATCH_SHIPPED)
		return balance.closing == WALLET_CLOSES ||
				       balance.closing == WALLET_PARTS_LEFT
			       ? 0
			       : KE_BAD_STATE;
	if (to == LEDGER_BATCH_CLOSED && b->voided)
		return ledger_batch_is_over(&balance) ? 0 : KE_BAD_STATE;
	if (to == LEDGER_BATCH_CLOSED && b->state <= LEDGER_BATCH_MADE)
		return t.parts == 0 && balance.in_doubt == 0 ? 0 : KE_BAD_STATE;
	if (to == LEDGER_BATCH_CLOSED)
		return balance.closing == WALLET_CLOSES ? 0 : KE_BAD_STATE;
	return 0;
}

/* A batch may run while a part of it is still to come after all: two persons have put
 * right which one a lost file was. */
static int
check_parts(struct ledger *l, const char *id)
{
	uint64_t to_come;
	int rc = ledger_batch_parts_to_come(&to_come, l, id);

	return rc == 0 && to_come > 0 ? KE_BAD_STATE : rc;
}

static int
check_step(struct ledger *l, const struct ledger_batch *b, enum ledger_batch_state to)
{
	int rc = 0;

	/* Void is the last one. */
	if (to <= b->state)
		return KE_BAD_STATE;
	if (b->voided && to < LEDGER_BATCH_CLOSED)
		return KE_BAD_STATE;
	if (to == LEDGER_BATCH_RELEASED ||
		(to == LEDGER_BATCH_SHIPPED &&
			(l->mode != MODE_CHINA || b->state != LEDGER_BATCH_RUNNING)) ||
		(to == LEDGER_BATCH_VOID && b->state > LEDGER_BATCH_RUNNING) ||
		(to == LEDGER_BATCH_CLOSED && b->state == LEDGER_BATCH_RUNNING &&
			l->mode != MODE_USA && !b->voided))
		return KE_BAD_STATE;
	if (b->held && to != LEDGER_BATCH_VOID)
		return KE_HELD;
	if (to == LEDGER_BATCH_SHIPPED)
		rc = check_parts(l, b->id);
	return rc == 0 ? check_counts(l, b, to) : rc;
}

int
ledger_batch_put_state(struct ledger *l, const struct ledger_by *by,
	const struct ledger_batch *b, enum ledger_batch_state to, const char *detail)
{
	struct ledger_event e = {"batch", b->id, "state",
		ledger_batch_state_name(b->state), ledger_batch_state_name(to), detail};
	int rc = ledger_event_put(l, by, &e);

	if (rc != 0)
		return rc;
	return LEDGER_RUN(l, SQL_BATCH_STATE, V_TEXT(ledger_batch_state_name(to)),
		V_INT(by->now_ms), V_TEXT(b->id));
}

int
ledger_batch_set_state(struct ledger *l, const struct ledger_by *by, const char *id,
	enum ledger_batch_state state, const char *detail)
{
	struct ledger_batch b;
	bool own;
	int rc = (unsigned)state >= LEDGER_BATCH_STATE_COUNT
			 ? KE_BAD_ARGUMENT
			 : ledger_enter(l, &own, by, detail);

	if (rc != 0)
		return rc;
	/* Where it was minted, too, nothing else has said so. */
	if (state == LEDGER_BATCH_SHIPPED)
		rc = ledger_batch_run_when_complete(l, by, id);
	if (rc == 0)
		rc = ledger_batch_get(&b, l, id);
	if (rc == 0)
		rc = check_step(l, &b, state);
	if (rc == 0)
		rc = ledger_batch_put_state(l, by, &b, state, detail);
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
	int rc = take_tally(&t, l, b->id, SQL_COUNTS_FLAGS);

	if (rc != 0)
		return rc;
	rc = check_parts(l, b->id);
	if (rc != 0 && rc != KE_BAD_STATE)
		return rc;
	t.counts[WALLET_SEALED] -= t.releasable;
	t.counts[WALLET_RELEASED] += t.releasable;
	(void)wallet_balance_of(out, l->mode, b->made, t.counts, t.parts_left);
	if (l->mode != MODE_USA || b->state != LEDGER_BATCH_RUNNING || b->voided ||
		out->closing != WALLET_CLOSES || t.drawn < b->draws || t.good < t.drawn)
		return KE_BAD_STATE;
	return rc == 0 && (b->held || t.held > 0) ? KE_HELD : rc;
}

int
ledger_batch_release(struct wallet_balance *out, struct ledger *l,
	const struct ledger_by *by, const char *id, const char *detail)
{
	struct release r = {l, by};
	struct ledger_batch b;
	bool own;
	int rc = ledger_enter(l, &own, by, detail);

	memset(out, 0, sizeof *out);
	if (rc != 0)
		return rc;
	rc = ledger_batch_run_when_complete(l, by, id);
	if (rc == 0)
		rc = ledger_batch_get(&b, l, id);
	if (rc == 0)
		rc = check_release(out, l, &b);
	if (rc == 0)
		rc = ledger_wallet_list(l, id, WALLET_SEALED, release_wallet, &r);
	if (rc == 0)
		rc = ledger_batch_put_state(l, by, &b, LEDGER_BATCH_RELEASED, detail);
	return ledger_leave(l, own, rc);
}
