/* SPDX-License-Identifier: MIT */
/* One run of a driver's program, for driver.c: its process, pipes and lines. */
#ifndef KEYLINE_DAEMON_DRIVER_CHILD_H
#define KEYLINE_DAEMON_DRIVER_CHILD_H

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>
#include "proto/error.h"
#include "proto/line.h"

struct child;
struct secret;

struct child_calls {
	/* One line, parsed. */
	void (*on_line)(void *context, const struct line *line);
	/* What came is no line, or stdin is closed: the caller should end it. */
	void (*on_bad)(void *context, const char *code);
	/* Ended, and everything it said has been given to on_line.  Frees itself. */
	void (*on_end)(void *context, int64_t status, int signal, bool wrote_stderr);
	void *context;
};

/*
 * Runs argv[0] with a clean environment and three pipes.  Returns 0, KE_NOT_FOUND (it
 * cannot be run) or KE_NO_MEMORY.
 */
KEYLINE_WARN_UNUSED int child_new(struct child **out, uv_loop_t *loop, char **argv,
	const struct child_calls *calls);

/* Writes a secret's bytes; *line is consumed and wiped when written. */
KEYLINE_WARN_UNUSED int child_write(struct child *child, struct secret **line);
KEYLINE_WARN_UNUSED int child_write_plain(
	struct child *child, const char *bytes, size_t len);

/* End of file on its stdin. */
void child_close_stdin(struct child *child);

void child_signal(struct child *child, int signal);

/* It has ended but something else holds its stdout open: do not wait for that. */
void child_give_up_output(struct child *child);

/* No more calls but on_end. */
void child_mute(struct child *child);

#endif
