/* SPDX-License-Identifier: MIT */
/*
 * bench/wallet WORK ROUNDS: what a wallet costs, in ms of one core.  WORK is
 *
 *	check  the confirmation check as before each etch (proto/verified.h): as many
 *	       wallets at once as in a batch, and one alone
 *	issue  an intermediate code from a new passphrase, the same
 *	mint   EPK, confirmation code, public key and the addresses of three coins,
 *sixteen wallets at once; `sealed' with both rows sealed; `bound' the work of
 *	       libsecp256k1, AES and scrypt alone that is in it
 *	cores  the check on the wall's clock, by one thread and by one a core
 *
 * Each is done with scrypt by the product and by each peer (bench/peer.h).
 */
#define _POSIX_C_SOURCE 200809L
#include "bench/figure.h"
#include "bench/peer.h"
#include "proto/address.h"
#include "proto/aes.h"
#include "proto/batch_row.h"
#include "proto/bip38_mint.h"
#include "proto/bip38_owner.h"
#include "proto/cms_seal.h"
#include "proto/curve.h"
#include "proto/passphrase.h"
#include "proto/scrypt_scratch.h"
#include "proto/verified.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ROUNDS_MAX = 1000, THREADS_MAX = 64, PAIR = 2, AT_ONCE = BIP38_MANY_MAX };
/* Wallets a round: long enough for a clock, short enough for many rounds. */
enum { MINT_RUNS = 8, CORES_RUNS = 4 };

static const char usage[] = "bench/wallet check|issue|mint|cores ROUNDS";
static const char *const coins[] = {"BTC", "ETH", "LTC"};
enum { COINS = sizeof coins / sizeof coins[0] };

/* A wallet as both countries have made it. */
struct wallet {
	struct secret *passphrase;
	char intermediate[BIP38_INTERMEDIATE_LEN + 1];
	struct bip38_intermediate code;
	struct bip38_minted minted;
	char addresses[COINS][ADDRESS_SIZE];
	struct verified_address claimed[COINS];
};

static struct wallet wallets[AT_ONCE];
static struct rng rng;

static void
make_passphrase(struct secret **out)
{
	struct passphrase_alphabet alphabet;

	figure_must(passphrase_alphabet_compile(&alphabet, PASSPHRASE_ALPHABET_DEFAULT),
		"alphabet");
	*out = secret_new(PASSPHRASE_LEN);
	figure_must(*out ? 0 : KE_NO_MEMORY, "passphrase");
	figure_must(passphrase_generate(*out, &alphabet, &rng), "passphrase");
}

static void
make_addresses(struct wallet *w)
{
	for (size_t i = 0; i < COINS; i++) {
		figure_must(address_encode(w->addresses[i], sizeof w->addresses[i],
				    coins[i], w->minted.pubkey),
			coins[i]);
		w->claimed[i] = (struct verified_address){coins[i], w->addresses[i]};
	}
}

static void
make_wallet(struct wallet *w)
{
	make_passphrase(&w->passphrase);
	figure_must(
		bip38_intermediate_new(w->intermediate, &rng, w->passphrase, false, 0, 0),
		"intermediate code");
	figure_must(bip38_intermediate_decode(
			    &w->code, w->intermediate, BIP38_INTERMEDIATE_LEN),
		"intermediate code");
	figure_must(bip38_mint(&w->minted, &w->code, &rng, true), "mint");
	make_addresses(w);
}

/* Works on `count' wallets. */
typedef void work_on(size_t count);

static void
check(size_t count)
{
	struct verified_claim claims[PAIR] = {{0}};
	struct verified_result results[PAIR];

	for (size_t i = 0; i < count; i++)
		claims[i] = (struct verified_claim){.serial = "AA0000016",
			.passphrase = wallets[i].passphrase,
			.intermediate = wallets[i].intermediate,
			.confirmation = wallets[i].minted.confirmation,
			.pubkey = wallets[i].minted.pubkey,
			.addresses = wallets[i].claimed,
			.address_count = COINS};
	verified_new_many(results, claims, count);
	for (size_t i = 0; i < count; i++) {
		figure_must(results[i].error, "check");
		verified_free(&results[i].token);
	}
}

static void
issue(size_t count)
{
	char texts[PAIR][BIP38_INTERMEDIATE_LEN + 1];
	struct bip38_issue issues[PAIR] = {{0}};

	for (size_t i = 0; i < count; i++)
		issues[i] = (struct bip38_issue){
			texts[i], wallets[i].passphrase, false, 0, 0, 0};
	bip38_intermediate_new_many(issues, count, &rng);
	for (size_t i = 0; i < count; i++)
		figure_must(issues[i].error, "issue");
}

/* Sixteen wallets; their former EPKs are freed. */
static void
mint(size_t count)
{
	struct bip38_mint mints[AT_ONCE];

	for (size_t i = 0; i < count; i++) {
		bip38_minted_wipe(&wallets[i].minted);
		mints[i] = (struct bip38_mint){&wallets[i].minted, &wallets[i].code, 0};
	}
	bip38_mint_many(mints, count, &rng, true);
	for (size_t i = 0; i < count; i++) {
		figure_must(mints[i].error, "mint");
		make_addresses(&wallets[i]);
	}
}

static struct certificate *recipients[2];

static void
make_recipient(struct certificate **out, enum certificate_kind kind)
{
	static const int64_t now = INT64_C(1795339800);
	struct certificate_subject subject = {
		.use = USE_TEST, .kind = CERTIFICATE_SITE, .host = "bench"};
	struct private_key *site_key, *key;
	struct certificate *site;

	figure_must(private_key_generate(&site_key), "key");
	figure_must(private_key_generate(&key), "key");
	figure_must(certificate_make(&site, &subject, site_key, NULL, NULL, now), "site");
	subject.kind = kind;
	if (certificate_kind_is_per_batch(kind))
		(void)snprintf(subject.batch, sizeof subject.batch, "BENCH-1");
	figure_must(
		certificate_make(out, &subject, key, site, site_key, now), "certificate");
	certificate_free(site);
	private_key_free(site_key);
	private_key_free(key);
}

static void
seal_wallet(const struct wallet *w, struct secret *plain)
{
	struct batch_confirmation confirmation = {.count = COINS};
	struct batch_sticker sticker = {.epk = w->minted.epk};
	unsigned char *der;
	size_t len;

	memcpy(confirmation.code, w->minted.confirmation, sizeof confirmation.code);
	memcpy(confirmation.pubkey, w->minted.pubkey, sizeof confirmation.pubkey);
	for (size_t i = 0; i < COINS; i++) {
		(void)snprintf(confirmation.addresses[i].coin,
			sizeof confirmation.addresses[i].coin, "%s", coins[i]);
		memcpy(confirmation.addresses[i].address, w->addresses[i], ADDRESS_SIZE);
	}
	memcpy(sticker.address, w->addresses[0], sizeof sticker.address);
	figure_must(
		batch_confirmation_format(plain, "BENCH-1", "AA0000016", &confirmation),
		"row");
	figure_must(cms_seal(&der, &len, plain, recipients[0]), "seal");
	free(der);
	figure_must(batch_sticker_format(plain, "BENCH-1", "AA0000016", &sticker), "row");
	figure_must(cms_seal(&der, &len, plain, recipients[1]), "seal");
	free(der);
}

static void
mint_and_seal(size_t count)
{
	struct secret *plain = secret_new(BATCH_ROW_MAX);

	figure_must(plain ? 0 : KE_NO_MEMORY, "row");
	mint(count);
	for (size_t i = 0; i < count; i++)
		seal_wallet(&wallets[i], plain);
	secret_free(plain);
}

/* BIP38, "Encryption when EC multiply mode is used", steps 3 to 6 and the confirmation
 * code: one point times factorb, one G times factorb, scrypt, four blocks of AES. */
static void
bound(size_t count)
{
	static const unsigned char salt[12];
	unsigned char factor[CURVE_SCALAR_LEN], out[AT_ONCE][64], point[CURVE_POINT_LEN];
	struct scrypt_job jobs[AT_ONCE] = {{0}};

	for (size_t i = 0; i < count; i++)
		jobs[i] = (struct scrypt_job){out[i], sizeof out[i],
			wallets[i].code.passpoint, BIP38_POINT_LEN, salt, sizeof salt};
	figure_must(scrypt_derive_many(jobs, count, 1024, 1, 1), "scrypt");
	for (size_t i = 0; i < count; i++) {
		figure_must(rng.fill(rng.state, factor, sizeof factor), "random");
		factor[0] = 1;
		figure_must(curve_multiply(point, wallets[i].code.passpoint, factor),
			"curve");
		figure_must(curve_generate(point, factor), "curve");
		for (size_t k = 0; k < 4; k++)
			figure_must(aes_encrypt(factor, factor, AES_BLOCK_LEN, out[i]),
				"aes");
	}
}

/* A contender: whose scrypt, what is done, how many at once and how often. */
struct contender {
	const char *name;
	const struct peer *peer;
	work_on *work;
	size_t at_once, runs;
};

static void
measure(const char *row, const struct contender *c)
{
	double began;

	peer_use(c->peer);
	began = figure_thread_ms();
	for (size_t i = 0; i < c->runs; i++)
		c->work(c->at_once);
	figure_put(row, c->name,
		(figure_thread_ms() - began) / (double)(c->runs * c->at_once));
	peer_use(NULL);
}

static void
measure_rounds(
	const char *row, const struct contender *contenders, size_t count, size_t rounds)
{
	for (size_t i = 0; i < rounds; i++)
		for (size_t k = 0; k < count; k++)
			measure(row, &contenders[k]);
}

/* check and issue: heavy scrypt, of which a peer does one wallet at a time. */
static void
measure_heavy(const char *row, work_on *work, size_t rounds)
{
	struct contender contenders[2 + PEERS_MAX] = {
		{"keyline", NULL, work, PAIR, 1}, {"keyline-single", NULL, work, 1, 1}};
	static struct peer peers[PEERS_MAX];
	size_t count = peer_list(peers);

	for (size_t i = 0; i < count; i++)
		contenders[2 + i] =
			(struct contender){peers[i].name, &peers[i], work, 1, 1};
	measure_rounds(row, contenders, 2 + count, rounds);
}

static void
measure_mint(size_t rounds)
{
	struct contender contenders[3 + PEERS_MAX] = {
		{"keyline", NULL, mint, AT_ONCE, MINT_RUNS},
		{"sealed", NULL, mint_and_seal, AT_ONCE, 1},
		{"bound", NULL, bound, AT_ONCE, MINT_RUNS}};
	static struct peer peers[PEERS_MAX];
	size_t count = peer_list(peers);

	make_recipient(&recipients[0], CERTIFICATE_CONFIRMATIONS);
	make_recipient(&recipients[1], CERTIFICATE_STICKERS);
	for (size_t i = 0; i < count; i++)
		contenders[3 + i] =
			(struct contender){peers[i].name, &peers[i], mint, AT_ONCE, 1};
	measure_rounds("mint", contenders, 3 + count, rounds);
	certificate_free(recipients[0]);
	certificate_free(recipients[1]);
}

static void *
check_on_thread(void *context)
{
	struct scrypt_scratch *scratch = scrypt_scratch_new(SIZE_MAX);
	const size_t *runs = context;

	figure_must(scratch ? 0 : KE_NO_MEMORY, "scratch");
	scrypt_use(scratch);
	for (size_t i = 0; i < *runs; i++)
		check(PAIR);
	scrypt_use(NULL);
	scrypt_scratch_free(scratch);
	return NULL;
}

static void
measure_threads(const char *who, const struct peer *peer, size_t threads)
{
	pthread_t ids[THREADS_MAX];
	size_t runs = peer ? 1 : CORES_RUNS;
	double began = figure_wall_ms();

	peer_use(peer);
	for (size_t i = 0; i < threads; i++)
		figure_must_system(
			pthread_create(&ids[i], NULL, check_on_thread, &runs) == 0,
			"pthread_create");
	for (size_t i = 0; i < threads; i++)
		(void)pthread_join(ids[i], NULL);
	peer_use(NULL);
	figure_put("cores", who,
		(figure_wall_ms() - began) / (double)(threads * runs * PAIR));
}

static void
measure_cores(size_t rounds)
{
	long found = sysconf(_SC_NPROCESSORS_ONLN);
	size_t threads = found < 1             ? 1
			 : found < THREADS_MAX ? (size_t)found
					       : THREADS_MAX;
	static struct peer peers[PEERS_MAX];

	(void)peer_list(peers);
	for (size_t i = 0; i < rounds; i++) {
		measure_threads("one", NULL, 1);
		measure_threads("all", NULL, threads);
		measure_threads("openssl-one", &peers[0], 1);
		measure_threads("openssl-all", &peers[0], threads);
	}
}

int
main(int argc, char **argv)
{
	const char *work = argc == 3 ? argv[1] : "";
	size_t rounds = figure_number(argc == 3 ? argv[2] : NULL, ROUNDS_MAX, usage);
	struct scrypt_scratch *scratch = scrypt_scratch_new(SIZE_MAX);

	rng = figure_rng;
	figure_must(scratch ? 0 : KE_NO_MEMORY, "scratch");
	figure_must(secret_heap_init((size_t)1 << 18), "locked memory");
	scrypt_use(scratch);
	peer_lend(scratch);
	for (size_t i = 0; i < AT_ONCE; i++)
		if (i < PAIR || strcmp(work, "mint") == 0)
			make_wallet(&wallets[i]);
	if (strcmp(work, "check") == 0)
		measure_heavy("check", check, rounds);
	else if (strcmp(work, "issue") == 0)
		measure_heavy("issue", issue, rounds);
	else if (strcmp(work, "mint") == 0)
		measure_mint(rounds);
	else if (strcmp(work, "cores") == 0)
		measure_cores(rounds);
	else
		(void)figure_number(NULL, 0, usage);
	for (size_t i = 0; i < AT_ONCE; i++) {
		secret_free(wallets[i].passphrase);
		bip38_minted_wipe(&wallets[i].minted);
	}
	scrypt_use(NULL);
	scrypt_scratch_free(scratch);
	return 0;
}
