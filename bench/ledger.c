/* SPDX-License-Identifier: MIT */
/*
 * bench/ledger FOLDER ROUNDS: what it takes until a wallet's step is on the disk, on the
 * wall's clock, in ms.  FOLDER is empty and lies on that disk.
 *
 *	keyline   a step of the state table: wallet, event and mark, each durable
 *	sqlite    the same two rows in a bare database: one commit, WAL, synchronous FULL
 *	sqlite-mark  the same, and a file of the mark's size written and made durable as
 *	          the ledger's mark is: before the commit, put in place after it
 *	group-N   N steps in one commit, for one step
 */
#define _POSIX_C_SOURCE 200809L
#include "bench/figure.h"
#include "daemon/ledger.h"
#include "daemon/ledger_batch.h"
#include "daemon/ledger_wallet.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	ROUNDS_MAX = 10000,
	GROUP = 64,
	WALLETS_MORE = 8,
	PATH_SIZE = 4096,
	MARK_SIZE = 160
};

static const struct ledger_by by = {1795339800000, "bench"};
static struct ledger *ledger;
static sqlite3 *bare;
static sqlite3_stmt *add_event, *set_wallet;
static int folder;
static unsigned next_wallet, next_bare;

static void
must_sqlite(int rc, int wanted)
{
	if (rc == wanted)
		return;
	fprintf(stderr, "bench/ledger: %s\n", sqlite3_errmsg(bare));
	figure_must(KE_LEDGER, "sqlite");
}

static void
run(const char *sql)
{
	must_sqlite(sqlite3_exec(bare, sql, NULL, NULL, NULL), SQLITE_OK);
}

static void
step(unsigned n)
{
	char serial[LEDGER_SERIAL_SIZE];

	(void)snprintf(serial, sizeof serial, "W%07u", n);
	figure_must(
		ledger_wallet_step(ledger, &by, serial, WALLET_CONFIRM, NULL), serial);
}

static void
by_ledger(void)
{
	step(next_wallet++);
}

static void
by_group(void)
{
	figure_must(ledger_begin(ledger), "begin");
	for (unsigned i = 0; i < GROUP; i++)
		step(next_wallet++);
	figure_must(ledger_commit(ledger), "commit");
}

static void
finish(sqlite3_stmt *statement)
{
	must_sqlite(sqlite3_step(statement), SQLITE_DONE);
	must_sqlite(sqlite3_reset(statement), SQLITE_OK);
}

/* Rows of the length that the ledger's have. */
static void
by_sqlite(void)
{
	static const char hash[32] = {1};
	char serial[LEDGER_SERIAL_SIZE];

	(void)snprintf(serial, sizeof serial, "W%07u", next_bare++);
	run("BEGIN IMMEDIATE");
	sqlite3_bind_text(set_wallet, 1, serial, -1, SQLITE_TRANSIENT);
	finish(set_wallet);
	sqlite3_bind_int64(add_event, 1, by.now_ms);
	sqlite3_bind_text(add_event, 2, serial, -1, SQLITE_TRANSIENT);
	sqlite3_bind_blob(add_event, 3, hash, sizeof hash, SQLITE_STATIC);
	finish(add_event);
	run("COMMIT");
}

/* The mark's three lines, their order, and how often each reaches the disk. */
static void
by_sqlite_and_mark(void)
{
	char text[MARK_SIZE];
	int len = snprintf(text, sizeof text, "keyline-mark 1\nseq %u\nhash %064u\n",
		next_bare, next_bare);
	int fd = openat(folder, "mark.new", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
		S_IRUSR | S_IWUSR);

	figure_must_system(fd >= 0, "mark");
	figure_must_system(write(fd, text, (size_t)len) == len, "mark");
	figure_must_system(fsync(fd) == 0, "mark");
	(void)close(fd);
	by_sqlite();
	figure_must_system(renameat(folder, "mark.new", folder, "mark") == 0, "mark");
	figure_must_system(fsync(folder) == 0, "mark");
}

static void
make_bare(const char *path, unsigned wallets)
{
	char file[PATH_SIZE];

	(void)snprintf(file, sizeof file, "%s/bare.sqlite", path);
	must_sqlite(sqlite3_open(file, &bare), SQLITE_OK);
	run("PRAGMA journal_mode = WAL");
	run("PRAGMA synchronous = FULL");
	run("CREATE TABLE wallet (serial TEXT PRIMARY KEY, state TEXT, changed INTEGER)");
	run("CREATE TABLE event (seq INTEGER PRIMARY KEY, time INTEGER, actor TEXT, "
	    "kind TEXT, object TEXT, event TEXT, old TEXT, new TEXT, hash BLOB)");
	run("BEGIN");
	for (unsigned i = 0; i < wallets; i++) {
		char sql[PATH_SIZE];

		(void)snprintf(sql, sizeof sql,
			"INSERT INTO wallet VALUES ('W%07u', 'expected', 0)", i);
		run(sql);
	}
	run("COMMIT");
	must_sqlite(sqlite3_prepare_v2(bare,
			    "UPDATE wallet SET state = 'confirmed', changed = 1 "
			    "WHERE serial = ?",
			    -1, &set_wallet, NULL),
		SQLITE_OK);
	must_sqlite(sqlite3_prepare_v2(bare,
			    "INSERT INTO event (time, actor, kind, object, event, old, "
			    "new, hash) VALUES (?, 'bench', 'wallet', ?, 'confirm', "
			    "'expected', 'confirmed', ?)",
			    -1, &add_event, NULL),
		SQLITE_OK);
}

static void
make_ledger(const char *path, unsigned wallets)
{
	char state[PATH_SIZE], mark[PATH_SIZE], serial[LEDGER_SERIAL_SIZE];
	struct ledger_place place = {.host = "bench-1", .mode = MODE_USA, .use = "test"};
	struct ledger_batch batch = {.id = "BENCH-1",
		.product = "CARD",
		.coins = "BTC",
		.use = "test",
		.made = wallets,
		.state = LEDGER_BATCH_RUNNING};

	(void)snprintf(state, sizeof state, "%s/state", path);
	(void)snprintf(mark, sizeof mark, "%s/mark", path);
	figure_must_system(mkdir(state, S_IRWXU) == 0, state);
	figure_must_system(mkdir(mark, S_IRWXU) == 0, mark);
	place.state_path = state;
	place.mark_path = mark;
	figure_must(ledger_open(&ledger, &place, &by), "open");
	figure_must(ledger_begin(ledger), "begin");
	figure_must(ledger_batch_insert(ledger, &by, &batch), "batch");
	for (unsigned i = 0; i < wallets; i++) {
		(void)snprintf(serial, sizeof serial, "W%07u", i);
		figure_must(
			ledger_wallet_insert(ledger, &by, serial, batch.id, i + 1, NULL),
			serial);
	}
	figure_must(ledger_commit(ledger), "commit");
}

static const struct {
	const char *who;
	void (*work)(void);
	unsigned steps;
} contenders[] = {{"keyline", by_ledger, 1}, {"sqlite", by_sqlite, 1},
	{"sqlite-mark", by_sqlite_and_mark, 1}, {"group-64", by_group, GROUP}};

int
main(int argc, char **argv)
{
	size_t rounds = figure_number(
		argc == 3 ? argv[2] : NULL, ROUNDS_MAX, "bench/ledger FOLDER ROUNDS");
	unsigned wallets = (unsigned)rounds * (GROUP + WALLETS_MORE);
	char bare_mark[PATH_SIZE];

	make_ledger(argv[1], wallets);
	make_bare(argv[1], wallets);
	(void)snprintf(bare_mark, sizeof bare_mark, "%s/bare-mark", argv[1]);
	figure_must_system(mkdir(bare_mark, S_IRWXU) == 0, bare_mark);
	folder = open(bare_mark, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	figure_must_system(folder >= 0, bare_mark);
	for (size_t i = 0; i < rounds; i++)
		for (size_t k = 0; k < sizeof contenders / sizeof contenders[0]; k++) {
			double began = figure_wall_ms();

			contenders[k].work();
			figure_put("ledger", contenders[k].who,
				(figure_wall_ms() - began) / contenders[k].steps);
		}
	ledger_close(ledger);
	sqlite3_finalize(add_event);
	sqlite3_finalize(set_wallet);
	sqlite3_close(bare);
	return 0;
}
