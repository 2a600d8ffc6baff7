/* SPDX-License-Identifier: MIT */
/*
 * What sysfs tells of the disk under a file system: enough to know it again and to
 * write it on a certificate.  Needs no privileges.
 */
#ifndef KEYLINE_DAEMON_BLOCK_DEVICE_H
#define KEYLINE_DAEMON_BLOCK_DEVICE_H

#include <stdbool.h>
#include "proto/error.h"

enum { BLOCK_DEVICE_TEXT = 512 };

struct block_device {
	/* As the device says it, blanks at the ends dropped; a loop device says
	 * "loop:" and its file.  Never empty. */
	char serial[BLOCK_DEVICE_TEXT];
	/* "" where it does not say. */
	char maker[BLOCK_DEVICE_TEXT];
	char model[BLOCK_DEVICE_TEXT];
	/* "nvme", "scsi", "usb", "virtio", "loop", "disk". */
	const char *type;
	/* "rotating", "solid state", "" where it does not say.  By its own word alone:
	 * virtual disks say what they like. */
	const char *rotation;
	/* Reached through a mapper (LUKS, LVM). */
	bool is_mapped;
};

/*
 * Describes the disk that block device major:minor lies on.  A partition leads to its
 * disk, a mapped device with one device below to that.  sysfs is a descriptor of
 * /sys (tests give another).  Returns 0 or KE_NOT_FOUND (no such device, several disks
 * below, or it has no serial).
 */
KEYLINE_WARN_UNUSED int block_device_describe(
	struct block_device *out, int sysfs, unsigned major, unsigned minor);

#endif
