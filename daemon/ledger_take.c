/* SPDX-License-Identifier: MIT */
/* What is there once for ever: sealed rows, digests, ranges of numbers. */
#include "daemon/ledger_file.h"
#include "daemon/ledger_rows.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { NUMBER_BITS = 62 };

int
ledger_row_insert(struct ledger *l, const struct ledger_row *r)
{
	bool own;
	int rc;

	if (r->offset > INT64_MAX || r->length > INT64_MAX)
		return KE_BAD_ARGUMENT;
	rc = ledger_enter(l, &own, NULL, NULL);
	if (rc != 0)
		return rc;
	rc = LEDGER_RUN(l, SQL_ROW_PUT, V_TEXT(r->serial), V_TEXT(r->kind),
		V_HASH(r->file), V_INT(r->offset), V_INT(r->length), V_HASH(r->sha256));
	return ledger_leave(l, own, rc);
}

static int
read_row(struct ledger_row *r, struct ledger *l, sqlite3_stmt *s)
{
	int rc = ledger_column_text(l, r->serial, sizeof r->serial, s, 0);

	if (rc == 0)
		rc = ledger_column_text(l, r->kind, sizeof r->kind, s, 1);
	if (rc == 0)
		rc = ledger_column_hash(l, r->file, s, 2);
	if (rc == 0)
		rc = ledger_column_hash(l, r->sha256, s, 5);
	r->offset = (uint64_t)sqlite3_column_int64(s, 3);
	r->length = (uint64_t)sqlite3_column_int64(s, 4);
	return rc;
}

int
ledger_row_get(
	struct ledger_row *out, struct ledger *l, const char *serial, const char *kind)
{
	sqlite3_stmt *s;
	int rc = LEDGER_FIRST(&s, l, SQL_ROW_GET, V_TEXT(serial), V_TEXT(kind));

	if (rc < 0)
		return rc;
	rc = rc == 1 ? read_row(out, l, s) : KE_NOT_FOUND;
	ledger_reset(s);
	return rc;
}

int
ledger_take(struct ledger *l, const struct ledger_by *by, const char *kind,
	const unsigned char digest[LEDGER_DIGEST_LEN])
{
	char object[2 * LEDGER_DIGEST_LEN + 1];
	struct ledger_event e = {"taken", object, kind, NULL, NULL, NULL};
	bool own;
	int rc = ledger_check_text(kind, LEDGER_NAME_SIZE - 1);

	ledger_hex(object, digest);
	if (rc == 0)
		rc = ledger_enter(l, &own, by, NULL);
	if (rc != 0)
		return rc;
	rc = LEDGER_RUN(l, SQL_TAKEN_PUT, V_TEXT(kind), V_HASH(digest));
	if (rc == 0)
		rc = ledger_event_put(l, by, &e);
	return ledger_leave(l, own, rc);
}

/* 1 when the query has a row, 0 when not, or a failure. */
static int
has_row(struct ledger *l, int rc, sqlite3_stmt *s)
{
	if (rc == 0)
		rc = ledger_step(l, s);
	if (rc >= 0)
		ledger_reset(s);
	return rc;
}

int
ledger_taken(
	struct ledger *l, const char *kind, const unsigned char digest[LEDGER_DIGEST_LEN])
{
	sqlite3_stmt *s = NULL;
	int rc = LEDGER_PREPARE(&s, l, SQL_TAKEN_GET, V_TEXT(kind), V_HASH(digest));

	rc = has_row(l, rc, s);
	return rc == 1 ? KE_DUPLICATE : rc;
}

int
ledger_allocate_next(uint64_t *next, struct ledger *l, const char *kind, const char *name)
{
	sqlite3_stmt *s;
	int rc = LEDGER_FIRST(&s, l, SQL_RANGE_TOP, V_TEXT(kind), V_TEXT(name));

	*next = 0;
	if (rc < 0)
		return rc;
	/* max() of no rows is one row with NULL. */
	if (sqlite3_column_type(s, 0) == SQLITE_INTEGER)
		*next = (uint64_t)sqlite3_column_int64(s, 0) + 1;
	ledger_reset(s);
	return 0;
}

int
ledger_range_of(uint64_t *first, uint64_t *count, struct ledger *l, const char *kind,
	const char *batch)
{
	sqlite3_stmt *s;
	int rc = LEDGER_FIRST(&s, l, SQL_RANGE_OF, V_TEXT(kind), V_TEXT(batch));

	if (rc < 0)
		return rc;
	if (rc == 1) {
		*first = (uint64_t)sqlite3_column_int64(s, 0);
		*count = (uint64_t)sqlite3_column_int64(s, 1) - *first + 1;
	}
	ledger_reset(s);
	return rc == 1 ? 0 : KE_NOT_FOUND;
}

static int
put_range(struct ledger *l, const struct ledger_by *by, const struct ledger_range *r,
	uint64_t first)
{
	char object[2 * LEDGER_NAME_SIZE + 1], detail[LEDGER_TEXT_MAX + 1];
	struct ledger_event e = {"allocation", object, "allocate", NULL, NULL, detail};
	uint64_t last = first + r->count - 1;
	sqlite3_stmt *s = NULL;
	int rc = LEDGER_PREPARE(&s, l, SQL_RANGE_OVERLAP, V_TEXT(r->kind),
		V_TEXT(r->name), V_INT(last), V_INT(first));

	rc = has_row(l, rc, s);
	if (rc != 0)
		return rc == 1 ? KE_DUPLICATE : rc;
	(void)snprintf(object, sizeof object, "%s %s", r->kind, r->name);
	(void)snprintf(detail, sizeof detail,
		"first=%" PRIu64 " last=%" PRIu64 " batch=%s", first, last, r->batch);
	rc = LEDGER_RUN(l, SQL_RANGE_PUT, V_TEXT(r->kind), V_TEXT(r->name), V_INT(first),
		V_INT(last), V_TEXT(r->batch));
	return rc == 0 ? ledger_event_put(l, by, &e) : rc;
}

static int
check_range(const struct ledger_range *r)
{
	int rc = ledger_check_text(r->kind, LEDGER_NAME_SIZE - 1);

	if (rc == 0)
		rc = ledger_check_text(r->name, LEDGER_NAME_SIZE - 1);
	if (rc == 0)
		rc = ledger_check_text(r->batch, LEDGER_BATCH_SIZE - 1);
	if (rc == 0 && (r->count == 0 || r->limit > (uint64_t)1 << NUMBER_BITS))
		rc = KE_BAD_ARGUMENT;
	return rc;
}

int
ledger_allocate(uint64_t *first, struct ledger *l, const struct ledger_by *by,
	const struct ledger_range *r)
{
	uint64_t start = r->first;
	bool own;
	int rc = check_range(r);

	if (rc == 0)
		rc = ledger_enter(l, &own, by, NULL);
	if (rc != 0)
		return rc;
	if (start == LEDGER_NEXT)
		rc = ledger_allocate_next(&start, l, r->kind, r->name);
	if (rc == 0 && (start > r->limit || r->count > r->limit - start))
		rc = KE_EXHAUSTED;
	if (rc == 0)
		rc = put_range(l, by, r, start);
	if (rc == 0)
		*first = start;
	return ledger_leave(l, own, rc);
}
