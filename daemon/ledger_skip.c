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
	if (rc == 0 && skip->batch)
		rc = ledger_check_text(skip->batch, LEDGER_BATCH_SIZE - 1);
	if (rc == 0 && (skip->kind[0] == '\0' || skip->reason[0] == '\0' ||
			       skip->sequence > INT64_MAX ||
			       (skip->batch && skip->batch[0] == '\0') ||
			       (skip->batch == NULL) != (skip->part == 0)))
		rc = KE_BAD_ARGUMENT;
	/* What never got a number is known by its name alone. */
	if (rc == 0 && skip->sequence == 0 && !skip->batch)
		rc = KE_BAD_ARGUMENT;
	return rc;
}

enum { OBJECT_SIZE = LEDGER_HOST_SIZE + LEDGER_NAME_SIZE + 24 };

static void
name_skip(char object[OBJECT_SIZE], const struct ledger_skip *skip)
{
	if (skip->sequence)
		(void)snprintf(object, OBJECT_SIZE, "%s %s %" PRIu64, skip->sender,
			skip->kind, skip->sequence);
	else
		(void)snprintf(
			object, OBJECT_SIZE, "%s %s none", skip->sender, skip->kind);
}

static int
put_skip(struct ledger *l, const struct ledger_by *by, const struct ledger_skip *skip)
{
	char object[OBJECT_SIZE], detail[LEDGER_TEXT_MAX + 1];
	struct ledger_event e = {"skip", object, "skip", NULL, NULL, detail};
	int n = snprintf(detail, sizeof detail, "recipient=%s reason=%s", skip->recipient,
		skip->reason);
	int rc = (size_t)n >= sizeof detail ? KE_TOO_LONG : 0;

	name_skip(object, skip);
	if (rc == 0)
		rc = LEDGER_RUN(l, SQL_SKIPPED_PUT, V_TEXT(skip->kind),
			V_TEXT(skip->sender), V_TEXT(skip->recipient),
			V_INT(skip->sequence), V_TEXT(skip->reason), V_INT(by->now_ms));
	return rc == 0 ? ledger_event_put(l, by, &e) : rc;
}

/* Which part it was; SQL_PARTS reads the detail.  KE_DUPLICATE: that is said already. */
static int
put_part(struct ledger *l, const struct ledger_by *by, const struct ledger_skip *skip)
{
	char object[OBJECT_SIZE], detail[LEDGER_TEXT_MAX + 1];
	struct ledger_event e = {"skip", object, "part", NULL, NULL, detail};
	int n = snprintf(detail, sizeof detail, "batch=%s part=%" PRIu32 " ", skip->batch,
		skip->part);
	sqlite3_stmt *s;
	int rc;

	name_skip(object, skip);
	rc = LEDGER_FIRST(&s, l, skip->sequence ? SQL_SKIPPED_NAMED : SQL_PART_GIVEN_UP,
		V_TEXT(object), V_TEXT(detail));
	if (rc == 1)
		ledger_reset(s);
	if (rc != 0)
		return rc == 1 ? KE_DUPLICATE : rc;
	n += snprintf(detail + n, sizeof detail - (size_t)n, "reason=%s", skip->reason);
	return (size_t)n >= sizeof detail ? KE_TOO_LONG : ledger_event_put(l, by, &e);
}

/* It uses up its number, or was skipped before. */
static int
use_up(struct ledger *l, const struct ledger_by *by, const struct ledger_skip *skip)
{
	struct ledger_turn turn;
	int64_t time_ms;
	int rc = skip->sequence ? ledger_file_next(&turn, l, LEDGER_IN, skip->sender,
					  skip->recipient, skip->kind)
				: 0;

	if (rc != 0 || !skip->sequence)
		return rc;
	if (skip->sequence == turn.sequence)
		return put_skip(l, by, skip);
	if (skip->sequence > turn.sequence)
		return KE_OUT_OF_SEQUENCE;
	rc = skip->batch ? ledger_file_was_skipped(&time_ms, l, skip->sender,
				   skip->recipient, skip->kind, skip->sequence)
			 : KE_DUPLICATE;
	return rc == KE_NOT_FOUND ? KE_DUPLICATE : rc;
}

int
ledger_file_skip(
	struct ledger *l, const struct ledger_by *by, const struct ledger_skip *skip)
{
	bool own;
	int rc = check_skip(skip);

	if (rc == 0)
		rc = ledger_enter(l, &own, by, skip->reason);
	if (rc != 0)
		return rc;
	rc = use_up(l, by, skip);
	if (rc == 0 && skip->batch)
		rc = put_part(l, by, skip);
	/* It may have been the last part that the batch waited for. */
	if (rc == 0 && skip->batch)
		rc = ledger_batch_make_when_minted(l, by, skip->batch);
	if (rc == 0 && skip->batch)
		rc = ledger_batch_run_when_complete(l, by, skip->batch);
	return ledger_leave(l, own, rc);
}
