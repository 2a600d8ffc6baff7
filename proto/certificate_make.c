/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "proto/certificate_inner.h"

#include <stdio.h>
#include <string.h>
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/objects.h>
#include <openssl/x509v3.h>
#include "proto/hash.h"

/* A try to sign has the chance of a half. */
enum { VERSION_3 = 2, SERIAL_BITS = 127, SIGN_TRIES = 128 };

/* RFC 5280: a certificate that has no well-defined end. */
static const char no_end[] = "99991231235959Z";

/* A P-256 SubjectPublicKeyInfo is always these bytes and the 64 of its point. */
static const unsigned char spki_start[] = {0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86,
	0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03,
	0x01, 0x07, 0x03, 0x42, 0x00, 0x04};
enum { SPKI_LEN = sizeof spki_start + 64 };

int
certificate_fingerprint_of(char fingerprint[FINGERPRINT_SIZE],
	unsigned char key_id[CERTIFICATE_KEY_ID_LEN], const X509 *x509)
{
	unsigned char spki[SPKI_LEN], hash[HASH_SHA256_LEN], *end = spki;
	const X509_PUBKEY *key = X509_get_X509_PUBKEY(x509);
	int rc;

	if (i2d_X509_PUBKEY(key, NULL) != SPKI_LEN ||
		i2d_X509_PUBKEY(key, &end) != SPKI_LEN ||
		memcmp(spki, spki_start, sizeof spki_start) != 0)
		return KE_BAD_KEY;
	rc = hash_sha256(hash, spki, SPKI_LEN);
	if (rc != 0)
		return rc;
	for (size_t i = 0; i < HASH_SHA256_LEN; i++)
		snprintf(fingerprint + 2 * i, 3, "%02x", hash[i]);
	memcpy(key_id, hash, CERTIFICATE_KEY_ID_LEN);
	return 0;
}

struct certificate_subject
certificate_site_of(const struct certificate_subject *subject)
{
	struct certificate_subject site = *subject;

	site.kind = CERTIFICATE_SITE;
	memset(site.batch, 0, sizeof site.batch);
	return site;
}

X509_NAME *
certificate_name(const struct certificate_subject *subject)
{
	const struct {
		int nid;
		const char *text;
	} parts[] = {
		{NID_organizationName, "Keyline"},
		{NID_organizationalUnitName, use_name(subject->use)},
		{NID_commonName, subject->host},
		{NID_title, certificate_kind_name(subject->kind)},
		{NID_serialNumber, subject->batch[0] ? subject->batch : "-"},
	};
	X509_NAME *name = X509_NAME_new();

	for (size_t i = 0; name && i < sizeof parts / sizeof parts[0]; i++) {
		if (X509_NAME_add_entry_by_NID(name, parts[i].nid, MBSTRING_ASC,
			    (const unsigned char *)parts[i].text, -1, -1, 0) != 1) {
			X509_NAME_free(name);
			return NULL;
		}
	}
	return name;
}

static int
add_constraints(X509 *x509, bool is_site)
{
	BASIC_CONSTRAINTS *constraints = BASIC_CONSTRAINTS_new();
	bool done = constraints != NULL;

	if (done && is_site) {
		constraints->ca = 0xff;
		constraints->pathlen = ASN1_INTEGER_new();
		done = constraints->pathlen &&
		       ASN1_INTEGER_set(constraints->pathlen, 0) == 1;
	}
	done = done && X509_add1_ext_i2d(x509, NID_basic_constraints, constraints, 1,
			       X509V3_ADD_DEFAULT) == 1;
	BASIC_CONSTRAINTS_free(constraints);
	return done ? 0 : KE_NO_MEMORY;
}

static int
add_usage(X509 *x509, bool is_site)
{
	/* Bits of RFC 5280's KeyUsage. */
	enum { DIGITAL_SIGNATURE = 0, KEY_AGREEMENT = 4, KEY_CERT_SIGN = 5 };
	ASN1_BIT_STRING *usage = ASN1_BIT_STRING_new();
	bool done = usage != NULL;

	if (is_site)
		done = done &&
		       ASN1_BIT_STRING_set_bit(usage, DIGITAL_SIGNATURE, 1) == 1 &&
		       ASN1_BIT_STRING_set_bit(usage, KEY_CERT_SIGN, 1) == 1;
	else
		done = done && ASN1_BIT_STRING_set_bit(usage, KEY_AGREEMENT, 1) == 1;
	done = done &&
	       X509_add1_ext_i2d(x509, NID_key_usage, usage, 1, X509V3_ADD_DEFAULT) == 1;
	ASN1_BIT_STRING_free(usage);
	return done ? 0 : KE_NO_MEMORY;
}

static int
add_ids(X509 *x509, const unsigned char *own_id, const unsigned char *issuer_id)
{
	ASN1_OCTET_STRING *own = ASN1_OCTET_STRING_new();
	AUTHORITY_KEYID *issuer = AUTHORITY_KEYID_new();
	bool done = own && issuer;

	if (done)
		issuer->keyid = ASN1_OCTET_STRING_new();
	done = done && issuer->keyid &&
	       ASN1_OCTET_STRING_set(own, own_id, CERTIFICATE_KEY_ID_LEN) == 1 &&
	       ASN1_OCTET_STRING_set(issuer->keyid, issuer_id, CERTIFICATE_KEY_ID_LEN) ==
		       1 &&
	       X509_add1_ext_i2d(x509, NID_subject_key_identifier, own, 0,
		       X509V3_ADD_DEFAULT) == 1 &&
	       X509_add1_ext_i2d(x509, NID_authority_key_identifier, issuer, 0,
		       X509V3_ADD_DEFAULT) == 1;
	ASN1_OCTET_STRING_free(own);
	AUTHORITY_KEYID_free(issuer);
	return done ? 0 : KE_NO_MEMORY;
}

int
certificate_add_extensions(X509 *x509, enum certificate_kind kind,
	const unsigned char own_id[CERTIFICATE_KEY_ID_LEN],
	const unsigned char issuer_id[CERTIFICATE_KEY_ID_LEN])
{
	bool is_site = kind == CERTIFICATE_SITE;
	int rc = add_constraints(x509, is_site);

	if (rc == 0)
		rc = add_usage(x509, is_site);
	return rc == 0 ? add_ids(x509, own_id, issuer_id) : rc;
}

/* A random serial number of the certificate, positive and never 0. */
static int
set_serial(X509 *x509)
{
	BIGNUM *number = BN_new();
	int rc = KE_CRYPTO;

	if (number &&
		BN_rand(number, SERIAL_BITS, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1 &&
		BN_to_ASN1_INTEGER(number, X509_get_serialNumber(x509)))
		rc = 0;
	BN_free(number);
	return rc;
}

static int
set_names(X509 *x509, const struct certificate_subject *subject)
{
	struct certificate_subject site = certificate_site_of(subject);
	X509_NAME *name = certificate_name(subject), *issuer = certificate_name(&site);
	int rc = KE_NO_MEMORY;

	if (name && issuer && X509_set_subject_name(x509, name) == 1 &&
		X509_set_issuer_name(x509, issuer) == 1)
		rc = 0;
	X509_NAME_free(name);
	X509_NAME_free(issuer);
	return rc;
}

/* All of a certificate but its signature; site_id NULL: it is its own issuer. */
static int
fill(X509 *x509, const struct certificate_subject *subject, const struct private_key *key,
	const unsigned char *site_id, int64_t now)
{
	unsigned char own_id[CERTIFICATE_KEY_ID_LEN];
	char fingerprint[FINGERPRINT_SIZE];
	int rc;

	if (X509_set_version(x509, VERSION_3) != 1 ||
		!ASN1_TIME_set(X509_getm_notBefore(x509), (time_t)now) ||
		ASN1_TIME_set_string(X509_getm_notAfter(x509), no_end) != 1 ||
		X509_set_pubkey(x509, private_key_handle(key)) != 1)
		return KE_CRYPTO;
	rc = set_serial(x509);
	if (rc == 0)
		rc = set_names(x509, subject);
	if (rc == 0)
		rc = certificate_fingerprint_of(fingerprint, own_id, x509);
	if (rc == 0)
		rc = certificate_add_extensions(
			x509, subject->kind, own_id, site_id ? site_id : own_id);
	return rc;
}

/* OpenSSL puts the signature in by itself, so it signs anew until the s is low. */
static int
sign(X509 *x509, EVP_PKEY *key)
{
	for (int i = 0; i < SIGN_TRIES; i++) {
		int rc;

		if (X509_sign(x509, key, EVP_sha256()) <= 0)
			return KE_CRYPTO;
		rc = certificate_check_low_s(x509);
		if (rc != KE_HIGH_S)
			return rc == KE_BAD_SIGNATURE ? KE_CRYPTO : rc;
	}
	return KE_CRYPTO;
}

static bool
may_issue(const struct certificate_subject *subject, const struct certificate *site,
	const struct private_key *site_key)
{
	if (subject->kind == CERTIFICATE_SITE)
		return !site && !site_key;
	return site && site_key && site->subject.kind == CERTIFICATE_SITE &&
	       site->subject.use == subject->use &&
	       strcmp(site->subject.host, subject->host) == 0 &&
	       certificate_has_key(site, site_key);
}

int
certificate_make(struct certificate **out, const struct certificate_subject *subject,
	const struct private_key *key, const struct certificate *site,
	const struct private_key *site_key, int64_t now)
{
	X509 *x509;
	int rc;

	*out = NULL;
	if (!certificate_subject_is_valid(subject) || !may_issue(subject, site, site_key))
		return KE_BAD_ARGUMENT;
	x509 = X509_new();
	if (!x509)
		return KE_NO_MEMORY;
	rc = fill(x509, subject, key, site ? site->key_id : NULL, now);
	if (rc == 0)
		rc = sign(x509, private_key_handle(site_key ? site_key : key));
	if (rc != 0) {
		X509_free(x509);
		ERR_clear_error();
		return rc;
	}
	/* What is made goes through the same checks as what comes in. */
	return certificate_wrap(out, x509);
}
