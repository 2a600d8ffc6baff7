/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "proto/cms_seal.h"

#include <stdlib.h>
#include <openssl/cms.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include "proto/scrub.h"
#include "proto/secret_bytes.h"
#include "proto/x509_handle.h"

static int
add_recipient(CMS_ContentInfo *cms, const struct certificate *recipient)
{
	CMS_RecipientInfo *info = CMS_add1_recipient_cert(
		cms, certificate_handle(recipient), CMS_USE_KEYID | CMS_KEY_PARAM);
	EVP_PKEY_CTX *context = info ? CMS_RecipientInfo_get0_pkey_ctx(info) : NULL;

	/* OpenSSL's own default is SHA-1. */
	return context && EVP_PKEY_CTX_set_ecdh_kdf_md(context, EVP_sha256()) > 0
		       ? 0
		       : KE_CRYPTO;
}

/*
 * Writes the secret straight into the cipher.  CMS_final would pass it through a
 * buffer that is freed without being wiped.
 */
static int
encrypt(CMS_ContentInfo *cms, const struct secret *plain)
{
	BIO *chain = CMS_dataInit(cms, NULL);
	int len = (int)secret_len(plain), rc = KE_CRYPTO;

	if (chain && BIO_write(chain, secret_view(plain), len) == len &&
		BIO_flush(chain) == 1 && CMS_dataFinal(cms, chain) == 1)
		rc = 0;
	BIO_free_all(chain);
	return rc;
}

static int
encode(unsigned char **der, size_t *der_len, const CMS_ContentInfo *cms)
{
	int len = i2d_CMS_ContentInfo(cms, NULL);
	unsigned char *end;

	if (len <= 0)
		return KE_CRYPTO;
	if (len > CMS_SEALED_MAX)
		return KE_TOO_LONG;
	*der = end = malloc((size_t)len);
	if (!*der)
		return KE_NO_MEMORY;
	i2d_CMS_ContentInfo(cms, &end);
	*der_len = (size_t)len;
	return 0;
}

int
cms_seal(unsigned char **der, size_t *der_len, const struct secret *plain,
	const struct certificate *recipient)
{
	CMS_ContentInfo *cms;
	int rc;

	*der = NULL;
	*der_len = 0;
	if (certificate_subject(recipient)->kind == CERTIFICATE_SITE)
		return KE_WRONG_KIND;
	if (secret_len(plain) == 0)
		return KE_BAD_LENGTH;
	if (secret_len(plain) > CMS_SEALED_MAX)
		return KE_TOO_LONG;
	cms = CMS_AuthEnvelopedData_create(EVP_aes_256_gcm());
	/* Not detached: without this call the content would be left out. */
	rc = cms && CMS_set_detached(cms, 0) == 1 ? add_recipient(cms, recipient)
						  : KE_NO_MEMORY;
	if (rc == 0)
		rc = encrypt(cms, plain);
	if (rc == 0)
		rc = encode(der, der_len, cms);
	CMS_ContentInfo_free(cms);
	scrub_stack();
	ERR_clear_error();
	return rc;
}
