/* SPDX-License-Identifier: MIT */
/*
 * The hot folder.  People and scripts drop files into incoming/, the daemon puts
 * its own into outgoing/; between them a file is at each instant in one folder:
 *
 *	incoming/   dropped, perhaps still being copied
 *	working/    claimed by rename; found here at a start: taken up again
 *	done/ failed/ duplicate/   ended, with NAME.result.txt and NAME.result.json
 *	outgoing/   complete from the instant that its name appears
 *
 * Not looked at in incoming/: dot files, *.tmp, *.part and ~$*.  Left where they lie
 * (spool_list() names them): folders, symbolic links, and whatever else is no plain
 * file.  Refused (spool_take() gives them out with a code): odd names (control characters, not UTF-8, over SPOOL_NAME_MAX bytes,
 * "refused-*", "*.result.txt", "*.result.json"), files over the cap.
 *
 * Loop thread only; no call follows a symbolic link.  After a failed fsync
 * (KE_SYNC) every call that moves or writes says KE_SYNC until a new start.
 */
#ifndef KEYLINE_DAEMON_SPOOL_H
#define KEYLINE_DAEMON_SPOOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "proto/error.h"

enum { SPOOL_NAME_MAX = 200, SPOOL_NAME_SIZE = 256 };

enum spool_folder {
	SPOOL_INCOMING,
	SPOOL_WORKING,
	SPOOL_OUTGOING,
	SPOOL_DONE,
	SPOOL_FAILED,
	SPOOL_DUPLICATE,
	SPOOL_FOLDERS
};

struct spool;

struct spool_place {
	const char *path;       /* of the spool; it must exist */
	const char *state_path; /* the spool must lie in its file system; NULL = any */
	uint64_t max_bytes;     /* the cap; 0 = 64 MiB */
	uint32_t settle_ms;     /* how long a file must stay the same; 0 = 1000 */
};

/*
 * Opens the folders, makes those that are absent (modes 0770 incoming, 0750
 * outgoing, done, failed, duplicate, 0700 working; with the spool's setgid bit).  KE_OTHER_FILE_SYSTEM,
 * KE_NOT_FOUND, KE_BAD_NAME (a folder is a link or a file), and I/O.
 */
KEYLINE_WARN_UNUSED int spool_open(struct spool **out, const struct spool_place *place);
void spool_close(struct spool *spool);

/* The cap on a file's bytes. */
uint64_t spool_max_bytes(const struct spool *spool);

/* 0, or KE_SYNC: it takes and gives nothing any more. */
int spool_failed(const struct spool *spool);

/* "incoming", ...; the path of a folder, for watching. */
const char *spool_folder_name(enum spool_folder folder);
const char *spool_folder_path(const struct spool *spool, enum spool_folder folder);

/* The descriptor of a folder, for readers of files in it; it stays the spool's. */
int spool_folder_fd(const struct spool *spool, enum spool_folder folder);

/*
 * Looks through incoming/.  A file is ready when its size, mtime, ctime and inode
 * were the same settle_ms before, by the monotonic clock now_ms.  Returns 0;
 * KE_OTHER_FILE_SYSTEM when a folder was replaced or mounted over; I/O.
 */
KEYLINE_WARN_UNUSED int spool_scan(struct spool *spool, int64_t now_ms);

/* A file of the folder working/. */
struct spool_file {
	char name[SPOOL_NAME_SIZE];    /* in working/ */
	char dropped[SPOOL_NAME_SIZE]; /* as it was dropped, odd bytes as '?' */
	int code;       /* 0, or why it must not be read: finish it as failed */
	bool recovered; /* it was in working/ before */
	uint64_t size;
	int fd; /* open for reading, or -1; spool_finish() and spool_defer() close it */
};

/*
 * Claims the next file: first those found in working/ at the start, then the
 * ready ones in the order of their names, numbers in them counting as numbers.
 * KE_NOT_FOUND: there is none now.  A file that its writer has a lease on (fcntl(2),
 * F_SETLEASE: file servers) waits.  Whoever dropped a file can still write into
 * it: read it once, by spool_read(), and hash what was read.
 */
KEYLINE_WARN_UNUSED int spool_take(struct spool_file *file, struct spool *spool);

/* The whole file; *bytes is the caller's to free().  KE_TOO_LONG it grew past the cap. */
KEYLINE_WARN_UNUSED int spool_read(
	unsigned char **bytes, size_t *len, struct spool *spool, struct spool_file *file);

/* The two reports on a file; texts of proto/report.h. */
struct spool_result {
	const char *text;
	size_t text_len;
	const char *json;
	size_t json_len;
};

/*
 * Ends a file: writes its results and then moves it to done, failed or duplicate,
 * as NAME, or NAME.2, NAME.3 ... when that is there already.  After a crash on the
 * way it is still in working/.  name_out (may be NULL, SPOOL_NAME_SIZE) is its name
 * there.
 */
KEYLINE_WARN_UNUSED int spool_finish(char *name_out, struct spool *spool,
	struct spool_file *file, enum spool_folder folder,
	const struct spool_result *result);

/*
 * Puts a file back into incoming/, because one before it is missing (code says
 * why); it is given out again after another file was finished as done.  When another file
 * has its name there by now, it gets a number before its ending, in file->name; when that
 * one has the same bytes, it is the one that waits, and this one is gone.
 */
KEYLINE_WARN_UNUSED int spool_defer(
	struct spool *spool, struct spool_file *file, int code);

/*
 * Lets a file lie in working/, to be given out again as one that was found there at
 * the start: a disk, not the file, kept it from its end.
 */
KEYLINE_WARN_UNUSED int spool_again(struct spool *spool, struct spool_file *file);

/* What waits for another file is given out again; spool_finish() to done/ does so, too. */
void spool_retry_deferred(struct spool *spool);

/*
 * Puts a file into outgoing/ at one instant.  0 also when the same bytes are there
 * already under that name; KE_DUPLICATE when others are.
 */
KEYLINE_WARN_UNUSED int spool_publish(
	struct spool *spool, const char *name, const void *bytes, size_t len);

/* What lies in incoming/ as of the last scan. */
struct spool_waiting {
	const char *name; /* odd bytes as '?' */
	bool ready;
	bool is_file; /* false: a folder, link, socket ...: it stays where it lies */
	int code;     /* why it was deferred, or 0 */
};
typedef void spool_waiting_cb(void *context, const struct spool_waiting *waiting);
void spool_list(const struct spool *spool, spool_waiting_cb *cb, void *context);

/* Whether the last scan found more names in incoming/ than it looks at: those that are not
 * looked at anyway, and what is no file, keep no file from being seen; over
 * 20,000 that wait do. */
bool spool_is_crowded(const struct spool *spool);

#endif
