/* SPDX-License-Identifier: MIT */
/* The handshake of one job at a time: what is sent, and how long it may take. */
#include "config.h"
#include "daemon/log.h"
#include "daemon/station_inner.h"
#include "proto/secret.h"
#include <stdio.h>
#include <string.h>

enum { LOAD_SECONDS = 60, RUN_SECONDS = 600, CANCEL_SECONDS = 10 };

static void job_late(uv_timer_t *timer);

static unsigned
load_seconds(const struct station *station)
{
	const struct recipe *recipe = station->recipe;

	return recipe && recipe->load_seconds ? recipe->load_seconds : LOAD_SECONDS;
}

static unsigned
run_seconds(const struct station *station)
{
	const struct recipe *recipe = station->recipe;

	return recipe && recipe->run_seconds ? recipe->run_seconds : RUN_SECONDS;
}

static void
deadline_set(struct station *station, unsigned seconds)
{
	if (!station->set->is_closing)
		uv_timer_start(&station->deadline, job_late, seconds * 1000ull, 0);
}

/* The device works for somebody else: nothing was sent, and nothing waits any more.
 * The station goes on by itself when the device does. */
static void
queued_too_long(struct station *station)
{
	if (station_command(station, PACKML_SUSPEND, fault_of("busy")) != 0)
		station_job_refuse(station, "busy");
}

static void
job_late(uv_timer_t *timer)
{
	struct station *station = timer->data;
	enum job_phase phase = station->job.phase;

	if (phase == JOB_READY)
		station_job_settle(station, "timeout");
	else if (phase == JOB_QUEUED && station_link_is_busy(&station->link))
		queued_too_long(station);
	else if (phase == JOB_QUEUED || phase == JOB_QUERY_QUEUED)
		station_job_lose(station, "offline");
	else if (phase != JOB_NONE)
		station_job_break(station, "timeout");
}

/* `VERB JOB` */
static int
say(struct station *station, const char *verb)
{
	struct line_builder b;
	char line[64], number[STATION_JOB_TEXT];
	int len;

	snprintf(number, sizeof(number), "%lu", (unsigned long)station->job.number);
	line_begin_plain(&b, line, sizeof(line), verb, number);
	len = line_end(&b);
	return len < 0 ? len : driver_send_plain(station->device, line, (size_t)len);
}

static bool
can_send(const struct station *station)
{
	return driver_is_up(station->device) && station->link.is_fresh;
}

static int
load_send(struct station *station)
{
	station->job.phase = JOB_LOADING;
	deadline_set(station, load_seconds(station));
	driver_watch(station->device, false);
	return driver_send(station->device, &station->job.line);
}

static int
query_send(struct station *station)
{
	station->job.phase = JOB_QUERYING;
	deadline_set(station, load_seconds(station));
	driver_watch(station->device, false);
	return driver_send_plain(
		station->device, station->job.query_line, station->job.query_len);
}

void
station_job_send_queued(struct station *station)
{
	int error = 0;

	if (!can_send(station))
		return;
	if (station->job.phase == JOB_QUEUED && !station->link.fault)
		error = load_send(station);
	else if (station->job.phase == JOB_QUERY_QUEUED)
		error = query_send(station);
	if (error != 0)
		station_job_break(station, "driver-died");
}

int
station_load(struct station *station, uint32_t number, struct secret **line,
	const struct station_job *job)
{
	bool in_state = station_may_work(station, station->in_setup);
	int error = 0;

	if (!in_state || !station->device || station->job.phase != JOB_NONE ||
		number == 0)
		error = KE_BAD_STATE;
	if (error == 0)
		error = line_digest_built(station->job.digest, *line);
	if (error != 0) {
		secret_free(*line);
		*line = NULL;
		return error;
	}
	station->job.phase = JOB_QUEUED;
	station->job.number = number;
	station->job.is_setup = station->in_setup;
	station->job.line = *line;
	station->job.calls = *job;
	*line = NULL;
	if (!station->cycles.is_running)
		station_cycle_begin(station);
	deadline_set(station, load_seconds(station));
	/* It is sent in the next turn, so that no callback can come from in here. */
	station_wake(station);
	return 0;
}

int
station_start(struct station *station)
{
	bool in_state = station_may_work(station, station->job.is_setup);

	if (!in_state || station->job.phase != JOB_READY || station->job.is_given_up)
		return KE_BAD_STATE;
	/* From here it is in doubt: also a write that fails may have come through. */
	station->job.phase = JOB_RUNNING;
	deadline_set(station, run_seconds(station));
	station_job_log(station, LOG_JOB_STARTED, NULL);
	if (say(station, "start") != 0)
		driver_end(station->device, "driver-died");
	return 0;
}

int
station_cancel(struct station *station)
{
	return station_cancel_for(station, "cancelled");
}

int
station_cancel_for(struct station *station, const char *code)
{
	switch (station->job.phase) {
	case JOB_QUEUED:
	case JOB_LOADING:
	case JOB_READY:
		station->job.is_given_up = true;
		station->job.give_up_code = code;
		station_wake(station);
		return 0;
	case JOB_CANCELLING:
		return 0;
	case JOB_NONE:
	case JOB_RUNNING:
	case JOB_QUERY_QUEUED:
	case JOB_QUERYING:
		break;
	}
	return KE_BAD_STATE;
}

bool
station_job_settle(struct station *station, const char *code)
{
	struct station_work *job = &station->job;

	switch (job->phase) {
	case JOB_NONE:
	case JOB_QUERY_QUEUED:
	case JOB_QUERYING:
		return true;
	case JOB_QUEUED:
		station_job_refuse(
			station, job->is_given_up ? job->give_up_code : code);
		return true;
	case JOB_LOADING:
	case JOB_READY:
		job->cancel_code = job->is_given_up ? job->give_up_code : code;
		job->phase = JOB_CANCELLING;
		deadline_set(station, CANCEL_SECONDS);
		if (say(station, "cancel") != 0)
			driver_end(station->device, "driver-died");
		return false;
	case JOB_CANCELLING:
	case JOB_RUNNING:
		break;
	}
	return false;
}

static int
query_build(struct station *station, const struct station_query *query)
{
	struct station_work *job = &station->job;
	struct line_builder b;
	char number[STATION_JOB_TEXT];
	int len;

	snprintf(number, sizeof(number), "%lu", (unsigned long)query->number);
	line_begin_plain(&b, job->query_line, sizeof(job->query_line), "query", number);
	line_add_number(&b, "counter", query->counter);
	if (query->boot)
		line_add_number(&b, "boot", query->boot);
	line_add(&b, "nonce", query->nonce);
	if (query->serial)
		line_add(&b, "serial", query->serial);
	len = line_end(&b);
	if (len < 0)
		return len;
	job->query_len = (size_t)len;
	return 0;
}

int
station_query(struct station *station, const struct station_query *query)
{
	int error;

	if (!station->device || station->job.phase != JOB_NONE ||
		station->set->is_closing)
		return KE_BAD_STATE;
	error = query_build(station, query);
	if (error != 0)
		return error;
	station->job.phase = JOB_QUERY_QUEUED;
	station->job.number = query->number;
	station->job.query = *query;
	deadline_set(station, load_seconds(station));
	station_wake(station);
	return 0;
}
