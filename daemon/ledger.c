/* SPDX-License-Identifier: MIT */
/* Opening, closing and transactions. */
#include "config.h"
#include "daemon/ledger_db.h"
#include "daemon/durable.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { DB_MODE = 0600, PATH_SIZE = 4096, CHECKPOINT_PAGES = 1000 };

static int
open_lock(int *lock, int dir, const char *name, int access)
{
	*lock = openat(dir, name, access | O_CREAT | O_NOFOLLOW | O_CLOEXEC, DB_MODE);
	return *lock < 0 ? durable_error(errno) : durable_lock(*lock);
}

/*
 * One master: the lock goes with the process, however it ends.  It is open for reading,
 * so that its disk can be made read-only beneath it; a network's file system locks only
 * what may be written.
 */
static int
take_lock(int *lock, int dir, const char *name)
{
	int rc = open_lock(lock, dir, name, O_RDONLY);

	if (rc == 0 || *lock < 0 || errno != EBADF)
		return rc;
	(void)close(*lock);
	return open_lock(lock, dir, name, O_RDWR);
}

/* Also of a copy of the state directory: there is one folder of the mark. */
static int
take_locks(struct ledger *l, const char *host)
{
	char name[sizeof l->mark_name];
	int rc = take_lock(&l->lock, l->state_dir, "ledger.lock");

	(void)snprintf(name, sizeof name, "%s.lock", host);
	return rc == 0 ? take_lock(&l->mark_lock, l->mark_dir, name) : rc;
}

static int
open_dir(int *fd, const char *path)
{
	*fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return *fd >= 0 ? 0 : durable_error(errno);
}

/* SQLite would make the file with another mode and not sync the directory. */
static int
make_file(struct ledger *l)
{
	int fd = openat(l->state_dir, "ledger.sqlite",
		O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, DB_MODE);
	int rc;

	if (fd < 0)
		return durable_error(errno);
	rc = durable_sync(fd);
	(void)close(fd);
	return rc == 0 ? durable_sync(l->state_dir) : rc;
}

/*
 * A checkpoint of SQLite's own hides a failed fsync and tries again later, so
 * checkpoints are ours, after a commit, and a failure counts.
 */
static int
count_pages(void *context, sqlite3 *db, const char *name, int pages)
{
	struct ledger *l = context;

	(void)db;
	(void)name;
	l->wal_pages = pages;
	return SQLITE_OK;
}

static const char pragmas[] = "PRAGMA locking_mode = EXCLUSIVE;"
			      "PRAGMA journal_mode = WAL;"
			      "PRAGMA synchronous = FULL;"
			      "PRAGMA foreign_keys = ON;"
			      "PRAGMA trusted_schema = OFF;"
			      "PRAGMA cell_size_check = ON;"
			      "PRAGMA secure_delete = ON;"
			      "PRAGMA temp_store = MEMORY;"
			      "PRAGMA wal_autocheckpoint = 0;";

static int
open_database(struct ledger *l, const char *state_path)
{
	char path[PATH_SIZE];
	int n = snprintf(path, sizeof path, "%s/ledger.sqlite", state_path);
	int result;

	if ((size_t)n >= sizeof path)
		return KE_BAD_NAME;
	result = sqlite3_open_v2(
		path, &l->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
	if (result == SQLITE_OK)
		result = sqlite3_extended_result_codes(l->db, 1);
	if (result == SQLITE_OK)
		result = sqlite3_exec(l->db, pragmas, NULL, NULL, NULL);
	if (result != SQLITE_OK)
		return ledger_sqlite_error(l, result);
	/* Needed only where SQLite's own hook was taken away: it counts the pages. */
	(void)sqlite3_wal_hook(l->db, count_pages, l);
	return 0;
}

static int
open_tables(
	struct ledger *l, const struct ledger_place *place, const struct ledger_by *by)
{
	int64_t version = 0;
	int rc = ledger_schema_version(&version, l);

	if (rc == 0 && version > 0)
		rc = ledger_event_load(l);
	if (rc == 0)
		rc = ledger_mark_check(l);
	if (rc == 0)
		rc = ledger_mark_begin(l);
	l->durable_seq = l->seq;
	memcpy(l->durable_hash, l->hash, sizeof l->hash);
	if (rc == 0)
		rc = ledger_begin(l);
	if (rc == 0)
		rc = ledger_schema_apply(l, version, place, by);
	if (rc == 0)
		rc = ledger_commit(l);
	/* The log was made on the way, and SQLite ignores what fsync says of a directory.
	 */
	if (rc == 0)
		rc = durable_sync(l->state_dir);
	return rc;
}

static int
open_all(struct ledger *l, const struct ledger_place *place, const struct ledger_by *by)
{
	int n = snprintf(l->mark_name, sizeof l->mark_name, "%s.mark", place->host);
	int rc = 0;

	if ((size_t)n >= sizeof l->mark_name || strchr(place->host, '/'))
		rc = KE_BAD_CONFIG;
	if (rc == 0)
		rc = open_dir(&l->state_dir, place->state_path);
	if (rc == 0)
		rc = open_dir(&l->mark_dir, place->mark_path);
	if (rc == 0)
		rc = take_locks(l, place->host);
	if (rc == 0)
		rc = make_file(l);
	if (rc == 0)
		rc = open_database(l, place->state_path);
	if (rc == 0)
		rc = open_tables(l, place, by);
	return rc;
}

int
ledger_open(
	struct ledger **out, const struct ledger_place *place, const struct ledger_by *by)
{
	struct ledger *l = calloc(1, sizeof *l);
	int rc;

	*out = NULL;
	if (!l)
		return KE_NO_MEMORY;
	l->state_dir = l->mark_dir = l->lock = l->mark_lock = -1;
	l->mode = place->mode;
	rc = open_all(l, place, by);
	if (rc != 0)
		ledger_close(l);
	else
		*out = l;
	return rc;
}

int
ledger_failed(const struct ledger *l)
{
	return l->failed;
}

const char *
ledger_failure_text(const struct ledger *l)
{
	return l->failure;
}

void
ledger_stop(struct ledger *l, int code)
{
	l->stopped = code;
}

int
ledger_begin(struct ledger *l)
{
	int rc;

	if (l->failed == 0 && durable_failed(l->state_dir) != 0)
		(void)ledger_fail(l, KE_SYNC, "a sync failed on the ledger's disk");
	if (l->failed != 0)
		return l->failed;
	if (l->stopped != 0 && !l->is_ending)
		return l->stopped;
	if (l->in_transaction)
		return KE_BAD_STATE;
	rc = ledger_run_values(l, SQL_BEGIN, NULL, 0);
	if (rc == 0)
		l->in_transaction = true;
	l->lost = 0;
	return rc;
}

void
ledger_rollback(struct ledger *l)
{
	if (!l->in_transaction)
		return;
	l->in_transaction = false;
	ledger_notes_end(l, false);
	l->seq = l->durable_seq;
	memcpy(l->hash, l->durable_hash, sizeof l->hash);
	/* After some failures SQLite has rolled back by itself. */
	if (!sqlite3_get_autocommit(l->db))
		(void)ledger_run_values(l, SQL_ROLLBACK, NULL, 0);
	l->lost = 0;
}

/* A write for which a quota has no room; SQLite calls that an error of the disk. */
static bool
is_quota(struct ledger *l, int result)
{
	return result == SQLITE_IOERR_WRITE
		&& durable_error(sqlite3_system_errno(l->db)) == KE_NO_SPACE;
}

static int
checkpoint(struct ledger *l, int how)
{
	int result = sqlite3_wal_checkpoint_v2(l->db, NULL, how, NULL, NULL);

	/* All of it is still in the log: the next commit tries again. */
	if ((result & 0xff) == SQLITE_FULL || is_quota(l, result)) {
		(void)durable_note(l->state_dir, KE_NO_SPACE);
		return 0;
	}
	l->wal_pages = 0;
	return result == SQLITE_OK ? 0 : ledger_sqlite_error(l, result);
}

int
ledger_commit(struct ledger *l)
{
	bool has_events = l->seq != l->durable_seq;
	int rc = l->failed;

	if (!l->in_transaction)
		return rc != 0 ? rc : KE_BAD_STATE;
	if (rc == 0)
		rc = l->lost;
	if (rc == 0 && has_events)
		rc = ledger_mark_prepare(l);
	if (rc == 0)
		rc = ledger_run_values(l, SQL_COMMIT, NULL, 0);
	if (rc != 0) {
		if (l->lost == 0)
			(void)ledger_fail(l, rc, "commit");
		if (has_events)
			durable_abandon(l->mark_dir, l->mark_name);
		ledger_rollback(l);
		return rc;
	}
	l->in_transaction = false;
	if (has_events) {
		l->durable_seq = l->seq;
		memcpy(l->durable_hash, l->hash, sizeof l->hash);
		rc = ledger_mark_put(l);
	}
	if (rc == 0 && l->wal_pages >= CHECKPOINT_PAGES)
		rc = checkpoint(l, SQLITE_CHECKPOINT_RESTART);
	/* Also after a failed mark: the step itself is durable. */
	ledger_notes_end(l, true);
	return rc;
}

static int
check_by(const struct ledger_by *by, const char *detail)
{
	int rc = ledger_check_text(by->actor, LEDGER_ACTOR_SIZE - 1);

	return rc == 0 ? ledger_check_text(detail, LEDGER_TEXT_MAX) : rc;
}

int
ledger_enter(struct ledger *l, bool *own, const struct ledger_by *by, const char *detail)
{
	int rc = by ? check_by(by, detail) : 0;

	*own = false;
	if (rc == 0)
		rc = l->failed;
	if (rc != 0 || l->in_transaction)
		return rc;
	rc = ledger_begin(l);
	*own = rc == 0;
	return rc;
}

int
ledger_end(struct ledger *l, int error)
{
	if (error == 0)
		return ledger_commit(l);
	ledger_rollback(l);
	return error;
}

int
ledger_leave(struct ledger *l, bool own, int rc)
{
	if (!own)
		return rc;
	return ledger_end(l, rc);
}

static void
close_fd(int fd)
{
	if (fd >= 0)
		(void)close(fd);
}

void
ledger_close(struct ledger *l)
{
	if (!l)
		return;
	ledger_rollback(l);
	if (l->failed == 0 && durable_failed(l->state_dir) != 0)
		l->failed = KE_SYNC;
	if (l->db && l->failed == 0 && l->wal_pages > 0)
		(void)checkpoint(l, SQLITE_CHECKPOINT_TRUNCATE);
	for (int i = 0; i < LEDGER_SQL_COUNT; i++)
		(void)sqlite3_finalize(l->statements[i]);
	/* After a failure the next start decides what holds: nothing is tried again. */
	if (l->db && l->failed != 0)
		(void)sqlite3_db_config(
			l->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, (int *)NULL);
	(void)sqlite3_close(l->db);
	/* The locks last: until here nobody else may open the file. */
	close_fd(l->mark_dir);
	close_fd(l->state_dir);
	close_fd(l->lock);
	close_fd(l->mark_lock);
	free(l);
}
