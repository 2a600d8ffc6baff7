/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "sim/keeper_file.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int
write_all(int fd, const unsigned char *bytes, size_t len)
{
	while (len > 0) {
		ssize_t put = write(fd, bytes, len);

		if (put < 0 && errno == EINTR)
			continue;
		if (put <= 0)
			return KE_IO;
		bytes += put;
		len -= (size_t)put;
	}
	return 0;
}

int
keeper_file_append(int fd, const void *bytes, size_t len)
{
	if (write_all(fd, bytes, len) != 0 || fsync(fd) != 0)
		return KE_IO;
	return 0;
}

int
keeper_file_replace(int dir, const char *name, const void *bytes, size_t len)
{
	char beside[300];
	int fd, error;

	snprintf(beside, sizeof beside, "%s.new", name);
	fd = openat(
		dir, beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return KE_IO;
	error = keeper_file_append(fd, bytes, len);
	if (close(fd) != 0 || error || renameat(dir, beside, dir, name) != 0 ||
		fsync(dir) != 0)
		return KE_IO;
	return 0;
}

int
keeper_file_read(char *text, size_t size, int dir, const char *name)
{
	int fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	size_t len = 0;
	ssize_t got = 1;

	if (fd < 0)
		return errno == ENOENT ? KE_NOT_FOUND : KE_IO;
	while (len < size && got != 0) {
		got = read(fd, text + len, size - len);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			break;
		len += (size_t)got;
	}
	close(fd);
	if (got < 0)
		return KE_IO;
	if (len == size)
		return KE_TOO_LONG;
	text[len] = '\0';
	return (int)len;
}

int
keeper_file_sync_parent(const char *path)
{
	char *copy = strdup(path);
	int dir = copy ? open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	int error = dir >= 0 && fsync(dir) == 0 ? 0 : KE_IO;

	if (dir >= 0)
		close(dir);
	free(copy);
	return error;
}
