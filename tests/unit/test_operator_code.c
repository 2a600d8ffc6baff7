/* SPDX-License-Identifier: MIT */
#include "counting_rng.h"
#include "harness.h"
#include "proto/operator_code.h"
#include "proto/secret_bytes.h"
#include "proto/serial.h"

#include <openssl/evp.h>
#include <stdio.h>

static struct secret *
code_of(const char *text)
{
	struct secret *code = secret_new(64);

	ck_assert_ptr_nonnull(code);
	ck_assert_int_eq(secret_set(code, text, strlen(text)), 0);
	return code;
}

static int
check(enum operator_kind kind, const char *text)
{
	struct secret *code = code_of(text);
	int error = operator_code_check(kind, code);

	secret_free(code);
	return error;
}

/* A new badge as text. */
static void
badge(char out[OPERATOR_BADGE_LEN + 1], uint64_t seed)
{
	struct rng rng = {counting_rng_fill, &seed};
	struct secret *code;

	ck_assert_int_eq(operator_badge_make(&code, &rng), 0);
	ck_assert_uint_eq(secret_len(code), OPERATOR_BADGE_LEN);
	memcpy(out, secret_view(code), OPERATOR_BADGE_LEN);
	out[OPERATOR_BADGE_LEN] = '\0';
	secret_free(code);
}

START_TEST(a_badge_that_was_made_is_one)
{
	char one[OPERATOR_BADGE_LEN + 1], other[OPERATOR_BADGE_LEN + 1];

	badge(one, 1);
	badge(other, 2);
	ck_assert_str_ne(one, other);
	ck_assert(strncmp(one, "KLB-", 4) == 0);
	ck_assert_uint_eq(strspn(one + 4, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"), 24);
	ck_assert_int_eq(check(OPERATOR_BADGE, one), 0);
	ck_assert(operator_badge_is_meant(one));
}
END_TEST

/* One sign that was read wrongly, at any place, makes no other badge of it. */
START_TEST(a_badge_read_wrongly_is_none)
{
	char right[OPERATOR_BADGE_LEN + 1], wrong[OPERATOR_BADGE_LEN + 1];
	unsigned passed = 0;

	badge(right, 3);
	for (size_t i = 4; i < OPERATOR_BADGE_LEN; i++) {
		strcpy(wrong, right);
		wrong[i] = right[i] == 'A' ? 'B' : 'A';
		passed += check(OPERATOR_BADGE, wrong) == 0;
	}
	ck_assert_uint_eq(passed, 0);
	strcpy(wrong, right);
	wrong[27] = '1';
	ck_assert_int_eq(check(OPERATOR_BADGE, wrong), KE_BAD_CHARACTER);
	wrong[27] = '\0';
	ck_assert_int_eq(check(OPERATOR_BADGE, wrong), KE_BAD_LENGTH);
	ck_assert_int_eq(check(OPERATOR_BADGE, "KLB-aaaaaaaaaaaaaaaaaaaaaaaa"), KE_BAD_CHARACTER);
	ck_assert_int_eq(check(OPERATOR_BADGE, "KLC-AAAAAAAAAAAAAAAAAAAAAAAA"), KE_BAD_CHARACTER);
	ck_assert_int_eq(check(OPERATOR_BADGE, ""), KE_BAD_LENGTH);
}
END_TEST

START_TEST(no_other_code_of_the_line_is_meant_as_a_badge)
{
	static const char *const others[] = {"AA0000016", "AA0000016/L", "KLB-9", "KLB-AAAAAAAAAAAAAAAA",
		"bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
		"bitcoin:KLB-AAAAAAAAAAAAAAAAAAAAAAAA", "klb-AAAAAAAAAAAAAAAAAAAAAAAA", ""};

	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
		ck_assert_msg(!operator_badge_is_meant(others[i]), "%s", others[i]);
	ck_assert(operator_badge_is_meant("KLB-AAAAAAAAAAAAAAAAA"));
	ck_assert_uint_gt(OPERATOR_BADGE_LEN, SERIAL_SIZE - 1);
}
END_TEST

static const struct {
	const char *pin;
	int error;
} pins[] = {
	{"204951", 0}, {"112233", 0}, {"123457", 0}, {"123456789013", 0}, {"100200", KE_OK},
	{"20495", KE_BAD_LENGTH}, {"", KE_BAD_LENGTH}, {"1234567890123", KE_BAD_LENGTH},
	{"20495a", KE_BAD_CHARACTER}, {"20 951", KE_BAD_CHARACTER},
	{"111111", KE_WEAK_PIN}, {"123456", KE_WEAK_PIN}, {"654321", KE_WEAK_PIN},
	{"890123", KE_WEAK_PIN}, {"135791", KE_WEAK_PIN}, {"121212", KE_WEAK_PIN},
	{"123123", KE_WEAK_PIN}, {"12341234", KE_WEAK_PIN}, {"110011", KE_WEAK_PIN},
};

START_TEST(pins_are_judged)
{
	ck_assert_msg(check(OPERATOR_PIN, pins[_i].pin) == pins[_i].error, "%s: %d", pins[_i].pin,
		check(OPERATOR_PIN, pins[_i].pin));
}
END_TEST

START_TEST(what_was_typed_tells_its_kind)
{
	struct secret *one = code_of("KLB-"), *other = code_of("204951");

	ck_assert_int_eq(operator_code_kind(one), OPERATOR_BADGE);
	ck_assert_int_eq(operator_code_kind(other), OPERATOR_PIN);
	secret_free(one);
	secret_free(other);
}
END_TEST

/* As OpenSSL computes them from what the header says. */
START_TEST(hashes_are_those_of_the_header)
{
	static const unsigned char salt[OPERATOR_SALT_LEN] = "0123456789abcde";
	unsigned char ours[OPERATOR_HASH_LEN], theirs[OPERATOR_HASH_LEN], text[64];
	struct secret *code = code_of("KLB-ANYTHING"), *pin = code_of("204951");
	size_t len;

	ck_assert_int_eq(operator_code_hash(ours, OPERATOR_BADGE, code, salt), 0);
	len = (size_t)snprintf((char *)text, sizeof text, "keyline-badge-1");
	memcpy(text + len, salt, sizeof salt);
	memcpy(text + len + sizeof salt, "KLB-ANYTHING", 12);
	ck_assert_int_eq(EVP_Digest(text, len + sizeof salt + 12, theirs, NULL, EVP_sha256(), NULL), 1);
	ck_assert_mem_eq(ours, theirs, sizeof ours);

	ck_assert_int_eq(operator_code_hash(ours, OPERATOR_PIN, pin, salt), 0);
	len = (size_t)snprintf((char *)text, sizeof text, "keyline-pin-1");
	memcpy(text + len, salt, sizeof salt);
	ck_assert_int_eq(EVP_PBE_scrypt("204951", 6, text, len + sizeof salt, 16384, 8, 1, 64 << 20, theirs, sizeof theirs), 1);
	ck_assert_mem_eq(ours, theirs, sizeof ours);
	secret_free(code);
	secret_free(pin);
}
END_TEST

START_TEST(names_of_operators)
{
	ck_assert(operator_name_is_good("anna"));
	ck_assert(operator_name_is_good("anna-2"));
	ck_assert(!operator_name_is_good("none"));
	ck_assert(!operator_name_is_good("Anna"));
	ck_assert(!operator_name_is_good("a/b"));
	ck_assert(!operator_name_is_good(""));
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("operator_code");
	TCase *all = tcase_create("all");

	tcase_add_test(all, a_badge_that_was_made_is_one);
	tcase_add_test(all, a_badge_read_wrongly_is_none);
	tcase_add_test(all, no_other_code_of_the_line_is_meant_as_a_badge);
	tcase_add_loop_test(all, pins_are_judged, 0, sizeof pins / sizeof pins[0]);
	tcase_add_test(all, what_was_typed_tells_its_kind);
	tcase_add_test(all, hashes_are_those_of_the_header);
	tcase_add_test(all, names_of_operators);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}
