/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "proto/certificate_inner.h"

#include <stdlib.h>
#include <string.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/objects.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include "proto/low_s.h"

/* Whether a name is, byte by byte, that of a subject. */
static bool
name_is(const X509_NAME *name, const struct certificate_subject *subject)
{
	X509_NAME *expected = certificate_name(subject);
	const unsigned char *a, *b;
	size_t a_len, b_len;
	bool same = expected && X509_NAME_get0_der(name, &a, &a_len) == 1 &&
		    X509_NAME_get0_der(expected, &b, &b_len) == 1 && a_len == b_len &&
		    memcmp(a, b, a_len) == 0;

	X509_NAME_free(expected);
	return same;
}

/* One part of a name as text; its exact form is checked by name_is. */
static size_t
part_of(char *out, size_t size, const X509_NAME *name, int nid)
{
	int at = X509_NAME_get_index_by_NID(name, nid, -1);
	const ASN1_STRING *string;
	size_t len;

	memset(out, 0, size);
	if (at < 0)
		return 0;
	string = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at));
	len = (size_t)ASN1_STRING_length(string);
	if (len >= size)
		return 0;
	memcpy(out, ASN1_STRING_get0_data(string), len);
	return len;
}

static int
read_subject(struct certificate_subject *out, const X509_NAME *name)
{
	char word[16];
	size_t len;

	memset(out, 0, sizeof *out);
	len = part_of(word, sizeof word, name, NID_organizationalUnitName);
	if (!use_parse(&out->use, word, len))
		return KE_BAD_KEY;
	len = part_of(word, sizeof word, name, NID_title);
	if (!certificate_kind_parse(&out->kind, word, len))
		return KE_BAD_KEY;
	part_of(out->host, sizeof out->host, name, NID_commonName);
	part_of(out->batch, sizeof out->batch, name, NID_serialNumber);
	if (strcmp(out->batch, "-") == 0)
		memset(out->batch, 0, sizeof out->batch);
	return certificate_subject_is_valid(out) && name_is(name, out) ? 0 : KE_BAD_KEY;
}

static bool
extension_equal(X509_EXTENSION *a, X509_EXTENSION *b)
{
	unsigned char *a_der = NULL, *b_der = NULL;
	int a_len = i2d_X509_EXTENSION(a, &a_der), b_len = i2d_X509_EXTENSION(b, &b_der);
	bool same = a_len > 0 && a_len == b_len && !memcmp(a_der, b_der, (size_t)a_len);

	OPENSSL_free(a_der);
	OPENSSL_free(b_der);
	return same;
}

/* Whether the extensions are the very ones that we would have made. */
static int
check_extensions(const struct certificate *c)
{
	const ASN1_OCTET_STRING *issuer_id = X509_get0_authority_key_id(c->x509);
	X509 *expected = X509_new();
	int rc = expected ? 0 : KE_NO_MEMORY;

	if (rc == 0 &&
		(!issuer_id || ASN1_STRING_length(issuer_id) != CERTIFICATE_KEY_ID_LEN))
		rc = KE_BAD_KEY;
	if (rc == 0)
		rc = certificate_add_extensions(expected, c->subject.kind, c->key_id,
			ASN1_STRING_get0_data(issuer_id));
	if (rc == 0 && X509_get_ext_count(c->x509) != X509_get_ext_count(expected))
		rc = KE_BAD_KEY;
	for (int i = 0; rc == 0 && i < X509_get_ext_count(expected); i++)
		if (!extension_equal(X509_get_ext(c->x509, i), X509_get_ext(expected, i)))
			rc = KE_BAD_KEY;
	X509_free(expected);
	return rc;
}

int
certificate_check_low_s(const X509 *x509)
{
	const ASN1_BIT_STRING *signature;

	X509_get0_signature(&signature, NULL, x509);
	return low_s_check(
		ASN1_STRING_get0_data(signature), (size_t)ASN1_STRING_length(signature));
}

static int
check_form(struct certificate *c)
{
	struct certificate_subject site;
	int rc;

	if (X509_get_version(c->x509) != X509_VERSION_3 ||
		X509_get_signature_nid(c->x509) != NID_ecdsa_with_SHA256 ||
		!X509_get0_pubkey(c->x509))
		return KE_BAD_KEY;
	rc = certificate_fingerprint_of(c->fingerprint, c->key_id, c->x509);
	if (rc == 0)
		rc = read_subject(&c->subject, X509_get_subject_name(c->x509));
	if (rc != 0)
		return rc;
	site = certificate_site_of(&c->subject);
	if (!name_is(X509_get_issuer_name(c->x509), &site))
		return KE_BAD_KEY;
	if (c->subject.kind == CERTIFICATE_SITE &&
		X509_verify(c->x509, X509_get0_pubkey(c->x509)) != 1)
		return KE_BAD_KEY;
	rc = certificate_check_low_s(c->x509);
	if (rc != 0)
		return rc == KE_BAD_SIGNATURE ? KE_BAD_KEY : rc;
	return check_extensions(c);
}

int
certificate_wrap(struct certificate **out, X509 *x509)
{
	struct certificate *c = calloc(1, sizeof *c);
	int rc;

	*out = NULL;
	if (!c) {
		X509_free(x509);
		return KE_NO_MEMORY;
	}
	c->x509 = x509;
	rc = check_form(c);
	ERR_clear_error();
	if (rc == 0)
		*out = c;
	else
		certificate_free(c);
	return rc;
}

/* Copies text without the CR of CRLF; returns the new length. */
static size_t
copy_lines(char *out, const char *in, size_t len)
{
	size_t kept = 0;

	for (size_t i = 0; i < len; i++)
		if (in[i] != '\r' || i + 1 == len || in[i + 1] != '\n')
			out[kept++] = in[i];
	return kept;
}

/* OpenSSL would ask at the terminal for the password of an encrypted block. */
static int
no_password(char *out, int size, int is_writing, void *state)
{
	(void)out, (void)size, (void)is_writing, (void)state;
	return -1;
}

int
certificate_parse(struct certificate **out, const char *pem, size_t len)
{
	char text[CERTIFICATE_PEM_MAX], *again;
	size_t again_len;
	X509 *x509 = NULL;
	BIO *bio;
	int rc;

	*out = NULL;
	if (len > sizeof text)
		return KE_TOO_LONG;
	len = copy_lines(text, pem, len);
	bio = BIO_new_mem_buf(text, (int)len);
	if (bio)
		x509 = PEM_read_bio_X509(bio, NULL, no_password, NULL);
	BIO_free(bio);
	ERR_clear_error();
	if (!x509)
		return bio ? KE_BAD_KEY : KE_NO_MEMORY;
	rc = certificate_wrap(out, x509);
	if (rc != 0)
		return rc;
	/* Nothing before, behind or between that our own writer would not write. */
	rc = certificate_pem(&again, &again_len, *out);
	if (rc == 0 && (again_len != len || memcmp(again, text, len) != 0))
		rc = KE_BAD_KEY;
	free(again);
	if (rc != 0) {
		certificate_free(*out);
		*out = NULL;
	}
	return rc;
}
