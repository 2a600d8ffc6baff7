/* SPDX-License-Identifier: MIT */
/* The disks of a host: which of them is full or read-only, and what waits for it. */
#ifndef KEYLINE_DAEMON_HOST_DISKS_H
#define KEYLINE_DAEMON_HOST_DISKS_H

#include <stdbool.h>
#include "daemon/place.h"

struct host;

/* Each second: looks at all of them, tells what is wrong and what is well again, and
 * then goes on with what was cut off. */
void host_disks_look(struct host *host);

/* A write there said KE_NO_SPACE or KE_READ_ONLY; it counts for a while, whatever the
 * file system tells of itself (a quota is in no count of free blocks). */
void host_disks_note(struct host *host, enum place place, int error);

/* Whether a place takes nothing right now. */
bool host_disks_wait(const struct host *host, enum place place);

/* The error of a disk that keeps the whole host from work, 0: none does; and its
 * alarm's code, NULL. */
int host_disks_error(const struct host *host);
const char *host_disks_bar(const struct host *host);
/* Its folder; "" when none does. */
const char *host_disks_folder(const struct host *host);

#endif
