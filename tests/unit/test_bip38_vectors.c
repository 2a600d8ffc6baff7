/* SPDX-License-Identifier: MIT */
/*
 * All of tests/vectors/bip38.json, one vector a test (its index is the loop's).
 * Every vector is taken by exactly one kind below; an unknown kind fails.
 */
#include "harness.h"
#include "proto/address.h"
#include "proto/bip38.h"
#include "proto/bip38_key.h"
#include "proto/bip38_mint.h"
#include "proto/bip38_owner.h"
#include "proto/curve.h"
#include "proto/nfc.h"
#include "proto/secret_bytes.h"
#include "proto/wif.h"
#include "scrypt_memo.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

static json_t *vectors;

static const char *
text_of(json_t *vector, const char *name)
{
	return json_string_value(json_object_get(vector, name));
}

static bool
is_light(json_t *vector)
{
	return scrypt_memo_light() && text_of(vector, "passphrase");
}

/* Hex text to bytes; returns how many, 0 when the vector lacks it. */
static size_t
hex_of(unsigned char *out, size_t size, json_t *vector, const char *name)
{
	const char *hex = text_of(vector, name);
	size_t len = hex ? strlen(hex) / 2 : 0;

	ck_assert_uint_le(len, size);
	for (size_t i = 0; i < len; i++) {
		unsigned byte;

		ck_assert_int_eq(sscanf(hex + 2 * i, "%2x", &byte), 1);
		out[i] = (unsigned char)byte;
	}
	return len;
}

static struct secret *
secret_of(const void *bytes, size_t len)
{
	struct secret *s = secret_new(len);

	ck_assert_ptr_nonnull(s);
	ck_assert_int_eq(secret_set(s, bytes, len), 0);
	return s;
}

static struct secret *
passphrase_of(json_t *vector)
{
	json_t *text = json_object_get(vector, "passphrase");

	return secret_of(json_string_value(text), json_string_length(text));
}

static void
assert_secret_text(const struct secret *s, const char *text)
{
	ck_assert_uint_eq(secret_len(s), strlen(text));
	ck_assert_mem_eq(secret_view(s), text, strlen(text));
}

static void
check_nfc(json_t *vector)
{
	unsigned char expected[512];
	struct secret *raw, *normal;
	size_t len;

	if (!text_of(vector, "passphrase_utf8_nfc_hex"))
		return;
	len = hex_of(expected, sizeof expected, vector, "passphrase_utf8_nfc_hex");
	raw = passphrase_of(vector);
	ck_assert_int_eq(nfc_normalize(&normal, raw), 0);
	ck_assert_uint_eq(secret_len(normal), len);
	if (len)
		ck_assert_mem_eq(secret_view(normal), expected, len);
	secret_free(raw);
	secret_free(normal);
}

static void
check_owner(const struct bip38_owner *owner, json_t *vector)
{
	json_t *lot = json_object_get(vector, "lot");
	unsigned char entropy[BIP38_ENTROPY_LEN];

	ck_assert_int_eq(owner->has_lot, json_is_integer(lot));
	if (owner->has_lot) {
		ck_assert_int_eq(bip38_lot(owner), json_integer_value(lot));
		ck_assert_int_eq(bip38_sequence(owner),
			json_integer_value(json_object_get(vector, "sequence")));
	}
	if (hex_of(entropy, sizeof entropy, vector, "owner_entropy"))
		ck_assert_mem_eq(owner->entropy, entropy, sizeof entropy);
}

/* The owner's code: made from the salt, decoded, encoded. */
static void
check_intermediate(json_t *vector)
{
	const char *text = text_of(vector, "intermediate");
	char made[BIP38_INTERMEDIATE_LEN + 1];
	unsigned char salt[BIP38_SALT_LEN];
	struct bip38_intermediate code;
	json_t *lot = json_object_get(vector, "lot");
	struct secret *passphrase;

	ck_assert_int_eq(bip38_intermediate_decode(&code, text, strlen(text)), 0);
	check_owner(&code.owner, vector);
	ck_assert_int_eq(bip38_intermediate_encode(made, &code), 0);
	ck_assert_str_eq(made, text);
	if (is_light(vector) || !hex_of(salt, sizeof salt, vector, "owner_salt"))
		return;
	passphrase = passphrase_of(vector);
	memset(made, 0, sizeof made);
	ck_assert_int_eq(bip38_intermediate_from_salt(made, salt, passphrase,
				 json_is_integer(lot), (uint32_t)json_integer_value(lot),
				 (uint32_t)json_integer_value(
					 json_object_get(vector, "sequence"))),
		0);
	ck_assert_str_eq(made, text);
	secret_free(passphrase);
}

static void
check_pubkey(const unsigned char point[CURVE_POINT_LEN], json_t *vector)
{
	unsigned char expected[CURVE_LONG_POINT_LEN], expanded[CURVE_LONG_POINT_LEN];
	size_t len = hex_of(expected, sizeof expected, vector, "pubkey");

	if (len == CURVE_POINT_LEN)
		ck_assert_mem_eq(point, expected, len);
	if (len == CURVE_LONG_POINT_LEN) {
		ck_assert_int_eq(curve_expand(expanded, point), 0);
		ck_assert_mem_eq(expanded, expected, len);
	}
	if (hex_of(expected, sizeof expected, vector, "pubkey_compressed"))
		ck_assert_mem_eq(point, expected, CURVE_POINT_LEN);
}

/* The printer's side, from seedb to both codes. */
static void
check_mint(json_t *vector)
{
	const char *intermediate = text_of(vector, "intermediate");
	unsigned char seedb[BIP38_SEED_LEN];
	struct bip38_intermediate code;
	struct bip38_minted minted;

	ck_assert_uint_eq(hex_of(seedb, sizeof seedb, vector, "seedb"), sizeof seedb);
	ck_assert_int_eq(
		bip38_intermediate_decode(&code, intermediate, strlen(intermediate)), 0);
	ck_assert_int_eq(bip38_mint_from_seed(&minted, &code, seedb,
				 json_is_true(json_object_get(vector, "compressed"))),
		0);
	assert_secret_text(minted.epk, text_of(vector, "epk"));
	ck_assert_str_eq(minted.confirmation, text_of(vector, "confirmation"));
	ck_assert_str_eq(minted.address, text_of(vector, "address"));
	check_pubkey(minted.pubkey, vector);
	bip38_minted_wipe(&minted);
	ck_assert_ptr_null(minted.epk);
}

static void
check_confirmation(json_t *vector)
{
	const char *text = text_of(vector, "confirmation");
	char made[BIP38_CONFIRMATION_LEN + 1];
	struct bip38_confirmation code;
	struct bip38_confirmed confirmed;
	struct secret *passphrase;

	ck_assert_int_eq(bip38_confirmation_decode(&code, text, strlen(text)), 0);
	ck_assert_int_eq(
		code.compressed, json_is_true(json_object_get(vector, "compressed")));
	check_owner(&code.owner, vector);
	ck_assert_int_eq(bip38_confirmation_encode(made, &code), 0);
	ck_assert_str_eq(made, text);
	if (is_light(vector) || !text_of(vector, "passphrase"))
		return;
	passphrase = passphrase_of(vector);
	ck_assert_int_eq(bip38_confirm(&confirmed, &code, passphrase), 0);
	ck_assert_str_eq(confirmed.address, text_of(vector, "address"));
	check_pubkey(confirmed.pubkey, vector);
	secret_free(passphrase);
}

/* The EPK: decoded, encoded, opened. */
static void
check_epk(json_t *vector)
{
	const char *text = text_of(vector, "epk");
	unsigned char key[BIP38_KEY_LEN];
	struct bip38_opened opened;
	struct bip38_epk epk;
	struct secret *s;

	ck_assert_int_eq(bip38_epk_decode(&epk, text, strlen(text)), 0);
	ck_assert_int_eq(
		epk.compressed, json_is_true(json_object_get(vector, "compressed")));
	if (epk.ec)
		check_owner(&epk.owner, vector);
	ck_assert_int_eq(bip38_epk_encode(&s, &epk), 0);
	assert_secret_text(s, text);
	secret_free(s);
	if (is_light(vector) || !text_of(vector, "passphrase"))
		return;
	s = passphrase_of(vector);
	ck_assert_int_eq(bip38_decrypt(&opened, &epk, s), 0);
	secret_free(s);
	ck_assert_str_eq(opened.address, text_of(vector, "address"));
	ck_assert_int_eq(opened.compressed, epk.compressed);
	ck_assert_uint_eq(hex_of(key, sizeof key, vector, "privkey"), sizeof key);
	ck_assert_uint_eq(secret_len(opened.key), sizeof key);
	ck_assert_mem_eq(secret_view(opened.key), key, sizeof key);
	check_pubkey(opened.pubkey, vector);
	ck_assert_int_eq(wif_encode(&s, opened.key, opened.compressed, WIF_BITCOIN), 0);
	assert_secret_text(s, text_of(vector, "wif"));
	secret_free(s);
	bip38_opened_wipe(&opened);
}

static void
take_ec(json_t *vector)
{
	struct bip38_confirmation confirmation;
	struct bip38_epk epk;

	check_intermediate(vector);
	check_mint(vector);
	check_confirmation(vector);
	check_epk(vector);
	ck_assert_int_eq(
		bip38_epk_decode(&epk, text_of(vector, "epk"), BIP38_EPK_LEN), 0);
	ck_assert_int_eq(bip38_confirmation_decode(&confirmation,
				 text_of(vector, "confirmation"), BIP38_CONFIRMATION_LEN),
		0);
	ck_assert(bip38_epk_agrees(&epk, &confirmation));
	epk.owner.entropy[7] ^= 1;
	ck_assert(!bip38_epk_agrees(&epk, &confirmation));
}

static void
take_create(json_t *vector)
{
	check_mint(vector);
	check_confirmation(vector);
	check_epk(vector);
}

static void
take_confirm(json_t *vector)
{
	struct bip38_intermediate issued;
	struct bip38_confirmation code;
	const char *text = text_of(vector, "intermediate");

	check_confirmation(vector);
	if (!text)
		return;
	check_intermediate(vector);
	ck_assert_int_eq(bip38_intermediate_decode(&issued, text, strlen(text)), 0);
	ck_assert_int_eq(bip38_confirmation_decode(&code, text_of(vector, "confirmation"),
				 BIP38_CONFIRMATION_LEN),
		0);
	ck_assert(bip38_same_owner(&issued.owner, &code.owner));
}

static void
take_nonec(json_t *vector)
{
	unsigned char bytes[BIP38_KEY_LEN];
	struct secret *key, *passphrase, *epk;

	check_epk(vector);
	if (is_light(vector))
		return;
	ck_assert_uint_eq(hex_of(bytes, sizeof bytes, vector, "privkey"), sizeof bytes);
	key = secret_of(bytes, sizeof bytes);
	passphrase = passphrase_of(vector);
	ck_assert_int_eq(
		bip38_encrypt(&epk, key,
			json_is_true(json_object_get(vector, "compressed")), passphrase),
		0);
	assert_secret_text(epk, text_of(vector, "epk"));
	secret_free(key);
	secret_free(passphrase);
	secret_free(epk);
}

/* Decodes and, where a passphrase is given, opens or confirms; the first error. */
static int
try_code(json_t *vector)
{
	const char *epk_text = text_of(vector, "epk");
	const char *confirmation_text = text_of(vector, "confirmation");
	struct secret *passphrase;
	struct bip38_confirmation confirmation;
	struct bip38_confirmed confirmed;
	struct bip38_opened opened;
	struct bip38_epk epk;
	int rc;

	if (epk_text)
		rc = bip38_epk_decode(&epk, epk_text, strlen(epk_text));
	else
		rc = bip38_confirmation_decode(
			&confirmation, confirmation_text, strlen(confirmation_text));
	if (rc != 0)
		return rc;
	if (is_light(vector))
		return KE_WRONG_PASSPHRASE;
	passphrase = passphrase_of(vector);
	if (epk_text)
		rc = bip38_decrypt(&opened, &epk, passphrase);
	else
		rc = bip38_confirm(&confirmed, &confirmation, passphrase);
	secret_free(passphrase);
	return rc;
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
	const char *text = text_of(vector, "intermediate");
	unsigned i = 0;

	ck_assert_str_eq(text_of(vector, "expect"), "reject");
	while (strcmp(reasons[i].note, text_of(vector, "note")) != 0)
		ck_assert_uint_lt(++i, sizeof reasons / sizeof reasons[0]);
	ck_assert_int_eq(text ? bip38_intermediate_decode(&code, text, strlen(text))
			      : try_code(vector),
		reasons[i].error);
}

static void
take_wrong_passphrase(json_t *vector)
{
	ck_assert_int_eq(try_code(vector), KE_WRONG_PASSPHRASE);
}

static void
take_coin_address(json_t *vector)
{
	unsigned char pubkey[CURVE_LONG_POINT_LEN];
	char address[ADDRESS_SIZE];

	if (hex_of(pubkey, sizeof pubkey, vector, "pubkey") == CURVE_LONG_POINT_LEN)
		ck_assert_int_eq(curve_compress(pubkey, pubkey), 0);
	ck_assert_int_eq(
		address_encode(address, sizeof address, text_of(vector, "coin"), pubkey),
		0);
	ck_assert_str_eq(address, text_of(vector, "address"));
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

	while (strcmp(rows[i].coin, text_of(vector, "coin")) != 0)
		ck_assert_uint_lt(++i, sizeof rows / sizeof rows[0]);
	hex_of(bytes, sizeof bytes, vector, "privkey");
	key = secret_of(bytes, sizeof bytes);
	ck_assert_int_eq(wif_encode(&wif, key, true, rows[i].version), 0);
	assert_secret_text(wif, text_of(vector, "wif"));
	secret_free(key);
	secret_free(wif);
}

static const struct {
	const char *kind;
	void (*take)(json_t *vector);
} kinds[] = {
	{"ec", take_ec},
	{"nonec", take_nonec},
	{"intermediate", check_intermediate},
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
	const char *kind = text_of(vector, "kind");
	unsigned i = 0;

	while (strcmp(kinds[i].kind, kind) != 0)
		ck_assert_uint_lt(++i, sizeof kinds / sizeof kinds[0]);
	check_nfc(vector);
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
	const char *srcdir = getenv("srcdir");
	char path[4096];
	int status;

	snprintf(path, sizeof path, "%s/tests/vectors/bip38.json", srcdir ? srcdir : ".");
	vectors = json_load_file(path, JSON_ALLOW_NUL, NULL);
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
