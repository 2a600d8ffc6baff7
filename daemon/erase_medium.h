/* SPDX-License-Identifier: MIT */
/* What a file's medium does with an overwrite, for daemon/erase.c alone. */
#ifndef KEYLINE_DAEMON_ERASE_MEDIUM_H
#define KEYLINE_DAEMON_ERASE_MEDIUM_H

#include <stddef.h>
#include "daemon/erase.h"

/* Where a file's blocks lie: a digest of its extents, to be compared. */
struct erase_extents {
	bool is_known;
	unsigned char digest[32];
};

/*
 * Judges the medium of an open file before it is overwritten: the file system's name
 * and findings go into result.  What cannot be found out counts as a finding.
 */
void erase_medium_judge(struct erase_result *result, int fd);

/* Tells where the blocks lie, after a sync; findings about them go into result. */
void erase_medium_extents(struct erase_extents *out, struct erase_result *result, int fd);

/* Whether the name's system is mounted with data going through the journal, from the
 * text of its options: with commas (mountinfo) or one a line (/proc/fs/ext4). */
bool erase_medium_is_journalled(const char *options);

#endif
