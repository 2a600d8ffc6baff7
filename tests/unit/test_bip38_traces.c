/* SPDX-License-Identifier: MIT */
/*
 * What is left in memory after a wallet was made, checked and opened: nothing.
 * A first life tells what the secrets are (the random bytes are the same each
 * time).  In a second one the dead stack is searched after each step, and
 * afterwards everything that this process can write to, in windows of eight
 * bytes.  The secrets stand here only masked.
 */
#include "harness.h"
#include "proto/bip38.h"
#include "proto/bip38_inner.h"
#include "proto/bip38_key.h"
#include "proto/bip38_mint.h"
#include "proto/bip38_owner.h"
#include "proto/hash.h"
#include "proto/rng.h"
#include "proto/secret_bytes.h"
#include "proto/verified.h"
#include "proto/wif.h"

#include <fcntl.h>
#include <openssl/crypto.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <ucontext.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || \
	defined(KEYLINE_SECRET_MALLOC)
#define MEMORY_IS_OURS 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define MEMORY_IS_OURS 0
#endif
#endif
#ifndef MEMORY_IS_OURS
#define MEMORY_IS_OURS 1
#endif

enum { WINDOW = 8, SECRET_MAX = 64, SECRETS_MAX = 32, MASK = 0xa5 };

static const uint64_t window_mask = 0xa5a5a5a5a5a5a5a5;

static struct {
	const char *name;
	unsigned char masked[SECRET_MAX];
	size_t len;
} secrets[SECRETS_MAX];
static unsigned secret_count;

/* Which low halves of a masked window are worth a closer look. */
static unsigned char candidates[1 << 16];

static void
remember_bytes(const char *name, const unsigned char *bytes, size_t len, bool reversed)
{
	unsigned char *masked = secrets[secret_count].masked;

	ck_assert(secret_count < SECRETS_MAX && len <= SECRET_MAX && len >= WINDOW);
	secrets[secret_count].name = name;
	secrets[secret_count++].len = len;
	for (size_t i = 0; i < len; i++)
		masked[i] = bytes[reversed ? len - 1 - i : i] ^ MASK;
	for (size_t i = 0; i + WINDOW <= len; i++)
		candidates[masked[i] | masked[i + 1] << 8] = 1;
}

/* Remembers a secret by its masked form, and as a number in little-endian limbs. */
static void
remember(const char *name, const unsigned char *bytes, size_t len)
{
	remember_bytes(name, bytes, len, false);
	remember_bytes(name, bytes, len, true);
}

static const char *
name_of_window(uint64_t masked)
{
	for (unsigned s = 0; s < secret_count; s++)
		for (size_t i = 0; i + WINDOW <= secrets[s].len; i++)
			if (memcmp(secrets[s].masked + i, &masked, WINDOW) == 0)
				return secrets[s].name;
	return NULL;
}

static unsigned
search(const unsigned char *from, const unsigned char *to, const char *where)
{
	unsigned hits = 0;

	for (const unsigned char *at = from; at + WINDOW <= to; at++) {
		uint64_t masked;
		const char *name;

		memcpy(&masked, at, sizeof masked);
		masked ^= window_mask;
		if (!candidates[masked & 0xffff])
			continue;
		name = name_of_window(masked);
		if (name && hits++ < 4)
			printf("%s found in %s\n", name, where);
	}
	return hits;
}

/* Searches all memory that can be written; returns the number of windows found. */
static unsigned
search_all(void)
{
	static char maps[1 << 16];
	int fd = open("/proc/self/maps", O_RDONLY);
	size_t len = 0;
	unsigned hits = 0;
	ssize_t got;

	ck_assert_int_ge(fd, 0);
	while ((got = read(fd, maps + len, sizeof maps - 1 - len)) > 0)
		len += (size_t)got;
	close(fd);
	maps[len] = '\0';
	for (char *line = strtok(maps, "\n"); line; line = strtok(NULL, "\n")) {
		unsigned long from, to;
		char rights[5];

		if (sscanf(line, "%lx-%lx %4s", &from, &to, rights) == 3 &&
			rights[0] == 'r' && rights[1] == 'w')
			hits += search((const unsigned char *)from,
				(const unsigned char *)to, line);
	}
	return hits;
}

/* One that libunistring must compose. */
static const unsigned char masked_accented[30] = {0xe6, 0xc4, 0x69, 0x24, 0xc3, 0xc0,
	0x69, 0x24, 0x88, 0xf2, 0x95, 0x69, 0x24, 0xfd, 0xee, 0x88, 0xe9, 0xe8, 0x91,
	0xf2, 0x88, 0x92, 0xf7, 0xe7, 0xe6, 0x88, 0xed, 0xf3, 0xf0, 0x97};

/* One wallet's life, apart from the stack that its steps run on. */
struct life {
	bool with_lot;
	bool accented;
	/* The secrets are known from the first life: search for them. */
	bool second;
	unsigned drawn;
	struct secret *passphrase, *passfactor, *line, *wif;
	char intermediate[BIP38_INTERMEDIATE_LEN + 1];
	struct bip38_intermediate code;
	struct bip38_minted minted;
	struct bip38_epk epk;
	struct bip38_opened opened;
	int rc;
};

typedef void step(struct life *life);

static struct {
	unsigned char stack[1 << 18];
	ucontext_t inside, outside;
	step *step;
	struct life *life;
} side;

static void
enter_side(void)
{
	side.step(side.life);
}

/* Takes a step on a stack of its own, and searches that one after it. */
static unsigned
take(step *next, struct life *life, const char *name)
{
	memset(side.stack, 0, sizeof side.stack);
	side.step = next;
	side.life = life;
	ck_assert_int_eq(getcontext(&side.inside), 0);
	side.inside.uc_stack.ss_sp = side.stack;
	side.inside.uc_stack.ss_size = sizeof side.stack;
	side.inside.uc_link = &side.outside;
	makecontext(&side.inside, enter_side, 0);
	ck_assert_int_eq(swapcontext(&side.outside, &side.inside), 0);
	ck_assert_int_eq(life->rc, 0);
	return life->second ? search(side.stack, side.stack + sizeof side.stack, name)
			    : 0;
}

/* A passphrase in the form of the line, drawn from nowhere else in this process. */
static const unsigned char masked_passphrase[24] = {0xf4, 0x96, 0xff, 0xf1, 0x88, 0x9c,
	0x95, 0xfd, 0xee, 0x88, 0xe9, 0xe8, 0x91, 0xf2, 0x88, 0x92, 0xf7, 0xe7, 0xe6,
	0x88, 0xed, 0xf3, 0xf0, 0x97};

static void
unmask(struct secret *out, const unsigned char *masked, size_t len)
{
	for (size_t i = 0; i < len; i++)
		secret_bytes(out)[i] = masked[i] ^ MASK;
	ck_assert_int_eq(secret_set_len(out, len), 0);
}

/* The same bytes in each life.  Remembers seedb and factorb in the first. */
static int
fill_and_remember(void *state, unsigned char *out, size_t len)
{
	struct life *life = state;

	for (size_t i = 0; i < len; i++) {
		life->drawn = life->drawn * 1103515245 + 12345;
		out[i] = (unsigned char)(life->drawn >> 16);
	}
	if (len == BIP38_SEED_LEN && !life->second) {
		unsigned char factorb[HASH_SHA256_LEN];

		remember("seedb", out, len);
		ck_assert_int_eq(hash_sha256d(factorb, out, len), 0);
		remember("factorb", factorb, sizeof factorb);
		OPENSSL_cleanse(factorb, sizeof factorb);
	}
	return 0;
}

static void
issue(struct life *life)
{
	struct rng rng = {.fill = fill_and_remember, .state = life};

	life->rc = bip38_intermediate_new(
		life->intermediate, &rng, life->passphrase, life->with_lot, 0, 0);
}

/* Two wallets side by side. */
static void
issue_pair(struct life *life)
{
	struct rng rng = {.fill = fill_and_remember, .state = life};
	char texts[2][BIP38_INTERMEDIATE_LEN + 1];
	struct bip38_issue wallets[2];

	for (size_t i = 0; i < 2; i++)
		wallets[i] = (struct bip38_issue){
			texts[i], life->passphrase, life->with_lot, 0, 1, 0};
	bip38_intermediate_new_many(wallets, 2, &rng);
	life->rc = wallets[0].error ? wallets[0].error : wallets[1].error;
}

static void
derive_passfactor(struct life *life)
{
	life->rc = bip38_intermediate_decode(
		&life->code, life->intermediate, BIP38_INTERMEDIATE_LEN);
	if (life->rc == 0)
		life->rc = bip38_passfactor(
			&life->passfactor, life->passphrase, &life->code.owner);
}

static void
mint(struct life *life)
{
	struct rng rng = {.fill = fill_and_remember, .state = life};

	life->rc = bip38_mint(&life->minted, &life->code, &rng, true);
}

static void
verify_and_spend(struct life *life)
{
	const struct verified_address address = {"BTC", life->minted.address};
	const struct verified_claim claim = {.serial = "A1",
		.passphrase = life->passphrase,
		.intermediate = life->intermediate,
		.confirmation = life->minted.confirmation,
		.pubkey = life->minted.pubkey,
		.addresses = &address,
		.address_count = 1};
	struct verified *token;

	/* Only ASCII can be etched. */
	if (life->accented)
		return;
	life->rc = verified_new(&token, &claim);
	if (life->rc == 0)
		life->rc = verified_spend(
			&life->line, &token, "1", "0123456789abcdef", true);
}

static void
decode(struct life *life)
{
	life->rc = bip38_epk_decode_secret(&life->epk, life->minted.epk);
}

static void
decrypt(struct life *life)
{
	life->rc = bip38_decrypt(&life->opened, &life->epk, life->passphrase);
}

static void export(struct life *life)
{
	life->rc = wif_encode(&life->wif, life->opened.key, true, WIF_BITCOIN);
}

static void
remember_all(const struct life *life)
{
	const struct secret *made[] = {
		life->passfactor, life->minted.epk, life->opened.key, life->wif};
	static const char *const names[] = {"passfactor", "EPK", "private key", "WIF"};

	for (unsigned i = 0; i < 4; i++)
		remember(names[i], secret_view(made[i]), secret_len(made[i]));
	remember("encrypted parts", life->epk.encrypted, BIP38_EC_PART_LEN);
}

/* Returns how many windows were left on the stack by all steps. */
static unsigned
live(bool with_lot, bool accented, bool second)
{
	static const struct {
		step *step;
		const char *name;
	} steps[] = {
		{issue, "the stack after bip38_intermediate_new"},
		{issue_pair, "the stack after bip38_intermediate_new_many"},
		{derive_passfactor, "the stack after bip38_passfactor"},
		{mint, "the stack after bip38_mint"},
		{verify_and_spend, "the stack after verified_spend"},
		{decode, "the stack after bip38_epk_decode"},
		{decrypt, "the stack after bip38_decrypt"},
		{export, "the stack after wif_encode"},
	};
	struct life life = {.with_lot = with_lot, .accented = accented, .second = second};
	unsigned hits = 0;

	life.passphrase = secret_new(64);
	if (accented)
		unmask(life.passphrase, masked_accented, sizeof masked_accented);
	else
		unmask(life.passphrase, masked_passphrase, sizeof masked_passphrase);
	for (unsigned i = 0; i < sizeof steps / sizeof steps[0]; i++)
		hits += take(steps[i].step, &life, steps[i].name);
	if (!second)
		remember_all(&life);
	secret_free(life.passphrase);
	secret_free(life.passfactor);
	secret_free(life.line);
	secret_free(life.wif);
	bip38_minted_wipe(&life.minted);
	bip38_opened_wipe(&life.opened);
	OPENSSL_cleanse(&life, sizeof life);
	return hits;
}

START_TEST(nothing_is_left)
{
	if (!MEMORY_IS_OURS || harness_light())
		return;
	live(_i == 1, _i == 2, false);
	ck_assert_uint_eq(secret_count, 18);
	ck_assert_uint_eq(live(_i == 1, _i == 2, true), 0);
	ck_assert_uint_eq(search_all(), 0);
}
END_TEST

/* The search itself must find what is there. */
START_TEST(search_finds_a_trace)
{
	static unsigned char planted[WINDOW + 3];

	if (!MEMORY_IS_OURS || harness_light())
		return;
	for (size_t i = 0; i < WINDOW; i++)
		planted[3 + i] = masked_passphrase[5 + i] ^ MASK;
	ck_assert_uint_ge(search_all(), 1);
	OPENSSL_cleanse(planted, sizeof planted);
}
END_TEST

/* Even so little: eight bytes in a local variable. */
static void
leave_trace(struct life *life)
{
	/* Its low end lies deep enough that the way back does not step on it. */
	unsigned char plain[64 * WINDOW];

	for (size_t i = 0; i < WINDOW; i++)
		plain[i] = masked_passphrase[3 + i] ^ MASK;
	/* The compiler must believe that somebody reads them there. */
	__asm__ volatile("" : : "r"(plain) : "memory");
	life->rc = 0;
}

START_TEST(search_finds_a_trace_on_the_stack)
{
	struct life life = {.second = true};

	if (!MEMORY_IS_OURS || harness_light())
		return;
	ck_assert_uint_ge(take(leave_trace, &life, "the stack, as it should"), 1);
	OPENSSL_cleanse(side.stack, sizeof side.stack);
}
END_TEST

static void
remember_masked(const char *name, const unsigned char *masked, size_t len)
{
	unsigned char plain[SECRET_MAX];

	for (size_t i = 0; i < len; i++)
		plain[i] = masked[i] ^ MASK;
	remember(name, plain, len);
	OPENSSL_cleanse(plain, sizeof plain);
}

static void
setup(void)
{
	memset(candidates, 0, sizeof candidates);
	secret_count = 0;
	remember_masked("passphrase", masked_passphrase, sizeof masked_passphrase);
	remember_masked("accented passphrase", masked_accented, sizeof masked_accented);
}

int
main(void)
{
	Suite *suite = suite_create("bip38_traces");
	TCase *all = tcase_create("all");

	tcase_add_checked_fixture(all, setup, NULL);
	tcase_add_loop_test(all, nothing_is_left, 0, 3);
	tcase_add_test(all, search_finds_a_trace);
	tcase_add_test(all, search_finds_a_trace_on_the_stack);
	tcase_set_timeout(all, 600);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}
