/* SPDX-License-Identifier: MIT */
/* A file's bytes for the daemon: read with the rights of whoever runs keylinectl. */
#ifndef KEYLINE_CTL_HANDOVER_H
#define KEYLINE_CTL_HANDOVER_H

#include "proto/error.h"

enum { HANDOVER_BYTES_MAX = (32 << 20) + 8192 };

struct invocation;
struct secret;

/*
 * Copies a plain file into a memory file that nobody can change any more.  Returns its
 * descriptor, which the caller closes; or an error after it was told on stderr (with
 * --json also on stdout): KE_NOT_FOUND, KE_NOT_PERMITTED, KE_TOO_LONG, KE_IO.
 */
KEYLINE_WARN_UNUSED int handover_file(const struct invocation *call, const char *path);

/*
 * The same of a secret's bytes, one at a time, which stay in locked memory until
 * handover_secret_close().  Returns the descriptor, KE_IO or KE_NO_LOCKED_MEMORY.
 */
KEYLINE_WARN_UNUSED int handover_secret(const struct secret *secret);

/* Once the daemon has answered; this process has nothing of it then. */
void handover_secret_close(int file);

/* The last part of a path. */
const char *handover_name(const char *path);

#endif
