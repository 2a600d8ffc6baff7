/* SPDX-License-Identifier: MIT */
#include "daemon/ledger_witness.h"
#include "daemon/ledger_rows.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

int
ledger_witness_check(struct ledger *l, const char *host, const struct ledger_head *head)
{
	unsigned char known[LEDGER_HASH_LEN];
	sqlite3_stmt *s;
	int rc = head->seq == 0 || head->seq > INT64_MAX ? KE_BAD_ARGUMENT : 0;

	if (rc == 0)
		rc = LEDGER_FIRST(&s, l, SQL_WITNESS_GET, V_TEXT(host), V_INT(head->seq));
	if (rc < 0)
		return rc;
	rc = rc == 1 ? ledger_column_hash(l, known, s, 0) : KE_NOT_FOUND;
	ledger_reset(s);
	return rc == 0 && memcmp(known, head->hash, sizeof known) != 0 ? KE_FORKED : rc;
}

static int
put_witness(struct ledger *l, const struct ledger_by *by, const char *host,
	const struct ledger_head *head)
{
	char hash[2 * LEDGER_HASH_LEN + 1], detail[LEDGER_TEXT_MAX + 1];
	struct ledger_event e = {"witness", host, "seen", NULL, NULL, detail};
	int rc;

	ledger_hex(hash, head->hash);
	(void)snprintf(detail, sizeof detail, "seq=%" PRIu64 " hash=%s", head->seq, hash);
	rc = LEDGER_RUN(l, SQL_WITNESS_PUT, V_TEXT(host), V_INT(head->seq),
		V_HASH(head->hash), V_INT(by->now_ms));
	return rc == 0 ? ledger_event_put(l, by, &e) : rc;
}

int
ledger_witness_add(struct ledger *l, const struct ledger_by *by, const char *host,
	const struct ledger_head *head)
{
	bool own;
	int rc = ledger_check_text(host, LEDGER_HOST_SIZE - 1);

	if (rc == 0)
		rc = ledger_enter(l, &own, by, NULL);
	if (rc != 0)
		return rc;
	rc = ledger_witness_check(l, host, head);
	if (rc == KE_NOT_FOUND)
		rc = put_witness(l, by, host, head);
	return ledger_leave(l, own, rc);
}

static int
read_head(struct ledger_head *out, struct ledger *l, sqlite3_stmt *s, int column)
{
	out->seq = (uint64_t)sqlite3_column_int64(s, column);
	return ledger_column_hash(l, out->hash, s, column + 1);
}

int
ledger_witness_last(struct ledger_head *out, struct ledger *l, const char *host)
{
	sqlite3_stmt *s;
	int rc = LEDGER_FIRST(&s, l, SQL_WITNESS_LAST, V_TEXT(host));

	if (rc < 0)
		return rc;
	rc = rc == 1 ? read_head(out, l, s, 0) : KE_NOT_FOUND;
	ledger_reset(s);
	return rc;
}

int
ledger_witness_list(struct ledger *l, ledger_witness_cb *cb, void *context)
{
	struct ledger_witness w = {.host = ""};
	sqlite3_stmt *s;
	int rc;

	for (;;) {
		rc = LEDGER_FIRST(&s, l, SQL_WITNESS_NEXT_HOST, V_TEXT(w.host));
		if (rc < 0)
			return rc;
		if (rc == 0) {
			ledger_reset(s);
			return 0;
		}
		rc = ledger_column_text(l, w.host, sizeof w.host, s, 0);
		if (rc == 0)
			rc = read_head(&w.head, l, s, 1);
		w.time_ms = sqlite3_column_int64(s, 3);
		ledger_reset(s);
		if (rc == 0)
			rc = cb(context, &w);
		if (rc != 0)
			return rc;
	}
}
