/* SPDX-License-Identifier: MIT */
/* Copies of batch files that a crash or a pulled medium never leaves half made. */
#ifndef KEYLINE_CTL_COPY_H
#define KEYLINE_CTL_COPY_H

#include <stdbool.h>

enum { COPY_BYTES_MAX = 32 << 20, COPY_MESSAGE_SIZE = 512, COPY_HASH_SIZE = 65 };

struct copy {
	const char *from;      /* a path */
	const char *directory; /* where it goes */
	const char *name;      /* its name there */
	/* The directory's owner may write the copy too, by an access list where the file
	 * system has one. */
	bool owner_overwrites;
	long long bytes; /* filled in */
	char sha256[COPY_HASH_SIZE];
	bool was_there; /* the same file stood there before; nothing was done */
	char message[COPY_MESSAGE_SIZE]; /* why it failed */
};

/*
 * Copies a regular file: written under a name that begins with a dot and ends in
 * ".tmp", fsync, renamed without replacing anything, directory fsync.  With
 * dry_run only what would hinder it is looked for.  With same_is_well a file of
 * that name with the same bytes is no hindrance.  Returns 0, or -1 with a message.
 */
int copy_file(struct copy *copy, bool same_is_well, bool dry_run);

/* Whether the daemon would take a file of that name: not hidden, not temporary. */
bool copy_name_is_taken(const char *name);

#endif
