/* SPDX-License-Identifier: MIT */
/* Inside of the spool. */
#ifndef KEYLINE_DAEMON_SPOOL_INSIDE_H
#define KEYLINE_DAEMON_SPOOL_INSIDE_H

#include <sys/stat.h>
#include "daemon/spool.h"

/* What must stay the same for a file to be complete. */
struct spool_signature {
	dev_t dev;
	ino_t ino;
	off_t size;
	struct timespec mtime;
	struct timespec ctime;
};

/* A file in incoming/ as the scans saw it. */
struct spool_entry {
	char *name;
	struct spool_signature signature;
	int64_t since_ms; /* since when the signature is this */
	bool ready;
	bool is_file; /* a plain one; others are never taken */
	bool taken;
	int code;     /* why it will be refused */
	int deferred; /* why it was put back */
};

struct spool {
	int root;
	int fds[SPOOL_FOLDERS];
	char *paths[SPOOL_FOLDERS];
	uint64_t max_bytes;
	uint32_t settle_ms;
	int failed;
	struct spool_entry *entries; /* sorted by name */
	size_t count;
	char **recovered; /* names in working/ at the start, and left there again */
	size_t recovered_count, recovered_next;
	unsigned refused; /* last number of a refused-N */
	bool is_crowded;  /* incoming/, as of the last scan */
};

/* Remembers a failed fsync; returns rc. */
int spool_note(struct spool *spool, int rc);

struct spool_signature spool_signature_of(const struct stat *st);

/* Puts the entries into the order of their names. */
void spool_sort(struct spool *spool);

/*
 * Names in a folder but "." and "..", in natural order; at most SPOOL_SCAN_MAX, and of what
 * is no plain file at most SPOOL_STRANGE_MAX.  With is_crowded, of incoming/: also without
 * those that are ignored; it tells whether there were more than SPOOL_SCAN_MAX in all, or
 * some were left out.
 */
enum { SPOOL_SCAN_MAX = 20000, SPOOL_STRANGE_MAX = 1000 };
int spool_names(char ***names, size_t *count, bool *is_crowded, int folder_fd);
void spool_names_free(char **names, size_t count);

/* Whether a name in incoming/ is none of our business. */
bool spool_name_is_ignored(const char *name);

/* Whether a name is refused: it could not stand in the folders beside results. */
bool spool_name_is_odd(const char *name);

/* The name with odd bytes shown as '?', cut to SPOOL_NAME_SIZE - 1. */
void spool_name_show(char out[SPOOL_NAME_SIZE], const char *name);

#endif
