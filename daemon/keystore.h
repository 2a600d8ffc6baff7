/* SPDX-License-Identifier: MIT */
/*
 * The key folder (DESIGN 4.3): this host's own keys and certificates, the site
 * certificates that people trust, and the peers' certificates that those issued.
 *
 *	own/KIND[.BATCH].key|crt   trusted/HOST.site.crt   peers/HOST.KIND[.BATCH].crt
 *
 * All of it is read and checked at the opening and kept in memory, keys in locked
 * memory.  What is borrowed from it lives until the store is closed, or the batch's
 * key destroyed.  Loop thread only; a certificate or key that was borrowed may be
 * used on a pool thread.
 */
#ifndef KEYLINE_DAEMON_KEYSTORE_H
#define KEYLINE_DAEMON_KEYSTORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "daemon/erase.h"
#include "proto/certificate.h"

struct keystore;

/*
 * Opens (makes, 0700) the folder of a host.  A file in it that is not what its name
 * says is KE_BAD_KEY with its name in bad[0..bad_size-1].  Returns 0, KE_BAD_KEY,
 * KE_NOT_PERMITTED (others can read the folder, or it is another user's), KE_WRONG_USE,
 * KE_NO_MEMORY, and the codes of daemon/durable.h.
 */
KEYLINE_WARN_UNUSED int keystore_open(struct keystore **out, const char *folder,
	const char *host, enum keyline_use use, char *bad, size_t bad_size);
void keystore_close(struct keystore *store);

/*
 * Makes a key and its certificate for this host: the site's first.  batch is "" for
 * kinds without.  now: seconds since 1970.  Returns 0, KE_DUPLICATE (there is one),
 * KE_NO_KEY (no site key yet), KE_BAD_ARGUMENT, ...
 */
KEYLINE_WARN_UNUSED int keystore_make(struct keystore *store, enum certificate_kind kind,
	const char *batch, int64_t now);

/* A key pair of this host.  Returns 0 or KE_NO_KEY. */
KEYLINE_WARN_UNUSED int keystore_own(const struct certificate **certificate,
	const struct private_key **key, const struct keystore *store,
	enum certificate_kind kind, const char *batch);

/* Another host's certificate, or our own.  Returns 0 or KE_NO_KEY. */
KEYLINE_WARN_UNUSED int keystore_of(const struct certificate **certificate,
	const struct keystore *store, const char *host, enum certificate_kind kind,
	const char *batch);

/*
 * Trusts a site certificate (PEM) whose fingerprint a person has typed.  Returns 0,
 * KE_BAD_KEY, KE_WRONG_KIND (no site's), KE_WRONG_USE, KE_MISMATCH_FINGERPRINT,
 * KE_DUPLICATE (that host has another one already, or it is our own).
 */
KEYLINE_WARN_UNUSED int keystore_trust(
	struct keystore *store, const char *pem, size_t len, const char *fingerprint);

/*
 * Accepts another host's certificate that its trusted site issued; the same one
 * again is fine.  One of a kind that is not per batch gives way to one that was made
 * later, since its host has lost that key: at one instant, and what was borrowed stays;
 * with any_time, which takes persons to know, to any.  Returns 0 with it in *out,
 * KE_BAD_KEY, KE_WRONG_KIND (a site's), KE_WRONG_USE, KE_UNTRUSTED_SIGNER,
 * KE_OWN_CERTIFICATE, KE_DUPLICATE (there is another one, of its batch or not older).
 */
KEYLINE_WARN_UNUSED int keystore_accept(const struct certificate **out,
	struct keystore *store, const char *pem, size_t len, bool any_time);

/* What that will say of it without any_time; changes nothing. */
KEYLINE_WARN_UNUSED int keystore_may_accept(
	const struct keystore *store, const struct certificate *certificate);

/* The site certificates whose files this host takes: the trusted ones and its own. */
const struct certificate *const *keystore_sites(
	const struct keystore *store, size_t *count);

/*
 * Destroys the key of a batch: overwritten in place, synced, read back, unlinked;
 * then the certificate.  What its medium did with that goes into result.  Returns 0,
 * KE_NO_KEY, KE_READBACK, ...
 */
KEYLINE_WARN_UNUSED int keystore_destroy(struct erase_result *result,
	struct keystore *store, enum certificate_kind kind, const char *batch);

/* The folder of own keys, to tell of its medium; it stays the store's. */
int keystore_own_fd(const struct keystore *store);

/* Calls back for each certificate; is_own: with its key here. */
typedef void keystore_cb(
	void *context, const struct certificate *certificate, bool is_own);
void keystore_list(const struct keystore *store, keystore_cb *cb, void *context);

/* The name of a certificate's file on its way: "HOST.KIND[.BATCH].crt". */
enum { KEYSTORE_NAME_SIZE = 128 };
void keystore_file_name(
	char out[KEYSTORE_NAME_SIZE], const struct certificate *certificate);

#endif
