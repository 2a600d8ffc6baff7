/* SPDX-License-Identifier: MIT */
#include "counting_rng.h"
#include "harness.h"
#include "proto/address.h"
#include "proto/bip38_mint.h"
#include "proto/bip38_owner.h"
#include "proto/line.h"
#include "proto/secret_bytes.h"
#include "proto/verified.h"
#include "scrypt_memo.h"

#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static const char passphrase_text[] = "7K2M-Q9XA-0ZT4-LB6C-W1EH";
static const char nonce[] = "0123456789abcdef";

/* One good wallet, and a claim that says so. */
static struct secret *passphrase;
static char intermediate[BIP38_INTERMEDIATE_LEN + 1];
static struct bip38_minted minted;
static char segwit[ADDRESS_SIZE];
static struct verified_address addresses[2];
static struct verified_claim claim;

static void
make_wallet(bool compressed)
{
	struct bip38_intermediate code;
	uint64_t state;
	struct rng rng = counting_rng(&state, 38);

	ck_assert_int_eq(
		bip38_intermediate_new(intermediate, &rng, passphrase, true, 0, 0), 0);
	ck_assert_int_eq(
		bip38_intermediate_decode(&code, intermediate, strlen(intermediate)), 0);
	ck_assert_int_eq(bip38_mint(&minted, &code, &rng, compressed), 0);
}

static void
setup(void)
{
	passphrase = secret_new(VERIFIED_TEXT_MAX + 1);
	ck_assert_int_eq(secret_set(passphrase, passphrase_text, 24), 0);
	make_wallet(true);
	ck_assert_int_eq(
		address_encode(segwit, sizeof segwit, "BTC_SEGWIT", minted.pubkey), 0);
	addresses[0] = (struct verified_address){"BTC", minted.address};
	addresses[1] = (struct verified_address){"BTC_SEGWIT", segwit};
	claim = (struct verified_claim){
		.serial = "AA000001K",
		.passphrase = passphrase,
		.intermediate = intermediate,
		.confirmation = minted.confirmation,
		.pubkey = minted.pubkey,
		.addresses = addresses,
		.address_count = 2,
	};
}

static void
teardown(void)
{
	secret_free(passphrase);
	bip38_minted_wipe(&minted);
}

static struct verified *
make_token(void)
{
	struct verified *token;

	ck_assert_int_eq(verified_new(&token, &claim), 0);
	ck_assert_ptr_nonnull(token);
	return token;
}

static void
assert_refused(int error)
{
	struct verified *token = NULL;

	ck_assert_int_eq(verified_new(&token, &claim), error);
	ck_assert_ptr_null(token);
}

START_TEST(right_wallet_becomes_one_load_line)
{
	struct verified *token = make_token();
	struct secret *line;
	const char expected[] = "load 7 kind=plate serial=AA000001K "
				"text=7K2M-Q9XA-0ZT4-LB6C-W1EH nonce=0123456789abcdef "
				"test=1\n";

	ck_assert_str_eq(verified_serial(token), "AA000001K");
	ck_assert_str_eq(verified_sticker_address(token), minted.address);
	ck_assert_int_eq(verified_spend(&line, &token, "7", nonce, true), 0);
	ck_assert_ptr_null(token);
	ck_assert_uint_eq(secret_len(line), strlen(expected));
	ck_assert_mem_eq(secret_view(line), expected, strlen(expected));
	secret_free(line);
	claim.intermediate = NULL;
	token = make_token();
	verified_free(&token);
	ck_assert_ptr_null(token);
}
END_TEST

START_TEST(wrong_passphrase)
{
	ck_assert_int_eq(secret_set(passphrase, "7K2M-Q9XA-0ZT4-LB6C-W1EI", 24), 0);
	assert_refused(KE_WRONG_PASSPHRASE);
}
END_TEST

START_TEST(swapped_address)
{
	addresses[1].address = minted.address;
	assert_refused(KE_MISMATCH_ADDRESS);
}
END_TEST

START_TEST(any_altered_address)
{
	char altered[ADDRESS_SIZE];
	size_t last = strlen(segwit) - 1;

	strcpy(altered, segwit);
	altered[last] = altered[last] == 'q' ? 'p' : 'q';
	addresses[1].address = altered;
	assert_refused(KE_MISMATCH_ADDRESS);
	altered[last] = '\0';
	assert_refused(KE_MISMATCH_ADDRESS);
	addresses[1].address = "";
	assert_refused(KE_MISMATCH_ADDRESS);
}
END_TEST

START_TEST(unknown_coin)
{
	addresses[1].coin = "NOPE";
	assert_refused(KE_UNKNOWN_COIN);
}
END_TEST

START_TEST(another_public_key)
{
	unsigned char other[VERIFIED_PUBKEY_LEN];

	memcpy(other, minted.pubkey, sizeof other);
	other[0] ^= 1;
	claim.pubkey = other;
	assert_refused(KE_MISMATCH_PUBKEY);
}
END_TEST

/* The same passphrase under another salt: the code was not made from what was issued. */
START_TEST(another_intermediate_code)
{
	char other[BIP38_INTERMEDIATE_LEN + 1];

	ck_assert_int_eq(bip38_intermediate_from_salt(other,
				 (const unsigned char *)"salt", passphrase, true, 0, 1),
		0);
	claim.intermediate = other;
	assert_refused(KE_MISMATCH_OWNER);
}
END_TEST

/* Same entropy and lot, another passphrase: only the passpoint tells. */
START_TEST(intermediate_code_of_another_passphrase)
{
	struct bip38_intermediate code;
	char other[BIP38_INTERMEDIATE_LEN + 1];

	ck_assert_int_eq(
		bip38_intermediate_decode(&code, intermediate, strlen(intermediate)), 0);
	code.passpoint[0] ^= 1;
	ck_assert_int_eq(bip38_intermediate_encode(other, &code), 0);
	claim.intermediate = other;
	assert_refused(KE_MISMATCH_OWNER);
}
END_TEST

START_TEST(not_compressed)
{
	bip38_minted_wipe(&minted);
	make_wallet(false);
	assert_refused(KE_NOT_COMPRESSED);
}
END_TEST

START_TEST(broken_codes)
{
	minted.confirmation[20] = minted.confirmation[20] == '2' ? '3' : '2';
	assert_refused(KE_BAD_CHECKSUM);
	claim.confirmation = "cfrm38V";
	assert_refused(KE_BAD_LENGTH);
	claim.confirmation = "";
	assert_refused(KE_BAD_LENGTH);
}
END_TEST

START_TEST(texts_that_cannot_be_etched)
{
	static const struct {
		const char *bytes;
		size_t len;
	} texts[] = {{"", 0}, {"A\nB", 3}, {"A\0B", 3}, {"caf\xc3\xa9", 5}, {"A\x7f", 2},
		{"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
			VERIFIED_TEXT_MAX + 1}};

	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		ck_assert_int_eq(secret_set(passphrase, texts[i].bytes, texts[i].len), 0);
		assert_refused(KE_BAD_ARGUMENT);
	}
}
END_TEST

START_TEST(bad_serials_and_no_address)
{
	claim.serial = "";
	assert_refused(KE_BAD_SERIAL);
	claim.serial = "AA0000000000000000000";
	assert_refused(KE_BAD_SERIAL);
	claim.serial = "AA 00";
	assert_refused(KE_BAD_SERIAL);
	claim.serial = "AA000001K";
	claim.address_count = 0;
	assert_refused(KE_BAD_ARGUMENT);
}
END_TEST

/* More than are done at once, good ones among bad: each gets its own answer. */
START_TEST(many_claims)
{
	enum { MANY = 37 };
	static const char *const serials[] = {"AA000001K", "", "AA000002K"};
	struct verified_claim claims[MANY];
	struct verified_result results[MANY];
	struct secret *wrong = secret_new(VERIFIED_TEXT_MAX);

	ck_assert_int_eq(secret_set(wrong, "7K2M-Q9XA-0ZT4-LB6C-W1EI", 24), 0);
	for (size_t i = 0; i < MANY; i++) {
		claims[i] = claim;
		claims[i].serial = serials[i % 3];
		if (i % 5 == 4)
			claims[i].passphrase = wrong;
	}
	verified_new_many(results, claims, MANY);
	for (size_t i = 0; i < MANY; i++) {
		int error = i % 3 == 1   ? KE_BAD_SERIAL
			    : i % 5 == 4 ? KE_WRONG_PASSPHRASE
					 : 0;

		ck_assert_int_eq(results[i].error, error);
		ck_assert_int_eq(results[i].token != NULL, error == 0);
		if (error == 0)
			ck_assert_str_eq(verified_serial(results[i].token), serials[i % 3]);
		verified_free(&results[i].token);
	}
	secret_free(wrong);
}
END_TEST

enum { THREADS = 4, ROUNDS = 50 };

static void *
verify_and_spend_often(void *arg)
{
	for (unsigned i = 0; i < ROUNDS; i += harness_stride(5)) {
		struct verified *token;
		struct secret *line;

		if (verified_new(&token, &claim) != 0 ||
			strcmp(verified_serial(token), claim.serial) != 0)
			return NULL;
		if (i % 2)
			verified_free(&token);
		else if (verified_spend(&line, &token, "7", nonce, false) == 0)
			secret_free(line);
		else
			return NULL;
	}
	return arg;
}

/* Workers verify at the same time; under ThreadSanitizer this says more. */
START_TEST(threads_do_not_mix)
{
	struct verified *first = make_token();
	pthread_t threads[THREADS];
	char done;

	for (unsigned i = 0; i < THREADS; i++)
		ck_assert_int_eq(
			pthread_create(&threads[i], NULL, verify_and_spend_often, &done),
			0);
	for (unsigned i = 0; i < THREADS; i++) {
		void *result = NULL;

		ck_assert_int_eq(pthread_join(threads[i], &result), 0);
		ck_assert_ptr_eq(result, &done);
	}
	ck_assert_str_eq(verified_serial(first), claim.serial);
	verified_free(&first);
}
END_TEST

START_TEST(store_is_bounded_and_reused)
{
	struct verified *tokens[VERIFIED_TOKENS_MAX];

	for (unsigned round = 0; round < 2; round += harness_stride(2)) {
		for (unsigned i = 0; i < VERIFIED_TOKENS_MAX; i++)
			tokens[i] = make_token();
		assert_refused(KE_NO_MEMORY);
		for (unsigned i = 0; i < VERIFIED_TOKENS_MAX; i++)
			verified_free(&tokens[i]);
	}
}
END_TEST

/* Even an error of the caller spends the token. */
START_TEST(bad_job_or_nonce_spends_too)
{
	static const struct {
		const char *job, *nonce;
	} rows[] = {
		{"a b", nonce},
		{"", nonce},
		{"7", "0123456789abcde"},
		{"7", "0123456789abcdeg"},
		{"7", "0123456789abcdef0"},
	};

	for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct verified *token = make_token();
		struct secret *line = NULL;

		ck_assert_int_eq(
			verified_spend(&line, &token, rows[i].job, rows[i].nonce, false),
			KE_BAD_ARGUMENT);
		ck_assert_ptr_null(token);
		ck_assert_ptr_null(line);
	}
}
END_TEST

static void
spend_stale(struct verified *token)
{
	struct secret *line;

	if (verified_spend(&line, &token, "7", nonce, false) != 0)
		_exit(2);
}

static void
free_stale(struct verified *token)
{
	verified_free(&token);
}

static void
look_at_stale(struct verified *token)
{
	if (verified_serial(token)[0] == '\0')
		_exit(2);
}

/* Whether use(token) ends the process by abort(). */
static bool
aborts(void (*use)(struct verified *), struct verified *token)
{
	pid_t child = fork();
	int status;

	ck_assert_int_ge(child, 0);
	if (child == 0) {
		struct rlimit none = {0, 0};

		setrlimit(RLIMIT_CORE, &none);
		signal(SIGABRT, SIG_DFL);
		use(token);
		_exit(0);
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

static void (*const uses[])(struct verified *) = {spend_stale, free_stale, look_at_stale};

START_TEST(token_spent_twice_aborts)
{
	struct verified *token = make_token(), *copy = token, *other;
	struct secret *line;

	ck_assert(!aborts(uses[_i], copy));
	ck_assert_int_eq(verified_spend(&line, &token, "7", nonce, false), 0);
	secret_free(line);
	ck_assert(aborts(uses[_i], copy));
	/* Also when another token has taken its place. */
	other = make_token();
	ck_assert(aborts(uses[_i], copy));
	ck_assert(!aborts(uses[_i], other));
	verified_free(&other);
}
END_TEST

START_TEST(freed_token_aborts)
{
	struct verified *token = make_token(), *copy = token;

	verified_free(&token);
	verified_free(&token);
	ck_assert(aborts(uses[_i], copy));
}
END_TEST

/* An invented pointer and NULL are no tokens either. */
START_TEST(invented_token_aborts)
{
	ck_assert(aborts(spend_stale, NULL));
	ck_assert(aborts(spend_stale, (struct verified *)&claim));
	ck_assert(aborts(look_at_stale, NULL));
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("verified");
	TCase *all = tcase_create("all");

	tcase_add_checked_fixture(all, setup, teardown);
	tcase_add_test(all, right_wallet_becomes_one_load_line);
	tcase_add_test(all, wrong_passphrase);
	tcase_add_test(all, swapped_address);
	tcase_add_test(all, any_altered_address);
	tcase_add_test(all, unknown_coin);
	tcase_add_test(all, another_public_key);
	tcase_add_test(all, another_intermediate_code);
	tcase_add_test(all, intermediate_code_of_another_passphrase);
	tcase_add_test(all, not_compressed);
	tcase_add_test(all, broken_codes);
	tcase_add_test(all, texts_that_cannot_be_etched);
	tcase_add_test(all, bad_serials_and_no_address);
	tcase_add_test(all, many_claims);
	tcase_add_test(all, threads_do_not_mix);
	tcase_add_test(all, store_is_bounded_and_reused);
	tcase_add_test(all, bad_job_or_nonce_spends_too);
	tcase_add_loop_test(all, token_spent_twice_aborts, 0, 3);
	tcase_add_loop_test(all, freed_token_aborts, 0, 3);
	tcase_add_test(all, invented_token_aborts);
	tcase_set_timeout(all, 600);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}
