/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "daemon/ctl_file.h"
#include "proto/secret_bytes.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

/* Only a memory file has seals. */
bool
ctl_file_is_sealed(int fd)
{
	const int needed = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;
	int seals = fd < 0 ? -1 : fcntl(fd, F_GET_SEALS);

	return seals >= 0 && (seals & needed) == needed;
}

/* The descriptor of a message; negative: there is none. */
static int
descriptor_of(struct msghdr *message)
{
	struct cmsghdr *head = CMSG_FIRSTHDR(message);
	int fd = -1;

	if (head && head->cmsg_level == SOL_SOCKET && head->cmsg_type == SCM_RIGHTS &&
		head->cmsg_len >= CMSG_LEN(sizeof fd))
		memcpy(&fd, CMSG_DATA(head), sizeof fd);
	return fd;
}

/* Leaves all where it is: *fd is a copy of a descriptor that lies in the socket; NULL:
 * none is made.  KE_TOO_LONG: there is one more than that. */
static ssize_t
look(int *fd, char *bytes, size_t len, int sock)
{
	union {
		struct cmsghdr align;
		char room[CMSG_SPACE(sizeof(int))];
	} control;
	struct iovec part = {bytes, len};
	struct msghdr message = {.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = fd ? &control : NULL,
		/* With the padding of CMSG_SPACE two would fit. */
		.msg_controllen = fd ? CMSG_LEN(sizeof(int)) : 0};
	ssize_t count =
		recvmsg(sock, &message, MSG_PEEK | MSG_DONTWAIT | MSG_CMSG_CLOEXEC);

	if (fd)
		*fd = -1;
	if (count < 0)
		return errno == EAGAIN || errno == EINTR ? KE_BUSY : KE_IO;
	if (fd)
		*fd = descriptor_of(&message);
	return message.msg_flags & MSG_CTRUNC ? KE_TOO_LONG : count;
}

ssize_t
ctl_file_receive(int *fd, char *bytes, size_t len, int sock)
{
	ssize_t seen = look(fd, bytes, len, sock), count;

	if (seen <= 0)
		return seen;
	/* The very bytes that were seen, and with them no descriptor but a copy of *fd.
	 */
	count = recv(sock, bytes, (size_t)seen, MSG_DONTWAIT);
	return count == seen ? count : KE_IO;
}

bool
ctl_file_drain(int sock)
{
	char bytes[4096];
	ssize_t seen;

	do
		seen = look(NULL, bytes, sizeof bytes, sock);
	while (seen > 0 && recv(sock, bytes, (size_t)seen, MSG_DONTWAIT) == seen);
	return seen == 0;
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

/* How many bytes a sealed memory file has; KE_BAD_MESSAGE, KE_IO, KE_TOO_LONG. */
static int
measure(size_t *len, int fd, size_t max)
{
	struct stat st;

	if (!ctl_file_is_sealed(fd))
		return KE_BAD_MESSAGE;
	if (fstat(fd, &st) != 0)
		return KE_IO;
	*len = (size_t)st.st_size;
	return *len > max ? KE_TOO_LONG : 0;
}

int
ctl_file_read_secret(struct secret **out, int fd, size_t max)
{
	size_t len;
	int error = measure(&len, fd, max);

	*out = error ? NULL : secret_new(max);
	if (error)
		return error;
	if (!*out)
		return KE_NO_MEMORY;
	error = read_all(secret_bytes(*out), len, fd);
	if (error == 0)
		error = secret_set_len(*out, len);
	if (error) {
		secret_free(*out);
		*out = NULL;
	}
	return error;
}

int
ctl_file_read(unsigned char **bytes, size_t *len, int fd, size_t max)
{
	int error = measure(len, fd, max);

	*bytes = NULL;
	if (error)
		return error;
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
