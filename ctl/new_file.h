/* SPDX-License-Identifier: MIT */
/* A file that a person is to have: whole and on the disk, or none. */
#ifndef KEYLINE_CTL_NEW_FILE_H
#define KEYLINE_CTL_NEW_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/*
 * Makes the file path, which was not there, with bytes[0..len-1] in it, and syncs it and the
 * folder that it stands in.  False: the problem was told (ctl/say.h), and there is no file
 * that was not there before.
 */
bool new_file_write(const char *path, const void *bytes, size_t len, mode_t mode);

/* Syncs the folder that path stands in: what was made there is there after a power cut.
 * Returns 0, or -1 with errno. */
int new_file_sync_folder(const char *path);

#endif
