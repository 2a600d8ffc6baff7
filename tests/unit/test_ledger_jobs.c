/* SPDX-License-Identifier: MIT */
/* Jobs, intents, and requests of two persons. */
#include "config.h"
#include "harness.h"
#include "persons.h"
#include <sqlite3.h>

static void
confirm_and_claim(struct fixture *f, const char *serial)
{
	OK(ledger_wallet_step(f->ledger, &by_alice, serial, WALLET_CONFIRM, NULL));
	OK(ledger_wallet_step(f->ledger, &by_alice, serial, WALLET_ARRIVE, NULL));
	OK(ledger_wallet_step(f->ledger, &by_alice, serial, WALLET_CLAIM, NULL));
}

START_TEST(job_numbers_do_not_come_back)
{
	struct fixture f;
	uint32_t first, second;

	fixture_open(&f, MODE_USA);
	OK(ledger_job_new(&first, f.ledger));
	ck_assert_uint_eq(first, 1);
	fixture_reopen(&f);
	OK(ledger_job_new(&second, f.ledger));
	ck_assert_uint_eq(second, 2);
	OK(ledger_begin(f.ledger));
	OK(ledger_job_new(&second, f.ledger));
	OK(ledger_commit(f.ledger));
	OK(ledger_job_new(&second, f.ledger));
	ck_assert_uint_eq(second, 4);
	fixture_verify(&f);
	fixture_close(&f);
}
END_TEST

/* After each outcome: the wallet's state, and whether it may be tried again. */
START_TEST(one_intent_for_a_serial)
{
	static const struct {
		enum ledger_outcome outcome;
		enum wallet_state usa, china;
		bool again;
	} rows[] = {
		{LEDGER_OUTCOME_OPEN, WALLET_ETCHING, WALLET_PRINTING, false},
		{LEDGER_OUTCOME_DONE, WALLET_ETCHED, WALLET_PRINTED, false},
		{LEDGER_OUTCOME_DOUBT, WALLET_IN_DOUBT, WALLET_IN_DOUBT, false},
		{LEDGER_OUTCOME_FAILED, WALLET_ARRIVED, WALLET_MINTED, true},
		{LEDGER_OUTCOME_NEVER, WALLET_ARRIVED, WALLET_MINTED, true},
	};
	struct fixture f;

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		fixture_open(&f, MODE_USA);
		fixture_batch(&f, "B1", 1, 0);
		IS(fixture_job(&f, LEDGER_PLATE, "BS1", LEDGER_OUTCOME_DONE),
			KE_BAD_STATE);
		IS(fixture_job(&f, LEDGER_PLATE, "NOPE", LEDGER_OUTCOME_DONE),
			KE_NOT_FOUND);
		confirm_and_claim(&f, "BS1");
		OK(fixture_job(&f, LEDGER_PLATE, "BS1", rows[i].outcome));
		ck_assert_int_eq(fixture_state(&f, "BS1"), rows[i].usa);
		if (rows[i].again)
			OK(ledger_wallet_step(
				f.ledger, &by_alice, "BS1", WALLET_CLAIM, NULL));
		IS(fixture_job(&f, LEDGER_PLATE, "BS1", LEDGER_OUTCOME_DONE),
			rows[i].again ? 0 : KE_DUPLICATE);
		fixture_verify(&f);
		fixture_close(&f);

		fixture_open(&f, MODE_CHINA);
		fixture_batch(&f, "B1", 1, 0);
		OK(ledger_wallet_step(f.ledger, &by_alice, "BS1", WALLET_MINT, NULL));
		OK(fixture_job(&f, LEDGER_STICKER, "BS1", rows[i].outcome));
		ck_assert_int_eq(fixture_state(&f, "BS1"), rows[i].china);
		IS(fixture_job(&f, LEDGER_STICKER, "BS1", LEDGER_OUTCOME_DONE),
			rows[i].again ? 0 : KE_DUPLICATE);
		IS(fixture_job(&f, LEDGER_PLATE, "BS1", LEDGER_OUTCOME_DONE),
			KE_DUPLICATE);
		fixture_verify(&f);
		fixture_close(&f);
	}
}
END_TEST

/* Two people found a part good that was in doubt: it is never marked again. */
START_TEST(resolved_is_not_marked_again)
{
	struct fixture f;

	fixture_open(&f, MODE_USA);
	fixture_batch(&f, "B1", 1, 0);
	confirm_and_claim(&f, "BS1");
	OK(fixture_job(&f, LEDGER_PLATE, "BS1", LEDGER_OUTCOME_DOUBT));
	IS(ledger_wallet_step(f.ledger, &by_alice, "BS1", WALLET_CLAIM, NULL),
		KE_BAD_STATE);
	OK(ledger_wallet_step(f.ledger, &by_bob, "BS1", WALLET_RESOLVE_GOOD, "seen"));
	ck_assert_int_eq(fixture_state(&f, "BS1"), WALLET_ETCHED);
	IS(fixture_job(&f, LEDGER_PLATE, "BS1", LEDGER_OUTCOME_DONE), KE_DUPLICATE);
	fixture_verify(&f);
	fixture_close(&f);
}
END_TEST

/* The steps of an intent come with the intent only. */
START_TEST(no_step_round_the_intent)
{
	static const enum wallet_event events[] = {WALLET_ETCH_INTENT, WALLET_ETCH_DONE,
		WALLET_ETCH_FAILED, WALLET_PRINT_INTENT, WALLET_PRINT_DONE,
		WALLET_PRINT_FAILED, WALLET_DOUBT, WALLET_EXPECT, WALLET_RECEIVE,
		WALLET_RELEASE};
	struct fixture f;

	fixture_open(&f, MODE_USA);
	fixture_batch(&f, "B1", 1, 0);
	confirm_and_claim(&f, "BS1");
	for (size_t i = 0; i < sizeof events / sizeof events[0]; i++)
		IS(ledger_wallet_step(f.ledger, &by_alice, "BS1", events[i], NULL),
			KE_BAD_STATE);
	ck_assert_int_eq(fixture_state(&f, "BS1"), WALLET_CLAIMED);
	fixture_close(&f);
}
END_TEST

static int
collect(void *context, const struct ledger_intent *i)
{
	struct fixture *f = context;

	ck_assert_int_eq(i->outcome, LEDGER_OUTCOME_OPEN);
	ck_assert_uint_eq(i->counter, 7);
	ck_assert_str_eq(i->nonce, "0011223344556677");
	return ledger_intent_close(
		f->ledger, &by_bob, i->job, LEDGER_OUTCOME_NEVER, 7, "asked");
}

START_TEST(open_intents_are_found_after_a_restart)
{
	struct ledger_intent i;
	struct fixture f;

	fixture_open(&f, MODE_USA);
	fixture_batch(&f, "B1", 2, 0);
	confirm_and_claim(&f, "BS1");
	confirm_and_claim(&f, "BS2");
	OK(fixture_job(&f, LEDGER_PLATE, "BS1", LEDGER_OUTCOME_OPEN));
	OK(fixture_job(&f, LEDGER_PLATE, "BS2", LEDGER_OUTCOME_OPEN));
	fixture_reopen(&f);
	OK(ledger_intent_list_open(f.ledger, collect, &f));
	ck_assert_int_eq(fixture_state(&f, "BS1"), WALLET_ARRIVED);
	ck_assert_int_eq(fixture_state(&f, "BS2"), WALLET_ARRIVED);
	OK(ledger_intent_get(&i, f.ledger, 1));
	ck_assert_int_eq(i.outcome, LEDGER_OUTCOME_NEVER);
	ck_assert_str_eq(i.serial, "BS1");
	ck_assert_str_eq(i.station, "st1");
	ck_assert_int_eq(i.closed_ms, by_bob.now_ms);
	IS(ledger_intent_get(&i, f.ledger, 9), KE_NOT_FOUND);
	IS(ledger_intent_close(f.ledger, &by_bob, 1, LEDGER_OUTCOME_DONE, 8, NULL),
		KE_BAD_STATE);
	IS(ledger_intent_close(f.ledger, &by_bob, 9, LEDGER_OUTCOME_DONE, 8, NULL),
		KE_NOT_FOUND);
	IS(ledger_intent_close(f.ledger, &by_bob, 1, LEDGER_OUTCOME_OPEN, 8, NULL),
		KE_BAD_ARGUMENT);
	fixture_verify(&f);
	fixture_close(&f);
}
END_TEST

/* What became of a job is asked of the device that had it, and of no other. */
START_TEST(an_intent_knows_its_device)
{
	struct ledger_intent i;
	struct fixture f;

	fixture_open(&f, MODE_USA);
	OK(fixture_job(&f, LEDGER_SETUP, "", LEDGER_OUTCOME_OPEN));
	fixture_reopen(&f);
	OK(ledger_intent_get(&i, f.ledger, 1));
	ck_assert_str_eq(i.device, "LASER-1");
	ck_assert_uint_eq(i.boot, 4294967290u);
	IS(ledger_intent_last(&i, f.ledger, "LASER-2"), KE_NOT_FOUND);
	OK(ledger_intent_last(&i, f.ledger, "LASER-1"));
	ck_assert_uint_eq(i.job, 1);
	fixture_verify(&f);
	fixture_close(&f);
}
END_TEST

static void
edit(const struct fixture *f, const char *sql)
{
	sqlite3 *db;

	ck_assert_int_eq(sqlite3_open(f->database, &db), SQLITE_OK);
	ck_assert_int_eq(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	ck_assert_int_eq(sqlite3_close(db), SQLITE_OK);
}

/* The last number is given out once; 0, or 1 again, would be another job's. */
START_TEST(job_numbers_come_to_an_end)
{
	struct fixture f;
	uint32_t job = 0;

	fixture_open(&f, MODE_USA);
	ledger_close(f.ledger);
	edit(&f, "UPDATE meta SET value = '4294967294' WHERE key = 'job'");
	OK(ledger_open(&f.ledger, &f.place, &by_alice));
	OK(ledger_job_new(&job, f.ledger));
	ck_assert_uint_eq(job, UINT32_MAX);
	job = 0;
	IS(ledger_job_new(&job, f.ledger), KE_EXHAUSTED);
	ck_assert_uint_eq(job, 0);
	fixture_reopen(&f);
	IS(ledger_job_new(&job, f.ledger), KE_EXHAUSTED);
	fixture_close(&f);
}
END_TEST

/* A ledger of the first tables; its jobs knew no device. */
START_TEST(an_older_ledger_is_migrated)
{
	struct ledger_intent i = {.kind = LEDGER_SETUP};
	struct fixture f;

	fixture_open(&f, MODE_USA);
	(void)strcpy(i.station, "st1");
	(void)strcpy(i.nonce, "0011223344556677");
	OK(ledger_job_new(&i.job, f.ledger));
	OK(ledger_intent_open(f.ledger, &by_alice, &i));
	OK(ledger_intent_close(
		f.ledger, &by_alice, 1, LEDGER_OUTCOME_DONE, 8, NULL));
	ledger_close(f.ledger);
	edit(&f, "DROP TRIGGER wallet_counted; DROP TRIGGER wallet_counted_again; DROP TABLE tally; ALTER TABLE intent DROP COLUMN boot; ALTER TABLE intent DROP COLUMN device; DROP TABLE witness; DROP TABLE operator; DROP TABLE stand; DROP TABLE refused; DROP TABLE skipped; DROP TABLE frozen;"
		 "DROP TABLE approval; DROP TABLE request_list;"
		 "DROP TABLE person; ALTER TABLE request DROP COLUMN reason;"
		 "ALTER TABLE request ADD COLUMN signature TEXT NOT NULL DEFAULT '';"
		 "PRAGMA user_version = 1");
	OK(ledger_open(&f.ledger, &f.place, &by_alice));
	OK(ledger_intent_get(&i, f.ledger, 1));
	ck_assert_str_eq(i.device, "");
	ck_assert_int_eq(i.outcome, LEDGER_OUTCOME_DONE);
	OK(fixture_job(&f, LEDGER_SETUP, "", LEDGER_OUTCOME_DONE));
	fixture_verify(&f);
	fixture_close(&f);
}
END_TEST

START_TEST(setup_marks_are_counted)
{
	uint64_t counts[LEDGER_OUTCOME_COUNT];
	struct ledger_intent i = {.kind = LEDGER_SETUP, .job = 77};
	struct fixture f;

	fixture_open(&f, MODE_USA);
	OK(fixture_job(&f, LEDGER_SETUP, "", LEDGER_OUTCOME_DONE));
	OK(fixture_job(&f, LEDGER_SETUP, "", LEDGER_OUTCOME_DONE));
	OK(fixture_job(&f, LEDGER_SETUP, "", LEDGER_OUTCOME_DOUBT));
	OK(ledger_intent_counts(counts, f.ledger, LEDGER_SETUP, NULL));
	ck_assert_uint_eq(counts[LEDGER_OUTCOME_DONE], 2);
	ck_assert_uint_eq(counts[LEDGER_OUTCOME_DOUBT], 1);
	OK(ledger_intent_counts(counts, f.ledger, LEDGER_SETUP, "other"));
	ck_assert_uint_eq(counts[LEDGER_OUTCOME_DONE], 0);
	OK(ledger_intent_counts(counts, f.ledger, LEDGER_PLATE, NULL));
	ck_assert_uint_eq(counts[LEDGER_OUTCOME_DONE], 0);
	(void)strcpy(i.serial, "BS1");
	IS(ledger_intent_open(f.ledger, &by_alice, &i), KE_BAD_ARGUMENT);
	i.serial[0] = '\0';
	OK(ledger_intent_open(f.ledger, &by_alice, &i));
	IS(ledger_intent_open(f.ledger, &by_alice, &i), KE_DUPLICATE);
	i.job = 0;
	IS(ledger_intent_open(f.ledger, &by_alice, &i), KE_BAD_ARGUMENT);
	fixture_close(&f);
}
END_TEST

static struct ledger_request
request(uint64_t id, const char *object, const char *args)
{
	struct ledger_request r = {.id = id,
		.action = "wallet resolve",
		.reason = "looked at",
		.created_ms = by_alice.now_ms,
		.expires_ms = by_alice.now_ms + 600000};

	(void)snprintf(r.object, sizeof r.object, "%s", object);
	(void)snprintf(r.args, sizeof r.args, "%s", args);
	(void)snprintf(r.nonce, sizeof r.nonce, "%032d", (int)id);
	return r;
}

static struct persons persons;

static int
add(struct fixture *f, int who, const struct ledger_request *r)
{
	struct ledger_approval a = persons_sign(&persons, who, r);

	return ledger_request_add(f->ledger, persons_by(who), r, &a);
}

static int
approve(struct fixture *f, int who, const struct ledger_request *r)
{
	struct ledger_approval a = persons_sign(&persons, who, r);

	return ledger_request_consume(f->ledger, persons_by(who), &a);
}

static void
open_with_persons(struct fixture *f)
{
	persons_make(&persons);
	fixture_open(f, MODE_USA);
	persons_enroll(&persons, f->ledger);
}

static void
close_with_persons(struct fixture *f)
{
	fixture_verify(f);
	fixture_close(f);
	persons_free(&persons);
}

static int
find(struct ledger_request *found, struct fixture *f, const char *object, const char *args)
{
	return ledger_request_find(
		found, f->ledger, by_bob.now_ms, "wallet resolve", object, args);
}

START_TEST(two_persons)
{
	const struct ledger_by late = {by_alice.now_ms + 600000, "uid1001"};
	const struct ledger_by nobody = {by_alice.now_ms, ""};
	struct ledger_request r, other, found;
	struct ledger_approval a;
	struct fixture f;
	uint64_t id;

	open_with_persons(&f);
	OK(ledger_request_next(&id, f.ledger));
	r = request(id, "BS1", "good");
	a = persons_sign(&persons, 0, &r);
	IS(ledger_request_add(f.ledger, &nobody, &r, &a), KE_BAD_ARGUMENT);
	/* What another signed is not his. */
	IS(ledger_request_add(f.ledger, &by_bob, &r, &a), KE_BAD_ARGUMENT);
	OK(add(&f, 0, &r));
	IS(add(&f, 0, &r), KE_DUPLICATE);
	other = request(id + 1, "BS1", "good");
	IS(add(&f, 0, &other), KE_DUPLICATE);
	IS(find(&found, &f, "BS1", "spoiled"), KE_NOT_FOUND);
	IS(find(&found, &f, "BS2", "good"), KE_NOT_FOUND);
	OK(find(&found, &f, "BS1", "good"));
	ck_assert_uint_eq(found.id, id);
	ck_assert_str_eq(found.actor, by_alice.actor);
	ck_assert_str_eq(found.reason, "looked at");
	IS(approve(&f, 0, &r), KE_NEED_SECOND);
	a = persons_sign(&persons, 1, &r);
	IS(ledger_request_consume(f.ledger, &nobody, &a), KE_BAD_ARGUMENT);
	IS(ledger_request_consume(f.ledger, &late, &a), KE_EXPIRED);
	IS(approve(&f, 1, &other), KE_NOT_FOUND);
	OK(approve(&f, 1, &r));
	IS(approve(&f, 1, &r), KE_BAD_STATE);
	OK(ledger_request_get(&found, f.ledger, id));
	ck_assert_int_eq(found.state, LEDGER_REQUEST_DONE);
	ck_assert_str_eq(found.second, by_bob.actor);
	OK(ledger_request_next(&id, f.ledger));
	ck_assert_uint_gt(id, found.id);
	close_with_persons(&f);
}
END_TEST

static int
count(void *context, const struct ledger_request *r)
{
	(void)r;
	++*(int *)context;
	return 0;
}

START_TEST(contrary_requests_are_settled_together)
{
	struct ledger_request good = request(1, "BS1", "good"), found;
	struct ledger_request spoiled = request(2, "BS1", "spoiled");
	struct ledger_request elsewhere = request(3, "BS2", "good");
	struct fixture f;

	open_with_persons(&f);
	OK(add(&f, 0, &good));
	OK(add(&f, 1, &spoiled));
	OK(add(&f, 0, &elsewhere));
	OK(approve(&f, 1, &good));
	OK(ledger_request_get(&found, f.ledger, spoiled.id));
	ck_assert_int_eq(found.state, LEDGER_REQUEST_WITHDRAWN);
	OK(ledger_request_get(&found, f.ledger, elsewhere.id));
	ck_assert_int_eq(found.state, LEDGER_REQUEST_OPEN);
	close_with_persons(&f);
}
END_TEST

START_TEST(requests_expire_and_are_withdrawn)
{
	const struct ledger_by late = {by_alice.now_ms + 600000, "uid1001"};
	struct ledger_request r = request(1, "BS1", "good"), found;
	struct ledger_request second = request(2, "BS2", "good");
	struct ledger_request third = request(3, "BS3", "good");
	struct ledger_approval a;
	struct fixture f;
	int n = 0;

	open_with_persons(&f);
	OK(add(&f, 0, &r));
	OK(add(&f, 0, &second));
	OK(ledger_request_list(f.ledger, by_alice.now_ms, count, &n));
	ck_assert_int_eq(n, 2);
	IS(ledger_request_find(
		   &found, f.ledger, late.now_ms, "wallet resolve", "BS1", "good"),
		KE_NOT_FOUND);
	OK(ledger_request_withdraw(f.ledger, &by_alice, second.id, "typed wrong"));
	IS(ledger_request_withdraw(f.ledger, &by_alice, second.id, NULL), KE_BAD_STATE);
	IS(approve(&f, 1, &second), KE_BAD_STATE);
	n = 0;
	OK(ledger_request_list(f.ledger, by_alice.now_ms, count, &n));
	ck_assert_int_eq(n, 1);
	n = 0;
	OK(ledger_request_list(f.ledger, late.now_ms, count, &n));
	ck_assert_int_eq(n, 0);
	/* A nonce is taken once. */
	(void)strcpy(third.nonce, r.nonce);
	IS(add(&f, 0, &third), KE_DUPLICATE);
	third.nonce[0] = '\0';
	a = persons_sign(&persons, 0, &second);
	a.request = third.id;
	IS(ledger_request_add(f.ledger, &by_alice, &third, &a), KE_BAD_ARGUMENT);
	close_with_persons(&f);
}
END_TEST

/* What was asked for before there were signatures is asked for anew. */
START_TEST(an_unsigned_request_is_not_approved)
{
	struct ledger_request r = request(1, "BS1", "good");
	struct fixture f;

	open_with_persons(&f);
	OK(add(&f, 0, &r));
	ledger_close(f.ledger);
	edit(&f, "DROP TRIGGER approval_stays; DELETE FROM approval;"
		 "UPDATE request SET nonce = ''");
	OK(ledger_open(&f.ledger, &f.place, &by_alice));
	IS(approve(&f, 1, &r), KE_BAD_STATE);
	OK(ledger_request_withdraw(f.ledger, &by_bob, r.id, "unsigned"));
	fixture_close(&f);
	persons_free(&persons);
}
END_TEST

static int
count_person(void *context, const struct ledger_person *p)
{
	int *n = context;

	n[p->removed_ms != 0]++;
	return 0;
}

/* A key is one person's, once; another one takes its place with an event. */
START_TEST(persons_have_one_key_each)
{
	struct ledger_person row, found;
	struct ledger_persons counted;
	struct persons more;
	struct fixture f;
	int n[2] = {0, 0};

	open_with_persons(&f);
	persons_make(&more);
	row = persons_row(&persons, 0);
	IS(ledger_person_enroll(f.ledger, &by_bob, &row), KE_DUPLICATE);
	(void)strcpy(row.person, "uid1002");
	IS(ledger_person_enroll(f.ledger, &by_bob, &row), KE_DUPLICATE);
	row = persons_row(&more, 0);
	OK(ledger_person_enroll(f.ledger, &by_bob, &row));
	OK(ledger_person_get(&found, f.ledger, "uid1000"));
	ck_assert_str_eq(found.fingerprint, row.fingerprint);
	OK(ledger_person_by_key(&found, f.ledger, persons.publics[0].fingerprint));
	ck_assert_int_ne(found.removed_ms, 0);
	IS(ledger_person_remove(f.ledger, &by_bob, "uid1002", NULL), KE_NOT_FOUND);
	OK(ledger_person_remove(f.ledger, &by_bob, "uid1000", "left"));
	IS(ledger_person_get(&found, f.ledger, "uid1000"), KE_NOT_FOUND);
	/* A key that was given up does not come back. */
	IS(ledger_person_enroll(f.ledger, &by_bob, &row), KE_DUPLICATE);
	row = persons_row(&more, 1);
	(void)strcpy(row.person, "uid1000");
	OK(ledger_person_enroll(f.ledger, &by_bob, &row));
	row.name[0] = '\0';
	IS(ledger_person_enroll(f.ledger, &by_bob, &row), KE_BAD_ARGUMENT);
	OK(ledger_person_count(&counted, f.ledger));
	ck_assert_uint_eq(counted.enrolled, 2);
	ck_assert_uint_eq(counted.ever, 4);
	OK(ledger_person_list(f.ledger, count_person, n));
	ck_assert_int_eq(n[0], 2);
	ck_assert_int_eq(n[1], 2);
	persons_free(&more);
	close_with_persons(&f);
}
END_TEST

/* The version that opened a job is the one that knows how to ask about it. */
START_TEST(no_upgrade_while_an_intent_is_open)
{
	struct fixture f;

	fixture_make(&f, MODE_USA);
	f.place.program = "0.0.9";
	OK(ledger_open(&f.ledger, &f.place, &by_alice));
	fixture_batch(&f, "B", 1, 0);
	OK(ledger_wallet_step(f.ledger, &by_alice, "BS1", WALLET_CONFIRM, NULL));
	OK(ledger_wallet_step(f.ledger, &by_alice, "BS1", WALLET_ARRIVE, NULL));
	OK(ledger_wallet_step(f.ledger, &by_alice, "BS1", WALLET_CLAIM, NULL));
	OK(fixture_job(&f, LEDGER_PLATE, "BS1", LEDGER_OUTCOME_OPEN));
	ledger_close(f.ledger);
	f.place.program = NULL;
	IS(ledger_open(&f.ledger, &f.place, &by_alice), KE_OPEN_INTENT);
	/* Back to the old one, which settles it. */
	f.place.program = "0.0.9";
	OK(ledger_open(&f.ledger, &f.place, &by_alice));
	OK(ledger_intent_close(f.ledger, &by_alice, 1, LEDGER_OUTCOME_DOUBT, 0, NULL));
	ledger_close(f.ledger);
	f.place.program = NULL;
	OK(ledger_open(&f.ledger, &f.place, &by_alice));
	fixture_verify(&f);
	fixture_reopen(&f);
	fixture_close(&f);
}
END_TEST

struct told {
	unsigned count;
	bool is_batch;
	char object[32], state[32];
};

static void
tell(void *context, bool is_batch, const char *object, const char *state)
{
	struct told *told = context;

	told->count++;
	told->is_batch = is_batch;
	(void)snprintf(told->object, sizeof told->object, "%s", object);
	(void)snprintf(told->state, sizeof told->state, "%s", state);
}

/* What the journal gets: never more than is durable, and each change once. */
START_TEST(changes_are_told_when_they_are_durable)
{
	struct told told = {0};
	struct fixture f;

	fixture_open(&f, MODE_USA);
	fixture_batch(&f, "B1", 1, 0);
	ledger_on_change(f.ledger, tell, &told);
	OK(ledger_begin(f.ledger));
	OK(ledger_batch_set_state(f.ledger, &by_alice, "B1", LEDGER_BATCH_RUNNING, NULL));
	ck_assert_uint_eq(told.count, 0);
	ledger_rollback(f.ledger);
	ck_assert_uint_eq(told.count, 0);
	OK(ledger_batch_set_state(f.ledger, &by_alice, "B1", LEDGER_BATCH_RUNNING, NULL));
	ck_assert_uint_eq(told.count, 1);
	ck_assert(told.is_batch);
	ck_assert_str_eq(told.object, "B1");
	ck_assert_str_eq(told.state, "running");
	/* Steps that need nobody are not told. */
	confirm_and_claim(&f, "BS1");
	ck_assert_uint_eq(told.count, 1);
	OK(fixture_job(&f, LEDGER_PLATE, "BS1", LEDGER_OUTCOME_DOUBT));
	ck_assert_uint_eq(told.count, 2);
	ck_assert(!told.is_batch);
	ck_assert_str_eq(told.object, "BS1");
	ck_assert_str_eq(told.state, "in-doubt");
	fixture_verify(&f);
	fixture_close(&f);
}
END_TEST

/* Nothing new is begun, and what is under way at a device comes to its end. */
START_TEST(a_stopped_ledger_takes_only_ends)
{
	const struct ledger_event e = {"key", "x", "trust", NULL, NULL, NULL};
	const struct ledger_intent next = {
		.job = 77, .kind = LEDGER_SETUP, .station = "laser1", .nonce = "n"};
	struct fixture f;
	uint32_t job;

	fixture_open(&f, MODE_USA);
	fixture_batch(&f, "B1", 2, 0);
	confirm_and_claim(&f, "BS1");
	OK(fixture_job(&f, LEDGER_PLATE, "BS1", LEDGER_OUTCOME_OPEN));
	ledger_stop(f.ledger, KE_SYNC);
	IS(ledger_intent_open(f.ledger, &by_alice, &next), KE_SYNC);
	IS(ledger_job_new(&job, f.ledger), KE_SYNC);
	IS(ledger_begin(f.ledger), KE_SYNC);
	IS(ledger_event_add(f.ledger, &by_alice, &e), KE_SYNC);
	IS(ledger_wallet_step(f.ledger, &by_alice, "BS2", WALLET_CONFIRM, NULL), KE_SYNC);
	ck_assert_int_eq(ledger_failed(f.ledger), 0);
	OK(ledger_intent_close(
		f.ledger, &by_alice, 1, LEDGER_OUTCOME_DONE, 8, NULL));
	ck_assert_int_eq(fixture_state(&f, "BS1"), WALLET_ETCHED);
	IS(ledger_begin(f.ledger), KE_SYNC);
	fixture_reopen(&f);
	fixture_verify(&f);
	fixture_close(&f);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("ledger_jobs");
	TCase *all = tcase_create("all");

	tcase_add_test(all, job_numbers_do_not_come_back);
	tcase_add_test(all, job_numbers_come_to_an_end);
	tcase_add_test(all, one_intent_for_a_serial);
	tcase_add_test(all, resolved_is_not_marked_again);
	tcase_add_test(all, no_step_round_the_intent);
	tcase_add_test(all, open_intents_are_found_after_a_restart);
	tcase_add_test(all, an_intent_knows_its_device);
	tcase_add_test(all, an_older_ledger_is_migrated);
	tcase_add_test(all, setup_marks_are_counted);
	tcase_add_test(all, no_upgrade_while_an_intent_is_open);
	tcase_add_test(all, a_stopped_ledger_takes_only_ends);
	tcase_add_test(all, two_persons);
	tcase_add_test(all, contrary_requests_are_settled_together);
	tcase_add_test(all, requests_expire_and_are_withdrawn);
	tcase_add_test(all, persons_have_one_key_each);
	tcase_add_test(all, an_unsigned_request_is_not_approved);
	tcase_add_test(all, changes_are_told_when_they_are_durable);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}
