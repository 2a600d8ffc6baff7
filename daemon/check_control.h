/* SPDX-License-Identifier: MIT */
/*
 * The check of a wallet that is known to be right, made by another implementation of
 * BIP38.  Where it fails, the host cannot judge: no wallet is condemned then.
 */
#ifndef KEYLINE_DAEMON_CHECK_CONTROL_H
#define KEYLINE_DAEMON_CHECK_CONTROL_H

#include "proto/error.h"

struct check_control;

/*
 * Seals the rows of the known wallet to a key that is made for it and forgotten with
 * it, and checks it once, so that a host that cannot check does not start.  now is in
 * seconds since 1970.  Returns 0 with a control to be freed, KE_CRYPTO (the known
 * wallet does not pass), KE_NO_MEMORY or KE_NO_LOCKED_MEMORY.
 */
KEYLINE_WARN_UNUSED int check_control_new(struct check_control **out, long long now);
void check_control_free(struct check_control *control);

/* Checks the known wallet, on any thread.  Returns 0, or KE_CRYPTO where this host finds
 * it wrong, or why it could not look. */
KEYLINE_WARN_UNUSED int check_control_run(const struct check_control *control);

#endif
