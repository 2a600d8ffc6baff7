/* SPDX-License-Identifier: MIT */
/* Address forms over the hash160 of the compressed key. */
#include "proto/address_form.h"
#include "proto/base58.h"
#include "proto/bech32.h"
#include "proto/hash.h"

#include <string.h>

static int
encode_base58(char *out, size_t out_size, const struct address_coin_row *row,
	const unsigned char hash[HASH_160_LEN])
{
	unsigned char payload[sizeof row->version + HASH_160_LEN];

	memcpy(payload, row->version, row->version_len);
	memcpy(payload + row->version_len, hash, HASH_160_LEN);
	return base58_check_encode(
		out, out_size, payload, row->version_len + HASH_160_LEN, row->alphabet);
}

int
address_form_p2pkh(char *out, size_t out_size, const struct address_coin_row *row,
	const unsigned char pubkey[ADDRESS_PUBKEY_LEN])
{
	unsigned char hash[HASH_160_LEN];
	int rc = hash_160(hash, pubkey, ADDRESS_PUBKEY_LEN);

	return rc == 0 ? encode_base58(out, out_size, row, hash) : rc;
}

int
address_form_nested_segwit(char *out, size_t out_size, const struct address_coin_row *row,
	const unsigned char pubkey[ADDRESS_PUBKEY_LEN])
{
	/* OP_0 and a push of 20 bytes. */
	unsigned char program[2 + HASH_160_LEN] = {0, HASH_160_LEN};
	unsigned char hash[HASH_160_LEN];
	int rc = hash_160(program + 2, pubkey, ADDRESS_PUBKEY_LEN);

	if (rc == 0)
		rc = hash_160(hash, program, sizeof program);
	return rc == 0 ? encode_base58(out, out_size, row, hash) : rc;
}

int
address_form_segwit(char *out, size_t out_size, const struct address_coin_row *row,
	const unsigned char pubkey[ADDRESS_PUBKEY_LEN])
{
	unsigned char hash[HASH_160_LEN];
	int rc = hash_160(hash, pubkey, ADDRESS_PUBKEY_LEN);

	return rc == 0 ? bech32_segwit(out, out_size, row->prefix, 0, hash, sizeof hash)
		       : rc;
}

int
address_form_bech32(char *out, size_t out_size, const struct address_coin_row *row,
	const unsigned char pubkey[ADDRESS_PUBKEY_LEN])
{
	unsigned char hash[HASH_160_LEN];
	int rc = hash_160(hash, pubkey, ADDRESS_PUBKEY_LEN);

	return rc == 0 ? bech32_bytes(out, out_size, row->prefix, hash, sizeof hash) : rc;
}

int
address_form_cashaddr(char *out, size_t out_size, const struct address_coin_row *row,
	const unsigned char pubkey[ADDRESS_PUBKEY_LEN])
{
	unsigned char hash[HASH_160_LEN];
	int rc = hash_160(hash, pubkey, ADDRESS_PUBKEY_LEN);

	return rc == 0 ? bech32_cashaddr(out, out_size, row->prefix, row->version[0],
				 hash, sizeof hash, row->alphabet)
		       : rc;
}
