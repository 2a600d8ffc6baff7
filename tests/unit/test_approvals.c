/* SPDX-License-Identifier: MIT */
/* Drafts, signatures and the two clocks that end a request. */
#include "config.h"
#include "harness.h"
#include "persons.h"
#include "daemon/approvals.h"

enum { LIFE_MS = APPROVAL_LIFE * 1000 };

static const struct approvals_now start = {INT64_C(1795339800500), 50000};

static struct bench {
	struct fixture f;
	struct persons persons;
	struct approvals *approvals;
} b;

static void
bench_open(void)
{
	persons_make(&b.persons);
	fixture_open(&b.f, MODE_USA);
	persons_enroll(&b.persons, b.f.ledger);
	b.approvals = approvals_new(b.f.ledger, "here-1", USE_TEST);
	ck_assert_ptr_nonnull(b.approvals);
}

static void
bench_close(void)
{
	approvals_free(b.approvals);
	fixture_verify(&b.f);
	fixture_close(&b.f);
	persons_free(&b.persons);
}

static struct approvals_now
later(int64_t wall_ms, int64_t boot_ms)
{
	return (struct approvals_now){start.wall_ms + wall_ms, start.boot_ms + boot_ms};
}

static struct ledger_request
draft(const char *object, const char *actor)
{
	struct ledger_request r = {.action = "wallet resolve", .reason = "seen"};

	(void)snprintf(r.object, sizeof r.object, "%s", object);
	OK(approvals_draft(b.approvals, &r, actor, start));
	return r;
}

/* Alice asks and signs. */
static struct ledger_request
request(const char *object)
{
	struct ledger_request r = draft(object, by_alice.actor);
	struct ledger_approval a = persons_sign(&b.persons, 0, &r);

	OK(approvals_record(b.approvals, &by_alice, &r, &a, start));
	return r;
}

static enum ledger_request_state
state_of(uint64_t id)
{
	struct ledger_request r;

	OK(ledger_request_get(&r, b.f.ledger, id));
	return r.state;
}

START_TEST(a_draft_is_its_persons)
{
	struct ledger_request one, two, found;

	bench_open();
	one = draft("BS1", by_alice.actor);
	two = draft("BS2", by_bob.actor);
	ck_assert_uint_eq(one.id, 1);
	ck_assert_uint_eq(two.id, 2);
	ck_assert_str_ne(one.nonce, two.nonce);
	ck_assert_uint_eq(strlen(one.nonce), 32);
	ck_assert_int_eq(one.created_ms % 1000, 0);
	ck_assert_int_eq(one.expires_ms - one.created_ms, LIFE_MS);
	OK(approvals_draft_get(&found, b.approvals, 1, by_alice.actor, start));
	ck_assert_str_eq(found.object, "BS1");
	IS(approvals_draft_get(&found, b.approvals, 1, by_bob.actor, start),
		KE_NOT_FOUND);
	IS(approvals_draft_get(&found, b.approvals, 3, by_bob.actor, start),
		KE_NOT_FOUND);
	/* Nothing of it is in the ledger. */
	IS(ledger_request_get(&found, b.f.ledger, 1), KE_NOT_FOUND);
	bench_close();
}
END_TEST

START_TEST(of_one_person_four_drafts_are_kept)
{
	struct ledger_request found, r;

	bench_open();
	r = draft("BS0", by_bob.actor);
	for (int i = 0; i < 5; i++)
		(void)draft("BS1", by_alice.actor);
	IS(approvals_draft_get(&found, b.approvals, 2, by_alice.actor, start),
		KE_NOT_FOUND);
	OK(approvals_draft_get(&found, b.approvals, 3, by_alice.actor, start));
	OK(approvals_draft_get(&found, b.approvals, r.id, by_bob.actor, start));
	bench_close();
}
END_TEST

START_TEST(a_draft_expires_by_either_clock)
{
	struct ledger_request r;

	bench_open();
	(void)draft("BS1", by_alice.actor);
	(void)draft("BS2", by_alice.actor);
	OK(approvals_draft_get(
		&r, b.approvals, 1, by_alice.actor, later(0, LIFE_MS - 1)));
	IS(approvals_draft_get(
		   &r, b.approvals, 1, by_alice.actor, later(-LIFE_MS, LIFE_MS)),
		KE_EXPIRED);
	IS(approvals_draft_get(&r, b.approvals, 1, by_alice.actor, start), KE_NOT_FOUND);
	IS(approvals_draft_get(&r, b.approvals, 2, by_alice.actor, later(LIFE_MS, 0)),
		KE_EXPIRED);
	bench_close();
}
END_TEST

/* When both clocks have moved so far, the request is over or not. */
static const struct {
	int64_t wall_ms, boot_ms;
	int error;
} times[] = {
	{0, 0, 0},
	{LIFE_MS - 1000, LIFE_MS - 1, 0},
	{LIFE_MS, 0, KE_EXPIRED},
	{0, LIFE_MS, KE_EXPIRED},
	/* put back, by a little, an hour, ten years */
	{-1000, LIFE_MS - 1, 0},
	{-1000, LIFE_MS, KE_EXPIRED},
	{-LIFE_MS, LIFE_MS, KE_EXPIRED},
	{INT64_C(-315360000000), LIFE_MS, KE_EXPIRED},
	{INT64_C(-315360000000), 1, 0},
};

START_TEST(a_request_ends_by_either_clock)
{
	struct approvals_now now = later(times[_i].wall_ms, times[_i].boot_ms);
	struct ledger_request r;

	bench_open();
	r = request("BS1");
	IS(approvals_in_time(b.approvals, &r, now), times[_i].error);
	ck_assert_int_eq(state_of(r.id),
		times[_i].error ? LEDGER_REQUEST_WITHDRAWN : LEDGER_REQUEST_OPEN);
	bench_close();
}
END_TEST

/* The same after a restart: the other clock has begun anew. */
static const struct {
	int64_t wall_ms, then_wall_ms, then_boot_ms;
	int error;
} restarts[] = {
	{1000, 2000, 1000, 0},
	/* half of it is left, and the wall's clock is put back then */
	{LIFE_MS / 2, LIFE_MS / 2, LIFE_MS / 2 - 1000, 0},
	{LIFE_MS / 2, 0, LIFE_MS / 2, KE_EXPIRED},
	{LIFE_MS / 2, -LIFE_MS, LIFE_MS, KE_EXPIRED},
	{LIFE_MS, 0, 0, KE_EXPIRED},
	/* put right by a minute, and put back before the request */
	{-60000, -60000, 0, 0},
	{-60000, 0, LIFE_MS, KE_EXPIRED},
	{-LIFE_MS, 0, 0, KE_EXPIRED},
};

START_TEST(a_restart_prolongs_nothing)
{
	struct approvals_now now = {start.wall_ms + restarts[_i].wall_ms, 7000};
	struct approvals_now then = {start.wall_ms + restarts[_i].then_wall_ms,
		7000 + restarts[_i].then_boot_ms};
	struct ledger_request r;

	bench_open();
	r = request("BS1");
	approvals_free(b.approvals);
	fixture_reopen(&b.f);
	b.approvals = approvals_new(b.f.ledger, "here-1", USE_TEST);
	OK(approvals_expire(b.approvals, now));
	OK(ledger_request_get(&r, b.f.ledger, r.id));
	if (r.state == LEDGER_REQUEST_OPEN)
		IS(approvals_in_time(b.approvals, &r, then), restarts[_i].error);
	ck_assert_int_eq(state_of(r.id),
		restarts[_i].error ? LEDGER_REQUEST_WITHDRAWN : LEDGER_REQUEST_OPEN);
	bench_close();
}
END_TEST

START_TEST(a_signature_is_its_persons)
{
	struct ledger_request r;
	struct ledger_approval made, a;
	struct ledger_person bob;
	char other[LEDGER_ACTOR_SIZE];

	bench_open();
	r = request("BS1");
	bob = persons_row(&b.persons, 1);
	made = persons_sign(&b.persons, 1, &r);
	OK(approvals_verify(&a, b.approvals, &r, &bob, made.signature, other));
	ck_assert_str_eq(a.text, made.text);
	ck_assert_str_eq(a.person, by_bob.actor);
	OK(ledger_request_consume(b.f.ledger, &by_bob, &a));
	/* Of another text, of another person's key over this text, and no signature. */
	r.reason[0] = 'X';
	IS(approvals_verify(&a, b.approvals, &r, &bob, made.signature, other),
		KE_BAD_SIGNATURE);
	r.reason[0] = 's';
	IS(approvals_verify(&a, b.approvals, &r, &bob, "", other), KE_BAD_SIGNATURE);
	IS(approvals_verify(&a, b.approvals, &r, &bob, made.text, other),
		KE_BAD_SIGNATURE);
	{
		unsigned char bytes[SIGNATURE_MAX];
		char text[SIGNATURE_TEXT_SIZE] = "";
		size_t len;

		OK(private_key_sign(
			bytes, &len, b.persons.keys[0], made.text, strlen(made.text)));
		base64_encode(text, bytes, len);
		IS(approvals_verify(&a, b.approvals, &r, &bob, text, other),
			KE_UNTRUSTED_SIGNER);
		ck_assert_str_eq(other, by_alice.actor);
	}
	bench_close();
}
END_TEST

START_TEST(a_list_goes_with_its_request)
{
	struct ledger_request r = {.action = "wallet destroyed",
				      .object = "B",
				      .args = "wallets=2",
				      .serials = "BS1 BS2"},
			      found;
	struct ledger_approval a;
	char *serials;

	bench_open();
	OK(approvals_draft(b.approvals, &r, by_alice.actor, start));
	OK(approvals_draft_get(&found, b.approvals, r.id, by_alice.actor, start));
	ck_assert_str_eq(found.serials, "BS1 BS2");
	a = persons_sign(&b.persons, 0, &found);
	OK(approvals_record(b.approvals, &by_alice, &found, &a, start));
	OK(ledger_request_serials(&serials, b.f.ledger, r.id));
	ck_assert_str_eq(serials, "BS1 BS2");
	free(serials);
	r = request("BS1");
	OK(ledger_request_serials(&serials, b.f.ledger, r.id));
	ck_assert_ptr_null(serials);
	bench_close();
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("approvals");
	TCase *all = tcase_create("all");

	tcase_add_test(all, a_draft_is_its_persons);
	tcase_add_test(all, of_one_person_four_drafts_are_kept);
	tcase_add_test(all, a_draft_expires_by_either_clock);
	tcase_add_loop_test(
		all, a_request_ends_by_either_clock, 0, sizeof times / sizeof times[0]);
	tcase_add_loop_test(
		all, a_restart_prolongs_nothing, 0, sizeof restarts / sizeof restarts[0]);
	tcase_add_test(all, a_signature_is_its_persons);
	tcase_add_test(all, a_list_goes_with_its_request);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}
