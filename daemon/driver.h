/* SPDX-License-Identifier: MIT */
/*
 * One driver of one device, kept running: a child process that speaks the lines of
 * keyline-driver(7).  It is started again with a growing pause when it ends, and
 * ended when it says what is no line, says hello wrongly, or falls silent.
 */
#ifndef KEYLINE_DAEMON_DRIVER_H
#define KEYLINE_DAEMON_DRIVER_H

#include <stdbool.h>
#include <uv.h>
#include "proto/error.h"
#include "proto/line.h"

struct driver;
struct secret;

/* All on the loop thread.  Codes are names of daemon/fault.h. */
struct driver_calls {
	/* It said hello rightly; lines can be sent. */
	void (*on_up)(void *context);
	/* A line other than hello and pong, between up and down. */
	void (*on_line)(void *context, const struct line *line);
	/* It was up or coming up and has ended; it will be started again.  code is NULL
	 * after driver_retire(), and when the driver asked for a new process. */
	void (*on_down)(void *context, const char *code);
	void *context;
};

/* Milliseconds. */
struct driver_times {
	/* from start to hello */
	unsigned hello;
	/* from ping to ping, and after which silence it is ended */
	unsigned ping;
	unsigned silence;
	/* from end of file to SIGTERM, and to SIGKILL */
	unsigned grace;
	/* the first and the longest pause before it is started again */
	unsigned pause_first;
	unsigned pause_last;
};

struct driver_options {
	/* For the log. */
	const char *station;
	/* The program's path and its arguments after argv[0], ending in NULL; copied. */
	const char *program;
	const char *const *args;
	/* What hello must say: etch, print or scan. */
	const char *kind;
	/* NULL: what is good in production. */
	const struct driver_times *times;
};

/* Makes a driver and starts its program soon.  Returns 0 or KE_NO_MEMORY. */
KEYLINE_WARN_UNUSED int driver_new(struct driver **out, uv_loop_t *loop,
	const struct driver_options *options, const struct driver_calls *calls);

/*
 * Ends the program: end of file on its stdin, then SIGTERM, then SIGKILL, each some
 * seconds later; done is called once it has ended (at the earliest on the loop's next
 * turn), and then the driver is gone.  No call of driver_calls follows.
 */
void driver_stop(struct driver *driver, void (*done)(void *context), void *context);

bool driver_is_up(const struct driver *driver);
/* Whether its program runs, and has not said hello yet or is being ended. */
bool driver_is_changing(const struct driver *driver);

/*
 * Sends an ended line; *line is consumed, and wiped when it has been written.
 * Returns 0, KE_LINK (not up) or KE_NO_MEMORY.
 */
KEYLINE_WARN_UNUSED int driver_send(struct driver *driver, struct secret **line);

/* Sends a line without secrets that line_end() has ended.  Returns the same. */
KEYLINE_WARN_UNUSED int driver_send_plain(
	struct driver *driver, const char *line, size_t len);

/* It must not fall silent; off while a job's own deadline watches it. */
void driver_watch(struct driver *driver, bool on);

/* Its work is done (a driver of one job): it is ended, and started again at once; when
 * it exits with code 0, on_down is called without a code. */
void driver_retire(struct driver *driver);

/* Ends it because of code; it is started again. */
void driver_end(struct driver *driver, const char *code);

#endif
