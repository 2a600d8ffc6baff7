/* SPDX-License-Identifier: MIT */
/*
 * What a kind of station does with wallets.  The engine (daemon/station.h) owns
 * drivers, states, faults and the job's handshake; a recipe owns none of these: it
 * is told what happened and says what to do next.  All calls come on the loop
 * thread, never from within a function of station.h that the recipe has called,
 * except that station_free() calls on_close.
 */
#ifndef KEYLINE_DAEMON_RECIPE_H
#define KEYLINE_DAEMON_RECIPE_H

#include <stdbool.h>
#include <stdint.h>
#include "daemon/settings.h"

struct ledger_by;
struct station;

enum { RECIPE_TELL_BYTES = 256 };

/* Any member but kind may be NULL or 0. */
struct recipe {
	enum settings_kind kind;

	/* How much the device's counter must grow by one job; 0: it is not compared. */
	unsigned counter_step;

	/* How long load may take until ready, start until done; 0: 60 and 600. */
	unsigned load_seconds;
	unsigned run_seconds;

	/* The station was made; station_set_data() is for what the recipe keeps. */
	int (*on_open)(struct station *station);
	void (*on_close)(struct station *station);

	/* The driver said hello and its device is ready, or keeps a fault whose cause is over
	 * (up), or that ended (not up).  The place to ask about jobs left open:
	 * station_query() works in any state. */
	void (*on_link)(struct station *station, bool up);

	/* The device is ready, but something about it is so: "door-open", "no-part",
	 * "laser-off"; NULL: no longer.  No fault, and nothing is held for it, but a
	 * claim on a wallet that the operator could have exchanged is void. */
	void (*on_condition)(struct station *station, const char *code);

	/* The station came to Execute: begin, or go on. */
	void (*on_execute)(struct station *station);

	/* It left Execute (hold, suspend, stop, abort, a fault): a claim on a wallet
	 * whose job was not started is void.  A job that is loaded but not started is
	 * cancelled by the engine and ends with on_refused. */
	void (*on_pause)(struct station *station);

	/* Why the station must not come to Execute, as a code of daemon/fault.h; NULL: it may.
	 * Asked on each way there, and before a setup part. */
	const char *(*bar)(const struct station *station);

	/* What else there is to say about the fault that holds the station, a sentence or
	 * two with a blank before each; "": nothing. */
	void (*explain)(char out[RECIPE_TELL_BYTES], const struct station *station);

	/* What two persons do first about what bars the station, as a command to run; "":
	 * nothing. */
	void (*bar_action)(char out[RECIPE_TELL_BYTES], const struct station *station);

	/* Whether a part is at work that no job shows: its operator stays until it is done. */
	bool (*is_at_work)(struct station *station);

	/* Another operator stands there, or nobody: what the one before has read of a part
	 * is void. */
	void (*on_operator)(struct station *station);

	/* A scan while in Execute.  text is what the scanner read, ended by NUL. */
	void (*on_scan)(struct station *station, const char *text);

	/* `station scan`: typed from the part in place of a scan; address_end may be
	 * NULL.  Returns 0 or why not. */
	int (*on_typed)(
		struct station *station, const char *serial, const char *address_end);

	/* What a person who typed a scan is answered: what the station has now, and what
	 * it waits for.  NULL: the state of the wallet that was typed. */
	void (*tell)(char out[RECIPE_TELL_BYTES], const struct station *station);

	/* What a station that executes wants of its operator next, in a few words for the
	 * list of stations; "": nothing in particular. */
	const char *(*wants)(const struct station *station);

	/* `station setup` (in Execute, Idle or Suspended): load and start a job of kind setup.
	 * Returns 0 or why not. */
	int (*on_setup)(struct station *station);
};

#endif
