/* SPDX-License-Identifier: MIT */
/*
 * Lines between a driver and the daemon, by read(2) and write(2).  What comes in may
 * hold secrets: it stays in locked memory and is wiped as soon as the next line is
 * asked for.  What goes out never does.
 */
#ifndef KEYLINE_DRIVERS_DRIVER_IO_H
#define KEYLINE_DRIVERS_DRIVER_IO_H

#include <stdint.h>
#include "proto/error.h"
#include "proto/line.h"

struct driver_io;

/* What driver_io_next() came back for. */
enum driver_io_event {
	DRIVER_IO_LINE,    /* a line was parsed */
	DRIVER_IO_EOF,     /* the daemon is gone; no line will follow */
	DRIVER_IO_BAD,     /* what came is not a line; the driver ends */
	DRIVER_IO_TIMEOUT, /* nothing came in time */
	DRIVER_IO_OTHER    /* the other descriptor is readable, or has an error */
};

/* Reads from and writes to these descriptors, which stay the caller's.  NULL: no memory.
 */
struct driver_io *driver_io_new(int in, int out);
void driver_io_free(struct driver_io *io);

/*
 * Waits for a line up to timeout_ms (0: only looks; negative: for ever), and for the
 * descriptor other (negative: none) at the same time; a line comes first.  The line
 * and its values are valid until the next call.
 */
enum driver_io_event driver_io_next(
	struct line *line, struct driver_io *io, int other, int timeout_ms);

/* Wipes the line that was given out last, when its values have been taken over. */
void driver_io_wipe(struct driver_io *io);

/*
 * Begins a line to the daemon; add to it with line_add*(), then end it.
 * driver_io_end() writes it whole.  Returns 0, KE_IO when the daemon is gone, or
 * what line_end() refuses.
 */
struct line_builder *driver_io_begin(
	struct driver_io *io, const char *verb, const char *job);
KEYLINE_WARN_UNUSED int driver_io_end(struct driver_io *io);

/* Whole lines: `VERB JOB`, `VERB JOB code=CODE`, `VERB JOB counter=N`. */
KEYLINE_WARN_UNUSED int driver_io_say(
	struct driver_io *io, const char *verb, const char *job);
KEYLINE_WARN_UNUSED int driver_io_say_code(
	struct driver_io *io, const char *verb, const char *job, const char *code);
KEYLINE_WARN_UNUSED int driver_io_say_counter(
	struct driver_io *io, const char *verb, const char *job, uint64_t counter);

/* The first line: `hello - protocol=1 name=NAME version=... kind=KIND`. */
KEYLINE_WARN_UNUSED int driver_io_hello(
	struct driver_io *io, const char *name, const char *kind);

/* `status - state=STATE [code=CODE]`: state ready, busy, fault or offline; code may be
 * NULL. */
KEYLINE_WARN_UNUSED int driver_io_status(
	struct driver_io *io, const char *state, const char *code);

#endif
