/* SPDX-License-Identifier: MIT */
/*
 * The tables.  A change of them is a new row at the end of migrations[], never an
 * edit of an old one: user_version is the number of rows that a file has seen.
 */
#include "config.h"
#include "daemon/ledger_db.h"

#include <stdio.h>
#include <string.h>

#define FLAG(name) name " INTEGER NOT NULL CHECK (" name " IN (0, 1))"
#define HASH(name) name " BLOB NOT NULL CHECK (length(" name ") = 32)"
/* What was written once stays; a backstop against our own errors, no protection. */
#define FOREVER(table)                                           \
	"CREATE TRIGGER " table "_stays BEFORE DELETE ON " table \
	" BEGIN SELECT RAISE(ABORT, 'rows of " table " stay'); END;"

/* clang-format off */
#define TALLY_KEY(of) \
	of "batch, " of "state, " of "drawn, " of "part, " of "destroyed, " of "held"
#define COUNT_NEW \
	"INSERT INTO tally VALUES (" TALLY_KEY("new.") ", 1, new.changed_ms)" \
	" ON CONFLICT DO UPDATE SET wallets = wallets + 1," \
	" changed_ms = max(changed_ms, excluded.changed_ms);"

static const char *const migrations[] = {
	/* 1 */
	"CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL)"
	" STRICT, WITHOUT ROWID;"

	"CREATE TABLE event(seq INTEGER PRIMARY KEY CHECK (seq > 0),"
	" time_ms INTEGER NOT NULL, actor TEXT NOT NULL, kind TEXT NOT NULL,"
	" object TEXT NOT NULL, event TEXT NOT NULL, from_state TEXT NOT NULL,"
	" to_state TEXT NOT NULL, detail TEXT NOT NULL, " HASH("prev_hash") "," HASH(
		"hash") ") STRICT;"
	"CREATE INDEX event_of ON event(kind, object, seq);" FOREVER("event")
	"CREATE TRIGGER event_unchanged BEFORE UPDATE ON event"
	" BEGIN SELECT RAISE(ABORT, 'events do not change'); END;"

	"CREATE TABLE batch(id TEXT NOT NULL UNIQUE, product TEXT NOT NULL,"
	" coins TEXT NOT NULL, use TEXT NOT NULL, first_serial TEXT NOT NULL,"
	" made INTEGER NOT NULL, draws INTEGER NOT NULL, spares INTEGER NOT NULL,"
	" state TEXT NOT NULL, " FLAG("held") ", reason TEXT NOT NULL,"
	" created_ms INTEGER NOT NULL, changed_ms INTEGER NOT NULL) STRICT;" FOREVER("batch")

	"CREATE TABLE wallet(serial TEXT PRIMARY KEY,"
	" batch TEXT NOT NULL REFERENCES batch(id), row INTEGER NOT NULL,"
	" state TEXT NOT NULL, " FLAG("held") ", reason TEXT NOT NULL, " FLAG("drawn")
	"," FLAG("part") "," FLAG("destroyed") ", job INTEGER NOT NULL,"
	" changed_ms INTEGER NOT NULL, UNIQUE(batch, row)) STRICT, WITHOUT ROWID;"
	"CREATE INDEX wallet_state ON wallet(state, batch, row);" FOREVER("wallet")

	"CREATE TABLE file(" HASH("sha256") " UNIQUE,"
	" direction TEXT NOT NULL CHECK (direction IN ('in', 'out')),"
	" kind TEXT NOT NULL, sender TEXT NOT NULL, recipient TEXT NOT NULL,"
	" batch TEXT NOT NULL, part INTEGER NOT NULL, parts INTEGER NOT NULL,"
	" sequence INTEGER NOT NULL, " HASH("previous") "," FLAG("gap")
	", path TEXT NOT NULL, time_ms INTEGER NOT NULL,"
	" receipt TEXT NOT NULL) STRICT;"
	"CREATE UNIQUE INDEX file_sequence"
	" ON file(direction, sender, recipient, kind, sequence) WHERE sequence > 0;"
	"CREATE INDEX file_batch ON file(batch, kind, part);" FOREVER("file")

	"CREATE TABLE sealed(serial TEXT NOT NULL REFERENCES wallet(serial),"
	" kind TEXT NOT NULL, file BLOB NOT NULL REFERENCES file(sha256),"
	" offset INTEGER NOT NULL, length INTEGER NOT NULL, " HASH("sha256") ","
	" PRIMARY KEY(serial, kind)) STRICT, WITHOUT ROWID;" FOREVER("sealed")

	"CREATE TABLE taken(kind TEXT NOT NULL, " HASH("digest") ","
	" PRIMARY KEY(kind, digest)) STRICT, WITHOUT ROWID;" FOREVER("taken")

	"CREATE TABLE allocation(kind TEXT NOT NULL, name TEXT NOT NULL,"
	" first INTEGER NOT NULL CHECK (first >= 0), last INTEGER NOT NULL,"
	" batch TEXT NOT NULL, CHECK (last >= first),"
	" PRIMARY KEY(kind, name, first)) STRICT, WITHOUT ROWID;"
	"CREATE INDEX allocation_last ON allocation(kind, name, last);"
	FOREVER("allocation")

	"CREATE TABLE intent(job INTEGER PRIMARY KEY,"
	" kind TEXT NOT NULL CHECK (kind IN ('plate', 'sticker', 'setup')),"
	" serial TEXT REFERENCES wallet(serial),"
	" station TEXT NOT NULL, counter INTEGER NOT NULL, nonce TEXT NOT NULL,"
	" opened_ms INTEGER NOT NULL, closed_ms INTEGER NOT NULL,"
	" outcome TEXT NOT NULL CHECK"
	" (outcome IN ('open', 'done', 'failed', 'never', 'doubt')),"
	" CHECK ((serial IS NULL) = (kind = 'setup'))) STRICT;"
	/* The promise of ledger_intent_open(), kept by the file itself. */
	"CREATE UNIQUE INDEX intent_once ON intent(serial)"
	" WHERE serial IS NOT NULL AND outcome IN ('open', 'done', 'doubt');"
	"CREATE INDEX intent_open ON intent(job) WHERE outcome = 'open';"
	"CREATE TRIGGER intent_final BEFORE UPDATE ON intent WHEN old.outcome <> 'open'"
	" OR new.job <> old.job OR new.serial IS NOT old.serial OR new.kind <> old.kind"
	" BEGIN SELECT RAISE(ABORT, 'an intent ends once'); END;" FOREVER("intent")

	"CREATE TABLE request(id INTEGER PRIMARY KEY AUTOINCREMENT,"
	" action TEXT NOT NULL, object TEXT NOT NULL, args TEXT NOT NULL,"
	" actor TEXT NOT NULL, nonce TEXT NOT NULL, created_ms INTEGER NOT NULL,"
	" expires_ms INTEGER NOT NULL, state TEXT NOT NULL"
	" CHECK (state IN ('open', 'done', 'withdrawn')),"
	" second TEXT NOT NULL, signature TEXT NOT NULL,"
	" CHECK (state <> 'done' OR second <> actor)) STRICT;"
	"CREATE INDEX request_open ON request(action, object) WHERE state = 'open';"
	"CREATE UNIQUE INDEX request_nonce ON request(nonce) WHERE nonce <> '';"
	"CREATE TRIGGER request_final BEFORE UPDATE ON request WHEN old.state <> 'open'"
	" BEGIN SELECT RAISE(ABORT, 'a request ends once'); END;" FOREVER("request"),

	/* 2: an intent knows its device; another one cannot say what became of it */
	"ALTER TABLE intent ADD COLUMN device TEXT NOT NULL DEFAULT '';",

	/* 3: heads of other hosts' ledgers, as their files told them */
	"CREATE TABLE witness(host TEXT NOT NULL, seq INTEGER NOT NULL CHECK (seq > 0),"
	HASH("hash") ", time_ms INTEGER NOT NULL, PRIMARY KEY(host, seq))"
	" STRICT, WITHOUT ROWID;" FOREVER("witness"),

	/* 4: persons have keys, and sign what they approve */
	"ALTER TABLE request ADD COLUMN reason TEXT NOT NULL DEFAULT '';"
	"ALTER TABLE request DROP COLUMN signature;"

	"CREATE TABLE person(fingerprint TEXT NOT NULL UNIQUE, person TEXT NOT NULL,"
	" name TEXT NOT NULL, key TEXT NOT NULL, since_ms INTEGER NOT NULL,"
	" removed_ms INTEGER NOT NULL) STRICT;"
	"CREATE UNIQUE INDEX person_once ON person(person) WHERE removed_ms = 0;"
	"CREATE TRIGGER person_final BEFORE UPDATE ON person WHEN old.removed_ms <> 0 OR"
	" new.fingerprint <> old.fingerprint OR new.person <> old.person"
	" OR new.name <> old.name OR new.key <> old.key"
	" BEGIN SELECT RAISE(ABORT, 'a key stays whose it was'); END;" FOREVER("person")

	"CREATE TABLE approval(request INTEGER NOT NULL REFERENCES request(id),"
	" person TEXT NOT NULL, key TEXT NOT NULL REFERENCES person(fingerprint),"
	" text TEXT NOT NULL, signature TEXT NOT NULL, UNIQUE(request, person)) STRICT;"
	"CREATE TRIGGER approval_unchanged BEFORE UPDATE ON approval"
	" BEGIN SELECT RAISE(ABORT, 'what was signed does not change'); END;"
	FOREVER("approval")

	/* its hash stands in the request's args */
	"CREATE TABLE request_list(request INTEGER PRIMARY KEY REFERENCES request(id),"
	" serials TEXT NOT NULL) STRICT;" FOREVER("request_list"),

	/* 5: files that were refused for their content have used up their numbers */
	"CREATE TABLE refused(" HASH("sha256") " UNIQUE,"
	" kind TEXT NOT NULL, sender TEXT NOT NULL, recipient TEXT NOT NULL,"
	" batch TEXT NOT NULL, part INTEGER NOT NULL, parts INTEGER NOT NULL,"
	" sequence INTEGER NOT NULL CHECK (sequence > 0), " HASH("previous") ","
	" time_ms INTEGER NOT NULL,"
	" UNIQUE(sender, recipient, kind, sequence)) STRICT;" FOREVER("refused")
	"CREATE TRIGGER refused_unchanged BEFORE UPDATE ON refused"
	" BEGIN SELECT RAISE(ABORT, 'a refused file stays what it was'); END;",

	/* 6: operators, by the hash of a badge's code or of a PIN, and who stands where */
	"CREATE TABLE operator(name TEXT NOT NULL,"
	" code TEXT NOT NULL CHECK (code IN ('badge', 'pin')),"
	" salt BLOB NOT NULL UNIQUE CHECK (length(salt) = 16), " HASH("hash") ","
	" since_ms INTEGER NOT NULL, removed_ms INTEGER NOT NULL) STRICT;"
	"CREATE UNIQUE INDEX operator_once ON operator(name, code) WHERE removed_ms = 0;"
	"CREATE TRIGGER operator_final BEFORE UPDATE ON operator WHEN old.removed_ms <> 0"
	" OR new.name <> old.name OR new.code <> old.code OR new.salt <> old.salt"
	" OR new.hash <> old.hash"
	" BEGIN SELECT RAISE(ABORT, 'a code stays whose it was'); END;" FOREVER("operator")
	"CREATE TABLE stand(station TEXT PRIMARY KEY, operator TEXT NOT NULL)"
	" STRICT, WITHOUT ROWID;",

	/* 7: numbers of files that do not come */
	"CREATE TABLE skipped(kind TEXT NOT NULL, sender TEXT NOT NULL,"
	" recipient TEXT NOT NULL, sequence INTEGER NOT NULL CHECK (sequence > 0),"
	" reason TEXT NOT NULL, time_ms INTEGER NOT NULL,"
	" UNIQUE(sender, recipient, kind, sequence)) STRICT;" FOREVER("skipped")
	"CREATE TRIGGER skipped_unchanged BEFORE UPDATE ON skipped"
	" BEGIN SELECT RAISE(ABORT, 'a number is skipped once'); END;",

	/* 8: batches that are stopped; another host may say so before the batch is known */
	"CREATE TABLE frozen(batch TEXT PRIMARY KEY, state TEXT NOT NULL"
	" CHECK (state IN ('frozen', 'void')), reason TEXT NOT NULL,"
	" time_ms INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
	"CREATE TRIGGER void_stays BEFORE DELETE ON frozen WHEN old.state = 'void'"
	" BEGIN SELECT RAISE(ABORT, 'a void batch stays void'); END;",

	/* 9: how many wallets of a batch stand how, kept as they change: nobody who asks how
	 * things stand goes over the wallets */
	"CREATE TABLE tally(batch TEXT NOT NULL, state TEXT NOT NULL, " FLAG("drawn") ","
	FLAG("part") "," FLAG("destroyed") "," FLAG("held") ","
	" wallets INTEGER NOT NULL CHECK (wallets >= 0), changed_ms INTEGER NOT NULL,"
	" PRIMARY KEY(" TALLY_KEY("") ")) STRICT, WITHOUT ROWID;"
	"INSERT INTO tally SELECT " TALLY_KEY("") ", count(*), max(changed_ms)"
	" FROM wallet GROUP BY " TALLY_KEY("") ";"
	"CREATE TRIGGER wallet_counted AFTER INSERT ON wallet BEGIN " COUNT_NEW " END;"
	"CREATE TRIGGER wallet_counted_again AFTER UPDATE ON wallet BEGIN"
	" UPDATE tally SET wallets = wallets - 1 WHERE (" TALLY_KEY("") ") ="
	" (" TALLY_KEY("old.") "); " COUNT_NEW " END;",

	/* 10: an intent knows which start of its device's controller was ready for it */
	"ALTER TABLE intent ADD COLUMN boot INTEGER NOT NULL DEFAULT 0;",
};

/* clang-format on */

enum { SCHEMA_VERSION = sizeof migrations / sizeof migrations[0] };

static int
exec(struct ledger *l, const char *sql)
{
	int result = sqlite3_exec(l->db, sql, NULL, NULL, NULL);

	return result == SQLITE_OK ? 0 : ledger_sqlite_error(l, result);
}

/* One number that a query gives. */
static int
query_number(int64_t *out, struct ledger *l, const char *sql)
{
	sqlite3_stmt *s = NULL;
	int result = sqlite3_prepare_v2(l->db, sql, -1, &s, NULL);

	if (result == SQLITE_OK)
		result = sqlite3_step(s);
	if (result == SQLITE_ROW)
		*out = sqlite3_column_int64(s, 0);
	sqlite3_finalize(s);
	return result == SQLITE_ROW ? 0 : ledger_sqlite_error(l, result);
}

/* The program that opened a job knows how to ask about it: another waits till it has. */
static int
check_no_open_intent(struct ledger *l)
{
	int64_t open = 0;
	int rc = query_number(
		&open, l, "SELECT count(*) FROM intent WHERE outcome = 'open'");

	return rc == 0 && open > 0 ? KE_OPEN_INTENT : rc;
}

static int
migrate(struct ledger *l, int64_t from)
{
	char sql[64];
	int rc = from > 0 ? check_no_open_intent(l) : 0;

	for (int64_t i = from; rc == 0 && i < SCHEMA_VERSION; i++)
		rc = exec(l, migrations[i]);
	if (rc == 0) {
		(void)snprintf(
			sql, sizeof sql, "PRAGMA user_version = %d", (int)SCHEMA_VERSION);
		rc = exec(l, sql);
	}
	return rc;
}

static const char *
program_of(const struct ledger_place *place)
{
	return place->program ? place->program : PACKAGE_VERSION;
}

/* Writes whose ledger it is, and its first event. */
static int
found(struct ledger *l, const struct ledger_place *place, const struct ledger_by *by)
{
	char detail[LEDGER_TEXT_MAX + 1];
	struct ledger_event event = {
		"ledger", place->host, "created", NULL, NULL, detail};
	int rc;

	(void)snprintf(detail, sizeof detail, "mode=%s use=%s schema=%d",
		mode_name(place->mode), place->use, (int)SCHEMA_VERSION);
	rc = LEDGER_RUN(l, SQL_META_PUT, V_TEXT("host"), V_TEXT(place->host));
	if (rc == 0)
		rc = LEDGER_RUN(
			l, SQL_META_PUT, V_TEXT("mode"), V_TEXT(mode_name(place->mode)));
	if (rc == 0)
		rc = LEDGER_RUN(l, SQL_META_PUT, V_TEXT("use"), V_TEXT(place->use));
	if (rc == 0)
		rc = LEDGER_RUN(l, SQL_META_PUT, V_TEXT("job"), V_TEXT("0"));
	if (rc == 0)
		rc = LEDGER_RUN(l, SQL_META_PUT, V_TEXT("program"),
			V_TEXT(program_of(place)));
	if (rc == 0)
		rc = ledger_event_put(l, by, &event);
	return rc;
}

/* 0 when meta's value of key is value, else otherwise. */
static int
compare_meta(struct ledger *l, const char *key, const char *value, int otherwise)
{
	sqlite3_stmt *s;
	int rc = LEDGER_FIRST(&s, l, SQL_META_GET, V_TEXT(key));

	if (rc != 1)
		return rc == 0 ? otherwise : rc;
	rc = strcmp((const char *)sqlite3_column_text(s, 0), value) == 0 ? 0 : otherwise;
	ledger_reset(s);
	return rc;
}

/* Who works on this ledger from now on.  A ledger without the entry is of a program
 * before the entry was. */
static int
take_over(struct ledger *l, const struct ledger_place *place, const struct ledger_by *by)
{
	const char *program = program_of(place);
	char detail[LEDGER_TEXT_MAX + 1];
	struct ledger_event event = {
		"ledger", place->host, "program", NULL, NULL, detail};
	int rc = compare_meta(l, "program", program, KE_OPEN_INTENT);

	if (rc != KE_OPEN_INTENT)
		return rc;
	(void)snprintf(detail, sizeof detail, "version=%s", program);
	rc = check_no_open_intent(l);
	if (rc == 0)
		rc = LEDGER_RUN(l, SQL_META_PUT, V_TEXT("program"), V_TEXT(program));
	return rc == 0 ? ledger_event_put(l, by, &event) : rc;
}

int
ledger_schema_version(int64_t *version, struct ledger *l)
{
	int rc = query_number(version, l, "PRAGMA user_version");

	return rc == 0 && *version > SCHEMA_VERSION ? KE_NEWER_LEDGER : rc;
}

int
ledger_schema_apply(struct ledger *l, int64_t version, const struct ledger_place *place,
	const struct ledger_by *by)
{
	struct ledger_event event = {"ledger", place->host, "migrated", NULL, NULL, NULL};
	int rc = 0;

	if (version < SCHEMA_VERSION)
		rc = migrate(l, version);
	if (rc == 0 && version == 0)
		rc = found(l, place, by);
	if (rc == 0)
		rc = compare_meta(l, "host", place->host, KE_BAD_CONFIG);
	if (rc == 0)
		rc = compare_meta(l, "mode", mode_name(place->mode), KE_BAD_CONFIG);
	if (rc == 0)
		rc = compare_meta(l, "use", place->use, KE_WRONG_USE);
	if (rc == 0 && version > 0 && version < SCHEMA_VERSION)
		rc = ledger_event_put(l, by, &event);
	return rc == 0 ? take_over(l, place, by) : rc;
}
