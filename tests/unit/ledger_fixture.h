/* SPDX-License-Identifier: MIT */
/* A ledger in a fresh folder, and short forms for the verbs. */
#ifndef KEYLINE_TESTS_LEDGER_FIXTURE_H
#define KEYLINE_TESTS_LEDGER_FIXTURE_H

#include <check.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "daemon/ledger.h"
#include "daemon/ledger_batch.h"
#include "daemon/ledger_file.h"
#include "daemon/ledger_intent.h"
#include "daemon/ledger_request.h"
#include "daemon/ledger_wallet.h"

/* rc == want, told by name. */
#define OK(call) IS(call, 0)
#define IS(call, want)                                                                   \
	do {                                                                             \
		int rc_ = (call);                                                        \
		ck_assert_msg(rc_ == (want), "%s gives %s, not %s", #call,               \
			error_name(rc_), error_name(want));                              \
	} while (0)

struct fixture {
	char root[64];
	char state[96];
	char mark[96];
	char database[128];
	struct ledger_place place;
	struct ledger *ledger;
};

static const struct ledger_by by_alice = { 1795339800000, "uid1000" };
static const struct ledger_by by_bob = { 1795339860000, "uid1001" };

__attribute__((unused)) static void
fixture_make(struct fixture *f, enum mode mode)
{
	memset(f, 0, sizeof *f);
	/* In memory where there is such a folder: thousands of fsyncs. */
	(void)snprintf(f->root, sizeof f->root, "%s/keyline-ledger-XXXXXX",
		access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	ck_assert_ptr_nonnull(mkdtemp(f->root));
	(void)snprintf(f->state, sizeof f->state, "%s/state", f->root);
	(void)snprintf(f->mark, sizeof f->mark, "%s/mark", f->root);
	(void)snprintf(f->database, sizeof f->database, "%s/ledger.sqlite", f->state);
	ck_assert_int_eq(mkdir(f->state, 0700), 0);
	ck_assert_int_eq(mkdir(f->mark, 0700), 0);
	f->place = (struct ledger_place){
		f->state, f->mark, "here-1", mode, "test", NULL };
}

__attribute__((unused)) static void
fixture_open(struct fixture *f, enum mode mode)
{
	fixture_make(f, mode);
	OK(ledger_open(&f->ledger, &f->place, &by_alice));
}

__attribute__((unused)) static void
fixture_reopen(struct fixture *f)
{
	ledger_close(f->ledger);
	OK(ledger_open(&f->ledger, &f->place, &by_alice));
}

__attribute__((unused)) static void
fixture_shell(const struct fixture *f, const char *command)
{
	char text[512];

	(void)snprintf(text, sizeof text, "cd %s && %s", f->root, command);
	ck_assert_int_eq(system(text), 0);
}

static int
fixture_remove(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

__attribute__((unused)) static void
fixture_close(struct fixture *f)
{
	ledger_close(f->ledger);
	ck_assert_int_eq(nftw(f->root, fixture_remove, 16, FTW_DEPTH | FTW_PHYS), 0);
}

/* A batch of made wallets, S1 ... Sn, and the serials themselves. */
__attribute__((unused)) static void
fixture_batch(struct fixture *f, const char *id, uint64_t made, uint64_t draws)
{
	struct ledger_batch b = { .product = "CARD",
		.coins = "BTC,ETH",
		.use = "test",
		.made = made,
		.draws = draws,
		.state = LEDGER_BATCH_OPEN };

	(void)snprintf(b.id, sizeof b.id, "%s", id);
	OK(ledger_batch_insert(f->ledger, &by_alice, &b));
	for (uint64_t i = 1; i <= made; i++) {
		char serial[LEDGER_SERIAL_SIZE];

		(void)snprintf(serial, sizeof serial, "%c%s%d", id[0], "S", (int)i);
		OK(ledger_wallet_insert(f->ledger, &by_alice, serial, id, i, NULL));
	}
}

__attribute__((unused)) static enum wallet_state
fixture_state(struct fixture *f, const char *serial)
{
	struct ledger_wallet w;

	OK(ledger_wallet_get(&w, f->ledger, serial));
	return w.state;
}

/* Opens an intent for the serial and closes it. */
__attribute__((unused)) static int
fixture_job(struct fixture *f, enum ledger_job_kind kind, const char *serial,
	enum ledger_outcome outcome)
{
	struct ledger_intent i = { .kind = kind, .counter = 7 };
	int rc;

	OK(ledger_job_new(&i.job, f->ledger));
	(void)snprintf(i.serial, sizeof i.serial, "%s", serial);
	(void)strcpy(i.station, "st1");
	(void)strcpy(i.nonce, "0011223344556677");
	(void)strcpy(i.device, "LASER-1");
	i.boot = 4294967290u;
	rc = ledger_intent_open(f->ledger, &by_alice, &i);
	if (rc == 0 && outcome != LEDGER_OUTCOME_OPEN)
		rc = ledger_intent_close(
			f->ledger, &by_alice, i.job, outcome, 8, NULL);
	return rc;
}

/* Steps a usa wallet from expected to sealed. */
__attribute__((unused)) static void
fixture_seal(struct fixture *f, const char *serial)
{
	OK(ledger_wallet_step(f->ledger, &by_alice, serial, WALLET_CONFIRM, NULL));
	OK(ledger_wallet_step(f->ledger, &by_alice, serial, WALLET_ARRIVE, NULL));
	OK(ledger_wallet_step(f->ledger, &by_alice, serial, WALLET_CLAIM, NULL));
	OK(fixture_job(f, LEDGER_PLATE, serial, LEDGER_OUTCOME_DONE));
	OK(ledger_wallet_step(f->ledger, &by_alice, serial, WALLET_SEAL, NULL));
}

__attribute__((unused)) static void
fixture_verify(struct fixture *f)
{
	struct ledger_verdict v;
	int rc = ledger_verify(&v, f->ledger);

	ck_assert_msg(rc == 0, "%s: event %d %s: %s", error_name(rc), (int)v.bad_seq,
		v.object, v.reason ? v.reason : "");
}

#endif
