/* SPDX-License-Identifier: MIT */
/*
 * When to scan: a timer that always comes, and the kernel's word that a folder
 * changed, which only makes it come sooner (such words get lost).
 */
#ifndef KEYLINE_DAEMON_SPOOL_WATCH_H
#define KEYLINE_DAEMON_SPOOL_WATCH_H

#include <stdint.h>
#include <uv.h>
#include "proto/error.h"

struct spool_watch;

/* Called on the loop with the monotonic clock: scan, take what is ready. */
typedef void spool_watch_cb(void *context, int64_t now_ms);

/*
 * Calls cb at once on the next turn of the loop, then every rescan_ms, and soon
 * after a change in folder_path.  A folder that cannot be watched is scanned by the
 * timer alone.  Returns 0, KE_NO_MEMORY or KE_IO.
 */
KEYLINE_WARN_UNUSED int spool_watch_start(struct spool_watch **out, uv_loop_t *loop,
	const char *folder_path, uint32_t rescan_ms, spool_watch_cb *cb, void *context);

/* Calls cb once more when the loop has served what waits; for one who left work undone.
 */
void spool_watch_again(struct spool_watch *watch);

/* No call comes after it; frees *watch when the loop has turned, and sets it NULL. */
void spool_watch_stop(struct spool_watch **watch);

#endif
