/* SPDX-License-Identifier: MIT */
/* Another host's certificate comes into the key folder, and the ledger says so. */
#ifndef KEYLINE_DAEMON_KEY_ACCEPT_H
#define KEYLINE_DAEMON_KEY_ACCEPT_H

#include <stdbool.h>
#include <stddef.h>
#include "proto/certificate.h"
#include "proto/error.h"

struct host;
struct ledger_by;

/*
 * Whether certificate may be taken by itself, because its host's trusted site has issued
 * it: what keystore_accept() says, or KE_NOT_YET for one that gives way to later ones
 * alone and was made more than an hour after now by this host's clock: it would be the
 * latest for as long as that clock was ahead.  The one that is here already is fine.
 */
KEYLINE_WARN_UNUSED int key_may_accept(
	const struct host *host, const struct certificate *certificate);

/*
 * Takes the PEM that certificate was parsed from, in a transaction of its own that
 * records it.  by_two: two persons say so, and it may be of any time.  Returns 0, or what
 * key_may_accept() says, and the ledger's errors.
 */
KEYLINE_WARN_UNUSED int key_accept(struct host *host, const struct ledger_by *by,
	const struct certificate *certificate, const char *pem, size_t len, bool by_two);

#endif
