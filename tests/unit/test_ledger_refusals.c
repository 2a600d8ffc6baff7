/* SPDX-License-Identifier: MIT */
/*
 * What each verb of the ledger refuses, one thing wrong at a time; each time nothing is
 * written, and the transaction goes on.
 */
#include "config.h"
#include "harness.h"
#include "ledger_verbs.h"
#include "daemon/ledger_operator.h"
#include "daemon/ledger_witness.h"

#define L scene.f.ledger
/* A copy of `good' with one thing done to it, given to a verb. */
#define WITH(change, call, want) \
	do {                     \
		x = good;        \
		change;          \
		IS(call, want);  \
	} while (0)

static const uint64_t beyond = (uint64_t)INT64_MAX + 1;
static struct scene scene;
static uint64_t seq_before;
static char text_1023[LEDGER_TEXT_MAX + 1], text_1024[LEDGER_TEXT_MAX + 2];

/* All of a test's refusals in one transaction, after which a verb goes well. */
static void
begin(void)
{
	unsigned char hash[LEDGER_HASH_LEN];

	scene_open(&scene);
	memset(text_1023, 'x', LEDGER_TEXT_MAX);
	memset(text_1024, 'x', LEDGER_TEXT_MAX + 1);
	ledger_head(L, &seq_before, hash);
	OK(ledger_begin(L));
}

static void
end(void)
{
	unsigned char hash[LEDGER_HASH_LEN];
	uint64_t seq;

	ledger_head(L, &seq, hash);
	ck_assert_uint_eq(seq, seq_before);
	ck_assert_int_eq(ledger_failed(L), 0);
	OK(ledger_wallet_hold(L, &by_alice, "BS1", "look"));
	OK(ledger_commit(L));
	scene_close(&scene);
}

START_TEST(texts)
{
	static const struct {
		const char *text;
		int want;
	} rows[] = {{"\x1f", KE_BAD_CHARACTER}, {"a\x7f", KE_BAD_CHARACTER},
		{"\xff", KE_BAD_CHARACTER}, {text_1024, KE_TOO_LONG}};
	struct ledger_event e = {"key", "x", "trust", NULL, NULL, NULL};

	begin();
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		e.detail = rows[i].text;
		IS(ledger_event_add(L, &by_alice, &e), rows[i].want);
		e.detail = NULL;
		e.object = rows[i].text;
		IS(ledger_event_add(L, &by_alice, &e), rows[i].want);
		e.object = "x";
		IS(ledger_batch_hold(L, &by_alice, "B1", rows[i].text), rows[i].want);
	}
	e.event = NULL;
	IS(ledger_event_add(L, &by_alice, &e), KE_BAD_ARGUMENT);
	e = (struct ledger_event){NULL, "x", "trust", NULL, NULL, NULL};
	IS(ledger_event_add(L, &by_alice, &e), KE_BAD_ARGUMENT);
	IS(ledger_event_list(
		   L, &(struct ledger_event_filter){.object = "BS1"}, NULL, NULL),
		KE_BAD_ARGUMENT);
	end();
}
END_TEST

START_TEST(batches)
{
	const struct ledger_batch good = {
		.id = "D1", .use = "test", .made = 5, .draws = 2, .spares = 2};
	struct ledger_batch x;

	begin();
	WITH(x.id[0] = '\0', ledger_batch_insert(L, &by_alice, &x), KE_BAD_ARGUMENT);
	WITH(memset(x.id, 'x', sizeof x.id), ledger_batch_insert(L, &by_alice, &x),
		KE_TOO_LONG);
	WITH(strcpy(x.product, "\n"), ledger_batch_insert(L, &by_alice, &x),
		KE_BAD_CHARACTER);
	WITH(x.state = LEDGER_BATCH_STATE_COUNT, ledger_batch_insert(L, &by_alice, &x),
		KE_BAD_ARGUMENT);
	WITH(x.made = beyond, ledger_batch_insert(L, &by_alice, &x), KE_BAD_ARGUMENT);
	WITH(x.draws = 6, ledger_batch_insert(L, &by_alice, &x), KE_BAD_ARGUMENT);
	WITH(x.spares = 4, ledger_batch_insert(L, &by_alice, &x), KE_BAD_ARGUMENT);
	IS(ledger_batch_insert(L, &by_alice, &(struct ledger_batch){.id = "B1"}),
		KE_DUPLICATE);
	IS(ledger_batch_hold(L, &by_alice, "B1", NULL), KE_BAD_ARGUMENT);
	IS(ledger_batch_hold(L, &by_alice, "B1", ""), KE_BAD_ARGUMENT);
	IS(ledger_batch_hold(L, &by_alice, "F1", "x"), KE_BAD_STATE);
	IS(ledger_batch_unhold(L, &by_alice, "F1", "x"), KE_HELD);
	IS(ledger_batch_announce(L, &by_alice, "O1", 1), KE_BAD_ARGUMENT);
	IS(ledger_batch_announce(L, &by_alice, "O1", beyond), KE_BAD_ARGUMENT);
	/* Nothing comes to a batch that was drawn from. */
	IS(ledger_batch_announce(L, &by_alice, "R1", 20), KE_BAD_STATE);
	IS(ledger_batch_announce(L, &by_alice, "X1", 20), KE_NOT_FOUND);
	end();
}
END_TEST

START_TEST(an_announcement_has_room_for_draws_and_spares)
{
	struct ledger_batch b = {
		.id = "D1", .use = "test", .made = 5, .draws = beyond, .spares = 0};

	scene_open(&scene);
	IS(ledger_batch_insert(L, &by_alice, &b), KE_BAD_ARGUMENT);
	b.draws = b.spares = 2;
	OK(ledger_batch_insert(L, &by_alice, &b));
	IS(ledger_batch_announce(L, &by_alice, "D1", 1), KE_BAD_ARGUMENT);
	IS(ledger_batch_announce(L, &by_alice, "D1", 3), KE_BAD_ARGUMENT);
	OK(ledger_batch_announce(L, &by_alice, "D1", 4));
	scene_close(&scene);
}
END_TEST

START_TEST(freezes)
{
	static const char *const reasons[] = {NULL, ""};

	begin();
	for (int i = 0; i < 2; i++) {
		IS(ledger_batch_freeze(L, &by_alice, "B1", reasons[i]), KE_BAD_ARGUMENT);
		IS(ledger_batch_unfreeze(L, &by_alice, "F1", reasons[i]),
			KE_BAD_ARGUMENT);
		IS(ledger_batch_void(L, &by_alice, "F1", reasons[i]), KE_BAD_ARGUMENT);
	}
	IS(ledger_batch_freeze(L, &by_alice, "", "x"), KE_BAD_ARGUMENT);
	IS(ledger_batch_freeze(L, &by_alice, text_1023, "x"), KE_TOO_LONG);
	IS(ledger_batch_freeze(L, &by_alice, "F1", "x"), KE_BAD_STATE);
	IS(ledger_batch_unfreeze(L, &by_alice, "B1", "x"), KE_BAD_STATE);
	IS(ledger_batch_void(L, &by_alice, "B1", "x"), KE_BAD_STATE);
	end();
}
END_TEST

START_TEST(wallets)
{
	begin();
	IS(ledger_wallet_insert(L, &by_alice, "", "B1", 70, NULL), KE_BAD_ARGUMENT);
	IS(ledger_wallet_insert(L, &by_alice, "BS70", "B1", 0, NULL), KE_BAD_ARGUMENT);
	IS(ledger_wallet_insert(L, &by_alice, "BS70", "B1", beyond, NULL),
		KE_BAD_ARGUMENT);
	IS(ledger_wallet_insert(L, &by_alice, text_1023, "B1", 0, NULL), KE_TOO_LONG);
	IS(ledger_wallet_insert(L, &by_alice, "BS70", "B1", 70, text_1023), KE_TOO_LONG);
	IS(ledger_wallet_insert(L, &by_alice, "BS70", "X1", 70, NULL), KE_NOT_FOUND);
	IS(ledger_wallet_hold(L, &by_alice, "BS1", NULL), KE_BAD_ARGUMENT);
	IS(ledger_wallet_hold(L, &by_alice, "BS1", ""), KE_BAD_ARGUMENT);
	IS(ledger_wallet_hold(L, &by_alice, "BS8", "x"), KE_BAD_STATE);
	IS(ledger_wallet_draw(L, &by_alice, "BS1", "salt"), KE_BAD_STATE);
	IS(ledger_wallet_draw(L, &by_alice, "BS9", "salt"), KE_BAD_STATE);
	IS(ledger_wallet_draw(L, &by_alice, "RS2", "salt"), KE_BAD_STATE);
	IS(ledger_wallet_destroyed(L, &by_alice, "BS1", "both"), KE_BAD_STATE);
	IS(ledger_wallet_destroyed(L, &by_alice, "BS5", "both"), KE_BAD_STATE);
	IS(ledger_wallet_destroyed(L, &by_alice, "BS7", "both"), KE_BAD_STATE);
	IS(ledger_wallet_destroyed(L, &by_alice, "RS2", "both"), KE_BAD_STATE);
	end();
}
END_TEST

START_TEST(no_draw_from_a_frozen_batch)
{
	scene_open(&scene);
	OK(ledger_batch_freeze(L, &by_alice, "B1", "stop"));
	IS(ledger_wallet_draw(L, &by_alice, "BS5", "salt"), KE_HELD);
	OK(ledger_batch_unfreeze(L, &by_alice, "B1", "go"));
	OK(ledger_wallet_draw(L, &by_alice, "BS5", "salt"));
	scene_close(&scene);
}
END_TEST

START_TEST(files)
{
	const struct ledger_file good = {.sha256 = {1, 2},
		.kind = "codes",
		.sender = "a",
		.recipient = "b",
		.batch = "B1",
		.part = 1,
		.parts = 2,
		.sequence = 1};
	const struct ledger_row row = {.serial = "BS1", .kind = "codes"};
	struct ledger_file x;
	struct ledger_row r = row;
	struct ledger_turn turn;

	begin();
	WITH(x.kind[0] = '\0', ledger_file_insert(L, &by_alice, &x), KE_BAD_ARGUMENT);
	WITH(memset(x.kind, 'x', sizeof x.kind), ledger_file_insert(L, &by_alice, &x),
		KE_TOO_LONG);
	WITH(x.direction = (enum ledger_direction)2, ledger_file_insert(L, &by_alice, &x),
		KE_BAD_ARGUMENT);
	WITH(x.receipt = (enum ledger_receipt)3, ledger_file_insert(L, &by_alice, &x),
		KE_BAD_ARGUMENT);
	WITH(x.part = 3, ledger_file_insert(L, &by_alice, &x), KE_BAD_ARGUMENT);
	WITH(x.sequence = beyond, ledger_file_insert(L, &by_alice, &x), KE_BAD_ARGUMENT);
	WITH(x.sequence = 0, ledger_file_refuse(L, &by_alice, &x), KE_BAD_ARGUMENT);
	WITH(x.direction = LEDGER_OUT, ledger_file_refuse(L, &by_alice, &x),
		KE_BAD_ARGUMENT);
	WITH((x.batch[0] = '\0', x.sequence = 2), ledger_file_insert(L, &by_alice, &x),
		KE_OUT_OF_SEQUENCE);
	WITH((x.part = 0, x.sequence = 2), ledger_file_insert(L, &by_alice, &x),
		KE_OUT_OF_SEQUENCE);
	IS(ledger_file_next(&turn, L, (enum ledger_direction)2, "a", "b", "codes"),
		KE_BAD_ARGUMENT);
	IS(ledger_file_set_path(L, &by_alice, good.sha256, "x"), KE_NOT_FOUND);
	IS(ledger_file_set_path(L, &by_alice, good.sha256, "\n"), KE_BAD_CHARACTER);
	IS(ledger_file_set_receipt(L, &by_alice, good.sha256, (enum ledger_receipt)3),
		KE_BAD_ARGUMENT);
	r.offset = beyond;
	IS(ledger_row_insert(L, &r), KE_BAD_ARGUMENT);
	r = row;
	r.length = beyond;
	IS(ledger_row_insert(L, &r), KE_BAD_ARGUMENT);
	IS(ledger_row_insert(L, &row), KE_NOT_FOUND);
	IS(ledger_take(L, &by_alice, text_1023, good.sha256), KE_TOO_LONG);
	end();
}
END_TEST

START_TEST(skips)
{
	const struct ledger_skip good = {
		"us-gen", "cn-mint", "codes", 4, "lost", NULL, 0};
	struct ledger_skip x;

	begin();
	WITH(x.kind = "", ledger_file_skip(L, &by_alice, &x), KE_BAD_ARGUMENT);
	WITH(x.reason = "", ledger_file_skip(L, &by_alice, &x), KE_BAD_ARGUMENT);
	WITH(x.sequence = beyond, ledger_file_skip(L, &by_alice, &x), KE_BAD_ARGUMENT);
	WITH((x.batch = "", x.part = 1), ledger_file_skip(L, &by_alice, &x),
		KE_BAD_ARGUMENT);
	WITH(x.batch = "B1", ledger_file_skip(L, &by_alice, &x), KE_BAD_ARGUMENT);
	WITH(x.part = 1, ledger_file_skip(L, &by_alice, &x), KE_BAD_ARGUMENT);
	WITH((x.batch = text_1023, x.part = 1), ledger_file_skip(L, &by_alice, &x),
		KE_TOO_LONG);
	WITH((x.sender = text_1023, x.kind = ""), ledger_file_skip(L, &by_alice, &x),
		KE_TOO_LONG);
	WITH(x.recipient = text_1023, ledger_file_skip(L, &by_alice, &x), KE_TOO_LONG);
	WITH(x.kind = text_1023, ledger_file_skip(L, &by_alice, &x), KE_TOO_LONG);
	WITH(x.reason = text_1023, ledger_file_skip(L, &by_alice, &x), KE_TOO_LONG);
	end();
}
END_TEST

START_TEST(ranges_and_heads)
{
	const struct ledger_range good = {"serial", "BS#", 20, 5, 100, "B1"};
	struct ledger_range x;
	uint64_t first;

	begin();
	WITH(x.count = 0, ledger_allocate(&first, L, &by_alice, &x), KE_BAD_ARGUMENT);
	WITH(x.limit = UINT64_MAX, ledger_allocate(&first, L, &by_alice, &x),
		KE_BAD_ARGUMENT);
	WITH((x.kind = text_1023, x.count = 0), ledger_allocate(&first, L, &by_alice, &x),
		KE_TOO_LONG);
	WITH(x.first = 101, ledger_allocate(&first, L, &by_alice, &x), KE_EXHAUSTED);
	WITH(x.first = 96, ledger_allocate(&first, L, &by_alice, &x), KE_EXHAUSTED);
	WITH(x.first = 12, ledger_allocate(&first, L, &by_alice, &x), KE_DUPLICATE);
	IS(ledger_witness_add(L, &by_alice, "cn-1", &(struct ledger_head){.seq = 0}),
		KE_BAD_ARGUMENT);
	IS(ledger_witness_add(L, &by_alice, "cn-1", &(struct ledger_head){.seq = beyond}),
		KE_BAD_ARGUMENT);
	IS(ledger_witness_add(
		   L, &by_alice, "cn-1", &(struct ledger_head){.seq = 5, .hash = {1}}),
		KE_FORKED);
	end();
}
END_TEST

START_TEST(intents)
{
	const struct ledger_intent good = {.job = 90,
		.kind = LEDGER_PLATE,
		.serial = "BS3",
		.station = "st1",
		.device = "LASER-1"};
	struct ledger_intent x;

	begin();
	WITH(x.job = 0, ledger_intent_open(L, &by_alice, &x), KE_BAD_ARGUMENT);
	WITH(x.kind = LEDGER_JOB_KINDS, ledger_intent_open(L, &by_alice, &x),
		KE_BAD_ARGUMENT);
	WITH(x.counter = beyond, ledger_intent_open(L, &by_alice, &x), KE_BAD_ARGUMENT);
	WITH(x.serial[0] = '\0', ledger_intent_open(L, &by_alice, &x), KE_BAD_ARGUMENT);
	WITH(x.kind = LEDGER_SETUP, ledger_intent_open(L, &by_alice, &x),
		KE_BAD_ARGUMENT);
	WITH((strcpy(x.nonce, "\n"), x.job = 0), ledger_intent_open(L, &by_alice, &x),
		KE_BAD_CHARACTER);
	WITH(strcpy(x.device, "\n"), ledger_intent_open(L, &by_alice, &x),
		KE_BAD_CHARACTER);
	IS(ledger_intent_close(L, &by_alice, scene.job, LEDGER_OUTCOME_COUNT, 8, NULL),
		KE_BAD_ARGUMENT);
	IS(ledger_intent_close(L, &by_alice, scene.job, LEDGER_OUTCOME_OPEN, 8, NULL),
		KE_BAD_ARGUMENT);
	IS(ledger_intent_close(
		   L, &by_alice, scene.job, LEDGER_OUTCOME_DONE, 8, text_1023),
		KE_TOO_LONG);
	IS(ledger_intent_close(L, &by_alice, 77, LEDGER_OUTCOME_DONE, 8, text_1023),
		KE_NOT_FOUND);
	end();
}
END_TEST

START_TEST(requests)
{
	const struct ledger_request good = {.id = 3,
		.action = "wallet resolve",
		.nonce = "00000000000000000000000000000003"};
	struct ledger_approval first = {.request = 3};
	struct ledger_by nobody = {by_bob.now_ms, NULL};
	struct ledger_request x;

	begin();
	(void)strcpy(first.person, by_bob.actor);
	WITH(x.action[0] = '\0', ledger_request_add(L, &by_bob, &x, &first),
		KE_BAD_ARGUMENT);
	WITH(x.nonce[0] = '\0', ledger_request_add(L, &by_bob, &x, &first),
		KE_BAD_ARGUMENT);
	WITH(x.id = 0, ledger_request_add(L, &by_bob, &x, &first), KE_BAD_ARGUMENT);
	WITH(x.id = 4, ledger_request_add(L, &by_bob, &x, &first), KE_BAD_ARGUMENT);
	WITH(memset(x.action, 'x', sizeof x.action),
		ledger_request_add(L, &by_bob, &x, &first), KE_TOO_LONG);
	WITH(strcpy(x.args, text_1023), ledger_request_add(L, &by_bob, &x, &first),
		KE_TOO_LONG);
	IS(ledger_request_add(L, &nobody, &good, &first), KE_BAD_ARGUMENT);
	nobody.actor = "";
	IS(ledger_request_add(L, &nobody, &good, &first), KE_BAD_ARGUMENT);
	IS(ledger_request_add(L, &by_alice, &good, &first), KE_BAD_ARGUMENT);
	end();
}
END_TEST

/* What was asked of another act stands; what was asked of the same is settled. */
START_TEST(another_act_stays_asked_for)
{
	struct ledger_request other, r;
	struct ledger_approval a;

	scene_open(&scene);
	other = scene.fresh;
	(void)strcpy(other.action, "wallet destroyed");
	a = persons_sign(&scene.persons, 1, &other);
	OK(ledger_request_add(L, &by_bob, &other, &a));
	OK(ledger_request_consume(L, &by_bob, &scene.second));
	OK(ledger_request_get(&r, L, 3));
	ck_assert_int_eq(r.state, LEDGER_REQUEST_OPEN);
	OK(ledger_request_get(&r, L, 2));
	ck_assert_int_eq(r.state, LEDGER_REQUEST_WITHDRAWN);
	scene_close(&scene);
}
END_TEST

START_TEST(people)
{
	struct ledger_person good, x;
	struct ledger_operator o = {.name = "Carol!"};

	begin();
	good = scene.newcomers[0];
	WITH(x.person[0] = '\0', ledger_person_enroll(L, &by_alice, &x), KE_BAD_ARGUMENT);
	WITH(x.name[0] = '\0', ledger_person_enroll(L, &by_alice, &x), KE_BAD_ARGUMENT);
	WITH(x.key[0] = '\0', ledger_person_enroll(L, &by_alice, &x), KE_BAD_ARGUMENT);
	WITH(x.fingerprint[0] = '\0', ledger_person_enroll(L, &by_alice, &x),
		KE_BAD_ARGUMENT);
	WITH((strcpy(x.person, "\n"), x.key[0] = 0),
		ledger_person_enroll(L, &by_alice, &x), KE_BAD_CHARACTER);
	IS(ledger_person_remove(L, &by_alice, "uid9", "left"), KE_NOT_FOUND);
	IS(ledger_operator_enroll(L, &by_alice, &o), KE_BAD_NAME);
	IS(ledger_operator_stand(L, &by_alice, "st1", "Carol!", "x"), KE_BAD_NAME);
	IS(ledger_operator_stand(L, &by_alice, "st1", "carol", "x"), KE_BAD_STATE);
	IS(ledger_operator_stand(L, &by_alice, "st2", NULL, "x"), KE_BAD_STATE);
	IS(ledger_operator_remove(L, &by_alice, "dave", "x"), KE_NOT_FOUND);
	end();
}
END_TEST

/* Which way a batch may go, by mode; what it counts is in the model's tests. */
START_TEST(batches_go_their_modes_way)
{
	struct fixture f;

	scene_open(&scene);
	IS(ledger_batch_set_state(L, &by_alice, "B1", LEDGER_BATCH_SHIPPED, NULL),
		KE_BAD_STATE);
	IS(ledger_batch_set_state(L, &by_alice, "B1", LEDGER_BATCH_RELEASED, NULL),
		KE_BAD_STATE);
	IS(ledger_batch_set_state(L, &by_alice, "B1", LEDGER_BATCH_STATE_COUNT, NULL),
		KE_BAD_ARGUMENT);
	IS(ledger_batch_set_state(L, &by_alice, "B1", LEDGER_BATCH_CLOSED, NULL),
		KE_BAD_STATE);
	IS(ledger_batch_set_state(L, &by_alice, "H1", LEDGER_BATCH_MADE, NULL), KE_HELD);
	OK(ledger_batch_set_state(L, &by_alice, "H1", LEDGER_BATCH_VOID, NULL));
	IS(ledger_batch_set_state(L, &by_alice, "H1", LEDGER_BATCH_VOID, NULL),
		KE_BAD_STATE);
	/* A void one is over when none of it is open and no bad part is left. */
	OK(ledger_batch_void(L, &by_alice, "F1", "lost"));
	IS(ledger_batch_set_state(L, &by_alice, "F1", LEDGER_BATCH_RUNNING, NULL),
		KE_BAD_STATE);
	OK(ledger_batch_set_state(L, &by_alice, "F1", LEDGER_BATCH_CLOSED, NULL));
	scene_close(&scene);

	fixture_open(&f, MODE_CHINA);
	fixture_batch(&f, "B1", 1, 0);
	OK(ledger_batch_set_state(f.ledger, &by_alice, "B1", LEDGER_BATCH_RUNNING, NULL));
	IS(ledger_batch_set_state(f.ledger, &by_alice, "B1", LEDGER_BATCH_CLOSED, NULL),
		KE_BAD_STATE);
	IS(ledger_batch_set_state(f.ledger, &by_alice, "B1", LEDGER_BATCH_SHIPPED, NULL),
		KE_BAD_STATE);
	OK(ledger_batch_freeze(f.ledger, &by_alice, "B1", "stop"));
	OK(ledger_batch_void(f.ledger, &by_alice, "B1", "lost"));
	OK(ledger_batch_set_state(f.ledger, &by_alice, "B1", LEDGER_BATCH_CLOSED, NULL));
	fixture_verify(&f);
	fixture_close(&f);
}
END_TEST

static int
china(struct fixture *f, const char *id, enum ledger_outcome outcome)
{
	char serial[LEDGER_SERIAL_SIZE];

	fixture_batch(f, id, 1, 0);
	(void)snprintf(serial, sizeof serial, "%cS1", id[0]);
	OK(ledger_wallet_step(f->ledger, &by_alice, serial, WALLET_MINT, NULL));
	OK(fixture_job(f, LEDGER_STICKER, serial, outcome));
	if (outcome != LEDGER_OUTCOME_DONE)
		return 0;
	OK(ledger_batch_set_state(f->ledger, &by_alice, id, LEDGER_BATCH_RUNNING, NULL));
	OK(ledger_wallet_step(f->ledger, &by_alice, serial, WALLET_PAIR, NULL));
	OK(ledger_wallet_step(f->ledger, &by_alice, serial, WALLET_SHIP, NULL));
	return ledger_batch_set_state(
		f->ledger, &by_alice, id, LEDGER_BATCH_SHIPPED, NULL);
}

/* A batch of which nothing was made is closed as it is; a part, or a doubt, bars it. */
START_TEST(counts_bar_the_way)
{
	struct fixture f;

	fixture_open(&f, MODE_CHINA);
	OK(china(&f, "B1", LEDGER_OUTCOME_DONE));
	OK(china(&f, "D1", LEDGER_OUTCOME_DOUBT));
	IS(ledger_batch_set_state(f.ledger, &by_alice, "D1", LEDGER_BATCH_CLOSED, NULL),
		KE_BAD_STATE);
	OK(china(&f, "N1", LEDGER_OUTCOME_NEVER));
	OK(ledger_batch_set_state(f.ledger, &by_alice, "N1", LEDGER_BATCH_CLOSED, NULL));
	fixture_verify(&f);
	fixture_close(&f);

	scene_open(&scene);
	OK(ledger_wallet_step(L, &by_alice, "OS1", WALLET_CONFIRM, NULL));
	OK(ledger_wallet_step(L, &by_alice, "OS1", WALLET_ARRIVE, NULL));
	IS(ledger_batch_set_state(L, &by_alice, "O1", LEDGER_BATCH_CLOSED, NULL),
		KE_BAD_STATE);
	scene_close(&scene);
}
END_TEST

/* Of an event without an object or a state nobody is told. */
START_TEST(events_that_tell_nobody)
{
	const struct ledger_event none = {"key", NULL, "trust", "none", "x", NULL};
	const struct ledger_event same = {"key", "x", "trust", NULL, "", NULL};

	scene_open(&scene);
	OK(ledger_event_add(L, &by_alice, &none));
	OK(ledger_event_add(L, &by_alice, &same));
	ck_assert_uint_eq(scene_changes(), 0);
	OK(ledger_wallet_step(L, &by_alice, "BS1", WALLET_CONFIRM, NULL));
	ck_assert_uint_eq(scene_changes(), 0);
	OK(ledger_wallet_step(L, &by_alice, "BS1", WALLET_REJECT, "odd"));
	ck_assert_uint_eq(scene_changes(), 1);
	OK(ledger_batch_set_state(L, &by_alice, "O1", LEDGER_BATCH_MADE, NULL));
	ck_assert_uint_eq(scene_changes(), 2);
	scene_close(&scene);
}
END_TEST

START_TEST(what_rests)
{
	scene_open(&scene);
	OK(ledger_batch_check_rest(L, "B1"));
	IS(ledger_batch_check_rest(L, "H1"), KE_HELD);
	IS(ledger_batch_check_rest(L, "F1"), KE_HELD);
	OK(ledger_batch_void(L, &by_alice, "F1", "lost"));
	IS(ledger_batch_check_rest(L, "F1"), KE_HELD);
	IS(ledger_batch_check_rest(L, "X1"), KE_NOT_FOUND);
	scene_close(&scene);
}
END_TEST

/* Nothing is made of what came too late; what the other country opened is recorded. */
START_TEST(a_void_batch_goes_no_further)
{
	struct wallet_balance balance;
	struct fixture f;

	scene_open(&scene);
	OK(ledger_batch_freeze(L, &by_alice, "R1", "stop"));
	OK(ledger_batch_void(L, &by_alice, "R1", "lost"));
	IS(ledger_batch_release(&balance, L, &by_alice, "R1", NULL), KE_BAD_STATE);
	IS(ledger_wallet_insert(L, &by_alice, "RS9", "R1", 9, NULL), KE_HELD);
	scene_close(&scene);

	fixture_open(&f, MODE_CHINA);
	OK(china(&f, "B1", LEDGER_OUTCOME_DONE));
	OK(china(&f, "C1", LEDGER_OUTCOME_DONE));
	OK(ledger_batch_freeze(f.ledger, &by_alice, "B1", "stop"));
	IS(ledger_wallet_step(f.ledger, &by_alice, "BS1", WALLET_OPEN_GOOD, NULL),
		KE_HELD);
	OK(ledger_batch_void(f.ledger, &by_alice, "B1", "lost"));
	OK(ledger_wallet_step(f.ledger, &by_alice, "BS1", WALLET_OPEN_GOOD, NULL));
	OK(ledger_batch_freeze(f.ledger, &by_alice, "C1", "stop"));
	OK(ledger_batch_void(f.ledger, &by_alice, "C1", "lost"));
	OK(ledger_wallet_step(f.ledger, &by_alice, "CS1", WALLET_OPEN_BAD, NULL));
	fixture_verify(&f);
	fixture_close(&f);
}
END_TEST

START_TEST(what_is_over)
{
	const struct wallet_balance rows[] = {
		{.open = 1}, {.in_doubt = 1}, {.parts_left = 1}};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		ck_assert(!ledger_batch_is_over(&rows[i]));
	ck_assert(ledger_batch_is_over(&(struct wallet_balance){.announced = 9}));
}
END_TEST

/* Only made of slashes is the path so long, and still that of the folder. */
START_TEST(places)
{
	char state[4096 - 4], host[LEDGER_HOST_SIZE + 8];
	struct ledger_place place;
	struct fixture f;

	fixture_make(&f, MODE_USA);
	place = f.place;
	(void)snprintf(host, sizeof host, "%0*d", LEDGER_HOST_SIZE + 4, 1);
	place.host = host;
	IS(ledger_open(&f.ledger, &place, &by_alice), KE_BAD_CONFIG);
	place.host = "../x";
	IS(ledger_open(&f.ledger, &place, &by_alice), KE_BAD_CONFIG);
	place.host = f.place.host;
	memset(state, '/', sizeof state);
	memcpy(state, f.state, strlen(f.state));
	state[sizeof state - 1] = '\0';
	place.state_path = state;
	IS(ledger_open(&f.ledger, &place, &by_alice), KE_BAD_NAME);
	ck_assert_ptr_null(f.ledger);
	OK(ledger_open(&f.ledger, &f.place, &by_alice));
	fixture_close(&f);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("ledger_refusals");
	TCase *all = tcase_create("all");

	tcase_set_timeout(all, 60);
	tcase_add_test(all, texts);
	tcase_add_test(all, batches);
	tcase_add_test(all, an_announcement_has_room_for_draws_and_spares);
	tcase_add_test(all, freezes);
	tcase_add_test(all, wallets);
	tcase_add_test(all, no_draw_from_a_frozen_batch);
	tcase_add_test(all, files);
	tcase_add_test(all, skips);
	tcase_add_test(all, ranges_and_heads);
	tcase_add_test(all, intents);
	tcase_add_test(all, requests);
	tcase_add_test(all, another_act_stays_asked_for);
	tcase_add_test(all, people);
	tcase_add_test(all, batches_go_their_modes_way);
	tcase_add_test(all, counts_bar_the_way);
	tcase_add_test(all, events_that_tell_nobody);
	tcase_add_test(all, what_rests);
	tcase_add_test(all, a_void_batch_goes_no_further);
	tcase_add_test(all, what_is_over);
	tcase_add_test(all, places);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}
