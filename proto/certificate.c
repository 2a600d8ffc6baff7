/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "proto/certificate_inner.h"

#include <stdlib.h>
#include <string.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>

static const char *const kind_names[] = {
	"site", "codes", "confirmations", "passphrases", "stickers"};

enum { KINDS = sizeof kind_names / sizeof kind_names[0] };

const char *
certificate_kind_name(enum certificate_kind kind)
{
	return kind_names[kind];
}

bool
certificate_kind_parse(enum certificate_kind *out, const char *text, size_t len)
{
	for (int kind = 0; kind < KINDS; kind++) {
		if (strlen(kind_names[kind]) == len &&
			!memcmp(kind_names[kind], text, len)) {
			*out = (enum certificate_kind)kind;
			return true;
		}
	}
	return false;
}

bool
certificate_kind_is_per_batch(enum certificate_kind kind)
{
	return kind == CERTIFICATE_PASSPHRASES || kind == CERTIFICATE_STICKERS;
}

bool
certificate_subject_is_valid(const struct certificate_subject *subject)
{
	size_t batch = strnlen(subject->batch, sizeof subject->batch);

	if (!name_is_host(subject->host, strnlen(subject->host, sizeof subject->host)))
		return false;
	return certificate_kind_is_per_batch(subject->kind)
		       ? name_is_batch(subject->batch, batch)
		       : batch == 0;
}

X509 *
certificate_handle(const struct certificate *certificate)
{
	return certificate->x509;
}

const struct certificate_subject *
certificate_subject(const struct certificate *certificate)
{
	return &certificate->subject;
}

const char *
certificate_fingerprint(const struct certificate *certificate)
{
	return certificate->fingerprint;
}

const unsigned char *
certificate_key_id(const struct certificate *certificate)
{
	return certificate->key_id;
}

int64_t
certificate_made(const struct certificate *certificate)
{
	struct tm tm = {0};

	/* Of its form, since it was parsed or made. */
	(void)ASN1_TIME_to_tm(X509_get0_notBefore(certificate->x509), &tm);
	return (int64_t)timegm(&tm);
}

int
certificate_compare_age(const struct certificate *a, const struct certificate *b)
{
	return ASN1_TIME_compare(
		X509_get0_notBefore(a->x509), X509_get0_notBefore(b->x509));
}

bool
certificate_equal(const struct certificate *a, const struct certificate *b)
{
	return X509_cmp(a->x509, b->x509) == 0;
}

bool
certificate_has_key(const struct certificate *certificate, const struct private_key *key)
{
	return EVP_PKEY_eq(
		       X509_get0_pubkey(certificate->x509), private_key_handle(key)) == 1;
}

void
certificate_free(struct certificate *certificate)
{
	if (certificate)
		X509_free(certificate->x509);
	free(certificate);
}

int
certificate_pem(char **out, size_t *len, const struct certificate *certificate)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *bytes = NULL;
	long size;
	int rc = KE_CRYPTO;

	*out = NULL;
	*len = 0;
	if (!bio)
		return KE_NO_MEMORY;
	if (PEM_write_bio_X509(bio, certificate->x509) != 1)
		goto out;
	size = BIO_get_mem_data(bio, &bytes);
	if (size <= 0)
		goto out;
	*out = malloc((size_t)size + 1);
	rc = *out ? 0 : KE_NO_MEMORY;
	if (rc != 0)
		goto out;
	memcpy(*out, bytes, (size_t)size);
	(*out)[size] = '\0';
	*len = (size_t)size;
out:
	BIO_free(bio);
	ERR_clear_error();
	return rc;
}

int
certificate_check_issuer(
	const struct certificate *certificate, const struct certificate *site)
{
	if (site->subject.kind != CERTIFICATE_SITE)
		return KE_WRONG_KIND;
	if (certificate->subject.use != site->subject.use)
		return KE_WRONG_USE;
	if (strcmp(certificate->subject.host, site->subject.host) != 0 ||
		X509_verify(certificate->x509, X509_get0_pubkey(site->x509)) != 1) {
		ERR_clear_error();
		return KE_UNTRUSTED_SIGNER;
	}
	return 0;
}

void
fingerprint_group(char out[FINGERPRINT_GROUPED_SIZE], const char *fingerprint)
{
	for (size_t i = 0; i < FINGERPRINT_SIZE - 1; i++) {
		if (i && i % 4 == 0)
			*out++ = ' ';
		*out++ = fingerprint[i];
	}
	*out = '\0';
}

int
fingerprint_parse(char out[FINGERPRINT_SIZE], const char *text)
{
	static const char hex[] = "0123456789abcdef";
	size_t count = 0;

	for (; *text; text++) {
		char c = *text >= 'A' && *text <= 'F' ? (char)(*text - 'A' + 'a') : *text;

		if (strchr(" :-", c))
			continue;
		if (!strchr(hex, c) || count == FINGERPRINT_SIZE - 1)
			return KE_BAD_FIELD;
		out[count++] = c;
	}
	out[count] = '\0';
	return count == FINGERPRINT_SIZE - 1 ? 0 : KE_BAD_FIELD;
}
