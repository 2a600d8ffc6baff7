/* SPDX-License-Identifier: MIT */
#include "harness.h"
#include "high_s.h"
#include "keys.h"
#include "proto/private_key_inner.h"
#include "proto/secret_bytes.h"
#include "proto/x509_handle.h"
#include <openssl/pem.h>

START_TEST(key_goes_through_its_text)
{
	struct secret *pem = secret_new(PRIVATE_KEY_PEM_LEN);
	struct secret *again = secret_new(PRIVATE_KEY_PEM_LEN);
	struct private_key *a, *b;
	EVP_PKEY *theirs;
	BIO *bio;

	ck_assert_int_eq(private_key_generate(&a), 0);
	ck_assert_int_eq(private_key_pem(pem, a), 0);
	ck_assert_uint_eq(secret_len(pem), PRIVATE_KEY_PEM_LEN);
	ck_assert_int_eq(private_key_parse(&b, pem), 0);
	ck_assert_int_eq(private_key_pem(again, b), 0);
	ck_assert(secret_equal(pem, again));
	/* OpenSSL's own reader takes it, too. */
	bio = BIO_new_mem_buf(secret_view(pem), PRIVATE_KEY_PEM_LEN);
	theirs = PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL);
	ck_assert_ptr_nonnull(theirs);
	EVP_PKEY_free(theirs);
	BIO_free(bio);
	private_key_free(a);
	private_key_free(b);
	secret_free(pem);
	secret_free(again);
}
END_TEST

/* The same point, as OpenSSL would take it, too (SEC 1, 2.3.3). */
START_TEST(a_point_has_one_form)
{
	struct secret *der = secret_new(PRIVATE_KEY_DER_LEN);
	unsigned char *point;
	struct private_key *key, *again;

	ck_assert_int_eq(private_key_generate(&key), 0);
	ck_assert_int_eq(private_key_der(der, key), 0);
	ck_assert_int_eq(private_key_from_der(&again, der), 0);
	private_key_free(again);
	point = secret_bytes(der) + PRIVATE_KEY_DER_LEN - 65;
	ck_assert_uint_eq(*point, 0x04);
	*point = 0x06 | (point[64] & 1);
	ck_assert_int_eq(private_key_from_der(&again, der), KE_BAD_KEY);
	ck_assert_ptr_null(again);
	private_key_free(key);
	secret_free(der);
}
END_TEST

START_TEST(no_byte_of_a_key_may_change)
{
	struct secret *pem = secret_new(PRIVATE_KEY_PEM_LEN + 1);
	struct private_key *key, *bad;

	ck_assert_int_eq(private_key_generate(&key), 0);
	ck_assert_int_eq(private_key_pem(pem, key), 0);
	for (size_t i = 0; i < PRIVATE_KEY_PEM_LEN; i += harness_stride(7)) {
		secret_bytes(pem)[i] ^= 1;
		ck_assert_int_eq(private_key_parse(&bad, pem), KE_BAD_KEY);
		ck_assert_ptr_null(bad);
		secret_bytes(pem)[i] ^= 1;
	}
	ck_assert_int_eq(secret_append(pem, "\n", 1), 0);
	ck_assert_int_eq(private_key_parse(&bad, pem), KE_BAD_KEY);
	secret_clear(pem);
	ck_assert_int_eq(private_key_parse(&bad, pem), KE_BAD_KEY);
	private_key_free(key);
	secret_free(pem);
}
END_TEST

START_TEST(certificate_goes_through_its_text)
{
	static const struct {
		enum certificate_kind kind;
		const char *batch;
	} cases[] = {
		{ CERTIFICATE_SITE, "" },
		{ CERTIFICATE_CODES, "" },
		{ CERTIFICATE_CONFIRMATIONS, "" },
		{ CERTIFICATE_PASSPHRASES, "US-2026-118" },
		{ CERTIFICATE_STICKERS, "US-2026-118" },
	};
	struct keys site = keys_make("cn-mint", CERTIFICATE_SITE, "", USE_TEST, NULL);

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const struct keys *by = i ? &site : NULL;
		struct keys k = keys_make(
			"cn-mint", cases[i].kind, cases[i].batch, USE_TEST, by);
		const struct certificate_subject *subject;
		struct certificate *again;
		size_t len;
		char *pem;

		ck_assert_int_eq(certificate_pem(&pem, &len, k.certificate), 0);
		ck_assert_int_eq(certificate_parse(&again, pem, len), 0);
		subject = certificate_subject(again);
		ck_assert_int_eq(subject->kind, cases[i].kind);
		ck_assert_int_eq(subject->use, USE_TEST);
		ck_assert_str_eq(subject->host, "cn-mint");
		ck_assert_str_eq(subject->batch, cases[i].batch);
		ck_assert_str_eq(certificate_fingerprint(again),
			certificate_fingerprint(k.certificate));
		ck_assert(certificate_equal(again, k.certificate));
		ck_assert_int_eq(
			certificate_check_issuer(again, i ? site.certificate : again), 0);
		certificate_free(again);
		free(pem);
		keys_free(&k);
	}
	keys_free(&site);
}
END_TEST

START_TEST(no_byte_of_a_certificate_may_change)
{
	struct keys site = keys_make("us-gen", CERTIFICATE_SITE, "", USE_PRODUCTION, NULL);
	struct keys codes =
		keys_make("us-gen", CERTIFICATE_CODES, "", USE_PRODUCTION, &site);
	const struct keys *both[] = { &site, &codes };

	for (int k = 0; k < 2; k++) {
		struct certificate *again;
		size_t len;
		char *pem;

		ck_assert_int_eq(certificate_pem(&pem, &len, both[k]->certificate), 0);
		for (size_t i = 0; i < len; i += harness_stride(7)) {
			int rc;

			pem[i] ^= 2;
			rc = certificate_parse(&again, pem, len);
			/* The signature of an issued one is its issuer's to check. */
			if (rc == 0)
				rc = certificate_check_issuer(again, site.certificate);
			ck_assert_msg(rc != 0, "certificate %d byte %zu", k, i);
			certificate_free(again);
			pem[i] ^= 2;
		}
		free(pem);
	}
	keys_free(&codes);
	keys_free(&site);
}
END_TEST

/* What certificate_parse says of it with the other s in its signature. */
static int
parse_swapped(const struct certificate *certificate)
{
	X509 *swapped = X509_dup(certificate_handle(certificate));
	BIO *bio = BIO_new(BIO_s_mem());
	const ASN1_BIT_STRING *signature;
	struct certificate *again;
	char *pem;
	long len;
	int rc;

	X509_get0_signature(&signature, NULL, swapped);
	high_s_swap(signature);
	ck_assert_int_eq(PEM_write_bio_X509(bio, swapped), 1);
	len = BIO_get_mem_data(bio, &pem);
	rc = certificate_parse(&again, pem, (size_t)len);
	certificate_free(again);
	BIO_free(bio);
	X509_free(swapped);
	return rc;
}

START_TEST(no_carrier_makes_another_certificate_of_it)
{
	/* One that is high by chance would be taken as it was made, and swapped. */
	for (int i = 0; i < 16; i++) {
		struct keys site =
			keys_make("us-gen", CERTIFICATE_SITE, "", USE_TEST, NULL);
		struct keys codes =
			keys_make("us-gen", CERTIFICATE_CODES, "", USE_TEST, &site);

		ck_assert_int_eq(parse_swapped(site.certificate), KE_HIGH_S);
		ck_assert_int_eq(parse_swapped(codes.certificate), KE_HIGH_S);
		keys_free(&codes);
		keys_free(&site);
	}
}
END_TEST

START_TEST(nothing_stands_beside_a_certificate)
{
	struct keys site = keys_make("us-gen", CERTIFICATE_SITE, "", USE_TEST, NULL);
	static const char encrypted[] =
		"-----BEGIN CERTIFICATE-----\nProc-Type: 4,ENCRYPTED\n"
		"DEK-Info: AES-128-CBC,00000000000000000000000000000000\n\n"
		"AAAAAAAAAAAAAAAAAAAAAA==\n-----END CERTIFICATE-----\n";
	char text[2 * CERTIFICATE_PEM_MAX], *pem;
	struct certificate *again;
	size_t len, crlf = 0;

	ck_assert_int_eq(certificate_pem(&pem, &len, site.certificate), 0);
	memcpy(text, pem, len);
	memcpy(text + len, "\n", 2);
	ck_assert_int_eq(certificate_parse(&again, text, len + 1), KE_BAD_KEY);
	memcpy(text + len, pem, len);
	ck_assert_int_eq(certificate_parse(&again, text, 2 * len), KE_BAD_KEY);
	text[0] = ' ';
	memcpy(text + 1, pem, len);
	ck_assert_int_eq(certificate_parse(&again, text, len + 1), KE_BAD_KEY);
	ck_assert_int_eq(certificate_parse(&again, pem, len - 1), KE_BAD_KEY);
	ck_assert_int_eq(certificate_parse(&again, pem, 0), KE_BAD_KEY);
	memset(text, 'A', sizeof text);
	ck_assert_int_eq(certificate_parse(&again, text, sizeof text), KE_TOO_LONG);
	ck_assert_int_eq(
		certificate_parse(&again, encrypted, strlen(encrypted)), KE_BAD_KEY);
	/* A mailer's CRLF does no harm. */
	for (size_t i = 0; i < len; i++) {
		if (pem[i] == '\n')
			text[crlf++] = '\r';
		text[crlf++] = pem[i];
	}
	ck_assert_int_eq(certificate_parse(&again, text, crlf), 0);
	certificate_free(again);
	free(pem);
	keys_free(&site);
}
END_TEST

START_TEST(an_issuer_is_its_own_site)
{
	struct keys site = keys_make("us-gen", CERTIFICATE_SITE, "", USE_TEST, NULL);
	struct keys same = keys_make("us-gen", CERTIFICATE_SITE, "", USE_TEST, NULL);
	struct keys host = keys_make("us-etch", CERTIFICATE_SITE, "", USE_TEST, NULL);
	struct keys use = keys_make("us-gen", CERTIFICATE_SITE, "", USE_PRODUCTION, NULL);
	struct keys codes = keys_make("us-gen", CERTIFICATE_CODES, "", USE_TEST, &site);

	ck_assert_int_eq(certificate_check_issuer(codes.certificate, site.certificate), 0);
	ck_assert_int_eq(certificate_check_issuer(codes.certificate, same.certificate),
		KE_UNTRUSTED_SIGNER);
	ck_assert_int_eq(certificate_check_issuer(codes.certificate, host.certificate),
		KE_UNTRUSTED_SIGNER);
	ck_assert_int_eq(
		certificate_check_issuer(codes.certificate, use.certificate), KE_WRONG_USE);
	ck_assert_int_eq(certificate_check_issuer(codes.certificate, codes.certificate),
		KE_WRONG_KIND);
	keys_free(&codes);
	keys_free(&use);
	keys_free(&host);
	keys_free(&same);
	keys_free(&site);
}
END_TEST

START_TEST(wrong_subjects_are_not_made)
{
	static const struct certificate_subject bad[] = {
		{ USE_TEST, CERTIFICATE_SITE, "", "" },
		{ USE_TEST, CERTIFICATE_SITE, "US", "" },
		{ USE_TEST, CERTIFICATE_SITE, "us", "B-1" },
		{ USE_TEST, CERTIFICATE_CODES, "us", "" },
	};
	struct certificate *certificate;
	struct private_key *key;

	ck_assert_int_eq(private_key_generate(&key), 0);
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		ck_assert_int_eq(certificate_make(&certificate, &bad[i], key, NULL, NULL,
					 KEYS_NOW),
			KE_BAD_ARGUMENT);
	private_key_free(key);
}
END_TEST

START_TEST(fingerprints_are_read_as_typed)
{
	struct keys site = keys_make("us-gen", CERTIFICATE_SITE, "", USE_TEST, NULL);
	const char *fingerprint = certificate_fingerprint(site.certificate);
	char grouped[FINGERPRINT_GROUPED_SIZE], again[FINGERPRINT_SIZE], upper[80];

	ck_assert_uint_eq(strlen(fingerprint), 64);
	fingerprint_group(grouped, fingerprint);
	ck_assert_uint_eq(strlen(grouped), 79);
	ck_assert_int_eq(grouped[4], ' ');
	ck_assert_int_eq(fingerprint_parse(again, grouped), 0);
	ck_assert_str_eq(again, fingerprint);
	for (size_t i = 0; i < sizeof upper; i++) {
		upper[i] = grouped[i] == ' ' ? ':' : grouped[i];
		if (upper[i] >= 'a' && upper[i] <= 'f')
			upper[i] = (char)(upper[i] - 'a' + 'A');
	}
	ck_assert_int_eq(fingerprint_parse(again, upper), 0);
	ck_assert_str_eq(again, fingerprint);
	ck_assert_int_eq(fingerprint_parse(again, ""), KE_BAD_FIELD);
	ck_assert_int_eq(fingerprint_parse(again, fingerprint + 1), KE_BAD_FIELD);
	memcpy(upper, fingerprint, 64);
	memcpy(upper + 64, "0", 2);
	ck_assert_int_eq(fingerprint_parse(again, upper), KE_BAD_FIELD);
	upper[63] = 'g';
	upper[64] = '\0';
	ck_assert_int_eq(fingerprint_parse(again, upper), KE_BAD_FIELD);
	keys_free(&site);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("certificate");
	TCase *all = tcase_create("all");

	tcase_set_timeout(all, 60);
	tcase_add_test(all, key_goes_through_its_text);
	tcase_add_test(all, a_point_has_one_form);
	tcase_add_test(all, no_byte_of_a_key_may_change);
	tcase_add_test(all, certificate_goes_through_its_text);
	tcase_add_test(all, no_byte_of_a_certificate_may_change);
	tcase_add_test(all, no_carrier_makes_another_certificate_of_it);
	tcase_add_test(all, nothing_stands_beside_a_certificate);
	tcase_add_test(all, an_issuer_is_its_own_site);
	tcase_add_test(all, wrong_subjects_are_not_made);
	tcase_add_test(all, fingerprints_are_read_as_typed);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}
