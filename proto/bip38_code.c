/* SPDX-License-Identifier: MIT */
/* The three texts of BIP38: bytes to struct and back. */
#include "proto/bip38.h"
#include "proto/base58.h"
#include "proto/curve.h"
#include "proto/secret_bytes.h"

#include <string.h>
#include <openssl/crypto.h>

/* BIP38: the bytes that make each kind's first characters. */
static const unsigned char intermediate_magic[7] = {
	0x2c, 0xe9, 0xb3, 0xe1, 0xff, 0x39, 0xe2};
static const unsigned char confirmation_magic[5] = {0x64, 0x3b, 0xf6, 0xa8, 0x9a};

enum {
	INTERMEDIATE_BYTES = 49,
	CONFIRMATION_BYTES = 51,
	EPK_BYTES = 39,
	INTERMEDIATE_WITH_LOT = 0x51,
	INTERMEDIATE_WITHOUT_LOT = 0x53,
	EPK_MAGIC = 0x01,
	EPK_NOT_EC = 0x42,
	EPK_EC = 0x43
};

static int
decode_text(unsigned char *payload, size_t payload_len, const char *text, size_t len,
	size_t text_len)
{
	return len == text_len ? base58_check_decode(
					 payload, payload_len, text, len, base58_bitcoin)
			       : KE_BAD_LENGTH;
}

uint32_t
bip38_lot(const struct bip38_owner *owner)
{
	const unsigned char *e = owner->entropy + BIP38_SALT_WITH_LOT_LEN;

	return (uint32_t)e[0] << 12 | (uint32_t)e[1] << 4 | e[2] >> 4;
}

uint32_t
bip38_sequence(const struct bip38_owner *owner)
{
	const unsigned char *e = owner->entropy + BIP38_SALT_WITH_LOT_LEN;

	return (uint32_t)(e[2] & 15) << 8 | e[3];
}

bool
bip38_same_owner(const struct bip38_owner *a, const struct bip38_owner *b)
{
	return a->has_lot == b->has_lot &&
	       memcmp(a->entropy, b->entropy, BIP38_ENTROPY_LEN) == 0;
}

int
bip38_intermediate_decode(struct bip38_intermediate *out, const char *text, size_t len)
{
	unsigned char p[INTERMEDIATE_BYTES];
	int rc = decode_text(p, sizeof p, text, len, BIP38_INTERMEDIATE_LEN);

	if (rc != 0)
		return rc;
	if (memcmp(p, intermediate_magic, sizeof intermediate_magic) != 0)
		return KE_BAD_MAGIC;
	if (p[7] != INTERMEDIATE_WITH_LOT && p[7] != INTERMEDIATE_WITHOUT_LOT)
		return KE_BAD_MAGIC;
	out->owner.has_lot = p[7] == INTERMEDIATE_WITH_LOT;
	memcpy(out->owner.entropy, p + 8, BIP38_ENTROPY_LEN);
	memcpy(out->passpoint, p + 16, BIP38_POINT_LEN);
	return curve_check(out->passpoint);
}

int
bip38_intermediate_encode(
	char out[BIP38_INTERMEDIATE_LEN + 1], const struct bip38_intermediate *in)
{
	unsigned char p[INTERMEDIATE_BYTES];

	memcpy(p, intermediate_magic, sizeof intermediate_magic);
	p[7] = in->owner.has_lot ? INTERMEDIATE_WITH_LOT : INTERMEDIATE_WITHOUT_LOT;
	memcpy(p + 8, in->owner.entropy, BIP38_ENTROPY_LEN);
	memcpy(p + 16, in->passpoint, BIP38_POINT_LEN);
	return base58_check_encode(
		out, BIP38_INTERMEDIATE_LEN + 1, p, sizeof p, base58_bitcoin);
}

static unsigned char
ec_flag(bool compressed, bool has_lot)
{
	return (compressed ? BIP38_FLAG_COMPRESSED : 0) | (has_lot ? BIP38_FLAG_LOT : 0);
}

/* The flags of an EPK with EC multiplication or a confirmation code. */
static int
read_ec_flag(bool *compressed, bool *has_lot, unsigned char flag)
{
	if (flag & ~(BIP38_FLAG_COMPRESSED | BIP38_FLAG_LOT))
		return KE_RESERVED_FLAG;
	*compressed = flag & BIP38_FLAG_COMPRESSED;
	*has_lot = flag & BIP38_FLAG_LOT;
	return 0;
}

int
bip38_confirmation_decode(struct bip38_confirmation *out, const char *text, size_t len)
{
	unsigned char p[CONFIRMATION_BYTES];
	int rc = decode_text(p, sizeof p, text, len, BIP38_CONFIRMATION_LEN);

	if (rc != 0)
		return rc;
	if (memcmp(p, confirmation_magic, sizeof confirmation_magic) != 0)
		return KE_BAD_MAGIC;
	rc = read_ec_flag(&out->compressed, &out->owner.has_lot, p[5]);
	if (rc != 0)
		return rc;
	memcpy(out->addresshash, p + 6, BIP38_HASH_LEN);
	memcpy(out->owner.entropy, p + 10, BIP38_ENTROPY_LEN);
	memcpy(out->encrypted_pointb, p + 18, BIP38_POINT_LEN);
	/* Only the lowest bit of the prefix is masked, so it is still 02 or 03. */
	return (p[18] & ~1) == 2 ? 0 : KE_BAD_POINT;
}

int
bip38_confirmation_encode(
	char out[BIP38_CONFIRMATION_LEN + 1], const struct bip38_confirmation *in)
{
	unsigned char p[CONFIRMATION_BYTES];

	memcpy(p, confirmation_magic, sizeof confirmation_magic);
	p[5] = ec_flag(in->compressed, in->owner.has_lot);
	memcpy(p + 6, in->addresshash, BIP38_HASH_LEN);
	memcpy(p + 10, in->owner.entropy, BIP38_ENTROPY_LEN);
	memcpy(p + 18, in->encrypted_pointb, BIP38_POINT_LEN);
	return base58_check_encode(
		out, BIP38_CONFIRMATION_LEN + 1, p, sizeof p, base58_bitcoin);
}

static int
read_epk(struct bip38_epk *out, const unsigned char p[EPK_BYTES])
{
	int rc = 0;

	memset(out, 0, sizeof *out);
	if (p[0] != EPK_MAGIC || (p[1] != EPK_EC && p[1] != EPK_NOT_EC))
		return KE_BAD_MAGIC;
	out->ec = p[1] == EPK_EC;
	memcpy(out->addresshash, p + 3, BIP38_HASH_LEN);
	if (out->ec) {
		rc = read_ec_flag(&out->compressed, &out->owner.has_lot, p[2]);
		memcpy(out->owner.entropy, p + 7, BIP38_ENTROPY_LEN);
		memcpy(out->encrypted, p + 15, BIP38_EC_PART_LEN);
	} else {
		if ((p[2] & ~BIP38_FLAG_COMPRESSED) != BIP38_FLAG_NOT_EC)
			rc = KE_RESERVED_FLAG;
		out->compressed = p[2] & BIP38_FLAG_COMPRESSED;
		memcpy(out->encrypted, p + 7, BIP38_PART_LEN);
	}
	return rc;
}

int
bip38_epk_decode(struct bip38_epk *out, const char *text, size_t len)
{
	unsigned char p[EPK_BYTES];
	int rc = decode_text(p, sizeof p, text, len, BIP38_EPK_LEN);

	if (rc == 0)
		rc = read_epk(out, p);
	if (rc != 0)
		OPENSSL_cleanse(out, sizeof *out);
	OPENSSL_cleanse(p, sizeof p);
	return rc;
}

int
bip38_epk_decode_secret(struct bip38_epk *out, const struct secret *text)
{
	return bip38_epk_decode(out, (const char *)secret_view(text), secret_len(text));
}

static void
write_epk(unsigned char p[EPK_BYTES], const struct bip38_epk *in)
{
	p[0] = EPK_MAGIC;
	memcpy(p + 3, in->addresshash, BIP38_HASH_LEN);
	if (in->ec) {
		p[1] = EPK_EC;
		p[2] = ec_flag(in->compressed, in->owner.has_lot);
		memcpy(p + 7, in->owner.entropy, BIP38_ENTROPY_LEN);
		memcpy(p + 15, in->encrypted, BIP38_EC_PART_LEN);
	} else {
		p[1] = EPK_NOT_EC;
		p[2] = BIP38_FLAG_NOT_EC | (in->compressed ? BIP38_FLAG_COMPRESSED : 0);
		memcpy(p + 7, in->encrypted, BIP38_PART_LEN);
	}
}

int
bip38_epk_encode(struct secret **out, const struct bip38_epk *in)
{
	unsigned char p[EPK_BYTES];
	int rc;

	*out = secret_new(BIP38_EPK_LEN + 1);
	if (!*out)
		return KE_NO_MEMORY;
	write_epk(p, in);
	rc = base58_check_encode((char *)secret_bytes(*out), BIP38_EPK_LEN + 1, p,
		sizeof p, base58_bitcoin);
	OPENSSL_cleanse(p, sizeof p);
	if (rc == 0)
		rc = secret_set_len(*out, BIP38_EPK_LEN);
	if (rc != 0) {
		secret_free(*out);
		*out = NULL;
	}
	return rc;
}

bool
bip38_epk_agrees(
	const struct bip38_epk *epk, const struct bip38_confirmation *confirmation)
{
	return epk->ec && epk->compressed == confirmation->compressed &&
	       memcmp(epk->addresshash, confirmation->addresshash, BIP38_HASH_LEN) == 0 &&
	       bip38_same_owner(&epk->owner, &confirmation->owner);
}
