/* SPDX-License-Identifier: MIT */
/*
 * The daemon as a whole: what its parts share, in which order they begin and end.
 *
 *	open   in the order of the table, before the loop runs; an error ends the start
 *	stop   in reverse, on the loop, after the control socket is closed and all
 *	       stations have stopped: let go of every libuv handle, now or soon
 *	close  in reverse, when the loop has run dry: free, and close files
 */
#ifndef KEYLINE_DAEMON_KEYLINED_H
#define KEYLINE_DAEMON_KEYLINED_H

#include <uv.h>
#include "daemon/ctl_server.h"
#include "daemon/settings.h"
#include "daemon/station.h"

struct keylined;

/* One part; each member but name may be NULL. */
struct keylined_part {
	const char *name;
	/* Returns 0, or why the daemon cannot start, having logged it; then close is not
	 * called for it. */
	int (*open)(struct keylined *keylined);
	void (*stop)(struct keylined *keylined);
	void (*close)(struct keylined *keylined);
};

/* What other parts add to `status`, and to the start of stations. */
struct keylined_hooks {
	/* Appends `fault' objects beside those of stations; returns how many.  See
	 * fault_show() in daemon/station_show.h. */
	size_t (*faults)(json_t *array, void *context);
	/* Answers `batch' objects. */
	void (*batches)(struct ctl_call *call, void *context);
	/* Whether it has refused a command that changes something; see ctl_server.h. */
	bool (*refuse)(struct ctl_call *call, void *context);
	const struct recipe *const *recipes;
	size_t recipe_count;
	void *context;
};

struct keylined {
	uv_loop_t *loop;
	const struct settings *settings;
	struct station_set *stations;
	struct ctl_server *ctl;
	/* Set by a part's open; taken over when stations and control socket begin. */
	struct keylined_hooks hooks;
	const struct ctl_command *tables[12];
	size_t table_count;
	/* uv_hrtime() of the start */
	uint64_t started_ns;
	int state_lock;
	/* for the part that does the line's work */
	void *line;
};

/* Runs the line until a signal ends it.  Returns 0 or the error that ended the start. */
KEYLINE_WARN_UNUSED int keylined_run(const struct settings *settings);

/* Adds a table of commands; to be called from a part's open. */
void keylined_add_commands(struct keylined *keylined, const struct ctl_command *table);

/* A part that cannot go on (the ledger failed): logs, and ends as SIGTERM does. */
void keylined_end(struct keylined *keylined);

/* The commands `status' and `station ...'. */
extern const struct ctl_command keylined_commands[];
extern const struct ctl_command station_commands[];

#endif
