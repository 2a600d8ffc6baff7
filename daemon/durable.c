/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "daemon/durable.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
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
durable_sync(int fd)
{
	return fsync(fd) == 0 ? 0 : KE_SYNC;
}

int
durable_move(int from, const char *from_name, int to, const char *to_name)
{
	int rc;

	if (renameat2(from, from_name, to, to_name, RENAME_NOREPLACE) != 0)
		return durable_error(errno);
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
			return durable_error(errno);
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
		return durable_error(errno);
	fd = openat(
		dir, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
	if (fd < 0)
		return durable_error(errno);
	/* The umask keeps secrets from others; what a file is for is its writer's word. */
	rc = fchmod(fd, mode) == 0 ? write_all(fd, bytes, len) : durable_error(errno);
	if (rc == 0)
		rc = durable_sync(fd);
	/* The data are down or the write failed: a close that fails says no more. */
	(void)close(fd);
	return rc;
}

int
durable_write(int dir, const char *name, const void *bytes, size_t len, mode_t mode,
	int replace)
{
	char temporary[NAME_MAX + 1];
	int n = snprintf(temporary, sizeof temporary, ".%s.tmp", name);
	int rc;

	if (n < 0 || (size_t)n >= sizeof temporary || strchr(name, '/'))
		return KE_BAD_NAME;
	rc = write_temporary(dir, temporary, bytes, len, mode);
	if (rc == 0 &&
		renameat2(dir, temporary, dir, name, replace ? 0 : RENAME_NOREPLACE) != 0)
		rc = durable_error(errno);
	if (rc != 0) {
		(void)unlinkat(dir, temporary, 0);
		return rc;
	}
	return durable_sync(dir);
}

int
durable_unlink(int dir, const char *name)
{
	if (unlinkat(dir, name, 0) != 0)
		return errno == ENOENT ? 0 : durable_error(errno);
	return durable_sync(dir);
}

int
durable_open_dir(int dir, const char *name, mode_t mode)
{
	int fd, rc;

	if (mkdirat(dir, name, mode) == 0) {
		rc = durable_sync(dir);
		if (rc != 0)
			return rc;
	} else if (errno != EEXIST) {
		return durable_error(errno);
	}
	fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	return fd >= 0 ? fd : durable_error(errno);
}
