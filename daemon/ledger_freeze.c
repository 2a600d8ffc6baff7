/* SPDX-License-Identifier: MIT */
/* Batches that are stopped as a whole: frozen, let go again, or made void. */
#include "daemon/ledger_batch.h"
#include "daemon/ledger_rows.h"
#include "daemon/ledger_wallet.h"

#include <string.h>

static const char state_frozen[] = "frozen", state_void[] = "void";

int
ledger_freeze_get(struct ledger_freeze *out, struct ledger *l, const char *id)
{
	char state[LEDGER_NAME_SIZE];
	sqlite3_stmt *s;
	int rc = LEDGER_FIRST(&s, l, SQL_FROZEN_GET, V_TEXT(id));

	if (rc < 0)
		return rc;
	if (rc == 1) {
		rc = ledger_column_text(l, state, sizeof state, s, 0);
		if (rc == 0)
			rc = ledger_column_text(l, out->reason, sizeof out->reason, s, 1);
		out->is_void = rc == 0 && strcmp(state, state_void) == 0;
		out->time_ms = sqlite3_column_int64(s, 2);
	} else {
		rc = KE_NOT_FOUND;
	}
	ledger_reset(s);
	return rc;
}

static int
put_freeze(struct ledger *l, const struct ledger_by *by, const char *id,
	const char *event, const char *state, const char *reason)
{
	struct ledger_event e = {"freeze", id, event, NULL, NULL, reason};
	int rc = ledger_event_put(l, by, &e);

	if (rc == 0 && state)
		rc = LEDGER_RUN(l, SQL_FROZEN_PUT, V_TEXT(id), V_TEXT(state),
			V_TEXT(reason), V_INT(by->now_ms));
	else if (rc == 0)
		rc = LEDGER_RUN(l, SQL_FROZEN_DROP, V_TEXT(id));
	return rc;
}

/* Enters, when the batch is frozen as is wanted. */
static int
begin(bool *own, struct ledger *l, const struct ledger_by *by, const char *id,
	const char *reason, bool is_frozen)
{
	struct ledger_freeze now;
	int rc = ledger_check_text(id, LEDGER_BATCH_SIZE - 1);

	if (rc == 0 && (id[0] == '\0' || !reason || reason[0] == '\0'))
		rc = KE_BAD_ARGUMENT;
	if (rc == 0)
		rc = ledger_enter(l, own, by, reason);
	if (rc != 0)
		return rc;
	rc = ledger_freeze_get(&now, l, id);
	if (rc == KE_NOT_FOUND)
		rc = is_frozen ? KE_BAD_STATE : 0;
	else if (rc == 0 && (!is_frozen || now.is_void))
		rc = KE_BAD_STATE;
	return rc == 0 ? 0 : ledger_leave(l, *own, rc);
}

int
ledger_batch_freeze(
	struct ledger *l, const struct ledger_by *by, const char *id, const char *reason)
{
	bool own;
	int rc = begin(&own, l, by, id, reason, false);

	if (rc != 0)
		return rc;
	return ledger_leave(
		l, own, put_freeze(l, by, id, "freeze", state_frozen, reason));
}

int
ledger_batch_unfreeze(
	struct ledger *l, const struct ledger_by *by, const char *id, const char *reason)
{
	bool own;
	int rc = begin(&own, l, by, id, reason, true);

	if (rc != 0)
		return rc;
	rc = put_freeze(l, by, id, "unfreeze", NULL, reason);
	if (rc == 0)
		rc = ledger_batch_make_when_minted(l, by, id);
	if (rc == 0)
		rc = ledger_batch_run_when_complete(l, by, id);
	return ledger_leave(l, own, rc);
}

struct withdrawal {
	struct ledger *ledger;
	const struct ledger_by *by;
	const char *reason;
};

/* Whether there is a part of it or not: one that there is remains, to be destroyed. */
static int
withdraw(void *context, const struct ledger_wallet *w)
{
	const struct withdrawal *to = context;

	if (!wallet_state_is_open(to->ledger->mode, w->state))
		return 0;
	return ledger_wallet_put_step(
		to->ledger, to->by, w->serial, WALLET_WITHDRAW, 0, to->reason);
}

/* Before the first of them is changed: a refusal leaves the transaction as it was. */
static int
check_withdraw(void *context, const struct ledger_wallet *w)
{
	const struct ledger *l = context;

	return wallet_state_is_open(l->mode, w->state) &&
			       wallet_state_next(l->mode, w->state, WALLET_WITHDRAW) < 0
		       ? KE_BUSY
		       : 0;
}

int
ledger_batch_void(
	struct ledger *l, const struct ledger_by *by, const char *id, const char *reason)
{
	struct withdrawal to = {l, by, reason};
	bool own;
	int rc = begin(&own, l, by, id, reason, true);

	if (rc != 0)
		return rc;
	rc = ledger_wallet_list(l, id, WALLET_NONE, check_withdraw, l);
	if (rc == 0)
		rc = ledger_wallet_list(l, id, WALLET_NONE, withdraw, &to);
	if (rc == 0)
		rc = put_freeze(l, by, id, "void", state_void, reason);
	return ledger_leave(l, own, rc);
}
