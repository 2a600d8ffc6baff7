/* SPDX-License-Identifier: MIT */
/*
 * A person's private key in a file: PKCS#8, P-256, under a passphrase; without one only
 * for hosts whose use is test.  In memory while it is used, and no longer.
 */
#ifndef KEYLINE_CTL_KEY_FILE_H
#define KEYLINE_CTL_KEY_FILE_H

#include <limits.h>
#include <stdbool.h>
#include "proto/private_key.h"

/*
 * Where a key is: given, or KEYLINE_KEY, or keyline/person.key in the person's folder of
 * configurations.  Returns 0, KE_NOT_FOUND (no home), KE_TOO_LONG.
 */
KEYLINE_WARN_UNUSED int key_file_path(char out[PATH_MAX], const char *given);

/* Makes the process one whose memory goes into no core and that nobody traces, with room
 * for keys.  Returns 0 or KE_NO_LOCKED_MEMORY. */
KEYLINE_WARN_UNUSED int key_file_begin(void);

/*
 * Reads a key; its passphrase is asked at the terminal.  Returns 0, with what went wrong
 * on stderr otherwise.
 */
KEYLINE_WARN_UNUSED int key_file_read(
	struct private_key **out, const char *path, bool must_be_sealed);

/*
 * Makes a key under a new passphrase that is asked for twice, in path, and its public
 * half in path.pub; neither may be there.  Returns 0, with what went wrong on stderr
 * otherwise.
 */
KEYLINE_WARN_UNUSED int key_file_make(const char *path);

#endif
