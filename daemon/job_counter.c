/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "daemon/job_counter.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "daemon/alarm.h"
#include "daemon/host.h"
#include "daemon/job_inner.h"
#include "daemon/job_place.h"
#include "daemon/settings.h"
#include "daemon/station.h"

/* The fault's code. */
#define REASON "counter-unknown"

int
job_counter_read_taken(struct job_counter_known *known, const char *detail)
{
	const char *job = detail ? strstr(detail, " job=") : NULL;

	if (!job || strncmp(detail, "counter=", 8) != 0)
		return KE_LEDGER;
	known->is_taken = strtoull(job + 5, NULL, 10) == known->intent.job;
	known->taken = strtoull(detail + 8, NULL, 10);
	return 0;
}

static int
find_taken(void *context, const struct ledger_event_row *row)
{
	return job_counter_read_taken(context, row->event.detail);
}

static int
read_known(struct job_counter_known *out, struct ledger *ledger, const char *device)
{
	int error;

	memset(out, 0, sizeof *out);
	error = ledger_intent_last(&out->intent, ledger, device);
	if (error == 0)
		error = ledger_event_last(ledger, "device", device, find_taken, out);
	return error == KE_NOT_FOUND ? 0 : error;
}

/* After a doubt it may have marked or not; two persons have looked at the part. */
static bool
fits_intent(const struct ledger_intent *intent, uint32_t last_job, uint64_t counter)
{
	bool may_be = intent->outcome == LEDGER_OUTCOME_DOUBT;

	if (intent->outcome != LEDGER_OUTCOME_DONE && counter == intent->counter)
		return true;
	if (intent->outcome != LEDGER_OUTCOME_DONE && !may_be)
		return false;
	/* As many marks as are known, but the last one is another job's. */
	return counter == intent->counter + 1 && (!last_job || last_job == intent->job);
}

bool
job_counter_fits(const struct job_counter_known *known, uint32_t number,
	uint32_t last_job, uint64_t counter)
{
	/* A number that the device has marked already, whatever was taken. */
	if (last_job == number)
		return false;
	if (!known->intent.job)
		return true;
	return known->is_taken ? counter == known->taken
			       : fits_intent(&known->intent, last_job, counter);
}

uint64_t
job_counter_expected(const struct job_counter_known *known)
{
	if (known->is_taken)
		return known->taken;
	return known->intent.counter + (known->intent.outcome == LEDGER_OUTCOME_DONE);
}

bool
job_counter_or_one_more(const struct job_counter_known *known)
{
	return known->intent.job && !known->is_taken &&
	       known->intent.outcome == LEDGER_OUTCOME_DOUBT;
}

bool
job_counter_is_known(struct station *station, uint32_t number, uint64_t counter)
{
	struct job_desk *desk = job_desk_of(station);
	struct host *host = job_host_of(station);
	const struct settings_station *settings = station_settings(station);
	uint32_t last_job = station_last_job(station);
	struct job_counter_known known;
	int error;

	/* Others may print; nobody else etches. */
	if (settings->kind != SETTINGS_KIND_ETCH)
		return true;
	memset(&desk->unknown, 0, sizeof desk->unknown);
	error = read_known(&known, host->ledger, job_place_device(settings));
	if (error) {
		host_stop_work(host, error);
		return false;
	}
	if (job_counter_fits(&known, number, last_job, counter))
		return true;
	desk->unknown = (struct job_counter){.is_set = true,
		.counter = counter,
		.last_job = last_job,
		.expected = job_counter_expected(&known),
		.job = known.intent.job,
		.or_one_more = job_counter_or_one_more(&known)};
	return false;
}

/* The reason that holds it is ours, or was told at rest, and its numbers are known. */
static const struct job_counter *
unknown_of(const struct station *station)
{
	const struct job_desk *desk = station_data(station);
	const struct host *host = station_line(station);

	if (!desk || !desk->unknown.is_set)
		return NULL;
	return strcmp(station_reason_code(station), REASON) == 0 ||
			       alarm_stands_as(host->alarms, REASON, station_name(station))
		       ? &desk->unknown
		       : NULL;
}

const char *
job_counter_bar(const struct station *station)
{
	const struct job_desk *desk = station_data(station);

	return desk && desk->unknown.is_set ? REASON : NULL;
}

enum { NUMBERS_SIZE = 128, RANGE_SIZE = 48 };

/* "5", or "5-6" with that word between: what the ledger expects. */
static void
write_range(char out[RANGE_SIZE], const struct job_counter *unknown, const char *to)
{
	int len = snprintf(out, RANGE_SIZE, "%" PRIu64, unknown->expected);

	if (unknown->or_one_more)
		(void)snprintf(out + len, RANGE_SIZE - (size_t)len, "%s%" PRIu64, to,
			unknown->expected + 1);
}

static void
write_numbers(char out[NUMBERS_SIZE], const struct job_counter *unknown)
{
	char range[RANGE_SIZE];

	write_range(range, unknown, "-");
	(void)snprintf(out, NUMBERS_SIZE,
		"counter=%" PRIu64 " ledger=%s job=%" PRIu32 " last=%" PRIu32,
		unknown->counter, range, unknown->job, unknown->last_job);
}

int
job_counter_text(char out[JOB_COUNTER_TEXT_SIZE], const struct station *station)
{
	const struct job_desk *desk = station_data(station);
	char numbers[NUMBERS_SIZE];

	if (!job_counter_bar(station))
		return KE_NOT_FOUND;
	write_numbers(numbers, &desk->unknown);
	(void)snprintf(out, JOB_COUNTER_TEXT_SIZE, "device=%s %s",
		job_place_device(station_settings(station)), numbers);
	return 0;
}

int
job_counter_take(struct station *station, const struct ledger_by *by)
{
	char detail[NUMBERS_SIZE];
	struct ledger_event event = {.kind = "device",
		.object = job_place_device(station_settings(station)),
		.event = "device-counter",
		.detail = detail};

	write_numbers(detail, &job_desk_of(station)->unknown);
	return ledger_event_add(job_host_of(station)->ledger, by, &event);
}

void
job_counter_taken(struct station *station)
{
	job_desk_of(station)->unknown.is_set = false;
	alarm_clear(job_host_of(station)->alarms, REASON, station_name(station));
	station_settled(station, REASON, "counter-taken");
}

void
job_counter_tell(char out[RECIPE_TELL_BYTES], const struct station *station)
{
	const struct job_counter *unknown = unknown_of(station);
	char last[32] = "", by[64] = "", range[RANGE_SIZE];

	out[0] = '\0';
	if (!unknown)
		return;
	if (unknown->last_job)
		(void)snprintf(last, sizeof last, ", the last of job %" PRIu32,
			unknown->last_job);
	if (unknown->job)
		(void)snprintf(by, sizeof by, ", its last job there is %" PRIu32 "%s",
			unknown->job, unknown->or_one_more ? ", in doubt" : "");
	write_range(range, unknown, " or ");
	(void)snprintf(out, RECIPE_TELL_BYTES,
		" The machine (%s) counts %" PRIu64 " marks%s; the ledger knows %s%s.",
		job_place_device(station_settings(station)), unknown->counter, last,
		range, by);
}
