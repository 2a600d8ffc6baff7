/* SPDX-License-Identifier: MIT */
/*
 * Files on their way in: each one is read once, hashed, judged as a whole, and
 * then taken in one transaction or refused with every error named.  The order is
 * fixed: signature, form, policy, and only then the ledger.
 */
#ifndef KEYLINE_DAEMON_INTAKE_H
#define KEYLINE_DAEMON_INTAKE_H

#include <jansson.h>
#include <stddef.h>
#include "proto/error.h"

struct host;

/* Looks through incoming/ and the secure disk, and takes of what is ready as much as a
 * turn of the loop may; the watch calls for the rest. */
void intake_run(struct host *host);

/*
 * What would be said of a file of that name (a path before it is dropped) with these bytes,
 * without taking it.  *answer is an object {"type":"check",...}, with the next step in
 * "action" where the file has an error; NULL: out of memory.  Returns 0, or that error.
 */
KEYLINE_WARN_UNUSED int intake_check(json_t **answer, struct host *host, const char *name,
	const unsigned char *bytes, size_t len);

/* Forgets what was found out about the secure disk's files; at the end. */
void intake_close(struct host *host);

#endif
