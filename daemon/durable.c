/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "daemon/durable.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

struct errno_row {
	int number;
	int code;
};

static const struct errno_row errno_rows[] = {
	{ENOSPC, KE_NO_SPACE},
	{EDQUOT, KE_NO_SPACE},
	{EROFS, KE_READ_ONLY},
	{ENOENT, KE_NOT_FOUND},
	{EEXIST, KE_DUPLICATE},
	{EXDEV, KE_OTHER_FILE_SYSTEM},
	{ELOOP, KE_BAD_NAME},
	{ENOTDIR, KE_BAD_NAME},
	{ENAMETOOLONG, KE_BAD_NAME},
	{ENOMEM, KE_NO_MEMORY},
	{EACCES, KE_NOT_PERMITTED},
	{EPERM, KE_NOT_PERMITTED},
};

int
durable_error(int error_number)
{
	for (size_t i = 0; i < sizeof errno_rows / sizeof errno_rows[0]; i++)
		if (errno_rows[i].number == error_number)
			return errno_rows[i].code;
	return KE_IO;
}

int
durable_lock(int fd)
{
	enum { TRIES = 50, PAUSE_NS = 20 * 1000 * 1000 };
	static const struct timespec pause = {.tv_nsec = PAUSE_NS};

	for (unsigned i = 0; flock(fd, LOCK_EX | LOCK_NB) != 0; i++) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			return durable_error(errno);
		if (i == TRIES)
			return KE_LOCKED;
		(void)nanosleep(&pause, NULL);
	}
	return 0;
}

enum { SYSTEMS_MAX = 8 };

/* The file systems where a sync failed; more than there is room for: all. */
static struct {
	dev_t devices[SYSTEMS_MAX];
	size_t count;
	struct durable_trouble trouble;
} failed;

void
durable_begin(void)
{
	memset(&failed, 0, sizeof failed);
}

const struct durable_trouble *
durable_trouble(void)
{
	return &failed.trouble;
}

int
durable_failed(int fd)
{
	struct stat st;

	if (failed.count == 0)
		return 0;
	if (fd < 0 || failed.count == SYSTEMS_MAX || fstat(fd, &st) != 0)
		return KE_SYNC;
	for (size_t i = 0; i < failed.count; i++)
		if (failed.devices[i] == st.st_dev)
			return KE_SYNC;
	return 0;
}

/* The path that the kernel has for a descriptor; "" where it tells none. */
static void
name_place(char place[DURABLE_PATH_SIZE], int fd)
{
	char entry[32];
	ssize_t len;

	(void)snprintf(entry, sizeof entry, "/proc/self/fd/%d", fd);
	len = readlink(entry, place, DURABLE_PATH_SIZE - 1);
	place[len > 0 ? len : 0] = '\0';
}

int
durable_note(int fd, int code)
{
	struct stat st;

	if (code != KE_SYNC && code != KE_IO && code != KE_NO_SPACE
		&& code != KE_READ_ONLY)
		return code;
	if (failed.trouble.code != KE_SYNC) {
		failed.trouble.code = code;
		name_place(failed.trouble.path, fd);
	}
	if (code == KE_SYNC && durable_failed(fd) == 0 && failed.count < SYSTEMS_MAX)
		failed.devices[failed.count++] = fstat(fd, &st) == 0 ? st.st_dev : 0;
	return code;
}

/* What an operation on the file or in the directory fd said. */
static int
error_at(int fd)
{
	int code = durable_error(errno);

	/* What this program has no name for is no word of the disk. */
	return code == KE_IO && errno != EIO ? code : durable_note(fd, code);
}

int
durable_sync(int fd)
{
	if (durable_failed(fd) != 0)
		return KE_SYNC;
	return fsync(fd) == 0 ? 0 : durable_note(fd, KE_SYNC);
}

int
durable_move(int from, const char *from_name, int to, const char *to_name)
{
	int rc = durable_failed(to);

	if (rc != 0)
		return rc;
	if (renameat2(from, from_name, to, to_name, RENAME_NOREPLACE) != 0)
		return error_at(to);
	rc = durable_sync(to);
	if (rc == 0 && from != to)
		rc = durable_sync(from);
	return rc;
}

static int
write_all(int fd, const char *bytes, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, bytes, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return error_at(fd);
		bytes += n;
		len -= (size_t)n;
	}
	return 0;
}

/* Makes dir/name anew with the bytes in it, fsynced. */
static int
write_temporary(int dir, const char *name, const void *bytes, size_t len, mode_t mode)
{
	int fd, rc;

	if (unlinkat(dir, name, 0) != 0 && errno != ENOENT)
		return error_at(dir);
	fd = openat(
		dir, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
	if (fd < 0)
		return error_at(dir);
	/* The umask keeps secrets from others; what a file is for is its writer's word. */
	rc = fchmod(fd, mode) == 0 ? write_all(fd, bytes, len) : error_at(fd);
	if (rc == 0)
		rc = durable_sync(fd);
	/* The data are down or the write failed: a close that fails says no more. */
	(void)close(fd);
	return rc;
}

static int
temporary_name(char out[NAME_MAX + 1], const char *name)
{
	int n = snprintf(out, NAME_MAX + 1, ".%s.tmp", name);

	return n < 0 || n > NAME_MAX || strchr(name, '/') ? KE_BAD_NAME : 0;
}

int
durable_prepare(int dir, const char *name, const void *bytes, size_t len, mode_t mode)
{
	char temporary[NAME_MAX + 1];
	int rc = temporary_name(temporary, name);

	if (rc == 0)
		rc = durable_failed(dir);
	if (rc != 0)
		return rc;
	rc = write_temporary(dir, temporary, bytes, len, mode);
	if (rc != 0)
		(void)unlinkat(dir, temporary, 0);
	return rc;
}

int
durable_put(int dir, const char *name, int replace)
{
	char temporary[NAME_MAX + 1];
	int rc = temporary_name(temporary, name);

	if (rc == 0)
		rc = durable_failed(dir);
	if (rc != 0)
		return rc;
	if (renameat2(dir, temporary, dir, name, replace ? 0 : RENAME_NOREPLACE) != 0) {
		rc = error_at(dir);
		(void)unlinkat(dir, temporary, 0);
		return rc;
	}
	return durable_sync(dir);
}

void
durable_abandon(int dir, const char *name)
{
	char temporary[NAME_MAX + 1];

	if (temporary_name(temporary, name) == 0 && durable_failed(dir) == 0)
		(void)unlinkat(dir, temporary, 0);
}

int
durable_write(int dir, const char *name, const void *bytes, size_t len, mode_t mode,
	int replace)
{
	int rc = durable_prepare(dir, name, bytes, len, mode);

	return rc == 0 ? durable_put(dir, name, replace) : rc;
}

int
durable_unlink(int dir, const char *name)
{
	int rc = durable_failed(dir);

	if (rc != 0)
		return rc;
	/* A run that was killed in between may have unlinked it. */
	if (unlinkat(dir, name, 0) != 0 && errno != ENOENT)
		return error_at(dir);
	return durable_sync(dir);
}

int
durable_open_dir(int dir, const char *name, mode_t mode)
{
	int fd, rc = durable_failed(dir);

	if (rc != 0)
		return rc;
	if (mkdirat(dir, name, mode) != 0 && errno != EEXIST)
		return error_at(dir);
	rc = durable_sync(dir);
	if (rc != 0)
		return rc;
	fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	return fd >= 0 ? fd : durable_error(errno);
}

int
durable_make_dir(const char *path, mode_t mode)
{
	int dir, above, rc;

	if (mkdir(path, mode) != 0)
		return errno == EEXIST ? 0 : durable_error(errno);
	dir = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (dir < 0)
		return durable_error(errno);
	above = openat(dir, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	rc = above < 0 ? durable_error(errno) : durable_sync(above);
	if (above >= 0)
		(void)close(above);
	(void)close(dir);
	return rc;
}
