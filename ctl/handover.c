/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "ctl/handover.h"
#include "ctl/ask.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static int
write_all(int fd, const char *bytes, size_t len)
{
	while (len) {
		ssize_t n = write(fd, bytes, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return KE_IO;
		bytes += n;
		len -= (size_t)n;
	}
	return 0;
}

/* The file may grow or shrink meanwhile: what was read is what is handed over. */
static int
copy_bytes(int to, int from)
{
	char bytes[65536];
	size_t left = HANDOVER_BYTES_MAX;

	for (;;) {
		ssize_t n = read(from, bytes, sizeof bytes);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? KE_IO : 0;
		if ((size_t)n > left) {
			errno = EFBIG;
			return KE_TOO_LONG;
		}
		left -= (size_t)n;
		if (write_all(to, bytes, (size_t)n) != 0)
			return KE_IO;
	}
}

/* The memory file, or an error with its cause in errno. */
static int
copy_file_to_memory(int from)
{
	int to = memfd_create("keylinectl", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	int error, cause;

	if (to < 0)
		return KE_IO;
	error = copy_bytes(to, from);
	if (error == 0 &&
		fcntl(to, F_ADD_SEALS,
			F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL) != 0)
		error = KE_IO;
	if (error == 0)
		return to;
	cause = errno;
	close(to);
	errno = cause;
	return error;
}

static int
error_of_open(void)
{
	if (errno == ENOENT || errno == ENOTDIR)
		return KE_NOT_FOUND;
	return errno == EACCES || errno == EPERM ? KE_NOT_PERMITTED : KE_IO;
}

/* As copy_file_to_memory(). */
static int
read_file(const char *path)
{
	/* A pipe without a writer must not keep a person waiting. */
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	int result, cause;
	struct stat st;

	if (fd < 0)
		return error_of_open();
	if (fstat(fd, &st) != 0) {
		result = KE_IO;
	} else if (!S_ISREG(st.st_mode)) {
		errno = S_ISDIR(st.st_mode) ? EISDIR : EINVAL;
		result = KE_IO;
	} else {
		result = copy_file_to_memory(fd);
	}
	cause = errno;
	close(fd);
	errno = cause;
	return result;
}

int
handover_file(const struct invocation *call, const char *path)
{
	int result = read_file(path);
	struct ctl_telling telling = {"REFUSED", NULL, NULL, "keylinectl(1)"};
	char status[512];

	if (result >= 0)
		return result;
	snprintf(status, sizeof status, "%.300s cannot be read: %s.", path,
		strerror(errno));
	telling.status = status;
	telling.action =
		result == KE_NOT_PERMITTED
			? "It is read with your rights: have them given to you, or "
			  "ask somebody who has them."
			: "Name a plain file of at most 32 MiB.";
	ask_refuse(call, ctl_exit_of(result), error_name(result), &telling);
	return result;
}

const char *
handover_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}
