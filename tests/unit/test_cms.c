/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "harness.h"
#include "high_s.h"
#include "keys.h"
#include "proto/cms_seal.h"
#include "proto/cms_sign.h"
#include "proto/low_s.h"
#include "proto/secret_bytes.h"
#include "proto/x509_handle.h"
#include <openssl/cms.h>
#include <openssl/ec.h>
#include <pthread.h>

static const char content[] = "keyline,1\nkind,codes\n";
enum { CONTENT_LEN = sizeof content - 1 };

static struct keys site, other, codes, codes2;

static void
make_keys(void)
{
	site = keys_make("us-gen", CERTIFICATE_SITE, "", USE_TEST, NULL);
	other = keys_make("cn-mint", CERTIFICATE_SITE, "", USE_TEST, NULL);
	codes = keys_make("cn-mint", CERTIFICATE_CODES, "", USE_TEST, &other);
	codes2 = keys_make("cn-mint", CERTIFICATE_CODES, "", USE_TEST, &other);
}

static void
free_keys(void)
{
	keys_free(&codes2);
	keys_free(&codes);
	keys_free(&other);
	keys_free(&site);
}

static int
verify(struct cms_signed *out, const unsigned char *der, size_t len)
{
	const struct certificate *trusted[] = { other.certificate, site.certificate };

	return cms_verify(out, der, len, trusted, 2);
}

static unsigned char *
signed_file(size_t *len)
{
	unsigned char *der;

	ck_assert_int_eq(cms_sign(&der, len, content, CONTENT_LEN, site.certificate,
				 site.key, KEYS_NOW),
		0);
	return der;
}

START_TEST(signed_is_verified)
{
	struct certificate *claimed;
	struct cms_signed file;
	size_t len;
	unsigned char *der = signed_file(&len);

	ck_assert_int_eq(verify(&file, der, len), 0);
	ck_assert_ptr_eq(file.signer, site.certificate);
	ck_assert_uint_eq(file.len, CONTENT_LEN);
	ck_assert_mem_eq(file.content, content, CONTENT_LEN);
	/* It stands in the file itself. */
	ck_assert(file.content > (char *)der && file.content < (char *)der + len);
	ck_assert_int_eq(cms_claimed_signer(&claimed, der, len), 0);
	ck_assert(certificate_equal(claimed, site.certificate));
	certificate_free(claimed);
	free(der);
}
END_TEST

START_TEST(no_bit_of_a_signed_file_may_change)
{
	struct cms_signed file;
	size_t len;
	unsigned char *der = signed_file(&len);
	/* Light: one bit of each seventh byte, another each time. */
	const unsigned bits = harness_stride(8);

	for (size_t i = 0; i < len; i += harness_stride(7)) {
		for (unsigned bit = 1U << (i % bits); bit < 256; bit <<= bits) {
			der[i] ^= (unsigned char)bit;
			ck_assert_msg(verify(&file, der, len) != 0, "byte %zu bit %u", i,
				bit);
			ck_assert_ptr_null(file.content);
			der[i] ^= (unsigned char)bit;
		}
	}
	for (size_t i = 0; i < len; i += harness_stride(7))
		ck_assert_int_ne(verify(&file, der, i), 0);
	free(der);
}
END_TEST

START_TEST(nothing_follows_a_signed_file)
{
	struct cms_signed file;
	size_t len;
	unsigned char *der = signed_file(&len), *longer = malloc(len + 1);

	memcpy(longer, der, len);
	longer[len] = 0;
	ck_assert_int_eq(verify(&file, longer, len + 1), KE_BAD_CMS);
	free(longer);
	free(der);
}
END_TEST

START_TEST(only_trusted_sites_sign)
{
	const struct certificate *trusted[] = { other.certificate, codes.certificate };
	struct cms_signed file;
	size_t len;
	unsigned char *der = signed_file(&len), *bad;

	ck_assert_int_eq(cms_verify(&file, der, len, trusted, 2), KE_UNTRUSTED_SIGNER);
	ck_assert_int_eq(cms_verify(&file, der, len, trusted, 0), KE_UNTRUSTED_SIGNER);
	ck_assert_int_eq(cms_sign(&bad, &len, content, CONTENT_LEN, codes.certificate,
				 codes.key, KEYS_NOW),
		KE_WRONG_KIND);
	ck_assert_int_eq(cms_sign(&bad, &len, content, CONTENT_LEN, site.certificate,
				 other.key, KEYS_NOW),
		KE_BAD_KEY);
	free(der);
}
END_TEST

/* The signature in a file, borrowed from *cms, which CMS_ContentInfo_free frees. */
static ASN1_OCTET_STRING *
signature_in(CMS_ContentInfo **cms, const unsigned char *der, size_t len)
{
	*cms = d2i_CMS_ContentInfo(NULL, &der, (long)len);
	ck_assert_ptr_nonnull(*cms);
	return CMS_SignerInfo_get0_signature(
		sk_CMS_SignerInfo_value(CMS_get0_SignerInfos(*cms), 0));
}

START_TEST(what_is_signed_has_a_low_s)
{
	for (int i = 0; i < 32; i++) {
		size_t len;
		unsigned char *der = signed_file(&len);
		CMS_ContentInfo *cms;
		const ASN1_OCTET_STRING *signature = signature_in(&cms, der, len);

		ck_assert_int_eq(low_s_check(ASN1_STRING_get0_data(signature),
					 (size_t)ASN1_STRING_length(signature)),
			0);
		CMS_ContentInfo_free(cms);
		free(der);
	}
}
END_TEST

START_TEST(no_carrier_makes_another_file_of_it)
{
	struct cms_signed file;
	size_t len;
	unsigned char *der = signed_file(&len), *other_der = NULL;
	CMS_ContentInfo *cms;
	int other_len;

	high_s_swap(signature_in(&cms, der, len));
	other_len = i2d_CMS_ContentInfo(cms, &other_der);
	ck_assert_int_gt(other_len, 0);
	ck_assert_int_eq(verify(&file, other_der, (size_t)other_len), KE_HIGH_S);
	ck_assert_ptr_null(file.content);
	OPENSSL_free(other_der);
	CMS_ContentInfo_free(cms);
	free(der);
}
END_TEST

/* OpenSSL leaves it to chance. */
static void
make_low(CMS_SignerInfo *signer)
{
	ASN1_OCTET_STRING *signature = CMS_SignerInfo_get0_signature(signer);
	unsigned char low[LOW_S_SIZE];
	size_t len;

	ck_assert_int_eq(low_s_make(low, &len, ASN1_STRING_get0_data(signature),
				 (size_t)ASN1_STRING_length(signature)),
		0);
	ck_assert_int_eq(ASN1_OCTET_STRING_set(signature, low, (int)len), 1);
}

/* A signed file as OpenSSL makes it with other settings. */
static unsigned char *
foreign(size_t *len, unsigned flags, const EVP_MD *md, int signers)
{
	CMS_ContentInfo *cms = CMS_sign(NULL, NULL, NULL, NULL, CMS_PARTIAL | flags);
	BIO *bio = BIO_new_mem_buf(content, CONTENT_LEN);
	unsigned char *der = NULL;
	int n;

	for (int i = 0; i < signers; i++) {
		const struct keys *k = i ? &other : &site;

		ck_assert_ptr_nonnull(CMS_add1_signer(cms,
			certificate_handle(k->certificate), private_key_handle(k->key), md,
			flags));
	}
	ck_assert_int_eq(CMS_final(cms, bio, NULL, flags | CMS_BINARY), 1);
	make_low(sk_CMS_SignerInfo_value(CMS_get0_SignerInfos(cms), 0));
	n = i2d_CMS_ContentInfo(cms, &der);
	ck_assert_int_gt(n, 0);
	*len = (size_t)n;
	BIO_free(bio);
	CMS_ContentInfo_free(cms);
	return der;
}

START_TEST(other_signed_forms_are_refused)
{
	struct cms_signed file;
	unsigned char *der;
	size_t len;
	const struct {
		unsigned flags;
		const EVP_MD *md;
		int signers;
		int code;
	} cases[] = {
		{ CMS_BINARY | CMS_NOSMIMECAP, EVP_sha256(), 1, 0 },
		{ CMS_BINARY, EVP_sha256(), 1, KE_BAD_CMS },
		{ CMS_BINARY | CMS_NOATTR, EVP_sha256(), 1, KE_BAD_CMS },
		{ CMS_BINARY | CMS_NOSMIMECAP, EVP_sha1(), 1, KE_BAD_CMS },
		{ CMS_BINARY | CMS_NOSMIMECAP, EVP_sha384(), 1, KE_BAD_CMS },
		{ CMS_BINARY | CMS_NOSMIMECAP, EVP_sha256(), 2, KE_BAD_CMS },
		{ CMS_BINARY | CMS_NOSMIMECAP | CMS_NOCERTS, EVP_sha256(), 1, KE_BAD_CMS },
		{ CMS_BINARY | CMS_NOSMIMECAP | CMS_DETACHED, EVP_sha256(), 1, KE_BAD_CMS },
		{ CMS_BINARY | CMS_NOSMIMECAP | CMS_USE_KEYID, EVP_sha256(), 1, KE_BAD_CMS },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		int rc;

		der = foreign(&len, cases[i].flags, cases[i].md, cases[i].signers);
		rc = verify(&file, der, len);
		ck_assert_msg(rc == cases[i].code, "case %zu: %s", i, error_name(rc));
		OPENSSL_free(der);
	}
}
END_TEST

START_TEST(a_file_has_its_limit)
{
	struct cms_signed file;
	unsigned char *der;
	size_t len;
	char *big = calloc(1, CMS_CONTENT_MAX + 1);

	ck_assert_int_eq(cms_sign(&der, &len, big, CMS_CONTENT_MAX + 1, site.certificate,
				 site.key, KEYS_NOW),
		KE_TOO_LONG);
	ck_assert_int_eq(verify(&file, (unsigned char *)big, CMS_FILE_MAX + 1), KE_TOO_LONG);
	free(big);
}
END_TEST

static const char plain_text[] = "passphrases,US-1,AA000001K,0123-4567-89AB-CDEF-GHIJ";
enum { PLAIN_LEN = sizeof plain_text - 1 };

static unsigned char *
sealed_row(size_t *len)
{
	struct secret *plain = secret_new(PLAIN_LEN);
	unsigned char *der;

	ck_assert_int_eq(secret_set(plain, plain_text, PLAIN_LEN), 0);
	ck_assert_int_eq(cms_seal(&der, len, plain, codes.certificate), 0);
	secret_free(plain);
	return der;
}

START_TEST(sealed_is_opened)
{
	struct secret *out = secret_new(256), *exact = secret_new(PLAIN_LEN);
	size_t len;
	unsigned char *der = sealed_row(&len);

	ck_assert_int_eq(cms_open(out, der, len, codes.certificate, codes.key), 0);
	ck_assert_uint_eq(secret_len(out), PLAIN_LEN);
	ck_assert_mem_eq(secret_view(out), plain_text, PLAIN_LEN);
	ck_assert_int_eq(cms_open(exact, der, len, codes.certificate, codes.key), 0);
	ck_assert(secret_equal(out, exact));
	secret_free(out);
	secret_free(exact);
	free(der);
}
END_TEST

START_TEST(sealed_needs_its_key_and_room)
{
	struct secret *out = secret_new(256), *small = secret_new(PLAIN_LEN - 1);
	unsigned char *none;
	size_t len, none_len;
	unsigned char *der = sealed_row(&len);

	ck_assert_int_eq(cms_open(out, der, len, codes2.certificate, codes2.key),
		KE_WRONG_RECIPIENT);
	ck_assert_int_eq(
		cms_open(out, der, len, codes.certificate, codes2.key), KE_CANNOT_OPEN);
	ck_assert_int_eq(
		cms_open(small, der, len, codes.certificate, codes.key), KE_TOO_LONG);
	ck_assert_uint_eq(secret_len(small), 0);
	ck_assert_int_eq(
		cms_seal(&none, &none_len, out, codes.certificate), KE_BAD_LENGTH);
	ck_assert_int_eq(secret_set(out, "x", 1), 0);
	ck_assert_int_eq(cms_seal(&none, &none_len, out, site.certificate), KE_WRONG_KIND);
	secret_free(out);
	secret_free(small);
	free(der);
}
END_TEST

START_TEST(no_bit_of_a_sealed_row_may_change)
{
	static const unsigned char zero[256];
	struct secret *out = secret_new(256);
	size_t len;
	unsigned char *der = sealed_row(&len), *longer = malloc(len + 1);
	/* Light: one bit of each seventh byte, another each time. */
	const unsigned bits = harness_stride(8);

	for (size_t i = 0; i < len; i += harness_stride(7)) {
		for (unsigned bit = 1U << (i % bits); bit < 256; bit <<= bits) {
			der[i] ^= (unsigned char)bit;
			ck_assert_msg(cms_open(out, der, len, codes.certificate,
					      codes.key) != 0,
				"byte %zu bit %u", i, bit);
			ck_assert_uint_eq(secret_len(out), 0);
			ck_assert_mem_eq(secret_view(out), zero, sizeof zero);
			der[i] ^= (unsigned char)bit;
		}
	}
	for (size_t i = 0; i < len; i += harness_stride(7))
		ck_assert_int_ne(cms_open(out, der, i, codes.certificate, codes.key), 0);
	memcpy(longer, der, len);
	longer[len] = 0;
	ck_assert_int_eq(
		cms_open(out, longer, len + 1, codes.certificate, codes.key), KE_BAD_CMS);
	free(longer);
	free(der);
	secret_free(out);
}
END_TEST

/* A sealed row as OpenSSL makes it with other settings. */
static unsigned char *
foreign_sealed(size_t *len, const EVP_CIPHER *cipher, const EVP_MD *kdf, int recipients,
	unsigned flags)
{
	CMS_ContentInfo *cms =
		CMS_encrypt(NULL, NULL, cipher, CMS_PARTIAL | CMS_BINARY);
	BIO *bio = BIO_new_mem_buf(plain_text, PLAIN_LEN);
	unsigned char *der = NULL;
	int n;

	for (int i = 0; i < recipients; i++) {
		CMS_RecipientInfo *info = CMS_add1_recipient_cert(cms,
			certificate_handle(i ? codes2.certificate : codes.certificate),
			flags | CMS_KEY_PARAM);

		ck_assert_ptr_nonnull(info);
		ck_assert_int_gt(EVP_PKEY_CTX_set_ecdh_kdf_md(
					 CMS_RecipientInfo_get0_pkey_ctx(info), kdf),
			0);
	}
	ck_assert_int_eq(CMS_final(cms, bio, NULL, CMS_BINARY), 1);
	n = i2d_CMS_ContentInfo(cms, &der);
	ck_assert_int_gt(n, 0);
	*len = (size_t)n;
	BIO_free(bio);
	CMS_ContentInfo_free(cms);
	return der;
}

START_TEST(other_sealed_forms_are_refused)
{
	struct secret *out = secret_new(256);
	const struct {
		const EVP_CIPHER *cipher;
		const EVP_MD *kdf;
		int recipients;
		unsigned flags;
		int code;
	} cases[] = {
		{ EVP_aes_256_gcm(), EVP_sha256(), 1, CMS_USE_KEYID, 0 },
		{ EVP_aes_256_gcm(), EVP_sha1(), 1, CMS_USE_KEYID, KE_BAD_CMS },
		{ EVP_aes_256_gcm(), EVP_sha384(), 1, CMS_USE_KEYID, KE_BAD_CMS },
		{ EVP_aes_128_gcm(), EVP_sha256(), 1, CMS_USE_KEYID, KE_BAD_CMS },
		{ EVP_aes_256_cbc(), EVP_sha256(), 1, CMS_USE_KEYID, KE_BAD_CMS },
		{ EVP_aes_256_gcm(), EVP_sha256(), 2, CMS_USE_KEYID, KE_BAD_CMS },
		{ EVP_aes_256_gcm(), EVP_sha256(), 1, 0, KE_BAD_CMS },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		size_t len;
		unsigned char *der = foreign_sealed(&len, cases[i].cipher, cases[i].kdf,
			cases[i].recipients, cases[i].flags);
		int rc = cms_open(out, der, len, codes.certificate, codes.key);

		ck_assert_msg(rc == cases[i].code, "case %zu: %s", i, error_name(rc));
		OPENSSL_free(der);
	}
	secret_free(out);
}
END_TEST

/* Plain data and signed data are no sealed rows, sealed rows no signed files. */
START_TEST(kinds_of_cms_do_not_mix)
{
	BIO *bio = BIO_new_mem_buf(plain_text, PLAIN_LEN);
	CMS_ContentInfo *cms = CMS_data_create(bio, CMS_BINARY);
	struct secret *out = secret_new(256);
	unsigned char *der = NULL;
	struct cms_signed file;
	size_t len;
	int n = i2d_CMS_ContentInfo(cms, &der);

	ck_assert_int_gt(n, 0);
	ck_assert_int_eq(
		cms_open(out, der, (size_t)n, codes.certificate, codes.key), KE_BAD_CMS);
	ck_assert_int_eq(verify(&file, der, (size_t)n), KE_BAD_CMS);
	OPENSSL_free(der);
	der = sealed_row(&len);
	ck_assert_int_eq(verify(&file, der, len), KE_BAD_CMS);
	free(der);
	der = signed_file(&len);
	ck_assert_int_eq(
		cms_open(out, der, len, codes.certificate, codes.key), KE_BAD_CMS);
	free(der);
	BIO_free(bio);
	CMS_ContentInfo_free(cms);
	secret_free(out);
}
END_TEST

/* What a thread leaves on its stack, which is ours to look at when it has ended. */
enum { STACK_LEN = 1 << 20 };

struct leaving {
	unsigned char *der;
	size_t len;
	struct secret *out;
	int rc;
};

static void *
opens(void *state)
{
	struct leaving *l = state;

	l->rc = cms_open(l->out, l->der, l->len, codes.certificate, codes.key);
	return NULL;
}

static void *
seals(void *state)
{
	struct leaving *l = state;

	l->rc = cms_seal(&l->der, &l->len, l->out, codes.certificate);
	return NULL;
}

static void *
leaks(void *state)
{
	/* Deep enough not to be overwritten when the thread ends. */
	volatile char copy[8192];

	for (size_t i = 0; i < PLAIN_LEN; i++)
		copy[i] = plain_text[i];
	((struct leaving *)state)->rc = copy[0] != plain_text[0];
	return NULL;
}

/* How many 8-byte windows of the plain text stand on the stack after fn. */
static unsigned
left_by(void *(*fn)(void *), struct leaving *l)
{
	unsigned char *stack = NULL;
	pthread_attr_t attr;
	unsigned found = 0;
	pthread_t thread;

	ck_assert_int_eq(posix_memalign((void **)&stack, 4096, STACK_LEN), 0);
	memset(stack, 0, STACK_LEN);
	ck_assert_int_eq(pthread_attr_init(&attr), 0);
	ck_assert_int_eq(pthread_attr_setstack(&attr, stack, STACK_LEN), 0);
	ck_assert_int_eq(pthread_create(&thread, &attr, fn, l), 0);
	ck_assert_int_eq(pthread_join(thread, NULL), 0);
	ck_assert_int_eq(l->rc, 0);
	for (size_t i = 0; i + 8 <= STACK_LEN; i++)
		for (size_t j = 0; j + 8 <= PLAIN_LEN && stack[i]; j++)
			found += memcmp(stack + i, plain_text + j, 8) == 0;
	pthread_attr_destroy(&attr);
	free(stack);
	return found;
}

START_TEST(nothing_stays_on_the_stack)
{
	struct leaving l = { .out = secret_new(256) };

	/* The search itself finds what is there. */
	ck_assert_uint_gt(left_by(leaks, &l), 0);
	l.der = sealed_row(&l.len);
	ck_assert_uint_eq(left_by(opens, &l), 0);
	free(l.der);
	ck_assert_uint_eq(left_by(seals, &l), 0);
	free(l.der);
	secret_free(l.out);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("cms");
	TCase *all = tcase_create("all");

	tcase_add_unchecked_fixture(all, make_keys, free_keys);
	tcase_set_timeout(all, 60);
	tcase_add_test(all, signed_is_verified);
	tcase_add_test(all, no_bit_of_a_signed_file_may_change);
	tcase_add_test(all, nothing_follows_a_signed_file);
	tcase_add_test(all, only_trusted_sites_sign);
	tcase_add_test(all, what_is_signed_has_a_low_s);
	tcase_add_test(all, no_carrier_makes_another_file_of_it);
	tcase_add_test(all, other_signed_forms_are_refused);
	tcase_add_test(all, a_file_has_its_limit);
	tcase_add_test(all, sealed_is_opened);
	tcase_add_test(all, sealed_needs_its_key_and_room);
	tcase_add_test(all, no_bit_of_a_sealed_row_may_change);
	tcase_add_test(all, other_sealed_forms_are_refused);
	tcase_add_test(all, kinds_of_cms_do_not_mix);
	/* It reads a dead stack, which is what valgrind is there to find. */
	if (!harness_light())
		tcase_add_test(all, nothing_stays_on_the_stack);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}
