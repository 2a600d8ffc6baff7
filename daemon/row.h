/* SPDX-License-Identifier: MIT */
/*
 * One wallet's sealed row: fetched on the loop thread by what the ledger says of
 * it, opened on any thread.  One row is open at a time and lives in locked memory.
 */
#ifndef KEYLINE_DAEMON_ROW_H
#define KEYLINE_DAEMON_ROW_H

#include "daemon/ledger_file.h"
#include "proto/batch_row.h"

struct certificate;
struct host;
struct private_key;
struct secret;

/* A sealed row with the key that opens it; a value that a pool worker may have. */
struct row {
	enum batch_kind kind;
	char batch[LEDGER_BATCH_SIZE];
	char serial[LEDGER_SERIAL_SIZE];
	char *sealed;
	size_t len;
	/* Borrowed from the key store. */
	const struct certificate *certificate;
	const struct private_key *key;
};

/*
 * Fetches a wallet's row of that kind: its place from the ledger, its text from the
 * store or the secure disk (compared with the ledger's hash), this host's key from
 * the key folder.  A kind that no stage of this host takes is not even looked for
 * (KE_WRONG_KIND).  Returns 0 or KE_NOT_FOUND, KE_NO_KEY, KE_SECURE_DISK, KE_IO,
 * KE_READBACK (the text is not the one that was taken in).  Clear it after success.
 */
KEYLINE_WARN_UNUSED int row_fetch(
	struct row *out, struct host *host, const char *serial, enum batch_kind kind);
void row_clear(struct row *row);

/*
 * Opens a row into its plain text, a new secret; what it says is parsed by
 * proto/batch_row.h, which compares batch and serial inside.  Any thread.  Returns 0,
 * KE_CANNOT_OPEN, KE_WRONG_RECIPIENT, KE_BAD_CMS, KE_NO_MEMORY.
 */
KEYLINE_WARN_UNUSED int row_open(struct secret **plain, const struct row *row);

#endif
