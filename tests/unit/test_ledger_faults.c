/* SPDX-License-Identifier: MIT */
/*
 * Each verb of the ledger, while each call that can fail does so in its turn: SQLite's
 * statements, our own allocations, the hash, and every allocation of SQLite's.  It says
 * that it failed, never that it refused; the ledger writes no more; nothing was changed.
 */
#include "config.h"
#include "harness.h"
#include <errno.h>
#include "ledger_verbs.h"
#include "daemon/durable.h"
#include "daemon/ledger_db.h"
#include "proto/hash.h"

enum fault { FAULT_CALL, FAULT_MEMORY };

static struct {
	bool on;
	enum fault kind;
	unsigned count;   /* points passed */
	unsigned fail_at; /* 0 = never */
	bool failed;
	int changes;          /* rows that were ever changed, before the verb */
	unsigned interrupted; /* reads to come that a signal ends */
} faults;

static bool
fault_here(enum fault kind)
{
	if (!faults.on || kind != faults.kind || ++faults.count != faults.fail_at)
		return false;
	return faults.failed = true;
}

/* What a disk and a file can do to a statement. */
static int
result_of(unsigned n)
{
	static const int results[] = {SQLITE_IOERR_READ, SQLITE_FULL, SQLITE_CORRUPT,
		SQLITE_NOMEM, SQLITE_READONLY, SQLITE_IOERR_FSYNC};

	return results[n % (sizeof results / sizeof results[0])];
}

/* And what the disk says of it: no room left is not a broken disk. */
static int
errno_of(unsigned n)
{
	static const int errnos[] = {EIO, EDQUOT, EROFS};

	return errnos[n / 6 % (sizeof errnos / sizeof errnos[0])];
}

#define WRAP(type, name, arguments, kind, failure, call)                  \
	type __real_##name arguments;                                     \
	type __wrap_##name arguments;                                     \
	type __wrap_##name arguments                                      \
	{                                                                 \
		return fault_here(kind) ? (failure) : __real_##name call; \
	}

/* clang-format off */
WRAP(int, sqlite3_step, (sqlite3_stmt *s), FAULT_CALL, result_of(faults.fail_at), (s))
WRAP(int, sqlite3_prepare_v3, (sqlite3 *db, const char *sql, int len, unsigned flags,
	sqlite3_stmt **out, const char **tail), FAULT_CALL, SQLITE_CORRUPT,
	(db, sql, len, flags, out, tail))
WRAP(int, sqlite3_bind_text, (sqlite3_stmt *s, int at, const char *text, int len,
	void (*end)(void *)), FAULT_CALL, SQLITE_NOMEM, (s, at, text, len, end))
WRAP(int, hash_sha256_parts, (unsigned char *out, const struct hash_part *parts,
	size_t count), FAULT_CALL, KE_CRYPTO, (out, parts, count))
WRAP(void *, malloc, (size_t size), FAULT_CALL, NULL, (size))
WRAP(void *, calloc, (size_t count, size_t size), FAULT_CALL, NULL, (count, size))
WRAP(int, sqlite3_prepare_v2, (sqlite3 *db, const char *sql, int len,
	sqlite3_stmt **out, const char **tail), FAULT_CALL, SQLITE_CORRUPT,
	(db, sql, len, out, tail))
WRAP(int, sqlite3_exec, (sqlite3 *db, const char *sql,
	int (*cb)(void *, int, char **, char **), void *context, char **message),
	FAULT_CALL, result_of(faults.fail_at), (db, sql, cb, context, message))
WRAP(int, sqlite3_open_v2, (const char *name, sqlite3 **db, int flags, const char *vfs),
	FAULT_CALL, SQLITE_CANTOPEN, (name, db, flags, vfs))
WRAP(char *, strdup, (const char *text), FAULT_CALL, NULL, (text))
/* clang-format on */

ssize_t __real_read(int fd, void *out, size_t len);
ssize_t __wrap_read(int fd, void *out, size_t len);

ssize_t
__wrap_read(int fd, void *out, size_t len)
{
	bool interrupted = faults.interrupted > 0;

	if (interrupted)
		faults.interrupted--;
	errno = interrupted ? EINTR : EIO;
	return interrupted || fault_here(FAULT_CALL) ? -1 : __real_read(fd, out, len);
}

/* What a checkpoint, and a lock, give in place of what they would; 0: nothing. */
static struct {
	int checkpoint, system_errno, lock_errno;
} instead;

int __real_sqlite3_wal_checkpoint_v2(
	sqlite3 *db, const char *name, int how, int *log, int *moved);
int __wrap_sqlite3_wal_checkpoint_v2(
	sqlite3 *db, const char *name, int how, int *log, int *moved);

int
__wrap_sqlite3_wal_checkpoint_v2(
	sqlite3 *db, const char *name, int how, int *log, int *moved)
{
	return instead.checkpoint
		       ? instead.checkpoint
		       : __real_sqlite3_wal_checkpoint_v2(db, name, how, log, moved);
}

int __real_durable_lock(int fd);
int __wrap_durable_lock(int fd);

/* Once: what is opened otherwise may be locked. */
int
__wrap_durable_lock(int fd)
{
	int code = instead.lock_errno;

	instead.lock_errno = 0;
	errno = code;
	return code ? KE_IO : __real_durable_lock(fd);
}

int __real_sqlite3_system_errno(sqlite3 *db);
int __wrap_sqlite3_system_errno(sqlite3 *db);

int
__wrap_sqlite3_system_errno(sqlite3 *db)
{
	if (instead.checkpoint)
		return instead.system_errno;
	return faults.on && faults.failed ? errno_of(faults.fail_at)
					  : __real_sqlite3_system_errno(db);
}

/* SQLite's own allocations. */
static sqlite3_mem_methods memory;

static void *
fault_malloc(int size)
{
	return fault_here(FAULT_MEMORY) ? NULL : memory.xMalloc(size);
}

static void *
fault_realloc(void *old, int size)
{
	return fault_here(FAULT_MEMORY) ? NULL : memory.xRealloc(old, size);
}

/* Before SQLite is used at all. */
static void
take_memory(void)
{
	sqlite3_mem_methods ours;
	int result = sqlite3_config(SQLITE_CONFIG_GETMALLOC, &memory);

	ours = memory;
	ours.xMalloc = fault_malloc;
	ours.xRealloc = fault_realloc;
	if (result == SQLITE_OK)
		result = sqlite3_config(SQLITE_CONFIG_MALLOC, &ours);
	/* Else a connection has a store of its own, and small ones never fail. */
	if (result == SQLITE_OK)
		result = sqlite3_config(SQLITE_CONFIG_LOOKASIDE, 0, 0);
	if (result != SQLITE_OK)
		abort();
}

/* All that lies in the tables, as one number. */
static uint64_t
everything(struct scene *scene)
{
	static const char *const tables[] = {"meta", "event", "batch", "wallet", "file",
		"sealed", "taken", "allocation", "intent", "request", "request_list",
		"witness", "person", "approval", "refused", "operator", "stand",
		"skipped", "frozen"};
	uint64_t sum = UINT64_C(14695981039346656037);
	char sql[64];

	for (size_t t = 0; t < sizeof tables / sizeof tables[0]; t++) {
		sqlite3_stmt *s;

		(void)snprintf(sql, sizeof sql, "SELECT * FROM %s", tables[t]);
		ck_assert_int_eq(
			sqlite3_prepare_v2(scene->f.ledger->db, sql, -1, &s, NULL),
			SQLITE_OK);
		while (sqlite3_step(s) == SQLITE_ROW)
			for (int c = 0; c < sqlite3_column_count(s); c++) {
				const unsigned char *at = sqlite3_column_blob(s, c);
				int len = sqlite3_column_bytes(s, c);

				for (int i = 0; i < len; i++)
					sum = (sum ^ at[i]) * UINT64_C(1099511628211);
				sum = (sum ^ 0x100) * UINT64_C(1099511628211);
			}
		ck_assert_int_eq(sqlite3_finalize(s), SQLITE_OK);
	}
	return sum;
}

static bool
is_refusal(int rc)
{
	static const int refusals[] = {KE_BAD_STATE, KE_DUPLICATE, KE_NOT_FOUND, KE_HELD,
		KE_OUT_OF_SEQUENCE, KE_EXHAUSTED, KE_NEED_SECOND, KE_EXPIRED, KE_TOO_LONG,
		KE_BAD_CHARACTER, KE_BAD_ARGUMENT, KE_BAD_NAME, KE_BUSY,
		/* and what only a look at a whole chain may say */
		KE_CHAIN_BROKEN, KE_FORKED};

	for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++)
		if (refusals[i] == rc)
			return true;
	return false;
}

/* As after a restart, with nothing prepared. */
static void
forget(struct ledger *l, bool statements)
{
	l->failed = l->lost = 0;
	l->failure[0] = '\0';
	durable_begin();
	for (int i = 0; statements && i < LEDGER_SQL_COUNT; i++) {
		(void)sqlite3_finalize(l->statements[i]);
		l->statements[i] = NULL;
	}
}

static int
run_verb(struct scene *scene, const struct scene_verb *verb, enum fault kind, unsigned n)
{
	int rc;

	scene_tell_anew();
	memset(&faults, 0, sizeof faults);
	faults.kind = kind;
	faults.fail_at = n;
	faults.changes = sqlite3_total_changes(scene->f.ledger->db);
	faults.on = true;
	rc = verb->run(scene);
	faults.on = false;
	return rc;
}

/* What the verb does without a fault, in a transaction that is taken back. */
static unsigned
learn(uint64_t *told, struct scene *scene, const struct scene_verb *verb, enum fault kind)
{
	int rc;

	if (kind == FAULT_CALL)
		forget(scene->f.ledger, true);
	OK(ledger_begin(scene->f.ledger));
	rc = run_verb(scene, verb, kind, 0);
	ck_assert_msg(rc == 0, "%s: %s", verb->name, error_name(rc));
	*told = scene_told();
	ledger_rollback(scene->f.ledger);
	return faults.count;
}

/* What has written nothing yet may fail by itself; all else takes the ledger with it. */
static void
check_failed(const struct ledger *l, const char *name, unsigned n, int rc)
{
	bool wrote = sqlite3_total_changes(l->db) != faults.changes;

	ck_assert_msg(
		rc < 0 && !is_refusal(rc), "%s, point %u: %s", name, n, error_name(rc));
	ck_assert_msg(ledger_failed(l) == rc ||
			      (ledger_failed(l) == 0 && (rc == KE_NO_SPACE || !wrote)),
		"%s, point %u: %s, and the ledger: %s", name, n, error_name(rc),
		error_name(ledger_failed(l)));
}

/* In a transaction of the caller's, and in one of the verb's own. */
static void
calls_fail(struct scene *scene, const struct scene_verb *verb, uint64_t before)
{
	struct ledger *l = scene->f.ledger;
	uint64_t told, seq = l->seq;
	unsigned points = learn(&told, scene, verb, FAULT_CALL);

	for (unsigned n = 1; n <= 2 * points; n++) {
		bool inside = n <= points;
		int rc;

		forget(l, true);
		if (inside)
			OK(ledger_begin(l));
		rc = run_verb(scene, verb, FAULT_CALL, inside ? n : n - points);
		ck_assert_msg(faults.failed, "%s, point %u of %u", verb->name, n, points);
		check_failed(l, verb->name, n, rc);
		ck_assert_int_eq(l->in_transaction, inside);
		if (l->lost != 0)
			IS(ledger_taken(l, "code", l->hash), KE_NO_SPACE);
		ledger_rollback(l);
		ck_assert(sqlite3_get_autocommit(l->db));
		ck_assert_uint_eq(l->seq, seq);
		ck_assert_msg(everything(scene) == before, "%s, point %u", verb->name, n);
	}
	ck_assert_uint_eq(scene_changes(), 0);
	forget(l, true);
}

START_TEST(each_call_fails)
{
	struct scene scene;
	uint64_t before;

	scene_open(&scene);
	before = everything(&scene);
	for (size_t i = 0; i < scene_verb_count; i += harness_stride(7))
		calls_fail(&scene, &scene_verbs[i], before);
	scene_close(&scene);
}
END_TEST

/* SQLite can do without some of them: then the verb says what it always says. */
static void
memory_fails(struct scene *scene, const struct scene_verb *verb, uint64_t before)
{
	struct ledger *l = scene->f.ledger;
	uint64_t told;
	unsigned points;

	(void)learn(&told, scene, verb, FAULT_MEMORY);
	points = learn(&told, scene, verb, FAULT_MEMORY);
	for (unsigned n = 1; n <= points; n += harness_stride(5)) {
		int rc;

		OK(ledger_begin(l));
		rc = run_verb(scene, verb, FAULT_MEMORY, n);
		if (rc != 0) {
			check_failed(l, verb->name, n, rc);
			ck_assert_msg(rc == KE_NO_MEMORY, "%s, point %u: %s", verb->name,
				n, error_name(rc));
		} else {
			ck_assert_msg(scene_told() == told, "%s, point %u: told wrong",
				verb->name, n);
		}
		ledger_rollback(l);
		ck_assert_msg(everything(scene) == before, "%s, point %u", verb->name, n);
		forget(l, false);
	}
}

START_TEST(each_allocation_fails)
{
	struct scene scene;
	uint64_t before;

	scene_open(&scene);
	before = everything(&scene);
	for (size_t i = 0; i < scene_verb_count; i += harness_stride(7))
		memory_fails(&scene, &scene_verbs[i], before);
	scene_close(&scene);
}
END_TEST

/* Nothing there; all there; of another program; of an older one, to be migrated. */
static const char *const places[] = {NULL, "",
	"UPDATE meta SET value = 'x' WHERE key = 'program'",
	"DROP TRIGGER wallet_counted; DROP TRIGGER wallet_counted_again; "
	"DROP TABLE tally; DROP TABLE frozen; ALTER TABLE intent DROP COLUMN boot;"
	" PRAGMA user_version = 7"};

static void
make_place(struct fixture *f, const char *sql)
{
	fixture_make(f, MODE_USA);
	if (!sql)
		return;
	OK(ledger_open(&f->ledger, &f->place, &by_alice));
	fixture_batch(f, "B1", 1, 0);
	ck_assert_int_eq(sqlite3_exec(f->ledger->db, sql, NULL, NULL, NULL), SQLITE_OK);
	ledger_close(f->ledger);
	f->ledger = NULL;
}

/* A start that fails leaves what the next one takes up. */
static bool
open_fails(const char *sql, unsigned n)
{
	struct fixture f;
	bool failed;
	int rc;

	make_place(&f, sql);
	memset(&faults, 0, sizeof faults);
	faults.fail_at = n;
	faults.on = true;
	rc = ledger_open(&f.ledger, &f.place, &by_alice);
	faults.on = false;
	failed = faults.failed;
	ck_assert_msg((rc != 0) == failed && !is_refusal(rc), "%s, point %u: %s",
		sql ? sql : "new", n, error_name(rc));
	ck_assert_int_eq(f.ledger == NULL, failed);
	durable_begin();
	if (failed)
		OK(ledger_open(&f.ledger, &f.place, &by_alice));
	if (sql)
		ck_assert_int_eq(fixture_state(&f, "BS1"), WALLET_EXPECTED);
	fixture_verify(&f);
	fixture_close(&f);
	return failed;
}

START_TEST(each_call_of_a_start_fails)
{
	for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
		unsigned n = 1;

		while (open_fails(places[i], n))
			n++;
		ck_assert_uint_ge(n, 10);
	}
}
END_TEST

/* All of it is in the log still: a disk without room is told of, another one, too, and
 * the next start finds what was committed. */
START_TEST(a_checkpoint_without_room)
{
	static const struct {
		int result, code, trouble;
	} rows[] = {{SQLITE_FULL, 0, KE_NO_SPACE},
		{SQLITE_IOERR_WRITE, EDQUOT, KE_NO_SPACE},
		{SQLITE_IOERR_WRITE, EIO, KE_IO}, {SQLITE_IOERR_READ, EIO, KE_IO}};
	struct fixture f;

	fixture_open(&f, MODE_USA);
	durable_begin();
	fixture_batch(&f, "B1", 1, 0);
	instead.checkpoint = rows[_i].result;
	instead.system_errno = rows[_i].code;
	ledger_close(f.ledger);
	instead.checkpoint = 0;
	ck_assert_int_eq(durable_trouble()->code, rows[_i].trouble);
	durable_begin();
	OK(ledger_open(&f.ledger, &f.place, &by_alice));
	ck_assert_int_eq(fixture_state(&f, "BS1"), WALLET_EXPECTED);
	fixture_verify(&f);
	fixture_close(&f);
}
END_TEST

/* Nothing is committed of what is lost. */
START_TEST(a_lost_transaction_is_not_committed)
{
	const struct ledger_event e = {"key", "x", "trust", NULL, NULL, NULL};
	struct fixture f;
	uint64_t seq;

	fixture_open(&f, MODE_USA);
	seq = f.ledger->seq;
	OK(ledger_begin(f.ledger));
	OK(ledger_event_add(f.ledger, &by_alice, &e));
	f.ledger->lost = KE_NO_SPACE;
	IS(ledger_commit(f.ledger), KE_NO_SPACE);
	ck_assert_uint_eq(f.ledger->seq, seq);
	OK(ledger_begin(f.ledger));
	OK(ledger_commit(f.ledger));
	fixture_verify(&f);
	fixture_close(&f);
}
END_TEST

/* Some file systems lock only what may be written; what else is wrong stays so. */
START_TEST(a_lock_that_wants_to_write)
{
	struct fixture f;

	fixture_make(&f, MODE_USA);
	instead.lock_errno = EBADF;
	OK(ledger_open(&f.ledger, &f.place, &by_alice));
	ledger_close(f.ledger);
	instead.lock_errno = EINVAL;
	IS(ledger_open(&f.ledger, &f.place, &by_alice), KE_IO);
	fixture_shell(&f, "rm state/ledger.lock && ln -s nowhere state/ledger.lock");
	IS(ledger_open(&f.ledger, &f.place, &by_alice), KE_BAD_NAME);
	f.ledger = NULL;
	fixture_close(&f);
}
END_TEST

/* A signal ends no reading of the mark. */
START_TEST(the_mark_is_read)
{
	struct ledger_verdict v;
	struct fixture f;

	fixture_open(&f, MODE_USA);
	memset(&faults, 0, sizeof faults);
	faults.interrupted = 3;
	OK(ledger_verify(&v, f.ledger));
	ck_assert_uint_eq(faults.interrupted, 0);
	fixture_close(&f);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("ledger_faults");
	TCase *all = tcase_create("all");

	take_memory();
	tcase_set_timeout(all, 120);
	tcase_add_test(all, each_call_fails);
	tcase_add_test(all, each_allocation_fails);
	tcase_add_test(all, each_call_of_a_start_fails);
	tcase_add_loop_test(all, a_checkpoint_without_room, 0, 4);
	tcase_add_test(all, a_lost_transaction_is_not_committed);
	tcase_add_test(all, a_lock_that_wants_to_write);
	tcase_add_test(all, the_mark_is_read);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}
