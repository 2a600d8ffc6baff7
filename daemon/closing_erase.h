/* SPDX-License-Identifier: MIT */
/* The files of a batch's secrets, overwritten, and the certificate that says so.  Inside of
 * the closing. */
#ifndef KEYLINE_DAEMON_CLOSING_ERASE_H
#define KEYLINE_DAEMON_CLOSING_ERASE_H

#include <sys/types.h>
#include "daemon/closing.h"
#include "daemon/erase.h"
#include "daemon/ledger_file.h"
#include "daemon/medium.h"
#include "proto/batch.h"
#include "proto/certificate.h"

/* Where the certificate says that a key lay: "keys/stickers.US-118.key". */
#define CLOSING_KEYS_PREFIX "keys/"

enum { CLOSING_PATH_SIZE = 512 };

/* A medium that files lay on. */
struct closing_medium {
	struct medium seen;
	/* "secure disk"; "state directory, spool". */
	char roles[96];
	/* With program lifetime; NULL: not known. */
	const char *file_system;
};

/* A file that was overwritten, as the certificate tells it. */
struct closing_erased {
	char where[LEDGER_PATH_SIZE + 64];
	struct erase_result result;
	/* Of erase->media, from 1 on; 0: none. */
	size_t medium;
	/* One more for what stands against the file itself, and the NULL. */
	const char *findings[ERASE_FINDINGS + 2];
};

/* What is destroyed, and what the certificate will say of it. */
struct closing_erase {
	const struct closing *act;
	enum batch_kind kind;
	enum certificate_kind key;
	/* The host sent the secrets away, sealed to a key that is not here. */
	bool is_sent;
	/* "": the batch's key was not here any more. */
	char fingerprint[FINGERPRINT_GROUPED_SIZE];
	struct closing_erased *erased;
	size_t count;
	struct closing_medium *media;
	size_t media_count;
	/* Of the file whose copies are looked for; -1: not known. */
	off_t length;
	int error;
	/* Nothing is overwritten: looked for is what may not be. */
	bool is_look;
	/* What the look has found first, by its whole path, and whose; "": nothing. */
	char barred[CLOSING_PATH_SIZE];
	uid_t barred_owner;
};

/* The key by its fingerprint, asked for before it is destroyed. */
void closing_erase_name_key(struct closing_erase *erase);

/* Destroys the batch's key; that it was gone already is told as not verified.  Returns 0 or
 * an error of keystore_destroy(). */
KEYLINE_WARN_UNUSED int closing_erase_key(struct closing_erase *erase);

/*
 * Overwrites each file of the kind that the ledger knows: what lies at its path, and every copy
 * by content in the spool's folders (and, of stickers, right on the secure disk).  Adds what it
 * found to erase->erased: not verified are bytes at the path that are not the file's, and
 * files that cannot be read.  Goes on past an error; the first one is returned.
 */
KEYLINE_WARN_UNUSED int closing_erase_files(struct closing_erase *erase);

/* Whether the daemon may overwrite each of them: another user's file, as a person drops
 * it, is his.  Changes nothing.  KE_BAD_STATE it may not, and the act has the refusal. */
KEYLINE_WARN_UNUSED int closing_erase_look(struct closing_erase *erase);

/* Frees what was gathered. */
void closing_erase_clear(struct closing_erase *erase);

#endif
