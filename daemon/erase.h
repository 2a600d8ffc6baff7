/* SPDX-License-Identifier: MIT */
/*
 * Files overwritten where they lie: in place, without truncating, synced, read back,
 * then unlinked.  What that is worth depends on the medium; the result says it and
 * never more.
 */
#ifndef KEYLINE_DAEMON_ERASE_H
#define KEYLINE_DAEMON_ERASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "proto/error.h"

/* What speaks against an overwrite having reached every copy that the file system
 * keeps; bits.  Any of the first group says that it did not. */
enum erase_finding {
	ERASE_NOT_IN_PLACE = 1,    /* copy on write, log-structured, network, overlay */
	ERASE_JOURNALLED = 2,      /* file data goes through the journal */
	ERASE_INLINE = 4,          /* the file lay within its inode */
	ERASE_SHARED = 8,          /* blocks shared with another file or a snapshot */
	ERASE_ENCODED = 16,        /* compressed or encoded blocks */
	ERASE_MOVED = 32,          /* the blocks are others after the overwrite */
	ERASE_UNKNOWN_MEDIUM = 64, /* a file system that this program does not know */
	ERASE_LINKED = 128,        /* the file has further names */
	/* This one weakens the verification only. */
	ERASE_READ_CACHED = 256 /* the read-back may have come from memory */
};

enum { ERASE_FINDINGS = 9 };

struct erase_result {
	uint64_t bytes;
	/* "ext4", "xfs", "btrfs", ...; "unknown". */
	const char *file_system;
	/* Bits of enum erase_finding. */
	unsigned findings;
	/* No finding of the first group: the overwrite reached the blocks that held the
	 * file, and the file system keeps no others.  Else only a destroyed key makes it
	 * unreadable.  What a disk's own controller keeps is seen by nobody. */
	bool in_place;
	/* What was read back after the sync was what had been written. */
	bool verified;
};

/* One sentence about a single finding, for certificates. */
const char *erase_finding_text(enum erase_finding finding);

/* Whether bytes[0..len-1] are what a file of that length is overwritten with; none are not. */
bool erase_is_done(const unsigned char *bytes, size_t len);

/* Whether some page of bytes[0..len-1], or the rest after the last one, is that: an overwrite
 * that was cut off leaves such a file, and nothing else does. */
bool erase_is_begun(const unsigned char *bytes, size_t len);

/*
 * Overwrites dir/name in place, syncs, reads it back from the device where that can
 * be had (O_DIRECT), unlinks it, syncs the directory.  Returns 0; KE_NOT_FOUND;
 * KE_READBACK (something else was read back: the file is still there); KE_SYNC;
 * KE_NO_MEMORY; or a code of daemon/durable.h.
 */
KEYLINE_WARN_UNUSED int erase_file(
	struct erase_result *result, int dir, const char *name);

#endif
