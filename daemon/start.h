/* SPDX-License-Identifier: MIT */
/*
 * What is said when the daemon cannot start: which step failed, why, and what a person
 * does next; keylined(8) lists the same.
 */
#ifndef KEYLINE_DAEMON_START_H
#define KEYLINE_DAEMON_START_H

#include <stddef.h>
#include "proto/error.h"

enum start_step {
	/* Memory, signals, random numbers: what every program needs. */
	START_PROCESS,
	/* The second source of random bytes. */
	START_RANDOM,
	/* The lock of the state directory, and the folders in it. */
	START_STATE,
	/* Folders that are made for the daemon: spool, high-water mark. */
	START_FOLDER,
	START_LEDGER,
	START_KEYS,
	START_SPOOL,
	START_STATIONS,
	START_SOCKET,
	/* In the table: in any of them. */
	START_ANY
};

/*
 * Logs that a step failed, with its place (a path, or a word for it) and the next step;
 * nothing when error is 0.  Returns error.
 */
int start_told(enum start_step step, int error, const char *place);

/* The next step, one or two sentences; never NULL. */
const char *start_action(enum start_step step, int error);

/* The table: the steps and errors that have an action of their own. */
struct start_row {
	enum start_step step;
	int error;
	const char *action;
};
size_t start_row_count(void);
const struct start_row *start_row_at(size_t index);

#endif
