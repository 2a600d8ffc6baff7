/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "proto/low_s.h"

#include <stdbool.h>
#include <string.h>
#include <openssl/bn.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>

/* n, the order of P-256 (SEC 2, 2.4.2), which is odd, and (n - 1) / 2. */
static const unsigned char order[] = {0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00,
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xbc, 0xe6, 0xfa, 0xad, 0xa7,
	0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51};
static const unsigned char half[] = {0x7f, 0xff, 0xff, 0xff, 0x80, 0x00, 0x00, 0x00, 0x7f,
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xde, 0x73, 0x7d, 0x56, 0xd3, 0x8b,
	0xcf, 0x42, 0x79, 0xdc, 0xe5, 0x61, 0x7e, 0x31, 0x92, 0xa8};

enum { SCALAR_LEN = sizeof order };

/* A number of 1..n-1, big-endian. */
static bool
scalar(unsigned char out[SCALAR_LEN], const BIGNUM *number)
{
	static const unsigned char zero[SCALAR_LEN];

	return !BN_is_negative(number) &&
	       BN_bn2binpad(number, out, SCALAR_LEN) == SCALAR_LEN &&
	       memcmp(out, zero, SCALAR_LEN) != 0 && memcmp(out, order, SCALAR_LEN) < 0;
}

/* Parses, and refuses what DER would write in another way; ECDSA_SIG_free *out. */
static int
parse(ECDSA_SIG **out, unsigned char s[SCALAR_LEN], const unsigned char *der, size_t len)
{
	unsigned char again[LOW_S_SIZE], r[SCALAR_LEN], *end = again;
	const unsigned char *at = der;

	*out = NULL;
	if (len > sizeof again)
		return KE_BAD_SIGNATURE;
	*out = d2i_ECDSA_SIG(NULL, &at, (long)len);
	if (!*out || at != der + len || !scalar(r, ECDSA_SIG_get0_r(*out)) ||
		!scalar(s, ECDSA_SIG_get0_s(*out)))
		return KE_BAD_SIGNATURE;
	/* Two scalars are never longer than again. */
	return i2d_ECDSA_SIG(*out, &end) == (int)len && memcmp(again, der, len) == 0
		       ? 0
		       : KE_BAD_SIGNATURE;
}

static bool
is_high(const unsigned char s[SCALAR_LEN])
{
	return memcmp(s, half, SCALAR_LEN) > 0;
}

int
low_s_check(const unsigned char *der, size_t len)
{
	unsigned char s[SCALAR_LEN];
	ECDSA_SIG *signature;
	int rc = parse(&signature, s, der, len);

	ECDSA_SIG_free(signature);
	ERR_clear_error();
	return rc == 0 && is_high(s) ? KE_HIGH_S : rc;
}

/* Puts n - s in the place of s. */
static int
negate(ECDSA_SIG *signature)
{
	BIGNUM *n = BN_bin2bn(order, SCALAR_LEN, NULL);
	BIGNUM *r = BN_dup(ECDSA_SIG_get0_r(signature));

	if (n && r && BN_sub(n, n, ECDSA_SIG_get0_s(signature)) == 1 &&
		ECDSA_SIG_set0(signature, r, n) == 1)
		return 0;
	BN_free(n);
	BN_free(r);
	return KE_NO_MEMORY;
}

int
low_s_make(unsigned char out[LOW_S_SIZE], size_t *out_len, const unsigned char *der,
	size_t len)
{
	unsigned char s[SCALAR_LEN];
	ECDSA_SIG *signature;
	int rc = parse(&signature, s, der, len), made;

	*out_len = 0;
	if (rc == 0 && is_high(s))
		rc = negate(signature);
	if (rc == 0) {
		made = i2d_ECDSA_SIG(signature, &out);
		rc = made > 0 ? 0 : KE_NO_MEMORY;
		*out_len = made > 0 ? (size_t)made : 0;
	}
	ECDSA_SIG_free(signature);
	ERR_clear_error();
	return rc;
}
