/* SPDX-License-Identifier: MIT */
/*
 * Random verbs against a ledger and against a model of a few lines: states, flags
 * and counts always agree, what is refused changes nothing, rollback and restart
 * lose nothing but what was not committed.
 */
#include "config.h"
#include "harness.h"
#include "ledger_fixture.h"

enum { WALLETS = 8, DRAWABLE = 2, OPERATIONS = 6000, SEEDS = 12 };

struct model_wallet {
	enum wallet_state state;
	bool held, drawn, part, destroyed;
	unsigned marks; /* intents whose outcome is not failed or never */
	uint32_t job;   /* of the open intent, 0 = none */
};

struct model {
	struct model_wallet wallets[WALLETS];
	bool batch_held, frozen, voided, released;
};

static struct model now, committed;
static struct fixture fixture;
static enum mode mode;
static uint64_t state;
/* What the runs of a mode have seen; a state that no run comes to is not tested. */
static bool seen[MODE_COUNT][WALLET_STATE_COUNT];

/* xorshift64: the same run for the same seed. */
static unsigned
pick(unsigned below)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (unsigned)(state >> 33) % below;
}

static const char *
serial_of(unsigned i)
{
	static char serial[LEDGER_SERIAL_SIZE];

	(void)snprintf(serial, sizeof serial, "BS%u", i + 1);
	return serial;
}

static bool
own_verb(enum wallet_event e)
{
	return e == WALLET_EXPECT || e == WALLET_RECEIVE || e == WALLET_RELEASE ||
	       e == WALLET_DOUBT ||
	       (e >= WALLET_ETCH_INTENT && e <= WALLET_ETCH_FAILED) ||
	       (e >= WALLET_PRINT_INTENT && e <= WALLET_PRINT_FAILED);
}

static int
expect_step(const struct model_wallet *w, enum wallet_event e)
{
	bool opening = e == WALLET_OPEN_GOOD || e == WALLET_OPEN_BAD;

	if (wallet_state_next(mode, w->state, e) < 0)
		return KE_BAD_STATE;
	if (mode == MODE_USA && opening && !w->drawn)
		return KE_BAD_STATE;
	if (wallet_event_is_held_back(e) && (w->held || now.batch_held))
		return KE_HELD;
	if (wallet_event_is_frozen_back(e) && now.frozen)
		return KE_HELD;
	return 0;
}

static void
apply(struct model_wallet *w, enum wallet_event e)
{
	w->state = (enum wallet_state)wallet_state_next(mode, w->state, e);
	if (wallet_event_part(e) != 0)
		w->part = wallet_event_part(e) > 0;
}

/* Mostly what leads on, so that wallets get far; sometimes anything. */
static enum wallet_event
pick_event(void)
{
	static const enum wallet_event on[] = {WALLET_CONFIRM, WALLET_ARRIVE,
		WALLET_CLAIM, WALLET_SEAL, WALLET_OPEN_GOOD, WALLET_OPEN_BAD, WALLET_MINT,
		WALLET_PAIR, WALLET_SHIP, WALLET_RESOLVE_GOOD};

	return pick(14) ? on[pick(sizeof on / sizeof on[0])]
			: (enum wallet_event)pick(WALLET_EVENT_COUNT);
}

static int
do_step(unsigned i)
{
	enum wallet_event e = pick_event();
	struct model_wallet *w = &now.wallets[i];
	int want = own_verb(e) ? KE_BAD_STATE : expect_step(w, e);

	IS(ledger_wallet_step(fixture.ledger, &by_alice, serial_of(i), e, NULL), want);
	if (want == 0)
		apply(w, e);
	return want;
}

static int
do_intent(unsigned i)
{
	enum ledger_job_kind kind = mode == MODE_USA ? LEDGER_PLATE : LEDGER_STICKER;
	enum wallet_event e = mode == MODE_USA ? WALLET_ETCH_INTENT : WALLET_PRINT_INTENT;
	struct ledger_intent intent = {.kind = kind, .station = "st"};
	struct model_wallet *w = &now.wallets[i];
	int want = w->marks > 0 ? KE_DUPLICATE : expect_step(w, e);

	OK(ledger_job_new(&intent.job, fixture.ledger));
	(void)snprintf(intent.serial, sizeof intent.serial, "%s", serial_of(i));
	IS(ledger_intent_open(fixture.ledger, &by_alice, &intent), want);
	if (want != 0)
		return want;
	apply(w, e);
	w->marks++;
	w->job = intent.job;
	ck_assert_uint_eq(w->marks, 1);
	return 0;
}

static int
do_outcome(unsigned i)
{
	static const enum wallet_event usa[] = {0, WALLET_ETCH_DONE, WALLET_ETCH_FAILED,
		WALLET_ETCH_FAILED, WALLET_DOUBT};
	static const enum wallet_event china[] = {0, WALLET_PRINT_DONE,
		WALLET_PRINT_FAILED, WALLET_PRINT_FAILED, WALLET_DOUBT};
	enum ledger_outcome outcome =
		(enum ledger_outcome)(1 + pick(LEDGER_OUTCOME_COUNT - 1));
	struct model_wallet *w = &now.wallets[i];
	int want = w->job == 0 ? KE_NOT_FOUND : 0;

	IS(ledger_intent_close(fixture.ledger, &by_alice,
		   w->job == 0 ? UINT32_MAX : w->job, outcome, 1, NULL),
		want);
	if (want != 0)
		return want;
	apply(w, (mode == MODE_USA ? usa : china)[outcome]);
	if (outcome == LEDGER_OUTCOME_FAILED || outcome == LEDGER_OUTCOME_NEVER)
		w->marks--;
	w->job = 0;
	return 0;
}

static int
do_hold(unsigned i)
{
	struct model_wallet *w = &now.wallets[i];
	bool hold = pick(6) == 0;
	int want = w->held == hold ? KE_BAD_STATE : 0;

	IS(hold ? ledger_wallet_hold(fixture.ledger, &by_alice, serial_of(i), "r")
		: ledger_wallet_unhold(fixture.ledger, &by_alice, serial_of(i), "r"),
		want);
	w->held = hold;
	return want;
}

static int
do_batch_hold(unsigned i)
{
	bool hold = pick(8) == 0, is_held = now.batch_held || now.frozen;
	int want = is_held == hold ? KE_BAD_STATE : now.frozen ? KE_HELD : 0;

	(void)i;
	IS(hold ? ledger_batch_hold(fixture.ledger, &by_alice, "B1", "r")
		: ledger_batch_unhold(fixture.ledger, &by_alice, "B1", "r"),
		want);
	if (want == 0)
		now.batch_held = hold;
	return want;
}

static int
do_freeze(unsigned i)
{
	bool freeze = pick(8) == 0;
	int want = now.voided || now.frozen == freeze ? KE_BAD_STATE : 0;

	(void)i;
	IS(freeze ? ledger_batch_freeze(fixture.ledger, &by_alice, "B1", "r")
		  : ledger_batch_unfreeze(fixture.ledger, &by_alice, "B1", "r"),
		want);
	if (want == 0)
		now.frozen = freeze;
	return want;
}

/* Only where the mode's table has the step; what is at a device stands in its way. */
static int
do_void(unsigned ignored)
{
	int want = now.voided || !now.frozen ? KE_BAD_STATE : 0;

	(void)ignored;
	/* It ends a run. */
	if (now.frozen && pick(200) != 0)
		return 0;
	for (unsigned i = 0; want == 0 && i < WALLETS; i++)
		if (wallet_state_is_open(mode, now.wallets[i].state) &&
			wallet_state_next(mode, now.wallets[i].state, WALLET_WITHDRAW) <
				0)
			want = KE_BUSY;
	IS(ledger_batch_void(fixture.ledger, &by_bob, "B1", "r"), want);
	for (unsigned i = 0; want == 0 && i < WALLETS; i++)
		if (wallet_state_is_open(mode, now.wallets[i].state))
			apply(&now.wallets[i], WALLET_WITHDRAW);
	if (want == 0) {
		now.voided = true;
		now.frozen = false;
	}
	return want;
}

static int
do_draw(unsigned i)
{
	struct model_wallet *w = &now.wallets[i % DRAWABLE];
	bool here = w->state == WALLET_ARRIVED || w->state == WALLET_CLAIMED ||
		    w->state == WALLET_ETCHING || w->state == WALLET_ETCHED ||
		    w->state == WALLET_SEALED;
	int want = !here || w->drawn || mode != MODE_USA ? KE_BAD_STATE
		   : now.frozen                          ? KE_HELD
							 : 0;

	IS(ledger_wallet_draw(fixture.ledger, &by_alice, serial_of(i % DRAWABLE), NULL), want);
	if (want == 0)
		w->drawn = true;
	return want;
}

static int
do_destroy(unsigned i)
{
	struct model_wallet *w = &now.wallets[i];
	int want = !w->part || w->destroyed || w->state == WALLET_IN_DOUBT ||
				   !wallet_state_is_bad_part(w->state)
			   ? KE_BAD_STATE
			   : 0;

	IS(ledger_wallet_destroyed(fixture.ledger, &by_alice, serial_of(i), "w"), want);
	if (want == 0)
		w->destroyed = true;
	return want;
}

/* Whether the batch may be released, by the words of DESIGN section 8. */
static int
expect_release(void)
{
	bool held = now.batch_held || now.frozen;
	unsigned drawn = 0;

	if (mode != MODE_USA || now.released)
		return KE_BAD_STATE;
	for (unsigned i = 0; i < WALLETS; i++) {
		const struct model_wallet *w = &now.wallets[i];
		bool sealed = w->state == WALLET_SEALED && !w->drawn;

		drawn += w->drawn;
		/* QA has not seen it, or has seen that it is bad. */
		if (w->drawn && w->state != WALLET_OPENED_GOOD)
			return KE_BAD_STATE;
		held |= sealed && w->held;
		if (wallet_state_is_open(mode, w->state) && !sealed)
			return KE_BAD_STATE;
		if (wallet_state_is_bad_part(w->state) && w->part && !w->destroyed)
			return KE_BAD_STATE;
	}
	return drawn < 1 ? KE_BAD_STATE : held ? KE_HELD : 0;
}

static int
do_release(unsigned ignored)
{
	struct wallet_balance balance;
	int want = expect_release();

	(void)ignored;
	IS(ledger_batch_release(&balance, fixture.ledger, &by_bob, "B1", NULL), want);
	ck_assert_uint_eq(balance.closed + balance.open, WALLETS);
	for (unsigned i = 0; want == 0 && i < WALLETS; i++)
		if (now.wallets[i].state == WALLET_SEALED)
			apply(&now.wallets[i], WALLET_RELEASE);
	now.released |= want == 0;
	return want;
}

static int (*const operations[])(unsigned) = {do_step, do_step, do_step, do_step, do_step,
	do_step, do_intent, do_intent, do_outcome, do_outcome, do_hold, do_batch_hold,
	do_freeze, do_void, do_draw, do_destroy, do_release};

static int
compare(void *context, const struct ledger_wallet *w)
{
	unsigned *n = context;
	const struct model_wallet *m = &now.wallets[*n];

	seen[mode][w->state] = true;
	ck_assert_str_eq(w->serial, serial_of(*n));
	ck_assert_str_eq(wallet_state_name(w->state), wallet_state_name(m->state));
	ck_assert(w->held == m->held && w->drawn == m->drawn && w->part == m->part &&
		  w->destroyed == m->destroyed);
	++*n;
	return 0;
}

static void
compare_all(void)
{
	uint64_t counts[WALLET_STATE_COUNT], mine[WALLET_STATE_COUNT] = {0};
	unsigned n = 0;

	OK(ledger_wallet_list(fixture.ledger, "B1", WALLET_NONE, compare, &n));
	ck_assert_uint_eq(n, WALLETS);
	for (unsigned i = 0; i < WALLETS; i++)
		mine[now.wallets[i].state]++;
	OK(ledger_batch_counts(counts, fixture.ledger, "B1"));
	ck_assert_mem_eq(counts, mine, sizeof mine);
}

/* Ends the transaction one way or the other; sometimes after a restart. */
static void
turn(void)
{
	if (pick(4) == 0) {
		ledger_rollback(fixture.ledger);
		now = committed;
	} else {
		OK(ledger_commit(fixture.ledger));
		committed = now;
	}
	if (pick(8) == 0)
		fixture_reopen(&fixture);
	compare_all();
	OK(ledger_begin(fixture.ledger));
}

START_TEST(agree)
{
	unsigned char before[LEDGER_HASH_LEN], after[LEDGER_HASH_LEN];
	uint64_t seq;

	mode = _i % 2 ? MODE_CHINA : MODE_USA;
	state = 88172645463325252ULL + (uint64_t)_i * 0x9e3779b97f4a7c15ULL;
	fixture_open(&fixture, mode);
	fixture_batch(&fixture, "B1", WALLETS, 1);
	OK(ledger_batch_set_state(
		fixture.ledger, &by_alice, "B1", LEDGER_BATCH_RUNNING, NULL));
	memset(&now, 0, sizeof now);
	for (unsigned i = 0; i < WALLETS; i++)
		now.wallets[i].state =
			mode == MODE_USA ? WALLET_EXPECTED : WALLET_RECEIVED;
	committed = now;
	OK(ledger_begin(fixture.ledger));
	for (unsigned n = 0; n < OPERATIONS / harness_stride(10); n++) {
		unsigned o = pick(sizeof operations / sizeof operations[0]);

		ledger_head(fixture.ledger, &seq, before);
		if (operations[o](pick(WALLETS)) != 0) {
			ledger_head(fixture.ledger, &seq, after);
			ck_assert_mem_eq(before, after, sizeof before);
		}
		if (pick(20) == 0)
			turn();
	}
	OK(ledger_commit(fixture.ledger));
	fixture_verify(&fixture);
	fixture_close(&fixture);
}
END_TEST

START_TEST(all_states_were_seen)
{
	for (int m = 0; m < MODE_COUNT; m++)
		for (int s = WALLET_NONE + 1; s < WALLET_STATE_COUNT; s++) {
			bool other = m == MODE_USA
					     ? s >= WALLET_RECEIVED && s <= WALLET_SHIPPED
					     : s <= WALLET_RELEASED;

			ck_assert_msg(seen[m][s] != other, "%s %s", mode_name(m),
				wallet_state_name(s));
		}
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("ledger_model");
	TCase *all = tcase_create("all");

	tcase_set_timeout(all, 60);
	tcase_add_loop_test(all, agree, 0, SEEDS);
	/* A light walk is too short to come to all of them. */
	if (!harness_light())
		tcase_add_test(all, all_states_were_seen);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}
