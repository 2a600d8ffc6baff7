/* SPDX-License-Identifier: MIT */
#include "proto/address.h"
#include "proto/address_form.h"
#include "proto/base58.h"
#include "proto/bech32.h"
#include "proto/curve.h"

#include <string.h>

static const struct address_coin_row coins[] = {
	/* ticker, form, version bytes, prefix, alphabet */
	{"BTC", address_form_p2pkh, 1, {0x00}, NULL, base58_bitcoin},
	{"BTC_SEGWIT", address_form_segwit, 0, {0}, "bc", NULL},
	{"BCH", address_form_cashaddr, 1, {0x00}, "bitcoincash", bech32_alphabet},
	{"BSV", address_form_p2pkh, 1, {0x00}, NULL, base58_bitcoin},
	{"BCD", address_form_p2pkh, 1, {0x00}, NULL, base58_bitcoin},
	{"BTG", address_form_p2pkh, 1, {0x26}, NULL, base58_bitcoin},
	{"XEC", address_form_cashaddr, 1, {0x00}, "ecash", bech32_alphabet},
	{"LTC", address_form_p2pkh, 1, {0x30}, NULL, base58_bitcoin},
	{"DOGE", address_form_p2pkh, 1, {0x1e}, NULL, base58_bitcoin},
	{"DGB", address_form_p2pkh, 1, {0x1e}, NULL, base58_bitcoin},
	{"DASH", address_form_p2pkh, 1, {0x4c}, NULL, base58_bitcoin},
	{"QTUM", address_form_p2pkh, 1, {0x3a}, NULL, base58_bitcoin},
	{"QTC", address_form_nested_segwit, 1, {0x05}, NULL, base58_bitcoin},
	{"RVN", address_form_p2pkh, 1, {0x3c}, NULL, base58_bitcoin},
	{"ZEC", address_form_p2pkh, 2, {0x1c, 0xb8}, NULL, base58_bitcoin},
	{"XRP", address_form_p2pkh, 1, {0x00}, NULL, base58_ripple},
	{"ETH", address_form_ethereum, 0, {0}, "0x", NULL},
	{"ETC", address_form_ethereum, 0, {0}, "0x", NULL},
	{"BSC", address_form_ethereum, 0, {0}, "0x", NULL},
	{"MATIC", address_form_ethereum, 0, {0}, "0x", NULL},
	{"TRX", address_form_tron, 1, {0x41}, NULL, base58_bitcoin},
	{"CFX", address_form_conflux, 1, {0x00}, "cfx",
		"abcdefghjkmnprstuvwxyz0123456789"},
	{"BNB", address_form_bech32, 0, {0}, "bnb", NULL},
	{"ATOM", address_form_bech32, 0, {0}, "cosmos", NULL},
	{"FIL", address_form_filecoin, 1, {0x01}, "f1", NULL},
};

enum { COINS = sizeof coins / sizeof coins[0] };

static const struct address_coin_row *
find(const char *coin)
{
	for (size_t i = 0; i < COINS; i++)
		if (strcmp(coins[i].coin, coin) == 0)
			return &coins[i];
	return NULL;
}

int
address_encode(char *out, size_t out_size, const char *coin,
	const unsigned char pubkey[ADDRESS_PUBKEY_LEN])
{
	const struct address_coin_row *row = find(coin);
	int rc;

	if (!row)
		return KE_UNKNOWN_COIN;
	rc = curve_check(pubkey);
	return rc == 0 ? row->form(out, out_size, row, pubkey) : rc;
}

const char *
address_coin(size_t index)
{
	return index < COINS ? coins[index].coin : NULL;
}

bool
address_coin_known(const char *coin)
{
	return find(coin) != NULL;
}
