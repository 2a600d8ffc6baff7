/* SPDX-License-Identifier: MIT */
/*
 * Files overwritten where they lie: in place, without truncating, synced, read back,
 * then unlinked.  What that is worth depends on the medium; the result says it and
 * never more.
 */
#ifndef KEYLINE_DAEMON_ERASE_H
#define KEYLINE_DAEMON_ERASE_H

#include <stdbool.h>
#include <stdint.h>
#include "proto/error.h"

struct erase_result {
	uint64_t bytes;
	/* "ext4", "xfs", "btrfs", ...; "unknown". */
	const char *file_system;
	/* The file system writes in place: an overwrite reaches the blocks that held the
	 * file.  Else only the destroyed key makes it unreadable. */
	bool in_place;
	/* What was read back after the sync was all zeros. */
	bool verified;
};

/*
 * Overwrites dir/name with zeros in place, syncs, reads it back, unlinks it, syncs
 * the directory.  Returns 0; KE_NOT_FOUND; KE_READBACK (what was read back is not
 * zeros: the file is still there); KE_SYNC; or a code of daemon/durable.h.
 */
KEYLINE_WARN_UNUSED int erase_file(
	struct erase_result *result, int dir, const char *name);

#endif
