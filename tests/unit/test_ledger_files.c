/* SPDX-License-Identifier: MIT */
/* Files in sequence, sealed rows, digests and ranges taken once. */
#include "config.h"
#include "harness.h"
#include "ledger_fixture.h"

static struct ledger_file
make_file(unsigned char byte, uint64_t sequence, unsigned char previous)
{
	struct ledger_file f = {.direction = LEDGER_IN,
		.kind = "codes",
		.sender = "us-gen",
		.recipient = "cn-mint",
		.batch = "B1",
		.part = byte,
		.parts = 200,
		.sequence = sequence,
		.path = "done/B1.codes.cms",
		.receipt = LEDGER_RECEIPT_DUE};

	memset(f.sha256, byte, sizeof f.sha256);
	memset(f.previous, previous, sizeof f.previous);
	return f;
}

START_TEST(files_follow_one_another)
{
	static const unsigned char zero[LEDGER_DIGEST_LEN];
	struct ledger_file file, found;
	struct ledger_turn turn;
	struct fixture f;

	fixture_open(&f, MODE_CHINA);
	OK(ledger_file_next(&turn, f.ledger, LEDGER_IN, "us-gen", "cn-mint", "codes"));
	ck_assert_uint_eq(turn.sequence, 1);
	ck_assert_mem_eq(turn.previous, zero, sizeof turn.previous);
	file = make_file(2, 2, 0);
	IS(ledger_file_insert(f.ledger, &by_alice, &file), KE_OUT_OF_SEQUENCE);
	file = make_file(1, 1, 9);
	IS(ledger_file_insert(f.ledger, &by_alice, &file), KE_OUT_OF_SEQUENCE);
	file = make_file(1, 1, 0);
	OK(ledger_file_insert(f.ledger, &by_alice, &file));
	/* The same bytes again; the same number with other bytes; the same part. */
	IS(ledger_file_insert(f.ledger, &by_alice, &file), KE_DUPLICATE);
	file = make_file(3, 1, 0);
	IS(ledger_file_insert(f.ledger, &by_alice, &file), KE_DUPLICATE);
	file = make_file(3, 2, 1);
	file.part = 1;
	IS(ledger_file_insert(f.ledger, &by_alice, &file), KE_DUPLICATE);
	file = make_file(2, 2, 1);
	OK(ledger_file_insert(f.ledger, &by_alice, &file));
	/* No word of the file lets it come out of its turn. */
	file = make_file(4, 4, 3);
	file.gap = true;
	IS(ledger_file_insert(f.ledger, &by_alice, &file), KE_OUT_OF_SEQUENCE);
	file = make_file(4, 3, 2);
	file.gap = true;
	OK(ledger_file_insert(f.ledger, &by_alice, &file));
	/* Another direction, peer or kind counts for itself. */
	file = make_file(5, 1, 0);
	file.direction = LEDGER_OUT;
	OK(ledger_file_insert(f.ledger, &by_alice, &file));
	file = make_file(6, 1, 0);
	(void)strcpy(file.kind, "results");
	OK(ledger_file_insert(f.ledger, &by_alice, &file));
	OK(ledger_file_get(&found, f.ledger, make_file(4, 0, 0).sha256));
	ck_assert_uint_eq(found.sequence, 3);
	ck_assert_str_eq(found.sender, "us-gen");
	ck_assert(!found.gap);
	ck_assert_int_eq(found.time_ms, by_alice.now_ms);
	IS(ledger_file_get(&found, f.ledger, zero), KE_NOT_FOUND);
	fixture_verify(&f);
	fixture_close(&f);
}
END_TEST

/* A number that is skipped: the file behind it comes with whatever hash it names. */
START_TEST(a_file_that_does_not_come)
{
	struct ledger_skip skip = {
		"us-gen", "cn-mint", "codes", 2, "the bag is lost", NULL, 0};
	struct ledger_file file, found;
	struct ledger_turn turn;
	struct fixture f;
	int64_t time_ms = 0;

	fixture_open(&f, MODE_CHINA);
	file = make_file(1, 1, 0);
	OK(ledger_file_insert(f.ledger, &by_alice, &file));
	skip.sequence = 3;
	IS(ledger_file_skip(f.ledger, &by_alice, &skip), KE_OUT_OF_SEQUENCE);
	skip.sequence = 1;
	IS(ledger_file_skip(f.ledger, &by_alice, &skip), KE_DUPLICATE);
	skip.sequence = 2;
	skip.reason = "";
	IS(ledger_file_skip(f.ledger, &by_alice, &skip), KE_BAD_ARGUMENT);
	skip.reason = "the bag is lost";
	OK(ledger_file_skip(f.ledger, &by_alice, &skip));
	IS(ledger_file_skip(f.ledger, &by_alice, &skip), KE_DUPLICATE);
	OK(ledger_file_was_skipped(&time_ms, f.ledger, "us-gen", "cn-mint", "codes", 2));
	ck_assert_int_eq(time_ms, by_alice.now_ms);
	IS(ledger_file_was_skipped(&time_ms, f.ledger, "us-gen", "cn-mint", "results", 2),
		KE_NOT_FOUND);
	OK(ledger_file_next(&turn, f.ledger, LEDGER_IN, "us-gen", "cn-mint", "codes"));
	ck_assert_uint_eq(turn.sequence, 3);
	ck_assert(turn.follows_skipped);
	/* It comes after all; then the one behind it, refused first, then taken. */
	file = make_file(2, 2, 1);
	IS(ledger_file_insert(f.ledger, &by_alice, &file), KE_DUPLICATE);
	IS(ledger_file_refuse(f.ledger, &by_alice, &file), KE_DUPLICATE);
	file = make_file(3, 3, 77);
	OK(ledger_file_refuse(f.ledger, &by_alice, &file));
	file = make_file(3, 3, 78);
	IS(ledger_file_insert(f.ledger, &by_alice, &file), KE_OUT_OF_SEQUENCE);
	file = make_file(3, 3, 77);
	OK(ledger_file_insert(f.ledger, &by_alice, &file));
	/* The next one is held against it again. */
	file = make_file(4, 4, 77);
	IS(ledger_file_insert(f.ledger, &by_alice, &file), KE_OUT_OF_SEQUENCE);
	/* Two in a row, and what is known of the last of them. */
	skip.sequence = 4;
	OK(ledger_file_skip(f.ledger, &by_alice, &skip));
	skip.sequence = 5;
	OK(ledger_file_skip(f.ledger, &by_alice, &skip));
	file = make_file(6, 6, 99);
	OK(ledger_file_insert(f.ledger, &by_alice, &file));
	OK(ledger_file_get(&found, f.ledger, file.sha256));
	ck_assert(found.gap);
	ck_assert_uint_eq(found.previous[0], 99);
	fixture_verify(&f);
	fixture_reopen(&f);
	OK(ledger_file_next(&turn, f.ledger, LEDGER_IN, "us-gen", "cn-mint", "codes"));
	ck_assert_uint_eq(turn.sequence, 7);
	ck_assert(!turn.follows_skipped);
	/* What this host itself sends has no such numbers. */
	OK(ledger_file_next(&turn, f.ledger, LEDGER_OUT, "us-gen", "cn-mint", "codes"));
	ck_assert_uint_eq(turn.sequence, 1);
	fixture_verify(&f);
	fixture_close(&f);
}
END_TEST

/* A refused file has used up its number, and may still be taken with it. */
START_TEST(a_refused_file_counts)
{
	struct ledger_file file, found;
	struct ledger_turn turn;
	struct fixture f;
	struct ledger_head before, after;

	fixture_open(&f, MODE_CHINA);
	file = make_file(2, 2, 0);
	IS(ledger_file_refuse(f.ledger, &by_alice, &file), KE_OUT_OF_SEQUENCE);
	file = make_file(1, 1, 0);
	file.direction = LEDGER_OUT;
	IS(ledger_file_refuse(f.ledger, &by_alice, &file), KE_BAD_ARGUMENT);
	file.direction = LEDGER_IN;
	OK(ledger_file_refuse(f.ledger, &by_alice, &file));
	ledger_head(f.ledger, &before.seq, before.hash);
	OK(ledger_file_refuse(f.ledger, &by_alice, &file));
	ledger_head(f.ledger, &after.seq, after.hash);
	ck_assert_uint_eq(before.seq, after.seq);
	IS(ledger_file_get(&found, f.ledger, file.sha256), KE_NOT_FOUND);
	/* The same number with other bytes; then the one that follows, of the same part. */
	file = make_file(3, 1, 0);
	IS(ledger_file_refuse(f.ledger, &by_alice, &file), KE_DUPLICATE);
	IS(ledger_file_insert(f.ledger, &by_alice, &file), KE_DUPLICATE);
	OK(ledger_file_next(&turn, f.ledger, LEDGER_IN, "us-gen", "cn-mint", "codes"));
	ck_assert_uint_eq(turn.sequence, 2);
	ck_assert_uint_eq(turn.previous[0], 1);
	file = make_file(2, 2, 1);
	OK(ledger_file_insert(f.ledger, &by_alice, &file));
	/* Its cause is mended: it is taken after all, once, and is no more refused. */
	file = make_file(1, 1, 7);
	IS(ledger_file_insert(f.ledger, &by_alice, &file), KE_OUT_OF_SEQUENCE);
	file = make_file(1, 1, 0);
	OK(ledger_file_insert(f.ledger, &by_alice, &file));
	IS(ledger_file_insert(f.ledger, &by_alice, &file), KE_DUPLICATE);
	IS(ledger_file_refuse(f.ledger, &by_alice, &file), KE_DUPLICATE);
	/* Another sender, and what goes out, count for themselves. */
	file = make_file(9, 1, 0);
	(void)strcpy(file.sender, "us-gen2");
	OK(ledger_file_refuse(f.ledger, &by_alice, &file));
	OK(ledger_file_next(&turn, f.ledger, LEDGER_OUT, "us-gen", "cn-mint", "codes"));
	ck_assert_uint_eq(turn.sequence, 1);
	fixture_verify(&f);
	fixture_reopen(&f);
	OK(ledger_file_next(&turn, f.ledger, LEDGER_IN, "us-gen", "cn-mint", "codes"));
	ck_assert_uint_eq(turn.sequence, 3);
	fixture_verify(&f);
	fixture_close(&f);
}
END_TEST

static int
count(void *context, const struct ledger_file *file)
{
	(void)file;
	++*(int *)context;
	return 0;
}

/* A part, of so many, that came by its sender's number; odd ones are the first. */
static void
take_part_of(struct fixture *f, const char *kind, const char *batch,
	unsigned char sequence, uint32_t parts)
{
	struct ledger_file file = make_file(sequence, sequence, sequence - 1);

	(void)snprintf(file.kind, sizeof file.kind, "%s", kind);
	(void)snprintf(file.batch, sizeof file.batch, "%s", batch);
	file.part = parts == 1 ? 1 : 1 + (sequence + 1) % 2;
	file.parts = parts;
	/* Other bytes than those of the other kind. */
	file.sha256[0] = (unsigned char)kind[0];
	if (sequence > 1)
		file.previous[0] = (unsigned char)kind[0];
	OK(ledger_file_insert(f->ledger, &by_alice, &file));
	OK(ledger_batch_run_when_complete(f->ledger, &by_alice, batch));
}

static void
take_part(struct fixture *f, const char *kind, const char *batch, unsigned char sequence)
{
	take_part_of(f, kind, batch, sequence, 2);
}

static enum ledger_batch_state
state_of(struct fixture *f, const char *batch)
{
	struct ledger_batch b;

	OK(ledger_batch_get(&b, f->ledger, batch));
	return b.state;
}

/* A lost file counts as the part that two persons name, whatever stands beside it. */
START_TEST(a_part_that_is_given_up_has_come)
{
	struct ledger_skip skip = {"us-gen", "cn-mint", "stickers", 1, "the disk is lost",
		"C1", 2};
	struct fixture f;

	fixture_open(&f, MODE_CHINA);
	fixture_batch(&f, "B1", 1, 0);
	fixture_batch(&f, "C1", 1, 0);
	OK(ledger_file_skip(f.ledger, &by_alice, &skip));
	take_part(&f, "stickers", "B1", 2);
	ck_assert_int_eq(state_of(&f, "B1"), LEDGER_BATCH_OPEN);
	ck_assert_int_eq(state_of(&f, "C1"), LEDGER_BATCH_OPEN);
	take_part(&f, "stickers", "C1", 3);
	ck_assert_int_eq(state_of(&f, "C1"), LEDGER_BATCH_RUNNING);
	/* The naming tells at once; a hold is no file that is still to come. */
	OK(ledger_batch_hold(f.ledger, &by_alice, "B1", "smoke"));
	skip.sequence = 4;
	skip.batch = "B1";
	skip.part = 1;
	OK(ledger_file_skip(f.ledger, &by_bob, &skip));
	ck_assert_int_eq(state_of(&f, "B1"), LEDGER_BATCH_RUNNING);
	fixture_verify(&f);
	fixture_close(&f);
}
END_TEST

static bool
lacks(struct fixture *f, const char *batch)
{
	uint64_t out;

	OK(ledger_batch_parts_to_come(&out, f->ledger, batch));
	return out > 0;
}

static bool
lost(struct fixture *f, const char *batch)
{
	bool out;

	OK(ledger_batch_lost_parts(&out, f->ledger, batch));
	return out;
}

/* Its sender had to give up what it would have made it of: it never had a number. */
START_TEST(a_part_without_a_number_is_given_up)
{
	struct ledger_skip skip = {"us-gen", "cn-mint", "stickers", 0, "never made", NULL, 0};
	struct fixture f;

	fixture_open(&f, MODE_CHINA);
	fixture_batch(&f, "B1", 1, 0);
	fixture_batch(&f, "C1", 1, 0);
	IS(ledger_file_skip(f.ledger, &by_alice, &skip), KE_BAD_ARGUMENT);
	take_part(&f, "stickers", "C1", 1);
	ck_assert(lacks(&f, "C1") && !lost(&f, "C1"));
	/* Another sender's is no part of it. */
	skip.batch = "C1";
	skip.part = 2;
	skip.sender = "us-2";
	OK(ledger_file_skip(f.ledger, &by_alice, &skip));
	ck_assert(lacks(&f, "C1") && !lost(&f, "C1"));
	skip.sender = "us-gen";
	OK(ledger_file_skip(f.ledger, &by_alice, &skip));
	IS(ledger_file_skip(f.ledger, &by_bob, &skip), KE_DUPLICATE);
	ck_assert(!lacks(&f, "C1") && lost(&f, "C1"));
	ck_assert_int_eq(state_of(&f, "C1"), LEDGER_BATCH_RUNNING);
	ck_assert(!lost(&f, "B1"));
	fixture_verify(&f);
	/* No number was used up: the next file may be that part after all. */
	take_part(&f, "stickers", "C1", 2);
	ck_assert(!lacks(&f, "C1") && !lost(&f, "C1"));
	fixture_verify(&f);
	fixture_close(&f);
}
END_TEST

/* One of three came, one is given up: what others tell may be of the third. */
START_TEST(a_part_that_is_late_is_not_lost)
{
	struct ledger_skip skip = {
		"us-gen", "cn-mint", "stickers", 0, "never made", "B1", 2};
	struct fixture f;

	fixture_open(&f, MODE_CHINA);
	fixture_batch(&f, "B1", 1, 0);
	take_part_of(&f, "stickers", "B1", 1, 3);
	OK(ledger_file_skip(f.ledger, &by_alice, &skip));
	ck_assert(lacks(&f, "B1") && !lost(&f, "B1"));
	skip.part = 3;
	OK(ledger_file_skip(f.ledger, &by_alice, &skip));
	ck_assert(!lacks(&f, "B1") && lost(&f, "B1"));
	fixture_close(&f);
}
END_TEST

/* A frozen batch, or a void one, is neither made nor set to run by what comes or ends. */
START_TEST(a_stopped_batch_stands_still)
{
	static const char *const batches[] = {"B1", "C1"};
	struct fixture f;

	fixture_open(&f, MODE_CHINA);
	for (unsigned char i = 0; i < 2; i++) {
		char serial[LEDGER_SERIAL_SIZE];

		fixture_batch(&f, batches[i], 1, 0);
		(void)snprintf(serial, sizeof serial, "%cS1", batches[i][0]);
		take_part_of(&f, "codes", batches[i], 1 + i, 1);
		OK(ledger_wallet_step(f.ledger, &by_alice, serial, WALLET_MINT, NULL));
		OK(ledger_batch_freeze(f.ledger, &by_alice, batches[i], "stop"));
	}
	OK(ledger_batch_void(f.ledger, &by_alice, "C1", "lost"));
	for (unsigned char i = 0; i < 2; i++) {
		OK(ledger_batch_make_when_minted(f.ledger, &by_alice, batches[i]));
		ck_assert_int_eq(state_of(&f, batches[i]), LEDGER_BATCH_OPEN);
		take_part_of(&f, "stickers", batches[i], 1 + i, 1);
		ck_assert_int_eq(state_of(&f, batches[i]), LEDGER_BATCH_OPEN);
	}
	OK(ledger_batch_unfreeze(f.ledger, &by_alice, "B1", "go"));
	ck_assert_int_eq(state_of(&f, "B1"), LEDGER_BATCH_RUNNING);
	fixture_verify(&f);
	fixture_close(&f);
}
END_TEST

/* usa: all wallets are there to be released, and two persons have just put right which
 * part a lost file was. */
START_TEST(nothing_is_released_while_a_part_may_come)
{
	struct ledger_skip skip = {
		"us-gen", "cn-mint", "passphrases", 2, "the disk is lost", "B1", 2};
	struct wallet_balance balance;
	struct fixture f;

	fixture_open(&f, MODE_USA);
	fixture_batch(&f, "B1", 1, 0);
	fixture_batch(&f, "C1", 1, 0);
	take_part(&f, "passphrases", "B1", 1);
	OK(ledger_file_skip(f.ledger, &by_alice, &skip));
	fixture_seal(&f, "BS1");
	ck_assert_int_eq(state_of(&f, "B1"), LEDGER_BATCH_RUNNING);
	skip.batch = "C1";
	OK(ledger_file_skip(f.ledger, &by_bob, &skip));
	IS(ledger_batch_release(&balance, f.ledger, &by_alice, "B1", NULL), KE_BAD_STATE);
	ck_assert_int_eq(balance.closing, WALLET_CLOSES);
	skip.batch = "B1";
	OK(ledger_file_skip(f.ledger, &by_bob, &skip));
	OK(ledger_batch_release(&balance, f.ledger, &by_alice, "B1", NULL));
	fixture_verify(&f);
	fixture_close(&f);
}
END_TEST

START_TEST(rows_that_are_passed_over_are_counted)
{
	struct ledger_passed passed = {3, "shipment", "cn-print", 7, "BS1", "BS9"};
	struct fixture f;
	uint64_t rows;

	fixture_open(&f, MODE_USA);
	fixture_batch(&f, "B1", 1, 0);
	fixture_batch(&f, "C1", 1, 0);
	OK(ledger_batch_pass_over(f.ledger, &by_alice, "B1", &passed));
	passed.rows = 4294967295u;
	OK(ledger_batch_pass_over(f.ledger, &by_alice, "B1", &passed));
	OK(ledger_batch_passed_over(&rows, f.ledger, "B1"));
	ck_assert_uint_eq(rows, 4294967298u);
	OK(ledger_batch_passed_over(&rows, f.ledger, "C1"));
	ck_assert_uint_eq(rows, 0);
	fixture_verify(&f);
	fixture_close(&f);
}
END_TEST

/* What was named wrongly, or by an older program not at all, is named anew. */
START_TEST(a_part_is_named_anew)
{
	struct ledger_skip skip = {"us-gen", "cn-mint", "stickers", 1, "lost", NULL, 0};
	struct fixture f;

	fixture_open(&f, MODE_CHINA);
	fixture_batch(&f, "B1", 1, 0);
	fixture_batch(&f, "C1", 1, 0);
	OK(ledger_file_skip(f.ledger, &by_alice, &skip));
	IS(ledger_file_skip(f.ledger, &by_alice, &skip), KE_DUPLICATE);
	take_part(&f, "stickers", "B1", 2);
	take_part(&f, "stickers", "C1", 3);
	ck_assert(lacks(&f, "B1") && lacks(&f, "C1"));
	skip.batch = "C1";
	skip.part = 2;
	OK(ledger_file_skip(f.ledger, &by_alice, &skip));
	IS(ledger_file_skip(f.ledger, &by_alice, &skip), KE_DUPLICATE);
	ck_assert_int_eq(state_of(&f, "C1"), LEDGER_BATCH_RUNNING);
	/* It was another one's: that runs, and this one is not shipped so. */
	skip.batch = "B1";
	skip.part = 1;
	OK(ledger_file_skip(f.ledger, &by_bob, &skip));
	ck_assert(!lacks(&f, "B1") && lacks(&f, "C1"));
	ck_assert_int_eq(state_of(&f, "B1"), LEDGER_BATCH_RUNNING);
	OK(ledger_wallet_step(f.ledger, &by_alice, "CS1", WALLET_REJECT, "odd"));
	IS(ledger_batch_set_state(f.ledger, &by_alice, "C1", LEDGER_BATCH_SHIPPED, NULL),
		KE_BAD_STATE);
	/* The part comes after all. */
	OK(ledger_batch_announce(f.ledger, &by_alice, "C1", 2));
	OK(ledger_batch_announce(f.ledger, &by_alice, "C1", 2));
	take_part(&f, "stickers", "C1", 4);
	ck_assert(!lacks(&f, "C1"));
	/* Neither a part that came, nor one of another sender, counts twice or at all. */
	skip.sequence = 5;
	skip.batch = "B1";
	skip.part = 2;
	OK(ledger_file_skip(f.ledger, &by_bob, &skip));
	skip.sender = "us-2";
	skip.sequence = 1;
	OK(ledger_file_skip(f.ledger, &by_bob, &skip));
	/* A file that came is no lost one. */
	skip.sender = "us-gen";
	skip.sequence = 2;
	IS(ledger_file_skip(f.ledger, &by_bob, &skip), KE_DUPLICATE);
	fixture_verify(&f);
	fixture_close(&f);
}
END_TEST

/* Where it is minted: the last part may be minted before the first. */
START_TEST(a_batch_is_made_when_all_its_codes_are_minted)
{
	struct ledger_skip skip = {"us-gen", "cn-mint", "codes", 4, "lost", "C1", 1};
	struct fixture f;

	fixture_open(&f, MODE_CHINA);
	fixture_batch(&f, "B1", 2, 0);
	take_part(&f, "codes", "B1", 1);
	OK(ledger_wallet_step(f.ledger, &by_alice, "BS1", WALLET_MINT, NULL));
	OK(ledger_wallet_step(f.ledger, &by_alice, "BS2", WALLET_MINT, NULL));
	OK(ledger_batch_make_when_minted(f.ledger, &by_alice, "B1"));
	ck_assert_int_eq(state_of(&f, "B1"), LEDGER_BATCH_OPEN);
	OK(ledger_batch_announce(f.ledger, &by_alice, "B1", 3));
	OK(ledger_wallet_insert(f.ledger, &by_alice, "BS3", "B1", 3, NULL));
	take_part(&f, "codes", "B1", 2);
	OK(ledger_batch_make_when_minted(f.ledger, &by_alice, "B1"));
	ck_assert_int_eq(state_of(&f, "B1"), LEDGER_BATCH_OPEN);
	OK(ledger_wallet_step(f.ledger, &by_alice, "BS3", WALLET_MINT, NULL));
	OK(ledger_batch_make_when_minted(f.ledger, &by_alice, "B1"));
	ck_assert_int_eq(state_of(&f, "B1"), LEDGER_BATCH_MADE);
	/* The other part is given up when this one is minted. */
	fixture_batch(&f, "C1", 1, 0);
	take_part(&f, "codes", "C1", 3);
	OK(ledger_wallet_step(f.ledger, &by_alice, "CS1", WALLET_MINT, NULL));
	skip.part = 2;
	OK(ledger_file_skip(f.ledger, &by_alice, &skip));
	ck_assert_int_eq(state_of(&f, "C1"), LEDGER_BATCH_MADE);
	OK(ledger_batch_make_when_minted(f.ledger, &by_alice, "X1"));
	fixture_verify(&f);
	fixture_close(&f);
}
END_TEST

/* usa: both parts' passphrases are here; those of the wallets that are never confirmed. */
START_TEST(confirmations_that_are_given_up_end_a_batch)
{
	struct ledger_skip skip = {
		"us-gen", "cn-mint", "confirmations", 2, "the bag is lost", "B1", 2};
	struct wallet_balance balance;
	struct fixture f;

	fixture_open(&f, MODE_USA);
	fixture_batch(&f, "B1", 2, 0);
	take_part(&f, "passphrases", "B1", 1);
	take_part(&f, "passphrases", "B1", 2);
	take_part(&f, "confirmations", "B1", 1);
	fixture_seal(&f, "BS1");
	IS(ledger_batch_release(&balance, f.ledger, &by_alice, "B1", NULL), KE_BAD_STATE);
	ck_assert_int_eq(state_of(&f, "B1"), LEDGER_BATCH_OPEN);
	OK(ledger_file_skip(f.ledger, &by_alice, &skip));
	ck_assert_int_eq(state_of(&f, "B1"), LEDGER_BATCH_RUNNING);
	IS(ledger_batch_release(&balance, f.ledger, &by_alice, "B1", NULL), KE_BAD_STATE);
	ck_assert_int_eq(balance.closing, WALLET_WORK_LEFT);
	OK(ledger_wallet_step(f.ledger, &by_alice, "BS2", WALLET_LOSE, "never confirmed"));
	OK(ledger_batch_release(&balance, f.ledger, &by_alice, "B1", NULL));
	/* None of this one's came: its wallets end it. */
	fixture_batch(&f, "C1", 2, 0);
	take_part(&f, "passphrases", "C1", 3);
	take_part(&f, "passphrases", "C1", 4);
	OK(ledger_wallet_step(f.ledger, &by_alice, "CS1", WALLET_LOSE, "never confirmed"));
	ck_assert_int_eq(state_of(&f, "C1"), LEDGER_BATCH_OPEN);
	OK(ledger_wallet_step(f.ledger, &by_alice, "CS2", WALLET_WITHDRAW, "never confirmed"));
	ck_assert_int_eq(state_of(&f, "C1"), LEDGER_BATCH_RUNNING);
	fixture_verify(&f);
	fixture_close(&f);
}
END_TEST

START_TEST(orders_have_no_sequence)
{
	struct ledger_file file = make_file(1, 0, 0), found;
	struct fixture f;
	int n = 0;

	fixture_open(&f, MODE_USA);
	(void)strcpy(file.kind, "order");
	OK(ledger_file_insert(f.ledger, &by_alice, &file));
	memset(file.sha256, 2, sizeof file.sha256);
	(void)strcpy(file.batch, "B2");
	OK(ledger_file_insert(f.ledger, &by_alice, &file));
	OK(ledger_file_set_path(f.ledger, &by_alice, file.sha256, "done/x.2"));
	OK(ledger_file_set_receipt(
		f.ledger, &by_alice, file.sha256, LEDGER_RECEIPT_DONE));
	OK(ledger_file_get(&found, f.ledger, file.sha256));
	ck_assert_str_eq(found.path, "done/x.2");
	ck_assert_int_eq(found.receipt, LEDGER_RECEIPT_DONE);
	OK(ledger_file_list(f.ledger, "B2", count, &n));
	ck_assert_int_eq(n, 1);
	OK(ledger_file_list(f.ledger, NULL, count, &n));
	ck_assert_int_eq(n, 3);
	memset(file.sha256, 9, sizeof file.sha256);
	IS(ledger_file_set_path(f.ledger, &by_alice, file.sha256, "x"), KE_NOT_FOUND);
	file.kind[0] = '\0';
	IS(ledger_file_insert(f.ledger, &by_alice, &file), KE_BAD_ARGUMENT);
	memset(file.kind, 'k', sizeof file.kind);
	IS(ledger_file_insert(f.ledger, &by_alice, &file), KE_TOO_LONG);
	fixture_verify(&f);
	fixture_close(&f);
}
END_TEST

START_TEST(rows_are_found)
{
	struct ledger_file file = make_file(1, 1, 0);
	struct ledger_row row = {
		.serial = "BS1", .kind = "codes", .offset = 123, .length = 456};
	struct ledger_row found = {.offset = 0};
	struct fixture f;

	fixture_open(&f, MODE_CHINA);
	memset(row.file, 1, sizeof row.file);
	memset(row.sha256, 7, sizeof row.sha256);
	IS(ledger_row_insert(f.ledger, &row), KE_NOT_FOUND);
	fixture_batch(&f, "B1", 1, 0);
	IS(ledger_row_insert(f.ledger, &row), KE_NOT_FOUND);
	OK(ledger_file_insert(f.ledger, &by_alice, &file));
	OK(ledger_row_insert(f.ledger, &row));
	IS(ledger_row_insert(f.ledger, &row), KE_DUPLICATE);
	OK(ledger_row_get(&found, f.ledger, "BS1", "codes"));
	ck_assert_mem_eq(&found, &row, sizeof row);
	IS(ledger_row_get(&found, f.ledger, "BS1", "stickers"), KE_NOT_FOUND);
	fixture_close(&f);
}
END_TEST

START_TEST(a_digest_is_taken_once)
{
	unsigned char digest[LEDGER_DIGEST_LEN] = {1};
	struct fixture f;

	fixture_open(&f, MODE_CHINA);
	OK(ledger_taken(f.ledger, "intermediate", digest));
	OK(ledger_take(f.ledger, &by_alice, "intermediate", digest));
	IS(ledger_take(f.ledger, &by_alice, "intermediate", digest), KE_DUPLICATE);
	OK(ledger_take(f.ledger, &by_alice, "confirmation", digest));
	fixture_reopen(&f);
	IS(ledger_taken(f.ledger, "intermediate", digest), KE_DUPLICATE);
	/* A refusal leaves the rest of the transaction whole. */
	OK(ledger_begin(f.ledger));
	digest[0] = 2;
	OK(ledger_take(f.ledger, &by_alice, "intermediate", digest));
	IS(ledger_take(f.ledger, &by_alice, "intermediate", digest), KE_DUPLICATE);
	digest[0] = 3;
	OK(ledger_take(f.ledger, &by_alice, "intermediate", digest));
	OK(ledger_commit(f.ledger));
	digest[0] = 2;
	IS(ledger_taken(f.ledger, "intermediate", digest), KE_DUPLICATE);
	fixture_verify(&f);
	fixture_close(&f);
}
END_TEST

START_TEST(ranges_are_given_out_once)
{
	static const struct {
		uint64_t first, count;
		int rc;
		uint64_t want;
	} rows[] = {
		{LEDGER_NEXT, 10, 0, 0},
		{LEDGER_NEXT, 5, 0, 10},
		{100, 10, 0, 100},
		{109, 1, KE_DUPLICATE, 0},
		{95, 6, KE_DUPLICATE, 0},
		{90, 30, KE_DUPLICATE, 0},
		{102, 2, KE_DUPLICATE, 0},
		{95, 5, 0, 95},
		{LEDGER_NEXT, 1, 0, 110},
		{990, 11, KE_EXHAUSTED, 0},
		{990, 10, 0, 990},
		{LEDGER_NEXT, 1, KE_EXHAUSTED, 0},
		{5000, 1, KE_EXHAUSTED, 0},
		{20, 0, KE_BAD_ARGUMENT, 0},
		{20, UINT64_MAX, KE_EXHAUSTED, 0},
	};
	struct ledger_range range = {.kind = "serial", .name = "AA999C", .batch = "B1"};
	struct fixture f;
	uint64_t first;

	fixture_open(&f, MODE_USA);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		int rc;

		range.first = rows[i].first;
		range.count = rows[i].count;
		range.limit = 1000;
		rc = ledger_allocate(&first, f.ledger, &by_alice, &range);
		ck_assert_msg(rc == rows[i].rc, "row %d: %s", (int)i, error_name(rc));
		if (rc == 0)
			ck_assert_uint_eq(first, rows[i].want);
	}
	range.name = "BB999C";
	range.first = LEDGER_NEXT;
	range.count = 1;
	OK(ledger_allocate(&first, f.ledger, &by_alice, &range));
	ck_assert_uint_eq(first, 0);
	OK(ledger_allocate_next(&first, f.ledger, "serial", "BB999C"));
	ck_assert_uint_eq(first, 1);
	OK(ledger_allocate_next(&first, f.ledger, "lot", "lot"));
	ck_assert_uint_eq(first, 0);
	range.limit = UINT64_MAX;
	IS(ledger_allocate(&first, f.ledger, &by_alice, &range), KE_BAD_ARGUMENT);
	fixture_verify(&f);
	fixture_close(&f);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("ledger_files");
	TCase *all = tcase_create("all");

	tcase_add_test(all, files_follow_one_another);
	tcase_add_test(all, a_refused_file_counts);
	tcase_add_test(all, a_file_that_does_not_come);
	tcase_add_test(all, a_part_that_is_given_up_has_come);
	tcase_add_test(all, a_part_is_named_anew);
	tcase_add_test(all, a_part_without_a_number_is_given_up);
	tcase_add_test(all, a_part_that_is_late_is_not_lost);
	tcase_add_test(all, a_stopped_batch_stands_still);
	tcase_add_test(all, nothing_is_released_while_a_part_may_come);
	tcase_add_test(all, rows_that_are_passed_over_are_counted);
	tcase_add_test(all, a_batch_is_made_when_all_its_codes_are_minted);
	tcase_add_test(all, confirmations_that_are_given_up_end_a_batch);
	tcase_add_test(all, orders_have_no_sequence);
	tcase_add_test(all, rows_are_found);
	tcase_add_test(all, a_digest_is_taken_once);
	tcase_add_test(all, ranges_are_given_out_once);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}
