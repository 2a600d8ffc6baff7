/* SPDX-License-Identifier: MIT */
/* Inside of the ledger: what its files share.  Nobody else includes this. */
#ifndef KEYLINE_DAEMON_LEDGER_DB_H
#define KEYLINE_DAEMON_LEDGER_DB_H

#include <sqlite3.h>
#include "daemon/ledger.h"
#include "daemon/ledger_sql.h"

struct ledger {
	sqlite3 *db;
	sqlite3_stmt *statements[LEDGER_SQL_COUNT];
	int state_dir; /* descriptors, -1 = closed */
	int mark_dir;
	int lock;
	int mark_lock;
	char mark_name[LEDGER_HOST_SIZE + 8];
	enum mode mode;
	uint64_t seq; /* last event, of the open transaction */
	unsigned char hash[LEDGER_HASH_LEN];
	uint64_t durable_seq; /* last event that is committed */
	unsigned char durable_hash[LEDGER_HASH_LEN];
	/* The mark as it was opened or written last. */
	uint64_t mark_seq;
	unsigned char mark_hash[LEDGER_HASH_LEN];
	int wal_pages;
	bool in_transaction;
	/* The disk was full: the running transaction is lost, and only that. */
	int lost;
	ledger_change_cb *on_change;
	void *change_context;
	struct ledger_note *notes; /* of the open transaction, oldest first */
	struct ledger_note *last_note;
	int failed;
	/* ledger_stop(): why nothing new is begun, and whether what is written now ends
	 * what was begun before. */
	int stopped;
	bool is_ending;
	char failure[128];
};

/* A value bound to a statement's next parameter. */
struct ledger_value {
	enum { VALUE_TEXT, VALUE_INT, VALUE_BLOB, VALUE_NULL } type;
	const void *bytes;
	int64_t number;
	int len;
};

#define V_TEXT(s) ((struct ledger_value){ VALUE_TEXT, (s), 0, -1 })
#define V_INT(i) ((struct ledger_value){ VALUE_INT, NULL, (int64_t)(i), 0 })
#define V_HASH(b) ((struct ledger_value){ VALUE_BLOB, (b), 0, LEDGER_HASH_LEN })
#define V_NULL ((struct ledger_value){ VALUE_NULL, NULL, 0, 0 })

/* Remembers the first failure; from then on nothing is written.  Returns code. */
int ledger_fail(struct ledger *ledger, int code, const char *what);

/* The code for a SQLite result; a failure is remembered. */
int ledger_sqlite_error(struct ledger *ledger, int result);

/*
 * A cached statement with its values bound; step it with ledger_step() and give it
 * back with ledger_reset().  The macros count the values.
 */
int ledger_prepare_values(sqlite3_stmt **out, struct ledger *ledger, enum ledger_sql sql,
	const struct ledger_value *values, size_t count);
int ledger_run_values(struct ledger *ledger, enum ledger_sql sql,
	const struct ledger_value *values, size_t count);

#define LEDGER_VALUES(...)                                                               \
	(const struct ledger_value[]){ __VA_ARGS__ },                                    \
		sizeof((const struct ledger_value[]){ __VA_ARGS__ })                     \
			/ sizeof(struct ledger_value)
#define LEDGER_PREPARE(out, ledger, sql, ...)                                            \
	ledger_prepare_values(out, ledger, sql, LEDGER_VALUES(__VA_ARGS__))
#define LEDGER_RUN(ledger, sql, ...)                                                     \
	ledger_run_values(ledger, sql, LEDGER_VALUES(__VA_ARGS__))

/*
 * The first row of what is asked: 1 and the statement stands on it, to be given back with
 * ledger_reset(); 0 there is none and nothing to give back; or a negative code.
 */
int ledger_first_values(sqlite3_stmt **out, struct ledger *ledger, enum ledger_sql sql,
	const struct ledger_value *values, size_t count);
#define LEDGER_FIRST(out, ledger, sql, ...) \
	ledger_first_values(out, ledger, sql, LEDGER_VALUES(__VA_ARGS__))

/* 1 a row, 0 the end, or a negative code. */
int ledger_step(struct ledger *ledger, sqlite3_stmt *statement);
void ledger_reset(sqlite3_stmt *statement);

/* Copies a text column; a text that is too long is a failure (KE_LEDGER). */
int ledger_column_text(struct ledger *ledger, char *out, size_t size,
	sqlite3_stmt *statement, int column);
/* Copies a column of 32 bytes. */
int ledger_column_hash(struct ledger *ledger, unsigned char out[LEDGER_HASH_LEN],
	sqlite3_stmt *statement, int column);

/*
 * The opening of a verb: checks the texts that every verb takes, actor and detail (NULL =
 * empty; by NULL = a verb that is nobody's), and opens a transaction unless one is open;
 * ledger_leave() commits or rolls back what ledger_enter() opened.  After an error
 * nothing is open that was not before.  Use:  rc = ledger_enter(l, &own, by, detail); if
 * (rc != 0) return rc; rc = ...; return ledger_leave(l, own, rc);
 */
int ledger_enter(
	struct ledger *ledger, bool *own, const struct ledger_by *by, const char *detail);
int ledger_leave(struct ledger *ledger, bool own, int rc);

/* 0 when text (NULL = empty) may stand in the ledger; KE_TOO_LONG, KE_BAD_CHARACTER. */
int ledger_check_text(const char *text, size_t max);

/* Adds an event of any kind.  In a transaction only. */
int ledger_event_put(struct ledger *ledger, const struct ledger_by *by,
	const struct ledger_event *event);

/* ledger_note.c: keeps what ledger_on_change() tells.  Returns 0 or KE_NO_MEMORY. */
int ledger_note_add(struct ledger *ledger, const struct ledger_event *event);
/* The transaction has ended: tells what was kept, or forgets it. */
void ledger_notes_end(struct ledger *ledger, bool committed);

/* ledger_mark.c: 0 and the mark, KE_NOT_FOUND, KE_CHAIN_BROKEN not a mark, or I/O. */
int ledger_mark_read(
	uint64_t *seq, unsigned char hash[LEDGER_HASH_LEN], const struct ledger *ledger);
int ledger_mark_write(struct ledger *ledger, uint64_t seq,
	const unsigned char hash[LEDGER_HASH_LEN]);
/*
 * Compares the mark with the last event and the one at the mark.  KE_ROLLED_BACK,
 * KE_NO_MARK, or a failure; a ledger without events gets a mark.
 */
int ledger_mark_check(struct ledger *ledger);
/* At the opening, once checked: from now on nobody else may write it. */
int ledger_mark_begin(struct ledger *ledger);
/* The mark of the open transaction's last event: its bytes before the commit, for which
 * KE_NO_SPACE and KE_READ_ONLY lose the transaction alone; its place after it.  Both
 * KE_OTHER_MARK, a failure, when the mark is not what ledger_mark_begin() found or the last
 * ledger_mark_put() wrote: another ledger of this host is being written. */
int ledger_mark_prepare(struct ledger *ledger);
int ledger_mark_put(struct ledger *ledger);

/* ledger_schema.c: the version of the file's tables, 0 = none; KE_NEWER_LEDGER. */
int ledger_schema_version(int64_t *version, struct ledger *ledger);
/* Makes or migrates the tables, or checks whose they are.  In a transaction. */
int ledger_schema_apply(struct ledger *ledger, int64_t version,
	const struct ledger_place *place, const struct ledger_by *by);

/* ledger_event.c: sets seq and hash to those of the last event, having checked it. */
int ledger_event_load(struct ledger *ledger);
/* One row of LEDGER_EVENT_COLUMNS; texts and hashes (NULL = malformed) live in it. */
void ledger_event_read(struct ledger_event_row *row, const unsigned char **previous,
	const unsigned char **hash, sqlite3_stmt *statement);
/* 0 when hash is the event's hash after previous, else KE_CHAIN_BROKEN. */
int ledger_event_check(const struct ledger_event_row *row, const unsigned char *previous,
	const unsigned char *hash);

#endif
