/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "daemon/secure_disk.h"

#include <fcntl.h>
#include <linux/fs.h>
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

/* Young kernels have one question for all file systems, older ones one for ext4. */
struct fs_uuid {
	uint8_t len;
	uint8_t uuid[16];
};
#define ASK_FS_UUID _IOR(0x15, 0, struct fs_uuid)

struct ext4_uuid {
	uint32_t len;
	uint32_t flags;
	uint8_t uuid[16];
};
#define ASK_EXT4_UUID _IOR('f', 44, struct { uint32_t len; uint32_t flags; })

static void
format_uuid(char out[SECURE_DISK_TEXT_SIZE], const uint8_t uuid[16])
{
	size_t len = 0;

	for (int i = 0; i < 16; i++)
		len += (size_t)snprintf(out + len, SECURE_DISK_TEXT_SIZE - len, "%s%02x",
			i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "", uuid[i]);
}

void
secure_disk_uuid(char out[SECURE_DISK_TEXT_SIZE], int dir)
{
	struct fs_uuid any = { 0 };
	struct ext4_uuid ext4 = { .len = 16 };

	out[0] = '\0';
	if (ioctl(dir, ASK_FS_UUID, &any) == 0 && any.len == 16)
		format_uuid(out, any.uuid);
	else if (ioctl(dir, ASK_EXT4_UUID, &ext4) == 0 && ext4.len == 16)
		format_uuid(out, ext4.uuid);
}

/* The first line of a file below the device's folder in sysfs. */
static bool
read_line(char out[SECURE_DISK_TEXT_SIZE], const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got = fd < 0 ? -1 : read(fd, out, SECURE_DISK_TEXT_SIZE - 1);

	if (fd >= 0)
		(void)close(fd);
	out[got > 0 ? got : 0] = '\0';
	out[strcspn(out, "\n")] = '\0';
	return out[0] != '\0';
}

void
secure_disk_serial(char out[SECURE_DISK_TEXT_SIZE], int dir)
{
	static const char *const files[] = { "serial", "device/serial", "../serial",
		"../device/serial", "device/wwid", "../device/wwid" };
	char path[256], text[SECURE_DISK_TEXT_SIZE];
	struct stat st;

	out[0] = '\0';
	if (fstat(dir, &st) != 0)
		return;
	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
		(void)snprintf(path, sizeof path, "/sys/dev/block/%u:%u/%s",
			major(st.st_dev), minor(st.st_dev), files[i]);
		if (read_line(out, path))
			return;
	}
	(void)snprintf(path, sizeof path, "/sys/dev/block/%u:%u/loop/backing_file",
		major(st.st_dev), minor(st.st_dev));
	if (read_line(text, path))
		(void)snprintf(out, SECURE_DISK_TEXT_SIZE, "loop:%.500s", text);
}

/* Another file system than the folder above it. */
static bool
is_mount_point(int dir)
{
	struct stat here, above;

	return fstat(dir, &here) == 0 && fstatat(dir, "..", &above, 0) == 0
		&& here.st_dev != above.st_dev;
}

static bool
is_the_disk(int dir, const struct settings_disk *disk)
{
	char uuid[SECURE_DISK_TEXT_SIZE], serial[SECURE_DISK_TEXT_SIZE];

	secure_disk_uuid(uuid, dir);
	secure_disk_serial(serial, dir);
	return is_mount_point(dir) && disk->uuid && strcasecmp(uuid, disk->uuid) == 0
		&& disk->serial && strcmp(serial, disk->serial) == 0;
}

int
secure_disk_open(int *dir, const struct settings *settings)
{
	const struct settings_disk *disk = &settings->disk;
	int fd;

	if (!disk->path)
		return KE_SECURE_DISK;
	fd = open(disk->path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return KE_SECURE_DISK;
	if (disk->medium != SETTINGS_DIRECTORY && !is_the_disk(fd, disk)) {
		(void)close(fd);
		return KE_SECURE_DISK;
	}
	*dir = fd;
	return 0;
}
