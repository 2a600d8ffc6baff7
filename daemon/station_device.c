/* SPDX-License-Identifier: MIT */
/* What the driver of a device says, and what that does to the job. */
#include "config.h"
#include "daemon/log.h"
#include "daemon/station_inner.h"
#include <stdio.h>
#include <string.h>

/* A code of a line, as our own table has it. */
static const char *
code_of(const struct line *line)
{
	return fault_of(line_value(line, "code"))->code;
}

/* 64 hex digits against the digest of what was sent. */
static bool
digest_fits(const struct station *station, const char *hex)
{
	static const char digits[] = "0123456789abcdef";
	size_t i;

	if (!hex || strlen(hex) != 2 * LINE_DIGEST_LEN)
		return false;
	for (i = 0; i < LINE_DIGEST_LEN; i++)
		if (hex[2 * i] != digits[station->job.digest[i] >> 4] ||
			hex[2 * i + 1] != digits[station->job.digest[i] & 15])
			return false;
	return true;
}

/* A number that a line may lack; *out is as it was then. */
static bool
read_optional(uint32_t *out, const struct line *line, const char *key)
{
	uint64_t number;

	if (!line_value(line, key))
		return true;
	if (line_number(&number, line, key, UINT32_MAX) != 0)
		return false;
	*out = (uint32_t)number;
	return true;
}

/* How much one job adds to the device's counter; 0: it is not compared. */
static unsigned
step_of(const struct station *station)
{
	return station->recipe ? station->recipe->counter_step : 0;
}

/* Each returns false where the line has no place. */
static bool
on_ready(struct station *station, const struct line *line)
{
	struct station_work *job = &station->job;

	if (job->phase == JOB_CANCELLING)
		return true;
	if (job->phase != JOB_LOADING ||
		line_number(&job->counter, line, "counter", INT64_MAX) != 0 ||
		!read_optional(&job->last_job, line, "last") ||
		!read_optional(&job->boot, line, "boot"))
		return false;
	if (!digest_fits(station, line_value(line, "digest"))) {
		station_job_settle(station, "readback");
		return true;
	}
	job->phase = JOB_READY;
	station_job_log(station, LOG_JOB_READY, NULL);
	/* It may have left Execute while loading: then it will be cancelled. */
	if (!job->is_given_up && station_may_work(station, job->is_setup))
		job->calls.on_ready(
			station, job->calls.context, job->counter, job->digest);
	station_wake(station);
	return true;
}

static bool
on_refused(struct station *station, const struct line *line)
{
	if (station->job.phase == JOB_CANCELLING)
		station_job_refuse(station, station->job.cancel_code);
	else if (station->job.phase == JOB_LOADING || station->job.phase == JOB_READY)
		station_job_refuse(station, code_of(line));
	else
		return false;
	return true;
}

static bool
on_cancelled(struct station *station, const struct line *line)
{
	(void)line;
	if (station->job.phase != JOB_CANCELLING)
		return false;
	station_job_refuse(station, station->job.cancel_code);
	return true;
}

static bool
on_started(struct station *station, const struct line *line)
{
	(void)line;
	if (station->job.phase != JOB_RUNNING)
		return false;
	station->begun = station->job.number;
	return true;
}

static bool
on_progress(struct station *station, const struct line *line)
{
	(void)line;
	return station->job.phase == JOB_RUNNING;
}

static void
query_done(struct station *station, uint64_t counter)
{
	unsigned step = step_of(station);
	struct station_work ended;

	if (step && counter != station->job.query.counter + step) {
		station_query_unknown(station, "counter-mismatch");
		return;
	}
	ended = station_job_end(station);
	if (ended.query.on_done)
		ended.query.on_done(station, ended.query.context, counter);
}

static bool
on_done(struct station *station, const struct line *line)
{
	unsigned step = step_of(station);
	struct station_work ended;
	uint64_t counter;

	if (line_number(&counter, line, "counter", UINT64_MAX) != 0)
		return false;
	if (station->job.phase == JOB_QUERYING) {
		query_done(station, counter);
		return true;
	}
	if (station->job.phase != JOB_RUNNING)
		return false;
	if (step && counter != station->job.counter + step) {
		station_job_doubt(station, "counter-mismatch");
		return true;
	}
	station_job_log(station, LOG_JOB_DONE, NULL);
	ended = station_job_end(station);
	if (ended.calls.on_done)
		ended.calls.on_done(station, ended.calls.context, counter);
	return true;
}

/* A part that an etcher has begun is marked, at least in part, whatever is said later. */
static bool
is_known_begun(const struct station *station)
{
	return step_of(station) && station->begun == station->job.number;
}

static bool
on_failed(struct station *station, const struct line *line)
{
	if (station->job.phase != JOB_RUNNING)
		return false;
	if (is_known_begun(station))
		station_job_doubt(station, "refused-yet-started");
	else
		station_job_fail(station, code_of(line));
	return true;
}

static bool
on_doubt(struct station *station, const struct line *line)
{
	if (station->job.phase != JOB_RUNNING)
		return false;
	station_job_doubt(station, code_of(line));
	return true;
}

static bool
on_never(struct station *station, const struct line *line)
{
	struct station_begun begun = {0, line_value(line, "nonce")};
	struct station_work ended;
	uint64_t counter;

	if (station->job.phase != JOB_QUERYING ||
		line_number(&counter, line, "counter", UINT64_MAX) != 0 ||
		!read_optional(&begun.job, line, "begun") ||
		!line_value(line, "begun") != !begun.nonce)
		return false;
	if (is_known_begun(station)) {
		station_query_unknown(station, "refused-yet-started");
		return true;
	}
	if (step_of(station) && counter != station->job.query.counter) {
		station_query_unknown(station, "counter-mismatch");
		return true;
	}
	ended = station_job_end(station);
	if (ended.query.on_never)
		ended.query.on_never(
			station, ended.query.context, begun.nonce ? &begun : NULL);
	return true;
}

static bool
on_unknown(struct station *station, const struct line *line)
{
	if (station->job.phase != JOB_QUERYING)
		return false;
	station_query_unknown(station, code_of(line));
	return true;
}

struct verb_row {
	const char *verb;
	bool (*serve)(struct station *station, const struct line *line);
};

static const struct verb_row verbs[] = {
	{"ready", on_ready},
	{"refused", on_refused},
	{"cancelled", on_cancelled},
	{"started", on_started},
	{"progress", on_progress},
	{"done", on_done},
	{"failed", on_failed},
	{"doubt", on_doubt},
	{"never", on_never},
	{"unknown", on_unknown},
};

/* A condition is told at once: one that came and went must not be missed. */
static bool
on_status(struct station *station, const struct line *line)
{
	const struct fault *before = station->link.condition, *now;

	if (!station_link_read(&station->link, line))
		return false;
	now = station->link.condition;
	/* A hold may come before the status that tells its cause. */
	station_set_reason(station, station->reason);
	if (before != now && station->recipe && station->recipe->on_condition)
		station->recipe->on_condition(station, now ? now->code : NULL);
	station_link_changed(station);
	return true;
}

/* The status that came before says whether the fault went. */
static bool
on_acknowledged(struct station *station)
{
	station->link.is_acknowledging = false;
	station_link_changed(station);
	return true;
}

static bool
job_is_ours(const struct station *station, const struct line *line)
{
	char number[STATION_JOB_TEXT];

	snprintf(number, sizeof(number), "%lu", (unsigned long)station->job.number);
	return station->job.phase != JOB_NONE && strcmp(line->job, number) == 0;
}

void
station_device_line(void *context, const struct line *line)
{
	struct station *station = context;
	bool is_good = false;
	size_t i;

	if (strcmp(line->verb, "status") == 0 && strcmp(line->job, "-") == 0)
		is_good = on_status(station, line);
	if (strcmp(line->verb, "acknowledged") == 0 && strcmp(line->job, "-") == 0)
		is_good = on_acknowledged(station);
	for (i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
		if (strcmp(line->verb, verbs[i].verb) == 0 &&
			job_is_ours(station, line)) {
			is_good = verbs[i].serve(station, line);
			break;
		}
	if (!is_good)
		station_job_break(station, "bad-line");
}

void
station_device_up(void *context)
{
	struct station *station = context;

	station->link.is_fresh = false;
	station->link.is_acknowledging = false;
	station_wake(station);
}

void
station_device_down(void *context, const char *code)
{
	struct station *station = context;
	enum job_phase phase = station->job.phase;

	station->link.is_fresh = false;
	station->link.is_latched = false;
	station->link.is_acknowledging = false;
	if (!code) {
		/* A driver of one job: it comes again, and takes what waits then. */
		station->link.is_resting = station->link.is_known;
		if (phase != JOB_QUEUED && phase != JOB_QUERY_QUEUED)
			station_job_lose(station, "driver-died");
		station_wake(station);
		return;
	}
	station->link.is_resting = false;
	station_job_lose(station, code);
	/* Our own abort is no fault of the link: it is only not known for a while. */
	station->link.is_known = strcmp(code, "aborted") != 0;
	station_link_set_fault(
		&station->link, station->link.is_known ? fault_of(code) : NULL);
	station_link_changed(station);
}
