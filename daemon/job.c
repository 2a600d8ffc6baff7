/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "daemon/job_inner.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "daemon/alarm.h"
#include "daemon/fault.h"
#include "daemon/host.h"
#include "daemon/job_place.h"
#include "daemon/ledger_wallet.h"
#include "daemon/random.h"
#include "daemon/settings.h"
#include "daemon/station.h"
#include "proto/rng.h"
#include "proto/secret.h"

struct job_desk *
job_desk_of(struct station *station)
{
	return station_data(station);
}

struct host *
job_host_of(struct station *station)
{
	return station_line(station);
}

int
job_open(struct station *station, void *recipe_data)
{
	struct job_desk *desk = calloc(1, sizeof *desk);

	if (!desk) {
		free(recipe_data);
		return KE_NO_MEMORY;
	}
	desk->recipe_data = recipe_data;
	station_set_data(station, desk);
	return 0;
}

void
job_forget(struct station *station)
{
	struct job_desk *desk = station_data(station);

	if (desk)
		free(desk->recipe_data);
	free(desk);
	station_set_data(station, NULL);
}

void *
job_recipe_data(struct station *station)
{
	return job_desk_of(station)->recipe_data;
}

int
job_ticket_new(struct job_ticket *out, struct host *host)
{
	unsigned char random[(JOB_NONCE_SIZE - 1) / 2];
	struct rng *rng = random_source();
	int error = ledger_job_new(&out->number, host->ledger);

	if (error == 0)
		error = rng->fill(rng->state, random, sizeof random);
	if (error)
		return error;
	(void)snprintf(out->name, sizeof out->name, "%" PRIu32, out->number);
	for (size_t i = 0; i < sizeof random; i++)
		(void)snprintf(out->nonce + 2 * i, 3, "%02x", random[i]);
	return 0;
}

void
job_tell_doubt(struct station *station, const char *serial)
{
	station_hold(station, "in-doubt");
	if (serial[0])
		alarm_raise(
			job_host_of(station)->alarms, "in-doubt", serial, host_now_ms());
}

/* Why the ledger did not let a loaded job begin: what happened to its wallet meanwhile. */
static const char *
why_not_begun(struct host *host, const char *serial, int error)
{
	struct ledger_wallet wallet;

	if (error == KE_HELD)
		return "batch-held";
	if (error == KE_BAD_STATE && serial[0] != '\0' &&
		ledger_wallet_get(&wallet, host->ledger, serial) == 0 &&
		wallet.state >= WALLET_REJECTED)
		return "out-of-play";
	return "cancelled";
}

/* Whether the outcome is in the ledger.  One for which there is no room is kept. */
static bool
close_intent(struct station *station, enum ledger_outcome outcome, uint64_t counter,
	const char *code)
{
	struct job_desk *desk = job_desk_of(station);
	struct host *host = job_host_of(station);
	struct ledger_by by = host_by(station_actor(station));
	int error = 0;

	if (desk->job.intended)
		error = ledger_intent_close(host->ledger, &by, desk->job.ticket.number,
			outcome, counter, code);
	desk->left.is_set = host_lacks_room(host, error);
	if (desk->left.is_set) {
		desk->left.outcome = outcome;
		desk->left.counter = counter;
		desk->left.code = code ? fault_of(code)->code : NULL;
	} else if (error) {
		desk->busy = false;
		host_stop_work(host, error);
	}
	return error == 0;
}

/* Makes the outcome durable, holds where a person must look, tells the recipe. */
static void
end(struct station *station, enum ledger_outcome outcome, uint64_t counter,
	const char *code)
{
	struct job_desk *desk = job_desk_of(station);
	struct job job = desk->job;
	struct host *host = job_host_of(station);

	if (!close_intent(station, outcome, counter, code))
		return;
	desk->busy = false;
	alarm_acknowledge(host->alarms, station_name(station));
	/* A setup part of a station at rest: no hold would tell that it came to nothing. */
	if (outcome != LEDGER_OUTCOME_DONE && station_is_idle(station))
		alarm_raise(host->alarms, code, station_name(station), host_now_ms());
	if (outcome == LEDGER_OUTCOME_DOUBT)
		job_tell_doubt(station, job.serial);
	else if (outcome != LEDGER_OUTCOME_DONE
		&& fault_of(code)->effect != FAULT_SUSPENDS)
		station_hold(station, code);
	if (job.on_end)
		job.on_end(station, job.serial, outcome, code);
}

/* The desk of a station that prints or marks; NULL: it has none. */
static struct job_desk *
desk_at(const struct host *host, size_t at)
{
	struct station *station = station_set_at(host->stations, at);
	enum settings_kind kind = station_settings(station)->kind;

	return kind == SETTINGS_KIND_PRINT || kind == SETTINGS_KIND_ETCH
		? station_data(station)
		: NULL;
}

/* A claim that was to be taken back when there was no room. */
static int
unclaim_left(void *context, const struct ledger_wallet *wallet)
{
	struct host *host = context;
	struct ledger_by by = host_by("daemon");

	for (size_t i = 0; i < station_set_count(host->stations); i++) {
		const struct job_desk *desk = desk_at(host, i);

		if (desk && desk->busy && strcmp(desk->job.serial, wallet->serial) == 0)
			return 0;
	}
	return ledger_wallet_step(
		host->ledger, &by, wallet->serial, WALLET_UNCLAIM, "no room before");
}

int
job_end_left(struct host *host)
{
	for (size_t i = 0; host->stations && i < station_set_count(host->stations); i++) {
		struct job_desk *desk = desk_at(host, i);
		struct job_left left = desk ? desk->left : (struct job_left){ 0 };

		if (left.is_set)
			end(station_set_at(host->stations, i), left.outcome, left.counter,
				left.code);
		if (desk && desk->left.is_set)
			return KE_NO_SPACE;
	}
	job_go_on(host);
	return host->stations ? ledger_wallet_list(host->ledger, NULL, WALLET_CLAIMED,
					unclaim_left, host)
			      : 0;
}

static void
on_ready(struct station *station, void *context, uint64_t counter,
	const unsigned char digest[LINE_DIGEST_LEN])
{
	struct job_desk *desk = job_desk_of(station);
	struct host *host = job_host_of(station);
	struct ledger_by by = host_by(station_actor(station));
	struct ledger_intent intent = {.job = desk->job.ticket.number,
		.kind = desk->job.kind,
		.counter = counter,
		.boot = station_boot(station)};
	int error;

	(void)context;
	(void)digest; /* the engine has compared it with that of the line */
	if (!job_counter_is_known(station, desk->job.ticket.number, counter)) {
		if (station_cancel_for(station, "counter-unknown") != 0)
			station_hold(station, "unknown");
		return;
	}
	(void)snprintf(intent.serial, sizeof intent.serial, "%s", desk->job.serial);
	(void)snprintf(
		intent.station, sizeof intent.station, "%s", station_name(station));
	(void)snprintf(
		intent.nonce, sizeof intent.nonce, "%s", desk->job.ticket.nonce);
	(void)snprintf(intent.device, sizeof intent.device, "%s",
		job_place_device(station_settings(station)));
	error = ledger_intent_open(host->ledger, &by, &intent);
	desk->job.intended = error == 0;
	/* When the station has left Execute it ends the job with on_refused by itself. */
	if (error == 0)
		error = station_start(station);
	else if (station_cancel_for(station,
			 why_not_begun(host, desk->job.serial, error)) != 0)
		station_hold(station, "unknown");
	(void)host_trouble(host, error);
}

static void
on_refused(struct station *station, void *context, const char *code)
{
	(void)context;
	/* An intent that is open here was never started: the engine says so. */
	end(station, LEDGER_OUTCOME_NEVER, 0, code);
}

static void
on_done(struct station *station, void *context, uint64_t counter)
{
	(void)context;
	end(station, LEDGER_OUTCOME_DONE, counter, NULL);
}

static void
on_failed(struct station *station, void *context, const char *code)
{
	(void)context;
	end(station, LEDGER_OUTCOME_FAILED, 0, code);
}

static void
on_doubt(struct station *station, void *context, const char *code)
{
	(void)context;
	end(station, LEDGER_OUTCOME_DOUBT, 0, code);
}

/* The intent stays open: the device is asked as after a restart of the daemon. */
static void
on_lost(struct station *station, void *context, const char *code)
{
	struct job_desk *desk = job_desk_of(station);
	struct ledger_intent intent;

	(void)context;
	desk->busy = false;
	if (job_left_open(&intent, station) == 1)
		job_tell_open(job_host_of(station), &intent);
	if (desk->job.on_end)
		desk->job.on_end(
			station, desk->job.serial, LEDGER_OUTCOME_OPEN, code);
	/* A driver of one job that ended in peace: no fault of the link brings on_link. */
	if (station_is_up(station)) {
		station_hold(station, code);
		job_resume(station, desk->resumed);
	}
}

int
job_begin(struct station *station, struct secret **line, const struct job *job)
{
	static const struct station_job calls = { on_ready, on_refused, on_done, on_failed,
		on_doubt, on_lost, NULL };
	struct job_desk *desk = job_desk_of(station);
	int error = desk->busy ? 1 : job_unsettled(station);

	if (error) {
		secret_free(*line);
		*line = NULL;
		return error < 0 ? error : KE_BAD_STATE;
	}
	desk->job = *job;
	desk->job.intended = false;
	error = station_load(station, job->ticket.number, line, &calls);
	desk->busy = error == 0;
	return error;
}

bool
job_is_elsewhere(struct station *station, const char *serial)
{
	const struct station_set *set = job_host_of(station)->stations;

	for (size_t i = 0; set && i < station_set_count(set); i++) {
		struct station *other = station_set_at(set, i);
		const struct job_desk *desk;

		/* One of another kind has something else on it than a desk. */
		if (other == station || station_settings(other)->kind !=
						station_settings(station)->kind)
			continue;
		desk = station_data(other);
		if (desk && desk->busy && strcmp(desk->job.serial, serial) == 0)
			return true;
	}
	return false;
}
