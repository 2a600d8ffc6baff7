/* SPDX-License-Identifier: MIT */
/* What waits to be taken in: on the secure disk, and in incoming/.  Inside of intake. */
#ifndef KEYLINE_DAEMON_INTAKE_WAIT_H
#define KEYLINE_DAEMON_INTAKE_WAIT_H

#include <stdbool.h>

struct host;

/*
 * Looks at the secure disk, which may come and go: while it is away that is an alarm and
 * no more; when it is back, staged files go out to it and stickers are taken from it.
 */
void intake_disk_look(struct host *host);

/* A turn ended before all that lies there was looked at. */
bool intake_disk_is_left(const struct host *host);

/* Shows files of incoming/ that still grow, and things that are no files. */
void intake_growing_show(struct host *host);

/* Free what was noted of them; at the end. */
void intake_disk_forget(struct host *host);
void intake_growing_forget(struct host *host);

#endif
