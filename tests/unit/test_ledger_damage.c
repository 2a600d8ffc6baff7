/* SPDX-License-Identifier: MIT */
/*
 * A row that no verb writes: what reads it says that the ledger has failed, and gives
 * nothing of it out.  The damage is done inside a transaction, and taken back.
 */
#include "config.h"
#include "harness.h"
#include "ledger_verbs.h"
#include "daemon/durable.h"
#include "daemon/ledger_rows.h"

#define L scene.f.ledger
#define LONG "printf('%02000d', 1)"

static struct scene scene;

/* Checks of the tables' own and their triggers stand in the way of damage. */
static void
damage(const char *sql)
{
	static const char *const triggers[] = {"event_unchanged", "event_stays",
		"intent_final", "person_final", "person_stays", "operator_final",
		"approval_unchanged", "refused_unchanged", "request_final",
		"skipped_unchanged", "request_stays"};
	char drop[64];

	OK(ledger_begin(L));
	for (size_t i = 0; i < sizeof triggers / sizeof triggers[0]; i++) {
		(void)snprintf(drop, sizeof drop, "DROP TRIGGER %s", triggers[i]);
		ck_assert_int_eq(sqlite3_exec(L->db, drop, NULL, NULL, NULL), SQLITE_OK);
	}
	ck_assert_msg(sqlite3_exec(L->db, sql, NULL, NULL, NULL) == SQLITE_OK, "%s: %s",
		sql, sqlite3_errmsg(L->db));
}

static void
mend(void)
{
	ledger_rollback(L);
	L->failed = 0;
	L->failure[0] = '\0';
	durable_begin();
}

static void
open_scene(void)
{
	scene_open(&scene);
	ck_assert_int_eq(sqlite3_exec(L->db,
				 "PRAGMA ignore_check_constraints = ON;"
				 "PRAGMA foreign_keys = OFF",
				 NULL, NULL, NULL),
		SQLITE_OK);
}

static int
run(const char *name)
{
	for (size_t i = 0; i < scene_verb_count; i++)
		if (strcmp(scene_verbs[i].name, name) == 0)
			return scene_verbs[i].run(&scene);
	ck_abort_msg("no verb %s", name);
	return 0;
}

static const struct {
	const char *sql;
	const char *verb;
} rows[] = {
	{"UPDATE batch SET state = 'odd'", "batch_get"},
	{"UPDATE batch SET state = 'odd'", "batch_list"},
	{"UPDATE batch SET id = " LONG ", state = 'odd' WHERE id = 'R1'", "batch_list"},
	{"UPDATE batch SET reason = " LONG, "batch_get"},
	{"UPDATE frozen SET state = " LONG, "freeze_get"},
	{"UPDATE frozen SET state = " LONG, "batch_get"},
	{"UPDATE frozen SET reason = " LONG, "freeze_get"},
	{"UPDATE wallet SET state = 'odd'", "wallet_get"},
	{"UPDATE wallet SET state = " LONG, "wallet_get"},
	{"UPDATE wallet SET state = 'odd' WHERE serial = 'BS1'", "wallet_list"},
	{"UPDATE wallet SET state = 'odd'", "batch_counts"},
	{"UPDATE wallet SET state = 'odd'", "batch_balance"},
	{"UPDATE wallet SET state = 'odd'", "wallet_drawn"},
	{"UPDATE wallet SET state = 'none'", "batch_counts_all"},
	{"UPDATE file SET direction = 'odd' WHERE part = 1", "file_get"},
	{"UPDATE file SET receipt = 'odd'", "file_get"},
	{"UPDATE file SET previous = x'00'", "file_get"},
	{"UPDATE file SET previous = x''", "file_get"},
	{"UPDATE file SET kind = " LONG, "file_get"},
	{"UPDATE refused SET previous = x''", "file_was_refused"},
	{"UPDATE sealed SET sha256 = x'00'", "row_get"},
	{"UPDATE sealed SET file = x''", "row_get"},
	{"UPDATE intent SET kind = 'odd'", "intent_get"},
	{"UPDATE intent SET outcome = 'odd'", "intent_get"},
	{"UPDATE intent SET outcome = 'odd'", "intent_counts"},
	{"UPDATE intent SET kind = 'odd'", "use_devices"},
	{"UPDATE intent SET kind = 'odd'", "use_count"},
	{"UPDATE intent SET outcome = 'odd'", "use_count"},
	{"UPDATE intent SET outcome = 'odd'", "use_station"},
	{"UPDATE intent SET station = " LONG, "intent_get"},
	{"DELETE FROM meta WHERE key = 'job'", "job_new"},
	{"UPDATE request SET state = 'odd'", "request_get"},
	{"UPDATE request SET args = " LONG, "request_get"},
	{"UPDATE approval SET text = printf('%09000d', 1)", "approval_list"},
	{"UPDATE approval SET signature = " LONG, "approval_list"},
	{"UPDATE person SET name = " LONG, "person_get"},
	{"UPDATE person SET name = " LONG, "person_list"},
	{"UPDATE person SET name = " LONG, "person_again"},
	{"UPDATE operator SET code = 'odd'", "operator_list"},
	{"UPDATE operator SET name = " LONG " WHERE name = 'carol'", "operator_list"},
	{"UPDATE operator SET salt = x'00' WHERE name = 'carol'", "operator_get"},
	{"UPDATE operator SET hash = x'00' WHERE name = 'carol'", "operator_get"},
	{"UPDATE stand SET station = " LONG, "operator_leave_all"},
	{"UPDATE witness SET hash = x''", "witness_last"},
	{"UPDATE witness SET hash = x'00'", "witness_check"},
	{"UPDATE witness SET host = " LONG, "witness_list"},
	{"UPDATE event SET detail = " LONG " WHERE object = 'BS5'", "event_last"},
	{"UPDATE event SET actor = " LONG, "event_list"},
	{"UPDATE event SET hash = x''", "event_hash"},
};

START_TEST(a_row_that_no_verb_writes)
{
	open_scene();
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		int rc;

		damage(rows[i].sql);
		rc = run(rows[i].verb);
		ck_assert_msg(rc == KE_LEDGER, "%s, then %s: %s", rows[i].sql,
			rows[i].verb, error_name(rc));
		ck_assert_int_eq(ledger_failed(L), KE_LEDGER);
		mend();
		OK(ledger_begin(L));
		rc = run(rows[i].verb);
		ck_assert_msg(rc == 0, "%s: %s", rows[i].verb, error_name(rc));
		ledger_rollback(L);
	}
	scene_close(&scene);
}
END_TEST

/* What was signed against what the tables say, the checks of the tables aside. */
static const struct {
	const char *sql;
	const char *reason;
} signed_rows[] = {
	{"UPDATE approval SET signature = 'x'", "an approval is not that of its event"},
	{"DELETE FROM event WHERE kind = 'approval'",
		"an approval is not that of its event"},
	{"UPDATE person SET person = 'uid9' WHERE person = 'uid1000'",
		"an approval with another person's key"},
	{"UPDATE request SET reason = 'other'",
		"what was signed is not what the request says"},
	{"UPDATE request SET reason = ''",
		"what was signed is not what the request says"},
	{"UPDATE request SET reason = char(10)",
		"what was signed is not what the request says"},
	{"UPDATE request SET args = printf('%01000d', 1)",
		"what was signed is not what the request says"},
	{"DELETE FROM person", "the signature of an approval does not verify"},
	{"DELETE FROM request", "the signature of an approval does not verify"},
	{"UPDATE person SET key = 'AAAA'",
		"the signature of an approval does not verify"},
	{"UPDATE event SET detail = substr(detail, 1, instr(detail, 'signature=') + 9)"
	 " || 'AAAA' WHERE kind = 'approval'; UPDATE approval SET signature = 'AAAA'",
		"the signature of an approval does not verify"},
};

START_TEST(what_was_signed_by_itself)
{
	struct ledger_verdict v;

	open_scene();
	for (size_t i = 0; i < sizeof signed_rows / sizeof signed_rows[0]; i++) {
		memset(&v, 0, sizeof v);
		damage(signed_rows[i].sql);
		IS(ledger_approval_verify(&v, L), KE_CHAIN_BROKEN);
		ck_assert_str_eq(v.reason, signed_rows[i].reason);
		mend();
		OK(ledger_approval_verify(&v, L));
	}
	damage("UPDATE meta SET value = 'odd' WHERE key = 'use'");
	IS(ledger_approval_verify(&v, L), KE_LEDGER);
	mend();
	damage("DELETE FROM meta WHERE key = 'host'");
	IS(ledger_approval_verify(&v, L), KE_LEDGER);
	mend();
	scene_close(&scene);
}
END_TEST

/* The walk: what an event may be changed to, and at the end of the chain. */
static const struct {
	const char *sql;
	const char *reason;
} walked[] = {
	{"UPDATE event SET prev_hash = x'' WHERE seq = 3",
		"the event does not follow the one before it"},
	{"UPDATE event SET prev_hash = zeroblob(32) WHERE seq = 3",
		"the event does not follow the one before it"},
	{"UPDATE event SET hash = x'' WHERE seq = 3", "the event was changed"},
	{"UPDATE event SET hash = zeroblob(32) WHERE seq = 3", "the event was changed"},
	{"UPDATE event SET time_ms = 1 WHERE seq = 3", "the event was changed"},
	{"DELETE FROM event WHERE seq = 3", "the event is missing"},
	{"DELETE FROM event WHERE seq = (SELECT max(seq) FROM event)",
		"events at the end are missing"},
};

START_TEST(the_walk)
{
	static const char *const last[] = {
		"UPDATE event SET prev_hash = x'' WHERE seq = (SELECT max(seq) FROM event)",
		"UPDATE event SET hash = x'' WHERE seq = (SELECT max(seq) FROM event)"};
	struct ledger_verdict v;

	open_scene();
	for (size_t i = 0; i < sizeof walked / sizeof walked[0]; i++) {
		damage(walked[i].sql);
		IS(ledger_verify(&v, L), KE_CHAIN_BROKEN);
		ck_assert_str_eq(v.reason, walked[i].reason);
		mend();
	}
	/* A start looks at the last one. */
	for (int i = 0; i < 2; i++) {
		damage(last[i]);
		IS(ledger_event_load(L), KE_CHAIN_BROKEN);
		mend();
	}
	/* The chain ends in another event than the one that was written last. */
	L->hash[0] ^= 1;
	IS(ledger_verify(&v, L), KE_CHAIN_BROKEN);
	ck_assert_str_eq(v.reason, "events at the end are missing");
	L->hash[0] ^= 1;
	OK(ledger_verify(&v, L));
	scene_close(&scene);
}
END_TEST

/* Events that are well chained, and tell a step that there is not. */
START_TEST(steps_that_the_table_does_not_have)
{
	static const struct ledger_event events[] = {
		{"wallet", "BS1", "claim", "expected", "claimed", NULL},
		{"wallet", "BS1", "dance", "expected", "claimed", NULL},
		{"wallet", "BS1", "claim", "expected", "odd", NULL},
		{"wallet", "BS1", "claim", "odd", "claimed", NULL},
		{"wallet", "BS1", "claim", "none", "claimed", NULL},
	};
	static const char reason[] = "a step that the state table does not have";
	struct ledger_verdict v;

	open_scene();
	for (size_t i = 0; i < sizeof events / sizeof events[0]; i++) {
		OK(ledger_begin(L));
		OK(ledger_event_put(L, &by_alice, &events[i]));
		IS(ledger_verify(&v, L), KE_CHAIN_BROKEN);
		ck_assert_str_eq(v.reason, reason);
		ck_assert_uint_eq(v.bad_seq, L->seq);
		ck_assert_str_eq(v.object, "BS1");
		ledger_rollback(L);
	}
	scene_close(&scene);
}
END_TEST

/* The mark is read anew by each look at the whole. */
START_TEST(a_mark_that_is_none)
{
	static const char *const texts[] = {"keyline-mark 1\\nseq 1\\nhash 00ff\\n",
		"keyline-mark 1\\nseq 1\\n", "odd\\n", ""};
	struct ledger_verdict v;
	char command[160];

	open_scene();
	fixture_shell(&scene.f, "cp mark/here-1.mark mark/kept");
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		(void)snprintf(command, sizeof command, "printf '%s' > mark/here-1.mark",
			texts[i]);
		fixture_shell(&scene.f, command);
		IS(ledger_verify(&v, L), KE_CHAIN_BROKEN);
		ck_assert_str_eq(v.reason, "the mark is gone or is no mark");
	}
	fixture_shell(&scene.f, "rm mark/here-1.mark");
	IS(ledger_verify(&v, L), KE_CHAIN_BROKEN);
	ck_assert_str_eq(v.reason, "the mark is gone or is no mark");
	fixture_shell(&scene.f, "mv mark/kept mark/here-1.mark");
	scene_close(&scene);
}
END_TEST

/* Of several faults the lowest event stays the first one; a row without an event does
 * not hide one that has a number. */
START_TEST(the_lowest_fault_stays)
{
	struct ledger_head other = {.seq = 3};
	struct ledger_verdict v = {.reason = "a row", .bad_seq = 0};

	open_scene();
	IS(ledger_verify_head(&v, L, &other, "cn-1"), KE_CHAIN_BROKEN);
	ck_assert_uint_eq(v.bad_seq, 3);
	other.seq = 5;
	IS(ledger_verify_head(&v, L, &other, "cn-1"), KE_CHAIN_BROKEN);
	ck_assert_uint_eq(v.bad_seq, 3);
	other.seq = 2;
	IS(ledger_verify_head(&v, L, &other, "cn-1"), KE_CHAIN_BROKEN);
	ck_assert_uint_eq(v.bad_seq, 2);
	ck_assert_str_eq(v.object, "cn-1");
	scene_close(&scene);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("ledger_damage");
	TCase *all = tcase_create("all");

	tcase_set_timeout(all, 60);
	tcase_add_test(all, a_row_that_no_verb_writes);
	tcase_add_test(all, what_was_signed_by_itself);
	tcase_add_test(all, the_walk);
	tcase_add_test(all, steps_that_the_table_does_not_have);
	tcase_add_test(all, a_mark_that_is_none);
	tcase_add_test(all, the_lowest_fault_stays);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}
