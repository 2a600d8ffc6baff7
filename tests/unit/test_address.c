/* SPDX-License-Identifier: MIT */
/* The coin table.  More answers for another key are in tests/vectors/bip38.json. */
#include "harness.h"
#include "proto/address.h"
#include "proto/name.h"

#include <string.h>

/* The public key of the private key 1. */
static const unsigned char g[ADDRESS_PUBKEY_LEN] = {0x02, 0x79, 0xbe, 0x66, 0x7e, 0xf9,
	0xdc, 0xbb, 0xac, 0x55, 0xa0, 0x62, 0x95, 0xce, 0x87, 0x0b, 0x07, 0x02, 0x9b,
	0xfc, 0xdb, 0x2d, 0xce, 0x28, 0xd9, 0x59, 0xf2, 0x81, 0x5b, 0x16, 0xf8, 0x17,
	0x98};

/*
 * BTC, BTC_SEGWIT and the ETH family are widely published for this key; the
 * others come from an independent computation.
 */
static const struct {
	const char *coin, *address;
} rows[] = {
	{"BTC", "1BgGZ9tcN4rm9KBzDn7KprQz87SZ26SAMH"},
	{"BSV", "1BgGZ9tcN4rm9KBzDn7KprQz87SZ26SAMH"},
	{"BCD", "1BgGZ9tcN4rm9KBzDn7KprQz87SZ26SAMH"},
	{"BTC_SEGWIT", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"},
	{"ETH", "0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf"},
	{"ETC", "0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf"},
	{"BSC", "0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf"},
	{"MATIC", "0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf"},
	{"BCH", "bitcoincash:qp63uahgrxged4z5jswyt5dn5v3lzsem6cy4spdc2h"},
	{"XEC", "ecash:qp63uahgrxged4z5jswyt5dn5v3lzsem6cacy2kzvq"},
	{"BTG", "GUXByHDZLvU4DnVH9imSFckt3HEQ5cFgE5"},
	{"LTC", "LVuDpNCSSj6pQ7t9Pv6d6sUkLKoqDEVUnJ"},
	{"DOGE", "DFpN6QqFfUm3gKNaxN6tNcab1FArL9cZLE"},
	{"DGB", "DFpN6QqFfUm3gKNaxN6tNcab1FArL9cZLE"},
	{"DASH", "XmN7PQYWKn5MJFna5fRYgP6mxT2F7xpekE"},
	{"QTUM", "QXHFfTBKYXjaaTH1e7Rox8CcdNPGHVhM59"},
	{"RVN", "RKxTdfmtxtfLDKZBgx6SvNkBtNu9jRYnLh"},
	{"ZEC", "t1UYsZVJkLPeMjxEtACvSxfWuNmddpWfxzs"},
	{"QTC", "3JvL6Ymt8MVWiCNHC7oWU6nLeHNJKLZGLN"},
	{"XRP", "rBgGZ9tc4him9KBzD8fKFiQz3fSZpaSwMH"},
	{"TRX", "TMVQGm1qAQYVdetCeGRRkTWYYrLXuHK2HC"},
	{"CFX", "cfx:aatf8vmwbergwew7n18ntsgcp0jcwsm5563b5sz6hv"},
	{"BNB", "bnb1w508d6qejxtdg4y5r3zarvary0c5xw7kcegkwk"},
	{"ATOM", "cosmos1w508d6qejxtdg4y5r3zarvary0c5xw7k6ah60c"},
	{"FIL", "f1wcuzrs736zqzbbjjdgl2wvyyufuk4pefbymzf2i"},
};

START_TEST(known_answers)
{
	size_t len = strlen(rows[_i].address);
	char address[ADDRESS_SIZE];

	ck_assert_int_eq(address_encode(address, sizeof address, rows[_i].coin, g), 0);
	ck_assert_str_eq(address, rows[_i].address);
	/* Exactly enough room, and every smaller one. */
	ck_assert_int_eq(address_encode(address, len + 1, rows[_i].coin, g), 0);
	for (size_t size = 0; size <= len; size++)
		ck_assert_int_eq(
			address_encode(address, size, rows[_i].coin, g), KE_TOO_LONG);
}
END_TEST

START_TEST(every_coin_has_an_answer_here)
{
	const char *coin;

	for (size_t i = 0; (coin = address_coin(i)) != NULL; i++) {
		size_t known = 0;

		while (known < sizeof rows / sizeof rows[0] &&
			strcmp(rows[known].coin, coin) != 0)
			known++;
		ck_assert_msg(
			known < sizeof rows / sizeof rows[0], "no answer for %s", coin);
		ck_assert(address_coin_known(coin));
		ck_assert(name_is_coin(coin, strlen(coin)));
		for (size_t j = 0; j < i; j++)
			ck_assert_str_ne(coin, address_coin(j));
	}
	ck_assert_ptr_null(address_coin(1000));
}
END_TEST

START_TEST(unknown_coins_and_points)
{
	unsigned char bad[ADDRESS_PUBKEY_LEN] = {2, [32] = 5};
	char address[ADDRESS_SIZE];
	const char *coin;

	ck_assert(!address_coin_known("btc"));
	ck_assert(!address_coin_known(""));
	ck_assert_int_eq(
		address_encode(address, sizeof address, "btc", g), KE_UNKNOWN_COIN);
	for (size_t i = 0; (coin = address_coin(i)) != NULL; i++)
		ck_assert_int_eq(
			address_encode(address, sizeof address, coin, bad), KE_BAD_POINT);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("address");
	TCase *all = tcase_create("all");

	tcase_add_loop_test(all, known_answers, 0, (int)(sizeof rows / sizeof rows[0]));
	tcase_add_test(all, every_coin_has_an_answer_here);
	tcase_add_test(all, unknown_coins_and_points);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}
