/* SPDX-License-Identifier: MIT */
/*
 * Sealed rows (DESIGN 4.2): one CMS AuthEnvelopedData in DER for each wallet,
 * AES-256-GCM with a 16-byte tag, one recipient by ECDH on P-256 with the SHA-256
 * KDF and AES-256 key wrap.  Sealing and opening are files apart: a program that only
 * seals does not link the other.
 */
#ifndef KEYLINE_PROTO_CMS_SEAL_H
#define KEYLINE_PROTO_CMS_SEAL_H

#include "proto/certificate.h"
#include "proto/secret.h"

/* The longest sealed row; what it names its recipient by: the first bytes of the
 * fingerprint of the recipient's key. */
enum { CMS_SEALED_MAX = 4096, CMS_KEY_ID_LEN = 20 };

/*
 * Seals plain (not empty) to a certificate that is not of the kind site.  *der
 * (free() it) is the sealed row.  Returns 0, KE_WRONG_KIND, KE_BAD_LENGTH, KE_TOO_LONG,
 * KE_CRYPTO, KE_NO_MEMORY.
 */
KEYLINE_WARN_UNUSED int cms_seal(unsigned char **der, size_t *der_len,
	const struct secret *plain, const struct certificate *recipient);

/*
 * Opens a sealed row with the recipient's key.  Returns 0 with the content in out,
 * or, with out empty: KE_TOO_LONG (the row, or the content for out's room); KE_BAD_CMS
 * (any other form: other kinds, algorithms, tags, recipients, bytes left over);
 * KE_WRONG_RECIPIENT (sealed to another key); KE_CANNOT_OPEN (altered); KE_NO_MEMORY.
 */
KEYLINE_WARN_UNUSED int cms_open(struct secret *out, const unsigned char *der,
	size_t der_len, const struct certificate *own, const struct private_key *key);

#endif
