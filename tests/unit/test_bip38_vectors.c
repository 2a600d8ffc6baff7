/* SPDX-License-Identifier: MIT */
/*
 * All of tests/vectors/bip38.json, one vector a test (its index is the loop's).
 * Every vector is taken by exactly one kind below; an unknown kind fails.
 */
#include "bip38_vectors.h"
#include "harness.h"
#include "proto/address.h"
#include "proto/bip38.h"
#include "proto/bip38_key.h"
#include "proto/curve.h"
#include "proto/wif.h"
#include "scrypt_memo.h"

#include <string.h>

static json_t *vectors;

static void
take_ec(json_t *vector)
{
	struct bip38_confirmation confirmation;
	struct bip38_epk epk;

	vector_check_intermediate(vector);
	vector_check_mint(vector);
	vector_check_confirmation(vector);
	vector_check_epk(vector);
	ck_assert_int_eq(
		bip38_epk_decode(&epk, vector_text(vector, "epk"), BIP38_EPK_LEN), 0);
	ck_assert_int_eq(
		bip38_confirmation_decode(&confirmation,
			vector_text(vector, "confirmation"), BIP38_CONFIRMATION_LEN),
		0);
	ck_assert(bip38_epk_agrees(&epk, &confirmation));
	epk.owner.entropy[7] ^= 1;
	ck_assert(!bip38_epk_agrees(&epk, &confirmation));
}

static void
take_create(json_t *vector)
{
	vector_check_mint(vector);
	vector_check_confirmation(vector);
	vector_check_epk(vector);
}

static void
take_confirm(json_t *vector)
{
	struct bip38_intermediate issued;
	struct bip38_confirmation code;
	const char *text = vector_text(vector, "intermediate");

	vector_check_confirmation(vector);
	if (!text)
		return;
	vector_check_intermediate(vector);
	ck_assert_int_eq(bip38_intermediate_decode(&issued, text, strlen(text)), 0);
	ck_assert_int_eq(
		bip38_confirmation_decode(&code, vector_text(vector, "confirmation"),
			BIP38_CONFIRMATION_LEN),
		0);
	ck_assert(bip38_same_owner(&issued.owner, &code.owner));
}

static void
take_nonec(json_t *vector)
{
	unsigned char bytes[BIP38_KEY_LEN];
	struct secret *key, *passphrase, *epk;

	vector_check_epk(vector);
	if (vector_is_light(vector))
		return;
	ck_assert_uint_eq(
		vector_hex(bytes, sizeof bytes, vector, "privkey"), sizeof bytes);
	key = vector_new_secret(bytes, sizeof bytes);
	passphrase = vector_passphrase(vector);
	ck_assert_int_eq(
		bip38_encrypt(&epk, key,
			json_is_true(json_object_get(vector, "compressed")), passphrase),
		0);
	vector_assert_text(epk, vector_text(vector, "epk"));
	secret_free(key);
	secret_free(passphrase);
	secret_free(epk);
}

/* Why each bad vector is refused, by its note. */
static const struct {
	const char *note;
	int error;
} reasons[] = {
	{"corrupted encryptedpart1 (checksum valid)", KE_WRONG_PASSPHRASE},
	{"bad base58 checksum", KE_BAD_CHECKSUM},
	{"invalid passpoint/magic", KE_BAD_POINT},
	{"an intermediate code given as a confirmation code", KE_BAD_LENGTH},
	{"invalid pointbprefix (checksum valid)", KE_BAD_POINT},
	{"wrong addresshash (checksum valid)", KE_WRONG_PASSPHRASE},
	{"flag 0xff", KE_RESERVED_FLAG},
	{"wrong addresshash uncompressed", KE_WRONG_PASSPHRASE},
	{"wrong addresshash compressed", KE_WRONG_PASSPHRASE},
	{"invalid length", KE_BAD_LENGTH},
	{"Invalid base58 checksum", KE_BAD_CHECKSUM},
	{"Length > 39", KE_BAD_LENGTH},
	{"Length < 39", KE_BAD_LENGTH},
	{"prefix !== 0x01", KE_BAD_MAGIC},
	{"type 0x01", KE_BAD_MAGIC},
	{"checksum", KE_BAD_CHECKSUM},
	{"base58 alphabet", KE_BAD_CHARACTER},
	{"length", KE_BAD_LENGTH},
	{"prefix", KE_BAD_MAGIC},
	{"flagbyte", KE_RESERVED_FLAG},
	{"addresshash (passphrase \"\")", KE_WRONG_PASSPHRASE},
	{"magic", KE_BAD_MAGIC},
	{"checksum (last char)", KE_BAD_CHECKSUM},
	{"magic ...52", KE_BAD_MAGIC},
	{"passpoint x >= p", KE_BAD_POINT},
	{"passpoint prefix 00 (all zero point)", KE_BAD_POINT},
	{"50-byte payload", KE_BAD_LENGTH},
	{"leading 1", KE_BAD_LENGTH},
	{"transposed characters", KE_BAD_CHECKSUM},
	{"last character changed (Ballet cryptojs-lib accepts: it never checks the "
	 "checksum)",
		KE_BAD_CHECKSUM},
	{"reserved flag 0x08 set (checksum valid)", KE_RESERVED_FLAG},
	{"reserved flag 0x01 set", KE_RESERVED_FLAG},
	{"compressed bit cleared (addresshash no longer fits)", KE_WRONG_PASSPHRASE},
	{"pointbprefix 04", KE_BAD_POINT},
	{"addresshash changed", KE_WRONG_PASSPHRASE},
	{"owner salt changed", KE_WRONG_PASSPHRASE},
	{"52-byte payload", KE_BAD_LENGTH},
	{"an intermediate code given as confirmation code", KE_BAD_LENGTH},
	{"last character changed", KE_BAD_CHECKSUM},
	{"flag 0xe4 with EC prefix", KE_RESERVED_FLAG},
	{"compressed bit cleared", KE_WRONG_PASSPHRASE},
	{"a confirmation code given as EPK", KE_BAD_LENGTH},
};

static void
take_invalid(json_t *vector)
{
	struct bip38_intermediate code;
	const char *text = vector_text(vector, "intermediate");
	unsigned i = 0;

	ck_assert_str_eq(vector_text(vector, "expect"), "reject");
	while (strcmp(reasons[i].note, vector_text(vector, "note")) != 0)
		ck_assert_uint_lt(++i, sizeof reasons / sizeof reasons[0]);
	ck_assert_int_eq(text ? bip38_intermediate_decode(&code, text, strlen(text))
			      : vector_try(vector),
		reasons[i].error);
}

static void
take_wrong_passphrase(json_t *vector)
{
	ck_assert_int_eq(vector_try(vector), KE_WRONG_PASSPHRASE);
}

static void
take_coin_address(json_t *vector)
{
	unsigned char pubkey[CURVE_LONG_POINT_LEN];
	char address[ADDRESS_SIZE];

	if (vector_hex(pubkey, sizeof pubkey, vector, "pubkey") == CURVE_LONG_POINT_LEN)
		ck_assert_int_eq(curve_compress(pubkey, pubkey), 0);
	ck_assert_int_eq(address_encode(address, sizeof address,
				 vector_text(vector, "coin"), pubkey),
		0);
	ck_assert_str_eq(address, vector_text(vector, "address"));
}

static void
take_coin_wif(json_t *vector)
{
	static const struct {
		const char *coin;
		unsigned char version;
	} rows[] = {{"BTC", WIF_BITCOIN}, {"ZEC", 0x80}, {"LTC", 0xb0}, {"DOGE", 0x9e},
		{"DASH", 0xcc}};
	unsigned char bytes[BIP38_KEY_LEN];
	struct secret *key, *wif;
	unsigned i = 0;

	while (strcmp(rows[i].coin, vector_text(vector, "coin")) != 0)
		ck_assert_uint_lt(++i, sizeof rows / sizeof rows[0]);
	vector_hex(bytes, sizeof bytes, vector, "privkey");
	key = vector_new_secret(bytes, sizeof bytes);
	ck_assert_int_eq(wif_encode(&wif, key, true, rows[i].version), 0);
	vector_assert_text(wif, vector_text(vector, "wif"));
	secret_free(key);
	secret_free(wif);
}

static const struct {
	const char *kind;
	void (*take)(json_t *vector);
} kinds[] = {
	{"ec", take_ec},
	{"nonec", take_nonec},
	{"intermediate", vector_check_intermediate},
	{"create", take_create},
	{"confirm", take_confirm},
	{"invalid-epk", take_invalid},
	{"invalid-intermediate", take_invalid},
	{"invalid-confirmation", take_invalid},
	{"wrong-passphrase", take_wrong_passphrase},
	/* A testnet code looks like a mainnet one under a wrong passphrase. */
	{"testnet-nonec", take_wrong_passphrase},
	{"testnet-ec", take_wrong_passphrase},
	{"coin-address", take_coin_address},
	{"coin-wif", take_coin_wif},
};

START_TEST(vector_holds)
{
	json_t *vector = json_array_get(vectors, (size_t)_i);
	const char *kind = vector_text(vector, "kind");
	unsigned i = 0;

	while (strcmp(kinds[i].kind, kind) != 0)
		ck_assert_uint_lt(++i, sizeof kinds / sizeof kinds[0]);
	vector_check_nfc(vector);
	kinds[i].take(vector);
}
END_TEST

START_TEST(all_vectors_are_there)
{
	ck_assert_uint_eq(json_array_size(vectors), 169);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("bip38_vectors");
	TCase *all = tcase_create("all");
	int status;

	vectors = vector_load();
	tcase_add_test(all, all_vectors_are_there);
	tcase_add_loop_test(all, vector_holds, 0, (int)json_array_size(vectors));
	/* Heavy scrypts under a sanitizer on a busy machine. */
	tcase_set_timeout(all, 600);
	suite_add_tcase(suite, all);
	status = harness_run(suite);
	scrypt_memo_done();
	json_decref(vectors);
	return status;
}
