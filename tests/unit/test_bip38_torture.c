/* SPDX-License-Identifier: MIT */
/*
 * Every call that can fail is made to fail, one after the other, in everything
 * that BIP38 and the verifier do: each must say so, give nothing out and leave
 * nothing behind.  Linked with --wrap for each function below.
 */
#include "counting_rng.h"
#include "harness.h"
#include "proto/aes.h"
#include "proto/bip38.h"
#include "proto/bip38_key.h"
#include "proto/bip38_mint.h"
#include "proto/bip38_owner.h"
#include "proto/hash.h"
#include "proto/line.h"
#include "proto/scrypt.h"
#include "proto/secret_bytes.h"
#include "proto/verified.h"
#include "proto/wif.h"

#include <openssl/crypto.h>
#include <string.h>

/* Which call fails, counted from 0; and how many there were. */
static unsigned failing, calls;
static bool armed;

/* Builds for sanitizers and valgrind have their secrets on the ordinary heap. */
static size_t
secure_used(void)
{
	return CRYPTO_secure_malloc_initialized() ? CRYPTO_secure_used() : 0;
}

static bool
fails(void)
{
	return armed && calls++ == failing;
}

struct secret *__real_secret_new(size_t capacity);
struct secret *__wrap_secret_new(size_t capacity);

struct secret *
__wrap_secret_new(size_t capacity)
{
	return fails() ? NULL : __real_secret_new(capacity);
}

/* A cheap scrypt: these are no vectors. */
int __real_scrypt_derive(unsigned char *out, size_t out_len, const unsigned char *pass,
	size_t pass_len, const unsigned char *salt, size_t salt_len, uint64_t n,
	uint32_t r, uint32_t p);
int __wrap_scrypt_derive(unsigned char *out, size_t out_len, const unsigned char *pass,
	size_t pass_len, const unsigned char *salt, size_t salt_len, uint64_t n,
	uint32_t r, uint32_t p);

int
__wrap_scrypt_derive(unsigned char *out, size_t out_len, const unsigned char *pass,
	size_t pass_len, const unsigned char *salt, size_t salt_len, uint64_t n,
	uint32_t r, uint32_t p)
{
	(void)n;
	return fails() ? KE_CRYPTO
		       : __real_scrypt_derive(
				 out, out_len, pass, pass_len, salt, salt_len, 2, r, p);
}

int __wrap_scrypt_derive_many(
	const struct scrypt_job *jobs, size_t count, uint64_t n, uint32_t r, uint32_t p);

int
__wrap_scrypt_derive_many(
	const struct scrypt_job *jobs, size_t count, uint64_t n, uint32_t r, uint32_t p)
{
	int rc = fails() ? KE_CRYPTO : 0;

	(void)n;
	for (size_t i = 0; rc == 0 && i < count; i++)
		rc = __real_scrypt_derive(jobs[i].out, jobs[i].out_len, jobs[i].pass,
			jobs[i].pass_len, jobs[i].salt, jobs[i].salt_len, 2, r, p);
	return rc;
}

#define WRAP(name, parameters, arguments)                             \
	int __real_##name parameters;                                 \
	int __wrap_##name parameters;                                 \
	int __wrap_##name parameters                                  \
	{                                                             \
		return fails() ? KE_CRYPTO : __real_##name arguments; \
	}

WRAP(hash_sha256d, (unsigned char *out, const void *in, size_t len), (out, in, len))
WRAP(hash_160, (unsigned char *out, const void *in, size_t len), (out, in, len))
WRAP(aes_encrypt,
	(unsigned char *out, const unsigned char *in, size_t len,
		const unsigned char *key),
	(out, in, len, key))
WRAP(aes_decrypt,
	(unsigned char *out, const unsigned char *in, size_t len,
		const unsigned char *key),
	(out, in, len, key))

/* A wallet made without failures. */
static struct secret *passphrase, *key;
static char intermediate[BIP38_INTERMEDIATE_LEN + 1];
static struct bip38_intermediate code;
static struct bip38_minted minted;
static struct bip38_confirmation confirmation;
static struct bip38_epk epk;
static struct rng rng;
static uint64_t rng_state;

static void
setup(void)
{
	armed = false;
	rng = counting_rng(&rng_state, 5);
	passphrase = secret_new(8);
	key = secret_new(BIP38_KEY_LEN);
	ck_assert_int_eq(secret_set(passphrase, "ABC-123", 7), 0);
	memset(secret_bytes(key), 7, BIP38_KEY_LEN);
	ck_assert_int_eq(secret_set_len(key, BIP38_KEY_LEN), 0);
	ck_assert_int_eq(
		bip38_intermediate_new(intermediate, &rng, passphrase, true, 1, 1), 0);
	ck_assert_int_eq(
		bip38_intermediate_decode(&code, intermediate, strlen(intermediate)), 0);
	ck_assert_int_eq(bip38_mint(&minted, &code, &rng, true), 0);
	ck_assert_int_eq(bip38_confirmation_decode(&confirmation, minted.confirmation,
				 BIP38_CONFIRMATION_LEN),
		0);
	ck_assert_int_eq(bip38_epk_decode_secret(&epk, minted.epk), 0);
}

static void
teardown(void)
{
	armed = false;
	secret_free(passphrase);
	secret_free(key);
	bip38_minted_wipe(&minted);
}

/* Each takes one step, checks that a failure gave nothing out, and returns its result. */
static int
step_intermediate(void)
{
	char text[BIP38_INTERMEDIATE_LEN + 1];

	return bip38_intermediate_new(text, &rng, passphrase, true, 1, 1);
}

static int
step_mint(void)
{
	struct bip38_minted out;
	int rc = bip38_mint(&out, &code, &rng, true);

	if (rc != 0)
		ck_assert(!out.epk && !out.address[0] && !out.confirmation[0]);
	bip38_minted_wipe(&out);
	return rc;
}

static int
step_confirm(void)
{
	static const struct bip38_confirmed zero;
	struct bip38_confirmed out;
	int rc = bip38_confirm(&out, &confirmation, passphrase);

	if (rc != 0)
		ck_assert_mem_eq(&out, &zero, sizeof out);
	return rc;
}

static int
step_decrypt(void)
{
	struct bip38_opened out;
	int rc = bip38_decrypt(&out, &epk, passphrase);

	if (rc != 0)
		ck_assert(!out.key && !out.address[0]);
	bip38_opened_wipe(&out);
	return rc;
}

static int
step_encrypt(void)
{
	struct secret *out;
	int rc = bip38_encrypt(&out, key, true, passphrase);

	ck_assert_int_eq(rc == 0, out != NULL);
	secret_free(out);
	return rc;
}

static int
step_decrypt_plain(void)
{
	struct bip38_epk plain = {.compressed = true};
	struct bip38_opened out;
	int rc = bip38_decrypt(&out, &plain, passphrase);

	ck_assert_int_ne(rc, 0);
	ck_assert_ptr_null(out.key);
	return rc == KE_WRONG_PASSPHRASE ? 0 : rc;
}

static int
step_wif(void)
{
	struct secret *out;
	int rc = wif_encode(&out, key, true, WIF_BITCOIN);

	ck_assert_int_eq(rc == 0, out != NULL);
	secret_free(out);
	return rc;
}

static int
step_verify_and_spend(void)
{
	const struct verified_address address = {"BTC", minted.address};
	const struct verified_claim claim = {
		.serial = "A1",
		.passphrase = passphrase,
		.intermediate = intermediate,
		.confirmation = minted.confirmation,
		.pubkey = minted.pubkey,
		.addresses = &address,
		.address_count = 1,
	};
	struct verified *token;
	struct secret *line = NULL;
	int rc = verified_new(&token, &claim);

	ck_assert_int_eq(rc == 0, token != NULL);
	if (rc != 0)
		return rc;
	rc = verified_spend(&line, &token, "1", "0123456789abcdef", false);
	ck_assert_ptr_null(token);
	ck_assert_int_eq(rc == 0, line != NULL);
	secret_free(line);
	return rc;
}

/* The first of several that failed; the others are as good as without it. */
static int
step_intermediate_many(void)
{
	char texts[3][BIP38_INTERMEDIATE_LEN + 1] = {{0}};
	struct bip38_issue wallets[3];
	int rc = 0;

	for (size_t i = 0; i < 3; i++)
		wallets[i] =
			(struct bip38_issue){texts[i], passphrase, i > 0, 1, 1, KE_IO};
	bip38_intermediate_new_many(wallets, 3, &rng);
	for (size_t i = 0; i < 3; i++) {
		ck_assert_int_eq(wallets[i].error == 0,
			strlen(texts[i]) == BIP38_INTERMEDIATE_LEN);
		rc = rc ? rc : wallets[i].error;
	}
	return rc;
}

static int
step_mint_many(void)
{
	struct bip38_minted out[5];
	struct bip38_mint wallets[5];
	int rc = 0;

	for (size_t i = 0; i < 5; i++)
		wallets[i] = (struct bip38_mint){&out[i], &code, KE_IO};
	bip38_mint_many(wallets, 5, &rng, true);
	for (size_t i = 0; i < 5; i++) {
		ck_assert_int_eq(wallets[i].error == 0, out[i].epk != NULL);
		ck_assert_int_eq(wallets[i].error == 0, out[i].confirmation[0] != '\0');
		bip38_minted_wipe(&out[i]);
		rc = rc ? rc : wallets[i].error;
	}
	return rc;
}

static int
step_verify_many(void)
{
	const struct verified_address address = {"BTC", minted.address};
	const struct verified_claim claim = {
		.serial = "A1",
		.passphrase = passphrase,
		.intermediate = intermediate,
		.confirmation = minted.confirmation,
		.pubkey = minted.pubkey,
		.addresses = &address,
		.address_count = 1,
	};
	const struct verified_claim claims[] = {claim, claim, claim};
	struct verified_result results[3];
	int rc = 0;

	verified_new_many(results, claims, 3);
	for (size_t i = 0; i < 3; i++) {
		ck_assert_int_eq(results[i].error == 0, results[i].token != NULL);
		verified_free(&results[i].token);
		rc = rc ? rc : results[i].error;
	}
	return rc;
}

static int
step_line_digest(void)
{
	unsigned char digest[LINE_DIGEST_LEN];
	struct secret *built;
	struct line_builder b;
	bool was = armed;
	int rc;

	armed = false;
	built = secret_new(64);
	armed = was;
	line_begin(&b, built, "load", "1");
	ck_assert_int_gt(line_end(&b), 0);
	rc = line_digest_built(digest, built);
	secret_free(built);
	return rc;
}

static const struct {
	int (*step)(void);
	/* How many calls of it can fail, at least. */
	unsigned at_least;
} steps[] = {
	{step_intermediate, 5},
	{step_mint, 10},
	{step_confirm, 7},
	{step_decrypt, 10},
	{step_encrypt, 8},
	{step_decrypt_plain, 4},
	{step_wif, 2},
	{step_verify_and_spend, 12},
	{step_intermediate_many, 10},
	{step_mint_many, 40},
	{step_verify_many, 25},
	{step_line_digest, 1},
};

START_TEST(every_failure_is_told)
{
	for (failing = 0;; failing++) {
		size_t used = secure_used();
		int rc;

		calls = 0;
		armed = true;
		rc = steps[_i].step();
		armed = false;
		/* Nothing of the locked heap stays taken. */
		ck_assert_uint_eq(secure_used(), used);
		if (calls <= failing) {
			ck_assert_int_eq(rc, 0);
			break;
		}
		ck_assert_msg(rc == KE_NO_MEMORY || rc == KE_CRYPTO, "failure %u gave %d",
			failing, rc);
	}
	ck_assert_uint_ge(failing, steps[_i].at_least);
}
END_TEST

/* So often that a token or slot lost on the way would show. */
START_TEST(failures_lose_no_tokens)
{
	for (unsigned round = 0; round < 4 * VERIFIED_TOKENS_MAX; round += harness_stride(3)) {
		failing = round % 40;
		calls = 0;
		armed = true;
		(void)!step_verify_and_spend();
		armed = false;
	}
	ck_assert_int_eq(step_verify_and_spend(), 0);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("bip38_torture");
	TCase *all = tcase_create("all");

	tcase_add_checked_fixture(all, setup, teardown);
	tcase_add_loop_test(
		all, every_failure_is_told, 0, (int)(sizeof steps / sizeof steps[0]));
	tcase_add_test(all, failures_lose_no_tokens);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}
