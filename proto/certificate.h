/* SPDX-License-Identifier: MIT */
/*
 * Certificates of one exact form (DESIGN 4.3): P-256, X.509 v3, subject O=Keyline,
 * OU=use, CN=host, title=kind, serialNumber=batch or "-".  A site certificate is
 * self-signed; it signs files and issues the host's others, which only unseal rows.
 * The fingerprint is the key's alone, so a certificate has one form of signature, too
 * (proto/low_s.h): else there would be two files to one fingerprint, and the one that
 * people trust would not be the one that the host encloses.
 */
#ifndef KEYLINE_PROTO_CERTIFICATE_H
#define KEYLINE_PROTO_CERTIFICATE_H

#include <stdbool.h>
#include <stdint.h>
#include "proto/error.h"
#include "proto/name.h"
#include "proto/private_key.h"

enum {
	/* 64 hex digits, and its NUL; with a blank after each four. */
	FINGERPRINT_SIZE = 64 + 1,
	FINGERPRINT_GROUPED_SIZE = 64 + 15 + 1,
	CERTIFICATE_PEM_MAX = 4096
};

enum certificate_kind {
	CERTIFICATE_SITE,
	CERTIFICATE_CODES,
	CERTIFICATE_CONFIRMATIONS,
	CERTIFICATE_PASSPHRASES,
	CERTIFICATE_STICKERS
};

/* Whom and what a certificate is for. */
struct certificate_subject {
	enum keyline_use use;
	enum certificate_kind kind;
	char host[NAME_HOST_MAX + 1];
	/* "" for a kind that is not made for one batch. */
	char batch[NAME_BATCH_MAX + 1];
};

struct certificate;

/* "site", "codes", ... */
const char *certificate_kind_name(enum certificate_kind kind);
bool certificate_kind_parse(enum certificate_kind *out, const char *text, size_t len);

/* Whether a kind's keys are made for one batch and destroyed with it. */
bool certificate_kind_is_per_batch(enum certificate_kind kind);

/* Whether host, kind and batch have their forms and go together. */
bool certificate_subject_is_valid(const struct certificate_subject *subject);

/*
 * Makes a certificate for key, valid from now (seconds since 1970) on without end:
 * keys end by being destroyed.  site and site_key are NULL for the kind site, which
 * signs itself; for others they must be of the same host and use.  Returns 0,
 * KE_BAD_ARGUMENT, KE_CRYPTO, KE_NO_MEMORY.
 */
KEYLINE_WARN_UNUSED int certificate_make(struct certificate **out,
	const struct certificate_subject *subject, const struct private_key *key,
	const struct certificate *site, const struct private_key *site_key, int64_t now);

void certificate_free(struct certificate *certificate);

/* The certificate as PEM; free() it.  Returns 0, KE_NO_MEMORY, KE_CRYPTO. */
KEYLINE_WARN_UNUSED int certificate_pem(
	char **out, size_t *len, const struct certificate *certificate);

/*
 * Reads one PEM certificate and nothing beside it, of exactly the form above (lines
 * may end in CRLF).  A site certificate's own signature is checked; that of others by
 * certificate_check_issuer.  Returns 0, KE_TOO_LONG, KE_BAD_KEY,
 * KE_HIGH_S (proto/low_s.h), KE_NO_MEMORY.
 */
KEYLINE_WARN_UNUSED int certificate_parse(
	struct certificate **out, const char *pem, size_t len);

/*
 * Whether site issued certificate: site is of the kind site, host and use are the
 * same, the signature is right.  Returns 0, KE_WRONG_KIND, KE_WRONG_USE,
 * KE_UNTRUSTED_SIGNER (another host or key).
 */
KEYLINE_WARN_UNUSED int certificate_check_issuer(
	const struct certificate *certificate, const struct certificate *site);

/* Borrowed: they live as long as the certificate. */
const struct certificate_subject *certificate_subject(
	const struct certificate *certificate);
const char *certificate_fingerprint(const struct certificate *certificate);

/* The first 20 bytes of the fingerprint, by which sealed rows name their recipient. */
const unsigned char *certificate_key_id(const struct certificate *certificate);

/* When it was made (not-before), by its issuer's clock: seconds since 1970. */
int64_t certificate_made(const struct certificate *certificate);

/* More than 0: a was made after b; 0 in the same second. */
int certificate_compare_age(const struct certificate *a, const struct certificate *b);

/* Whether the certificate is for that key. */
bool certificate_has_key(
	const struct certificate *certificate, const struct private_key *key);

/* Whether both are the same, bit by bit. */
bool certificate_equal(const struct certificate *a, const struct certificate *b);

/* A fingerprint of 64 hex digits in groups of four, to be read out. */
void fingerprint_group(char out[FINGERPRINT_GROUPED_SIZE], const char *fingerprint);

/*
 * The fingerprint that a person typed: any case, with blanks, colons or hyphens
 * between digits.  Returns 0 with 64 lower-case digits in out, or KE_BAD_FIELD.
 */
KEYLINE_WARN_UNUSED int fingerprint_parse(char out[FINGERPRINT_SIZE], const char *text);

#endif
