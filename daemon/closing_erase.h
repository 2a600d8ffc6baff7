/* SPDX-License-Identifier: MIT */
/* The files of a batch's secrets, overwritten, and the certificate that says so.  Inside of
 * the closing. */
#ifndef KEYLINE_DAEMON_CLOSING_ERASE_H
#define KEYLINE_DAEMON_CLOSING_ERASE_H

#include <sys/types.h>
#include "daemon/block_device.h"
#include "daemon/closing.h"
#include "daemon/erase.h"
#include "daemon/ledger_file.h"
#include "proto/batch.h"
#include "proto/certificate.h"

/* A file that was overwritten, as the certificate tells it. */
struct closing_erased {
	char where[LEDGER_PATH_SIZE + 64];
	struct erase_result result;
	/* One more for what stands against the file itself, and the NULL. */
	const char *findings[ERASE_FINDINGS + 2];
};

/* What is destroyed, and what the certificate will say of it. */
struct closing_erase {
	const struct closing *act;
	enum batch_kind kind;
	enum certificate_kind key;
	char fingerprint[FINGERPRINT_GROUPED_SIZE + 32];
	struct closing_erased *erased;
	size_t count;
	/* The disk of the first file. */
	struct block_device device;
	/* Of the file whose copies are looked for; -1: not known. */
	off_t length;
	int error;
};

/* The key by its fingerprint, asked for before it is destroyed. */
void closing_erase_name_key(struct closing_erase *erase);

/*
 * Overwrites each file of the kind that the ledger knows: what lies at its path, and every copy
 * by content in the spool's folders (and, of stickers, right on the secure disk).  Adds what it
 * found to erase->erased, which the caller frees: not verified are bytes at the path that are
 * not the file's, and files that cannot be read.  Goes on past an error; the first one is
 * returned.
 */
KEYLINE_WARN_UNUSED int closing_erase_files(struct closing_erase *erase);

/* Writes BATCH.sanitization.txt and, signed by the site key, .cms into reports/.  Returns
 * 0, KE_NO_MEMORY, KE_IO, KE_CRYPTO. */
KEYLINE_WARN_UNUSED int closing_erase_certificate(struct closing_erase *erase);

#endif
