/* SPDX-License-Identifier: MIT */
/* The files of a batch's secrets, overwritten, and the certificate that says so.  Inside of
 * the closing. */
#ifndef KEYLINE_DAEMON_CLOSING_ERASE_H
#define KEYLINE_DAEMON_CLOSING_ERASE_H

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
	const char *findings[ERASE_FINDINGS + 1];
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
	int error;
};

/* The key by its fingerprint, asked for before it is destroyed. */
void closing_erase_name_key(struct closing_erase *erase);

/*
 * Overwrites where it lies each file of the kind that the ledger knows, wherever a copy of it
 * was left, and adds what it found to erase->erased, which the caller frees.  Goes on past an
 * error; the first one is returned.
 */
KEYLINE_WARN_UNUSED int closing_erase_files(struct closing_erase *erase);

/* Writes BATCH.sanitization.txt into reports/.  Returns 0, KE_NO_MEMORY, KE_IO. */
KEYLINE_WARN_UNUSED int closing_erase_certificate(struct closing_erase *erase);

#endif
