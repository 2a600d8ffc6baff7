/* SPDX-License-Identifier: MIT */
/* Someone edits the ledger, or puts an old one back: each attempt and what notices it. */
#include "config.h"
#include "harness.h"
#include "persons.h"
#include "daemon/ledger_operator.h"
#include "daemon/ledger_witness.h"
#include <sqlite3.h>

/* Edits the closed ledger as one who knows SQLite would. */
static void
edit(struct fixture *f, const char *sql)
{
	sqlite3 *db;
	char *message = NULL;

	ck_assert_int_eq(sqlite3_open(f->database, &db), SQLITE_OK);
	ck_assert_int_eq(
		sqlite3_exec(db,
			"PRAGMA foreign_keys = OFF;"
			"DROP TRIGGER event_stays; DROP TRIGGER event_unchanged;"
			"DROP TRIGGER batch_stays; DROP TRIGGER wallet_stays;"
			"DROP TRIGGER file_stays; DROP TRIGGER taken_stays;"
			"DROP TRIGGER allocation_stays; DROP TRIGGER intent_stays;"
			"DROP TRIGGER intent_final; DROP TRIGGER request_stays;"
			"DROP TRIGGER request_final; DROP TRIGGER sealed_stays;"
			"DROP TRIGGER witness_stays;"
			"DROP TRIGGER refused_stays; DROP TRIGGER refused_unchanged;"
			"DROP TRIGGER skipped_stays; DROP TRIGGER skipped_unchanged; DROP TRIGGER void_stays;"
			"DROP TRIGGER person_stays; DROP TRIGGER person_final;"
			"DROP TRIGGER operator_stays; DROP TRIGGER operator_final;"
			"DROP TRIGGER request_list_stays; DROP TRIGGER approval_stays; DROP TRIGGER approval_unchanged;",
			NULL, NULL, NULL),
		SQLITE_OK);
	(void)sqlite3_exec(db, sql, NULL, NULL, &message);
	ck_assert_msg(message == NULL, "%s: %s", sql, message);
	ck_assert_int_eq(sqlite3_close(db), SQLITE_OK);
}

#define NONCE "00112233445566778899aabbccddeeff"

/* Anna has a badge and a PIN and stands at a station, Ben is gone. */
static void
operators_come_and_go(struct fixture *f)
{
	struct ledger_operator o = {.name = "anna", .kind = OPERATOR_BADGE, .salt = {1}, .hash = {2}};

	OK(ledger_operator_enroll(f->ledger, &by_alice, &o));
	IS(ledger_operator_enroll(f->ledger, &by_alice, &o), KE_DUPLICATE);
	o.kind = OPERATOR_PIN;
	o.salt[0] = 3;
	OK(ledger_operator_enroll(f->ledger, &by_alice, &o));
	(void)strcpy(o.name, "ben");
	o.salt[0] = 4;
	OK(ledger_operator_enroll(f->ledger, &by_alice, &o));
	OK(ledger_operator_stand(f->ledger, &by_alice, "laser1", "ben", "pin"));
	OK(ledger_operator_stand(f->ledger, &by_alice, "laser1", "anna", "badge"));
	IS(ledger_operator_stand(f->ledger, &by_alice, "laser1", "anna", "badge"), KE_BAD_STATE);
	OK(ledger_operator_stand(f->ledger, &by_alice, "seal1", "ben", "badge"));
	OK(ledger_operator_stand(f->ledger, &by_alice, "seal1", NULL, "badge"));
	IS(ledger_operator_stand(f->ledger, &by_alice, "seal1", NULL, "badge"), KE_BAD_STATE);
	IS(ledger_operator_stand(f->ledger, &by_alice, "seal1", "carl", "pin"), KE_NOT_FOUND);
	OK(ledger_operator_remove(f->ledger, &by_alice, "ben", "left"));
	IS(ledger_operator_stand(f->ledger, &by_alice, "seal1", "ben", "pin"), KE_NOT_FOUND);
	IS(ledger_operator_remove(f->ledger, &by_alice, "ben", "left"), KE_NOT_FOUND);
	(void)strcpy(o.name, "none");
	IS(ledger_operator_enroll(f->ledger, &by_alice, &o), KE_BAD_NAME);
}

/* A ledger with something of everything, closed; 40 events or so. */
static void
fill(struct fixture *f)
{
	struct ledger_file file = {.kind = "codes",
		.sender = "us",
		.recipient = "cn",
		.batch = "B1",
		.part = 1,
		.parts = 1,
		.sequence = 1};
	struct ledger_range range = {"serial", "AA999C", 0, 10, 1000, "B1"};
	struct ledger_request r = {
		.id = 1, .action = "release", .object = "B1", .nonce = NONCE,
		.created_ms = by_alice.now_ms, .expires_ms = by_alice.now_ms + 3600000};
	struct ledger_approval approval;
	struct persons persons;
	uint64_t first;

	persons_make(&persons);
	fixture_open(f, MODE_USA);
	OK(ledger_begin(f->ledger));
	fixture_batch(f, "B1", 3, 1);
	memset(file.sha256, 0xab, sizeof file.sha256);
	OK(ledger_file_insert(f->ledger, &by_alice, &file));
	memset(file.previous, 0xab, sizeof file.previous);
	memset(file.sha256, 0xac, sizeof file.sha256);
	file.sequence = 2;
	OK(ledger_file_refuse(f->ledger, &by_alice, &file));
	OK(ledger_file_skip(f->ledger, &by_alice,
		&(struct ledger_skip){"us", "cn", "codes", 3, "lost", NULL, 0}));
	OK(ledger_batch_freeze(f->ledger, &by_alice, "B1", "smoke"));
	OK(ledger_batch_unfreeze(f->ledger, &by_bob, "B1", "found"));
	OK(ledger_batch_freeze(f->ledger, &by_alice, "B2", "told"));
	OK(ledger_batch_freeze(f->ledger, &by_alice, "B3", "told"));
	OK(ledger_batch_void(f->ledger, &by_bob, "B3", "leaked"));
	OK(ledger_take(f->ledger, &by_alice, "intermediate", file.sha256));
	OK(ledger_allocate(&first, f->ledger, &by_alice, &range));
	OK(ledger_batch_set_state(
		f->ledger, &by_alice, "B1", LEDGER_BATCH_RUNNING, NULL));
	fixture_seal(f, "BS1");
	fixture_seal(f, "BS2");
	OK(ledger_wallet_draw(f->ledger, &by_alice, "BS2", "salt=1"));
	OK(ledger_wallet_step(f->ledger, &by_alice, "BS2", WALLET_OPEN_BAD, "other key"));
	OK(ledger_batch_hold(f->ledger, &by_alice, "B1", "a bad EPK"));
	OK(ledger_wallet_hold(f->ledger, &by_alice, "BS1", "looked at"));
	operators_come_and_go(f);
	persons_enroll(&persons, f->ledger);
	approval = persons_sign(&persons, 0, &r);
	OK(ledger_request_add(f->ledger, &by_alice, &r, &approval));
	approval = persons_sign(&persons, 1, &r);
	OK(ledger_request_consume(f->ledger, &by_bob, &approval));
	OK(ledger_witness_add(f->ledger, &by_alice, "cn", &(struct ledger_head){7, {1}}));
	OK(ledger_commit(f->ledger));
	persons_free(&persons);
	fixture_verify(f);
	ledger_close(f->ledger);
	f->ledger = NULL;
}

struct attempt {
	const char *sql;
	int open;           /* what ledger_open() says */
	uint64_t bad_seq;   /* else what ledger_verify() names; 0 = any */
	const char *reason; /* the beginning of it */
};

/* clang-format off */
static const struct attempt attempts[] = {
	/* the chain */
	{ "UPDATE event SET detail = 'x' WHERE seq = 7", 0, 7, "the event was changed" },
	{ "UPDATE event SET time_ms = time_ms + 1 WHERE seq = 2", 0, 2,
		"the event was changed" },
	{ "UPDATE event SET actor = 'uid1001' WHERE seq = 3", 0, 3,
		"the event was changed" },
	{ "UPDATE event SET hash = zeroblob(32) WHERE seq = 9", 0, 9,
		"the event was changed" },
	{ "UPDATE event SET prev_hash = zeroblob(32) WHERE seq = 9", 0, 9,
		"the event does not follow" },
	{ "DELETE FROM event WHERE seq = 5", 0, 5, "the event is missing" },
	{ "PRAGMA ignore_check_constraints = ON;"
	  "UPDATE event SET seq = 1000000 WHERE seq = 5; UPDATE event SET seq = 5 WHERE"
	  " seq = 6; UPDATE event SET seq = 6 WHERE seq = 1000000",
		0, 5, "the event does not follow" },
	{ "DELETE FROM event WHERE seq = (SELECT max(seq) FROM event)", KE_ROLLED_BACK, 0,
		NULL },
	{ "DELETE FROM event WHERE seq > 3", KE_ROLLED_BACK, 0, NULL },
	{ "DELETE FROM event", KE_ROLLED_BACK, 0, NULL },
	{ "UPDATE event SET detail = 'x' WHERE seq = (SELECT max(seq) FROM event)",
		KE_CHAIN_BROKEN, 0, NULL },
	{ "INSERT INTO event SELECT seq + 1, time_ms, actor, kind, object, event,"
	  " from_state, to_state, detail, hash, hash FROM event ORDER BY seq DESC LIMIT 1",
		KE_CHAIN_BROKEN, 0, NULL },
	/* the tables */
	{ "UPDATE wallet SET state = 'arrived' WHERE serial = 'BS1'", 0, 0,
		"the wallet's state" },
	{ "UPDATE wallet SET state = 'opened-good' WHERE serial = 'BS2'", 0, 0,
		"the wallet's state" },
	{ "UPDATE wallet SET drawn = 0 WHERE serial = 'BS2'", 0, 0, "the wallet's flags" },
	{ "UPDATE wallet SET drawn = 1 WHERE serial = 'BS1'", 0, 0, "the wallet's flags" },
	{ "UPDATE wallet SET held = 0 WHERE serial = 'BS1'", 0, 0, "the wallet's flags" },
	{ "UPDATE wallet SET destroyed = 1 WHERE serial = 'BS2'", 0, 0,
		"the wallet's flags" },
	{ "UPDATE wallet SET part = 0 WHERE serial = 'BS2'", 0, 0, "the wallet's flags" },
	{ "UPDATE wallet SET row = 77 WHERE serial = 'BS1'", 0, 0,
		"the wallet's batch or row" },
	{ "DELETE FROM wallet WHERE serial = 'BS3'", 0, 0, "a wallet of the events" },
	{ "INSERT INTO wallet VALUES('X','B1',9,'sealed',0,'',0,1,0,0,0)", 0, 0,
		"the wallet's state" },
	{ "UPDATE batch SET held = 0", 0, 0, "the batch's state, hold or counts" },
	{ "UPDATE batch SET state = 'released'", 0, 0,
		"the batch's state, hold or counts" },
	{ "UPDATE batch SET draws = 0", 0, 0, "the batch's state, hold or counts" },
	{ "UPDATE batch SET made = 2", 0, 0, "the batch's state, hold or counts" },
	{ "DELETE FROM batch", 0, 0, "a batch of the events" },
	{ "UPDATE intent SET outcome = 'never' WHERE serial = 'BS1'", 0, 0, "the job is" },
	{ "UPDATE intent SET serial = 'BS3' WHERE serial = 'BS1'", 0, 0, "the job is" },
	{ "UPDATE intent SET device = 'LASER-2' WHERE serial = 'BS1'", 0, 0,
		"the job is" },
	{ "UPDATE intent SET device = '' WHERE serial = 'BS1'", 0, 0, "the job is" },
	{ "DELETE FROM intent WHERE serial = 'BS1'", 0, 0, "a job of the events" },
	{ "UPDATE meta SET value = '0' WHERE key = 'job'", 0, 0, "the last job number" },
	{ "DELETE FROM file", 0, 0, "a file of the events" },
	{ "UPDATE file SET sequence = 0", 0, 0, "the file is not" },
	{ "DELETE FROM refused", 0, 0, "a refused file of the events" },
	{ "UPDATE refused SET sequence = 3", 0, 0, "the refused file is not" },
	{ "UPDATE refused SET sha256 = zeroblob(32)", 0, 0, "the refused file is not" },
	{ "INSERT INTO refused SELECT zeroblob(32), kind, sender, recipient, batch, part,"
	  " parts, 9, previous, 0 FROM refused", 0, 0, "the refused file is not" },
	{ "DELETE FROM tally", 0, 0, "the counts of a batch are not" },
	{ "UPDATE tally SET wallets = 0 WHERE batch = 'B1'", 0, 0, "the counts of a batch are not" },
	{ "UPDATE tally SET held = 1 WHERE batch = 'B1' AND wallets > 0", 0, 0, "the counts of a batch are not" },
	{ "INSERT INTO tally VALUES('B5', 'sealed', 0, 0, 0, 0, 1, 0)", 0, 0, "the counts of a batch are not" },
	{ "DELETE FROM frozen", 0, 0, "a frozen batch of the events" },
	{ "DELETE FROM frozen WHERE state = 'void'", 0, 0, "a frozen batch of the events" },
	{ "UPDATE frozen SET state = 'void'", 0, 0, "the frozen batch is not" },
	{ "UPDATE frozen SET state = 'frozen'", 0, 0, "the frozen batch is not" },
	{ "UPDATE frozen SET reason = 'another'", 0, 0, "the frozen batch is not" },
	{ "INSERT INTO frozen VALUES('B1', 'frozen', 'found', 0)", 0, 0, "the frozen batch is not" },
	{ "INSERT INTO frozen VALUES('B5', 'frozen', 'never', 0)", 0, 0, "the frozen batch is not" },
	{ "DELETE FROM skipped", 0, 0, "a skipped number of the events" },
	{ "UPDATE skipped SET sequence = 9", 0, 0, "the skipped number is not" },
	{ "UPDATE skipped SET reason = 'another'", 0, 0, "the skipped number is not" },
	{ "INSERT INTO skipped SELECT kind, sender, recipient, 9, reason, 0 FROM skipped", 0, 0,
		"the skipped number is not" },
	{ "UPDATE file SET gap = 1", 0, 0, "the file is not" },
	{ "DELETE FROM taken", 0, 0, "a taken digest" },
	{ "UPDATE taken SET digest = zeroblob(32)", 0, 0, "a taken digest" },
	{ "UPDATE allocation SET last = 1", 0, 0, "a range of the events" },
	{ "UPDATE request SET second = 'uid0'", 0, 0, "the request is not" },
	{ "UPDATE request SET actor = 'uid1002'", 0, 0, "the request is not" },
	{ "DELETE FROM request", 0, 0, "a request of the events" },
	{ "DELETE FROM witness", 0, 0, "a head of another host is not in the table" },
	{ "UPDATE witness SET seq = 6", 0, 0, "a head of another host is not that" },
	{ "UPDATE witness SET hash = zeroblob(32)", 0, 0,
		"a head of another host is not that" },
	{ "UPDATE request SET reason = 'another'", 0, 0, "what was signed" },
	{ "UPDATE request SET object = 'B2'", 0, 0, "what was signed" },
	{ "UPDATE request SET expires_ms = expires_ms + 3600000", 0, 0, "what was signed" },
	{ "UPDATE request SET nonce = ''", 0, 0, "what was signed" },
	/* approvals and keys */
	{ "UPDATE approval SET text = text || 'x'", 0, 0, "an approval is not" },
	{ "UPDATE approval SET signature = (SELECT signature FROM approval WHERE person ="
	  " 'uid1001') WHERE person = 'uid1000'", 0, 0, "an approval is not" },
	{ "UPDATE approval SET person = 'uid1002' WHERE person = 'uid1001'", 0, 0,
		"a request was not signed" },
	{ "DELETE FROM approval WHERE person = 'uid1000'", 0, 0,
		"a request was not signed" },
	{ "UPDATE request SET nonce = ''; DELETE FROM approval", 0, 0,
		"an approval of the events" },
	{ "UPDATE person SET key = (SELECT key FROM person WHERE person = 'uid1001')"
	  " WHERE person = 'uid1000'", 0, 0, "the person's key" },
	{ "UPDATE person SET name = 'mallory' WHERE person = 'uid1000'", 0, 0,
		"the person's key" },
	{ "UPDATE person SET removed_ms = 1", 0, 0, "the person's key" },
	{ "DELETE FROM person WHERE person = 'uid1001'", 0, 0, "a person's key of" },
	{ "INSERT INTO person SELECT 'ff', 'uid1003', 'eve', key, 0, 0 FROM person LIMIT 1",
		0, 0, "the person's key" },
	/* operators */
	{ "UPDATE operator SET name = 'eve' WHERE name = 'anna' AND code = 'badge'", 0, 0,
		"the operator's code" },
	{ "UPDATE operator SET hash = zeroblob(32) WHERE code = 'badge'", 0, 0,
		"the operator's code" },
	{ "UPDATE operator SET salt = zeroblob(16) WHERE code = 'badge'", 0, 0,
		"the operator's code" },
	{ "UPDATE operator SET removed_ms = 0 WHERE name = 'ben'", 0, 0,
		"the operator's code" },
	{ "UPDATE operator SET removed_ms = 7 WHERE name = 'anna'", 0, 0,
		"the operator's code" },
	{ "INSERT INTO operator VALUES('eve', 'pin', zeroblob(16), zeroblob(32), 0, 0)", 0, 0,
		"the operator's code" },
	{ "DELETE FROM operator WHERE name = 'ben'", 0, 0, "an operator's code of" },
	{ "UPDATE stand SET operator = 'ben'", 0, 0, "who stands at the station" },
	{ "INSERT INTO stand VALUES('seal1', 'ben')", 0, 0, "who stands at the station" },
	{ "DELETE FROM stand", 0, 0, "who signed on at the station" },
	/* not an edit of ours at all */
	{ "PRAGMA user_version = 99", KE_NEWER_LEDGER, 0, NULL },
	{ "UPDATE meta SET value = 'china' WHERE key = 'mode'", KE_BAD_CONFIG, 0, NULL },
	{ "DELETE FROM meta", KE_BAD_CONFIG, 0, NULL },
};

/* clang-format on */

START_TEST(edits)
{
	const struct attempt *a = &attempts[_i];
	struct ledger_verdict v;
	struct fixture f;
	int rc;

	if ((unsigned)_i % harness_stride(7) != 0)
		return;
	fill(&f);
	edit(&f, a->sql);
	rc = ledger_open(&f.ledger, &f.place, &by_alice);
	ck_assert_msg(rc == a->open, "%s: %s", a->sql, error_name(rc));
	if (rc == 0) {
		rc = ledger_verify(&v, f.ledger);
		ck_assert_msg(rc == KE_CHAIN_BROKEN, "%s: %s", a->sql, error_name(rc));
		ck_assert_msg(strncmp(v.reason, a->reason, strlen(a->reason)) == 0,
			"%s: %s", a->sql, v.reason);
		if (a->bad_seq != 0)
			ck_assert_uint_eq(v.bad_seq, a->bad_seq);
		/* Found to be bad, it can still be read and, if one must, written. */
		ck_assert_int_eq(ledger_failed(f.ledger), 0);
	}
	fixture_close(&f);
}
END_TEST

/* A chain that is whole in itself but another one: only the mark, outside, can tell. */
START_TEST(a_forged_chain)
{
	struct ledger_event e = {"key", "x", "trust", NULL, NULL, NULL};
	struct fixture f, other;
	char command[256];

	fill(&f);
	fixture_open(&other, MODE_USA);
	OK(ledger_begin(other.ledger));
	for (int i = 0; i < 100; i++)
		OK(ledger_event_add(other.ledger, &by_bob, &e));
	OK(ledger_commit(other.ledger));
	ledger_close(other.ledger);
	other.ledger = NULL;
	(void)snprintf(command, sizeof command, "cp %s/ledger.sqlite state/ledger.sqlite",
		other.state);
	fixture_shell(&f, command);
	IS(ledger_open(&f.ledger, &f.place, &by_alice), KE_ROLLED_BACK);
	fixture_close(&f);
	fixture_close(&other);
}
END_TEST

START_TEST(an_old_state_put_back)
{
	struct fixture f;

	fixture_open(&f, MODE_USA);
	fixture_batch(&f, "B1", 1, 0);
	ledger_close(f.ledger);
	fixture_shell(&f, "cp -a state old");
	OK(ledger_open(&f.ledger, &f.place, &by_alice));
	OK(ledger_wallet_step(f.ledger, &by_alice, "BS1", WALLET_CONFIRM, NULL));
	ledger_close(f.ledger);
	fixture_shell(&f, "mv state new && cp -a old state");
	IS(ledger_open(&f.ledger, &f.place, &by_alice), KE_ROLLED_BACK);
	ck_assert_ptr_null(f.ledger);
	/* Nothing was changed by the attempt. */
	IS(ledger_open(&f.ledger, &f.place, &by_alice), KE_ROLLED_BACK);
	fixture_shell(&f, "rm -r state && mkdir state");
	IS(ledger_open(&f.ledger, &f.place, &by_alice), KE_ROLLED_BACK);
	fixture_shell(&f, "rm -r state && mv new state");
	OK(ledger_open(&f.ledger, &f.place, &by_alice));
	fixture_verify(&f);
	fixture_close(&f);
}
END_TEST

static struct ledger_head
head_of(const struct fixture *f)
{
	struct ledger_head head;

	ledger_head(f->ledger, &head.seq, head.hash);
	return head;
}

/* The chain itself holds: only a head that somebody else has can tell. */
static void
verify_head(struct fixture *f, const struct ledger_head *head, uint64_t bad_seq,
	const char *reason)
{
	struct ledger_verdict v;

	OK(ledger_verify(&v, f->ledger));
	IS(ledger_verify_head(&v, f->ledger, head, "cn-mint"),
		reason ? KE_CHAIN_BROKEN : 0);
	ck_assert_uint_eq(v.bad_seq, bad_seq);
	ck_assert_str_eq(v.reason ? v.reason : "", reason ? reason : "");
	ck_assert_str_eq(v.object, reason ? "cn-mint" : "");
}

static void
write_mark(const struct fixture *f, const struct ledger_head *head)
{
	char path[160], hash[2 * LEDGER_HASH_LEN + 1];
	FILE *file;

	ledger_hex(hash, head->hash);
	(void)snprintf(path, sizeof path, "%s/here-1.mark", f->mark);
	file = fopen(path, "w");
	ck_assert_ptr_nonnull(file);
	ck_assert_int_gt(fprintf(file, "keyline-mark 1\nseq %d\nhash %s\n",
				 (int)head->seq, hash),
		0);
	ck_assert_int_eq(fclose(file), 0);
}

/* Mark and ledger are cut alike. */
START_TEST(a_cut_end_that_another_host_saw)
{
	struct ledger_head early, late;
	struct fixture f;

	fixture_open(&f, MODE_USA);
	early = head_of(&f);
	fixture_batch(&f, "B1", 3, 1);
	late = head_of(&f);
	verify_head(&f, &early, 0, NULL);
	verify_head(&f, &late, 0, NULL);
	ledger_close(f.ledger);
	edit(&f, "DELETE FROM tally; DELETE FROM wallet; DELETE FROM batch; DELETE FROM event WHERE seq > 1");
	ck_assert_uint_eq(early.seq, 1);
	write_mark(&f, &early);
	OK(ledger_open(&f.ledger, &f.place, &by_alice));
	verify_head(&f, &early, 0, NULL);
	verify_head(&f, &late, 2,
		"events are missing at the end: another host saw later ones");
	fixture_close(&f);
}
END_TEST

/* Mark and ledger are put back alike, and work goes on. */
START_TEST(an_old_state_with_its_mark_that_went_on)
{
	struct ledger_head early, late, later;
	struct ledger_verdict v;
	struct fixture f;

	fixture_open(&f, MODE_USA);
	fixture_batch(&f, "B1", 2, 0);
	early = head_of(&f);
	ledger_close(f.ledger);
	fixture_shell(&f, "cp -a state old && cp -a mark oldmark");
	OK(ledger_open(&f.ledger, &f.place, &by_alice));
	OK(ledger_wallet_step(f.ledger, &by_alice, "BS1", WALLET_CONFIRM, NULL));
	late = head_of(&f);
	OK(ledger_wallet_step(f.ledger, &by_alice, "BS2", WALLET_CONFIRM, NULL));
	later = head_of(&f);
	ledger_close(f.ledger);
	fixture_shell(&f, "rm -r state mark && mv old state && mv oldmark mark");
	OK(ledger_open(&f.ledger, &f.place, &by_alice));
	OK(ledger_wallet_step(f.ledger, &by_alice, "BS2", WALLET_CONFIRM, NULL));
	verify_head(&f, &early, 0, NULL);
	verify_head(&f, &late, late.seq,
		"the event is not the one that another host saw");
	/* Of several the lowest is named, in whatever order they come. */
	OK(ledger_verify(&v, f.ledger));
	IS(ledger_verify_head(&v, f.ledger, &later, "a"), KE_CHAIN_BROKEN);
	IS(ledger_verify_head(&v, f.ledger, &late, "b"), KE_CHAIN_BROKEN);
	IS(ledger_verify_head(&v, f.ledger, &later, "c"), KE_CHAIN_BROKEN);
	OK(ledger_verify_head(&v, f.ledger, &early, "d"));
	ck_assert_uint_eq(v.bad_seq, late.seq);
	ck_assert_str_eq(v.object, "b");
	fixture_close(&f);
}
END_TEST

static int
count_witness(void *context, const struct ledger_witness *w)
{
	char *seen = context;

	(void)sprintf(seen + strlen(seen), "%s=%d,%d ", w->host, (int)w->head.seq,
		w->head.hash[0]);
	return 0;
}

START_TEST(heads_of_others)
{
	static const struct ledger_head seven = {7, {1}}, other = {7, {2}},
					nine = {9, {3}}, none = {0, {0}};
	struct ledger_head head;
	char seen[128] = "";
	struct fixture f;
	uint64_t seq;

	fixture_open(&f, MODE_USA);
	IS(ledger_witness_last(&head, f.ledger, "cn"), KE_NOT_FOUND);
	IS(ledger_witness_check(f.ledger, "cn", &seven), KE_NOT_FOUND);
	OK(ledger_witness_add(f.ledger, &by_alice, "cn", &nine));
	OK(ledger_witness_add(f.ledger, &by_alice, "cn", &seven));
	OK(ledger_witness_add(f.ledger, &by_alice, "us", &other));
	seq = head_of(&f).seq;
	/* Known: no event of its own. */
	OK(ledger_witness_add(f.ledger, &by_alice, "cn", &seven));
	IS(ledger_witness_add(f.ledger, &by_alice, "cn", &other), KE_FORKED);
	IS(ledger_witness_check(f.ledger, "cn", &other), KE_FORKED);
	IS(ledger_witness_add(f.ledger, &by_alice, "cn", &none), KE_BAD_ARGUMENT);
	ck_assert_uint_eq(head_of(&f).seq, seq);
	OK(ledger_witness_check(f.ledger, "cn", &seven));
	OK(ledger_witness_last(&head, f.ledger, "cn"));
	ck_assert_uint_eq(head.seq, 9);
	OK(ledger_witness_list(f.ledger, count_witness, seen));
	ck_assert_str_eq(seen, "cn=9,3 us=7,2 ");
	fixture_verify(&f);
	fixture_close(&f);
}
END_TEST

START_TEST(the_mark)
{
	static const struct {
		const char *command;
		int rc;
	} rows[] = {
		{"cp good here-1.mark", 0},
		{"rm here-1.mark", KE_NO_MARK},
		{": > here-1.mark", KE_CHAIN_BROKEN},
		{"sed 's/^seq .*/seq 2/' good > here-1.mark", KE_ROLLED_BACK},
		{"sed 's/^seq .*/seq 99999/' good > here-1.mark", KE_ROLLED_BACK},
		{"sed 's/^seq /seq 0/' good > here-1.mark", KE_CHAIN_BROKEN},
		{"sed 's/^hash ./hash x/' good > here-1.mark", KE_CHAIN_BROKEN},
		{"sed 's/mark 1/mark 2/' good > here-1.mark", KE_CHAIN_BROKEN},
		{"cat good good > here-1.mark", KE_CHAIN_BROKEN},
		{"rm -f here-1.mark; ln -s good here-1.mark", KE_BAD_NAME},
		{"rm -f here-1.mark; mkdir here-1.mark", KE_IO},
	};
	struct fixture f;

	fill(&f);
	fixture_shell(&f, "cp mark/here-1.mark mark/good");
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char command[256];
		int rc;

		(void)snprintf(command, sizeof command, "cd mark && %s", rows[i].command);
		fixture_shell(&f, command);
		rc = ledger_open(&f.ledger, &f.place, &by_alice);
		ck_assert_msg(rc == rows[i].rc, "%s: %s", command, error_name(rc));
		ledger_close(f.ledger);
		f.ledger = NULL;
	}
	fixture_close(&f);
}
END_TEST

/* The mark is behind after a crash between commit and mark: that is fine. */
START_TEST(a_mark_that_is_behind)
{
	struct fixture f;

	fixture_open(&f, MODE_USA);
	fixture_batch(&f, "B1", 1, 0);
	fixture_shell(&f, "cp mark/here-1.mark good");
	OK(ledger_wallet_step(f.ledger, &by_alice, "BS1", WALLET_CONFIRM, NULL));
	ledger_close(f.ledger);
	fixture_shell(&f, "cp good mark/here-1.mark");
	OK(ledger_open(&f.ledger, &f.place, &by_alice));
	ck_assert_int_eq(fixture_state(&f, "BS1"), WALLET_CONFIRMED);
	fixture_verify(&f);
	fixture_close(&f);
}
END_TEST

START_TEST(the_mark_is_checked_while_it_runs)
{
	struct ledger_verdict v;
	struct fixture f;

	fixture_open(&f, MODE_USA);
	fixture_batch(&f, "B1", 1, 0);
	fixture_shell(&f, "sed -i 's/^seq .*/seq 1/' mark/here-1.mark");
	IS(ledger_verify(&v, f.ledger), KE_CHAIN_BROKEN);
	ck_assert_str_eq(v.reason, "the mark is not of this chain");
	fixture_shell(&f, "rm mark/here-1.mark");
	IS(ledger_verify(&v, f.ledger), KE_CHAIN_BROKEN);
	ck_assert_str_eq(v.reason, "the mark is gone or is no mark");
	fixture_close(&f);
}
END_TEST

/* It gets the tables that it lacks, and an event about it. */
START_TEST(a_ledger_of_an_older_program)
{
	struct ledger_head before;
	struct fixture f;

	fixture_open(&f, MODE_USA);
	fixture_batch(&f, "B1", 1, 0);
	before = head_of(&f);
	ledger_close(f.ledger);
	edit(&f,
		"DROP TRIGGER wallet_counted; DROP TRIGGER wallet_counted_again; ALTER TABLE intent DROP COLUMN boot; DROP TABLE tally; DROP TABLE frozen; DROP TABLE skipped; DROP TABLE operator; DROP TABLE stand; DROP TABLE refused; DROP TABLE witness; DROP TABLE approval; DROP TABLE request_list;"
		"DROP TABLE person; ALTER TABLE request DROP COLUMN reason;"
		"ALTER TABLE request ADD COLUMN signature TEXT NOT NULL DEFAULT '';"
		"PRAGMA user_version = 2");
	OK(ledger_open(&f.ledger, &f.place, &by_alice));
	ck_assert_uint_eq(head_of(&f).seq, before.seq + 1);
	OK(ledger_witness_add(
		f.ledger, &by_alice, "cn", &(struct ledger_head){7, {1}}));
	fixture_verify(&f);
	fixture_close(&f);
}
END_TEST

START_TEST(what_is_no_ledger)
{
	struct fixture f;

	fixture_make(&f, MODE_USA);
	fixture_shell(&f, "head -c 8192 /dev/urandom > state/ledger.sqlite");
	IS(ledger_open(&f.ledger, &f.place, &by_alice), KE_LEDGER);
	fixture_shell(
		&f, "rm state/ledger.sqlite && ln -s /etc/passwd state/ledger.sqlite");
	IS(ledger_open(&f.ledger, &f.place, &by_alice), KE_BAD_NAME);
	/* Cut while it was made: an empty file is no ledger yet. */
	fixture_shell(&f, "rm state/ledger.sqlite && : > state/ledger.sqlite");
	OK(ledger_open(&f.ledger, &f.place, &by_alice));
	fixture_verify(&f);
	fixture_close(&f);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("ledger_tamper");
	TCase *all = tcase_create("all");

	tcase_set_timeout(all, 60);
	tcase_add_loop_test(all, edits, 0, (int)(sizeof attempts / sizeof attempts[0]));
	tcase_add_test(all, a_forged_chain);
	tcase_add_test(all, an_old_state_put_back);
	tcase_add_test(all, a_cut_end_that_another_host_saw);
	tcase_add_test(all, an_old_state_with_its_mark_that_went_on);
	tcase_add_test(all, heads_of_others);
	tcase_add_test(all, the_mark);
	tcase_add_test(all, a_mark_that_is_behind);
	tcase_add_test(all, the_mark_is_checked_while_it_runs);
	tcase_add_test(all, a_ledger_of_an_older_program);
	tcase_add_test(all, what_is_no_ledger);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}
