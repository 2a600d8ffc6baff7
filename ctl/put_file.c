/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "ctl/put_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include "ctl/say.h"

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
	return fsync(fd);
}

bool
put_file(const char *path, const void *bytes, size_t len)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0644);
	int error = fd < 0 ? errno : 0;

	if (fd >= 0 && write_all(fd, bytes, len) != 0)
		error = errno;
	if (fd >= 0 && close(fd) != 0 && !error)
		error = errno;
	if (fd >= 0 && error)
		(void)unlink(path);
	if (error)
		say_problem(path, strerror(error));
	return error == 0;
}
