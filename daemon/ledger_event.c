/* SPDX-License-Identifier: MIT */
/* The chain of events: adding, reading, the head. */
#include "daemon/ledger_db.h"

#include <string.h>

enum { OBJECT_MAX = 255, NAME_MAX_BYTES = 64 };

/* What only the verbs of their own files write. */
static const char *const own_kinds[] = {"ledger", "batch", "wallet", "file", "job",
	"allocation", "taken", "witness", "request", "approval", "person", "operator",
	"station", "skip", "freeze"};

static int
check_event(const struct ledger_by *by, const struct ledger_event *e)
{
	const struct {
		const char *text;
		size_t max;
	} texts[] = {{by->actor, NAME_MAX_BYTES}, {e->kind, NAME_MAX_BYTES},
		{e->object, OBJECT_MAX}, {e->event, NAME_MAX_BYTES},
		{e->from_state, NAME_MAX_BYTES}, {e->to_state, NAME_MAX_BYTES},
		{e->detail, LEDGER_TEXT_MAX}};
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < sizeof texts / sizeof texts[0]; i++)
		rc = ledger_check_text(texts[i].text, texts[i].max);
	return rc;
}

int
ledger_event_put(
	struct ledger *l, const struct ledger_by *by, const struct ledger_event *e)
{
	struct ledger_hash_event hashed = {l->seq + 1, by->now_ms, by->actor, e->kind,
		e->object, e->event, e->from_state, e->to_state, e->detail};
	unsigned char hash[LEDGER_HASH_LEN];
	int rc = check_event(by, e);

	if (rc != 0)
		return rc;
	rc = ledger_note_add(l, e);
	if (rc == 0)
		rc = ledger_hash(hash, &hashed, l->hash);
	/* The row that it tells of may be written already. */
	if (rc != 0)
		(void)ledger_fail(l, rc, "an event could not be made");
	else
		rc = LEDGER_RUN(l, SQL_EVENT_PUT, V_INT(hashed.seq), V_INT(by->now_ms),
			V_TEXT(by->actor), V_TEXT(e->kind), V_TEXT(e->object),
			V_TEXT(e->event), V_TEXT(e->from_state), V_TEXT(e->to_state),
			V_TEXT(e->detail), V_HASH(l->hash), V_HASH(hash));
	if (rc != 0)
		return rc;
	l->seq++;
	memcpy(l->hash, hash, sizeof hash);
	return 0;
}

int
ledger_event_add(
	struct ledger *l, const struct ledger_by *by, const struct ledger_event *e)
{
	bool own;
	int rc;

	if (!e->kind || !e->event)
		return KE_BAD_ARGUMENT;
	for (size_t i = 0; i < sizeof own_kinds / sizeof own_kinds[0]; i++)
		if (strcmp(e->kind, own_kinds[i]) == 0)
			return KE_BAD_ARGUMENT;
	rc = ledger_enter(l, &own, by, e->detail);
	if (rc != 0)
		return rc;
	return ledger_leave(l, own, ledger_event_put(l, by, e));
}

void
ledger_event_read(struct ledger_event_row *row, const unsigned char **previous,
	const unsigned char **hash, sqlite3_stmt *s)
{
	row->seq = (uint64_t)sqlite3_column_int64(s, 0);
	row->time_ms = sqlite3_column_int64(s, 1);
	row->actor = (const char *)sqlite3_column_text(s, 2);
	row->event.kind = (const char *)sqlite3_column_text(s, 3);
	row->event.object = (const char *)sqlite3_column_text(s, 4);
	row->event.event = (const char *)sqlite3_column_text(s, 5);
	row->event.from_state = (const char *)sqlite3_column_text(s, 6);
	row->event.to_state = (const char *)sqlite3_column_text(s, 7);
	row->event.detail = (const char *)sqlite3_column_text(s, 8);
	*previous = sqlite3_column_bytes(s, 9) == LEDGER_HASH_LEN
			    ? sqlite3_column_blob(s, 9)
			    : NULL;
	*hash = sqlite3_column_bytes(s, 10) == LEDGER_HASH_LEN
			? sqlite3_column_blob(s, 10)
			: NULL;
	memset(row->hash, 0, sizeof row->hash);
	if (*hash)
		memcpy(row->hash, *hash, LEDGER_HASH_LEN);
}

int
ledger_event_check(const struct ledger_event_row *row, const unsigned char *previous,
	const unsigned char *hash)
{
	struct ledger_hash_event hashed = {row->seq, row->time_ms, row->actor,
		row->event.kind, row->event.object, row->event.event,
		row->event.from_state, row->event.to_state, row->event.detail};
	unsigned char again[LEDGER_HASH_LEN];
	int rc;

	if (!previous || !hash)
		return KE_CHAIN_BROKEN;
	rc = ledger_hash(again, &hashed, previous);
	if (rc == 0 && memcmp(again, hash, sizeof again) != 0)
		rc = KE_CHAIN_BROKEN;
	return rc;
}

int
ledger_event_load(struct ledger *l)
{
	struct ledger_event_row row;
	const unsigned char *previous, *hash;
	sqlite3_stmt *s;
	int rc = ledger_prepare_values(&s, l, SQL_EVENT_LAST, NULL, 0);

	if (rc != 0)
		return rc;
	rc = ledger_step(l, s);
	if (rc == 1) {
		ledger_event_read(&row, &previous, &hash, s);
		rc = ledger_event_check(&row, previous, hash);
		if (rc == 0) {
			l->seq = row.seq;
			memcpy(l->hash, row.hash, sizeof l->hash);
		}
	}
	ledger_reset(s);
	return rc;
}

int
ledger_event_hash(unsigned char hash[LEDGER_HASH_LEN], struct ledger *l, uint64_t seq)
{
	sqlite3_stmt *s;
	int rc = seq > INT64_MAX ? KE_NOT_FOUND
				 : LEDGER_FIRST(&s, l, SQL_EVENT_AT, V_INT(seq));

	if (rc < 0)
		return rc;
	rc = rc == 1 ? ledger_column_hash(l, hash, s, 0) : KE_NOT_FOUND;
	ledger_reset(s);
	return rc;
}

void
ledger_head(const struct ledger *l, uint64_t *seq, unsigned char hash[LEDGER_HASH_LEN])
{
	*seq = l->seq;
	memcpy(hash, l->hash, LEDGER_HASH_LEN);
}

static int
prepare_next(sqlite3_stmt **out, struct ledger *l, const struct ledger_event_filter *f,
	uint64_t after)
{
	if (f->kind && f->object)
		return LEDGER_PREPARE(out, l, SQL_EVENT_NEXT_OBJECT, V_INT(after),
			V_TEXT(f->kind), V_TEXT(f->object));
	if (f->kind)
		return LEDGER_PREPARE(
			out, l, SQL_EVENT_NEXT_KIND, V_INT(after), V_TEXT(f->kind));
	return LEDGER_PREPARE(out, l, SQL_EVENT_NEXT, V_INT(after));
}

/* Room for the texts of one event, so that its statement is free during the callback. */
struct event_copy {
	char texts[7][LEDGER_TEXT_MAX + 1];
};

static int
copy_row(struct ledger *l, struct ledger_event_row *row, struct event_copy *copy,
	sqlite3_stmt *s)
{
	const unsigned char *previous, *hash;
	const char **texts[7] = {&row->actor, &row->event.kind, &row->event.object,
		&row->event.event, &row->event.from_state, &row->event.to_state,
		&row->event.detail};
	int rc = 0;

	ledger_event_read(row, &previous, &hash, s);
	for (int i = 0; rc == 0 && i < 7; i++) {
		rc = ledger_column_text(
			l, copy->texts[i], sizeof copy->texts[i], s, 2 + i);
		*texts[i] = copy->texts[i];
	}
	return rc;
}

/* Steps s to its one row and tells of it: *seq is its number, 0 when there is none. */
static int
tell_one(uint64_t *seq, struct ledger *l, sqlite3_stmt *s, ledger_event_cb *cb,
	void *context)
{
	struct ledger_event_row row;
	struct event_copy copy;
	int rc = ledger_step(l, s);

	*seq = 0;
	if (rc < 0)
		return rc;
	if (rc == 0) {
		ledger_reset(s);
		return 0;
	}
	rc = copy_row(l, &row, &copy, s);
	ledger_reset(s);
	*seq = row.seq;
	return rc == 0 ? cb(context, &row) : rc;
}

int
ledger_event_last(struct ledger *l, const char *kind, const char *object,
	ledger_event_cb *cb, void *context)
{
	sqlite3_stmt *s;
	uint64_t seq = 0;
	int rc = LEDGER_PREPARE(
		&s, l, SQL_EVENT_LAST_OBJECT, V_TEXT(kind), V_TEXT(object));

	if (rc == 0)
		rc = tell_one(&seq, l, s, cb, context);
	return rc == 0 && seq == 0 ? KE_NOT_FOUND : rc;
}

int
ledger_event_list(struct ledger *l, const struct ledger_event_filter *f,
	ledger_event_cb *cb, void *context)
{
	sqlite3_stmt *s;
	uint64_t after = f->after;
	int rc;

	if (f->object && !f->kind)
		return KE_BAD_ARGUMENT;
	for (uint64_t n = 0; f->limit == 0 || n < f->limit; n++) {
		rc = prepare_next(&s, l, f, after);
		if (rc == 0)
			rc = tell_one(&after, l, s, cb, context);
		if (rc != 0 || after == 0)
			return rc;
	}
	return 0;
}
