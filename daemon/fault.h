/* SPDX-License-Identifier: MIT */
/*
 * The one table of what can be wrong at a station or on the line, by code, with
 * what a person is told and does next; keyline-alarms(7) says the same.  Codes that
 * drivers send are looked up here, so that no device text goes any further.
 */
#ifndef KEYLINE_DAEMON_FAULT_H
#define KEYLINE_DAEMON_FAULT_H

#include <stddef.h>

/* What a fault does to its station. */
enum fault_effect {
	/* Held until the device is well and a person unholds. */
	FAULT_HOLDS,
	/* Suspended; goes on by itself. */
	FAULT_SUSPENDS,
	/* Aborted: clear, reset and start again. */
	FAULT_ABORTS
};

struct fault {
	/* "door-open" */
	const char *code;
	enum fault_effect effect;
	/* "enclosure door open": short, for the REASON column */
	const char *reason;
	/* What is so, and what to do about it, as whole sentences.  What lets the station
	 * go on follows from effect and is said by the command `status', after action;
	 * but before its last sentence where that begins with "Afterwards". */
	const char *status;
	const char *action;
};

/* The row of a code; that of "unknown" for NULL or a code that the table lacks. */
const struct fault *fault_of(const char *code);

/* The action of fault with `then', the words that let the station go on, in its place;
 * NULL or "": there are none. */
void fault_say_action(
	char *out, size_t size, const struct fault *fault, const char *then);

size_t fault_count(void);
const struct fault *fault_at(size_t index);

#endif
