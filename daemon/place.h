/* SPDX-License-Identifier: MIT */
/* The folders of a host that may each be a disk of its own. */
#ifndef KEYLINE_DAEMON_PLACE_H
#define KEYLINE_DAEMON_PLACE_H

#include <stdbool.h>
#include <stdint.h>

struct settings;
struct statvfs;

enum place {
	PLACE_STATE,
	PLACE_HIGHWATER,
	PLACE_SPOOL,
	PLACE_KEYS,
	PLACE_SECURE_DISK,
	PLACES
};

/* Its folder in the configuration, NULL: this host has none. */
const char *place_folder(const struct settings *settings, enum place place);

/*
 * What a file system tells of itself: 0, KE_NO_SPACE or KE_READ_ONLY.  Full is one with
 * less room than what is under way may still need, 64 MiB or a twentieth of it; one that
 * was full needs a quarter more than that to be so no longer.
 */
int place_judge(const struct statvfs *st, bool was_full);

/* The same of the one that folder lies on; 0 when that cannot be asked. */
int place_look(const char *folder, bool was_full);

/* Where a path lies that the kernel told; PLACE_STATE for one that is nowhere. */
enum place place_of(const struct settings *settings, const char *path);

#endif
