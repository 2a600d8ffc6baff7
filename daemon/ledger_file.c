/* SPDX-License-Identifier: MIT */
/* Files that came and went, each once and in its sequence. */
#include "daemon/ledger_file.h"
#include "daemon/ledger_rows.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { DIRECTIONS = 2, RECEIPTS = 3 };

static const char *const direction_names[DIRECTIONS] = {
	[LEDGER_IN] = "in",
	[LEDGER_OUT] = "out",
};

static const char *const receipt_names[RECEIPTS] = {
	[LEDGER_RECEIPT_NONE] = "none",
	[LEDGER_RECEIPT_DUE] = "due",
	[LEDGER_RECEIPT_DONE] = "done",
};

static int
read_file(struct ledger_file *f, struct ledger *l, sqlite3_stmt *s)
{
	int direction = ledger_column_name(l, direction_names, DIRECTIONS, s, 1);
	int receipt = ledger_column_name(l, receipt_names, RECEIPTS, s, 13);
	int rc = direction < 0 ? direction : receipt < 0 ? receipt : 0;

	if (rc == 0)
		rc = ledger_column_hash(l, f->sha256, s, 0);
	if (rc == 0)
		rc = ledger_column_text(l, f->kind, sizeof f->kind, s, 2);
	if (rc == 0)
		rc = ledger_column_text(l, f->sender, sizeof f->sender, s, 3);
	if (rc == 0)
		rc = ledger_column_text(l, f->recipient, sizeof f->recipient, s, 4);
	if (rc == 0)
		rc = ledger_column_text(l, f->batch, sizeof f->batch, s, 5);
	if (rc == 0)
		rc = ledger_column_hash(l, f->previous, s, 9);
	if (rc == 0)
		rc = ledger_column_text(l, f->path, sizeof f->path, s, 11);
	if (rc != 0)
		return rc;
	f->direction = (enum ledger_direction)direction;
	f->receipt = (enum ledger_receipt)receipt;
	f->part = (uint32_t)sqlite3_column_int64(s, 6);
	f->parts = (uint32_t)sqlite3_column_int64(s, 7);
	f->sequence = (uint64_t)sqlite3_column_int64(s, 8);
	f->gap = sqlite3_column_int(s, 10) != 0;
	f->time_ms = sqlite3_column_int64(s, 12);
	return 0;
}

int
ledger_file_get(struct ledger_file *out, struct ledger *l,
	const unsigned char sha256[LEDGER_DIGEST_LEN])
{
	sqlite3_stmt *s;
	int rc = LEDGER_FIRST(&s, l, SQL_FILE_GET, V_HASH(sha256));

	if (rc < 0)
		return rc;
	rc = rc == 1 ? read_file(out, l, s) : KE_NOT_FOUND;
	ledger_reset(s);
	return rc;
}

/* The later one of what out holds and of the turn after the number that a statement
 * finds; the hash of one that was skipped is NULL. */
static int
read_last(struct ledger_turn *out, struct ledger *l, sqlite3_stmt *s)
{
	int rc = ledger_step(l, s);

	if (rc < 0)
		return rc;
	if (rc == 1 && (uint64_t)sqlite3_column_int64(s, 0) >= out->sequence) {
		*out = (struct ledger_turn){
			.sequence = (uint64_t)sqlite3_column_int64(s, 0) + 1,
			.follows_skipped = sqlite3_column_type(s, 1) == SQLITE_NULL};
		rc = out->follows_skipped ? 0
					  : ledger_column_hash(l, out->previous, s, 1);
	} else {
		rc = 0;
	}
	ledger_reset(s);
	return rc;
}

int
ledger_file_next(struct ledger_turn *out, struct ledger *l,
	enum ledger_direction direction, const char *sender, const char *recipient,
	const char *kind)
{
	static const enum ledger_sql without_file[] = {
		SQL_REFUSED_LAST, SQL_SKIPPED_LAST};
	sqlite3_stmt *s;
	int rc;

	if ((unsigned)direction >= DIRECTIONS)
		return KE_BAD_ARGUMENT;
	*out = (struct ledger_turn){.sequence = 1};
	rc = LEDGER_PREPARE(&s, l, SQL_FILE_LAST, V_TEXT(direction_names[direction]),
		V_TEXT(sender), V_TEXT(recipient), V_TEXT(kind));
	if (rc == 0)
		rc = read_last(out, l, s);
	for (size_t i = 0; rc == 0 && direction == LEDGER_IN &&
			   i < sizeof without_file / sizeof without_file[0];
		i++) {
		rc = LEDGER_PREPARE(&s, l, without_file[i], V_TEXT(sender),
			V_TEXT(recipient), V_TEXT(kind));
		if (rc == 0)
			rc = read_last(out, l, s);
	}
	return rc;
}

int
ledger_file_was_refused(struct ledger_turn *out, struct ledger *l,
	const unsigned char sha256[LEDGER_DIGEST_LEN], const char *sender,
	const char *recipient, const char *kind)
{
	sqlite3_stmt *s;
	int rc = LEDGER_FIRST(&s, l, SQL_REFUSED_GET, V_HASH(sha256), V_TEXT(sender),
		V_TEXT(recipient), V_TEXT(kind));

	if (rc < 0)
		return rc;
	if (rc == 1) {
		*out = (struct ledger_turn){
			.sequence = (uint64_t)sqlite3_column_int64(s, 0)};
		rc = ledger_column_hash(l, out->previous, s, 1);
	} else {
		rc = KE_NOT_FOUND;
	}
	ledger_reset(s);
	return rc;
}

static int
check_file(const struct ledger_file *f)
{
	const struct {
		const char *text;
		size_t size;
	} texts[] = {{f->kind, sizeof f->kind}, {f->sender, sizeof f->sender},
		{f->recipient, sizeof f->recipient}, {f->batch, sizeof f->batch},
		{f->path, sizeof f->path}};
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < sizeof texts / sizeof texts[0]; i++)
		rc = memchr(texts[i].text, '\0', texts[i].size)
			     ? ledger_check_text(texts[i].text, texts[i].size - 1)
			     : KE_TOO_LONG;
	if (rc == 0 && (f->kind[0] == '\0' || (unsigned)f->direction >= DIRECTIONS ||
			       (unsigned)f->receipt >= RECEIPTS || f->part > f->parts ||
			       f->sequence > INT64_MAX))
		rc = KE_BAD_ARGUMENT;
	return rc;
}

/* KE_DUPLICATE when this part of the batch is there in another file. */
static int
check_part(struct ledger *l, const struct ledger_file *f)
{
	sqlite3_stmt *s;
	int rc;

	if (f->batch[0] == '\0' || f->part == 0)
		return 0;
	rc = LEDGER_FIRST(&s, l, SQL_FILE_PART, V_TEXT(direction_names[f->direction]),
		V_TEXT(f->kind), V_TEXT(f->batch), V_TEXT(f->sender),
		V_TEXT(f->recipient), V_INT(f->part));
	if (rc < 0)
		return rc;
	ledger_reset(s);
	return rc == 1 ? KE_DUPLICATE : 0;
}

/* Whether it comes in its turn; sets f->gap. */
static int
check_sequence(struct ledger_file *f, struct ledger *l)
{
	struct ledger_turn turn;
	int rc;

	f->gap = false;
	if (f->sequence == 0)
		return 0;
	rc = check_part(l, f);
	/* One that was refused has its number, and is taken with that and no other. */
	if (rc == 0 && f->direction == LEDGER_IN)
		rc = ledger_file_was_refused(
			&turn, l, f->sha256, f->sender, f->recipient, f->kind);
	else if (rc == 0)
		rc = KE_NOT_FOUND;
	if (rc == KE_NOT_FOUND)
		rc = ledger_file_next(
			&turn, l, f->direction, f->sender, f->recipient, f->kind);
	if (rc != 0)
		return rc;
	if (f->sequence != turn.sequence)
		return f->sequence < turn.sequence ? KE_DUPLICATE : KE_OUT_OF_SEQUENCE;
	f->gap = turn.follows_skipped;
	return f->gap || memcmp(turn.previous, f->previous, sizeof turn.previous) == 0
		       ? 0
		       : KE_OUT_OF_SEQUENCE;
}

/* What an event tells of a file. */
static void
tell_file(char detail[LEDGER_TEXT_MAX + 1], const struct ledger_file *f)
{
	char previous[2 * LEDGER_DIGEST_LEN + 1];

	ledger_hex(previous, f->previous);
	(void)snprintf(detail, LEDGER_TEXT_MAX + 1,
		"kind=%s sender=%s recipient=%s batch=%s part=%" PRIu32 "/%" PRIu32
		" sequence=%" PRIu64 " previous=%s%s",
		f->kind, f->sender, f->recipient, f->batch, f->part, f->parts,
		f->sequence, previous, f->gap ? " gap" : "");
}

static int
put_file(struct ledger *l, const struct ledger_by *by, const struct ledger_file *f)
{
	char object[2 * LEDGER_DIGEST_LEN + 1];
	char detail[LEDGER_TEXT_MAX + 1];
	struct ledger_event e = {
		"file", object, direction_names[f->direction], NULL, NULL, detail};
	int rc;

	ledger_hex(object, f->sha256);
	tell_file(detail, f);
	rc = LEDGER_RUN(l, SQL_FILE_PUT, V_HASH(f->sha256), V_TEXT(e.event),
		V_TEXT(f->kind), V_TEXT(f->sender), V_TEXT(f->recipient),
		V_TEXT(f->batch), V_INT(f->part), V_INT(f->parts), V_INT(f->sequence),
		V_HASH(f->previous), V_INT(f->gap), V_TEXT(f->path), V_INT(by->now_ms),
		V_TEXT(receipt_names[f->receipt]));
	return rc == 0 ? ledger_event_put(l, by, &e) : rc;
}

/* 0: no file of that content was taken or sent; KE_DUPLICATE. */
static int
check_unknown(struct ledger *l, const struct ledger_file *f)
{
	struct ledger_file known;
	int rc = ledger_file_get(&known, l, f->sha256);

	if (rc == KE_NOT_FOUND)
		return 0;
	return rc == 0 ? KE_DUPLICATE : rc;
}

int
ledger_file_insert(
	struct ledger *l, const struct ledger_by *by, const struct ledger_file *f)
{
	struct ledger_file placed = *f;
	bool own;
	int rc = check_file(f);

	if (rc == 0)
		rc = ledger_enter(l, &own, by, NULL);
	if (rc != 0)
		return rc;
	rc = check_unknown(l, f);
	if (rc == 0)
		rc = check_sequence(&placed, l);
	if (rc == 0)
		rc = put_file(l, by, &placed);
	return ledger_leave(l, own, rc);
}

static int
put_refused(struct ledger *l, const struct ledger_by *by, const struct ledger_file *f)
{
	char object[2 * LEDGER_DIGEST_LEN + 1];
	char detail[LEDGER_TEXT_MAX + 1];
	struct ledger_event e = {"file", object, "refused", NULL, NULL, detail};
	int rc;

	ledger_hex(object, f->sha256);
	tell_file(detail, f);
	rc = LEDGER_RUN(l, SQL_REFUSED_PUT, V_HASH(f->sha256), V_TEXT(f->kind),
		V_TEXT(f->sender), V_TEXT(f->recipient), V_TEXT(f->batch), V_INT(f->part),
		V_INT(f->parts), V_INT(f->sequence), V_HASH(f->previous),
		V_INT(by->now_ms));
	return rc == 0 ? ledger_event_put(l, by, &e) : rc;
}

/* Its number must be the next one: then its part may be anything. */
static int
check_refused(struct ledger *l, const struct ledger_file *f)
{
	struct ledger_file numbered = *f;

	if (f->direction != LEDGER_IN || f->sequence == 0)
		return KE_BAD_ARGUMENT;
	numbered.part = 0;
	return check_sequence(&numbered, l);
}

int
ledger_file_refuse(
	struct ledger *l, const struct ledger_by *by, const struct ledger_file *f)
{
	struct ledger_turn turn;
	bool own;
	int rc = check_file(f);

	if (rc == 0)
		rc = ledger_enter(l, &own, by, NULL);
	if (rc != 0)
		return rc;
	rc = check_unknown(l, f);
	if (rc == 0)
		rc = ledger_file_was_refused(
			&turn, l, f->sha256, f->sender, f->recipient, f->kind);
	if (rc == KE_NOT_FOUND) {
		rc = check_refused(l, f);
		if (rc == 0)
			rc = put_refused(l, by, f);
	}
	return ledger_leave(l, own, rc);
}

/* Changes one column of a file, with its event. */
static int
change_file(struct ledger *l, const struct ledger_by *by,
	const unsigned char sha256[LEDGER_DIGEST_LEN], enum ledger_sql sql,
	const char *event, const char *value)
{
	char object[2 * LEDGER_DIGEST_LEN + 1];
	struct ledger_event e = {"file", object, event, NULL, NULL, value};
	struct ledger_file f;
	bool own;
	int rc = ledger_enter(l, &own, by, NULL);

	ledger_hex(object, sha256);
	if (rc != 0)
		return rc;
	rc = ledger_file_get(&f, l, sha256);
	if (rc == 0)
		rc = ledger_event_put(l, by, &e);
	if (rc == 0)
		rc = LEDGER_RUN(l, sql, V_TEXT(value), V_HASH(sha256));
	return ledger_leave(l, own, rc);
}

int
ledger_file_set_path(struct ledger *l, const struct ledger_by *by,
	const unsigned char sha256[LEDGER_DIGEST_LEN], const char *path)
{
	int rc = ledger_check_text(path, LEDGER_PATH_SIZE - 1);

	return rc == 0 ? change_file(l, by, sha256, SQL_FILE_PATH, "path", path) : rc;
}

int
ledger_file_set_receipt(struct ledger *l, const struct ledger_by *by,
	const unsigned char sha256[LEDGER_DIGEST_LEN], enum ledger_receipt receipt)
{
	if ((unsigned)receipt >= RECEIPTS)
		return KE_BAD_ARGUMENT;
	return change_file(
		l, by, sha256, SQL_FILE_RECEIPT, "receipt", receipt_names[receipt]);
}

/* The file after a row, of one batch or (NULL) of any. */
static int
next_file(sqlite3_stmt **s, struct ledger *l, int64_t rowid, const char *batch)
{
	if (!batch)
		return LEDGER_FIRST(s, l, SQL_FILE_NEXT, V_INT(rowid));
	return LEDGER_FIRST(s, l, SQL_FILE_NEXT_BATCH, V_INT(rowid), V_TEXT(batch));
}

int
ledger_file_list(struct ledger *l, const char *batch, ledger_file_cb *cb, void *context)
{
	struct ledger_file f;
	sqlite3_stmt *s;
	int64_t rowid = 0;
	int rc;

	while ((rc = next_file(&s, l, rowid, batch)) == 1) {
		rowid = sqlite3_column_int64(s, 14);
		rc = read_file(&f, l, s);
		ledger_reset(s);
		if (rc == 0)
			rc = cb(context, &f);
		if (rc != 0)
			break;
	}
	return rc;
}
