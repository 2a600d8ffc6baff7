/* SPDX-License-Identifier: MIT */
/*
 * soak_states WALLETS SEED [blind]: so many wallets go through the states of the etching
 * host in the real ledger, by a process that is killed (SIGKILL) again and again at
 * random times and started anew.  The laser is a file to which each START adds a line. At
 * the end the ledger verifies, every wallet is released with exactly one line, or was
 * settled by people, and the memory of the last process has not grown since its first
 * quarter. blind: the laser is not asked after a kill, which must show as double.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "daemon/ledger.h"
#include "daemon/ledger_batch.h"
#include "daemon/ledger_intent.h"
#include "daemon/ledger_wallet.h"

enum {
	BATCH = 10000,
	SERIAL_CHARS = 8,
	GROWTH_KIB = 4096,
	/* Of so many wallets one is spoiled by hand, one's outcome is not known. */
	SPOILED_OF = 97,
	DOUBT_OF = 131,
	PATH = 128,
};

/* Shared by all processes, in a mapping of the file `told`. */
struct account {
	uint64_t done;
	uint64_t rss_quarter, rss_end; /* KiB, of the last process */
};

static char root[64], state[PATH], mark[PATH], laser[PATH], told[PATH];
static const struct ledger_by by = {1795339800000, "soak"};
static unsigned wallets;
static bool blind;

static void
fail(const char *what, int rc)
{
	fprintf(stderr, "%s: %s\n", what, error_name(rc));
	exit(EXIT_FAILURE);
}

static void
must(int rc, const char *what)
{
	if (rc != 0)
		fail(what, rc);
}

static void
serial_of(char out[LEDGER_SERIAL_SIZE], unsigned n)
{
	(void)snprintf(out, LEDGER_SERIAL_SIZE, "S%07u", n);
}

static struct ledger *
open_ledger(void)
{
	const struct ledger_place place = {
		state, mark, "soak-1", MODE_USA, "test", NULL};
	struct ledger *l = NULL;
	int rc;

	/* The process before this one is dead, but its lock may live a moment longer. */
	do {
		rc = ledger_open(&l, &place, &by);
	} while (rc == KE_LOCKED);
	must(rc, "open");
	return l;
}

/* Batches and wallets, all arrived: what the devices' hosts would have made. */
static void
prepare(void)
{
	struct ledger *l = open_ledger();
	char serial[LEDGER_SERIAL_SIZE];

	for (unsigned first = 0; first < wallets; first += BATCH) {
		unsigned count = wallets - first < BATCH ? wallets - first : BATCH;
		struct ledger_batch b = {.product = "CARD",
			.coins = "BTC",
			.use = "test",
			.made = count,
			.state = LEDGER_BATCH_RUNNING};

		(void)snprintf(b.id, sizeof b.id, "SOAK-%u", first / BATCH);
		must(ledger_begin(l), "begin");
		must(ledger_batch_insert(l, &by, &b), "batch");
		for (unsigned i = 0; i < count; i++) {
			serial_of(serial, first + i);
			must(ledger_wallet_insert(l, &by, serial, b.id, i + 1, NULL),
				serial);
			must(ledger_wallet_step(l, &by, serial, WALLET_CONFIRM, NULL),
				serial);
			must(ledger_wallet_step(l, &by, serial, WALLET_ARRIVE, NULL),
				serial);
		}
		must(ledger_commit(l), "commit");
	}
	ledger_close(l);
}

/* The laser: one line for a START, in one write. */
static void
fire(uint32_t job, const char *serial)
{
	char line[64];
	int fd = open(laser, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
	int len = snprintf(line, sizeof line, "%010" PRIu32 " %s\n", job, serial);

	if (fd < 0 || write(fd, line, (size_t)len) != len)
		fail("laser", KE_IO);
	(void)close(fd);
}

/* Whether the laser's last lines tell of the job. */
static bool
was_fired(uint32_t job)
{
	char line[10 + 1 + SERIAL_CHARS + 1 + 1] = "";
	int fd = open(laser, O_RDONLY | O_CLOEXEC);
	bool found = false;

	if (fd < 0)
		return false;
	if (lseek(fd, -(off_t)(sizeof line - 1), SEEK_END) >= 0 &&
		read(fd, line, sizeof line - 1) > 0)
		found = strtoul(line, NULL, 10) == job;
	(void)close(fd);
	return found;
}

/* What an earlier process left open: the laser is asked. */
static int
settle(void *context, const struct ledger_intent *i)
{
	struct ledger *l = context;
	unsigned n = (unsigned)atoi(i->serial + 1);
	enum ledger_outcome outcome = blind || !was_fired(i->job) ? LEDGER_OUTCOME_NEVER
				      : n % DOUBT_OF == 0         ? LEDGER_OUTCOME_DOUBT
								  : LEDGER_OUTCOME_DONE;

	return ledger_intent_close(l, &by, i->job, outcome, 1, "asked");
}

static int
unclaim(void *context, const struct ledger_wallet *w)
{
	return ledger_wallet_step(context, &by, w->serial, WALLET_UNCLAIM, NULL);
}

static void
etch(struct ledger *l, const char *serial, unsigned n)
{
	struct ledger_intent i = {.kind = LEDGER_PLATE, .counter = 0};

	must(ledger_job_new(&i.job, l), "job");
	(void)snprintf(i.serial, sizeof i.serial, "%s", serial);
	(void)strcpy(i.station, "laser1");
	(void)strcpy(i.nonce, "0011223344556677");
	must(ledger_intent_open(l, &by, &i), serial);
	fire(i.job, serial);
	must(ledger_intent_close(l, &by, i.job,
		     n % DOUBT_OF == 0 ? LEDGER_OUTCOME_DOUBT : LEDGER_OUTCOME_DONE, 1,
		     NULL),
		serial);
}

/* The next step of a wallet, from wherever it stands; false: it has none left. */
static bool
step(struct ledger *l, const char *serial, unsigned n)
{
	struct ledger_wallet w;

	must(ledger_wallet_get(&w, l, serial), serial);
	if (w.state == WALLET_ARRIVED)
		must(ledger_wallet_step(l, &by, serial, WALLET_CLAIM, NULL), serial);
	else if (w.state == WALLET_CLAIMED)
		etch(l, serial, n);
	else if (w.state == WALLET_IN_DOUBT)
		must(ledger_wallet_step(l, &by, serial,
			     n % 2 ? WALLET_RESOLVE_GOOD : WALLET_RESOLVE_SPOILED, NULL),
			serial);
	else if (w.state == WALLET_ETCHED)
		must(ledger_wallet_step(l, &by, serial,
			     n % SPOILED_OF == 0 ? WALLET_SPOIL : WALLET_SEAL, NULL),
			serial);
	else if (w.state == WALLET_SPOILED && w.part && !w.destroyed)
		must(ledger_wallet_destroyed(l, &by, serial, "soak"), serial);
	else
		return false;
	return true;
}

static uint64_t
rss_kib(void)
{
	unsigned long pages = 0;
	FILE *f = fopen("/proc/self/statm", "r");

	if (f && fscanf(f, "%*u %lu", &pages) != 1)
		pages = 0;
	if (f)
		(void)fclose(f);
	return pages * (uint64_t)sysconf(_SC_PAGESIZE) / 1024;
}

static void
put_account(const struct account *a)
{
	int fd = open(told, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	if (fd < 0 || pwrite(fd, a, sizeof *a, 0) != (ssize_t)sizeof *a)
		fail("account", KE_IO);
	(void)close(fd);
}

static struct account
get_account(void)
{
	struct account a = {0, 0, 0};
	int fd = open(told, O_RDONLY | O_CLOEXEC);

	if (fd >= 0 && pread(fd, &a, sizeof a, 0) != (ssize_t)sizeof a)
		memset(&a, 0, sizeof a);
	if (fd >= 0)
		(void)close(fd);
	return a;
}

/* A process's life: settles, then goes on where its predecessor ended. */
static void
work(void)
{
	struct account a = get_account();
	struct ledger *l = open_ledger();
	char serial[LEDGER_SERIAL_SIZE];
	uint64_t quarter = a.done + (wallets - a.done) / 4;

	must(ledger_wallet_list(l, NULL, WALLET_CLAIMED, unclaim, l), "claims");
	must(ledger_intent_list_open(l, settle, l), "intents");
	a.rss_quarter = a.rss_end = 0;
	for (unsigned n = (unsigned)a.done; n < wallets; n++) {
		serial_of(serial, n);
		while (step(l, serial, n))
			continue;
		a.done = n + 1;
		if (a.done == quarter)
			a.rss_quarter = rss_kib();
		put_account(&a);
	}
	a.rss_end = rss_kib();
	put_account(&a);
	ledger_close(l);
}

/* Lives and deaths until all is done; how many were killed. */
static unsigned
lives(unsigned seed)
{
	unsigned kills = 0;

	srandom(seed);
	for (;;) {
		/* The last quarter is one life, so that its memory is seen. */
		bool killed = get_account().done * 4 < (uint64_t)wallets * 3;
		struct timespec after = {.tv_nsec = 1000000L + random() % 400000000L};
		pid_t pid = fork();
		int status;

		if (pid == 0) {
			work();
			exit(EXIT_SUCCESS);
		}
		if (killed) {
			(void)nanosleep(&after, NULL);
			(void)kill(pid, SIGKILL);
		}
		if (waitpid(pid, &status, 0) != pid)
			fail("wait", KE_IO);
		if (WIFSIGNALED(status))
			kills++;
		else if (WEXITSTATUS(status) != 0)
			exit(EXIT_FAILURE);
		else
			return kills;
	}
}

/* Times that the laser was fired, a wallet. */
static unsigned char *
fired(void)
{
	unsigned char *count = calloc(wallets, 1);
	FILE *f = fopen(laser, "r");
	unsigned n;

	while (count && f && fscanf(f, "%*u S%u", &n) == 1)
		count[n < wallets ? n : 0]++;
	if (f)
		(void)fclose(f);
	return count;
}

struct tally {
	struct ledger *ledger;
	unsigned char *fired;
	unsigned twice, lost, released, spoiled;
};

static int
judge(void *context, const struct ledger_wallet *w)
{
	struct tally *t = context;
	unsigned times = t->fired[atoi(w->serial + 1)];

	t->twice += times > 1;
	t->released += w->state == WALLET_RELEASED;
	t->spoiled += w->state == WALLET_SPOILED;
	t->lost +=
		times != 1 || (w->state != WALLET_RELEASED && w->state != WALLET_SPOILED);
	return 0;
}

static bool
release_and_judge(unsigned kills)
{
	struct tally t = {.ledger = open_ledger(), .fired = fired()};
	struct account a = get_account();
	struct wallet_balance balance;
	struct ledger_verdict v;
	char batch[32];
	bool flat = a.rss_end <= a.rss_quarter + GROWTH_KIB;

	for (unsigned b = 0; b * BATCH < wallets; b++) {
		(void)snprintf(batch, sizeof batch, "SOAK-%u", b);
		must(ledger_batch_release(&balance, t.ledger, &by, batch, NULL), batch);
		must(ledger_wallet_list(t.ledger, batch, WALLET_NONE, judge, &t), batch);
	}
	must(ledger_verify(&v, t.ledger), "verify");
	ledger_close(t.ledger);
	free(t.fired);
	printf("state machine: %u wallets, %u kills: double %u, lost %u; released %u, "
	       "spoiled %u; RSS %" PRIu64 " -> %" PRIu64 " KiB%s\n",
		wallets, kills, t.twice, t.lost, t.released, t.spoiled, a.rss_quarter,
		a.rss_end, flat ? "" : ": GROWS");
	return t.twice == 0 && t.lost == 0 && t.released + t.spoiled == wallets && flat;
}

int
main(int argc, char **argv)
{
	unsigned kills;
	bool good;
	char command[PATH];

	blind = argc == 4 && strcmp(argv[3], "blind") == 0;
	wallets = argc == 3 || blind ? (unsigned)strtoul(argv[1], NULL, 10) : 0;
	if (wallets == 0 || wallets > 9999999) {
		fputs("usage: soak_states WALLETS SEED [blind]\n", stderr);
		return 2;
	}
	(void)snprintf(root, sizeof root, "%s/keyline-soak-XXXXXX",
		access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	if (!mkdtemp(root))
		fail("folder", KE_IO);
	(void)snprintf(state, sizeof state, "%s/state", root);
	(void)snprintf(mark, sizeof mark, "%s/mark", root);
	(void)snprintf(laser, sizeof laser, "%s/laser", root);
	(void)snprintf(told, sizeof told, "%s/told", root);
	if (mkdir(state, 0700) != 0 || mkdir(mark, 0700) != 0)
		fail("folder", KE_IO);
	prepare();
	kills = lives((unsigned)strtoul(argv[2], NULL, 10));
	good = release_and_judge(kills);
	(void)snprintf(command, sizeof command, "rm -rf %s", root);
	return system(command) == 0 && good ? EXIT_SUCCESS : EXIT_FAILURE;
}
