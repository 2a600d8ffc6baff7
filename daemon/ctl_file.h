/* SPDX-License-Identifier: MIT */
/*
 * A file that comes with a request (SCM_RIGHTS).  The client opens it with its own rights
 * and hands over its bytes as a sealed memory file: so this process opens no path that a
 * client names, nobody can change the bytes under its eyes, and no pipe, device or file
 * system of a client's own can keep it waiting.
 */
#ifndef KEYLINE_DAEMON_CTL_FILE_H
#define KEYLINE_DAEMON_CTL_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include "proto/error.h"

/*
 * Takes what has come over the Unix stream socket sock: at most len bytes, and in *fd the
 * descriptor that came with them; negative: none did.  Returns the number of bytes, 0 at
 * the end; KE_BUSY: nothing is there; KE_TOO_LONG: more than one descriptor came; KE_IO.
 * *fd is the caller's in any case.
 *
 * It looks before it takes, so that a descriptor that is not wanted stays in the socket.
 * What the kernel finds no room for it closes in the thread that receives, and the last
 * close of some waits for its giver (daemon/closer.h).
 */
KEYLINE_WARN_UNUSED ssize_t ctl_file_receive(int *fd, char *bytes, size_t len, int sock);

/* Takes what was not received of a socket that was shut down, up to the first descriptor.
 * True: none lies in it, and its close closes no other. */
bool ctl_file_drain(int sock);

/* Whether it is a memory file sealed against all changes: one that is read, and closed,
 * at once. */
bool ctl_file_is_sealed(int fd);

/*
 * Reads all of the memory file fd, whatever its position; free *bytes.  Returns 0,
 * KE_BAD_MESSAGE (fd is negative, or no memory file sealed against all changes),
 * KE_TOO_LONG (more than max), KE_NO_MEMORY, KE_IO.
 */
KEYLINE_WARN_UNUSED int ctl_file_read(
	unsigned char **bytes, size_t *len, int fd, size_t max);

struct secret;

/* The same of at most max bytes that are a secret; free *out, NULL on an error. */
KEYLINE_WARN_UNUSED int ctl_file_read_secret(struct secret **out, int fd, size_t max);

#endif
