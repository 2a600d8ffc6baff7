/* SPDX-License-Identifier: MIT */
/*
 * Whether the wall's clock can be believed.  Nothing on the line is timed by it and order
 * in the ledger is the chain's; but events, reports and certificates carry its time, and
 * an hour of two persons ends by it, too.  Pure: the clocks are read by the caller.
 */
#ifndef KEYLINE_DAEMON_CLOCK_WATCH_H
#define KEYLINE_DAEMON_CLOCK_WATCH_H

#include <stdbool.h>
#include <stdint.h>

enum {
	/* A step of so much between two looks is told; less is the work of time services. */
	CLOCK_STEP_MS = 60 * 1000,
	/* So far may it be behind what was seen of it before. */
	CLOCK_BEHIND_MS = 5 * 60 * 1000
};

struct clock_watch {
	/* The latest time that the wall's clock is known to have shown. */
	int64_t latest_ms;
	/* Wall less boot, at the last look; not before the first. */
	int64_t offset_ms;
	bool has_offset;
};

/* An event of the ledger carries that time. */
void clock_watch_saw(struct clock_watch *watch, int64_t time_ms);

/* A person says that the clock is right as it is. */
void clock_watch_trust(struct clock_watch *watch, int64_t wall_ms);

/*
 * A look at both clocks: CLOCK_REALTIME, and CLOCK_BOOTTIME, which nobody sets and which
 * goes on while the machine sleeps.  Returns by how much the wall's was set since the
 * last look, in ms (0: by less than CLOCK_STEP_MS).
 */
int64_t clock_watch_look(struct clock_watch *watch, int64_t wall_ms, int64_t boot_ms);

/* Whether the wall's clock is behind a time that it has shown before. */
bool clock_watch_is_behind(const struct clock_watch *watch, int64_t wall_ms);

#endif
