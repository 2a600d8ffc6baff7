/* SPDX-License-Identifier: MIT */
/*
 * Keys, certificates and signed and sealed texts, while each call of OpenSSL's that can
 * fail does so in its turn: nothing is taken that was not checked to its end, nothing is
 * given out, and the same goes well the next time.
 */
#include "config.h"
#include "harness.h"
#include "keys.h"
#include "proto/cms_seal.h"
#include "proto/cms_sign.h"
#include "proto/hash.h"
#include "proto/low_s.h"
#include "proto/public_key.h"
#include <openssl/bn.h>
#include <openssl/cms.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/x509.h>

static struct {
	bool on;
	unsigned count, fail_at;
	bool failed;
} faults;

static bool
fault_here(void)
{
	if (!faults.on || ++faults.count != faults.fail_at)
		return false;
	return faults.failed = true;
}

#define WRAP(type, name, arguments, failure, call)                    \
	type __real_##name arguments;                                 \
	type __wrap_##name arguments;                                 \
	type __wrap_##name arguments                                  \
	{                                                             \
		return fault_here() ? (failure) : __real_##name call; \
	}

/* clang-format off */
WRAP(BIGNUM *, BN_secure_new, (void), NULL, ())
WRAP(BIGNUM *, BN_bin2bn, (const unsigned char *s, int len, BIGNUM *out), NULL, (s, len, out))
WRAP(int, BN_bn2binpad, (const BIGNUM *a, unsigned char *to, int len), -1, (a, to, len))
WRAP(BIGNUM *, BN_dup, (const BIGNUM *a), NULL, (a))
WRAP(int, BN_sub, (BIGNUM *r, const BIGNUM *a, const BIGNUM *b), 0, (r, a, b))
WRAP(int, ECDSA_SIG_set0, (ECDSA_SIG *sig, BIGNUM *r, BIGNUM *s), 0, (sig, r, s))
WRAP(int, i2d_ECDSA_SIG, (const ECDSA_SIG *sig, unsigned char **out), -1, (sig, out))
WRAP(int, EVP_PKEY_get_bn_param, (const EVP_PKEY *key, const char *name, BIGNUM **out), 0,
	(key, name, out))
WRAP(int, EVP_PKEY_get_octet_string_param, (const EVP_PKEY *key, const char *name,
	unsigned char *out, size_t size, size_t *len), 0, (key, name, out, size, len))
WRAP(OSSL_PARAM_BLD *, OSSL_PARAM_BLD_new, (void), NULL, ())
WRAP(int, OSSL_PARAM_BLD_push_utf8_string, (OSSL_PARAM_BLD *b, const char *key,
	const char *text, size_t len), 0, (b, key, text, len))
WRAP(int, OSSL_PARAM_BLD_push_BN_pad, (OSSL_PARAM_BLD *b, const char *key,
	const BIGNUM *n, size_t len), 0, (b, key, n, len))
WRAP(int, OSSL_PARAM_BLD_push_octet_string, (OSSL_PARAM_BLD *b, const char *key,
	const void *bytes, size_t len), 0, (b, key, bytes, len))
WRAP(OSSL_PARAM *, OSSL_PARAM_BLD_to_param, (OSSL_PARAM_BLD *b), NULL, (b))
WRAP(EVP_PKEY_CTX *, EVP_PKEY_CTX_new_from_name, (OSSL_LIB_CTX *lib, const char *name,
	const char *query), NULL, (lib, name, query))
WRAP(EVP_PKEY_CTX *, EVP_PKEY_CTX_new, (EVP_PKEY *key, ENGINE *e), NULL, (key, e))
WRAP(int, EVP_PKEY_fromdata_init, (EVP_PKEY_CTX *c), 0, (c))
WRAP(int, EVP_PKEY_fromdata, (EVP_PKEY_CTX *c, EVP_PKEY **out, int what, OSSL_PARAM *p), 0,
	(c, out, what, p))
WRAP(int, EVP_PKEY_check, (EVP_PKEY_CTX *c), 0, (c))
WRAP(EVP_MD_CTX *, EVP_MD_CTX_new, (void), NULL, ())
WRAP(int, EVP_DigestSignInit, (EVP_MD_CTX *c, EVP_PKEY_CTX **p, const EVP_MD *md, ENGINE *e,
	EVP_PKEY *key), 0, (c, p, md, e, key))
WRAP(int, EVP_DigestSign, (EVP_MD_CTX *c, unsigned char *out, size_t *len,
	const unsigned char *text, size_t text_len), 0, (c, out, len, text, text_len))
WRAP(int, EVP_DigestVerifyInit, (EVP_MD_CTX *c, EVP_PKEY_CTX **p, const EVP_MD *md,
	ENGINE *e, EVP_PKEY *key), 0, (c, p, md, e, key))
WRAP(int, hash_sha256, (unsigned char *out, const void *bytes, size_t len), KE_CRYPTO,
	(out, bytes, len))
WRAP(int, X509_NAME_get0_der, (const X509_NAME *name, const unsigned char **der,
	size_t *len), 0, (name, der, len))
WRAP(int, i2d_X509_EXTENSION, (const X509_EXTENSION *x, unsigned char **out), -1, (x, out))
WRAP(X509 *, X509_new, (void), NULL, ())
WRAP(int, i2d_ASN1_INTEGER, (const ASN1_INTEGER *a, unsigned char **out), -1, (a, out))
WRAP(OPENSSL_STACK *, OPENSSL_sk_new_null, (void), NULL, ())
WRAP(int, OPENSSL_sk_push, (OPENSSL_STACK *s, const void *one), 0, (s, one))
WRAP(CMS_ContentInfo *, d2i_CMS_ContentInfo, (CMS_ContentInfo **out,
	const unsigned char **der, long len), NULL, (out, der, len))
WRAP(int, i2d_CMS_ContentInfo, (const CMS_ContentInfo *c, unsigned char **out), -1, (c, out))
WRAP(STACK_OF(X509) *, CMS_get1_certs, (CMS_ContentInfo *c), NULL, (c))
WRAP(struct secret *, secret_new, (size_t capacity), NULL, (capacity))
WRAP(int, secret_append, (struct secret *s, const void *bytes, size_t len), KE_NO_MEMORY,
	(s, bytes, len))
/* clang-format on */

static const char content[] = "keyline,1\nkind,codes\n";
enum { CONTENT_LEN = sizeof content - 1, PEM_MAX = 4096 };

static struct {
	struct keys site, own;
	struct secret *pem, *plain, *opened;
	char *certificate_pem;
	size_t certificate_len;
	struct public_key public;
	unsigned char signature[SIGNATURE_MAX];
	size_t signature_len;
	unsigned char *signed_file, *sealed;
	size_t signed_len, sealed_len;
	unsigned char high[SIGNATURE_MAX];
	size_t high_len;
} b;

static int
generate(void)
{
	struct private_key *key;
	int rc = private_key_generate(&key);

	if (rc == 0)
		rc = private_key_pem(b.opened, key);
	ck_assert(rc == 0 || secret_len(b.opened) == 0);
	private_key_free(key);
	return rc;
}

static int
write_pem(void)
{
	int rc = private_key_pem(b.opened, b.site.key);

	ck_assert(rc == 0 || secret_len(b.opened) == 0);
	return rc;
}

static int
read_pem(void)
{
	struct private_key *key;
	int rc = private_key_parse(&key, b.pem);

	ck_assert_int_eq(rc == 0, key != NULL);
	private_key_free(key);
	return rc;
}

static int
take_public(void)
{
	struct public_key key;

	return public_key_of(&key, b.site.key);
}

static int
read_public(void)
{
	struct public_key key;

	return public_key_read(&key, b.public.der, sizeof b.public.der);
}

static int
sign(void)
{
	unsigned char out[SIGNATURE_MAX];
	size_t len;

	return private_key_sign(out, &len, b.site.key, content, CONTENT_LEN);
}

static int
verify(void)
{
	return public_key_verify(
		&b.public, b.signature, b.signature_len, content, CONTENT_LEN);
}

static int
read_certificate(void)
{
	struct certificate *c;
	int rc = certificate_parse(&c, b.certificate_pem, b.certificate_len);

	ck_assert_int_eq(rc == 0, c != NULL);
	if (rc == 0)
		rc = certificate_check_issuer(c, b.site.certificate);
	certificate_free(c);
	return rc;
}

static int
verify_file(void)
{
	const struct certificate *trusted[] = {b.site.certificate};
	struct cms_signed file;
	int rc = cms_verify(&file, b.signed_file, b.signed_len, trusted, 1);

	ck_assert_int_eq(rc == 0, file.content != NULL);
	return rc;
}

static int
claimed_signer(void)
{
	struct certificate *c;
	int rc = cms_claimed_signer(&c, b.signed_file, b.signed_len);

	ck_assert_int_eq(rc == 0, c != NULL);
	certificate_free(c);
	return rc;
}

static int
open_sealed(void)
{
	int rc = cms_open(b.opened, b.sealed, b.sealed_len, b.own.certificate, b.own.key);

	ck_assert(rc == 0 || secret_len(b.opened) == 0);
	return rc;
}

static int
lower(void)
{
	unsigned char out[LOW_S_SIZE];
	size_t len;
	int rc = low_s_make(out, &len, b.high, b.high_len);

	ck_assert_int_eq(rc == 0, len > 0);
	return rc;
}

static const struct {
	const char *name;
	int (*run)(void);
	unsigned points; /* at least so many */
} acts[] = {{"generate", generate, 6}, {"write_pem", write_pem, 5},
	{"read_pem", read_pem, 10}, {"take_public", take_public, 2},
	{"read_public", read_public, 3}, {"sign", sign, 3}, {"verify", verify, 4},
	{"read_certificate", read_certificate, 8}, {"verify_file", verify_file, 6},
	{"claimed_signer", claimed_signer, 3}, {"open_sealed", open_sealed, 1},
	{"lower", lower, 3}};

static void
make(void)
{
	ck_assert_ptr_nonnull(b.pem = secret_new(PEM_MAX));
	ck_assert_ptr_nonnull(b.plain = secret_new(PEM_MAX));
	ck_assert_ptr_nonnull(b.opened = secret_new(PEM_MAX));
	b.site = keys_make("us-gen", CERTIFICATE_SITE, "", USE_TEST, NULL);
	b.own = keys_make("us-gen", CERTIFICATE_CODES, "", USE_TEST, &b.site);
	ck_assert_int_eq(private_key_pem(b.pem, b.site.key), 0);
	ck_assert_int_eq(certificate_pem(&b.certificate_pem, &b.certificate_len,
				 b.own.certificate),
		0);
	ck_assert_int_eq(public_key_of(&b.public, b.site.key), 0);
	ck_assert_int_eq(private_key_sign(b.signature, &b.signature_len, b.site.key,
				 content, CONTENT_LEN),
		0);
	ck_assert_int_eq(cms_sign(&b.signed_file, &b.signed_len, content, CONTENT_LEN,
				 b.site.certificate, b.site.key, KEYS_NOW),
		0);
	ck_assert_int_eq(secret_append(b.plain, content, CONTENT_LEN), 0);
	ck_assert_int_eq(
		cms_seal(&b.sealed, &b.sealed_len, b.plain, b.own.certificate), 0);
	/* OpenSSL makes no difference: every second one is high. */
	do {
		ck_assert_int_eq(private_key_sign(b.high, &b.high_len, b.site.key,
					 content, CONTENT_LEN),
			0);
	} while (low_s_check(b.high, b.high_len) != KE_HIGH_S);
}

static void
drop(void)
{
	free(b.sealed);
	free(b.signed_file);
	free(b.certificate_pem);
	keys_free(&b.own);
	keys_free(&b.site);
	secret_free(b.opened);
	secret_free(b.plain);
	secret_free(b.pem);
}

START_TEST(each_call_fails)
{
	make();
	for (size_t i = 0; i < sizeof acts / sizeof acts[0]; i++) {
		unsigned n = 0;
		int rc;

		do {
			memset(&faults, 0, sizeof faults);
			faults.fail_at = ++n;
			faults.on = true;
			rc = acts[i].run();
			faults.on = false;
			ck_assert_msg((rc != 0) == faults.failed, "%s, point %u: %s",
				acts[i].name, n, error_name(rc));
			rc = acts[i].run();
			ck_assert_msg(rc == 0, "%s, after point %u: %s", acts[i].name, n,
				error_name(rc));
		} while (faults.failed);
		ck_assert_msg(n > acts[i].points, "%s: %u points", acts[i].name, n - 1);
	}
	drop();
}
END_TEST

/* A text with one character put in before text[at]. */
static const char *
with(const char *text, size_t at, char c)
{
	static char out[CERTIFICATE_PEM_MAX];

	(void)snprintf(out, sizeof out, "%.*s%c%s", (int)at, text, c, text + at);
	return out;
}

/* Lines may end in CRLF, as mail makes them; a return alone ends none. */
START_TEST(a_return_stands_before_a_line_feed)
{
	char pem[PUBLIC_KEY_PEM_MAX];
	const size_t line_end = strlen("-----BEGIN PUBLIC KEY-----");
	const size_t other_end = strlen("-----BEGIN CERTIFICATE-----");
	const char *text;
	struct public_key key;
	struct certificate *c;

	make();
	public_key_pem(pem, &b.public);
	text = with(pem, line_end, '\r');
	ck_assert_int_eq(public_key_parse_pem(&key, text, strlen(text)), 0);
	ck_assert_str_eq(key.fingerprint, b.public.fingerprint);
	text = with(pem, line_end + 5, '\r');
	ck_assert_int_ne(public_key_parse_pem(&key, text, strlen(text)), 0);
	text = with(pem, strlen(pem), '\r');
	ck_assert_int_ne(public_key_parse_pem(&key, text, strlen(text)), 0);
	text = with(b.certificate_pem, other_end, '\r');
	ck_assert_int_eq(certificate_parse(&c, text, strlen(text)), 0);
	ck_assert(certificate_equal(c, b.own.certificate));
	certificate_free(c);
	text = with(b.certificate_pem, other_end + 5, '\r');
	ck_assert_int_ne(certificate_parse(&c, text, strlen(text)), 0);
	text = with(b.certificate_pem, b.certificate_len, '\r');
	ck_assert_int_ne(certificate_parse(&c, text, strlen(text)), 0);
	drop();
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("crypto_faults");
	TCase *all = tcase_create("all");

	tcase_set_timeout(all, 60);
	tcase_add_test(all, each_call_fails);
	tcase_add_test(all, a_return_stands_before_a_line_feed);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}
