/* SPDX-License-Identifier: MIT */
/*
 * What this host can tell of the medium under a folder, for a certificate: its disk (see
 * daemon/block_device.h), the UUID of its file system, and how that is mounted.  What it
 * cannot tell is "".
 */
#ifndef KEYLINE_DAEMON_MEDIUM_H
#define KEYLINE_DAEMON_MEDIUM_H

#include <stdbool.h>
#include <sys/types.h>
#include "daemon/block_device.h"
#include "daemon/secure_disk.h"

enum { MEDIUM_OPTIONS_SIZE = 512 };

struct medium {
	/* By which two folders on one medium are known as that. */
	dev_t device;
	bool has_disk;
	/* Only with has_disk. */
	struct block_device disk;
	char uuid[SECURE_DISK_TEXT_SIZE];
	/* Those of the mount, and those of its file system. */
	char options[MEDIUM_OPTIONS_SIZE];
};

/* Describes the medium under the folder dir; false: not even its device is known. */
bool medium_describe(struct medium *out, int dir);

/* The options of the mount with that number, from the text of /proc/self/mountinfo
 * (proc(5)): "rw,noatime; rw,errors=continue".  false, and "": it is not there. */
bool medium_options(char out[MEDIUM_OPTIONS_SIZE], const char *mountinfo, unsigned long id);

#endif
