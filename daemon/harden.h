/* SPDX-License-Identifier: MIT */
/* What the process does about itself before it touches anything secret. */
#ifndef KEYLINE_DAEMON_HARDEN_H
#define KEYLINE_DAEMON_HARDEN_H

#include <stdbool.h>
#include "proto/error.h"

/*
 * No core, no tracer, no memory file for others; what the C library frees by itself is
 * overwritten (proto/heap_wipe.c is for all else); files are the owner's alone;
 * descriptors above stderr are closed; no SIGPIPE.  To be called first.  Returns 0 or
 * KE_IO.
 */
KEYLINE_WARN_UNUSED int harden_process(void);

/* Whether this host has swap: sysinfo(2) knows also where /proc is hidden. */
bool harden_swap_is_on(void);

/*
 * Makes folder (one level, 0700) where there is none, sees that it is ours and that
 * nobody else may write in it, and takes the lock file in it.  Returns 0 with *fd
 * set, KE_LOCKED when another daemon has it, KE_NOT_PERMITTED, KE_IO, or a code of
 * daemon/durable.h.
 */
KEYLINE_WARN_UNUSED int harden_state_lock(int *fd, const char *folder);

#endif
