/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "daemon/secure_disk.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>
#include "daemon/settings.h"

enum { UUID_LEN = 16 };

/* Linux 6.9 has one question for all file systems; before it each had its own. */
struct any_uuid {
	uint8_t len;
	uint8_t uuid[UUID_LEN];
};

struct ext4_uuid {
	uint32_t len;
	uint32_t flags;
	uint8_t uuid[UUID_LEN];
};

/* The number of ext4's request is made of the two fields before its open array. */
struct ext4_uuid_head {
	uint32_t len;
	uint32_t flags;
};

struct xfs_geometry_v1 {
	uint32_t counts[8];
	uint64_t blocks[4];
	uint8_t uuid[UUID_LEN];
	uint32_t others[7];
};

#define ASK_ANY_UUID _IOR(0x15, 0, struct any_uuid)
#define ASK_EXT4_UUID _IOR('f', 44, struct ext4_uuid_head)
#define ASK_XFS_GEOMETRY _IOR('X', 100, struct xfs_geometry_v1)

static void
format_uuid(char out[SECURE_DISK_TEXT_SIZE], const uint8_t uuid[UUID_LEN])
{
	for (int i = 0; i < UUID_LEN; i++)
		out += snprintf(out, 4, "%s%02x",
			i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "", uuid[i]);
}

void
secure_disk_uuid(char out[SECURE_DISK_TEXT_SIZE], int dir)
{
	struct ext4_uuid ext4 = {.len = UUID_LEN};
	struct xfs_geometry_v1 xfs = {.counts = {0}};
	struct any_uuid any = {.len = 0};

	out[0] = '\0';
	if (ioctl(dir, ASK_ANY_UUID, &any) == 0 && any.len == UUID_LEN)
		format_uuid(out, any.uuid);
	else if (ioctl(dir, ASK_EXT4_UUID, &ext4) == 0 && ext4.len == UUID_LEN)
		format_uuid(out, ext4.uuid);
	else if (ioctl(dir, ASK_XFS_GEOMETRY, &xfs) == 0)
		format_uuid(out, xfs.uuid);
}

int
secure_disk_device(struct block_device *out, int fd)
{
	struct stat st;
	int sysfs, error;

	if (fstat(fd, &st) != 0)
		return KE_NOT_FOUND;
	sysfs = open("/sys", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (sysfs < 0)
		return KE_NOT_FOUND;
	error = block_device_describe(out, sysfs, major(st.st_dev), minor(st.st_dev));
	(void)close(sysfs);
	return error;
}

void
secure_disk_serial(char out[SECURE_DISK_TEXT_SIZE], int dir)
{
	struct block_device device;

	out[0] = '\0';
	if (secure_disk_device(&device, dir) == 0)
		memcpy(out, device.serial, sizeof device.serial);
}

/* Whether the directory is the root of what is mounted there. */
static bool
is_mount_point(int dir)
{
	struct stat here, above;
	struct statx st;

	if (statx(dir, "", AT_EMPTY_PATH, STATX_BASIC_STATS, &st) == 0 &&
		st.stx_attributes_mask & STATX_ATTR_MOUNT_ROOT)
		return st.stx_attributes & STATX_ATTR_MOUNT_ROOT;
	return fstat(dir, &here) == 0 && fstatat(dir, "..", &above, 0) == 0 &&
	       here.st_dev != above.st_dev;
}

/* NULL, or what is wrong. */
static const char *
check_disk(int dir, const struct settings_disk *disk)
{
	char uuid[SECURE_DISK_TEXT_SIZE], serial[SECURE_DISK_TEXT_SIZE];

	if (!disk->uuid || !disk->serial)
		return "The configuration names no UUID or no serial for it.";
	if (!is_mount_point(dir))
		return "Nothing is mounted at its place.";
	secure_disk_uuid(uuid, dir);
	if (!uuid[0])
		return "Its file system does not tell its UUID.";
	if (strcasecmp(uuid, disk->uuid) != 0)
		return "Another file system is mounted at its place.";
	secure_disk_serial(serial, dir);
	if (!serial[0])
		return "Its device does not tell its serial number.";
	return strcmp(serial, disk->serial) == 0
		       ? NULL
		       : "Its file system lies on another device.";
}

int
secure_disk_open_why(int *dir, const char **why, const struct settings *settings)
{
	const struct settings_disk *disk = &settings->disk;
	int fd;

	*dir = -1;
	*why = "No secure disk is configured.";
	if (!disk->path)
		return KE_SECURE_DISK;
	*why = "A directory in place of a disk is for use = test alone.";
	if (disk->medium == SETTINGS_DIRECTORY && settings->production)
		return KE_SECURE_DISK;
	*why = "Its directory cannot be opened.";
	fd = open(disk->path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return KE_SECURE_DISK;
	*why = disk->medium == SETTINGS_DIRECTORY ? NULL : check_disk(fd, disk);
	if (*why) {
		(void)close(fd);
		return KE_SECURE_DISK;
	}
	*dir = fd;
	return 0;
}

int
secure_disk_open(int *dir, const struct settings *settings)
{
	const char *why;

	return secure_disk_open_why(dir, &why, settings);
}
