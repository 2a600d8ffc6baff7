/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "daemon/erase_medium.h"

#include <fcntl.h>
#include <limits.h>
#include <linux/fiemap.h>
#include <linux/fs.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <unistd.h>
#include "proto/hash.h"

/* Older headers lack some. */
enum {
	MAGIC_EXT4 = 0xef53,
	MAGIC_XFS = 0x58465342,
	MAGIC_TMPFS = 0x01021994,
	MAGIC_OVERLAY = 0x794c7630,
	MAGIC_NFS = 0x6969,
	MAGIC_MSDOS = 0x4d44,
	MAGIC_EXFAT = 0x2011bab0,
	MAGIC_ZFS = 0x2fc12fc1
};
#define MAGIC_BTRFS 0x9123683eUL
#define MAGIC_F2FS 0xf2f52010UL
#define MAGIC_SMB2 0xfe534d42UL
#define MAGIC_CIFS 0xff534d42UL

static const struct {
	unsigned long magic;
	const char *name;
	unsigned findings;
} file_systems[] = {
	{MAGIC_EXT4, "ext4", 0},
	{MAGIC_XFS, "xfs", 0},
	{MAGIC_MSDOS, "vfat", 0},
	{MAGIC_EXFAT, "exfat", 0},
	/* Pages of memory, overwritten where they are; swap is refused elsewhere. */
	{MAGIC_TMPFS, "tmpfs", 0},
	{MAGIC_BTRFS, "btrfs", ERASE_NOT_IN_PLACE},
	{MAGIC_ZFS, "zfs", ERASE_NOT_IN_PLACE},
	{MAGIC_F2FS, "f2fs", ERASE_NOT_IN_PLACE},
	{MAGIC_OVERLAY, "overlayfs", ERASE_NOT_IN_PLACE},
	{MAGIC_NFS, "nfs", ERASE_NOT_IN_PLACE},
	{MAGIC_SMB2, "smb", ERASE_NOT_IN_PLACE},
	{MAGIC_CIFS, "smb", ERASE_NOT_IN_PLACE},
};

static void
judge_file_system(struct erase_result *result, const struct statfs *fs)
{
	/* The magic is 32 bits whatever the width of f_type. */
	unsigned long magic = (unsigned long)fs->f_type & 0xffffffffUL;

	result->file_system = "unknown";
	for (size_t i = 0; i < sizeof file_systems / sizeof file_systems[0]; i++) {
		if (magic != file_systems[i].magic)
			continue;
		result->file_system = file_systems[i].name;
		result->findings |= file_systems[i].findings;
		return;
	}
	result->findings |= ERASE_UNKNOWN_MEDIUM;
}

/* What the inode's own flags say. */
static void
judge_flags(struct erase_result *result, int fd)
{
	bool is_btrfs = strcmp(result->file_system, "btrfs") == 0;
	int flags = 0;

	if (ioctl(fd, FS_IOC_GETFLAGS, &flags) != 0)
		return;
	if (flags & FS_JOURNAL_DATA_FL)
		result->findings |= ERASE_JOURNALLED;
	if (flags & FS_INLINE_DATA_FL)
		result->findings |= ERASE_INLINE;
	if (flags & FS_COMPR_FL && !(flags & FS_NOCOMP_FL))
		result->findings |= ERASE_ENCODED;
	/* btrfs without copy on write writes in place, unless a snapshot shares the
	 * blocks: then the extents tell. */
	if (is_btrfs && flags & FS_NOCOW_FL)
		result->findings &= ~(unsigned)ERASE_NOT_IN_PLACE;
}

bool
erase_medium_is_journalled(const char *options)
{
	static const char wanted[] = "data=journal";
	const char *at = options;

	while ((at = strstr(at, wanted))) {
		bool begins = at == options || strchr(", \n", at[-1]);
		char after = at[sizeof wanted - 1];

		if (begins && (after == '\0' || strchr(", \n", after)))
			return true;
		at++;
	}
	return false;
}

/* Reads a small file of /proc or /sys. */
static bool
read_text(char *out, size_t size, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got = fd < 0 ? -1 : read(fd, out, size - 1);

	if (fd >= 0)
		(void)close(fd);
	out[got > 0 ? got : 0] = '\0';
	return got > 0;
}

/*
 * Whether the kernel lets the file be read and written past its cache: ext4 refuses that for
 * files whose data is journalled, lies within the inode, or is encrypted.  A kernel that does
 * not tell (before 6.1) has said nothing.
 */
static bool
is_direct(int fd)
{
#ifdef STATX_DIOALIGN
	struct statx st;

	return statx(fd, "", AT_EMPTY_PATH, STATX_DIOALIGN, &st) == 0
		&& st.stx_mask & STATX_DIOALIGN && st.stx_dio_offset_align != 0;
#else
	(void)fd;
	return false;
#endif
}

/*
 * Ext4 tells all its options, defaults too, in /proc/fs/ext4/DEVICE/options; mountinfo
 * leaves out what the superblock says.  A service that sees of /proc its processes alone
 * (ProcSubset=pid) asks for the file instead.  What neither tells is suspect.
 */
static void
judge_ext4_journal(struct erase_result *result, int fd)
{
	char link[64], device[PATH_MAX], path[PATH_MAX], options[4096];
	struct stat st;
	const char *name;
	ssize_t len;

	if (fstat(fd, &st) != 0) {
		result->findings |= ERASE_UNKNOWN_MEDIUM;
		return;
	}
	(void)snprintf(link, sizeof link, "/sys/dev/block/%u:%u", major(st.st_dev),
		minor(st.st_dev));
	len = readlink(link, device, sizeof device - 1);
	device[len > 0 ? len : 0] = '\0';
	name = strrchr(device, '/');
	if (name &&
		(size_t)snprintf(path, sizeof path, "/proc/fs/ext4/%s/options",
			name + 1) < sizeof path &&
		read_text(options, sizeof options, path)) {
		if (erase_medium_is_journalled(options))
			result->findings |= ERASE_JOURNALLED;
		return;
	}
	if (!is_direct(fd))
		result->findings |= ERASE_UNKNOWN_MEDIUM;
}

void
erase_medium_judge(struct erase_result *result, int fd)
{
	struct statfs fs;
	struct stat st;

	result->file_system = "unknown";
	if (fstatfs(fd, &fs) != 0 || fstat(fd, &st) != 0) {
		result->findings |= ERASE_UNKNOWN_MEDIUM;
		return;
	}
	judge_file_system(result, &fs);
	judge_flags(result, fd);
	if (strcmp(result->file_system, "ext4") == 0)
		judge_ext4_journal(result, fd);
	if (st.st_nlink > 1)
		result->findings |= ERASE_LINKED;
}

enum { EXTENTS_AT_ONCE = 64 };

static unsigned
findings_of(uint32_t flags)
{
	unsigned findings = 0;

	if (flags & FIEMAP_EXTENT_DATA_INLINE)
		findings |= ERASE_INLINE;
	if (flags & FIEMAP_EXTENT_SHARED)
		findings |= ERASE_SHARED;
	if (flags & (FIEMAP_EXTENT_ENCODED | FIEMAP_EXTENT_DATA_ENCRYPTED))
		findings |= ERASE_ENCODED;
	return findings;
}

/* What FS_IOC_FIEMAP fills in: its header with room for the extents behind it. */
union extent_map {
	struct fiemap map;
	unsigned char room[sizeof(struct fiemap) +
			   EXTENTS_AT_ONCE * sizeof(struct fiemap_extent)];
};

/* Blocks that follow one another, however the file system splits them. */
struct run {
	uint64_t logical;
	uint64_t physical;
	uint64_t length;
};

static int
add_run(struct erase_extents *out, const struct run *run)
{
	const struct hash_part parts[] = {
		{out->digest, sizeof out->digest}, {run, sizeof *run}};

	return run->length ? hash_sha256_parts(out->digest, parts, 2) : 0;
}

/* Adds some extents to the running digest; next is where to go on, 0 at the end. */
static int
add_extents(struct erase_extents *out, struct erase_result *result,
	const struct fiemap *map, struct run *run, uint64_t *next)
{
	*next = 0;
	for (uint32_t i = 0; i < map->fm_mapped_extents; i++) {
		const struct fiemap_extent *e = &map->fm_extents[i];

		result->findings |= findings_of(e->fe_flags);
		if (run->length && e->fe_logical == run->logical + run->length &&
			e->fe_physical == run->physical + run->length) {
			run->length += e->fe_length;
		} else {
			if (add_run(out, run) != 0)
				return KE_CRYPTO;
			*run = (struct run){e->fe_logical, e->fe_physical, e->fe_length};
		}
		*next = e->fe_flags & FIEMAP_EXTENT_LAST ? 0
							 : e->fe_logical + e->fe_length;
	}
	return 0;
}

void
erase_medium_extents(struct erase_extents *out, struct erase_result *result, int fd)
{
	struct run run = {0, 0, 0};
	union extent_map u;
	uint64_t at = 0;

	memset(out, 0, sizeof *out);
	do {
		memset(&u, 0, sizeof u);
		u.map.fm_start = at;
		u.map.fm_length = FIEMAP_MAX_OFFSET - at;
		u.map.fm_flags = FIEMAP_FLAG_SYNC;
		u.map.fm_extent_count = EXTENTS_AT_ONCE;
		if (ioctl(fd, FS_IOC_FIEMAP, &u.map) != 0 ||
			add_extents(out, result, &u.map, &run, &at) != 0)
			return;
	} while (at != 0);
	out->is_known = add_run(out, &run) == 0;
}
