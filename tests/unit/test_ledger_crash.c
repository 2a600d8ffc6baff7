/* SPDX-License-Identifier: MIT */
/*
 * One wallet's way, killed and failed at each call that changes the disk; then the
 * ledger is opened again and must hold all that was promised, and no half step.
 */
#include "config.h"
#include "harness.h"
#include "daemon/durable.h"
#include "ledger_fixture.h"
#include "fault_points.h"

#include <sys/mman.h>
#include <sys/wait.h>

static int
open_it(struct fixture *f)
{
	return ledger_open(&f->ledger, &f->place, &by_alice);
}

static int
batch(struct fixture *f)
{
	const struct ledger_batch b = {.id = "B1",
		.use = "test",
		.made = 2,
		.draws = 1,
		.state = LEDGER_BATCH_RUNNING};

	return ledger_batch_insert(f->ledger, &by_alice, &b);
}

/* Two wallets, their rows and digests in one commit, as a stage takes in a file. */
static int
take_in(struct fixture *f)
{
	struct ledger_file file = {.kind = "codes", .batch = "B1", .sequence = 1};
	struct ledger_row row = {.kind = "codes"};
	int rc = ledger_begin(f->ledger);

	file.sha256[0] = row.file[0] = 1;
	if (rc == 0)
		rc = ledger_file_insert(f->ledger, &by_alice, &file);
	for (int i = 1; rc == 0 && i <= 2; i++) {
		(void)snprintf(row.serial, sizeof row.serial, "BS%d", i);
		row.sha256[0] = (unsigned char)i;
		rc = ledger_wallet_insert(
			f->ledger, &by_alice, row.serial, "B1", (uint64_t)i, NULL);
		if (rc == 0)
			rc = ledger_row_insert(f->ledger, &row);
		if (rc == 0)
			rc = ledger_take(f->ledger, &by_alice, "code", row.sha256);
	}
	if (rc == 0)
		return ledger_commit(f->ledger);
	ledger_rollback(f->ledger);
	return rc;
}

static int
step(struct fixture *f, const char *serial, enum wallet_event event)
{
	return ledger_wallet_step(f->ledger, &by_alice, serial, event, NULL);
}

static int
confirm(struct fixture *f)
{
	return step(f, "BS1", WALLET_CONFIRM);
}

static int
arrive(struct fixture *f)
{
	return step(f, "BS1", WALLET_ARRIVE);
}

static int
claim(struct fixture *f)
{
	return step(f, "BS1", WALLET_CLAIM);
}

static int
intent(struct fixture *f)
{
	struct ledger_intent i = {.kind = LEDGER_PLATE, .serial = "BS1", .station = "e"};
	int rc = ledger_job_new(&i.job, f->ledger);

	return rc == 0 ? ledger_intent_open(f->ledger, &by_alice, &i) : rc;
}

static int
done(struct fixture *f)
{
	return ledger_intent_close(f->ledger, &by_alice, 1, LEDGER_OUTCOME_DONE, 1, NULL);
}

static int
seal(struct fixture *f)
{
	return step(f, "BS1", WALLET_SEAL);
}

static int
draw(struct fixture *f)
{
	return ledger_wallet_draw(f->ledger, &by_alice, "BS1", "salt=1");
}

static int
opened(struct fixture *f)
{
	return step(f, "BS1", WALLET_OPEN_GOOD);
}

static int
destroyed(struct fixture *f)
{
	return ledger_wallet_destroyed(f->ledger, &by_alice, "BS1", "with bob");
}

static int
lost(struct fixture *f)
{
	return step(f, "BS2", WALLET_LOSE);
}

static int
released(struct fixture *f)
{
	struct wallet_balance balance;

	return ledger_batch_release(&balance, f->ledger, &by_bob, "B1", NULL);
}

static int
close_it(struct fixture *f)
{
	ledger_close(f->ledger);
	f->ledger = NULL;
	return 0;
}

static int (*const steps[])(struct fixture *) = {open_it, batch, take_in, confirm, arrive,
	claim, intent, done, seal, draw, opened, destroyed, lost, released, close_it,
	open_it, close_it};

enum { STEPS = sizeof steps / sizeof steps[0] };

/* Runs the steps; *at counts those that returned 0.  Returns the first error. */
static int
run(struct fixture *f, volatile unsigned *at)
{
	int rc = 0;

	for (*at = 0; *at < STEPS; ++*at) {
		rc = steps[*at](f);
		if (rc != 0)
			return rc;
	}
	return 0;
}

/* The last event after each step of a run without faults; and how many points. */
static uint64_t seqs[STEPS];
static unsigned points;

static void
learn(void)
{
	unsigned char hash[LEDGER_HASH_LEN];
	struct fixture f;
	uint64_t seq = 0;

	fixture_make(&f, MODE_USA);
	memset(&faults, 0, sizeof faults);
	faults.on = true;
	for (int i = 0; i < STEPS; i++) {
		OK(steps[i](&f));
		if (f.ledger)
			ledger_head(f.ledger, &seq, hash);
		seqs[i] = seq;
	}
	points = faults.count;
	faults.on = false;
	fixture_close(&f);
	ck_assert_uint_ge(points, 60);
}

/* How often a full disk was gone on from, and the events since the last one. */
static unsigned went_on, events_since;

/* Opens what is left and compares it with what was promised. */
static void
check_left(struct fixture *f, unsigned at, unsigned point)
{
	unsigned char hash[LEDGER_HASH_LEN];
	struct ledger_verdict v;
	uint64_t seq;
	int rc;

	ledger_close(f->ledger);
	durable_begin();
	rc = ledger_open(&f->ledger, &f->place, &by_alice);
	ck_assert_msg(rc == 0, "point %u, step %u: %s", point, at, error_name(rc));
	rc = ledger_verify(&v, f->ledger);
	ck_assert_msg(rc == 0, "point %u, step %u: %s", point, at, v.reason);
	ledger_head(f->ledger, &seq, hash);
	seq -= events_since;
	ck_assert_msg((at == 0 && seq == 1) || (at > 0 && seq == seqs[at - 1]) ||
			      (at < STEPS && seq == seqs[at]),
		"point %u, step %u: %u events", point, at, (unsigned)seq);
	/* What was left can be gone on with: nothing is stuck. */
	rc = at > 2 ? ledger_wallet_hold(f->ledger, &by_bob, "BS2", "look") : 0;
	ck_assert_msg(rc == 0, "point %u, step %u: %s", point, at, error_name(rc));
}

START_TEST(killed_at_each_point)
{
	volatile unsigned *at = mmap(NULL, sizeof *at, PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	learn();
	for (unsigned n = 1; n <= points; n += harness_stride(61)) {
		struct fixture f;
		int status;
		pid_t child;

		durable_begin();
		fixture_make(&f, MODE_USA);
		*at = 0;
		child = fork();
		ck_assert_int_ge(child, 0);
		if (child == 0) {
			memset(&faults, 0, sizeof faults);
			faults.on = true;
			faults.kill_at = n;
			_exit(run(&f, at) == 0 ? 0 : 1);
		}
		ck_assert_int_eq(waitpid(child, &status, 0), child);
		ck_assert_msg(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL,
			"point %u: status %x", n, (unsigned)status);
		check_left(&f, *at, n);
		fixture_close(&f);
	}
	(void)munmap((void *)(uintptr_t)at, sizeof *at);
}
END_TEST

/* Whatever write is asked of a ledger that failed, it says why it failed. */
static void
check_refuses(struct fixture *f, int code)
{
	const struct ledger_event e = {"key", "x", "trust", NULL, NULL, NULL};
	struct ledger_wallet w;
	uint32_t job;
	int rc;

	ck_assert_int_eq(ledger_failed(f->ledger), code);
	ck_assert_str_ne(ledger_failure_text(f->ledger), "");
	ledger_rollback(f->ledger);
	IS(ledger_begin(f->ledger), code);
	IS(ledger_event_add(f->ledger, &by_bob, &e), code);
	IS(ledger_job_new(&job, f->ledger), code);
	IS(ledger_wallet_step(f->ledger, &by_bob, "BS1", WALLET_CONFIRM, NULL), code);
	IS(ledger_batch_hold(f->ledger, &by_bob, "B1", "x"), code);
	/* Reading goes on, for those who look what happened. */
	rc = ledger_wallet_get(&w, f->ledger, "BS1");
	ck_assert(rc == 0 || rc == KE_NOT_FOUND);
}

/* A disk that was full, or a mark's that was read-only, costs a transaction: with room again all goes on as before. */
static void
check_goes_on(struct fixture *f)
{
	const struct ledger_event e = {"key", "x", "trust", NULL, NULL, NULL};
	struct ledger_verdict v;

	ledger_rollback(f->ledger);
	OK(ledger_verify(&v, f->ledger));
	OK(ledger_event_add(f->ledger, &by_bob, &e));
	OK(ledger_begin(f->ledger));
	OK(ledger_event_add(f->ledger, &by_bob, &e));
	ledger_rollback(f->ledger);
	OK(ledger_verify(&v, f->ledger));
	went_on++;
	events_since = 1;
}

static void
fail_at(unsigned n, int error)
{
	volatile unsigned at = 0;
	struct fixture f;
	int rc;

	events_since = 0;
	durable_begin();
	fixture_make(&f, MODE_USA);
	memset(&faults, 0, sizeof faults);
	faults.on = true;
	faults.fail_at = n;
	faults.error = error;
	rc = run(&f, &at);
	ck_assert(faults.failed);
	if (rc == 0) {
		/* Only in closing may a failure pass unseen: all is committed. */
		ck_assert_msg(at == STEPS, "point %u", n);
	} else {
		ck_assert_msg(rc == KE_SYNC || rc == KE_NO_SPACE || rc == KE_IO ||
				      rc == KE_READ_ONLY,
			"point %u, step %u: %s", n, at, error_name(rc));
		if (faults.what == FAULT_SYNC)
			ck_assert_msg(rc == KE_SYNC, "point %u, step %u: %s", n, at,
				error_name(rc));
		if (f.ledger && (rc == KE_NO_SPACE || rc == KE_READ_ONLY) &&
			ledger_failed(f.ledger) == 0)
			check_goes_on(&f);
		else if (f.ledger)
			check_refuses(&f, rc);
	}
	ledger_close(f.ledger);
	f.ledger = NULL;
	/* In the first open SQLite takes back, synced, what made the empty file; and
	 * after a close that failed the next open begins anew, from the log. */
	ck_assert_msg(
		at == 0 || at == STEPS || faults.directory || faults.syncs_after == 0,
		"point %u, step %u: a sync was tried again", n, at);
	faults.on = false;
	check_left(&f, at, n);
	fixture_close(&f);
}

START_TEST(failed_at_each_point)
{
	static const int errors[] = {ENOSPC, EIO, EROFS};

	learn();
	for (unsigned n = 1; n <= points; n += harness_stride(61))
		fail_at(n, errors[n % (sizeof errors / sizeof errors[0])]);
	/* A light run may meet no point where it does. */
	ck_assert(went_on > 0 || harness_stride(61) > 1);
}
END_TEST

/* An event's commit syncs SQLite's log, the mark's file and the mark's folder: each of
 * them, when its sync fails, is what the verb says. */
START_TEST(a_commit_is_synced)
{
	const struct ledger_event e = {"key", "x", "trust", NULL, NULL, NULL};
	bool log = false, mark = false, folder = false, failed = true;
	struct fixture f;
	struct stat wal, dir;
	char path[160];
	int rc;

	for (unsigned n = 1; failed; n++) {
		durable_begin();
		memset(&faults, 0, sizeof faults);
		fixture_open(&f, MODE_USA);
		(void)snprintf(path, sizeof path, "%s-wal", f.database);
		ck_assert_int_eq(stat(path, &wal), 0);
		ck_assert_int_eq(stat(f.mark, &dir), 0);
		faults.fail_at = n;
		faults.error = EIO;
		faults.on = true;
		rc = ledger_event_add(f.ledger, &by_alice, &e);
		faults.on = false;
		failed = faults.failed;
		ck_assert_int_eq(rc != 0, failed);
		if (failed && faults.what == FAULT_SYNC) {
			IS(rc, KE_SYNC);
			log |= faults.file == wal.st_ino;
			folder |= faults.directory && faults.file == dir.st_ino;
			mark |= !faults.directory && faults.file != wal.st_ino;
		}
		fixture_close(&f);
	}
	ck_assert(log);
	ck_assert(mark);
	ck_assert(folder);
}
END_TEST

/* A sync of another file on the ledger's file system failed: its own is not tried. */
START_TEST(a_failed_sync_beside_it_stops_it)
{
	const struct ledger_event e = {"key", "x", "trust", NULL, NULL, NULL};
	struct fixture f;
	int dir;

	durable_begin();
	memset(&faults, 0, sizeof faults);
	fixture_open(&f, MODE_USA);
	dir = open(f.state, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	ck_assert_int_ge(dir, 0);
	faults.fail_at = 1;
	faults.on = true;
	IS(durable_sync(dir), KE_SYNC);
	IS(ledger_event_add(f.ledger, &by_alice, &e), KE_SYNC);
	ck_assert_uint_eq(faults.count, 1);
	ck_assert_int_eq(ledger_failed(f.ledger), KE_SYNC);
	(void)close(dir);
	faults.on = false;
	fixture_close(&f);
	durable_begin();
}
END_TEST

/* A long run: checkpoints of our own come, and a failure in one of them counts. */
START_TEST(a_failed_checkpoint_counts)
{
	const struct ledger_event e = {"key", "x", "trust", NULL, NULL, NULL};
	struct fixture f;
	struct stat st;
	char wal[160];
	unsigned plain, at_checkpoint = 0;
	int rc = 0;

	fixture_open(&f, MODE_USA);
	(void)snprintf(wal, sizeof wal, "%s-wal", f.database);
	memset(&faults, 0, sizeof faults);
	faults.on = true;
	OK(ledger_event_add(f.ledger, &by_alice, &e));
	plain = faults.count;
	for (int i = 0; i < 2000 && at_checkpoint == 0; i++) {
		faults.count = 0;
		OK(ledger_event_add(f.ledger, &by_alice, &e));
		if (faults.count > 2 * plain)
			at_checkpoint = faults.count;
	}
	ck_assert_uint_ne(at_checkpoint, 0);
	ck_assert_int_eq(stat(wal, &st), 0);
	ck_assert_int_lt(st.st_size, 8 << 20);
	/* The same again, and a call of the next checkpoint fails. */
	for (int i = 0; i < 2000 && rc == 0; i++) {
		faults.count = 0;
		faults.fail_at = 2 * plain + 1;
		rc = ledger_event_add(f.ledger, &by_alice, &e);
	}
	ck_assert(faults.failed);
	ck_assert_int_eq(rc, ledger_failed(f.ledger));
	ck_assert_int_ne(rc, 0);
	faults.on = false;
	durable_begin();
	fixture_reopen(&f);
	fixture_verify(&f);
	fixture_close(&f);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("ledger_crash");
	TCase *all = tcase_create("all");

	tcase_set_timeout(all, 120);
	tcase_add_test(all, killed_at_each_point);
	tcase_add_test(all, failed_at_each_point);
	tcase_add_test(all, a_failed_checkpoint_counts);
	tcase_add_test(all, a_commit_is_synced);
	tcase_add_test(all, a_failed_sync_beside_it_stops_it);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}
