/* SPDX-License-Identifier: MIT */
/*
 * The second source of random bytes, `[random] extra' of keyline.conf(5): a device, or a
 * file of dice throws or hex digits that is used up.  What came from it is mixed into all
 * that daemon/random.h gives out until the daemon ends.
 */
#ifndef KEYLINE_DAEMON_RANDOM_EXTRA_H
#define KEYLINE_DAEMON_RANDOM_EXTRA_H

#include "proto/error.h"

struct host;

/*
 * Reads the source that the settings name, if any.  That a file is used up stands in the
 * ledger (a digest) before its first use, and the file is overwritten and removed; none
 * in its place is fine.  Loop thread, once, with the ledger open.  Returns 0,
 * KE_NOT_FOUND (a device), KE_NOT_PERMITTED (others can read the file), KE_BAD_NAME
 * (neither a file nor a device), KE_DUPLICATE (used up before), KE_TOO_FEW_BITS,
 * KE_BAD_CHARACTER, KE_RANDOM, KE_TOO_LONG, KE_TIMEOUT (a device that gives nothing),
 * KE_NO_MEMORY, KE_CRYPTO, or one of the ledger or the disk.
 */
KEYLINE_WARN_UNUSED int random_extra_take(struct host *host);

#endif
