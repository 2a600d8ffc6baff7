/* SPDX-License-Identifier: MIT */
/* The encodings that addresses and codes are written in: known answers and bounds. */
#include "harness.h"
#include "proto/base32.h"
#include "proto/base58.h"
#include "proto/bech32.h"
#include "proto/eip55.h"

#include <stdio.h>
#include <string.h>

#define ROWS(table) (int)(sizeof(table) / sizeof(table)[0])

static unsigned char bytes[BASE58_BYTES_MAX + 8];

static size_t
from_hex(const char *hex)
{
	size_t len = strlen(hex) / 2;

	for (size_t i = 0; i < len; i++) {
		unsigned byte;

		ck_assert_int_eq(sscanf(hex + 2 * i, "%2x", &byte), 1);
		bytes[i] = (unsigned char)byte;
	}
	return len;
}

/* Bitcoin Core, src/test/data/base58_encode_decode.json. */
static const struct {
	const char *hex, *text;
} base58_rows[] = {
	{"", ""},
	{"61", "2g"},
	{"626262", "a3gV"},
	{"636363", "aPEr"},
	{"73696d706c792061206c6f6e6720737472696e67", "2cFupjhnEsSn59qHXstmK2ffpLv2"},
	{"00eb15231dfceb60925886b67d065299925915aeb172c06647",
		"1NS17iag9jJgTHD1VXjvLCEnZuQ3rJDE9L"},
	{"516b6fcd0f", "ABnLTmg"},
	{"bf4f89001e670274dd", "3SEo3LWLoPntC"},
	{"572e4794", "3EFU7m"},
	{"ecac89cad93923c02321", "EJDM8drfXA6uyA"},
	{"10c8511e", "Rt5zm"},
	{"00000000000000000000", "1111111111"},
};

START_TEST(base58_known_answers)
{
	size_t len = from_hex(base58_rows[_i].hex);
	const char *expected = base58_rows[_i].text;
	unsigned char back[64];
	char text[64];

	ck_assert_int_eq(base58_encode(text, sizeof text, bytes, len, base58_bitcoin), 0);
	ck_assert_str_eq(text, expected);
	/* Exactly enough room, and one too few. */
	ck_assert_int_eq(
		base58_encode(text, strlen(expected) + 1, bytes, len, base58_bitcoin), 0);
	ck_assert_int_eq(
		base58_encode(text, strlen(expected), bytes, len, base58_bitcoin),
		KE_TOO_LONG);
	ck_assert_int_eq(
		base58_decode(back, len, expected, strlen(expected), base58_bitcoin), 0);
	ck_assert_mem_eq(back, bytes, len);
	ck_assert_int_eq(
		base58_decode(back, len + 1, expected, strlen(expected), base58_bitcoin),
		KE_BAD_LENGTH);
	if (len > 0)
		ck_assert_int_eq(base58_decode(back, len - 1, expected, strlen(expected),
					 base58_bitcoin),
			KE_BAD_LENGTH);
}
END_TEST

START_TEST(base58_all_lengths_come_back)
{
	unsigned char in[BASE58_BYTES_MAX], out[BASE58_BYTES_MAX];
	char text[2 * BASE58_BYTES_MAX];

	for (unsigned fill = 0; fill < 2; fill++) {
		for (size_t len = 0; len <= sizeof in; len++) {
			memset(in, fill ? 0xff : 0, sizeof in);
			ck_assert_int_eq(
				base58_encode(text, sizeof text, in, len, base58_ripple),
				0);
			memset(out, 0x55, sizeof out);
			ck_assert_int_eq(base58_decode(out, len, text, strlen(text),
						 base58_ripple),
				0);
			ck_assert_mem_eq(in, out, len);
		}
	}
}
END_TEST

START_TEST(base58_bounds)
{
	static char text[100000];
	unsigned char out[BASE58_BYTES_MAX + 1];

	ck_assert_int_eq(base58_encode(text, sizeof text, bytes, BASE58_BYTES_MAX + 1,
				 base58_bitcoin),
		KE_TOO_LONG);
	memset(text, 'z', sizeof text);
	ck_assert_int_eq(
		base58_decode(out, BASE58_BYTES_MAX, text, sizeof text, base58_bitcoin),
		KE_BAD_LENGTH);
	ck_assert_int_eq(
		base58_decode(out, BASE58_BYTES_MAX + 1, text, 180, base58_bitcoin),
		KE_BAD_LENGTH);
	memset(text, '1', sizeof text);
	ck_assert_int_eq(
		base58_decode(out, BASE58_BYTES_MAX, text, sizeof text, base58_bitcoin),
		KE_BAD_LENGTH);
	ck_assert_int_eq(
		base58_check_decode(out, 21, "", 0, base58_bitcoin), KE_BAD_LENGTH);
	ck_assert_int_eq(base58_check_encode(text, sizeof text, bytes,
				 BASE58_BYTES_MAX - BASE58_CHECK_LEN + 1, base58_bitcoin),
		KE_TOO_LONG);
	ck_assert_int_eq(
		base58_check_decode(out, BASE58_BYTES_MAX - 3, text, 180, base58_bitcoin),
		KE_BAD_LENGTH);
}
END_TEST

START_TEST(base58_foreign_characters)
{
	static const char *const texts[] = {
		"0", "O", "I", "l", "a b", " a", "a ", "a\n", "\xc3\xa9", "a+b"};
	unsigned char out[8];

	for (int i = 0; i < ROWS(texts); i++)
		for (size_t len = 0; len <= sizeof out; len++)
			ck_assert_int_eq(base58_decode(out, len, texts[i],
						 strlen(texts[i]), base58_bitcoin),
				KE_BAD_CHARACTER);
	ck_assert_int_eq(
		base58_decode(out, 1, "a\0", 2, base58_bitcoin), KE_BAD_CHARACTER);
}
END_TEST

/* One character after the other replaced by each other one: always refused. */
START_TEST(base58_check_finds_any_one_error)
{
	const char right[] = "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2";
	unsigned char payload[21];
	char text[sizeof right];

	ck_assert_int_eq(base58_check_decode(payload, sizeof payload, right,
				 sizeof right - 1, base58_bitcoin),
		0);
	ck_assert_int_eq(base58_check_encode(text, sizeof text, payload, sizeof payload,
				 base58_bitcoin),
		0);
	ck_assert_str_eq(text, right);
	for (size_t at = 0; at + 1 < sizeof right; at++) {
		for (unsigned c = 0; c < 58; c++) {
			int rc;

			memcpy(text, right, sizeof right);
			text[at] = base58_bitcoin[c];
			rc = base58_check_decode(payload, sizeof payload, text,
				sizeof text - 1, base58_bitcoin);
			if (text[at] == right[at])
				ck_assert_int_eq(rc, 0);
			else
				ck_assert(rc == KE_BAD_CHECKSUM || rc == KE_BAD_LENGTH);
		}
	}
}
END_TEST

/* BIP173 and BIP350: valid addresses and the scriptPubKey that they stand for. */
static const struct {
	const char *hrp;
	unsigned version;
	const char *program, *text;
} segwit_rows[] = {
	{"bc", 0, "751e76e8199196d454941c45d1b3a323f1433bd6",
		"bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"},
	{"tb", 0, "1863143c14c5166804bd19203356da136c985678cd4d27a1b8c6329604903262",
		"tb1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3q0sl5k7"},
	{"bc", 1,
		"751e76e8199196d454941c45d1b3a323f1433bd6751e76e8199196d454941c45d1b3a323"
		"f1433bd6",
		"bc1pw508d6qejxtdg4y5r3zarvary0c5xw7kw508d6qejxtdg4y5r3zarvary0c5xw7kt5nd"
		"6"
		"y"},
	{"bc", 16, "751e", "bc1sw50qgdz25j"},
	{"bc", 2, "751e76e8199196d454941c45d1b3a323",
		"bc1zw508d6qejxtdg4y5r3zarvaryvaxxpcs"},
	{"tb", 0, "000000c4a5cad46221b2a187905e5266362b99d5e91c6ce24d165dab93e86433",
		"tb1qqqqqp399et2xygdj5xreqhjjvcmzhxw4aywxecjdzew6hylgvsesrxh6hy"},
	{"tb", 1, "000000c4a5cad46221b2a187905e5266362b99d5e91c6ce24d165dab93e86433",
		"tb1pqqqqp399et2xygdj5xreqhjjvcmzhxw4aywxecjdzew6hylgvsesf3hn0c"},
	{"bc", 1, "79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798",
		"bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0"},
};

START_TEST(segwit_known_answers)
{
	const char *expected = segwit_rows[_i].text;
	size_t len = from_hex(segwit_rows[_i].program);
	char text[96];

	ck_assert_int_eq(bech32_segwit(text, strlen(expected) + 1, segwit_rows[_i].hrp,
				 segwit_rows[_i].version, bytes, len),
		0);
	ck_assert_str_eq(text, expected);
	ck_assert_int_eq(bech32_segwit(text, strlen(expected), segwit_rows[_i].hrp,
				 segwit_rows[_i].version, bytes, len),
		KE_TOO_LONG);
}
END_TEST

START_TEST(segwit_bounds)
{
	char text[128];

	ck_assert_int_eq(
		bech32_segwit(text, sizeof text, "bc", 17, bytes, 32), KE_BAD_ARGUMENT);
	ck_assert_int_eq(
		bech32_segwit(text, sizeof text, "bc", 0, bytes, 21), KE_BAD_ARGUMENT);
	ck_assert_int_eq(
		bech32_segwit(text, sizeof text, "bc", 1, bytes, 1), KE_BAD_ARGUMENT);
	ck_assert_int_eq(
		bech32_segwit(text, sizeof text, "bc", 1, bytes, 41), KE_TOO_LONG);
	ck_assert_int_eq(
		bech32_segwit(text, sizeof text, "BC", 1, bytes, 32), KE_BAD_ARGUMENT);
	ck_assert_int_eq(
		bech32_segwit(text, sizeof text, "", 1, bytes, 32), KE_BAD_ARGUMENT);
	ck_assert_int_eq(
		bech32_bytes(text, sizeof text, "a b", bytes, 20), KE_BAD_ARGUMENT);
	ck_assert_int_eq(bech32_bytes(text, sizeof text, "bnb", bytes, 41), KE_TOO_LONG);
	ck_assert_int_eq(
		bech32_cashaddr(text, sizeof text, "x", 0, bytes, 41, bech32_alphabet),
		KE_TOO_LONG);
}
END_TEST

/* BIP173's shortest: a human-readable part and nothing in it. */
START_TEST(bech32_of_nothing)
{
	char text[16];

	ck_assert_int_eq(bech32_bytes(text, sizeof text, "a", bytes, 0), 0);
	ck_assert_str_eq(text, "a12uel5l");
}
END_TEST

/* The test vectors of the cashaddr specification. */
static const struct {
	const char *prefix;
	unsigned char version;
	const char *hash, *text;
} cashaddr_rows[] = {
	{"bitcoincash", 0x00, "f5bf48b397dae70be82b3cca4793f8eb2b6cdac9",
		"bitcoincash:qr6m7j9njldwwzlg9v7v53unlr4jkmx6eylep8ekg2"},
	{"bchtest", 0x08, "f5bf48b397dae70be82b3cca4793f8eb2b6cdac9",
		"bchtest:pr6m7j9njldwwzlg9v7v53unlr4jkmx6eyvwc0uz5t"},
	{"bitcoincash", 0x01, "7adbf6c17084bc86c1706827b41a56f5ca32865925e946ea",
		"bitcoincash:q9adhakpwzztepkpwp5z0dq62m6u5v5xtyj7j3h2ws4mr9g0"},
};

START_TEST(cashaddr_known_answers)
{
	const char *expected = cashaddr_rows[_i].text;
	size_t len = from_hex(cashaddr_rows[_i].hash);
	char text[96];

	ck_assert_int_eq(
		bech32_cashaddr(text, strlen(expected) + 1, cashaddr_rows[_i].prefix,
			cashaddr_rows[_i].version, bytes, len, bech32_alphabet),
		0);
	ck_assert_str_eq(text, expected);
	ck_assert_int_eq(bech32_cashaddr(text, strlen(expected), cashaddr_rows[_i].prefix,
				 cashaddr_rows[_i].version, bytes, len, bech32_alphabet),
		KE_TOO_LONG);
}
END_TEST

/* RFC 4648 section 10, in small letters and without padding. */
START_TEST(base32_known_answers)
{
	static const char *const expected[] = {
		"", "my", "mzxq", "mzxw6", "mzxw6yq", "mzxw6ytb", "mzxw6ytboi"};
	unsigned char long_one[BASE32_BYTES_MAX + 1] = {0};
	char text[128];

	for (size_t len = 0; len <= 6; len++) {
		const unsigned char *in = (const unsigned char *)"foobar";

		ck_assert_int_eq(
			base32_encode(text, strlen(expected[len]) + 1, in, len), 0);
		ck_assert_str_eq(text, expected[len]);
		ck_assert_int_eq(
			base32_encode(text, strlen(expected[len]), in, len), KE_TOO_LONG);
	}
	ck_assert_int_eq(
		base32_encode(text, sizeof text, long_one, sizeof long_one - 1), 0);
	ck_assert_int_eq(
		base32_encode(text, sizeof text, long_one, sizeof long_one), KE_TOO_LONG);
}
END_TEST

/* EIP-55's own: all capitals, all small, and mixed. */
static const char *const eip55_rows[] = {
	"52908400098527886E0F7030069857D2E4169EE7",
	"8617E340B3D01FA5F11F306F4090FD50E238070D",
	"de709f2102306220921060314715629080e2fb77",
	"27b1fdb04752bbc536007a920d24acb045561c26",
	"5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
	"fB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
	"dbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB",
	"D1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb",
};

START_TEST(eip55_known_answers)
{
	char text[EIP55_LEN + 1];

	from_hex(eip55_rows[_i]);
	eip55_encode(text, bytes);
	ck_assert_str_eq(text, eip55_rows[_i]);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("text");
	TCase *all = tcase_create("all");

	tcase_add_loop_test(all, base58_known_answers, 0, ROWS(base58_rows));
	tcase_add_test(all, base58_all_lengths_come_back);
	tcase_add_test(all, base58_bounds);
	tcase_add_test(all, base58_foreign_characters);
	tcase_add_test(all, base58_check_finds_any_one_error);
	tcase_add_loop_test(all, segwit_known_answers, 0, ROWS(segwit_rows));
	tcase_add_test(all, segwit_bounds);
	tcase_add_test(all, bech32_of_nothing);
	tcase_add_loop_test(all, cashaddr_known_answers, 0, ROWS(cashaddr_rows));
	tcase_add_test(all, base32_known_answers);
	tcase_add_loop_test(all, eip55_known_answers, 0, ROWS(eip55_rows));
	suite_add_tcase(suite, all);
	return harness_run(suite);
}
