/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "daemon/erase.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>
#include "daemon/durable.h"

enum { BLOCK = 65536 };

#ifndef XFS_SUPER_MAGIC
#define XFS_SUPER_MAGIC 0x58465342
#endif

static const struct {
	unsigned long magic;
	const char *name;
	bool in_place;
} file_systems[] = {
	{ EXT4_SUPER_MAGIC, "ext4", true },
	{ XFS_SUPER_MAGIC, "xfs", true },
	{ BTRFS_SUPER_MAGIC, "btrfs", false },
	{ TMPFS_MAGIC, "tmpfs", true },
	{ OVERLAYFS_SUPER_MAGIC, "overlayfs", false },
};

static int
judge_medium(struct erase_result *result, int fd)
{
	struct statfs fs;

	result->file_system = "unknown";
	result->in_place = false;
	if (fstatfs(fd, &fs) != 0)
		return KE_IO;
	for (size_t i = 0; i < sizeof file_systems / sizeof file_systems[0]; i++) {
		if ((unsigned long)fs.f_type != file_systems[i].magic)
			continue;
		result->file_system = file_systems[i].name;
		result->in_place = file_systems[i].in_place;
	}
	return 0;
}

static int
overwrite(int fd, uint64_t bytes)
{
	static const unsigned char zeros[BLOCK];
	uint64_t at = 0;

	while (at < bytes) {
		size_t part = bytes - at < BLOCK ? (size_t)(bytes - at) : BLOCK;
		ssize_t put = pwrite(fd, zeros, part, (off_t)at);

		if (put <= 0)
			return put < 0 ? durable_error(errno) : KE_IO;
		at += (uint64_t)put;
	}
	return durable_sync(fd);
}

/* Asks the disk rather than the page cache, as far as the kernel lets go of it. */
static int
read_back(int fd, uint64_t bytes)
{
	static const unsigned char zeros[BLOCK];
	unsigned char block[BLOCK];
	uint64_t at = 0;

	if (posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED) != 0)
		return KE_IO;
	while (at < bytes) {
		size_t part = bytes - at < BLOCK ? (size_t)(bytes - at) : BLOCK;
		ssize_t got = pread(fd, block, part, (off_t)at);

		if (got <= 0)
			return KE_IO;
		if (memcmp(block, zeros, (size_t)got) != 0)
			return KE_READBACK;
		at += (uint64_t)got;
	}
	return 0;
}

int
erase_file(struct erase_result *result, int dir, const char *name)
{
	int fd = openat(dir, name, O_RDWR | O_NOFOLLOW | O_CLOEXEC);
	struct stat st;
	int error;

	memset(result, 0, sizeof *result);
	if (fd < 0)
		return durable_error(errno);
	error = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) ? judge_medium(result, fd)
							    : KE_IO;
	if (error == 0) {
		result->bytes = (uint64_t)st.st_size;
		error = overwrite(fd, result->bytes);
	}
	if (error == 0)
		error = read_back(fd, result->bytes);
	result->verified = error == 0;
	(void)close(fd);
	return error ? error : durable_unlink(dir, name);
}
