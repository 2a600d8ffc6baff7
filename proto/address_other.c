/* SPDX-License-Identifier: MIT */
/* Address forms over the two coordinates: Ethereum and its kin, Filecoin. */
#include "proto/address_form.h"
#include "proto/base32.h"
#include "proto/base58.h"
#include "proto/bech32.h"
#include "proto/blake2b.h"
#include "proto/curve.h"
#include "proto/eip55.h"
#include "proto/keccak.h"

#include <string.h>

enum { ACCOUNT_LEN = EIP55_BYTES };

/* The last 20 bytes of Keccak-256 of x and y. */
static int
account(unsigned char out[ACCOUNT_LEN], const unsigned char pubkey[ADDRESS_PUBKEY_LEN])
{
	unsigned char point[CURVE_LONG_POINT_LEN], hash[KECCAK_256_LEN];
	int rc = curve_expand(point, pubkey);

	if (rc != 0)
		return rc;
	keccak_256(hash, point + 1, sizeof point - 1);
	memcpy(out, hash + sizeof hash - ACCOUNT_LEN, ACCOUNT_LEN);
	return 0;
}

int
address_form_ethereum(char *out, size_t out_size, const struct address_coin_row *row,
	const unsigned char pubkey[ADDRESS_PUBKEY_LEN])
{
	size_t prefix_len = strlen(row->prefix);
	unsigned char bytes[ACCOUNT_LEN];
	int rc = account(bytes, pubkey);

	if (rc != 0)
		return rc;
	if (out_size < prefix_len + EIP55_LEN + 1)
		return KE_TOO_LONG;
	memcpy(out, row->prefix, prefix_len);
	eip55_encode(out + prefix_len, bytes);
	return 0;
}

int
address_form_tron(char *out, size_t out_size, const struct address_coin_row *row,
	const unsigned char pubkey[ADDRESS_PUBKEY_LEN])
{
	unsigned char payload[1 + ACCOUNT_LEN] = {row->version[0]};
	int rc = account(payload + 1, pubkey);

	return rc == 0 ? base58_check_encode(
				 out, out_size, payload, sizeof payload, row->alphabet)
		       : rc;
}

int
address_form_conflux(char *out, size_t out_size, const struct address_coin_row *row,
	const unsigned char pubkey[ADDRESS_PUBKEY_LEN])
{
	unsigned char bytes[ACCOUNT_LEN];
	int rc = account(bytes, pubkey);

	if (rc != 0)
		return rc;
	bytes[0] = (bytes[0] & 0x0f) | 0x10;
	return bech32_cashaddr(out, out_size, row->prefix, row->version[0], bytes,
		sizeof bytes, row->alphabet);
}

int
address_form_filecoin(char *out, size_t out_size, const struct address_coin_row *row,
	const unsigned char pubkey[ADDRESS_PUBKEY_LEN])
{
	/* Protocol, payload, checksum over both; the protocol is not in the base32. */
	enum { SUM_LEN = 4 };
	unsigned char bytes[1 + ACCOUNT_LEN + SUM_LEN] = {row->version[0]};
	unsigned char point[CURVE_LONG_POINT_LEN];
	size_t prefix_len = strlen(row->prefix);
	int rc = curve_expand(point, pubkey);

	if (rc != 0)
		return rc;
	if (out_size <= prefix_len)
		return KE_TOO_LONG;
	blake2b(bytes + 1, ACCOUNT_LEN, point, sizeof point);
	blake2b(bytes + 1 + ACCOUNT_LEN, SUM_LEN, bytes, 1 + ACCOUNT_LEN);
	memcpy(out, row->prefix, prefix_len);
	return base32_encode(
		out + prefix_len, out_size - prefix_len, bytes + 1, sizeof bytes - 1);
}
