/* SPDX-License-Identifier: MIT */
/* How a job ends, and whom that is told. */
#include "config.h"
#include "daemon/log.h"
#include "daemon/station_inner.h"
#include "proto/secret.h"
#include <string.h>

void
station_job_log(const struct station *station, enum log_event event, const char *code)
{
	log_event(event, &(struct log_fields){.station = station->settings->name,
				 .who = station->shift.who[0] ? station->shift.who
								  : NULL,
				 .job = station->job.number,
				 .serial = station->wallet[0] ? station->wallet : NULL,
				 .code = code});
}

struct station_work
station_job_end(struct station *station)
{
	struct station_work ended = station->job;

	secret_free(station->job.line);
	ended.line = NULL;
	memset(&station->job, 0, sizeof(station->job));
	if (!station->set->is_closing)
		uv_timer_stop(&station->deadline);
	if (station->device)
		driver_watch(station->device, true);
	/* A printer's driver lives for one job: the next one is for a new run of it. */
	if (station->device && station->settings->kind == SETTINGS_KIND_PRINT) {
		station->link.is_fresh = false;
		station->link.is_resting = station->link.is_known;
		driver_retire(station->device);
	}
	/* That was our own work. */
	if (ended.phase != JOB_QUEUED && station_link_is_busy(&station->link))
		station->link.fault = NULL;
	station_wake(station);
	return ended;
}

void
station_job_refuse(struct station *station, const char *code)
{
	struct station_work ended;

	station_job_log(station, LOG_JOB_NOT_DONE, code);
	ended = station_job_end(station);
	if (ended.calls.on_refused)
		ended.calls.on_refused(station, ended.calls.context, code);
}

void
station_job_fail(struct station *station, const char *code)
{
	struct station_work ended;

	station_job_log(station, LOG_JOB_NOT_DONE, code);
	ended = station_job_end(station);
	if (ended.calls.on_failed)
		ended.calls.on_failed(station, ended.calls.context, code);
}

void
station_job_doubt(struct station *station, const char *code)
{
	struct station_work ended;

	station_job_log(station, LOG_JOB_IN_DOUBT, code);
	/* What two persons take for it is no time of the machine's. */
	station->cycles.is_running = false;
	ended = station_job_end(station);
	if (ended.calls.on_doubt)
		ended.calls.on_doubt(station, ended.calls.context, code);
}

/* Whoever drove the device cannot say any more how it ended; the device may. */
static void
job_lost(struct station *station, const char *code)
{
	struct station_work ended;

	if (!station->job.calls.on_lost) {
		station_job_doubt(station, code);
		return;
	}
	station_job_log(station, LOG_JOB_LOST, code);
	station->cycles.is_running = false;
	ended = station_job_end(station);
	ended.calls.on_lost(station, ended.calls.context, code);
}

void
station_query_unknown(struct station *station, const char *code)
{
	struct station_work ended = station_job_end(station);

	if (ended.query.on_unknown)
		ended.query.on_unknown(station, ended.query.context, code);
}

/* Asking changes nothing at the device: whoever asked may do so again. */
static void
query_lost(struct station *station, const char *code)
{
	struct station_work ended;

	if (!station->job.query.on_lost) {
		station_query_unknown(station, code);
		return;
	}
	ended = station_job_end(station);
	ended.query.on_lost(station, ended.query.context,
		ended.phase == JOB_QUERYING ? code : NULL);
}

void
station_job_lose(struct station *station, const char *code)
{
	switch (station->job.phase) {
	case JOB_NONE:
		break;
	case JOB_QUEUED:
	case JOB_LOADING:
	case JOB_READY:
		station_job_refuse(station, code);
		break;
	case JOB_CANCELLING:
		station_job_refuse(station, station->job.cancel_code);
		break;
	case JOB_RUNNING:
		job_lost(station, code);
		break;
	case JOB_QUERY_QUEUED:
	case JOB_QUERYING:
		query_lost(station, code);
		break;
	}
}

void
station_job_break(struct station *station, const char *code)
{
	driver_end(station->device, code);
	station_job_lose(station, code);
}
