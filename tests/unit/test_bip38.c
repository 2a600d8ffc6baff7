/* SPDX-License-Identifier: MIT */
/* BIP38 against itself: round trips, and decoders that take nothing else. */
#include "counting_rng.h"
#include "harness.h"
#include "proto/base58.h"
#include "proto/bip38.h"
#include "proto/bip38_key.h"
#include "proto/bip38_mint.h"
#include "proto/bip38_owner.h"
#include "proto/curve.h"
#include "proto/secret_bytes.h"
#include "scrypt_memo.h"

#include <string.h>

static struct rng rng;
static uint64_t rng_state;

static void
setup(void)
{
	rng = counting_rng(&rng_state, 1);
}

static struct secret *
text(const char *bytes)
{
	struct secret *s = secret_new(strlen(bytes) + 1);

	ck_assert_int_eq(secret_set(s, bytes, strlen(bytes)), 0);
	return s;
}

/* One wallet from order to opening. */
static void
walk_whole_line(bool with_lot, uint32_t lot, uint32_t sequence, bool compressed)
{
	struct secret *right = text("0000-AAAA-1111-BBBB-ZZZZ");
	struct secret *wrong = text("0000-AAAA-1111-BBBB-ZZZY");
	char code_text[BIP38_INTERMEDIATE_LEN + 1];
	struct bip38_intermediate code;
	struct bip38_minted minted;
	struct bip38_confirmation confirmation;
	struct bip38_confirmed confirmed;
	struct bip38_opened opened;
	struct bip38_epk epk;

	ck_assert_int_eq(
		bip38_intermediate_new(code_text, &rng, right, with_lot, lot, sequence),
		0);
	ck_assert_uint_eq(strlen(code_text), BIP38_INTERMEDIATE_LEN);
	ck_assert_int_eq(
		bip38_intermediate_decode(&code, code_text, BIP38_INTERMEDIATE_LEN), 0);
	ck_assert_int_eq(code.owner.has_lot, with_lot);
	if (with_lot) {
		ck_assert_uint_eq(bip38_lot(&code.owner), lot);
		ck_assert_uint_eq(bip38_sequence(&code.owner), sequence);
	}
	ck_assert_int_eq(bip38_mint(&minted, &code, &rng, compressed), 0);
	ck_assert_uint_eq(strlen(minted.confirmation), BIP38_CONFIRMATION_LEN);
	ck_assert_int_eq(bip38_confirmation_decode(&confirmation, minted.confirmation,
				 BIP38_CONFIRMATION_LEN),
		0);
	ck_assert_int_eq(bip38_epk_decode_secret(&epk, minted.epk), 0);
	ck_assert(bip38_epk_agrees(&epk, &confirmation));
	ck_assert(bip38_same_owner(&code.owner, &confirmation.owner));
	ck_assert_int_eq(confirmation.compressed, compressed);
	ck_assert_int_eq(bip38_confirm(&confirmed, &confirmation, right), 0);
	ck_assert_mem_eq(confirmed.pubkey, minted.pubkey, BIP38_POINT_LEN);
	ck_assert_mem_eq(confirmed.passpoint, code.passpoint, BIP38_POINT_LEN);
	ck_assert_str_eq(confirmed.address, minted.address);
	ck_assert_int_eq(
		bip38_confirm(&confirmed, &confirmation, wrong), KE_WRONG_PASSPHRASE);
	ck_assert_int_eq(bip38_decrypt(&opened, &epk, right), 0);
	ck_assert_str_eq(opened.address, minted.address);
	ck_assert_mem_eq(opened.pubkey, minted.pubkey, BIP38_POINT_LEN);
	ck_assert_int_eq(opened.compressed, compressed);
	bip38_opened_wipe(&opened);
	ck_assert_int_eq(bip38_decrypt(&opened, &epk, wrong), KE_WRONG_PASSPHRASE);
	ck_assert_ptr_null(opened.key);
	bip38_minted_wipe(&minted);
	secret_free(right);
	secret_free(wrong);
}

/* Each of what both codes say in the clear, another. */
START_TEST(codes_agree_in_all_or_not)
{
	const struct bip38_confirmation confirmation = {.compressed = true};
	const struct bip38_epk same = {.ec = true, .compressed = true};
	struct bip38_epk others[5];

	for (size_t i = 0; i < 5; i++)
		others[i] = same;
	others[0].ec = false;
	others[1].compressed = false;
	others[2].addresshash[BIP38_HASH_LEN - 1] = 1;
	others[3].owner.has_lot = true;
	others[4].owner.entropy[BIP38_ENTROPY_LEN - 1] = 1;
	ck_assert(bip38_epk_agrees(&same, &confirmation));
	for (size_t i = 0; i < 5; i++)
		ck_assert_msg(
			!bip38_epk_agrees(&others[i], &confirmation), "case %zu", i);
}
END_TEST

static const struct {
	bool with_lot;
	uint32_t lot, sequence;
	bool compressed;
} lines[] = {
	{true, 0, 0, true},
	{true, BIP38_LOT_MAX, BIP38_SEQUENCE_MAX, true},
	{false, 0, 0, true},
	{true, 100000, 1, false},
	{false, 0, 0, false},
};

START_TEST(whole_line_comes_round)
{
	walk_whole_line(lines[_i].with_lot, lines[_i].lot, lines[_i].sequence,
		lines[_i].compressed);
}
END_TEST

START_TEST(encrypt_comes_back)
{
	struct secret *passphrase = text("caf\xc3\xa9"), *key = secret_new(BIP38_KEY_LEN);
	struct secret *epk_text;
	struct bip38_opened opened;
	struct bip38_epk epk;

	ck_assert_int_eq(rng.fill(rng.state, secret_bytes(key), BIP38_KEY_LEN), 0);
	ck_assert_int_eq(secret_set_len(key, BIP38_KEY_LEN), 0);
	ck_assert_int_eq(bip38_encrypt(&epk_text, key, _i, passphrase), 0);
	ck_assert_int_eq(bip38_epk_decode_secret(&epk, epk_text), 0);
	ck_assert(!epk.ec);
	ck_assert_int_eq(bip38_decrypt(&opened, &epk, passphrase), 0);
	ck_assert(secret_equal(opened.key, key));
	ck_assert_int_eq(opened.compressed, _i);
	bip38_opened_wipe(&opened);
	secret_free(passphrase);
	secret_free(key);
	secret_free(epk_text);
}
END_TEST

START_TEST(encrypt_refuses_what_is_no_key)
{
	struct secret *passphrase = text("x"), *key = secret_new(BIP38_KEY_LEN);
	struct secret *epk = NULL;

	ck_assert_int_eq(bip38_encrypt(&epk, key, true, passphrase), KE_BAD_SCALAR);
	ck_assert_int_eq(secret_set_len(key, BIP38_KEY_LEN), 0);
	ck_assert_int_eq(bip38_encrypt(&epk, key, true, passphrase), KE_BAD_SCALAR);
	memset(secret_bytes(key), 0xff, BIP38_KEY_LEN);
	ck_assert_int_eq(bip38_encrypt(&epk, key, true, passphrase), KE_BAD_SCALAR);
	ck_assert_ptr_null(epk);
	secret_free(passphrase);
	secret_free(key);
}
END_TEST

START_TEST(owner_refuses_bad_arguments)
{
	struct secret *passphrase = text("x"), *latin1 = text("caf\xe9");
	struct rng broken = failing_rng();
	char code[BIP38_INTERMEDIATE_LEN + 1];

	ck_assert_int_eq(bip38_intermediate_new(
				 code, &rng, passphrase, true, BIP38_LOT_MAX + 1, 0),
		KE_BAD_ARGUMENT);
	ck_assert_int_eq(bip38_intermediate_new(
				 code, &rng, passphrase, true, 0, BIP38_SEQUENCE_MAX + 1),
		KE_BAD_ARGUMENT);
	ck_assert_int_eq(
		bip38_intermediate_new(code, &broken, passphrase, true, 0, 0), KE_RANDOM);
	ck_assert_int_eq(
		bip38_intermediate_new(code, &rng, latin1, true, 0, 0), KE_BAD_UTF8);
	secret_free(passphrase);
	secret_free(latin1);
}
END_TEST

/* Several at once are what they are one by one; who is refused hinders no other. */
START_TEST(many_intermediate_codes)
{
	enum { MANY = 5 };
	static const struct {
		bool with_lot;
		uint32_t lot;
		int error;
	} rows[MANY] = {{true, 1, 0}, {true, BIP38_LOT_MAX + 1, KE_BAD_ARGUMENT},
		{false, 0, 0}, {true, 0, 0}, {false, 0, KE_BAD_UTF8}};
	char many[MANY][BIP38_INTERMEDIATE_LEN + 1], one[BIP38_INTERMEDIATE_LEN + 1];
	struct secret *passphrase = text("x"), *latin1 = text("caf\xe9");
	struct bip38_issue wallets[MANY];
	uint64_t state, again;
	struct rng first = counting_rng(&state, 9), second = counting_rng(&again, 9);

	for (size_t i = 0; i < MANY; i++)
		wallets[i] = (struct bip38_issue){many[i],
			rows[i].error == KE_BAD_UTF8 ? latin1 : passphrase,
			rows[i].with_lot, rows[i].lot, 7, KE_IO};
	bip38_intermediate_new_many(wallets, MANY, &first);
	for (size_t i = 0; i < MANY; i++) {
		ck_assert_int_eq(wallets[i].error, rows[i].error);
		ck_assert_int_eq(
			bip38_intermediate_new(one, &second, wallets[i].passphrase,
				rows[i].with_lot, rows[i].lot, 7),
			rows[i].error);
		if (rows[i].error == 0)
			ck_assert_str_eq(many[i], one);
	}
	first = failing_rng();
	bip38_intermediate_new_many(wallets, MANY, &first);
	for (size_t i = 0; i < MANY; i++)
		ck_assert_int_eq(wallets[i].error, KE_RANDOM);
	secret_free(passphrase);
	secret_free(latin1);
}
END_TEST

/* Codes to take apart, made without a scrypt: passpoint G. */
static struct bip38_intermediate
some_code(void)
{
	static const unsigned char one[CURVE_SCALAR_LEN] = {[31] = 1};
	struct bip38_intermediate code = {.owner = {true, "salt\0\0\0"}};

	ck_assert_int_eq(curve_generate(code.passpoint, one), 0);
	return code;
}

/* Minted together as one by one; a code that is no point spoils its own wallet alone. */
START_TEST(many_minted)
{
	enum { BAD = 3 };
	struct bip38_intermediate codes[BIP38_MANY_MAX];
	struct bip38_minted many[BIP38_MANY_MAX], one;
	struct bip38_mint wallets[BIP38_MANY_MAX];
	uint64_t state, again;
	struct rng first = counting_rng(&state, 9), second = counting_rng(&again, 9);

	for (size_t i = 0; i < BIP38_MANY_MAX; i++) {
		codes[i] = some_code();
		codes[i].owner.entropy[7] = (unsigned char)i;
		wallets[i] = (struct bip38_mint){&many[i], &codes[i], KE_IO};
	}
	if (_i > BAD)
		memset(codes[BAD].passpoint, 0xff, BIP38_POINT_LEN);
	bip38_mint_many(wallets, (size_t)_i, &first, true);
	for (int i = 0; i < _i; i++) {
		ck_assert_int_eq(wallets[i].error, i == BAD ? KE_BAD_POINT : 0);
		ck_assert_int_eq(
			bip38_mint(&one, &codes[i], &second, true), wallets[i].error);
		ck_assert_str_eq(many[i].confirmation, one.confirmation);
		ck_assert_str_eq(many[i].address, one.address);
		ck_assert_mem_eq(many[i].pubkey, one.pubkey, BIP38_POINT_LEN);
		ck_assert_int_eq(many[i].epk != NULL, i != BAD);
		ck_assert(i == BAD || secret_equal(many[i].epk, one.epk));
		bip38_minted_wipe(&many[i]);
		bip38_minted_wipe(&one);
	}
}
END_TEST

START_TEST(mint_refuses_bad_input)
{
	struct bip38_intermediate code = some_code();
	struct rng broken = failing_rng();
	struct bip38_minted minted;

	ck_assert_int_eq(bip38_mint(&minted, &code, &broken, true), KE_RANDOM);
	ck_assert_ptr_null(minted.epk);
	code.passpoint[0] = 5;
	ck_assert_int_eq(bip38_mint(&minted, &code, &rng, true), KE_BAD_POINT);
	ck_assert_ptr_null(minted.epk);
	ck_assert_str_eq(minted.address, "");
}
END_TEST

/* The three kinds of text, so that each property is tested for each. */
static int
decode_intermediate(const char *bytes, size_t len)
{
	struct bip38_intermediate code;

	return bip38_intermediate_decode(&code, bytes, len);
}

static int
decode_confirmation(const char *bytes, size_t len)
{
	struct bip38_confirmation code;

	return bip38_confirmation_decode(&code, bytes, len);
}

static int
decode_epk(const char *bytes, size_t len)
{
	struct bip38_epk code;

	return bip38_epk_decode(&code, bytes, len);
}

static const struct {
	int (*decode)(const char *bytes, size_t len);
	size_t text_len;
	size_t payload_len;
	/* Payload bytes before the flag or the kind of entropy. */
	size_t magic_len;
} kinds[] = {
	{decode_intermediate, BIP38_INTERMEDIATE_LEN, 49, 7},
	{decode_confirmation, BIP38_CONFIRMATION_LEN, 51, 5},
	{decode_epk, BIP38_EPK_LEN, 39, 2},
	{decode_epk, BIP38_EPK_LEN, 39, 2},
};

enum { INTERMEDIATE, CONFIRMATION, EPK, NOT_EC, KINDS, TEXT_SIZE = 128 };

/* A right text of a kind. */
static void
right_text(char out[TEXT_SIZE], int kind)
{
	struct bip38_intermediate code = some_code();
	struct bip38_epk plain = {.compressed = true};
	struct bip38_minted minted;
	struct secret *plain_text;

	ck_assert_int_eq(bip38_mint(&minted, &code, &rng, true), 0);
	ck_assert_int_eq(bip38_epk_encode(&plain_text, &plain), 0);
	memset(out, 0, TEXT_SIZE);
	if (kind == INTERMEDIATE)
		ck_assert_int_eq(bip38_intermediate_encode(out, &code), 0);
	if (kind == CONFIRMATION)
		memcpy(out, minted.confirmation, BIP38_CONFIRMATION_LEN);
	if (kind == EPK)
		memcpy(out, secret_view(minted.epk), BIP38_EPK_LEN);
	if (kind == NOT_EC)
		memcpy(out, secret_view(plain_text), BIP38_EPK_LEN);
	secret_free(plain_text);
	bip38_minted_wipe(&minted);
}

START_TEST(only_the_exact_length)
{
	char bytes[TEXT_SIZE];
	size_t right = kinds[_i].text_len;

	right_text(bytes, _i);
	memset(bytes + right, '1', sizeof bytes - right);
	for (size_t len = 0; len < sizeof bytes; len++)
		ck_assert_int_eq(
			kinds[_i].decode(bytes, len), len == right ? 0 : KE_BAD_LENGTH);
	/* One over-long by a leading 1 or white space. */
	memmove(bytes + 1, bytes, right);
	bytes[0] = '1';
	ck_assert_int_eq(kinds[_i].decode(bytes, right + 1), KE_BAD_LENGTH);
	bytes[0] = ' ';
	ck_assert_int_eq(kinds[_i].decode(bytes, right), KE_BAD_CHARACTER);
}
END_TEST

START_TEST(every_one_character_error_is_found)
{
	char bytes[TEXT_SIZE], right[TEXT_SIZE];

	right_text(right, _i);
	for (size_t at = 0; at < kinds[_i].text_len; at++) {
		for (unsigned c = 1; c < 256; c += harness_stride(83)) {
			int rc;

			memcpy(bytes, right, sizeof bytes);
			bytes[at] = (char)c;
			rc = kinds[_i].decode(bytes, kinds[_i].text_len);
			if (bytes[at] == right[at])
				ck_assert_int_eq(rc, 0);
			else if (!strchr(base58_bitcoin, (int)c))
				ck_assert_int_eq(rc, KE_BAD_CHARACTER);
			else
				ck_assert(rc == KE_BAD_CHECKSUM || rc == KE_BAD_LENGTH);
		}
	}
}
END_TEST

/* Decodes the right text with one payload byte replaced and a right checksum. */
static int
decode_with(int kind, size_t at, unsigned char byte)
{
	unsigned char payload[64];
	char bytes[TEXT_SIZE];

	right_text(bytes, kind);
	ck_assert_int_eq(base58_check_decode(payload, kinds[kind].payload_len, bytes,
				 kinds[kind].text_len, base58_bitcoin),
		0);
	payload[at] = byte;
	ck_assert_int_eq(base58_check_encode(bytes, sizeof bytes, payload,
				 kinds[kind].payload_len, base58_bitcoin),
		0);
	return kinds[kind].decode(bytes, strlen(bytes));
}

START_TEST(every_bit_of_the_magic_counts)
{
	unsigned char payload[64];
	char bytes[TEXT_SIZE];

	right_text(bytes, _i);
	ck_assert_int_eq(base58_check_decode(payload, kinds[_i].payload_len, bytes,
				 kinds[_i].text_len, base58_bitcoin),
		0);
	for (size_t at = 0; at < kinds[_i].magic_len; at++) {
		for (unsigned bit = 0; bit < 8; bit += harness_stride(4)) {
			unsigned char byte = payload[at] ^ (unsigned char)(1 << bit);
			int rc = decode_with(_i, at, byte);

			/* 42 and 43 tell the two EPKs apart; then the flag is wrong. */
			if (_i >= EPK && at == 1 && bit == 0)
				ck_assert_int_eq(rc, KE_RESERVED_FLAG);
			else
				ck_assert(rc == KE_BAD_MAGIC || rc == KE_BAD_LENGTH);
		}
	}
}
END_TEST

static bool
flag_is_legal(int kind, unsigned flag)
{
	if (kind == INTERMEDIATE)
		return flag == 0x51 || flag == 0x53;
	if (kind == NOT_EC)
		return flag == 0xc0 || flag == 0xe0;
	return flag == 0x00 || flag == 0x04 || flag == 0x20 || flag == 0x24;
}

START_TEST(only_the_legal_flags)
{
	int refusal = _i == INTERMEDIATE ? KE_BAD_MAGIC : KE_RESERVED_FLAG;

	for (unsigned flag = 0; flag < 256; flag++) {
		bool legal = flag_is_legal(_i, flag);

		if (!legal && flag % harness_stride(17) != 0)
			continue;
		ck_assert_int_eq(
			decode_with(_i, kinds[_i].magic_len, (unsigned char)flag),
			legal ? 0 : refusal);
	}
}
END_TEST

START_TEST(only_points_of_the_curve)
{
	/* The passpoint's prefix, and of x the first byte: x above p. */
	for (unsigned prefix = 0; prefix < 256; prefix++) {
		int rc = prefix == 2 || prefix == 3 ? 0 : KE_BAD_POINT;

		if (rc != 0 && prefix % harness_stride(17) != 0)
			continue;
		ck_assert_int_eq(
			decode_with(INTERMEDIATE, 16, (unsigned char)prefix), rc);
		ck_assert_int_eq(
			decode_with(CONFIRMATION, 18, (unsigned char)prefix), rc);
	}
}
END_TEST

/* An error must not leave half an EPK behind. */
START_TEST(refused_epk_leaves_nothing)
{
	static const struct bip38_epk zero;
	struct bip38_epk epk;
	char bytes[TEXT_SIZE];

	right_text(bytes, EPK);
	bytes[57] = bytes[57] == '1' ? '2' : '1';
	memset(&epk, 0x55, sizeof epk);
	ck_assert_int_eq(bip38_epk_decode(&epk, bytes, BIP38_EPK_LEN), KE_BAD_CHECKSUM);
	ck_assert_mem_eq(&epk, &zero, sizeof epk);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("bip38");
	TCase *all = tcase_create("all");
	int status;

	tcase_add_test(all, codes_agree_in_all_or_not);
	tcase_add_checked_fixture(all, setup, NULL);
	tcase_add_loop_test(
		all, whole_line_comes_round, 0, (int)(sizeof lines / sizeof lines[0]));
	tcase_add_loop_test(all, encrypt_comes_back, 0, 2);
	tcase_add_test(all, encrypt_refuses_what_is_no_key);
	tcase_add_test(all, owner_refuses_bad_arguments);
	tcase_add_test(all, many_intermediate_codes);
	tcase_add_test(all, mint_refuses_bad_input);
	for (int i = 0; i <= BIP38_MANY_MAX; i += (int)harness_stride(5))
		tcase_add_loop_test(all, many_minted, i, i + 1);
	tcase_add_loop_test(all, only_the_exact_length, 0, KINDS);
	tcase_add_loop_test(all, every_one_character_error_is_found, 0, KINDS);
	tcase_add_loop_test(all, every_bit_of_the_magic_counts, 0, KINDS);
	tcase_add_loop_test(all, only_the_legal_flags, 0, KINDS);
	tcase_add_test(all, only_points_of_the_curve);
	tcase_add_test(all, refused_epk_leaves_nothing);
	tcase_set_timeout(all, 600);
	suite_add_tcase(suite, all);
	status = harness_run(suite);
	scrypt_memo_done();
	return status;
}
