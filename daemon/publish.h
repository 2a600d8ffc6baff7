/* SPDX-License-Identifier: MIT */
/*
 * Signed files on their way out, in three steps with one instant of commit:
 *
 *	stage    the whole signed file is durable under a name that nobody looks at
 *	record   in the ledger's transaction of the act that made it
 *	finish   after the commit: moved to outgoing/ or to its place on the secure disk
 *
 * A crash before the commit leaves a staged file that the next start erases; after
 * it, one that the next start moves on (publish_recover()).
 */
#ifndef KEYLINE_DAEMON_PUBLISH_H
#define KEYLINE_DAEMON_PUBLISH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "daemon/ledger_file.h"
#include "proto/batch.h"
#include "proto/buffer.h"

struct host;

/* What a file is to say, beside its rows. */
struct publish_spec {
	enum batch_kind kind;
	const char *recipient;
	const char *batch;
	uint32_t part;
	uint32_t parts;
	/* For the kinds that carry them, else NULL. */
	const char *product;
	const char *coins;
	uint64_t draws;
	/* The kind of the file that a receipt answers, else NULL. */
	const char *receipt_for;
	/* An event of the recipient's ledger that this host has just seen and is about to
	 * record; NULL: the newest one on record is told. */
	const struct ledger_head *witness;
};

struct publication;

/*
 * Signs header and rows (lines of the kind's columns) and stages the file.  rows
 * borrowed.  Returns 0 or KE_NO_KEY, KE_SECURE_DISK, KE_TOO_LONG, KE_NO_SPACE and
 * the codes of daemon/durable.h.
 */
KEYLINE_WARN_UNUSED int publish_stage(struct publication **out, struct host *host,
	const struct publish_spec *spec, const struct batch_rows *rows);

/* Records the file within the running transaction.  Returns the ledger's result. */
KEYLINE_WARN_UNUSED int publish_record(struct publication *publication,
	struct host *host, const struct ledger_by *by);

/* Moves the committed file to its place; frees it.  0 also when another file has its name
 * there: that is told, and it goes on when the name is free. */
KEYLINE_WARN_UNUSED int publish_finish(
	struct publication **publication, struct host *host);

/* Erases what was staged and not committed; frees it.  NULL is a no-op. */
void publish_abandon(struct publication **publication, struct host *host);

/* Finishes or erases what an earlier run left staged: in the state directory, at the
 * start; on the secure disk, when it is first there and no stage is at work (below).
 * KE_DUPLICATE: the name of some has another file, or some cannot be read, which was
 * told; all others went on. */
KEYLINE_WARN_UNUSED int publish_recover(struct host *host);

/*
 * The secure disk (dir) goes from host to host: there only what is this host's by its
 * name and in no ledger is erased, what another one left is told (stickers-staged).  Then
 * tells stickers of this host that lie nowhere there and whose receipt has not come
 * (stickers-missing).  For a host that mints.
 */
KEYLINE_WARN_UNUSED int publish_recover_secure(struct host *host, int dir);

/* Whether an entry of the secure disk waits for its last step by its name. */
bool publish_is_staged(const char *name);
/* Tells that one waits there (dir) that is not this host's to finish, or is no file of
 * any (staged-strange). */
void publish_tell_staged(struct host *host, int dir, const char *staged);
/* Takes back what was told of entries of the secure disk (dir) that are gone or back. */
void publish_look_secure(struct host *host, int dir);
/* The receipt of a file has come: where it lies is no matter any more. */
void publish_tell_received(
	struct host *host, const unsigned char sha256[LEDGER_DIGEST_LEN]);

#endif
