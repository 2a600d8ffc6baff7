/* SPDX-License-Identifier: MIT */
#include "harness.h"
#include "proto/hash.h"
#include "proto/passphrase.h"
#include "proto/secret_bytes.h"
#include <string.h>

/* Gives out the bytes 0, 1, 2 ... 255, 0 ...; or one byte for ever. */
struct counter {
	unsigned next;
	unsigned step;
	unsigned calls;
	unsigned fail_at;
};

static int
counter_fill(void *state, unsigned char *out, size_t len)
{
	struct counter *c = state;

	if (++c->calls == c->fail_at) {
		memset(out, 0, len);
		return KE_RANDOM;
	}
	for (size_t i = 0; i < len; i++, c->next += c->step)
		out[i] = (unsigned char)c->next;
	return 0;
}

static struct passphrase_alphabet
compiled(const char *text)
{
	struct passphrase_alphabet a;

	ck_assert_int_eq(passphrase_alphabet_compile(&a, text), 0);
	return a;
}

START_TEST(strength_is_computed)
{
	/* 20 * log2(36) = 103.3985, 20 * log2(33) = 100.8878 */
	ck_assert_uint_eq(compiled(PASSPHRASE_ALPHABET_DEFAULT).millibits, 103398);
	ck_assert_uint_eq(compiled("ABCDEFGHIJKLMNOPQRSTUVWXYZ2345679").millibits, 100887);
	ck_assert_uint_eq(compiled("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567").millibits, 100000);
}
END_TEST

START_TEST(weak_and_wrong_alphabets_are_refused)
{
	static const struct {
		const char *text;
		int code;
	} cases[] = {
		{ "", KE_WEAK_PASSPHRASE },
		{ "A", KE_WEAK_PASSPHRASE },
		{ "0123456789", KE_WEAK_PASSPHRASE },
		{ "ABCDEFGHIJKLMNOPQRSTUVWXYZ23456", KE_WEAK_PASSPHRASE },
		{ "ABCDEFGHIJKLMNOPQRSTUVWXYZ2345677", KE_BAD_CHARACTER },
		{ "abcdefghijklmnopqrstuvwxyz0123456789", KE_BAD_CHARACTER },
		{ "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-", KE_BAD_CHARACTER },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct passphrase_alphabet a;

		ck_assert_msg(passphrase_alphabet_compile(&a, cases[i].text) ==
				      cases[i].code,
			"%s", cases[i].text);
	}
}
END_TEST

START_TEST(has_its_form)
{
	struct passphrase_alphabet a = compiled(PASSPHRASE_ALPHABET_DEFAULT);
	struct counter c = { .step = 1 };
	struct rng rng = { counter_fill, &c };
	struct secret *s = secret_new(PASSPHRASE_LEN);

	ck_assert_int_eq(passphrase_generate(s, &a, &rng), 0);
	ck_assert_uint_eq(secret_len(s), 24);
	ck_assert_mem_eq(secret_view(s), "0123-4567-89AB-CDEF-GHIJ", 24);
	ck_assert(passphrase_is_well_formed(s));
	secret_free(s);
}
END_TEST

/* SHA-256 of a counter: random enough, and the same in each run. */
static int
hash_fill(void *state, unsigned char *out, size_t len)
{
	unsigned *counter = state;

	while (len > 0) {
		unsigned char block[HASH_SHA256_LEN];
		size_t take = len < sizeof block ? len : sizeof block;

		++*counter;
		ck_assert_int_eq(hash_sha256(block, counter, sizeof *counter), 0);
		memcpy(out, block, take);
		out += take;
		len -= take;
	}
	return 0;
}

/* Plain "byte % size" would favour the first four of 36 characters by 12 percent. */
START_TEST(no_character_is_favoured)
{
	static const char *const alphabets[] = { PASSPHRASE_ALPHABET_DEFAULT,
		"ABCDEFGHIJKLMNOPQRSTUVWXYZ2345679" };
	enum { MADE = 8192 };

	for (size_t i = 0; i < 2; i++) {
		struct passphrase_alphabet a = compiled(alphabets[i]);
		unsigned seen[256] = { 0 }, counter = 0;
		struct rng rng = { hash_fill, &counter };
		struct secret *s = secret_new(PASSPHRASE_LEN);

		for (int n = 0; n < MADE; n++) {
			ck_assert_int_eq(passphrase_generate(s, &a, &rng), 0);
			for (size_t j = 0; j < PASSPHRASE_LEN; j++)
				seen[secret_view(s)[j]]++;
		}
		ck_assert_uint_eq(seen['-'], MADE * 4);
		for (size_t j = 0; j < a.size; j++) {
			unsigned expected = MADE * 20 / (unsigned)a.size;
			unsigned got = seen[(unsigned char)a.characters[j]];

			ck_assert_uint_gt(got, expected * 93 / 100);
			ck_assert_uint_lt(got, expected * 107 / 100);
		}
		secret_free(s);
	}
}
END_TEST

START_TEST(bytes_over_the_fair_range_are_thrown_away)
{
	struct passphrase_alphabet a = compiled(PASSPHRASE_ALPHABET_DEFAULT);
	/* 252 .. 255 stand for nothing, so the first character comes from 0. */
	struct counter c = { .next = 252, .step = 1 };
	struct rng rng = { counter_fill, &c };
	struct secret *s = secret_new(PASSPHRASE_LEN);

	ck_assert_int_eq(passphrase_generate(s, &a, &rng), 0);
	ck_assert_mem_eq(secret_view(s), "0123", 4);
	c = (struct counter){ .next = 251, .step = 1 };
	ck_assert_int_eq(passphrase_generate(s, &a, &rng), 0);
	ck_assert_mem_eq(secret_view(s), "Z012", 4);
	secret_free(s);
}
END_TEST

START_TEST(a_broken_generator_is_an_error)
{
	struct passphrase_alphabet a = compiled(PASSPHRASE_ALPHABET_DEFAULT);
	struct counter c = { .next = 255 };
	struct rng rng = { counter_fill, &c };
	struct secret *s = secret_new(PASSPHRASE_LEN), *small = secret_new(23);

	ck_assert_int_eq(passphrase_generate(s, &a, &rng), KE_RANDOM);
	ck_assert_uint_eq(secret_len(s), 0);
	c = (struct counter){ .step = 1, .fail_at = 1 };
	ck_assert_int_eq(passphrase_generate(s, &a, &rng), KE_RANDOM);
	ck_assert_uint_eq(secret_len(s), 0);
	ck_assert_int_eq(passphrase_generate(small, &a, &rng), KE_TOO_LONG);
	secret_free(s);
	secret_free(small);
}
END_TEST

START_TEST(other_forms_are_seen)
{
	static const char *const bad[] = { "", "0123-4567-89AB-CDEF-GHI",
		"0123-4567-89AB-CDEF-GHIJK", "0123-4567-89AB-CDEF-GHIj",
		"0123-4567-89AB-CDEF_GHIJ", "01234-567-89AB-CDEF-GHIJ",
		"0123-4567-89AB-CDEF-GHI-" };
	struct secret *s = secret_new(32);

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		ck_assert_int_eq(secret_set(s, bad[i], strlen(bad[i])), 0);
		ck_assert_msg(!passphrase_is_well_formed(s), "%s", bad[i]);
	}
	secret_free(s);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("passphrase");
	TCase *all = tcase_create("all");

	tcase_add_test(all, strength_is_computed);
	tcase_add_test(all, weak_and_wrong_alphabets_are_refused);
	tcase_add_test(all, has_its_form);
	tcase_add_test(all, no_character_is_favoured);
	tcase_add_test(all, bytes_over_the_fair_range_are_thrown_away);
	tcase_add_test(all, a_broken_generator_is_an_error);
	tcase_add_test(all, other_forms_are_seen);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}
