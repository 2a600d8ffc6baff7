/* SPDX-License-Identifier: MIT */
/*
 * The secrets of a batch on this host: which they are by its stages, from when on nobody
 * needs them any more, and the alarm when they are still there `erase_deadline' hours
 * later.
 */
#ifndef KEYLINE_DAEMON_CLOSING_SECRETS_H
#define KEYLINE_DAEMON_CLOSING_SECRETS_H

#include <stdint.h>
#include "daemon/closing_erase.h"

struct host;

/* Events of kind key, object the batch: two persons have approved it, and it is done. The
 * detail of the latter ends in the digest of the certificate, behind these words. */
#define CLOSING_SECRETS_BEGUN "secrets-destroying"
#define CLOSING_SECRETS_GONE "secrets-destroyed"
#define CLOSING_SECRETS_DIGEST ", certificate "

/* Refuses on a host that holds no batch's secrets: there is nothing to destroy or to close. */
KEYLINE_WARN_UNUSED int closing_secrets_are_here(const struct closing *act);

/* Fills in kind, key and is_sent.  Refuses on a host that holds no batch's secrets. */
KEYLINE_WARN_UNUSED int closing_secrets_of(
	struct closing_erase *erase, const struct closing *act);

/* Whether no wallet and no other host needs them any more, and they are still there;
 * refuses else. */
KEYLINE_WARN_UNUSED int closing_secrets_may_go(const struct closing *act);

/* Whether an event of kind key and that name is on record for the batch. */
KEYLINE_WARN_UNUSED int closing_has_event(
	bool *out, struct host *host, const char *batch, const char *event);

/* Now and then, and after a destruction: raises erase-due and erase-cut-off by the
 * ledger's times and the wall's clock, and takes them back. */
void closing_secrets_look(struct host *host);

/* The same, when a minute has passed or the clock was set. */
void closing_secrets_look_again(struct host *host);

#endif
