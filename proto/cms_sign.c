/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "proto/cms_sign.h"

#include <stdlib.h>
#include <string.h>
#include <openssl/cms.h>
#include <openssl/err.h>
#include "proto/low_s.h"
#include "proto/x509_handle.h"

/* Adds the one signer, with our own signing time so that no clock is read here. */
static int
add_signer(CMS_ContentInfo *cms, const struct certificate *site,
	const struct private_key *key, int64_t now)
{
	ASN1_TIME *time = ASN1_TIME_set(NULL, (time_t)now);
	CMS_SignerInfo *signer = CMS_add1_signer(cms, certificate_handle(site),
		private_key_handle(key), EVP_sha256(), CMS_NOSMIMECAP);
	int rc = KE_CRYPTO;

	if (time && signer &&
		CMS_signed_add1_attr_by_NID(
			signer, NID_pkcs9_signingTime, time->type, time, -1) == 1)
		rc = 0;
	ASN1_TIME_free(time);
	return rc;
}

/* OpenSSL leaves to chance which of the two it makes. */
static int
make_low_s(CMS_ContentInfo *cms)
{
	CMS_SignerInfo *signer = sk_CMS_SignerInfo_value(CMS_get0_SignerInfos(cms), 0);
	ASN1_OCTET_STRING *signature = CMS_SignerInfo_get0_signature(signer);
	unsigned char low[LOW_S_SIZE];
	size_t len;
	int rc = low_s_make(low, &len, ASN1_STRING_get0_data(signature),
		(size_t)ASN1_STRING_length(signature));

	if (rc == 0 && ASN1_OCTET_STRING_set(signature, low, (int)len) != 1)
		rc = KE_NO_MEMORY;
	return rc == KE_BAD_SIGNATURE ? KE_CRYPTO : rc;
}

static int
encode(unsigned char **der, size_t *der_len, const CMS_ContentInfo *cms)
{
	int len = i2d_CMS_ContentInfo(cms, NULL);
	unsigned char *end;

	if (len <= 0)
		return KE_CRYPTO;
	*der = end = malloc((size_t)len);
	if (!*der)
		return KE_NO_MEMORY;
	if (i2d_CMS_ContentInfo(cms, &end) != len) {
		free(*der);
		*der = NULL;
		return KE_CRYPTO;
	}
	*der_len = (size_t)len;
	return 0;
}

int
cms_sign(unsigned char **der, size_t *der_len, const void *content, size_t len,
	const struct certificate *site, const struct private_key *key, int64_t now)
{
	CMS_ContentInfo *cms = NULL;
	BIO *bio = NULL;
	int rc;

	*der = NULL;
	*der_len = 0;
	if (len > CMS_CONTENT_MAX)
		return KE_TOO_LONG;
	if (certificate_subject(site)->kind != CERTIFICATE_SITE)
		return KE_WRONG_KIND;
	if (!certificate_has_key(site, key))
		return KE_BAD_KEY;
	cms = CMS_sign(NULL, NULL, NULL, NULL, CMS_PARTIAL | CMS_BINARY);
	bio = BIO_new_mem_buf(content, (int)len);
	rc = cms && bio ? add_signer(cms, site, key, now) : KE_NO_MEMORY;
	if (rc == 0 && CMS_final(cms, bio, NULL, CMS_BINARY) != 1)
		rc = KE_CRYPTO;
	if (rc == 0)
		rc = make_low_s(cms);
	if (rc == 0)
		rc = encode(der, der_len, cms);
	BIO_free(bio);
	CMS_ContentInfo_free(cms);
	ERR_clear_error();
	return rc;
}
