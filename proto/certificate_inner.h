/* SPDX-License-Identifier: MIT */
/* What the files of the certificate module share. */
#ifndef KEYLINE_PROTO_CERTIFICATE_INNER_H
#define KEYLINE_PROTO_CERTIFICATE_INNER_H

#include "proto/x509_handle.h"

struct certificate {
	X509 *x509;
	struct certificate_subject subject;
	char fingerprint[FINGERPRINT_SIZE];
	unsigned char key_id[CERTIFICATE_KEY_ID_LEN];
};

/* The X.509 name of a subject; X509_NAME_free it.  NULL when memory is out. */
X509_NAME *certificate_name(const struct certificate_subject *subject);

/* The subject of the site that issues a subject's certificate. */
struct certificate_subject certificate_site_of(const struct certificate_subject *subject);

/* Adds the extensions of a kind, all of them.  Returns 0, KE_CRYPTO or KE_NO_MEMORY. */
KEYLINE_WARN_UNUSED int certificate_add_extensions(X509 *x509, enum certificate_kind kind,
	const unsigned char own_id[CERTIFICATE_KEY_ID_LEN],
	const unsigned char issuer_id[CERTIFICATE_KEY_ID_LEN]);

/*
 * The fingerprint of a certificate's key and, its first bytes, the key id.  Returns 0,
 * KE_BAD_KEY (not a P-256 key in its usual form), KE_CRYPTO.
 */
KEYLINE_WARN_UNUSED int certificate_fingerprint_of(char fingerprint[FINGERPRINT_SIZE],
	unsigned char key_id[CERTIFICATE_KEY_ID_LEN], const X509 *x509);

/* Whether the signature has the one form (proto/low_s.h); its worth is not looked at.
 * Returns 0, KE_BAD_SIGNATURE, KE_HIGH_S, KE_NO_MEMORY. */
KEYLINE_WARN_UNUSED int certificate_check_low_s(const X509 *x509);

/*
 * Wraps an X.509 certificate after checking each part of its form; takes x509 over
 * in any case.  Returns 0, KE_BAD_KEY, KE_HIGH_S, KE_NO_MEMORY, KE_CRYPTO.
 */
KEYLINE_WARN_UNUSED int certificate_wrap(struct certificate **out, X509 *x509);

#endif
