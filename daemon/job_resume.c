/* SPDX-License-Identifier: MIT */
/*
 * Jobs whose end this run of the daemon, or of the driver, has not seen: their intents
 * are open in the ledger, the device is asked about each, and what it says becomes
 * durable.
 */
#include "config.h"
#include "daemon/job_inner.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "daemon/alarm.h"
#include "daemon/device_lock.h"
#include "daemon/host.h"
#include "daemon/job_place.h"
#include "daemon/settings.h"
#include "daemon/station.h"

/* What kills each driver that is asked ends somewhere: people look at the part. */
enum { ASK_TRIES = 3 };

/* A setup mark has no serial; it is told of by its station. */
static const char *
object_of(const struct ledger_intent *intent)
{
	return intent->serial[0] ? intent->serial : intent->station;
}

void
job_tell_open(struct host *host, const struct ledger_intent *intent)
{
	alarm_raise(host->alarms, "job-open", object_of(intent), host_now_ms());
}

void
job_tell_settled(struct host *host, const struct ledger_intent *intent)
{
	alarm_clear(host->alarms, "job-open", object_of(intent));
}

struct search {
	const struct settings *settings;
	const struct settings_station *station;
	struct ledger_intent *out;
};

static int
find_open(void *context, const struct ledger_intent *intent)
{
	struct search *search = context;

	if (!job_place_is_barred(search->station, intent))
		return 0;
	*search->out = *intent;
	return 1;
}

int
job_left_open(struct ledger_intent *out, struct station *station)
{
	struct search search = {NULL, station_settings(station), out};

	return ledger_intent_list_open(job_host_of(station)->ledger, find_open, &search);
}

/* One that no other station is to ask its device about. */
static int
find_ours_to_ask(void *context, const struct ledger_intent *intent)
{
	struct search *search = context;

	if (job_place_asker(search->settings, intent) != search->station)
		return 0;
	*search->out = *intent;
	return 1;
}

int
job_unsettled(struct station *station)
{
	struct job_desk *desk = job_desk_of(station);
	struct ledger_intent intent;

	if (desk->asking || desk->left.is_set)
		return 1;
	return desk->busy ? 0 : job_left_open(&intent, station);
}

void
job_hold_unread(struct station *station, int error)
{
	if (!host_trouble(job_host_of(station), error))
		station_hold(station, error == KE_NO_MEMORY ? "no-memory" : "ledger");
}

/* The next station of the host that the intent bars, from *at on; NULL: none. */
static struct station *
next_barred(size_t *at, const struct host *host, const struct ledger_intent *intent)
{
	while (host->stations && *at < station_set_count(host->stations)) {
		struct station *station = station_set_at(host->stations, (*at)++);

		if (job_place_is_barred(station_settings(station), intent))
			return station;
	}
	return NULL;
}

bool
job_is_asked(const struct host *host, const struct ledger_intent *intent)
{
	struct station *station;
	size_t at = 0;

	while ((station = next_barred(&at, host, intent)))
		if (station_is_busy(station) || job_desk_of(station)->left.is_set)
			return true;
	return false;
}

/* Whether the station's driver, when it is up, holds the device of the intent. */
static bool
has_its_device(const struct station *station, const struct ledger_intent *intent)
{
	return !intent->device[0] ||
	       job_place_has_device(station_settings(station), intent);
}

bool
job_is_driven_elsewhere(const struct host *host, const struct ledger_intent *intent)
{
	const char *device = intent->device;
	struct station *station;
	size_t at = 0;

	while ((station = next_barred(&at, host, intent))) {
		if (!has_its_device(station, intent))
			continue;
		if (station_driver_is_up(station))
			return false;
		/* It shows in a moment whether it gets the lock. */
		if (station_driver_is_changing(station))
			return true;
		if (!device[0])
			device = job_place_device(station_settings(station));
	}
	return device[0] && device_lock_is_held(host->settings, device);
}

/* The part may stand where the station has the name still, and not the device. */
static void
hold_barred(struct host *host, const struct ledger_intent *intent)
{
	struct station *station;
	size_t at = 0;

	while (intent->serial[0] && (station = next_barred(&at, host, intent)))
		station_hold(station, "in-doubt");
}

/* An actor that the events of a job have; actor is "" until it is found. */
struct beginner {
	char actor[LEDGER_ACTOR_SIZE];
};

static int
keep_actor(void *context, const struct ledger_event_row *row)
{
	struct beginner *beginner = context;

	(void)snprintf(beginner->actor, sizeof beginner->actor, "%s", row->actor);
	return 0;
}

/* Whoever stands there now had no hand in it: its end goes to who began it. */
static struct ledger_by
by_beginner(struct beginner *beginner, struct station *station, uint32_t job)
{
	char number[LEDGER_NAME_SIZE];
	struct ledger_event_filter first = {.kind = "job", .object = number, .limit = 1};

	(void)snprintf(number, sizeof number, "%" PRIu32, job);
	beginner->actor[0] = '\0';
	/* A ledger that cannot be read fails at the next write. */
	if (ledger_event_list(
		    job_host_of(station)->ledger, &first, keep_actor, beginner) != 0 ||
		!beginner->actor[0])
		return host_by(station_name(station));
	return host_by(beginner->actor);
}

/* What the open intent came to becomes durable, and is told.  False: the ledger failed.
 */
static bool
settle_one(struct station *station, enum ledger_outcome outcome, uint64_t counter,
	const char *code)
{
	struct job_desk *desk = job_desk_of(station);
	struct host *host = job_host_of(station);
	struct beginner beginner;
	struct ledger_by by = by_beginner(&beginner, station, desk->asked.job);
	int error = ledger_intent_close(
		host->ledger, &by, desk->asked.job, outcome, counter, code);

	desk->asking = false;
	/* With room it is asked again: that changes nothing at the device. */
	if (host_lacks_room(host, error))
		return false;
	job_tell_settled(host, &desk->asked);
	if (error) {
		host_stop_work(host, error);
		return false;
	}
	if (outcome == LEDGER_OUTCOME_DOUBT) {
		job_tell_doubt(station, desk->asked.serial);
		hold_barred(host, &desk->asked);
	} else if (outcome == LEDGER_OUTCOME_DONE && desk->asked.kind != LEDGER_SETUP)
		station_count_good(station);
	host_wake(host);
	return true;
}

static void
settle(struct station *station, enum ledger_outcome outcome, uint64_t counter,
	const char *code)
{
	if (!settle_one(station, outcome, counter, code))
		return;
	job_resume(station, job_desk_of(station)->resumed);
	job_go_on(job_host_of(station));
}

static void
asked_done(struct station *station, void *context, uint64_t counter)
{
	(void)context;
	settle(station, LEDGER_OUTCOME_DONE, counter, "the machine was asked");
}

/*
 * An etcher has one record of the job that it began last.  When that is none of those
 * that this ledger has for it, another machine drove it meanwhile, and what it did may
 * hide that ours was begun.
 */
static bool
was_driven_by_another(struct station *station, const struct station_begun *begun)
{
	const struct ledger_intent *asked = &job_desk_of(station)->asked;
	struct ledger_intent known;

	if (station_settings(station)->kind != SETTINGS_KIND_ETCH)
		return false;
	if (!begun || begun->job == 0)
		return !begun;
	return ledger_intent_get(&known, job_host_of(station)->ledger, begun->job) != 0 ||
	       strcmp(known.device, asked->device) != 0 ||
	       strcmp(known.nonce, begun->nonce) != 0;
}

static void
asked_never(struct station *station, void *context, const struct station_begun *begun)
{
	(void)context;
	if (was_driven_by_another(station, begun))
		settle(station, LEDGER_OUTCOME_DOUBT, 0, "wrong-job");
	else
		settle(station, LEDGER_OUTCOME_NEVER, 0, "the machine was asked");
}

static void
asked_unknown(struct station *station, void *context, const char *code)
{
	(void)context;
	settle(station, LEDGER_OUTCOME_DOUBT, 0, code);
}

/* The driver ended while it asked: the next one asks anew, at its on_link(up). */
static void
asked_lost(struct station *station, void *context, const char *code)
{
	struct job_desk *desk = job_desk_of(station);

	(void)context;
	if (desk->lost_job != desk->asked.job)
		desk->lost = 0;
	desk->lost_job = desk->asked.job;
	if (code && ++desk->lost >= ASK_TRIES) {
		settle(station, LEDGER_OUTCOME_DOUBT, 0, code);
		return;
	}
	desk->asking = false;
	/* One that rests comes without on_link. */
	if (station_is_up(station))
		job_resume(station, desk->resumed);
}

/*
 * The intent that the device is to be asked about.  What stands here now never saw a job
 * of another device: its `never' would be worth nothing, and the job is settled as a
 * doubt when that other device stands at no station here. Returns 1, 0 when none is left,
 * or the ledger's error, which stops the host.
 */
static int
next_asked(struct station *station)
{
	struct job_desk *desk = job_desk_of(station);
	struct host *host = job_host_of(station);
	struct search search = {host->settings, station_settings(station), &desk->asked};
	int found;

	while ((found = ledger_intent_list_open(
			host->ledger, find_ours_to_ask, &search)) > 0) {
		station_set_wallet(station, desk->asked.serial);
		if (!desk->asked.device[0] ||
			job_place_has_device(search.station, &desk->asked))
			return 1;
		if (!settle_one(station, LEDGER_OUTCOME_DOUBT, 0, "wrong-device"))
			return KE_LEDGER;
	}
	if (found < 0)
		host_stop_work(host, found);
	return found;
}

void
job_resume(struct station *station, void (*resumed)(struct station *station))
{
	struct job_desk *desk = job_desk_of(station);
	struct station_query query = {.on_done = asked_done,
		.on_never = asked_never,
		.on_unknown = asked_unknown,
		.on_lost = asked_lost};
	int found;

	if (desk->busy || desk->asking)
		return;
	desk->resumed = resumed;
	found = next_asked(station);
	if (found == 0 && resumed)
		resumed(station);
	if (found <= 0)
		return;
	query.number = desk->asked.job;
	query.counter = desk->asked.counter;
	query.boot = desk->asked.boot;
	query.nonce = desk->asked.nonce;
	query.serial = desk->asked.serial;
	/* When it fails the link is gone again: the next on_link(up) asks anew. */
	desk->asking = station_query(station, &query) == 0;
}

void
job_go_on(struct host *host)
{
	for (size_t i = 0; host->stations && i < station_set_count(host->stations); i++) {
		struct station *station = station_set_at(host->stations, i);
		enum settings_kind kind = station_settings(station)->kind;

		if ((kind == SETTINGS_KIND_PRINT || kind == SETTINGS_KIND_ETCH) &&
			station_is_up(station))
			job_resume(station, job_desk_of(station)->resumed);
	}
}
