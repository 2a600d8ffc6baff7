/* SPDX-License-Identifier: MIT */
/* The parts of a batch: which came or were given up, and what a batch becomes by that. */
#include "daemon/ledger_batch.h"
#include "daemon/ledger_rows.h"

#include <inttypes.h>
#include <stdio.h>

/* Parts of one kind: how many there are (0: none came), how many of them came or were
 * given up by two persons, and how many came. */
struct parts {
	uint64_t all, settled, come;
};

static int
count_parts(struct parts *out, struct ledger *l, const char *id, const char *kind)
{
	sqlite3_stmt *s;
	int rc = LEDGER_FIRST(&s, l, SQL_PARTS, V_TEXT(id), V_TEXT(kind));

	*out = (struct parts){0, 0, 0};
	if (rc != 1)
		return rc;
	out->all = (uint64_t)sqlite3_column_int64(s, 0);
	out->settled = (uint64_t)sqlite3_column_int64(s, 1);
	out->come = (uint64_t)sqlite3_column_int64(s, 2);
	ledger_reset(s);
	return 0;
}

int
ledger_batch_has_parts(bool *out, struct ledger *l, const char *id, const char *kind)
{
	struct parts parts;
	int rc = count_parts(&parts, l, id, kind);

	*out = rc == 0 && parts.all > 0 && parts.settled >= parts.all;
	return rc;
}

static const char *
secrets_of(const struct ledger *l)
{
	return l->mode == MODE_USA ? "passphrases" : "stickers";
}

int
ledger_batch_parts_to_come(uint64_t *out, struct ledger *l, const char *id)
{
	struct parts parts;
	int rc = count_parts(&parts, l, id, secrets_of(l));

	*out = rc == 0 && parts.settled < parts.all ? parts.all - parts.settled : 0;
	return rc;
}

int
ledger_batch_lost_parts(bool *out, struct ledger *l, const char *id)
{
	struct parts parts;
	int rc = count_parts(&parts, l, id, secrets_of(l));

	*out = rc == 0 && parts.settled > parts.come && parts.settled >= parts.all;
	return rc;
}

int
ledger_batch_pass_over(struct ledger *l, const struct ledger_by *by, const char *id,
	const struct ledger_passed *passed)
{
	char detail[LEDGER_TEXT_MAX + 1];
	struct ledger_event e = {"batch", id, "passed-over", NULL, NULL, detail};
	int n = snprintf(detail, sizeof detail,
		"rows=%" PRIu32 " kind=%s sender=%s sequence=%" PRIu64
		" first=%s last=%s",
		passed->rows, passed->kind, passed->sender, passed->sequence,
		passed->first, passed->last);
	bool own;
	int rc =
		(size_t)n < sizeof detail ? ledger_enter(l, &own, by, NULL) : KE_TOO_LONG;

	if (rc != 0)
		return rc;
	return ledger_leave(l, own, ledger_event_put(l, by, &e));
}

int
ledger_batch_passed_over(uint64_t *rows, struct ledger *l, const char *id)
{
	sqlite3_stmt *s;
	int rc = LEDGER_FIRST(&s, l, SQL_ROWS_PASSED, V_TEXT(id));

	*rows = 0;
	if (rc != 1)
		return rc;
	*rows = (uint64_t)sqlite3_column_int64(s, 0);
	ledger_reset(s);
	return 0;
}

static int
is_complete(bool *out, struct ledger *l, const char *id)
{
	uint64_t counts[WALLET_STATE_COUNT];
	int rc = ledger_batch_has_parts(out, l, id, secrets_of(l));

	if (rc != 0 || !*out || l->mode != MODE_USA)
		return rc;
	rc = ledger_batch_has_parts(out, l, id, "confirmations");
	if (rc == 0 && !*out) {
		rc = ledger_batch_counts(counts, l, id);
		*out = rc == 0 && counts[WALLET_EXPECTED] == 0;
	}
	return rc;
}

/* A hold does not stop it: it is said of the files that came. */
int
ledger_batch_run_when_complete(
	struct ledger *l, const struct ledger_by *by, const char *id)
{
	struct ledger_batch b;
	bool own, complete = false;
	int rc = ledger_enter(l, &own, by, NULL);

	if (rc != 0)
		return rc;
	rc = ledger_batch_get(&b, l, id);
	if (rc == 0 && b.state < LEDGER_BATCH_RUNNING && !b.frozen && !b.voided)
		rc = is_complete(&complete, l, id);
	if (rc == 0 && complete)
		rc = ledger_batch_put_state(l, by, &b, LEDGER_BATCH_RUNNING, NULL);
	return ledger_leave(l, own, rc == KE_NOT_FOUND ? 0 : rc);
}

/* The wallets of the codes that came are minted, and no more codes come. */
static int
is_minted(bool *out, struct ledger *l, const char *id)
{
	uint64_t counts[WALLET_STATE_COUNT];
	int rc = ledger_batch_has_parts(out, l, id, "codes");

	if (rc != 0 || !*out)
		return rc;
	rc = ledger_batch_counts(counts, l, id);
	*out = rc == 0 && counts[WALLET_RECEIVED] == 0;
	return rc;
}

int
ledger_batch_make_when_minted(
	struct ledger *l, const struct ledger_by *by, const char *id)
{
	struct ledger_batch b;
	bool own, minted = false;
	int rc = ledger_enter(l, &own, by, NULL);

	if (rc != 0)
		return rc;
	rc = ledger_batch_get(&b, l, id);
	if (rc == 0 && b.state == LEDGER_BATCH_OPEN && !b.frozen && !b.voided)
		rc = is_minted(&minted, l, id);
	if (rc == 0 && minted)
		rc = ledger_batch_put_state(l, by, &b, LEDGER_BATCH_MADE, NULL);
	return ledger_leave(l, own, rc == KE_NOT_FOUND ? 0 : rc);
}
