/* SPDX-License-Identifier: MIT */
/*
 * Where sealed files lie while they are needed.  The ledger's path of a file says
 * it: store/HASH.cms in the state directory, secure/NAME on the secure disk; what was sent
 * away lies in the spool, outgoing/NAME.
 */
#ifndef KEYLINE_DAEMON_STORE_H
#define KEYLINE_DAEMON_STORE_H

#include "daemon/ledger_file.h"

struct host;

#define STORE_PREFIX "store/"
#define STORE_SECURE_PREFIX "secure/"
#define STORE_OUTGOING_PREFIX "outgoing/"

/* The name in the store of a file with that digest. */
enum { STORE_NAME_SIZE = 2 * LEDGER_DIGEST_LEN + 5 };
void store_name(
	char out[STORE_NAME_SIZE], const unsigned char digest[LEDGER_DIGEST_LEN]);

/*
 * Opens a file for reading by its path in the ledger.  The caller closes *fd.  Returns
 * 0, KE_NOT_FOUND, KE_SECURE_DISK, KE_IO (also for what is no plain file, at once), or
 * another code of daemon/durable.h.
 */
KEYLINE_WARN_UNUSED int store_open(
	int *fd, struct host *host, const struct ledger_file *file);

/*
 * Reads a whole file that holds nothing in the clear, of a directory; free() *bytes.
 * Returns 0, KE_TOO_LONG (over CMS_FILE_MAX), KE_NO_MEMORY, or a code of
 * daemon/durable.h.
 */
KEYLINE_WARN_UNUSED int store_read(
	unsigned char **bytes, size_t *len, int dir, const char *name);

/* The directory in which a file of that path lies, and its name there (within path).
 * The caller closes *fd. */
KEYLINE_WARN_UNUSED int store_place(
	int *dir, const char **name, struct host *host, const char *path);

#endif
