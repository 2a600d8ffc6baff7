/* SPDX-License-Identifier: MIT */
/*
 * What every driver process does about itself: its options, its lock, its own
 * protection, its clock, its words on stderr.
 */
#ifndef KEYLINE_DRIVERS_DRIVER_PROCESS_H
#define KEYLINE_DRIVERS_DRIVER_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "proto/driver_exit.h"
#include "proto/error.h"

/* One option that takes a value: `--name value` or `--name=value`. */
struct driver_option {
	const char *name;
	const char **value;
	bool required;
};

/*
 * Reads argv by the table, which ends in a row with a NULL name; values point
 * into argv, those of absent options stay as they were.  Options carry no secret.
 * Returns 0 or, with the usage on stderr, KE_BAD_ARGUMENT: an unknown option, one
 * twice, one without value, a required one missing, an operand.
 */
KEYLINE_WARN_UNUSED int driver_process_options(
	const struct driver_option *table, int argc, char **argv);

/*
 * The decimal number in text, without sign or leading zeros.
 * Returns 0 or KE_BAD_ARGUMENT: no such number, or outside [min, max].
 */
KEYLINE_WARN_UNUSED int driver_process_number(
	uint64_t *out, const char *text, uint64_t min, uint64_t max);

/*
 * No core, no tracer, no memory file for others; SIGPIPE shows as an error of write(2).
 * To be called before anything secret is read.  Returns 0 or KE_IO.
 */
KEYLINE_WARN_UNUSED int driver_process_harden(void);

/*
 * Runs the program again, from its beginning, with an allocator that overwrites all
 * that is freed: libraries free copies of secrets unwiped, and glibc's cache of freed
 * blocks, which only the environment can switch off, keeps them as they are.  To be
 * called before anything else; the second time it returns 0.  Returns KE_IO when the
 * program cannot be run again.  Nothing in builds where sanitizers have the heap.
 */
KEYLINE_WARN_UNUSED int driver_process_scrub_heap(char **argv);

/*
 * Takes the exclusive lock on the file (made where there is none); it is held until
 * the process ends.  Returns 0, KE_LOCKED when another process holds it, or KE_IO.
 */
KEYLINE_WARN_UNUSED int driver_process_lock(const char *path);

/* Milliseconds of the monotonic clock. */
int64_t driver_process_now_ms(void);

/* Sleeps, whatever signals come. */
void driver_process_sleep_ms(int64_t ms);

/*
 * Writes `print-ipp: TEXT` on stderr.  text is fixed: never a device's or a secret's
 * bytes.
 */
void driver_process_note(const char *name, const char *text);

#endif
