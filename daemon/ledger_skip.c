/* SPDX-License-Identifier: MIT */
/* Numbers of files that do not come. */
#include "daemon/ledger_file.h"
#include "daemon/ledger_rows.h"

#include <inttypes.h>
#include <stdio.h>

int
ledger_file_was_skipped(int64_t *time_ms, struct ledger *l, const char *sender,
	const char *recipient, const char *kind, uint64_t sequence)
{
	sqlite3_stmt *s;
	int rc = LEDGER_FIRST(&s, l, SQL_SKIPPED_GET, V_TEXT(sender), V_TEXT(recipient),
		V_TEXT(kind), V_INT(sequence));

	if (rc < 0)
		return rc;
	if (rc == 1)
		*time_ms = sqlite3_column_int64(s, 0);
	ledger_reset(s);
	return rc == 1 ? 0 : KE_NOT_FOUND;
}

static int
check_skip(const struct ledger_skip *skip)
{
	int rc = ledger_check_text(skip->sender, LEDGER_HOST_SIZE - 1);

	if (rc == 0)
		rc = ledger_check_text(skip->recipient, LEDGER_HOST_SIZE - 1);
	if (rc == 0)
		rc = ledger_check_text(skip->kind, LEDGER_NAME_SIZE - 1);
	if (rc == 0 && (skip->kind[0] == '\0' || skip->reason[0] == '\0' ||
			       skip->sequence > INT64_MAX))
		rc = KE_BAD_ARGUMENT;
	return rc;
}

static int
put_skip(struct ledger *l, const struct ledger_by *by, const struct ledger_skip *skip)
{
	char object[LEDGER_HOST_SIZE + LEDGER_NAME_SIZE + 24];
	char detail[LEDGER_TEXT_MAX + 1];
	struct ledger_event e = {"skip", object, "skip", NULL, NULL, detail};
	int n = snprintf(detail, sizeof detail, "recipient=%s reason=%s", skip->recipient,
		skip->reason);
	int rc = (size_t)n >= sizeof detail ? KE_TOO_LONG : 0;

	(void)snprintf(object, sizeof object, "%s %s %" PRIu64, skip->sender, skip->kind,
		skip->sequence);
	if (rc == 0)
		rc = LEDGER_RUN(l, SQL_SKIPPED_PUT, V_TEXT(skip->kind),
			V_TEXT(skip->sender), V_TEXT(skip->recipient),
			V_INT(skip->sequence), V_TEXT(skip->reason), V_INT(by->now_ms));
	return rc == 0 ? ledger_event_put(l, by, &e) : rc;
}

/* It may have been the last part that the batch of the file before it waited for. */
static int
end_wait(struct ledger *l, const struct ledger_by *by, const struct ledger_skip *skip)
{
	char batch[LEDGER_BATCH_SIZE];
	sqlite3_stmt *s;
	int rc = LEDGER_FIRST(&s, l, SQL_SKIPPED_BEFORE, V_TEXT(skip->sender),
		V_TEXT(skip->recipient), V_TEXT(skip->kind), V_INT(skip->sequence));

	if (rc <= 0)
		return rc;
	rc = ledger_column_text(l, batch, sizeof batch, s, 0);
	ledger_reset(s);
	return rc == 0 ? ledger_batch_run_when_complete(l, by, batch) : rc;
}

int
ledger_file_skip(
	struct ledger *l, const struct ledger_by *by, const struct ledger_skip *skip)
{
	struct ledger_turn turn;
	bool own;
	int rc = check_skip(skip);

	if (rc == 0)
		rc = ledger_enter(l, &own, by, skip->reason);
	if (rc != 0)
		return rc;
	rc = ledger_file_next(
		&turn, l, LEDGER_IN, skip->sender, skip->recipient, skip->kind);
	if (rc == 0 && skip->sequence != turn.sequence)
		rc = skip->sequence < turn.sequence ? KE_DUPLICATE : KE_OUT_OF_SEQUENCE;
	if (rc == 0)
		rc = put_skip(l, by, skip);
	if (rc == 0)
		rc = end_wait(l, by, skip);
	return ledger_leave(l, own, rc);
}
