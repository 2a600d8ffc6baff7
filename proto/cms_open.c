/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "proto/cms_seal.h"

#include <string.h>
#include <openssl/cms.h>
#include <openssl/err.h>
#include "proto/cms_sealed_form.h"
#include "proto/scrub.h"
#include "proto/secret_bytes.h"
#include "proto/x509_handle.h"

/*
 * Reads the content straight into locked memory, up to its end: only there OpenSSL
 * checks the tag.  What was read before is nothing until the tag was right.
 */
static int
decrypt(struct secret *out, CMS_ContentInfo *cms)
{
	BIO *chain = CMS_dataInit(cms, NULL);
	size_t room = secret_capacity(out), len = 0;
	unsigned char more;
	int got = 1, rc = KE_CANNOT_OPEN;

	if (!chain)
		return rc;
	while (got > 0 && len < room) {
		got = BIO_read(chain, secret_bytes(out) + len, (int)(room - len));
		len += got > 0 ? (size_t)got : 0;
	}
	if (got > 0)
		got = BIO_read(chain, &more, 1);
	if (got > 0)
		rc = KE_TOO_LONG;
	else if (got == 0 && BIO_get_cipher_status(chain) == 1)
		rc = secret_set_len(out, len);
	OPENSSL_cleanse(&more, sizeof more);
	BIO_free_all(chain);
	return rc;
}

/* Whether OpenSSL failed for want of memory, and not over what it was given. */
static bool
lacked_memory(void)
{
	unsigned long error;

	while ((error = ERR_get_error()) != 0)
		if (ERR_GET_REASON(error) == ERR_R_MALLOC_FAILURE)
			return true;
	return false;
}

int
cms_open(struct secret *out, const unsigned char *der, size_t der_len,
	const struct certificate *own, const struct private_key *key)
{
	const unsigned char *key_id, *end = der;
	CMS_ContentInfo *cms = NULL;
	int rc;

	secret_clear(out);
	ERR_clear_error();
	if (der_len > CMS_SEALED_MAX)
		return KE_TOO_LONG;
	rc = cms_sealed_form(&key_id, der, der_len);
	if (rc == 0 &&
		memcmp(key_id, certificate_key_id(own), CERTIFICATE_KEY_ID_LEN) != 0)
		rc = KE_WRONG_RECIPIENT;
	if (rc == 0) {
		cms = d2i_CMS_ContentInfo(NULL, &end, (long)der_len);
		rc = cms && end == der + der_len ? 0 : KE_BAD_CMS;
	}
	if (rc == 0 && CMS_decrypt_set1_pkey(cms, private_key_handle(key),
			       certificate_handle(own)) != 1)
		rc = KE_CANNOT_OPEN;
	if (rc == 0)
		rc = decrypt(out, cms);
	if (rc != 0 && lacked_memory())
		rc = KE_NO_MEMORY;
	if (rc != 0)
		secret_clear(out);
	CMS_ContentInfo_free(cms);
	scrub_stack();
	ERR_clear_error();
	return rc;
}
