/* SPDX-License-Identifier: MIT */
/* What became of a job of old. */
#include "drivers/print_inner.h"
#include "drivers/driver_process.h"
#include "drivers/ipp_reason.h"

#include <string.h>

/* Some printers count a while after they have forgotten a job; to wait costs nothing
 * here. */
enum { SETTLE_MS = 5000 };

static void
unknown(struct driver_result *result, const char *code)
{
	result->outcome = DRIVER_UNKNOWN;
	result->code = code;
}

/* A query, up to a final word or the deadline. */
struct query {
	struct print_driver *driver;
	struct ipp_job job;
	uint64_t counter, boot; /* at its ready */
	uint32_t start;         /* as it was told last; 0: not yet */
	int64_t heard; /* the last answer */
	int64_t ended; /* since when the job's state is final, or not known; 0: it is not
			*/
};

/* One look at what the printer remembers.  True when *result is final. */
static bool
query_once(struct driver_result *result, struct query *query)
{
	struct print_driver *driver = query->driver;
	struct ipp_job_memory memory;
	struct print_count count;
	int64_t now;
	const char *code;
	int rc = ipp_job_find(&memory, driver->link, query->job.name);

	code = rc == 0 ? print_look(driver) : ipp_reason_of_error(rc);
	now = driver_process_now_ms();
	if (code) {
		unknown(result, code);
		/* It may only be switched off and on. */
		return strcmp(code, "printer-missing") != 0 ||
		       now - query->heard >= PRINT_SILENCE_MS;
	}
	query->heard = now;
	/* The driver that made it is dead: what waits for that driver ends here. */
	if (memory.found && !memory.found_two && print_follow_is_orphan(&memory.state))
		ipp_job_cancel(driver->link, memory.state.id);
	if (memory.found && memory.state.state < IPP_JSTATE_CANCELED)
		query->ended = 0;
	else if (query->ended == 0)
		query->ended = now;
	count.kept = driver->printer.counts;
	count.before = query->counter;
	count.now = driver->printer.impressions;
	/* An answer that was slow tells none; there is another look in a moment. */
	if (driver->printer.boot)
		query->start = driver->printer.boot;
	count.same_start = ipp_printer_is_same_start(query->start, query->boot);
	unknown(result, "timeout");
	return print_follow_query(result, &memory, &count, driver->printer.busy,
		query->ended && now - query->ended >= SETTLE_MS);
}

void
print_query(struct driver_result *result, void *device, const struct driver_query *asked)
{
	struct query query = {
		.driver = device, .counter = asked->counter, .boot = asked->boot};
	struct print_driver *driver = device;
	int64_t deadline = driver_process_now_ms() + driver->options.deadline_s * 1000;

	unknown(result, "internal");
	ipp_link_deadline(driver->link, deadline);
	if (print_set_job(&query.job, driver, asked->nonce, asked->job) != 0)
		return;
	query.heard = driver_process_now_ms();
	/* A job may still be under way: its end is waited for. */
	while (!query_once(result, &query)) {
		if (driver_process_now_ms() >= deadline)
			return;
		if (!driver_loop_pump(driver->loop, PRINT_POLL_MS)) {
			result->outcome = DRIVER_LEAVE;
			return;
		}
	}
}
