/* SPDX-License-Identifier: MIT */
/*
 * The text of a certificate of sanitization, with the fields of NIST SP 800-88 rev. 2
 * (appendix: sample certificate).  It says what one host did to some files and what
 * that is worth, and never that no copy was made.
 */
#ifndef KEYLINE_PROTO_SANITIZE_H
#define KEYLINE_PROTO_SANITIZE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "proto/error.h"

/* One file that was overwritten. */
struct sanitize_file {
	/* "secure disk: US-2026-118.1.stickers.cms" */
	const char *name;
	uint64_t bytes;
	/* All its bytes were read back as written: from the device, or perhaps from
	 * the system's cache. */
	bool is_verified;
	bool is_read_from_device;
	/* The file system writes in place and keeps no copy that it knows of. */
	bool is_in_place;
	/* What stands against that, each one sentence; ends in NULL.  May be NULL. */
	const char *const *findings;
};

/* All texts are one line; NULL where it is not known, unless told otherwise. */
struct sanitize {
	/* Wanted. */
	const char *batch;
	const char *host;
	const char *maker;
	const char *model;
	/* The device's own serial number. */
	const char *serial;
	/* "disk", "loop device", ... */
	const char *media_type;
	const char *file_system;
	/* The keys destroyed before, by fingerprint; ends in NULL.  May be NULL. */
	const char *const *keys;
	const struct sanitize_file *files;
	size_t file_count;
	/* Wanted: program and version, "keylined 0.1.0". */
	const char *tool;
	const char *person;
	const char *title;
	/* Wanted: UTC, "2026-11-22T09:30:00Z". */
	const char *date;
	const char *place;
	const char *witness;
	/* The host's ledger when it was made, "event 1234, 67c2..."; without it no line. */
	const char *ledger;
};

/*
 * Writes the certificate into *out (free() it), with lines for two signatures.
 * Returns 0, KE_BAD_FIELD (a wanted field is missing, or a text has a control
 * character), KE_NO_MEMORY.
 */
KEYLINE_WARN_UNUSED int sanitize_text(
	char **out, size_t *len, const struct sanitize *facts);

#endif
