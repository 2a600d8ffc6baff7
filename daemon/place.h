/* SPDX-License-Identifier: MIT */
/* The folders of a host that may each be a disk of its own. */
#ifndef KEYLINE_DAEMON_PLACE_H
#define KEYLINE_DAEMON_PLACE_H

struct settings;

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

/* Where a path lies that the kernel told; PLACE_STATE for one that is nowhere. */
enum place place_of(const struct settings *settings, const char *path);

#endif
