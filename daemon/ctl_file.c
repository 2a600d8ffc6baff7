/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "daemon/ctl_file.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static void
catcher_closed(uv_handle_t *handle)
{
	free(handle);
}

/* libuv hands a descriptor out only into a handle, which closes its own with it. */
static int
take_one(int *fd, uv_pipe_t *pipe)
{
	uv_pipe_t *catcher = malloc(sizeof *catcher);
	uv_os_fd_t caught;
	int error = KE_IO;

	if (!catcher)
		return KE_NO_MEMORY;
	if (uv_pipe_init(pipe->loop, catcher, 0) != 0) {
		free(catcher);
		return KE_NO_MEMORY;
	}
	if (uv_accept((uv_stream_t *)pipe, (uv_stream_t *)catcher) == 0 &&
		uv_fileno((uv_handle_t *)catcher, &caught) == 0) {
		*fd = fcntl(caught, F_DUPFD_CLOEXEC, 0);
		error = *fd >= 0 ? 0 : KE_IO;
	}
	uv_close((uv_handle_t *)catcher, catcher_closed);
	return error;
}

int
ctl_file_take(int *fd, uv_pipe_t *pipe)
{
	int count = uv_pipe_pending_count(pipe);

	if (count == 0)
		return 0;
	return count > 1 || *fd >= 0 ? KE_TOO_LONG : take_one(fd, pipe);
}

/* Only a memory file has seals. */
static bool
is_sealed(int fd)
{
	const int needed = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;
	int seals = fd < 0 ? -1 : fcntl(fd, F_GET_SEALS);

	return seals >= 0 && (seals & needed) == needed;
}

static int
read_all(unsigned char *bytes, size_t len, int fd)
{
	size_t have = 0;

	while (have < len) {
		ssize_t got = pread(fd, bytes + have, len - have, (off_t)have);

		if (got <= 0)
			return KE_IO;
		have += (size_t)got;
	}
	return 0;
}

int
ctl_file_read(unsigned char **bytes, size_t *len, int fd, size_t max)
{
	struct stat st;
	int error;

	*bytes = NULL;
	if (!is_sealed(fd))
		return KE_BAD_MESSAGE;
	if (fstat(fd, &st) != 0)
		return KE_IO;
	if ((size_t)st.st_size > max)
		return KE_TOO_LONG;
	*len = (size_t)st.st_size;
	*bytes = malloc(*len + 1);
	if (!*bytes)
		return KE_NO_MEMORY;
	error = read_all(*bytes, *len, fd);
	if (error) {
		free(*bytes);
		*bytes = NULL;
	}
	return error;
}
