/* SPDX-License-Identifier: MIT */
/* What became of a job whose process is gone: the device is asked. */
#include "config.h"
#include "drivers/driver_process.h"
#include "drivers/etch_step.h"

#include <string.h>

enum { LINK_WAIT_MS = 10000, PAUSE_MS = 50 };

static void
unknown(struct driver_result *result, const char *code)
{
	*result = (struct driver_result){DRIVER_UNKNOWN, 0, code};
}

/* Waits for the link.  Returns 0, what failed last, or KE_IO when nobody listens. */
static int
wait_for_link(struct etch_device *device, const struct etch_watch *watch)
{
	int64_t limit = driver_process_now_ms() + LINK_WAIT_MS;

	for (;;) {
		int rc = etch_device_connect_when_due(device);

		if (rc == 0)
			rc = etch_device_poll(device);
		if (rc == 0)
			return 0;
		if (driver_process_now_ms() > limit)
			return device->online ? rc : device->offline_code;
		if (!watch->wait(watch->context, PAUSE_MS))
			return KE_IO;
	}
}

/* Drops whatever the device still has loaded, so that the answer stays true. */
static int
clear_device(struct etch_job *job)
{
	struct etch_device *device = job->device;
	int rc;

	job->dirty = true;
	etch_job_make_safe(job);
	rc = device->online ? etch_job_erase(job) : KE_LINK;
	if (rc == 0)
		rc = etch_device_poll(device);
	if (rc == 0 && (etch_device_get(device, ETCH_LOADED) ||
			       etch_device_get(device, ETCH_ARMED) ||
			       etch_device_get(device, ETCH_BUSY)))
		rc = KE_DEVICE;
	return rc;
}

/* Decides by counter and records of a device that marks nothing. */
static void
decide(struct driver_result *result, const struct etch_job *job, uint64_t boot)
{
	const struct etch_device *device = job->device;
	uint32_t counter = etch_device_get(device, ETCH_MARKED_COUNTER);
	bool marked = etch_device_get(device, ETCH_LAST_MARKED_JOB) == job->id;
	bool started = etch_job_is_started(device, job->id, job->nonce);

	if (started && marked && counter == (uint64_t)job->counter + 1)
		*result = (struct driver_result){DRIVER_DONE, counter, NULL};
	else if (started && !marked)
		unknown(result, "partial");
	else if (counter != job->counter || started)
		unknown(result, "counter");
	else if (marked || etch_device_get(device, ETCH_LAST_STARTED_JOB) == job->id)
		unknown(result, etch_reason_name(ETCH_REASON_WRONG_JOB));
	else if (boot != device->boot_id)
		unknown(result, etch_device_word(KE_DEVICE_RESET));
	else
		*result = (struct driver_result){DRIVER_NEVER, counter, NULL};
}

void
etch_job_query(struct driver_result *result, struct etch_job *job,
	const struct etch_asked *asked, const struct etch_watch *watch)
{
	struct etch_device *device = job->device;
	int rc = wait_for_link(device, watch);

	job->id = asked->id;
	job->counter = asked->counter;
	memcpy(job->nonce, asked->nonce, ETCH_NONCE_LEN);
	if (rc == KE_IO) {
		result->outcome = DRIVER_LEAVE;
		return;
	}
	if (rc == 0 && etch_device_get(device, ETCH_BUSY)) {
		if (!etch_job_is_started(device, asked->id, asked->nonce)) {
			unknown(result, etch_reason_name(ETCH_REASON_BUSY));
			return;
		}
		/* It is being marked right now: its end will tell. */
		etch_job_follow(result, job, watch, true);
		if (result->outcome == DRIVER_LEAVE)
			return;
	}
	if (rc == 0)
		rc = clear_device(job);
	if (rc == 0)
		decide(result, job, asked->boot);
	else
		unknown(result, etch_device_word(rc));
}
