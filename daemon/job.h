/* SPDX-License-Identifier: MIT */
/*
 * One job at a device, between the ledger and the station: number and nonce, the
 * intent made durable between ready and start, the outcome made durable after it,
 * and what an earlier run of the daemon left open asked of the device.
 */
#ifndef KEYLINE_DAEMON_JOB_H
#define KEYLINE_DAEMON_JOB_H

#include <stdbool.h>
#include <stdint.h>
#include "daemon/ledger_intent.h"

struct host;
struct secret;
struct station;

enum { JOB_NONCE_SIZE = 17 };

/* What a job needs before its line can be built. */
struct job_ticket {
	uint32_t number;
	/* The number in decimal, as lines have it. */
	char name[11];
	/* 64 random bits in lower hex. */
	char nonce[JOB_NONCE_SIZE];
};

/* Gives out a number that no job of this host had.  Returns 0 or the ledger's error,
 * or KE_RANDOM. */
KEYLINE_WARN_UNUSED int job_ticket_new(struct job_ticket *out, struct host *host);

struct job {
	struct job_ticket ticket;
	enum ledger_job_kind kind;
	/* "" for setup. */
	char serial[LEDGER_SERIAL_SIZE];
	/* Called once, after the outcome is durable and the station has been held when it
	 * had to be.  outcome: DONE, FAILED, DOUBT, NEVER (refused before start: then the
	 * wallet stands where it stood before the intent), or OPEN (the driver was lost
	 * after start: job_resume() asks the device and settles it).  code: why, or NULL. */
	void (*on_end)(struct station *station, const char *serial,
		enum ledger_outcome outcome, const char *code);
	/* Private. */
	bool intended;
};

/*
 * Loads the line (consumed in any case) at the station; job is copied.  Returns 0 and
 * on_end follows; or an error and it doesn't.
 */
KEYLINE_WARN_UNUSED int job_begin(
	struct station *station, struct secret **line, const struct job *job);

/* Begins job handling of a station (on_open); recipe_data is the recipe's own beside it,
 * owned by the station from now on, or NULL.  Returns 0 or KE_NO_MEMORY, and the data is
 * freed. */
KEYLINE_WARN_UNUSED int job_open(struct station *station, void *recipe_data);
/* Ends it: frees all of that (on_close). */
void job_forget(struct station *station);

/*
 * Asks the station's device about an intent that was left open on it, by an earlier
 * run of the daemon or by a driver that was lost, one at a time, and closes it; calls
 * resumed when none is left.  The device is asked under whatever name its station has now
 * (daemon/job_place.h).  For on_link(up).
 */
void job_resume(struct station *station, void (*resumed)(struct station *station));

/*
 * A job that was left open is settled: stations that waited for it, though it was asked
 * of another one, go on.
 */
void job_go_on(struct host *host);

/*
 * There is room again: writes the ends of jobs for which there was none, asks devices
 * anew, and takes back the claims that stayed.  Returns 0, or why the rest waits on.
 */
KEYLINE_WARN_UNUSED int job_end_left(struct host *host);

/* Whether a device is being asked about an intent that is open. */
bool job_is_asked(const struct host *host, const struct ledger_intent *intent);

/*
 * Whether a driver that is none of ours may be at work on the open intent: it outlived an
 * earlier run of the daemon, or is another host's, and holds the device's lock.
 */
bool job_is_driven_elsewhere(
	const struct host *host, const struct ledger_intent *intent);

/* Tells (alarm "job-open") of an intent that is open and not asked about yet. */
void job_tell_open(struct host *host, const struct ledger_intent *intent);
/* Takes that back. */
void job_tell_settled(struct host *host, const struct ledger_intent *intent);

/* What the recipe gave job_open(). */
void *job_recipe_data(struct station *station);

/* Whether a job of that wallet, started or not, is under way at another station of the
 * same kind as this one. */
bool job_is_elsewhere(struct station *station, const char *serial);

/*
 * Whether an intent of this station's name or device is still open or being asked about:
 * 1 or 0; or the ledger's error, and then nobody knows.
 */
KEYLINE_WARN_UNUSED int job_unsettled(struct station *station);

/* The ledger cannot tell what a station is to do next: what the host is short of is told
 * by the host, any other error holds the station. */
void job_hold_unread(struct station *station, int error);

#endif
