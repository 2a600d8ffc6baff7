/* SPDX-License-Identifier: MIT */
/* The certificate of a batch's destruction (proto/sanitize.h): made, signed, read again.
 */
#ifndef KEYLINE_DAEMON_CLOSING_CERTIFICATE_H
#define KEYLINE_DAEMON_CLOSING_CERTIFICATE_H

#include "daemon/closing_erase.h"

struct host;

/* 64 hex digits and a NUL. */
enum { CLOSING_DIGEST_SIZE = 2 * LEDGER_DIGEST_LEN + 1 };

/*
 * Writes what erase gathered into reports/, as BATCH.sanitization.txt and, signed with
 * the site's key, as BATCH.sanitization.cms; digest is the SHA-256 of the latter.  A host
 * without a site key writes the text alone, and digest is the text's.  Returns 0,
 * KE_NO_MEMORY, KE_IO, and the codes of cms_sign().
 */
KEYLINE_WARN_UNUSED int closing_certificate_write(
	char digest[CLOSING_DIGEST_SIZE], const struct closing_erase *erase);

/* A certificate as it lies in reports/. */
struct closing_certificate {
	/* In one piece with the signature when it is signed. */
	const char *text;
	size_t len;
	/* NULL: it is not signed. */
	const unsigned char *signed_bytes;
	size_t signed_len;
	/* To be freed by closing_certificate_clear(). */
	unsigned char *bytes;
};

/*
 * Reads it, and compares it with digest, which the ledger has of it ("": of an older
 * version, nothing is compared).  Returns 0; KE_NOT_FOUND; KE_BAD_SIGNATURE it was
 * altered, or its signature is not this host's; KE_TOO_LONG, KE_NO_MEMORY, KE_IO.
 */
KEYLINE_WARN_UNUSED int closing_certificate_read(struct closing_certificate *out,
	struct host *host, const char *batch, const char *digest);
void closing_certificate_clear(struct closing_certificate *certificate);

#endif
