/* SPDX-License-Identifier: MIT */
/*
 * A file that comes with a request (SCM_RIGHTS).  The client opens it with its own rights
 * and hands over its bytes as a sealed memory file: so this process opens no path that a
 * client names, nobody can change the bytes under its eyes, and no pipe, device or file
 * system of a client's own can keep it waiting.
 */
#ifndef KEYLINE_DAEMON_CTL_FILE_H
#define KEYLINE_DAEMON_CTL_FILE_H

#include <stddef.h>
#include <uv.h>
#include "proto/error.h"

/*
 * To be called when bytes have come over pipe (made for handing over): takes the descriptor
 * that came with them into *fd, which is negative while there is none.  Returns 0, also
 * when none came; KE_TOO_LONG: there is one already, or several came; KE_NO_MEMORY, KE_IO.
 */
KEYLINE_WARN_UNUSED int ctl_file_take(int *fd, uv_pipe_t *pipe);

/*
 * Reads all of the memory file fd, whatever its position; free *bytes.  Returns 0,
 * KE_BAD_MESSAGE (fd is negative, or no memory file sealed against all changes),
 * KE_TOO_LONG (more than max), KE_NO_MEMORY, KE_IO.
 */
KEYLINE_WARN_UNUSED int ctl_file_read(
	unsigned char **bytes, size_t *len, int fd, size_t max);

#endif
