/* SPDX-License-Identifier: MIT */
/*
 * The one disk that EPKs may lie on, sealed.  It is named by its file system's UUID
 * and its device's serial, both asked anew of the opened directory each time: a
 * mount point without its disk, or another disk on it, is refused.
 */
#ifndef KEYLINE_DAEMON_SECURE_DISK_H
#define KEYLINE_DAEMON_SECURE_DISK_H

#include "proto/error.h"

struct settings;

/*
 * Opens the configured directory.  The caller closes *dir.  Returns 0, or
 * KE_SECURE_DISK: none configured, not there, not a mount point, another UUID or
 * serial.  `medium = directory' (test only, as settings enforce) needs no disk.
 */
KEYLINE_WARN_UNUSED int secure_disk_open(int *dir, const struct settings *settings);

enum { SECURE_DISK_TEXT_SIZE = 512 };

/* What the opened directory says of itself, for the configuration and certificates:
 * "" where it cannot be found out. */
void secure_disk_uuid(char out[SECURE_DISK_TEXT_SIZE], int dir);
void secure_disk_serial(char out[SECURE_DISK_TEXT_SIZE], int dir);

#endif
