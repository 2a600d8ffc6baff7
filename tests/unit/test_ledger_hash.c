/* SPDX-License-Identifier: MIT */
#include "harness.h"
#include "proto/ledger_hash.h"
#include <stdio.h>
#include <string.h>

static const char *
hex(const unsigned char hash[LEDGER_HASH_LEN])
{
	static char text[2 * LEDGER_HASH_LEN + 1];

	for (int i = 0; i < LEDGER_HASH_LEN; i++)
		(void)snprintf(text + 2 * i, 3, "%02x", hash[i]);
	return text;
}

/* Computed by another program (hashlib) from the words of proto/ledger_hash.h. */
START_TEST(golden)
{
	static const struct ledger_hash_event first = {.seq = 1};
	static const struct ledger_hash_event second = {2, 1795339800123,
		"uid=1000 alice", "wallet", "AA000001K", "confirm", "expected",
		"confirmed",
		"gr\xc3\xb6\xc3\x9f"
		"er"};
	static const struct ledger_hash_event third = {
		UINT64_C(1) << 63, -1, "a", "b", "c", "d", "e", "f", "g"};
	unsigned char hash[LEDGER_HASH_LEN] = {0};

	ck_assert_int_eq(ledger_hash(hash, &first, hash), 0);
	ck_assert_str_eq(hex(hash),
		"4e16da585ee3770c3763c2dcdb865831b5e30702e341bcbc0b53133644694413");
	ck_assert_int_eq(ledger_hash(hash, &second, hash), 0);
	ck_assert_str_eq(hex(hash),
		"f4f93d602fe48ca2f4b560026996bb59f07257986129ce6951abd213916bae06");
	ck_assert_int_eq(ledger_hash(hash, &third, hash), 0);
	ck_assert_str_eq(hex(hash),
		"c0af25a55dec9f40ef8a56c6bc4b8fd2b1cb6ab8865b9923ad90586748b4f300");
}
END_TEST

/* The example of keyline-ledger(5). */
START_TEST(the_example_of_the_page)
{
	static const struct ledger_hash_event first = {1, 1795339800000, "daemon",
		"ledger", "us-1", "created", NULL, NULL, "mode=usa use=test schema=3"};
	unsigned char hash[LEDGER_HASH_LEN] = {0};

	ck_assert_int_eq(ledger_hash(hash, &first, hash), 0);
	ck_assert_str_eq(hex(hash),
		"67c2648ab885ffbc375889be9f8cfd3585ebc95d41d5d19d193325451d4ad7af");
}
END_TEST

/* Lengths stand before the texts: moving a byte from one to the next is seen. */
START_TEST(fields_do_not_run_together)
{
	static const unsigned char zero[LEDGER_HASH_LEN];
	struct ledger_hash_event a = {.seq = 1, .object = "ab", .event = "c"};
	struct ledger_hash_event b = {.seq = 1, .object = "a", .event = "bc"};
	struct ledger_hash_event c = {.seq = 1, .event = "ab", .from_state = "c"};
	unsigned char ha[LEDGER_HASH_LEN], hb[LEDGER_HASH_LEN], hc[LEDGER_HASH_LEN];

	ck_assert_int_eq(ledger_hash(ha, &a, zero), 0);
	ck_assert_int_eq(ledger_hash(hb, &b, zero), 0);
	ck_assert_int_eq(ledger_hash(hc, &c, zero), 0);
	ck_assert_mem_ne(ha, hb, sizeof ha);
	ck_assert_mem_ne(ha, hc, sizeof ha);
	ck_assert_mem_ne(hb, hc, sizeof hb);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("ledger_hash");
	TCase *all = tcase_create("all");

	tcase_add_test(all, golden);
	tcase_add_test(all, the_example_of_the_page);
	tcase_add_test(all, fields_do_not_run_together);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}
