/* SPDX-License-Identifier: MIT */
/*
 * Signed files (DESIGN 4.2): CMS SignedData in DER, one signer, ECDSA P-256 with
 * SHA-256, the signer's certificate enclosed, the content embedded in one piece.
 * The signature's s is the low one (proto/low_s.h).
 */
#ifndef KEYLINE_PROTO_CMS_SIGN_H
#define KEYLINE_PROTO_CMS_SIGN_H

#include <stdint.h>
#include "proto/certificate.h"

/* The longest content, and the longest file around it. */
enum { CMS_CONTENT_MAX = 32 << 20, CMS_FILE_MAX = CMS_CONTENT_MAX + 8192 };

/*
 * Signs content[0..len-1] with a site's key; now (seconds since 1970) is the signing
 * time.  *der (free() it) is the file.  Returns 0, KE_TOO_LONG, KE_WRONG_KIND (no site
 * certificate), KE_BAD_KEY (not the certificate's key), KE_CRYPTO, KE_NO_MEMORY.
 */
KEYLINE_WARN_UNUSED int cms_sign(unsigned char **der, size_t *der_len,
	const void *content, size_t len, const struct certificate *site,
	const struct private_key *key, int64_t now);

struct cms_signed {
	/* The content as it stands within the file: content - der is its offset. */
	const char *content;
	size_t len;
	/* Which of the trusted certificates signed it. */
	const struct certificate *signer;
};

/*
 * Verifies a file against the certificates that may have signed it.  Nothing is told
 * of its content unless all is right.  Returns 0 with *out borrowing from der and
 * trusted; KE_TOO_LONG; KE_BAD_CMS (any other form: detached, several signers or
 * certificates, another algorithm, bytes left over); KE_UNTRUSTED_SIGNER;
 * KE_BAD_SIGNATURE; KE_HIGH_S (its signature's, or its certificate's); KE_NO_MEMORY.
 */
KEYLINE_WARN_UNUSED int cms_verify(struct cms_signed *out, const unsigned char *der,
	size_t der_len, const struct certificate *const *trusted, size_t count);

/*
 * The certificate that a file encloses, before anything is known of its worth: to
 * tell a person who claims to have signed it.  certificate_free it.  Returns 0,
 * KE_TOO_LONG, KE_BAD_CMS, KE_HIGH_S, KE_NO_MEMORY.
 */
KEYLINE_WARN_UNUSED int cms_claimed_signer(
	struct certificate **out, const unsigned char *der, size_t der_len);

#endif
