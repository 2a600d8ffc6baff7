/* SPDX-License-Identifier: MIT */
/* SHA-256, hash160, Keccak-256 and BLAKE2b against published and independent answers. */
#include "harness.h"
#include "proto/blake2b.h"
#include "proto/hash.h"
#include "proto/keccak.h"

#include <stdio.h>
#include <string.h>

static void
assert_hex(const unsigned char *bytes, size_t len, const char *expected)
{
	char hex[2 * BLAKE2B_LEN_MAX + 1] = "";

	for (size_t i = 0; i < len; i++)
		sprintf(hex + 2 * i, "%02x", bytes[i]);
	ck_assert_str_eq(hex, expected);
}

START_TEST(the_library_computes_right)
{
	ck_assert_int_eq(hash_self_check(), 0);
}
END_TEST

START_TEST(sha256_known_answers)
{
	unsigned char out[HASH_SHA256_LEN];
	const struct hash_part parts[] = {{"a", 1}, {NULL, 0}, {"bc", 2}};

	/* FIPS 180-4 examples. */
	ck_assert_int_eq(hash_sha256(out, "abc", 3), 0);
	assert_hex(out, sizeof out,
		"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	memset(out, 0, sizeof out);
	ck_assert_int_eq(hash_sha256_parts(out, parts, 3), 0);
	assert_hex(out, sizeof out,
		"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	ck_assert_int_eq(hash_sha256d(out, "hello", 5), 0);
	assert_hex(out, sizeof out,
		"9595c9df90075148eb06860365df33584b75bff782a510c6cd4883a419833d50");
	ck_assert_int_eq(hash_sha256(out, "", 0), 0);
	assert_hex(out, sizeof out,
		"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}
END_TEST

START_TEST(hash160_known_answer)
{
	unsigned char out[HASH_160_LEN];

	ck_assert_int_eq(hash_160(out, "hello", 5), 0);
	assert_hex(out, sizeof out, "b6a9c8c230722b7c748331a8b450f05566dc7d0f");
}
END_TEST

/* The message 00 01 02 ... of any length up to 300. */
static const unsigned char *
counting(void)
{
	static unsigned char bytes[300];

	for (unsigned i = 0; i < sizeof bytes; i++)
		bytes[i] = (unsigned char)i;
	return bytes;
}

START_TEST(keccak_known_answers)
{
	unsigned char out[KECCAK_256_LEN];

	/* Keccak team's ShortMsgKAT_256 of October 2012, Len = 0 and 8. */
	keccak_256(out, NULL, 0);
	assert_hex(out, sizeof out,
		"c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470");
	keccak_256(out, "\xcc", 1);
	assert_hex(out, sizeof out,
		"eead6dbfc7340a56caedc044696a168870549a6a7f6f56961e84a54bd9970b8a");
	keccak_256(out, "abc", 3);
	assert_hex(out, sizeof out,
		"4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45");
}
END_TEST

/* The hash of the hashes of the first 0..300 counting bytes: every block boundary. */
START_TEST(keccak_all_lengths)
{
	unsigned char out[KECCAK_256_LEN], all[301 * KECCAK_256_LEN];

	for (unsigned len = 0; len <= 300; len++)
		keccak_256(all + len * KECCAK_256_LEN, counting(), len);
	keccak_256(out, all, sizeof all);
	assert_hex(out, sizeof out,
		"e1046957365a9cea621e0c180eb18749f2458b9b6d497a6bada230e0f20de6c4");
}
END_TEST

static const struct {
	const char *in;
	size_t out_len;
	const char *hash;
} blake2b_rows[] = {
	/* RFC 7693 appendix A. */
	{"abc", 64,
		"ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1"
		"7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923"},
	/* The empty message of the BLAKE2 team's known answers. */
	{"", 64,
		"786a02f742015903c6c6fd852552d272912f4740e15847618a86e217f71f5419"
		"d25e1031afee585313896444934eb04b903a685b1448b755d56f701afe9be2ce"},
	{"abc", 20, "384264f676f39536840523f284921cdc68b6846b"},
	{"abc", 4, "63906248"},
	{"abc", 1, "6b"},
};

START_TEST(blake2b_known_answers)
{
	unsigned char out[BLAKE2B_LEN_MAX];

	blake2b(out, blake2b_rows[_i].out_len, blake2b_rows[_i].in,
		strlen(blake2b_rows[_i].in));
	assert_hex(out, blake2b_rows[_i].out_len, blake2b_rows[_i].hash);
}
END_TEST

START_TEST(blake2b_all_lengths)
{
	unsigned char out[BLAKE2B_LEN_MAX], all[301 * 20];

	for (unsigned len = 0; len <= 300; len++)
		blake2b(all + len * 20, 20, counting(), len);
	blake2b(out, 32, all, sizeof all);
	assert_hex(out, 32,
		"dc2072bca36124859e2196d712db9ecbb31ec1a00c1378142c1adac235aa7f93");
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("hash");
	TCase *all = tcase_create("all");

	tcase_add_test(all, the_library_computes_right);
	tcase_add_test(all, sha256_known_answers);
	tcase_add_test(all, hash160_known_answer);
	tcase_add_test(all, keccak_known_answers);
	tcase_add_test(all, keccak_all_lengths);
	tcase_add_loop_test(all, blake2b_known_answers, 0,
		(int)(sizeof blake2b_rows / sizeof blake2b_rows[0]));
	tcase_add_test(all, blake2b_all_lengths);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}
