/* SPDX-License-Identifier: MIT */
/*
 * Every call of this program, SQLite's included, that changes what lies on the disk
 * is a point: it can be counted, be the last thing the process does, or fail once.
 * Included by one file of a test program: the definitions here stand before libc's.
 */
#ifndef KEYLINE_TESTS_FAULT_POINTS_H
#define KEYLINE_TESTS_FAULT_POINTS_H

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum fault_kind { FAULT_WRITE, FAULT_SYNC, FAULT_RENAME, FAULT_UNLINK, FAULT_KINDS };

static struct {
	bool on;
	unsigned count;       /* points passed */
	unsigned kill_at;     /* 0 = never */
	unsigned fail_at;     /* 0 = never */
	int error;            /* errno of it; syncs give EIO */
	bool failed;          /* it has failed */
	enum fault_kind what; /* what failed */
	ino_t file;           /* the file whose sync failed */
	bool directory;       /* and it is a directory */
	unsigned syncs_after; /* syncs of that file since */
} faults;

/* Whether this call fails; may not return. */
static bool
fault_here(enum fault_kind kind)
{
	if (!faults.on)
		return false;
	faults.count++;
	if (faults.count == faults.kill_at)
		(void)kill(getpid(), SIGKILL);
	if (faults.count != faults.fail_at)
		return false;
	faults.failed = true;
	faults.what = kind;
	errno = kind == FAULT_SYNC ? EIO : faults.error;
	return true;
}

/*
 * A sync that failed has failed for every descriptor of that file: Linux tells each
 * of them once.  For a directory that matters, since SQLite ignores what it is told.
 */
static bool
fault_sync(int fd)
{
	bool before = faults.failed;
	struct stat st;

	if (!faults.on || fstat(fd, &st) != 0)
		return false;
	if (fault_here(FAULT_SYNC)) {
		faults.file = st.st_ino;
		faults.directory = S_ISDIR(st.st_mode);
		return true;
	}
	if (!before || faults.what != FAULT_SYNC || faults.file != st.st_ino)
		return false;
	faults.syncs_after++;
	errno = EIO;
	return faults.directory;
}

int
fsync(int fd)
{
	return fault_sync(fd) ? -1 : (int)syscall(SYS_fsync, fd);
}

int
fdatasync(int fd)
{
	return fault_sync(fd) ? -1 : (int)syscall(SYS_fdatasync, fd);
}

ssize_t
write(int fd, const void *bytes, size_t len)
{
	return fault_here(FAULT_WRITE) ? -1 : syscall(SYS_write, fd, bytes, len);
}

ssize_t
pwrite(int fd, const void *bytes, size_t len, off_t at)
{
	return fault_here(FAULT_WRITE) ? -1 : syscall(SYS_pwrite64, fd, bytes, len, at);
}

ssize_t
pwrite64(int fd, const void *bytes, size_t len, off64_t at)
{
	return fault_here(FAULT_WRITE) ? -1 : syscall(SYS_pwrite64, fd, bytes, len, at);
}

int
renameat2(int from, const char *old, int to, const char *new, unsigned flags)
{
	return fault_here(FAULT_RENAME)
		? -1
		: (int)syscall(SYS_renameat2, from, old, to, new, flags);
}

int
unlinkat(int dir, const char *name, int flags)
{
	return fault_here(FAULT_UNLINK) ? -1
					: (int)syscall(SYS_unlinkat, dir, name, flags);
}

int
unlink(const char *path)
{
	return fault_here(FAULT_UNLINK)
		? -1
		: (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
}

#endif
