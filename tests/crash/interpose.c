/* SPDX-License-Identifier: MIT */
/*
 * Loaded before libc (LD_PRELOAD) into keylined and, by its exec, into each driver:
 * counts the calls by which they act on the world, over all processes, in the shared
 * file that KEYLINE_POINTS names, and kills, fails or drops at the point that the
 * campaign chose (points.h).  Calls go to the kernel directly, so nothing is looked up.
 * Not seen: what stdio writes, and syscall(2); neither carries anything that counts here.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>
#include "tests/crash/interpose.h"

enum { ENVIRONMENT = 128 };

/* A driver gets an environment of its own: the interposer goes along. */
static void
extend_environment(const char *out[ENVIRONMENT], char *const *from)
{
	size_t n = 0;

	for (; from && *from && n < ENVIRONMENT - 3; from++)
		if (strncmp(*from, "LD_PRELOAD=", 11) != 0 &&
			strncmp(*from, POINTS_ENV "=", sizeof POINTS_ENV) != 0)
			out[n++] = *from;
	if (points) {
		out[n++] = points_preload;
		out[n++] = points_named;
	}
	out[n] = NULL;
}

int
execvp(const char *file, char *const argv[])
{
	const char *environment[ENVIRONMENT];

	extend_environment(environment, environ);
	return execvpe(file, argv, (char *const *)environment);
}

ssize_t
write(int fd, const void *bytes, size_t len)
{
	struct call call = point_begin_fd(
		fd == STDERR_FILENO ? POINT_LOG : POINT_WRITE, fd, bytes, len);

	if (point_is_refused(&call))
		return -1;
	return point_end(&call, syscall(SYS_write, fd, bytes, point_torn(&call, len)));
}

ssize_t
pwrite(int fd, const void *bytes, size_t len, off_t offset)
{
	struct call call = point_begin_fd(POINT_PWRITE, fd, NULL, len);

	if (point_is_refused(&call))
		return -1;
	return point_end(
		&call, syscall(SYS_pwrite64, fd, bytes, point_torn(&call, len), offset));
}

ssize_t
pwrite64(int fd, const void *bytes, size_t len, off64_t offset)
{
	return pwrite(fd, bytes, len, offset);
}

ssize_t
writev(int fd, const struct iovec *parts, int count)
{
	struct call call = point_begin_fd(POINT_WRITEV, fd,
		count > 0 ? parts[0].iov_base : NULL, count > 0 ? parts[0].iov_len : 0);

	if (point_is_refused(&call))
		return -1;
	return point_end(&call, syscall(SYS_writev, fd, parts, count));
}

ssize_t
pwritev2(int fd, const struct iovec *parts, int count, off_t offset, int flags)
{
	struct call call = point_begin_fd(POINT_PWRITEV, fd, NULL, 0);

	if (point_is_refused(&call))
		return -1;
	return point_end(
		&call, syscall(SYS_pwritev2, fd, parts, count, offset, 0, flags));
}

ssize_t
pwritev64v2(int fd, const struct iovec *parts, int count, off64_t offset, int flags)
{
	return pwritev2(fd, parts, count, offset, flags);
}

ssize_t
pwritev(int fd, const struct iovec *parts, int count, off_t offset)
{
	return pwritev2(fd, parts, count, offset, 0);
}

ssize_t
pwritev64(int fd, const struct iovec *parts, int count, off64_t offset)
{
	return pwritev2(fd, parts, count, offset, 0);
}

ssize_t
send(int fd, const void *bytes, size_t len, int flags)
{
	struct call call = point_begin_fd(POINT_SEND, fd, NULL, len);

	if (point_is_refused(&call))
		return -1;
	return point_end(&call,
		syscall(SYS_sendto, fd, bytes, point_torn(&call, len), flags, NULL, 0));
}

ssize_t
sendto(int fd, const void *bytes, size_t len, int flags, const struct sockaddr *to,
	socklen_t to_len)
{
	struct call call = point_begin_fd(POINT_SENDTO, fd, NULL, len);

	if (point_is_refused(&call))
		return -1;
	return point_end(&call, syscall(SYS_sendto, fd, bytes, point_torn(&call, len),
					flags, to, to_len));
}

ssize_t
sendmsg(int fd, const struct msghdr *message, int flags)
{
	struct call call = point_begin_fd(POINT_SENDMSG, fd, NULL, 0);

	if (point_is_refused(&call))
		return -1;
	return point_end(&call, syscall(SYS_sendmsg, fd, message, flags));
}

static long
sync_of(enum points_kind kind, long number, int fd)
{
	struct call call = point_begin_fd(kind, fd, NULL, 0);
	uint32_t dropped = call.record.type == 'd' ? MUTANT_NO_DIRECTORY_FSYNC
						   : MUTANT_NO_FILE_FSYNC;

	if (point_is_refused(&call))
		return -1;
	if (points && (points->mutants & dropped) != 0)
		return 0;
	return point_end(&call, syscall(number, fd));
}

int
fsync(int fd)
{
	return (int)sync_of(POINT_FSYNC, SYS_fsync, fd);
}

int
fdatasync(int fd)
{
	return (int)sync_of(POINT_FDATASYNC, SYS_fdatasync, fd);
}

int
ftruncate(int fd, off_t len)
{
	struct call call = point_begin_fd(POINT_FTRUNCATE, fd, NULL, 0);

	if (point_is_refused(&call))
		return -1;
	return (int)point_end(&call, syscall(SYS_ftruncate, fd, len));
}

int
ftruncate64(int fd, off64_t len)
{
	return ftruncate(fd, len);
}

int
renameat2(int from, const char *from_name, int to, const char *to_name, unsigned flags)
{
	struct call call = {.number = 0};
	int error = errno;

	if (points && points->enabled) {
		point_take_name(&call, from, from_name);
		call.record.from_folder = point_folder(from, from_name);
		call.record.to_folder = point_folder(to, to_name);
		point_begin(&call, POINT_RENAME);
	}
	errno = error;
	if (point_is_refused(&call))
		return -1;
	return (int)point_end(
		&call, syscall(SYS_renameat2, from, from_name, to, to_name, flags));
}

int
renameat(int from, const char *from_name, int to, const char *to_name)
{
	return renameat2(from, from_name, to, to_name, 0);
}

int
rename(const char *from, const char *to)
{
	return renameat2(AT_FDCWD, from, AT_FDCWD, to, 0);
}

int
unlinkat(int dir, const char *name, int flags)
{
	struct call call = {.number = 0};
	int error = errno;

	if (points && points->enabled) {
		point_take_name(&call, dir, name);
		call.record.to_folder = point_folder(dir, name);
		point_begin(&call, POINT_UNLINK);
	}
	errno = error;
	if (point_is_refused(&call))
		return -1;
	return (int)point_end(&call, syscall(SYS_unlinkat, dir, name, flags));
}

int
unlink(const char *name)
{
	return unlinkat(AT_FDCWD, name, 0);
}

/* The lock of a lock file, taken or not: the programs' own mutual exclusion. */
int
flock(int fd, int operation)
{
	struct call call = point_begin_fd(POINT_FLOCK, fd, NULL, 0);

	if (point_is_refused(&call))
		return -1;
	if (points && (points->mutants & MUTANT_NO_FLOCK) != 0)
		return 0;
	return (int)point_end(&call, syscall(SYS_flock, fd, operation));
}
