/* SPDX-License-Identifier: MIT */
/* SQLite under the ledger: errors, cached statements, values, columns. */
#include "daemon/durable.h"
#include "daemon/ledger_rows.h"
#include "proto/utf8.h"

#include <stdio.h>
#include <string.h>

static const char *const sql_texts[LEDGER_SQL_COUNT] = {
#define X(constant, text) [constant] = text,
	LEDGER_SQL(X) LEDGER_SQL_CHECKS(X)
#undef X
};

int
ledger_fail(struct ledger *l, int code, const char *what)
{
	if (l->failed == 0) {
		l->failed = code;
		(void)snprintf(l->failure, sizeof l->failure, "%s", what);
	}
	return code;
}

struct result_row {
	int result; /* extended, or primary = any of its kind */
	int code;
};

/* Refusals first: they leave the transaction as it was. */
static const struct result_row refusals[] = {
	{SQLITE_CONSTRAINT_PRIMARYKEY, KE_DUPLICATE},
	{SQLITE_CONSTRAINT_UNIQUE, KE_DUPLICATE},
	{SQLITE_CONSTRAINT_ROWID, KE_DUPLICATE},
	{SQLITE_CONSTRAINT_FOREIGNKEY, KE_NOT_FOUND},
	{SQLITE_CONSTRAINT_TRIGGER, KE_BAD_STATE},
	{SQLITE_CONSTRAINT_CHECK, KE_BAD_ARGUMENT},
};

static const struct result_row failures[] = {
	{SQLITE_IOERR_FSYNC, KE_SYNC},
	{SQLITE_IOERR_DIR_FSYNC, KE_SYNC},
	{SQLITE_FULL, KE_NO_SPACE},
	{SQLITE_READONLY, KE_READ_ONLY},
	{SQLITE_NOMEM, KE_NO_MEMORY},
	{SQLITE_IOERR_NOMEM, KE_NO_MEMORY},
	{SQLITE_BUSY, KE_LOCKED},
	{SQLITE_IOERR, KE_IO},
	{SQLITE_CANTOPEN, KE_IO},
};

static int
code_of(const struct result_row *rows, size_t count, int result)
{
	for (size_t i = 0; i < count; i++)
		if (rows[i].result == result)
			return rows[i].code;
	return 0;
}

/* SQLite has one word for a full quota, a read-only file system and a broken disk. */
static int
system_error(const struct ledger *l)
{
	int code = durable_error(l->db ? sqlite3_system_errno(l->db) : 0);

	return code == KE_NO_SPACE || code == KE_READ_ONLY ? code : KE_IO;
}

int
ledger_sqlite_error(struct ledger *l, int result)
{
	int extended = l->db ? sqlite3_extended_errcode(l->db) : result;
	int code = code_of(refusals, sizeof refusals / sizeof refusals[0], extended);
	size_t count = sizeof failures / sizeof failures[0];

	if (code != 0)
		return code;
	if ((extended & 0xff) != (result & 0xff))
		extended = result;
	code = code_of(failures, count, extended);
	if (code == 0)
		code = code_of(failures, count, extended & 0xff);
	if (code == KE_IO)
		code = system_error(l);
	if (code == 0)
		code = KE_LEDGER;
	(void)durable_note(l->state_dir, code);
	/* Nothing of a transaction counts before its last page is written: SQLite has
	 * taken it back or will, and the next one writes over it. */
	if (code == KE_NO_SPACE && l->in_transaction)
		return l->lost = code;
	return ledger_fail(l, code, sqlite3_errstr(extended));
}

static int
bind(sqlite3_stmt *s, int index, const struct ledger_value *v)
{
	switch (v->type) {
	case VALUE_TEXT:
		return sqlite3_bind_text(
			s, index, v->bytes ? v->bytes : "", v->len, SQLITE_TRANSIENT);
	case VALUE_INT:
		return sqlite3_bind_int64(s, index, v->number);
	case VALUE_BLOB:
		return sqlite3_bind_blob(s, index, v->bytes, v->len, SQLITE_TRANSIENT);
	case VALUE_NULL:
		return sqlite3_bind_null(s, index);
	}
	return SQLITE_MISUSE;
}

int
ledger_prepare_values(sqlite3_stmt **out, struct ledger *l, enum ledger_sql sql,
	const struct ledger_value *values, size_t count)
{
	sqlite3_stmt **cached = &l->statements[sql];
	int result = SQLITE_OK;

	/* Outside of its transaction a statement would stand for itself. */
	if (l->lost != 0 && sql != SQL_ROLLBACK)
		return l->lost;
	if (!*cached)
		result = sqlite3_prepare_v3(l->db, sql_texts[sql], -1,
			SQLITE_PREPARE_PERSISTENT, cached, NULL);
	for (size_t i = 0; result == SQLITE_OK && i < count; i++)
		result = bind(*cached, (int)i + 1, &values[i]);
	if (result != SQLITE_OK)
		return ledger_sqlite_error(l, result);
	*out = *cached;
	return 0;
}

int
ledger_step(struct ledger *l, sqlite3_stmt *s)
{
	int result = sqlite3_step(s);

	if (result == SQLITE_ROW)
		return 1;
	if (result == SQLITE_DONE)
		return 0;
	result = ledger_sqlite_error(l, result);
	ledger_reset(s);
	return result;
}

void
ledger_reset(sqlite3_stmt *s)
{
	(void)sqlite3_reset(s);
	(void)sqlite3_clear_bindings(s);
}

int
ledger_first_values(sqlite3_stmt **out, struct ledger *l, enum ledger_sql sql,
	const struct ledger_value *values, size_t count)
{
	int rc = ledger_prepare_values(out, l, sql, values, count);

	if (rc == 0)
		rc = ledger_step(l, *out);
	if (rc == 0)
		ledger_reset(*out);
	return rc;
}

int
ledger_run_values(struct ledger *l, enum ledger_sql sql,
	const struct ledger_value *values, size_t count)
{
	sqlite3_stmt *s = NULL;
	int rc = ledger_prepare_values(&s, l, sql, values, count);

	if (rc != 0)
		return rc;
	rc = ledger_step(l, s);
	ledger_reset(s);
	return rc < 0 ? rc : 0;
}

int
ledger_column_text(struct ledger *l, char *out, size_t size, sqlite3_stmt *s, int column)
{
	const unsigned char *text = sqlite3_column_text(s, column);
	int len = sqlite3_column_bytes(s, column);

	if (!text)
		len = 0;
	if ((size_t)len >= size)
		return ledger_fail(l, KE_LEDGER, "a text is longer than its limit");
	if (len > 0)
		memcpy(out, text, (size_t)len);
	out[len] = '\0';
	return 0;
}

int
ledger_column_hash(
	struct ledger *l, unsigned char out[LEDGER_HASH_LEN], sqlite3_stmt *s, int column)
{
	const void *bytes = sqlite3_column_blob(s, column);

	if (!bytes || sqlite3_column_bytes(s, column) != LEDGER_HASH_LEN)
		return ledger_fail(l, KE_LEDGER, "a hash has another length");
	memcpy(out, bytes, LEDGER_HASH_LEN);
	return 0;
}

int
ledger_check_text(const char *text, size_t max)
{
	size_t len = text ? strlen(text) : 0;

	if (len > max)
		return KE_TOO_LONG;
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f)
			return KE_BAD_CHARACTER;
	return len > 0 && !utf8_is_valid(text, len) ? KE_BAD_CHARACTER : 0;
}

void
ledger_hex(char out[2 * LEDGER_HASH_LEN + 1], const unsigned char bytes[LEDGER_HASH_LEN])
{
	static const char digits[] = "0123456789abcdef";

	for (int i = 0; i < LEDGER_HASH_LEN; i++) {
		out[2 * i] = digits[bytes[i] >> 4];
		out[2 * i + 1] = digits[bytes[i] & 15];
	}
	out[2 * LEDGER_HASH_LEN] = '\0';
}

int
ledger_column_name(struct ledger *l, const char *const *names, int count, sqlite3_stmt *s,
	int column)
{
	const char *text = (const char *)sqlite3_column_text(s, column);

	for (int i = 0; text && i < count; i++)
		if (strcmp(names[i], text) == 0)
			return i;
	return ledger_fail(l, KE_LEDGER, "a name that the program does not know");
}

int
ledger_column_state(enum wallet_state *out, struct ledger *l, sqlite3_stmt *s, int column)
{
	const char *text = (const char *)sqlite3_column_text(s, column);

	if (text && wallet_state_from_name(out, text) == 0)
		return 0;
	return ledger_fail(l, KE_LEDGER, "a wallet in an unknown state");
}
