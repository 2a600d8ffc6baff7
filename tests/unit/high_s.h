/* SPDX-License-Identifier: MIT */
/* What a carrier without any key can do to an ECDSA P-256 signature: n - s for its s. */
#ifndef KEYLINE_TESTS_HIGH_S_H
#define KEYLINE_TESTS_HIGH_S_H

#include <check.h>
#include <stdint.h>
#include <openssl/bn.h>
#include <openssl/ecdsa.h>

/* The other one of the two signatures; it may stand in a const object of OpenSSL's. */
static inline void
high_s_swap(const ASN1_STRING *signature)
{
	static const char order[] =
		"FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551";
	ASN1_STRING *place = (ASN1_STRING *)(uintptr_t)signature;
	const unsigned char *at = ASN1_STRING_get0_data(signature);
	ECDSA_SIG *pair = d2i_ECDSA_SIG(NULL, &at, ASN1_STRING_length(signature));
	unsigned char *der = NULL;
	BIGNUM *s = NULL;
	int len;

	ck_assert_ptr_nonnull(pair);
	ck_assert_int_gt(BN_hex2bn(&s, order), 0);
	ck_assert_int_eq(BN_sub(s, s, ECDSA_SIG_get0_s(pair)), 1);
	ck_assert_int_eq(ECDSA_SIG_set0(pair, BN_dup(ECDSA_SIG_get0_r(pair)), s), 1);
	len = i2d_ECDSA_SIG(pair, &der);
	ck_assert_int_gt(len, 0);
	ck_assert_int_eq(ASN1_STRING_set(place, der, len), 1);
	OPENSSL_free(der);
	ECDSA_SIG_free(pair);
}

#endif
