/* SPDX-License-Identifier: MIT */
/*
 * What OpenSSL leaves on the stack of a sealed row, of a private key and of its
 * passphrase: nothing after our functions have come back.  Each one runs on a stack of
 * its own, which is searched after it in windows of eight bytes, also for numbers as they
 * lie in limbs.  What is searched for lies in secrets, away from that stack.
 */
#include "config.h"
#include "harness.h"
#include "keys.h"
#include "proto/batch.h"
#include "proto/cms_seal.h"
#include "proto/private_key.h"
#include "proto/public_key.h"
#include "proto/scrub.h"
#include "proto/secret_bytes.h"

#include <stdio.h>
#include <ucontext.h>
#include <openssl/evp.h>

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

enum { WINDOW = 8, NUMBER_LEN = 32, NUMBER_AT = 36, ROW_LEN = 200, KEY_DER_MAX = 256 };

enum secret_kind { ROW, PASSPHRASE, NUMBER, NUMBER_REVERSED, KEY_TEXT, SECRETS };
static const char *const names[SECRETS] = {
	"the row", "the passphrase", "the key", "the key in limbs", "the key's text"};
static struct secret *secrets[SECRETS];

static struct {
	unsigned char stack[1 << 18];
	ucontext_t inside, outside;
	void (*step)(void);
} side;

/* What the steps work on. */
static struct keys site, own;
static struct secret *opened, *pem;
static struct private_key *again;
static char sealed_key[PRIVATE_KEY_SEALED_MAX];
static unsigned char *der;
static size_t der_len;
static int rc;

static void
seal_row(void)
{
	rc = cms_seal(&der, &der_len, secrets[ROW], own.certificate);
}

static void
open_row(void)
{
	rc = cms_open(opened, der, der_len, own.certificate, own.key);
}

static void
make_key(void)
{
	rc = private_key_generate(&again);
}

static void
write_key(void)
{
	rc = private_key_pem(pem, own.key);
}

static void
read_key(void)
{
	rc = private_key_parse(&again, pem);
}

static void
seal_key(void)
{
	rc = private_key_seal(sealed_key, own.key, secrets[PASSPHRASE]);
}

static void
unseal_key(void)
{
	rc = private_key_unseal(
		&again, sealed_key, strlen(sealed_key), secrets[PASSPHRASE]);
}

static void
sign(void)
{
	unsigned char signature[SIGNATURE_MAX];
	size_t len;

	rc = private_key_sign(signature, &len, own.key, "text", 4);
}

/* Deeper than a call of OpenSSL goes, and wiped after it. */
static __attribute__((noinline)) void
spill_deep(void)
{
	volatile unsigned char copies[SCRUB_BYTES / 2];

	for (size_t i = 0; i < sizeof copies; i++)
		copies[i] = secret_view(secrets[ROW])[i % ROW_LEN];
	rc = copies[0] == 0;
}

static void
spill_and_scrub(void)
{
	spill_deep();
	scrub_stack();
}

/* No step: what it leaves must be found, or the search finds nothing at all. */
static void
spill(void)
{
	volatile unsigned char copy[ROW_LEN];

	for (size_t i = 0; i < sizeof copy; i++)
		copy[i] = secret_view(secrets[ROW])[i];
	rc = copy[0] == 0;
}

static const struct {
	void (*step)(void);
	const char *name;
	bool leaves;
} steps[] = {
	{spill, "spill", true},
	{spill_and_scrub, "scrub_stack", false},
	{seal_row, "cms_seal", false},
	{open_row, "cms_open", false},
	{make_key, "private_key_generate", false},
	{write_key, "private_key_pem", false},
	{read_key, "private_key_parse", false},
	{seal_key, "private_key_seal", false},
	{unseal_key, "private_key_unseal", false},
	{sign, "private_key_sign", false},
};

void __real_scrub_stack(void);
void __wrap_scrub_stack(void);
static unsigned scrubs;

void
__wrap_scrub_stack(void)
{
	scrubs++;
	__real_scrub_stack();
}

static void
enter_side(void)
{
	side.step();
}

static unsigned
search(const char *where)
{
	unsigned hits = 0;

	for (size_t s = 0; s < SECRETS; s++)
		for (size_t i = 0; i + WINDOW <= secret_len(secrets[s]); i++)
			if (memmem(side.stack, sizeof side.stack,
				    secret_view(secrets[s]) + i, WINDOW) &&
				hits++ < 3)
				printf("%s is left by %s\n", names[s], where);
	return hits;
}

static unsigned
take(size_t i)
{
	memset(side.stack, 0, sizeof side.stack);
	side.step = steps[i].step;
	scrubs = 0;
	ck_assert_int_eq(getcontext(&side.inside), 0);
	side.inside.uc_stack.ss_sp = side.stack;
	side.inside.uc_stack.ss_size = sizeof side.stack;
	side.inside.uc_link = &side.outside;
	makecontext(&side.inside, enter_side, 0);
	ck_assert_int_eq(swapcontext(&side.outside, &side.inside), 0);
	ck_assert_msg(rc == 0, "%s: %d", steps[i].name, rc);
	/* Today's OpenSSL wipes most of it itself: another one may not. */
	ck_assert_msg(
		(scrubs > 0) != steps[i].leaves, "%s: %u scrubs", steps[i].name, scrubs);
	private_key_free(again);
	again = NULL;
	return search(steps[i].name);
}

static void
add(enum secret_kind kind, const unsigned char *bytes, size_t len)
{
	secrets[kind] = secret_new(len);
	ck_assert_ptr_nonnull(secrets[kind]);
	ck_assert_int_eq(secret_set(secrets[kind], bytes, len), 0);
}

/* The scalar out of the key's text: PKCS#8 has it at one place. */
static void
know_the_key(void)
{
	unsigned char text[PRIVATE_KEY_PEM_LEN], number[KEY_DER_MAX],
		reversed[NUMBER_LEN];
	const char *begin;
	size_t line = 64, from, to = 0;

	pem = secret_new(PRIVATE_KEY_PEM_LEN);
	ck_assert_ptr_nonnull(pem);
	ck_assert_int_eq(private_key_pem(pem, own.key), 0);
	begin = memchr(secret_view(pem), '\n', secret_len(pem));
	from = (size_t)(begin - (const char *)secret_view(pem)) + 1;
	memcpy(text, secret_view(pem) + from, line);
	memcpy(text + line, secret_view(pem) + from + line + 1, line);
	to = (size_t)EVP_DecodeBlock(number, text, (int)(2 * line));
	ck_assert_uint_ge(to, NUMBER_AT + NUMBER_LEN);
	add(NUMBER, number + NUMBER_AT, NUMBER_LEN);
	for (size_t i = 0; i < NUMBER_LEN; i++)
		reversed[i] = number[NUMBER_AT + NUMBER_LEN - 1 - i];
	add(NUMBER_REVERSED, reversed, NUMBER_LEN);
	/* From the first group that holds a byte of it. */
	add(KEY_TEXT, text + NUMBER_AT / 3 * 4, 40);
}

static void
set_up(void)
{
	unsigned char bytes[ROW_LEN];

	site = keys_make("us-etch", CERTIFICATE_SITE, "", USE_TEST, NULL);
	own = keys_make("us-etch", CERTIFICATE_CONFIRMATIONS, "", USE_TEST, &site);
	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = (unsigned char)('0' + (i * 37 + i / 7) % 75);
	add(ROW, bytes, sizeof bytes);
	for (size_t i = 0; i < 24; i++)
		bytes[i] = (unsigned char)('a' + (i * 11 + i / 5) % 26);
	add(PASSPHRASE, bytes, 24);
	opened = secret_new(1024);
	ck_assert_ptr_nonnull(opened);
	know_the_key();
}

START_TEST(nothing_is_left_on_the_stack)
{
	set_up();
	for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
		unsigned hits = take(i);

		if (MEMORY_IS_OURS)
			ck_assert_msg((hits > 0) == steps[i].leaves, "%s: %u windows",
				steps[i].name, hits);
	}
	ck_assert(secret_equal(opened, secrets[ROW]));
	for (size_t s = 0; s < SECRETS; s++)
		secret_free(secrets[s]);
	secret_free(opened);
	secret_free(pem);
	free(der);
	keys_free(&own);
	keys_free(&site);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("key_traces");
	TCase *all = tcase_create("all");

	/* It reads a dead stack of its own, which is what valgrind is there to find. */
	if (!harness_valgrind())
		tcase_add_test(all, nothing_is_left_on_the_stack);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}
