/* SPDX-License-Identifier: MIT */
/* Opening, transactions, events, wallets, batches. */
#include "config.h"
#include "harness.h"
#include "ledger_fixture.h"

static int
count_event(void *context, const struct ledger_event_row *row)
{
	(void)row;
	++*(int *)context;
	return 0;
}

static int
count_events(struct ledger *l, const char *kind, const char *object)
{
	const struct ledger_event_filter filter = {.kind = kind, .object = object};
	int count = 0;

	OK(ledger_event_list(l, &filter, count_event, &count));
	return count;
}

static int
keep_seq(void *context, const struct ledger_event_row *row)
{
	*(uint64_t *)context = row->seq;
	return strcmp(row->event.detail, "refuse") == 0 ? KE_LEDGER : 0;
}

START_TEST(tells_the_newest_of_an_object)
{
	static const struct ledger_event events[] = {
		{"device", "A", "device-counter", NULL, NULL, "1"},
		{"device", "A", "device-counter", NULL, NULL, "2"},
		{"device", "B", "device-counter", NULL, NULL, "refuse"},
		{"key", "A", "accepted", NULL, NULL, "4"}};
	struct fixture f;
	uint64_t seq = 0, head;
	unsigned char hash[LEDGER_HASH_LEN];

	fixture_open(&f, MODE_USA);
	ledger_head(f.ledger, &head, hash);
	IS(ledger_event_last(f.ledger, "device", "A", keep_seq, &seq), KE_NOT_FOUND);
	ck_assert_uint_eq(seq, 0);
	for (size_t i = 0; i < sizeof events / sizeof events[0]; i++)
		OK(ledger_event_add(f.ledger, &by_alice, &events[i]));
	OK(ledger_event_last(f.ledger, "device", "A", keep_seq, &seq));
	ck_assert_uint_eq(seq, head + 2);
	IS(ledger_event_last(f.ledger, "device", "B", keep_seq, &seq), KE_LEDGER);
	ck_assert_uint_eq(seq, head + 3);
	IS(ledger_event_last(f.ledger, "device", "C", keep_seq, &seq), KE_NOT_FOUND);
	fixture_close(&f);
}
END_TEST

START_TEST(opens_anew_and_again)
{
	struct fixture f;
	struct ledger *second;
	unsigned char hash[LEDGER_HASH_LEN], again[LEDGER_HASH_LEN];
	uint64_t seq;
	struct stat st;

	fixture_open(&f, MODE_USA);
	ledger_head(f.ledger, &seq, hash);
	ck_assert_uint_eq(seq, 1);
	IS(ledger_open(&second, &f.place, &by_alice), KE_LOCKED);
	ck_assert_ptr_null(second);
	fixture_reopen(&f);
	ledger_head(f.ledger, &seq, again);
	ck_assert_uint_eq(seq, 1);
	ck_assert_mem_eq(hash, again, sizeof hash);
	ck_assert_int_eq(stat(f.database, &st), 0);
	ck_assert_int_eq(st.st_mode & 0777, 0600);
	fixture_verify(&f);
	fixture_close(&f);
	ledger_close(NULL);
}
END_TEST

/* A copy of the state directory has the mark of the first one. */
START_TEST(one_host_is_open_once)
{
	struct fixture f;
	struct ledger_place copy;
	struct ledger *l;
	char path[128];

	fixture_open(&f, MODE_USA);
	fixture_reopen(&f);
	fixture_shell(&f, "cp -r state copy");
	(void)snprintf(path, sizeof path, "%s/copy", f.root);
	copy = f.place;
	copy.state_path = path;
	IS(ledger_open(&l, &copy, &by_alice), KE_LOCKED);
	/* Another host's mark may lie in the same folder. */
	fixture_shell(&f, "mkdir other");
	(void)snprintf(path, sizeof path, "%s/other", f.root);
	copy.host = "here-2";
	OK(ledger_open(&l, &copy, &by_alice));
	ledger_close(l);
	fixture_close(&f);
}
END_TEST

/* Where the lock does not reach: what is written is what was written last, or nothing. */
static const char *const other_marks[] = {
	/* the copy's own step; the mark put back; taken away; none */
	"sed -i 's/^seq .*/seq 3/' mark/here-1.mark",
	"cp mark/before mark/here-1.mark",
	"sed -i 's/^hash ..../hash 0123/' mark/here-1.mark",
	"rm mark/here-1.mark",
	"echo odd > mark/here-1.mark",
};

START_TEST(another_ones_mark_ends_the_work)
{
	struct fixture f;
	struct ledger_event e = {"key", "us-gen", "trust", NULL, NULL, "0123"};
	unsigned char hash[LEDGER_HASH_LEN];
	uint64_t before, seq;

	fixture_open(&f, MODE_USA);
	fixture_shell(&f, "cp mark/here-1.mark mark/before");
	OK(ledger_event_add(f.ledger, &by_alice, &e));
	fixture_shell(&f, "cp mark/here-1.mark mark/kept");
	ledger_head(f.ledger, &before, hash);
	fixture_shell(&f, other_marks[_i]);
	IS(ledger_event_add(f.ledger, &by_alice, &e), KE_OTHER_MARK);
	IS(ledger_failed(f.ledger), KE_OTHER_MARK);
	fixture_shell(&f, "mv mark/kept mark/here-1.mark");
	IS(ledger_event_add(f.ledger, &by_alice, &e), KE_OTHER_MARK);
	fixture_reopen(&f);
	ledger_head(f.ledger, &seq, hash);
	ck_assert_uint_eq(seq, before);
	fixture_verify(&f);
	fixture_close(&f);
}
END_TEST

START_TEST(knows_whose_it_is)
{
	struct fixture f;
	struct ledger_place place;
	struct ledger *l;

	fixture_open(&f, MODE_USA);
	ledger_close(f.ledger);
	place = f.place;
	place.mode = MODE_CHINA;
	IS(ledger_open(&l, &place, &by_alice), KE_BAD_CONFIG);
	place = f.place;
	place.use = "production";
	IS(ledger_open(&l, &place, &by_alice), KE_WRONG_USE);
	place = f.place;
	place.host = "other";
	IS(ledger_open(&l, &place, &by_alice), KE_NO_MARK);
	place.host = "../other";
	IS(ledger_open(&l, &place, &by_alice), KE_BAD_CONFIG);
	place = f.place;
	place.state_path = "/nonexistent";
	IS(ledger_open(&l, &place, &by_alice), KE_NOT_FOUND);
	OK(ledger_open(&f.ledger, &f.place, &by_alice));
	fixture_close(&f);
}
END_TEST

START_TEST(rolls_back_as_a_whole)
{
	struct fixture f;
	unsigned char before[LEDGER_HASH_LEN], after[LEDGER_HASH_LEN];
	struct ledger_event e = {"key", "us-gen", "trust", NULL, NULL, "0123"};
	struct ledger_batch b;
	uint64_t seq, again;

	fixture_open(&f, MODE_USA);
	ledger_head(f.ledger, &seq, before);
	OK(ledger_begin(f.ledger));
	IS(ledger_begin(f.ledger), KE_BAD_STATE);
	OK(ledger_event_add(f.ledger, &by_alice, &e));
	fixture_batch(&f, "B1", 2, 0);
	ledger_rollback(f.ledger);
	IS(ledger_commit(f.ledger), KE_BAD_STATE);
	ledger_head(f.ledger, &again, after);
	ck_assert_uint_eq(seq, again);
	ck_assert_mem_eq(before, after, sizeof before);
	IS(ledger_batch_get(&b, f.ledger, "B1"), KE_NOT_FOUND);
	OK(ledger_begin(f.ledger));
	OK(ledger_event_add(f.ledger, &by_alice, &e));
	OK(ledger_commit(f.ledger));
	fixture_reopen(&f);
	ck_assert_int_eq(count_events(f.ledger, "key", "us-gen"), 1);
	fixture_verify(&f);
	fixture_close(&f);
}
END_TEST

START_TEST(events_have_clean_texts)
{
	struct fixture f;
	char huge[LEDGER_TEXT_MAX + 2];
	struct ledger_event e = {"key", "x", "trust", NULL, NULL, huge};

	fixture_open(&f, MODE_USA);
	memset(huge, 'a', sizeof huge - 1);
	huge[sizeof huge - 1] = '\0';
	IS(ledger_event_add(f.ledger, &by_alice, &e), KE_TOO_LONG);
	huge[LEDGER_TEXT_MAX] = '\0';
	OK(ledger_event_add(f.ledger, &by_alice, &e));
	huge[5] = '\n';
	IS(ledger_event_add(f.ledger, &by_alice, &e), KE_BAD_CHARACTER);
	e.detail = NULL;
	e.kind = "wallet";
	IS(ledger_event_add(f.ledger, &by_alice, &e), KE_BAD_ARGUMENT);
	e.kind = NULL;
	IS(ledger_event_add(f.ledger, &by_alice, &e), KE_BAD_ARGUMENT);
	ck_assert_int_eq(ledger_failed(f.ledger), 0);
	fixture_verify(&f);
	fixture_close(&f);
}
END_TEST

START_TEST(a_wallet_goes_through)
{
	struct fixture f;
	struct ledger_wallet w;
	struct wallet_balance balance;
	struct ledger_batch b;

	fixture_open(&f, MODE_USA);
	fixture_batch(&f, "B1", 1, 0);
	OK(ledger_wallet_get(&w, f.ledger, "BS1"));
	ck_assert_int_eq(w.state, WALLET_EXPECTED);
	ck_assert_str_eq(w.batch, "B1");
	ck_assert_uint_eq(w.row, 1);
	ck_assert(!w.part);
	IS(ledger_wallet_step(f.ledger, &by_alice, "BS1", WALLET_CLAIM, NULL),
		KE_BAD_STATE);
	IS(ledger_wallet_step(f.ledger, &by_alice, "BS2", WALLET_CLAIM, NULL),
		KE_NOT_FOUND);
	OK(ledger_batch_set_state(f.ledger, &by_alice, "B1", LEDGER_BATCH_RUNNING, NULL));
	fixture_seal(&f, "BS1");
	OK(ledger_wallet_get(&w, f.ledger, "BS1"));
	ck_assert(w.part);
	ck_assert_uint_eq(w.job, 1);
	IS(ledger_wallet_step(f.ledger, &by_alice, "BS1", WALLET_RELEASE, NULL),
		KE_BAD_STATE);
	OK(ledger_batch_release(&balance, f.ledger, &by_bob, "B1", NULL));
	ck_assert_int_eq(balance.closing, WALLET_CLOSES);
	ck_assert_int_eq(fixture_state(&f, "BS1"), WALLET_RELEASED);
	OK(ledger_batch_get(&b, f.ledger, "B1"));
	ck_assert_int_eq(b.state, LEDGER_BATCH_RELEASED);
	OK(ledger_batch_set_state(f.ledger, &by_alice, "B1", LEDGER_BATCH_CLOSED, NULL));
	ck_assert_int_eq(count_events(f.ledger, "wallet", "BS1"), 8);
	fixture_verify(&f);
	fixture_close(&f);
}
END_TEST

START_TEST(a_batch_without_anything_to_sell_closes)
{
	struct fixture f;

	fixture_open(&f, MODE_USA);
	fixture_batch(&f, "B1", 1, 0);
	OK(ledger_batch_set_state(f.ledger, &by_alice, "B1", LEDGER_BATCH_RUNNING, NULL));
	fixture_seal(&f, "BS1");
	IS(ledger_batch_set_state(f.ledger, &by_alice, "B1", LEDGER_BATCH_CLOSED, NULL),
		KE_BAD_STATE);
	OK(ledger_wallet_step(f.ledger, &by_alice, "BS1", WALLET_SPOIL, "not released"));
	IS(ledger_batch_set_state(f.ledger, &by_alice, "B1", LEDGER_BATCH_CLOSED, NULL),
		KE_BAD_STATE);
	OK(ledger_wallet_destroyed(f.ledger, &by_alice, "BS1", "with bob"));
	OK(ledger_batch_hold(f.ledger, &by_alice, "B1", "opened-bad"));
	IS(ledger_batch_set_state(f.ledger, &by_alice, "B1", LEDGER_BATCH_CLOSED, NULL),
		KE_HELD);
	OK(ledger_batch_unhold(f.ledger, &by_alice, "B1", "settled"));
	OK(ledger_batch_set_state(f.ledger, &by_alice, "B1", LEDGER_BATCH_CLOSED, NULL));
	fixture_verify(&f);
	fixture_close(&f);
}
END_TEST

START_TEST(serials_and_rows_are_there_once)
{
	struct fixture f;

	fixture_open(&f, MODE_CHINA);
	fixture_batch(&f, "B1", 2, 0);
	IS(ledger_wallet_insert(f.ledger, &by_alice, "BS1", "B1", 9, NULL), KE_DUPLICATE);
	IS(ledger_wallet_insert(f.ledger, &by_alice, "X", "B1", 2, NULL), KE_DUPLICATE);
	IS(ledger_wallet_insert(f.ledger, &by_alice, "X", "B2", 1, NULL), KE_NOT_FOUND);
	IS(ledger_wallet_insert(f.ledger, &by_alice, "", "B1", 3, NULL), KE_BAD_ARGUMENT);
	IS(ledger_wallet_insert(f.ledger, &by_alice, "X", "B1", 0, NULL),
		KE_BAD_ARGUMENT);
	IS(ledger_wallet_insert(
		   f.ledger, &by_alice, "AAAAAAAAAAAAAAAAAAAAA", "B1", 3, NULL),
		KE_TOO_LONG);
	ck_assert_int_eq(ledger_failed(f.ledger), 0);
	OK(ledger_wallet_insert(f.ledger, &by_alice, "X", "B1", 3, NULL));
	fixture_verify(&f);
	fixture_close(&f);
}
END_TEST

static int
withdraw(void *context, const struct ledger_wallet *w)
{
	struct fixture *f = context;

	return ledger_wallet_step(
		f->ledger, &by_bob, w->serial, WALLET_WITHDRAW, "compromised");
}

static int
stop_at_second(void *context, const struct ledger_wallet *w)
{
	(void)w;
	return ++*(int *)context == 2 ? 42 : 0;
}

START_TEST(lists_and_steps_what_it_lists)
{
	struct fixture f;
	uint64_t counts[WALLET_STATE_COUNT];
	int calls = 0;

	fixture_open(&f, MODE_USA);
	fixture_batch(&f, "B1", 5, 0);
	fixture_batch(&f, "C1", 3, 0);
	OK(ledger_wallet_step(f.ledger, &by_alice, "BS2", WALLET_CONFIRM, NULL));
	OK(ledger_wallet_list(f.ledger, "B1", WALLET_EXPECTED, withdraw, &f));
	OK(ledger_batch_counts(counts, f.ledger, "B1"));
	ck_assert_uint_eq(counts[WALLET_VOID], 4);
	ck_assert_uint_eq(counts[WALLET_CONFIRMED], 1);
	IS(ledger_wallet_list(f.ledger, NULL, WALLET_NONE, stop_at_second, &calls), 42);
	calls = -100;
	OK(ledger_wallet_list(f.ledger, NULL, WALLET_NONE, stop_at_second, &calls));
	ck_assert_int_eq(calls, -92);
	calls = -100;
	OK(ledger_wallet_list(f.ledger, NULL, WALLET_VOID, stop_at_second, &calls));
	ck_assert_int_eq(calls, -96);
	calls = -100;
	OK(ledger_wallet_list(f.ledger, "C1", WALLET_NONE, stop_at_second, &calls));
	ck_assert_int_eq(calls, -97);
	OK(ledger_batch_counts(counts, f.ledger, NULL));
	ck_assert_uint_eq(counts[WALLET_EXPECTED], 3);
	fixture_verify(&f);
	fixture_close(&f);
}
END_TEST

START_TEST(what_is_held_waits)
{
	struct fixture f;
	struct ledger_wallet w;

	fixture_open(&f, MODE_USA);
	fixture_batch(&f, "B1", 1, 0);
	OK(ledger_wallet_step(f.ledger, &by_alice, "BS1", WALLET_CONFIRM, NULL));
	IS(ledger_wallet_hold(f.ledger, &by_alice, "BS1", ""), KE_BAD_ARGUMENT);
	OK(ledger_wallet_hold(f.ledger, &by_alice, "BS1", "scratched"));
	IS(ledger_wallet_hold(f.ledger, &by_alice, "BS1", "again"), KE_BAD_STATE);
	OK(ledger_wallet_step(f.ledger, &by_alice, "BS1", WALLET_ARRIVE, NULL));
	IS(ledger_wallet_step(f.ledger, &by_alice, "BS1", WALLET_CLAIM, NULL), KE_HELD);
	OK(ledger_wallet_get(&w, f.ledger, "BS1"));
	ck_assert_str_eq(w.reason, "scratched");
	OK(ledger_wallet_unhold(f.ledger, &by_bob, "BS1", "polished"));
	OK(ledger_batch_hold(f.ledger, &by_alice, "B1", "a bad EPK"));
	IS(ledger_wallet_step(f.ledger, &by_alice, "BS1", WALLET_CLAIM, NULL), KE_HELD);
	OK(ledger_batch_unhold(f.ledger, &by_bob, "B1", "looked into"));
	OK(ledger_wallet_step(f.ledger, &by_alice, "BS1", WALLET_CLAIM, NULL));
	OK(ledger_batch_hold(f.ledger, &by_alice, "B1", "again"));
	IS(fixture_job(&f, LEDGER_PLATE, "BS1", LEDGER_OUTCOME_DONE), KE_HELD);
	OK(ledger_wallet_step(f.ledger, &by_alice, "BS1", WALLET_REJECT, "address"));
	OK(ledger_wallet_get(&w, f.ledger, "BS1"));
	ck_assert_str_eq(w.reason, "address");
	fixture_verify(&f);
	fixture_close(&f);
}
END_TEST

START_TEST(drawn_wallets_are_opened_and_not_released)
{
	struct fixture f;
	struct wallet_balance balance;
	struct ledger_drawn drawn;

	fixture_open(&f, MODE_USA);
	fixture_batch(&f, "B1", 3, 1);
	OK(ledger_batch_set_state(f.ledger, &by_alice, "B1", LEDGER_BATCH_RUNNING, NULL));
	IS(ledger_wallet_draw(f.ledger, &by_alice, "BS1", "salt=1"), KE_BAD_STATE);
	fixture_seal(&f, "BS1");
	fixture_seal(&f, "BS2");
	fixture_seal(&f, "BS3");
	IS(ledger_wallet_step(f.ledger, &by_alice, "BS1", WALLET_OPEN_GOOD, NULL),
		KE_BAD_STATE);
	/* Nobody drew: the batch stays. */
	IS(ledger_batch_release(&balance, f.ledger, &by_bob, "B1", NULL), KE_BAD_STATE);
	OK(ledger_wallet_draw(f.ledger, &by_alice, "BS2", "salt=1"));
	IS(ledger_wallet_draw(f.ledger, &by_alice, "BS2", "salt=1"), KE_BAD_STATE);
	IS(ledger_batch_release(&balance, f.ledger, &by_bob, "B1", NULL), KE_BAD_STATE);
	ck_assert_int_eq(balance.closing, WALLET_WORK_LEFT);
	OK(ledger_wallet_step(f.ledger, &by_alice, "BS2", WALLET_OPEN_GOOD, NULL));
	IS(ledger_batch_release(&balance, f.ledger, &by_bob, "B1", NULL), KE_BAD_STATE);
	ck_assert_int_eq(balance.closing, WALLET_PARTS_LEFT);
	ck_assert_uint_eq(balance.parts_left, 1);
	IS(ledger_wallet_destroyed(f.ledger, &by_alice, "BS1", NULL), KE_BAD_STATE);
	OK(ledger_wallet_destroyed(f.ledger, &by_alice, "BS2", "with bob"));
	IS(ledger_wallet_destroyed(f.ledger, &by_alice, "BS2", NULL), KE_BAD_STATE);
	OK(ledger_wallet_drawn(&drawn, f.ledger, "B1"));
	ck_assert_uint_eq(drawn.drawn, 1);
	ck_assert_uint_eq(drawn.good, 1);
	ck_assert_uint_eq(drawn.bad + drawn.failed, 0);
	OK(ledger_wallet_hold(f.ledger, &by_alice, "BS3", "look again"));
	IS(ledger_batch_release(&balance, f.ledger, &by_bob, "B1", NULL), KE_HELD);
	ck_assert_int_eq(fixture_state(&f, "BS1"), WALLET_SEALED);
	OK(ledger_wallet_unhold(f.ledger, &by_alice, "BS3", "fine"));
	OK(ledger_batch_release(&balance, f.ledger, &by_bob, "B1", NULL));
	ck_assert_int_eq(fixture_state(&f, "BS1"), WALLET_RELEASED);
	ck_assert_int_eq(fixture_state(&f, "BS2"), WALLET_OPENED_GOOD);
	fixture_verify(&f);
	fixture_close(&f);
}
END_TEST

START_TEST(batches_go_down_only)
{
	struct fixture f;
	struct ledger_batch b;

	fixture_open(&f, MODE_CHINA);
	fixture_batch(&f, "B1", 1, 0);
	memset(&b, 0, sizeof b);
	(void)strcpy(b.id, "B1");
	IS(ledger_batch_insert(f.ledger, &by_alice, &b), KE_DUPLICATE);
	b.id[0] = '\0';
	IS(ledger_batch_insert(f.ledger, &by_alice, &b), KE_BAD_ARGUMENT);
	IS(ledger_batch_announce(f.ledger, &by_alice, "B1", 0), KE_BAD_ARGUMENT);
	OK(ledger_batch_announce(f.ledger, &by_alice, "B1", 2));
	OK(ledger_wallet_insert(f.ledger, &by_alice, "BS2", "B1", 2, NULL));
	OK(ledger_batch_set_state(f.ledger, &by_alice, "B1", LEDGER_BATCH_MADE, NULL));
	IS(ledger_batch_announce(f.ledger, &by_alice, "B1", 1), KE_BAD_ARGUMENT);
	OK(ledger_batch_announce(f.ledger, &by_alice, "B1", 2));
	IS(ledger_batch_set_state(f.ledger, &by_alice, "B1", LEDGER_BATCH_OPEN, NULL),
		KE_BAD_STATE);
	IS(ledger_batch_set_state(f.ledger, &by_alice, "B1", LEDGER_BATCH_RELEASED, NULL),
		KE_BAD_STATE);
	IS(ledger_batch_set_state(f.ledger, &by_alice, "B1", LEDGER_BATCH_SHIPPED, NULL),
		KE_BAD_STATE);
	OK(ledger_batch_set_state(f.ledger, &by_alice, "B1", LEDGER_BATCH_RUNNING, NULL));
	OK(ledger_wallet_step(f.ledger, &by_alice, "BS1", WALLET_MINT, NULL));
	OK(ledger_wallet_step(f.ledger, &by_alice, "BS2", WALLET_MINT, NULL));
	OK(fixture_job(&f, LEDGER_STICKER, "BS1", LEDGER_OUTCOME_DONE));
	OK(ledger_wallet_step(f.ledger, &by_alice, "BS1", WALLET_PAIR, NULL));
	OK(ledger_wallet_step(f.ledger, &by_alice, "BS1", WALLET_SHIP, NULL));
	OK(fixture_job(&f, LEDGER_STICKER, "BS2", LEDGER_OUTCOME_DOUBT));
	IS(ledger_batch_set_state(f.ledger, &by_alice, "B1", LEDGER_BATCH_SHIPPED, NULL),
		KE_BAD_STATE);
	IS(ledger_wallet_destroyed(f.ledger, &by_alice, "BS2", NULL), KE_BAD_STATE);
	OK(ledger_wallet_step(f.ledger, &by_bob, "BS2", WALLET_RESOLVE_SPOILED, "half"));
	OK(ledger_batch_set_state(f.ledger, &by_alice, "B1", LEDGER_BATCH_SHIPPED, NULL));
	IS(ledger_batch_announce(f.ledger, &by_alice, "B1", 3), KE_BAD_STATE);
	IS(ledger_batch_set_state(f.ledger, &by_alice, "B1", LEDGER_BATCH_CLOSED, NULL),
		KE_BAD_STATE);
	IS(ledger_batch_set_state(f.ledger, &by_alice, "B1", LEDGER_BATCH_VOID, NULL),
		KE_BAD_STATE);
	OK(ledger_wallet_destroyed(f.ledger, &by_alice, "BS2", "with bob"));
	OK(ledger_batch_set_state(f.ledger, &by_alice, "B1", LEDGER_BATCH_CLOSED, NULL));
	fixture_verify(&f);
	fixture_close(&f);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("ledger");
	TCase *all = tcase_create("all");

	tcase_add_test(all, tells_the_newest_of_an_object);
	tcase_add_test(all, opens_anew_and_again);
	tcase_add_test(all, one_host_is_open_once);
	tcase_add_loop_test(all, another_ones_mark_ends_the_work, 0,
		(int)(sizeof other_marks / sizeof other_marks[0]));
	tcase_add_test(all, knows_whose_it_is);
	tcase_add_test(all, rolls_back_as_a_whole);
	tcase_add_test(all, events_have_clean_texts);
	tcase_add_test(all, a_wallet_goes_through);
	tcase_add_test(all, a_batch_without_anything_to_sell_closes);
	tcase_add_test(all, serials_and_rows_are_there_once);
	tcase_add_test(all, lists_and_steps_what_it_lists);
	tcase_add_test(all, what_is_held_waits);
	tcase_add_test(all, drawn_wallets_are_opened_and_not_released);
	tcase_add_test(all, batches_go_down_only);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}
