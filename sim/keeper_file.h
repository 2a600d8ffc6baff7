/* SPDX-License-Identifier: MIT */
/* Small files that are there or not, whole or not at all. */
#ifndef KEYLINE_SIM_KEEPER_FILE_H
#define KEYLINE_SIM_KEEPER_FILE_H

#include <stddef.h>
#include "proto/error.h"

/* Writes a file beside, fsyncs it, renames it over name, fsyncs the folder.  Mode 0600.
 */
KEYLINE_WARN_UNUSED int keeper_file_replace(
	int dir, const char *name, const void *bytes, size_t len);

/*
 * Reads a whole file of less than size bytes and ends it with a NUL.  Returns its length,
 * KE_NOT_FOUND, KE_TOO_LONG or KE_IO.
 */
KEYLINE_WARN_UNUSED int keeper_file_read(
	char *text, size_t size, int dir, const char *name);

/* Writes to the end of a file and fsyncs it. */
KEYLINE_WARN_UNUSED int keeper_file_append(int fd, const void *bytes, size_t len);

/* fsyncs the folder that a path lies in. */
KEYLINE_WARN_UNUSED int keeper_file_sync_parent(const char *path);

#endif
