/* SPDX-License-Identifier: MIT */
/*
 * Closes what a client handed over.  The last close of a socket with SO_LINGER, and any
 * close on a file system of the client's own, wait for as long as he likes; so a thread
 * of its own does it, and the loop thread goes on.  Callers bound what waits here: each
 * work is one descriptor, and its owner takes no more until it is closed.
 *
 * The thread is begun when the first descriptor comes and ends with the process, which
 * does not wait for it.
 */
#ifndef KEYLINE_DAEMON_CLOSER_H
#define KEYLINE_DAEMON_CLOSER_H

#include <stdbool.h>
#include <uv.h>

/* One descriptor that is to be closed; lives until closed is called. */
struct closer_work {
	/* Between closer_hand() and closed.  Loop thread only. */
	bool is_handed;
	void *context;
	/* Private. */
	void (*closed)(struct closer_work *work);
	struct closer_work *next;
	int fd;
};

/*
 * On this loop the ends of works are told, through wake, which is made here; the owner
 * closes the handle after closer_deafen().  Returns 0 or libuv's error.
 */
int closer_listen(uv_async_t *wake, uv_loop_t *loop);

/* From here on no end is told any more; what is handed over is closed all the same. */
void closer_deafen(void);

/* Consumes fd; closed is called once, later and on the loop, when it is closed. */
void closer_hand(
	struct closer_work *work, int fd, void (*closed)(struct closer_work *work));

#endif
