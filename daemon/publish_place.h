/* SPDX-License-Identifier: MIT */
/* Where a file that is published stands before and after its commit. */
#ifndef KEYLINE_DAEMON_PUBLISH_PLACE_H
#define KEYLINE_DAEMON_PUBLISH_PLACE_H

#include "daemon/ledger_file.h"
#include "proto/batch.h"

struct host;

/* "NAME.staged"; "NAME.2.staged" while an earlier file of that name waits for its place;
 * on the secure disk, which goes from host to host, ".HOST.NAME.staged". */
#define PUBLISH_STAGED_ENDING ".staged"

struct publish_place {
	int staged_dir;
	char staged_name[LEDGER_PATH_SIZE];
	int final_dir;
	char final_name[LEDGER_PATH_SIZE];
	/* As the ledger has it: "outgoing/NAME", "secure/NAME", "store/HASH.cms". */
	char path[LEDGER_PATH_SIZE];
	/* The kind of the file that a receipt answers, else NULL. */
	const char *receipt_for;
};

/* Opens the directories for a file.  publish_place_close() it, also after an error.
 * Returns 0, KE_SECURE_DISK, KE_IO. */
KEYLINE_WARN_UNUSED int publish_place_open(struct publish_place *place,
	struct host *host, const struct batch_header *header,
	const unsigned char digest[LEDGER_DIGEST_LEN], const char *receipt_for);
/* After the commit: from staged to its place.  What is there already and the same is
 * as good.  Returns 0, KE_DUPLICATE (other bytes are there), or what the disk says. */
KEYLINE_WARN_UNUSED int publish_place_finish(
	const struct publish_place *place, struct host *host);
/* The same for a staged file of an earlier run, by its path of the ledger; tells whether
 * its name is taken. */
KEYLINE_WARN_UNUSED int publish_place_move(
	struct host *host, int dir, const char *staged, const char *path);
void publish_place_close(struct publish_place *place);

/* NAME of a staged file, by its staged name. */
void publish_place_name(char out[LEDGER_PATH_SIZE], const char *staged);

/* Tells that another file has that name (KE_DUPLICATE), or takes it back (0). */
void publish_tell_taken(struct host *host, const char *name, int error);

#endif
