/* SPDX-License-Identifier: MIT */
/* One job from its creation to its end. */
#include "drivers/print_inner.h"
#include "drivers/driver_process.h"
#include "drivers/ipp_reason.h"
#include "drivers/label.h"

/* Follows a job that was sent, up to a final word or the deadline. */
struct follow {
	struct print_driver *driver;
	const char *number;
	const char *name;
	int id;
	int64_t deadline;
	int64_t heard;    /* the last answer */
	int64_t ended;    /* since when the job's state is final; 0: it is not */
	unsigned printed; /* impressions told of */
	struct print_count count;
	uint32_t boot; /* at start */
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

	if (print_look(driver)) {
		driver->printer = before;
		return;
	}
	follow->count.now = driver->printer.impressions;
	print_tell_look(driver, NULL, true);
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
	int rc = ipp_job_ask(&job, follow->driver->link, follow->id, follow->name);
	int64_t now = driver_process_now_ms();

	if (rc == KE_NOT_FOUND) {
		doubt(result, "not-found");
		return true;
	}
	if (rc != 0) {
		doubt(result, ipp_reason_of_error(rc));
		return rc == KE_WRONG_PIN || now - follow->heard >= PRINT_SILENCE_MS;
	}
	look_beside(follow);
	follow->heard = now;
	tell_progress(follow, &job);
	if (follow->ended == 0 && job.state >= IPP_JSTATE_CANCELED)
		follow->ended = now;
	return print_follow_job(result, &job, &follow->count,
		follow->ended && now - follow->ended >= PRINT_SETTLE_MS);
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
		if (!driver_loop_pump(follow->driver->loop, PRINT_POLL_MS)) {
			result->outcome = DRIVER_LEAVE;
			return;
		}
	}
}

/*
 * NULL while the daemon that wrote `start' is there: what lay in the pipe while it died
 * is nobody's any more, and the next one may be asking already.
 */
static const char *
left_alone(const struct print_driver *driver)
{
	return driver_loop_pump(driver->loop, 0) ? NULL : "cancelled";
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

	/* The printer may have taken its time to make the job. */
	*code = left_alone(driver);
	return *code ? IPP_SENT_NOTHING : ipp_job_send(code, driver->link, id, &document);
}

/*
 * A document that broke off.  It has failed when the printer gives the job up by itself,
 * never having begun; else it is cancelled, and in doubt: what could not be sent may still
 * have arrived, and a cancel that crosses with its end stops nothing.
 */
static enum driver_outcome
broken_off(const struct follow *follow)
{
	struct print_driver *driver = follow->driver;
	int64_t deadline = driver_process_now_ms() + PRINT_SETTLE_MS;
	struct print_count count = follow->count;
	struct ipp_job_state job;
	int rc = 0;

	while (driver_process_now_ms() < deadline) {
		rc = ipp_job_ask(&job, driver->link, follow->id, follow->name);
		if (rc != 0 || print_look(driver))
			break;
		count.now = driver->printer.impressions;
		count.same_start =
			ipp_printer_is_same_start(driver->printer.boot, follow->boot);
		if (print_follow_gave_up(&job, &count))
			return DRIVER_FAILED;
		if (job.state >= IPP_JSTATE_CANCELED ||
			!driver_loop_pump(driver->loop, PRINT_POLL_MS))
			break;
	}
	/* A printer that has lost its jobs gives their numbers to others. */
	if (rc != KE_NOT_FOUND)
		ipp_job_cancel(driver->link, follow->id);
	return DRIVER_DOUBT;
}

/*
 * Everything up to the first byte of the document fails; after it, there is doubt,
 * unless the printer gives it up without having begun.
 */
void
print_start(struct driver_result *result, void *device, const char *number)
{
	struct print_driver *driver = device;
	struct ipp_job job;
	struct follow follow = {.driver = driver, .number = number, .name = job.name};
	enum ipp_sent sent;

	result->outcome = DRIVER_FAILED;
	result->code = "internal";
	follow.deadline = driver_process_now_ms() + driver->options.deadline_s * 1000;
	follow.count.kept = driver->printer.counts;
	follow.count.before = follow.count.now = driver->printer.impressions;
	follow.boot = driver->printer.boot;
	ipp_link_deadline(driver->link, follow.deadline);
	if (print_set_job(&job, driver, driver->nonce, number) == 0)
		result->code = left_alone(driver);
	if (!result->code)
		result->code = ipp_job_create(&follow.id, driver->link, &job);
	if (result->code) {
		print_unload(driver);
		return;
	}
	driver_loop_started(driver->loop, number);
	print_tell(driver, "busy", NULL);
	sent = send_label(&result->code, driver, follow.id);
	print_unload(driver);
	if (sent == IPP_SENT_ALL)
		follow_job(result, &follow);
	else if (sent == IPP_SENT_SOME)
		result->outcome = broken_off(&follow);
	else
		ipp_job_cancel(driver->link, follow.id);
}
