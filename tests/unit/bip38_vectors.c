/* SPDX-License-Identifier: MIT */
#include "bip38_vectors.h"
#include "harness.h"
#include "proto/bip38.h"
#include "proto/bip38_key.h"
#include "proto/bip38_mint.h"
#include "proto/bip38_owner.h"
#include "proto/curve.h"
#include "proto/nfc.h"
#include "proto/secret_bytes.h"
#include "proto/wif.h"
#include "scrypt_memo.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

json_t *
vector_load(void)
{
	const char *srcdir = getenv("srcdir");
	char path[4096];

	snprintf(path, sizeof path, "%s/tests/vectors/bip38.json", srcdir ? srcdir : ".");
	return json_load_file(path, JSON_ALLOW_NUL, NULL);
}

const char *
vector_text(json_t *vector, const char *name)
{
	return json_string_value(json_object_get(vector, name));
}

bool
vector_is_light(json_t *vector)
{
	return harness_light() && vector_text(vector, "passphrase");
}

/* Hex text to bytes; returns how many, 0 when the vector lacks it. */
size_t
vector_hex(unsigned char *out, size_t size, json_t *vector, const char *name)
{
	const char *hex = vector_text(vector, name);
	size_t len = hex ? strlen(hex) / 2 : 0;

	ck_assert_uint_le(len, size);
	for (size_t i = 0; i < len; i++) {
		unsigned byte;

		ck_assert_int_eq(sscanf(hex + 2 * i, "%2x", &byte), 1);
		out[i] = (unsigned char)byte;
	}
	return len;
}

struct secret *
vector_new_secret(const void *bytes, size_t len)
{
	struct secret *s = secret_new(len);

	ck_assert_ptr_nonnull(s);
	ck_assert_int_eq(secret_set(s, bytes, len), 0);
	return s;
}

struct secret *
vector_passphrase(json_t *vector)
{
	json_t *text = json_object_get(vector, "passphrase");

	return vector_new_secret(json_string_value(text), json_string_length(text));
}

void
vector_assert_text(const struct secret *s, const char *text)
{
	ck_assert_uint_eq(secret_len(s), strlen(text));
	ck_assert_mem_eq(secret_view(s), text, strlen(text));
}

void
vector_check_nfc(json_t *vector)
{
	unsigned char expected[512];
	struct secret *raw, *normal;
	size_t len;

	if (!vector_text(vector, "passphrase_utf8_nfc_hex"))
		return;
	len = vector_hex(expected, sizeof expected, vector, "passphrase_utf8_nfc_hex");
	raw = vector_passphrase(vector);
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
	if (vector_hex(entropy, sizeof entropy, vector, "owner_entropy"))
		ck_assert_mem_eq(owner->entropy, entropy, sizeof entropy);
}

/* The owner's code: made from the salt, decoded, encoded. */
void
vector_check_intermediate(json_t *vector)
{
	const char *text = vector_text(vector, "intermediate");
	char made[BIP38_INTERMEDIATE_LEN + 1];
	unsigned char salt[BIP38_SALT_LEN];
	struct bip38_intermediate code;
	json_t *lot = json_object_get(vector, "lot");
	struct secret *passphrase;

	ck_assert_int_eq(bip38_intermediate_decode(&code, text, strlen(text)), 0);
	check_owner(&code.owner, vector);
	ck_assert_int_eq(bip38_intermediate_encode(made, &code), 0);
	ck_assert_str_eq(made, text);
	if (vector_is_light(vector) ||
		!vector_hex(salt, sizeof salt, vector, "owner_salt"))
		return;
	passphrase = vector_passphrase(vector);
	memset(made, 0, sizeof made);
	ck_assert_int_eq(bip38_intermediate_from_salt(made, salt, passphrase,
				 json_is_integer(lot), (uint32_t)json_integer_value(lot),
				 (uint32_t)json_integer_value(
					 json_object_get(vector, "sequence"))),
		0);
	ck_assert_str_eq(made, text);
	secret_free(passphrase);
}

void
vector_check_pubkey(const unsigned char *point, json_t *vector)
{
	unsigned char expected[CURVE_LONG_POINT_LEN], expanded[CURVE_LONG_POINT_LEN];
	size_t len = vector_hex(expected, sizeof expected, vector, "pubkey");

	if (len == CURVE_POINT_LEN)
		ck_assert_mem_eq(point, expected, len);
	if (len == CURVE_LONG_POINT_LEN) {
		ck_assert_int_eq(curve_expand(expanded, point), 0);
		ck_assert_mem_eq(expanded, expected, len);
	}
	if (vector_hex(expected, sizeof expected, vector, "pubkey_compressed"))
		ck_assert_mem_eq(point, expected, CURVE_POINT_LEN);
}

/* The printer's side, from seedb to both codes. */
void
vector_check_mint(json_t *vector)
{
	const char *intermediate = vector_text(vector, "intermediate");
	unsigned char seedb[BIP38_SEED_LEN];
	struct bip38_intermediate code;
	struct bip38_minted minted;

	ck_assert_uint_eq(vector_hex(seedb, sizeof seedb, vector, "seedb"), sizeof seedb);
	ck_assert_int_eq(
		bip38_intermediate_decode(&code, intermediate, strlen(intermediate)), 0);
	ck_assert_int_eq(bip38_mint_from_seed(&minted, &code, seedb,
				 json_is_true(json_object_get(vector, "compressed"))),
		0);
	vector_assert_text(minted.epk, vector_text(vector, "epk"));
	ck_assert_str_eq(minted.confirmation, vector_text(vector, "confirmation"));
	ck_assert_str_eq(minted.address, vector_text(vector, "address"));
	vector_check_pubkey(minted.pubkey, vector);
	bip38_minted_wipe(&minted);
	ck_assert_ptr_null(minted.epk);
}

void
vector_check_confirmation(json_t *vector)
{
	const char *text = vector_text(vector, "confirmation");
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
	if (vector_is_light(vector) || !vector_text(vector, "passphrase"))
		return;
	passphrase = vector_passphrase(vector);
	ck_assert_int_eq(bip38_confirm(&confirmed, &code, passphrase), 0);
	ck_assert_str_eq(confirmed.address, vector_text(vector, "address"));
	vector_check_pubkey(confirmed.pubkey, vector);
	secret_free(passphrase);
}

/* The EPK: decoded, encoded, opened. */
void
vector_check_epk(json_t *vector)
{
	const char *text = vector_text(vector, "epk");
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
	vector_assert_text(s, text);
	secret_free(s);
	if (vector_is_light(vector) || !vector_text(vector, "passphrase"))
		return;
	s = vector_passphrase(vector);
	ck_assert_int_eq(bip38_decrypt(&opened, &epk, s), 0);
	secret_free(s);
	ck_assert_str_eq(opened.address, vector_text(vector, "address"));
	ck_assert_int_eq(opened.compressed, epk.compressed);
	ck_assert_uint_eq(vector_hex(key, sizeof key, vector, "privkey"), sizeof key);
	ck_assert_uint_eq(secret_len(opened.key), sizeof key);
	ck_assert_mem_eq(secret_view(opened.key), key, sizeof key);
	vector_check_pubkey(opened.pubkey, vector);
	ck_assert_int_eq(wif_encode(&s, opened.key, opened.compressed, WIF_BITCOIN), 0);
	vector_assert_text(s, vector_text(vector, "wif"));
	secret_free(s);
	bip38_opened_wipe(&opened);
}

/* Decodes and, where a passphrase is given, opens or confirms; the first error. */
int
vector_try(json_t *vector)
{
	const char *epk_text = vector_text(vector, "epk");
	const char *confirmation_text = vector_text(vector, "confirmation");
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
	if (vector_is_light(vector))
		return KE_WRONG_PASSPHRASE;
	passphrase = vector_passphrase(vector);
	if (epk_text)
		rc = bip38_decrypt(&opened, &epk, passphrase);
	else
		rc = bip38_confirm(&confirmed, &confirmation, passphrase);
	secret_free(passphrase);
	return rc;
}
