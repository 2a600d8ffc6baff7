/* SPDX-License-Identifier: MIT */
/*
 * The stations of a line: for each its driver children, its PackML state with a
 * reason, its counters, and the handshake of one job at a time.
 *
 *	station_load()   -> on_ready  -> (the recipe commits the intent)
 *	station_start()  -> on_done | on_failed | on_doubt | on_lost
 *	before start     -> on_refused: nothing was and will be marked
 *
 * Exactly one of on_refused, on_done, on_failed, on_doubt, on_lost ends each job that
 * station_load() accepted, whatever driver and device do; a driver that dies ends
 * it with on_refused before start and with on_lost ("driver-died") after: then a new
 * driver can ask the device (station_query).
 */
#ifndef KEYLINE_DAEMON_STATION_H
#define KEYLINE_DAEMON_STATION_H

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>
#include "daemon/recipe.h"
#include "proto/error.h"
#include "proto/line.h"

struct secret;
struct station;
struct station_set;

/* All may be NULL but on_ready; codes are names of daemon/fault.h. */
struct station_job {
	/* Loaded, read back, and its digest found equal to that of the line.  counter
	 * is the device's; commit the intent with it, then call station_start(). */
	void (*on_ready)(struct station *station, void *context, uint64_t counter,
		const unsigned char digest[LINE_DIGEST_LEN]);
	void (*on_refused)(struct station *station, void *context, const char *code);
	void (*on_done)(struct station *station, void *context, uint64_t counter);
	void (*on_failed)(struct station *station, void *context, const char *code);
	void (*on_doubt)(struct station *station, void *context, const char *code);
	/* The driver is gone and with it the answer; NULL: the same as on_doubt. */
	void (*on_lost)(struct station *station, void *context, const char *code);
	void *context;
};

/*
 * Takes the ended line "load JOB ..." with that job number and sends it to the
 * station's device; *line is consumed (wiped after it is written) and NULL in any
 * case.  job is copied.  Returns 0, or KE_BAD_STATE (not in Execute or, for setup,
 * Idle and Suspended; a job is outstanding; no driver), KE_NO_MEMORY, KE_BAD_LINE, KE_CRYPTO:
 * then no callback follows.
 */
KEYLINE_WARN_UNUSED int station_load(struct station *station, uint32_t number,
	struct secret **line, const struct station_job *job);

/*
 * Writes "start JOB" for the job that is ready: from here its outcome is in doubt
 * until a callback says otherwise.  Returns 0 or KE_BAD_STATE (no job is ready, or
 * the station left Execute: the job is then ended with on_refused).
 */
KEYLINE_WARN_UNUSED int station_start(struct station *station);

/* Gives the job up that was not started; it ends with on_refused ("cancelled").
 * Returns 0 or KE_BAD_STATE. */
KEYLINE_WARN_UNUSED int station_cancel(struct station *station);
/* The same because of a fault: it ends with on_refused (code), a code of daemon/fault.h. */
KEYLINE_WARN_UNUSED int station_cancel_for(struct station *station, const char *code);

/* The code of why it does not execute; "": it does, or is on the way. */
const char *station_reason_code(const struct station *station);

/* The job of the device's last mark, as `ready' told; 0: it does not tell. */
uint32_t station_last_job(const struct station *station);
/* Which start of the device's controller was ready for the job; 0: it did not tell. */
uint32_t station_boot(const struct station *station);

/* The job that a device began last, as it told with `never'. */
struct station_begun {
	uint32_t job; /* 0: none yet */
	const char *nonce;
};

/* What became of a job of old. */
struct station_query {
	uint32_t number;
	/* of the device at its ready; boot 0: not known */
	uint64_t counter;
	uint32_t boot;
	const char *nonce;
	const char *serial;
	/* done: it was marked.  never: it was not; begun is NULL where the device does
	 * not tell.  unknown: two people must settle. */
	void (*on_done)(struct station *station, void *context, uint64_t counter);
	void (*on_never)(struct station *station, void *context,
		const struct station_begun *begun);
	void (*on_unknown)(struct station *station, void *context, const char *code);
	/* The driver was lost before it could say: nothing has changed, and it can be
	 * asked again.  code: why; NULL: it had not been asked yet.  No such function:
	 * then it is unknown. */
	void (*on_lost)(struct station *station, void *context, const char *code);
	void *context;
};

/* Asks the driver about a job; exactly one callback follows success.  Returns 0 or
 * KE_BAD_STATE (a job or query is outstanding, or no driver), KE_NO_MEMORY. */
KEYLINE_WARN_UNUSED int station_query(
	struct station *station, const struct station_query *query);

/* What a recipe may ask and tell. */
const char *station_name(const struct station *station);
/* Who acts in what happens there, for events: "laser1/anna", or the name alone. */
const char *station_actor(const struct station *station);
const struct settings_station *station_settings(const struct station *station);
/* The context given to station_set_new(). */
void *station_line(const struct station *station);
void *station_data(const struct station *station);
void station_set_data(struct station *station, void *data);
bool station_is_executing(const struct station *station);
/* Whether it is ready, and nobody has started it. */
bool station_is_idle(const struct station *station);
/* Whether the driver is there and its device says ready. */
bool station_is_up(const struct station *station);
/* Whether its device's driver is up; or runs, and is not up yet or not any more. */
bool station_driver_is_up(const struct station *station);
bool station_driver_is_changing(const struct station *station);
/* Whether a job or a query is outstanding. */
bool station_is_busy(const struct station *station);

/* The serial shown as WALLET; NULL: none. */
void station_set_wallet(struct station *station, const char *serial);
/* "": none. */
const char *station_wallet(const struct station *station);

/* Leaves Execute: hold for a cause inside the station (wrong part, device fault),
 * which a person ends; suspend for one outside (no work, the next place is full),
 * which station_unsuspend() with the same code ends.  code is a name of
 * daemon/fault.h.  In another state than Execute (hold: or Suspended; unsuspend:
 * Suspended) it does nothing. */
void station_hold(struct station *station, const char *code);
void station_suspend(struct station *station, const char *code);
void station_unsuspend(struct station *station, const char *code);

/* What was typed (recipe.on_typed) is being checked: whoever typed it waits; and how it
 * ended shows in the station now.  Without such a wait they do nothing. */
void station_typed_wait(struct station *station);
void station_typed_end(struct station *station);

/*
 * Two persons have settled what kept the station, the fault of code was: the station
 * tells that of code now until it is let on, whatever holds it and wherever it stands.
 */
void station_settled(struct station *station, const char *was, const char *now);

/* The scan that the recipe was just given was not taken, for a code of
 * daemon/fault.h: told until one is. */
void station_scan_ignored(struct station *station, const char *code);

/* One part went through: counts it and ends the cycle that station_cycle_begin()
 * or station_load() began. */
void station_cycle_begin(struct station *station);
void station_count_good(struct station *station);
void station_count_spoiled(struct station *station);

/*
 * Makes all stations of the settings and starts their drivers.  recipes: one a
 * kind; a station without one takes no scans.  Returns 0, KE_NO_MEMORY, or what an
 * on_open returned.  settings and recipes must outlive the set.
 */
KEYLINE_WARN_UNUSED int station_set_new(struct station_set **out, uv_loop_t *loop,
	const struct settings *settings, const struct recipe *const *recipes,
	size_t recipe_count, void *line);

/*
 * What keeps the whole line from new work, by a code of daemon/fault.h; NULL: nothing
 * any more.  Stations at work hold, or suspend when the code is one that goes by itself,
 * and go on with it; until then none starts.  A job that was started comes to its end,
 * and a device is asked about one that was left open.  Safe to call again.
 */
void station_set_bar(struct station_set *set, const char *code);

/* Stops all stations and ends their drivers; done is called once, on the loop. */
void station_set_stop(
	struct station_set *set, void (*done)(void *context), void *context);

/* After station_set_stop() has called done; NULL is a no-op. */
void station_set_free(struct station_set *set);

size_t station_set_count(const struct station_set *set);
struct station *station_set_at(const struct station_set *set, size_t index);
/* The station of that name, NULL when there is none. */
struct station *station_set_find(const struct station_set *set, const char *name);
/* The first station of that kind, NULL when there is none. */
struct station *station_set_kind(const struct station_set *set, enum settings_kind kind);

#endif
