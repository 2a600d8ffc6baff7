/* SPDX-License-Identifier: MIT */
/* What other BIP38 programs get wrong, one test named after each. */
#include "bip38_vectors.h"
#include "counting_rng.h"
#include "harness.h"
#include "proto/base58.h"
#include "proto/bip38.h"
#include "proto/bip38_key.h"
#include "proto/bip38_mint.h"
#include "proto/bip38_owner.h"
#include "proto/secret_bytes.h"
#include "proto/verified.h"
#include "scrypt_memo.h"

#include <string.h>

static json_t *vectors;
static struct rng rng;
static uint64_t rng_state;

static void
setup(void)
{
	vectors = vector_load();
	rng = counting_rng(&rng_state, 99);
	ck_assert_ptr_nonnull(vectors);
}

static void
teardown(void)
{
	json_decref(vectors);
}

/* Calls take for each vector of a kind whose note has the words; returns how many. */
static unsigned
each(const char *kind, const char *words, void (*take)(json_t *vector))
{
	unsigned count = 0;
	json_t *vector;
	size_t i;

	json_array_foreach(vectors, i, vector)
	{
		const char *note = vector_text(vector, "note");

		if (strcmp(vector_text(vector, "kind"), kind) != 0 || !note ||
			!strstr(note, words))
			continue;
		take(vector);
		count++;
	}
	return count;
}

static void
take_all_sides(json_t *vector)
{
	vector_check_intermediate(vector);
	vector_check_mint(vector);
	vector_check_confirmation(vector);
	vector_check_epk(vector);
}

static void
take_refused(json_t *vector)
{
	ck_assert_int_lt(vector_try(vector), 0);
}

/* An intermediate code with a lot, decoded. */
static struct bip38_intermediate
code_of(const struct secret *passphrase, uint32_t lot, uint32_t sequence)
{
	struct bip38_intermediate code;
	char text[BIP38_INTERMEDIATE_LEN + 1];

	/* One salt throughout, so that one scrypt does for all. */
	ck_assert_int_eq(bip38_intermediate_from_salt(text, (const unsigned char *)"salt",
				 passphrase, true, lot, sequence),
		0);
	ck_assert_int_eq(bip38_intermediate_decode(&code, text, strlen(text)), 0);
	return code;
}

static void
assert_lot_survives(uint32_t lot, uint32_t sequence)
{
	struct secret *passphrase = vector_new_secret("7K2M-Q9XA-0ZT4-LB6C-W1EH", 24);
	struct bip38_intermediate code = code_of(passphrase, lot, sequence);
	struct bip38_minted minted;
	struct bip38_opened opened;
	struct bip38_epk epk;

	ck_assert(code.owner.has_lot);
	ck_assert_uint_eq(bip38_lot(&code.owner), lot);
	ck_assert_uint_eq(bip38_sequence(&code.owner), sequence);
	ck_assert_int_eq(bip38_mint(&minted, &code, &rng, true), 0);
	ck_assert_int_eq(bip38_epk_decode_secret(&epk, minted.epk), 0);
	ck_assert(epk.owner.has_lot);
	ck_assert_uint_eq(bip38_lot(&epk.owner), lot);
	ck_assert_uint_eq(bip38_sequence(&epk.owner), sequence);
	ck_assert_int_eq(bip38_decrypt(&opened, &epk, passphrase), 0);
	ck_assert_str_eq(opened.address, minted.address);
	bip38_opened_wipe(&opened);
	bip38_minted_wipe(&minted);
	secret_free(passphrase);
}

/* Takes 0 for "none given", and refuses lots below 100000. */
START_TEST(python_bip38_lot_zero)
{
	assert_lot_survives(0, 0);
	assert_lot_survives(0, 77);
	assert_lot_survives(263183, 0);
	ck_assert_uint_ge(each("ec", "lot 0", take_all_sides), 2);
}
END_TEST

START_TEST(python_bip38_lot_below_100000)
{
	assert_lot_survives(1, 1);
	assert_lot_survives(99999, 4095);
}
END_TEST

/* Writes numbers without their leading zeros: one EPK in 65 is wrong. */
START_TEST(python_bip38_leading_zeros)
{
	ck_assert_uint_eq(each("ec", "leading zero", take_all_sides), 7);
	ck_assert_uint_eq(each("ec", "private key starts 000000", take_all_sides), 1);
	ck_assert_uint_eq(each("ec", "EC product starts 00", take_all_sides), 1);
	ck_assert_uint_eq(each("nonec", "private key starts 00", vector_check_epk), 3);
}
END_TEST

START_TEST(python_bip38_bad_checksum)
{
	ck_assert_uint_ge(each("invalid-epk", "checksum", take_refused), 5);
	ck_assert_uint_ge(each("invalid-confirmation", "checksum", take_refused), 2);
}
END_TEST

START_TEST(python_bip38_reserved_flags)
{
	ck_assert_uint_eq(each("invalid-confirmation", "reserved flag", take_refused), 2);
	ck_assert_uint_eq(each("invalid-epk", "flag", take_refused), 4);
}
END_TEST

/* (lot<<12) || sequence: every lot becomes lot 0 sequence 1. */
START_TEST(libbitcoin_logical_or_of_lot)
{
	struct secret *passphrase = vector_new_secret("x", 1);
	struct bip38_intermediate a = code_of(passphrase, 42, 24);
	struct bip38_intermediate b = code_of(passphrase, 24, 42);
	static const unsigned char written[] = {'s', 'a', 'l', 't', 0, 2, 0xa0, 0x18};

	ck_assert_mem_eq(a.owner.entropy, written, sizeof written);
	ck_assert(!bip38_same_owner(&a.owner, &b.owner));
	assert_lot_survives(42, 24);
	secret_free(passphrase);
}
END_TEST

/* Refuses a sequence above 1024. */
START_TEST(nbitcoin_sequence_above_1024)
{
	assert_lot_survives(100000, 1025);
	assert_lot_survives(BIP38_LOT_MAX, BIP38_SEQUENCE_MAX);
	ck_assert_uint_eq(each("ec", "sequence 1024", take_all_sides), 1);
}
END_TEST

/*
 * Its Check compares the four bytes of addresshash.  A public key that is
 * another one must be refused even where those four bytes are right.
 */
START_TEST(nbitcoin_check_of_four_bytes)
{
	struct secret *passphrase = vector_new_secret("7K2M-Q9XA-0ZT4-LB6C-W1EH", 24);
	struct bip38_intermediate code = code_of(passphrase, 0, 0);
	struct bip38_minted minted, other;
	struct verified *token;

	ck_assert_int_eq(bip38_mint(&minted, &code, &rng, true), 0);
	ck_assert_int_eq(bip38_mint(&other, &code, &rng, true), 0);
	{
		const struct verified_address address = {"BTC", other.address};
		const struct verified_address right = {"BTC", minted.address};
		struct verified_claim claim = {
			.serial = "A1",
			.passphrase = passphrase,
			.confirmation = minted.confirmation,
			.pubkey = other.pubkey,
			.addresses = &address,
			.address_count = 1,
		};

		ck_assert_int_eq(verified_new(&token, &claim), KE_MISMATCH_PUBKEY);
		claim.pubkey = minted.pubkey;
		ck_assert_int_eq(verified_new(&token, &claim), KE_MISMATCH_ADDRESS);
		claim.addresses = &right;
		ck_assert_int_eq(verified_new(&token, &claim), 0);
		verified_free(&token);
	}
	bip38_minted_wipe(&minted);
	bip38_minted_wipe(&other);
	secret_free(passphrase);
}
END_TEST

/* Salt and seedb as default arguments: drawn once a process, the same for a batch. */
START_TEST(pybip38_one_seedb_for_all)
{
	struct secret *passphrase = vector_new_secret("x", 1);
	struct bip38_intermediate code = code_of(passphrase, 1, 1);
	struct bip38_minted minted[8];

	for (unsigned i = 0; i < 8; i++) {
		ck_assert_int_eq(bip38_mint(&minted[i], &code, &rng, true), 0);
		for (unsigned j = 0; j < i; j++) {
			ck_assert_str_ne(minted[i].address, minted[j].address);
			ck_assert_str_ne(minted[i].confirmation, minted[j].confirmation);
			ck_assert(!secret_equal(minted[i].epk, minted[j].epk));
		}
	}
	for (unsigned i = 0; i < 8; i++)
		bip38_minted_wipe(&minted[i]);
	secret_free(passphrase);
}
END_TEST

/* Hands the same intermediate codes out again: two owners can be told to be one. */
START_TEST(casascius_reuses_codes)
{
	struct secret *passphrase = vector_new_secret("x", 1);
	struct bip38_intermediate codes[2];

	for (unsigned i = 0; i < 2; i++) {
		char text[BIP38_INTERMEDIATE_LEN + 1];

		ck_assert_int_eq(
			bip38_intermediate_new(text, &rng, passphrase, true, 5, 5), 0);
		ck_assert_int_eq(
			bip38_intermediate_decode(&codes[i], text, strlen(text)), 0);
	}
	ck_assert(bip38_same_owner(&codes[0].owner, &codes[0].owner));
	ck_assert(!bip38_same_owner(&codes[0].owner, &codes[1].owner));
	secret_free(passphrase);
}
END_TEST

static void
take_wrong(json_t *vector)
{
	ck_assert_int_eq(vector_try(vector), KE_WRONG_PASSPHRASE);
}

/* Never looks at addresshash when it decrypts: any passphrase gives a key. */
START_TEST(bitcoinjs_wrong_passphrase_gives_a_key)
{
	ck_assert_uint_eq(each("wrong-passphrase", "bitcoinjs", take_wrong), 1);
	ck_assert_uint_ge(each("invalid-epk", "addresshash", take_wrong), 3);
}
END_TEST

/* The confirmation check takes a passphrase as it was typed. */
START_TEST(ballet_confirmation_without_nfc)
{
	struct secret *composed = vector_new_secret("Caf\xc3\xa9", 5);
	struct secret *decomposed = vector_new_secret("Cafe\xcc\x81", 6);
	struct bip38_intermediate code = code_of(composed, 0, 1);
	struct bip38_confirmation confirmation;
	struct bip38_confirmed confirmed;
	struct bip38_minted minted;

	ck_assert_int_eq(bip38_mint(&minted, &code, &rng, true), 0);
	ck_assert_int_eq(bip38_confirmation_decode(&confirmation, minted.confirmation,
				 BIP38_CONFIRMATION_LEN),
		0);
	ck_assert_int_eq(bip38_confirm(&confirmed, &confirmation, composed), 0);
	ck_assert_int_eq(bip38_confirm(&confirmed, &confirmation, decomposed), 0);
	ck_assert_str_eq(confirmed.address, minted.address);
	ck_assert_uint_ge(each("ec", "NFC composes", take_all_sides), 1);
	bip38_minted_wipe(&minted);
	secret_free(composed);
	secret_free(decomposed);
}
END_TEST

/* A minted confirmation code as bytes, one of them changed, encoded with a right
 * checksum. */
static int
confirm_altered(size_t at, unsigned char xor, size_t more)
{
	struct secret *passphrase = vector_new_secret("x", 1);
	struct bip38_intermediate code = code_of(passphrase, 1, 1);
	unsigned char payload[56] = {0};
	struct bip38_confirmation confirmation;
	struct bip38_confirmed confirmed;
	struct bip38_minted minted;
	char text[128];
	int rc;

	ck_assert_int_eq(bip38_mint(&minted, &code, &rng, true), 0);
	ck_assert_int_eq(base58_check_decode(payload, 51, minted.confirmation,
				 BIP38_CONFIRMATION_LEN, base58_bitcoin),
		0);
	payload[at] ^= xor;
	ck_assert_int_eq(base58_check_encode(
				 text, sizeof text, payload, 51 + more, base58_bitcoin),
		0);
	rc = bip38_confirmation_decode(&confirmation, text, strlen(text));
	if (rc == 0)
		rc = bip38_confirm(&confirmed, &confirmation, passphrase);
	bip38_minted_wipe(&minted);
	secret_free(passphrase);
	return rc;
}

/* bit2factor shares that code and these faults. */
START_TEST(ballet_bit2factor_accept_anything)
{
	ck_assert_int_eq(confirm_altered(0, 0, 0), 0);
	ck_assert_int_eq(confirm_altered(4, 1, 0), KE_BAD_MAGIC);
	ck_assert_int_eq(confirm_altered(5, 0x08, 0), KE_RESERVED_FLAG);
	ck_assert_int_eq(confirm_altered(5, 0x40, 0), KE_RESERVED_FLAG);
	ck_assert_int_eq(confirm_altered(0, 0, 1), KE_BAD_LENGTH);
	ck_assert_int_eq(confirm_altered(0, 0, 5), KE_BAD_LENGTH);
	ck_assert_uint_eq(each("invalid-confirmation", "Ballet", take_refused), 1);
}
END_TEST

/* Refused the wish for a different passphrase a wallet, in bulk. */
START_TEST(bitaddress_a_passphrase_a_wallet)
{
	enum { WALLETS = 3 };
	static const char texts[WALLETS][25] = {"AAAA-0000-AAAA-0000-AAAA",
		"BBBB-1111-BBBB-1111-BBBB", "CCCC-2222-CCCC-2222-CCCC"};
	struct secret *passphrases[WALLETS];
	struct bip38_epk epks[WALLETS];

	for (unsigned i = 0; i < WALLETS; i++) {
		struct bip38_intermediate code;
		struct bip38_minted minted;

		passphrases[i] = vector_new_secret(texts[i], 24);
		code = code_of(passphrases[i], 7, i);
		ck_assert_int_eq(bip38_mint(&minted, &code, &rng, true), 0);
		ck_assert_int_eq(bip38_epk_decode_secret(&epks[i], minted.epk), 0);
		bip38_minted_wipe(&minted);
	}
	for (unsigned i = 0; i < WALLETS; i++) {
		for (unsigned j = 0; j < WALLETS; j++) {
			struct bip38_opened opened;
			int rc = bip38_decrypt(&opened, &epks[i], passphrases[j]);

			ck_assert_int_eq(rc, i == j ? 0 : KE_WRONG_PASSPHRASE);
			bip38_opened_wipe(&opened);
		}
	}
	for (unsigned i = 0; i < WALLETS; i++)
		secret_free(passphrases[i]);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("bip38_peers");
	TCase *all = tcase_create("all");
	int status;

	tcase_add_checked_fixture(all, setup, teardown);
	tcase_add_test(all, python_bip38_lot_zero);
	tcase_add_test(all, python_bip38_lot_below_100000);
	tcase_add_test(all, python_bip38_leading_zeros);
	tcase_add_test(all, python_bip38_bad_checksum);
	tcase_add_test(all, python_bip38_reserved_flags);
	tcase_add_test(all, libbitcoin_logical_or_of_lot);
	tcase_add_test(all, nbitcoin_sequence_above_1024);
	tcase_add_test(all, nbitcoin_check_of_four_bytes);
	tcase_add_test(all, pybip38_one_seedb_for_all);
	tcase_add_test(all, casascius_reuses_codes);
	tcase_add_test(all, bitcoinjs_wrong_passphrase_gives_a_key);
	tcase_add_test(all, ballet_confirmation_without_nfc);
	tcase_add_test(all, ballet_bit2factor_accept_anything);
	tcase_add_test(all, bitaddress_a_passphrase_a_wallet);
	tcase_set_timeout(all, 600);
	suite_add_tcase(suite, all);
	status = harness_run(suite);
	scrypt_memo_done();
	return status;
}
