/* SPDX-License-Identifier: MIT */
/*
 * The one disk that EPKs may lie on, sealed.  It is named by its file system's UUID
 * and its device's serial, both asked anew of the opened directory each time: a
 * mount point without its disk, or another disk on it, is refused.
 */
#ifndef KEYLINE_DAEMON_SECURE_DISK_H
#define KEYLINE_DAEMON_SECURE_DISK_H

#include "daemon/block_device.h"
#include "proto/error.h"

struct settings;

/*
 * Opens the configured directory.  The caller closes *dir.  Returns 0, or
 * KE_SECURE_DISK: none configured, not there, not a mount point, another UUID or
 * serial.  `medium = directory' needs no disk; it is for use = test alone.
 */
KEYLINE_WARN_UNUSED int secure_disk_open(int *dir, const struct settings *settings);

/* The same; *why becomes one sentence for a person, NULL when it was opened. */
KEYLINE_WARN_UNUSED int secure_disk_open_why(
	int *dir, const char **why, const struct settings *settings);

enum { SECURE_DISK_TEXT_SIZE = BLOCK_DEVICE_TEXT };

/* What the opened directory says of itself, for the configuration and certificates:
 * "" where it cannot be found out. */
void secure_disk_uuid(char out[SECURE_DISK_TEXT_SIZE], int dir);
void secure_disk_serial(char out[SECURE_DISK_TEXT_SIZE], int dir);

/* Serial, maker, model and type of the disk below an opened file or directory.
 * Returns 0 or KE_NOT_FOUND. */
KEYLINE_WARN_UNUSED int secure_disk_device(struct block_device *out, int fd);

#endif
