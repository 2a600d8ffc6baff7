/* SPDX-License-Identifier: MIT */
/*
 * Files that are there after a power cut.  Every rename is fsynced on both sides:
 * the file before it, both directories after it.  A failed fsync must never be
 * tried again (the kernel may have dropped the data and say 0 the next time), so the
 * file system where one failed is given up: until durable_begin() everything here
 * refuses it with KE_SYNC, and touches it no more.  Loop thread only.
 *
 * All return 0 or a negative code: KE_NO_SPACE, KE_READ_ONLY, KE_SYNC, KE_NOT_FOUND,
 * KE_DUPLICATE (the target exists), KE_BAD_NAME, KE_OTHER_FILE_SYSTEM, KE_IO.
 */
#ifndef KEYLINE_DAEMON_DURABLE_H
#define KEYLINE_DAEMON_DURABLE_H

#include <stddef.h>
#include <sys/types.h>
#include "proto/error.h"

/* The code for an errno of a file operation other than fsync. */
int durable_error(int error_number);

/*
 * Locks the open file fd for this process alone (flock(2)), for good.  A process that was just
 * being started when its daemon was killed has the daemon's descriptors until its exec:
 * a lock that is held is tried again for a second.  0, KE_LOCKED, or I/O.
 */
KEYLINE_WARN_UNUSED int durable_lock(int fd);

enum { DURABLE_PATH_SIZE = 4096 };

/* What a disk did not do: KE_SYNC, KE_IO, KE_NO_SPACE or KE_READ_ONLY, and where. */
struct durable_trouble {
	int code;
	char path[DURABLE_PATH_SIZE];
};

/* A start: no sync has failed, and there is no trouble. */
void durable_begin(void);

/* 0, or KE_SYNC: a sync failed on the file system of fd (fd -1: on any). */
int durable_failed(int fd);

/* The first failed sync, or else the last trouble; code 0: none. */
const struct durable_trouble *durable_trouble(void);

/*
 * Remembers what failed on the file system of the file or directory fd: durable_*
 * does so by itself, others (SQLite's keeper) tell.  A code that is no trouble of a
 * disk is not.  Returns code.
 */
int durable_note(int fd, int code);

/* fsync of a file or directory descriptor: 0 or KE_SYNC. */
KEYLINE_WARN_UNUSED int durable_sync(int fd);

/*
 * Renames from/from_name to to/to_name and fsyncs both directories.  Never
 * replaces: KE_DUPLICATE when the target exists.  The file's own bytes must be
 * durable before.
 */
KEYLINE_WARN_UNUSED int durable_move(
	int from, const char *from_name, int to, const char *to_name);

/*
 * Puts bytes[0..len-1] into dir/name at one instant: a temporary dot file, fsync,
 * rename, fsync of dir.  replace: whether an older file gives way, else
 * KE_DUPLICATE.  After an error there is either the old file or the new one.
 */
KEYLINE_WARN_UNUSED int durable_write(int dir, const char *name, const void *bytes,
	size_t len, mode_t mode, int replace);

/*
 * The same in two steps, with what may not be taken back in between: all that needs room
 * is done by durable_prepare(), after which durable_put() gives the file its name, or
 * durable_abandon() takes it away.
 */
KEYLINE_WARN_UNUSED int durable_prepare(
	int dir, const char *name, const void *bytes, size_t len, mode_t mode);
KEYLINE_WARN_UNUSED int durable_put(int dir, const char *name, int replace);
void durable_abandon(int dir, const char *name);

/* Unlinks dir/name and fsyncs dir, also when the file is gone already: that may have been
 * a run that was killed before its fsync. */
KEYLINE_WARN_UNUSED int durable_unlink(int dir, const char *name);

/*
 * Opens (makes, mode, when absent) the directory dir/name, without following a
 * symbolic link, and fsyncs dir, whoever made it.  Returns the descriptor.
 */
KEYLINE_WARN_UNUSED int durable_open_dir(int dir, const char *name, mode_t mode);

/* Makes the directory path (one level, mode) where there is none, and fsyncs the one
 * that it stands in. */
KEYLINE_WARN_UNUSED int durable_make_dir(const char *path, mode_t mode);

#endif
