/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "ctl/new_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>
#include "ctl/say.h"

int
new_file_sync_folder(const char *path)
{
	char folder[PATH_MAX] = ".";
	const char *slash = strrchr(path, '/');
	/* That of the root itself stays. */
	size_t len = slash == path ? 1 : slash ? (size_t)(slash - path) : 0;
	int fd, rc, error;

	if (len >= sizeof folder) {
		errno = ENAMETOOLONG;
		return -1;
	}
	if (slash) {
		memcpy(folder, path, len);
		folder[len] = '\0';
	}
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	rc = fsync(fd);
	error = errno;
	close(fd);
	errno = error;
	return rc;
}

static int
write_all(int fd, const char *bytes, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, bytes, len);

		if (n < 0 && errno != EINTR)
			return -1;
		if (n > 0) {
			bytes += n;
			len -= (size_t)n;
		}
	}
	return 0;
}

bool
new_file_write(const char *path, const void *bytes, size_t len, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
	bool done = fd >= 0 && write_all(fd, bytes, len) == 0 && fsync(fd) == 0 &&
		    new_file_sync_folder(path) == 0;

	if (!done)
		say_problem(path, strerror(errno));
	if (!done && fd >= 0)
		unlink(path);
	if (fd >= 0)
		close(fd);
	return done;
}
