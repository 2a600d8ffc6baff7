/* SPDX-License-Identifier: MIT */
#include "drivers/print_driver.h"
#include "drivers/driver_process.h"
#include "drivers/ipp_job.h"
#include "drivers/ipp_reason.h"
#include "drivers/print_draw.h"
#include "drivers/print_follow.h"

#include <stdlib.h>
#include <string.h>

enum {
	PROBE_MS = 5000,   /* for one look at the printer */
	LOAD_MS = 20000,   /* for all that comes before ready */
	POLL_MS = 150,     /* between two looks at a job */
	SETTLE_MS = 2000,  /* for counts, after a job's end */
	SILENCE_MS = 5000, /* without an answer, before a job is in doubt */
	IDLE_MS = 2000     /* between two looks at an idle printer */
};

struct print_driver {
	struct print_options options;
	struct driver_io *io;
	struct driver_loop *loop;
	struct ipp_link *link;
	struct ipp_printer printer; /* as it was seen last */
	struct label *label;        /* what is loaded, or NULL */
	const char *state;          /* of the last status line */
	const char *code;
};

int
print_driver_new(struct print_driver **out, const struct print_options *options,
	struct driver_io *io)
{
	struct print_driver *driver = calloc(1, sizeof *driver);
	struct ipp_job probe;
	int rc;

	*out = NULL;
	if (!driver)
		return KE_NO_MEMORY;
	driver->options = *options;
	driver->io = io;
	rc = ipp_job_set_name(&probe, options->host, "4294967295");
	if (rc == 0)
		rc = ipp_link_new(&driver->link, options->uri, options->pin);
	if (rc == 0)
		*out = driver;
	else
		free(driver);
	return rc;
}

void
print_driver_free(struct print_driver *driver)
{
	if (!driver)
		return;
	label_free(driver->label);
	ipp_link_free(driver->link);
	free(driver);
}

uint16_t
print_driver_port(const struct print_driver *driver)
{
	return ipp_link_port(driver->link);
}

void
print_driver_set_loop(struct print_driver *driver, struct driver_loop *loop)
{
	driver->loop = loop;
}

static void
set_deadline(struct print_driver *driver, int64_t ms)
{
	ipp_link_deadline(driver->link, driver_process_now_ms() + ms);
}

static bool
same_code(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

/* Writes a status line when it differs from the last one. */
static void
tell(struct print_driver *driver, const char *state, const char *code)
{
	if (same_code(driver->state, state) && same_code(driver->code, code))
		return;
	driver->state = state;
	driver->code = code;
	/* Who is gone shows at the next line that is read. */
	if (driver_io_status(driver->io, state, code) != 0)
		driver->state = NULL;
}

/* A look at the printer.  NULL, or why it is not to be had. */
static const char *
look(struct print_driver *driver)
{
	int rc = ipp_printer_ask(&driver->printer, driver->link, &driver->options.media);

	return rc == 0 ? NULL : ipp_reason_of_error(rc);
}

static void
tell_look(struct print_driver *driver, const char *missing, bool at_work)
{
	if (missing)
		tell(driver, strcmp(missing, "wrong-pin") == 0 ? "fault" : "offline",
			missing);
	else if (driver->printer.fault)
		tell(driver, "fault", driver->printer.fault);
	else if (at_work || driver->printer.busy)
		tell(driver, "busy", NULL);
	else
		tell(driver, "ready", NULL);
}

void
print_driver_probe(struct print_driver *driver)
{
	set_deadline(driver, PROBE_MS);
	tell_look(driver, look(driver), false);
}

static int
print_idle(void *device)
{
	struct print_driver *driver = device;

	if (!driver->label)
		print_driver_probe(driver);
	return 0;
}

static void
print_unload(void *device)
{
	struct print_driver *driver = device;

	label_free(driver->label);
	driver->label = NULL;
}

static int
set_job(struct ipp_job *job, const struct print_driver *driver, const char *number)
{
	job->printer = &driver->printer;
	job->media = &driver->options.media;
	return ipp_job_set_name(job, driver->options.host, number);
}

static const char *
prepare(struct print_driver *driver, struct driver_ready *ready, const char *number,
	const struct driver_load *load)
{
	struct ipp_job job;
	const char *code = look(driver);
	int rc;

	tell_look(driver, code, false);
	if (code)
		return code;
	if (driver->printer.fault)
		return driver->printer.fault;
	if (driver->printer.busy)
		return "busy";
	if (set_job(&job, driver, number) != 0)
		return "internal";
	code = ipp_job_validate(driver->link, &job);
	if (code)
		return code;
	rc = print_draw(&driver->label, ready->digest, &driver->options.media,
		driver->printer.dpi, load);
	ready->counter = driver->printer.impressions;
	return rc == 0 ? NULL : ipp_reason_of_error(rc);
}

static const char *
print_load(void *device, struct driver_ready *ready, const char *number,
	const struct driver_load *load)
{
	struct print_driver *driver = device;
	const char *code;

	set_deadline(driver, LOAD_MS);
	code = prepare(driver, ready, number, load);
	if (code)
		print_unload(driver);
	return code;
}

/* Follows a job that was sent, up to a final word or the deadline. */
struct follow {
	struct print_driver *driver;
	const char *number;
	int id;
	int64_t deadline;
	int64_t heard;    /* the last answer */
	int64_t ended;    /* since when the job's state is final; 0: it is not */
	unsigned printed; /* impressions told of */
	struct print_count count;
};

static void
doubt(struct driver_result *result, const char *code)
{
	result->outcome = DRIVER_DOUBT;
	result->code = code;
}

/* The printer's state and counter beside the job's; silence here is no news. */
static void
look_beside(struct follow *follow)
{
	struct print_driver *driver = follow->driver;
	struct ipp_printer before = driver->printer;

	if (look(driver)) {
		driver->printer = before;
		return;
	}
	follow->count.now = driver->printer.impressions;
	tell_look(driver, NULL, true);
}

static void
tell_progress(struct follow *follow, const struct ipp_job_state *job)
{
	if (!job->counts || job->impressions <= follow->printed)
		return;
	follow->printed = job->impressions;
	driver_loop_progress(follow->driver->loop, follow->number, job->impressions,
		PRINT_IMPRESSIONS);
}

/* One look at the job.  True when *result is final. */
static bool
follow_once(struct driver_result *result, struct follow *follow)
{
	struct ipp_job_state job;
	int rc = ipp_job_ask(&job, follow->driver->link, follow->id);
	int64_t now = driver_process_now_ms();

	if (rc == KE_NOT_FOUND) {
		doubt(result, "not-found");
		return true;
	}
	if (rc != 0) {
		doubt(result, ipp_reason_of_error(rc));
		return rc == KE_WRONG_PIN || now - follow->heard >= SILENCE_MS;
	}
	look_beside(follow);
	follow->heard = now;
	tell_progress(follow, &job);
	if (follow->ended == 0 && job.state >= IPP_JSTATE_CANCELED)
		follow->ended = now;
	return print_follow_job(result, &job, &follow->count,
		follow->ended && now - follow->ended >= SETTLE_MS);
}

static void
follow_job(struct driver_result *result, struct follow *follow)
{
	follow->heard = driver_process_now_ms();
	for (;;) {
		if (follow_once(result, follow))
			return;
		if (driver_process_now_ms() >= follow->deadline) {
			doubt(result, "timeout");
			return;
		}
		if (!driver_loop_pump(follow->driver->loop, POLL_MS)) {
			result->outcome = DRIVER_LEAVE;
			return;
		}
	}
}

static enum ipp_sent
send_label(const char **code, const struct print_driver *driver, int id)
{
	const struct label_raster *pages[LABEL_LAYERS] = {
		driver->label->pages[LABEL_BOTTOM].raster,
		driver->label->pages[LABEL_TOP].raster,
	};
	const struct ipp_document document = {
		.format = driver->printer.format,
		.media_width = driver->options.media.width,
		.media_height = driver->options.media.height,
		.dpi = driver->printer.dpi,
		.pages = pages,
		.count = LABEL_LAYERS,
	};

	return ipp_job_send(code, driver->link, id, &document);
}

/* Everything up to the first byte of the document fails; after it, there is doubt. */
static void
print_start(struct driver_result *result, void *device, const char *number)
{
	struct print_driver *driver = device;
	struct follow follow = {.driver = driver, .number = number};
	struct ipp_job job;
	enum ipp_sent sent;

	result->outcome = DRIVER_FAILED;
	result->code = "internal";
	follow.deadline = driver_process_now_ms() + driver->options.deadline_s * 1000;
	follow.count.kept = driver->printer.counts;
	follow.count.before = follow.count.now = driver->printer.impressions;
	ipp_link_deadline(driver->link, follow.deadline);
	if (set_job(&job, driver, number) == 0)
		result->code = ipp_job_create(&follow.id, driver->link, &job);
	if (result->code) {
		print_unload(driver);
		return;
	}
	driver_loop_started(driver->loop, number);
	tell(driver, "busy", NULL);
	sent = send_label(&result->code, driver, follow.id);
	print_unload(driver);
	if (sent != IPP_SENT_ALL) {
		ipp_job_cancel(driver->link, follow.id);
		result->outcome = sent == IPP_SENT_NOTHING ? DRIVER_FAILED : DRIVER_DOUBT;
		return;
	}
	follow_job(result, &follow);
}

static void
unknown(struct driver_result *result, const char *code)
{
	result->outcome = DRIVER_UNKNOWN;
	result->code = code;
}

/* One look at what the printer remembers.  True when *result is final. */
static bool
query_once(struct driver_result *result, struct print_driver *driver, const char *name,
	uint64_t counter)
{
	struct ipp_job_memory memory;
	struct print_count count;
	const char *code;
	int rc = ipp_job_find(&memory, driver->link, name);

	code = rc == 0 ? look(driver) : ipp_reason_of_error(rc);
	if (code) {
		unknown(result, code);
		return true;
	}
	count.kept = driver->printer.counts;
	count.before = counter;
	count.now = driver->printer.impressions;
	unknown(result, "timeout");
	return print_follow_query(result, &memory, &count, driver->printer.busy);
}

static void
print_query(struct driver_result *result, void *device, const struct driver_query *query)
{
	struct print_driver *driver = device;
	int64_t deadline = driver_process_now_ms() + driver->options.deadline_s * 1000;
	struct ipp_job job;

	unknown(result, "internal");
	ipp_link_deadline(driver->link, deadline);
	if (set_job(&job, driver, query->job) != 0)
		return;
	/* A job may still be under way: its end is waited for. */
	while (!query_once(result, driver, job.name, query->counter)) {
		if (driver_process_now_ms() >= deadline)
			return;
		if (!driver_loop_pump(driver->loop, POLL_MS)) {
			result->outcome = DRIVER_LEAVE;
			return;
		}
	}
}

const struct driver_ops print_driver_ops = {
	.kinds = 1u << DRIVER_LOAD_STICKER | 1u << DRIVER_LOAD_SETUP,
	.one_job = true,
	.idle_ms = IDLE_MS,
	.load = print_load,
	.unload = print_unload,
	.start = print_start,
	.query = print_query,
	.idle = print_idle,
};
