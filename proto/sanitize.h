/* SPDX-License-Identifier: MIT */
/*
 * The text of a certificate of sanitization, with the fields of NIST SP 800-88 (rev. 1,
 * appendix G; rev. 2): one that a person can print, 76 columns wide.  It says what one
 * host did to some files and what that is worth, and never that no copy was made.  What
 * is not known stands there as "not known".
 */
#ifndef KEYLINE_PROTO_SANITIZE_H
#define KEYLINE_PROTO_SANITIZE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "proto/error.h"

/* All texts are one line; NULL or "" where it is not known, unless told otherwise. */

/* A medium that files lay on. */
struct sanitize_medium {
	/* Wanted.  Whose it is and what it is there: "computer cn-print, secure disk". */
	const char *source;
	const char *maker;
	const char *model;
	/* The device's own serial number. */
	const char *serial;
	/* "scsi disk", "loop", ... */
	const char *type;
	/* "rotating" or "solid state", as the device says. */
	const char *rotation;
	/* Between it and its file system is a mapper (encryption, volumes). */
	bool is_mapped;
	const char *file_system;
	const char *uuid;
	/* How it was mounted. */
	const char *options;
};

/* One file that was overwritten, or should have been. */
struct sanitize_file {
	/* Wanted: "secure/US-2026-118.1.stickers.cms" */
	const char *name;
	uint64_t bytes;
	/* Of the media, from 1 on; 0: none, it was not there. */
	size_t medium;
	/* All its bytes were read back as written: from the device, or perhaps from
	 * the system's cache. */
	bool is_verified;
	bool is_read_from_device;
	/* The file system writes in place and keeps no copy that it knows of. */
	bool is_in_place;
	/* What stands against that, each one sentence; ends in NULL.  May be NULL. */
	const char *const *findings;
};

struct sanitize_person {
	const char *name;
	const char *title;
	/* UTC. */
	const char *date;
	/* The fingerprint, in groups, of the key that he approved it with. */
	const char *key;
};

struct sanitize {
	/* Wanted. */
	const char *batch;
	const char *host;
	const char *organization;
	const char *place;
	/* A telephone number, an address. */
	const char *contact;
	const struct sanitize_medium *media;
	size_t media_count;
	/* Wanted.  What was destroyed, in words. */
	const char *what;
	/* The batch's key, by fingerprint, that was destroyed before; NULL: none was
	 * here. */
	const char *key;
	/* Then where that key is, or that it was gone, in words. */
	const char *key_elsewhere;
	const struct sanitize_file *files;
	size_t file_count;
	/* Wanted: program and version, "keylined 0.1.0". */
	const char *tool;
	struct sanitize_person performed;
	struct sanitize_person witnessed;
	/* What both signed: "request 12 of cn-print". */
	const char *request;
	const char *reason;
	/* Wanted: UTC, "2026-11-22T09:30:00Z". */
	const char *date;
	/* Wanted: the ledger's newest event, its number and hash in groups. */
	const char *ledger;
};

/* Whether all files were overwritten in place and verified: what NIST calls Clear. */
bool sanitize_is_clear(const struct sanitize *facts);

/*
 * Writes the certificate into *out (free() it), with lines for two signatures.
 * Returns 0, KE_BAD_FIELD (a wanted field is missing, or a text has a control
 * character), KE_NO_MEMORY.
 */
KEYLINE_WARN_UNUSED int sanitize_text(
	char **out, size_t *len, const struct sanitize *facts);

#endif
