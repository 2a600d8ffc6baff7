/* SPDX-License-Identifier: MIT */
/* The text of a private key between its file and locked memory, and nowhere else. */
#ifndef KEYLINE_DAEMON_KEYSTORE_FILE_H
#define KEYLINE_DAEMON_KEYSTORE_FILE_H

#include <stdbool.h>
#include "proto/secret.h"

/* Reads dir/name into a new secret.  Returns 0, KE_NOT_PERMITTED (another user's, or
 * one that others can read), KE_TOO_LONG, KE_NO_MEMORY, or a code of daemon/durable.h. */
KEYLINE_WARN_UNUSED int keystore_file_read(struct secret **out, int dir, const char *name);

/* Whether dir/name is a key no more, but what erase_file() overwrites one with. */
bool keystore_file_is_overwritten(int dir, const char *name);

/* Writes it durably as dir/name, 0600, in place of what is there.  Returns 0 or a code
 * of daemon/durable.h. */
KEYLINE_WARN_UNUSED int keystore_file_write(
	int dir, const char *name, const struct secret *text);

#endif
