/* SPDX-License-Identifier: MIT */
/* The handshake of one job at a time, and what driver and device do to it. */
#include "config.h"
#include "daemon/log.h"
#include "daemon/station_inner.h"
#include "proto/secret.h"
#include <stdio.h>
#include <string.h>

enum { LOAD_SECONDS = 60, RUN_SECONDS = 600, CANCEL_SECONDS = 10, JOB_TEXT = 16 };

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

static void
log_job(const struct station *station, enum log_event event, const char *code)
{
	log_event(event, &(struct log_fields){.station = station->settings->name,
				 .job = station->job.number,
				 .serial = station->wallet[0] ? station->wallet : NULL,
				 .code = code});
}

/* The job is over; what it was is returned for the last callback. */
static struct job
job_end(struct station *station)
{
	struct job ended = station->job;

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

static void
job_refuse(struct station *station, const char *code)
{
	struct job ended;

	log_job(station, LOG_JOB_NOT_DONE, code);
	ended = job_end(station);
	if (ended.calls.on_refused)
		ended.calls.on_refused(station, ended.calls.context, code);
}

static void
job_fail(struct station *station, const char *code)
{
	struct job ended;

	log_job(station, LOG_JOB_NOT_DONE, code);
	ended = job_end(station);
	if (ended.calls.on_failed)
		ended.calls.on_failed(station, ended.calls.context, code);
}

static void
job_doubt(struct station *station, const char *code)
{
	struct job ended;

	log_job(station, LOG_JOB_IN_DOUBT, code);
	ended = job_end(station);
	if (ended.calls.on_doubt)
		ended.calls.on_doubt(station, ended.calls.context, code);
}

/* Whoever drove the device cannot say any more how it ended; the device may. */
static void
job_lost(struct station *station, const char *code)
{
	struct job ended;

	if (!station->job.calls.on_lost) {
		job_doubt(station, code);
		return;
	}
	log_job(station, LOG_JOB_LOST, code);
	station->cycles.is_running = false;
	ended = job_end(station);
	ended.calls.on_lost(station, ended.calls.context, code);
}

static void
query_unknown(struct station *station, const char *code)
{
	struct job ended = job_end(station);

	if (ended.query.on_unknown)
		ended.query.on_unknown(station, ended.query.context, code);
}

/* Ends whatever is outstanding because driver or device is lost. */
static void
job_lose(struct station *station, const char *code)
{
	switch (station->job.phase) {
	case JOB_NONE:
		break;
	case JOB_QUEUED:
	case JOB_LOADING:
	case JOB_READY:
		job_refuse(station, code);
		break;
	case JOB_CANCELLING:
		job_refuse(station, station->job.cancel_code);
		break;
	case JOB_RUNNING:
		job_lost(station, code);
		break;
	case JOB_QUERY_QUEUED:
	case JOB_QUERYING:
		query_unknown(station, code);
		break;
	}
}

/* Its driver hangs or does not keep to the protocol: ends both. */
static void
job_break(struct station *station, const char *code)
{
	driver_end(station->device, code);
	job_lose(station, code);
}

/* The device works for somebody else: nothing was sent, and nothing waits any more.
 * The station goes on by itself when the device does. */
static void
queued_too_long(struct station *station)
{
	if (station_command(station, PACKML_SUSPEND, fault_of("busy")) != 0)
		job_refuse(station, "busy");
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
		job_lose(station, "offline");
	else if (phase != JOB_NONE)
		job_break(station, "timeout");
}

/* `VERB JOB` */
static int
say(struct station *station, const char *verb)
{
	struct line_builder b;
	char line[64], number[JOB_TEXT];
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
		job_break(station, "driver-died");
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
	log_job(station, LOG_JOB_STARTED, NULL);
	if (say(station, "start") != 0)
		driver_end(station->device, "driver-died");
	return 0;
}

int
station_cancel(struct station *station)
{
	switch (station->job.phase) {
	case JOB_QUEUED:
	case JOB_LOADING:
	case JOB_READY:
		station->job.is_given_up = true;
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
	struct job *job = &station->job;

	switch (job->phase) {
	case JOB_NONE:
	case JOB_QUERY_QUEUED:
	case JOB_QUERYING:
		return true;
	case JOB_QUEUED:
		job_refuse(station, job->is_given_up ? "cancelled" : code);
		return true;
	case JOB_LOADING:
	case JOB_READY:
		job->cancel_code = job->is_given_up ? "cancelled" : code;
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
	struct job *job = &station->job;
	struct line_builder b;
	char number[JOB_TEXT];
	int len;

	snprintf(number, sizeof(number), "%lu", (unsigned long)query->number);
	line_begin_plain(&b, job->query_line, sizeof(job->query_line), "query", number);
	line_add_number(&b, "counter", query->counter);
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

/* Each returns false where the line has no place. */
static bool
on_ready(struct station *station, const struct line *line)
{
	struct job *job = &station->job;

	if (job->phase == JOB_CANCELLING)
		return true;
	if (job->phase != JOB_LOADING ||
		line_number(&job->counter, line, "counter", UINT64_MAX) != 0)
		return false;
	if (!digest_fits(station, line_value(line, "digest"))) {
		station_job_settle(station, "readback");
		return true;
	}
	job->phase = JOB_READY;
	log_job(station, LOG_JOB_READY, NULL);
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
		job_refuse(station, station->job.cancel_code);
	else if (station->job.phase == JOB_LOADING || station->job.phase == JOB_READY)
		job_refuse(station, code_of(line));
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
	job_refuse(station, station->job.cancel_code);
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
	struct job ended = job_end(station);

	if (ended.query.on_done)
		ended.query.on_done(station, ended.query.context, counter);
}

static bool
on_done(struct station *station, const struct line *line)
{
	unsigned step = station->recipe ? station->recipe->counter_step : 0;
	struct job ended;
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
		job_doubt(station, "counter-mismatch");
		return true;
	}
	log_job(station, LOG_JOB_DONE, NULL);
	ended = job_end(station);
	if (ended.calls.on_done)
		ended.calls.on_done(station, ended.calls.context, counter);
	return true;
}

static bool
on_failed(struct station *station, const struct line *line)
{
	if (station->job.phase != JOB_RUNNING)
		return false;
	job_fail(station, code_of(line));
	return true;
}

static bool
on_doubt(struct station *station, const struct line *line)
{
	if (station->job.phase != JOB_RUNNING)
		return false;
	job_doubt(station, code_of(line));
	return true;
}

static bool
on_never(struct station *station, const struct line *line)
{
	struct job ended;

	(void)line;
	if (station->job.phase != JOB_QUERYING)
		return false;
	ended = job_end(station);
	if (ended.query.on_never)
		ended.query.on_never(station, ended.query.context);
	return true;
}

static bool
on_unknown(struct station *station, const struct line *line)
{
	if (station->job.phase != JOB_QUERYING)
		return false;
	query_unknown(station, code_of(line));
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
	{"started", on_progress},
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
	if (before != now && station->recipe && station->recipe->on_condition)
		station->recipe->on_condition(station, now ? now->code : NULL);
	station_link_changed(station);
	return true;
}

static bool
job_is_ours(const struct station *station, const struct line *line)
{
	char number[JOB_TEXT];

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
	for (i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
		if (strcmp(line->verb, verbs[i].verb) == 0 &&
			job_is_ours(station, line)) {
			is_good = verbs[i].serve(station, line);
			break;
		}
	if (!is_good)
		job_break(station, "bad-line");
}

void
station_device_up(void *context)
{
	struct station *station = context;

	station->link.is_fresh = false;
	station_wake(station);
}

void
station_device_down(void *context, const char *code)
{
	struct station *station = context;
	enum job_phase phase = station->job.phase;

	station->link.is_fresh = false;
	if (!code) {
		/* A driver of one job: it comes again, and takes what waits then. */
		station->link.is_resting = station->link.is_known;
		if (phase != JOB_QUEUED && phase != JOB_QUERY_QUEUED)
			job_lose(station, "driver-died");
		station_wake(station);
		return;
	}
	station->link.is_resting = false;
	job_lose(station, code);
	/* Our own abort is no fault of the link: it is only not known for a while. */
	station->link.is_known = strcmp(code, "aborted") != 0;
	station->link.fault = station->link.is_known ? fault_of(code) : NULL;
	station_link_changed(station);
}
