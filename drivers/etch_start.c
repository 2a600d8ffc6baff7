/* SPDX-License-Identifier: MIT */
/* The start, which is given once, and what becomes of it. */
#include "config.h"
#include "drivers/driver_process.h"
#include "drivers/etch_step.h"

#include <string.h>

enum { POLL_MS = 50, PROGRESS_MS = 250 };

static bool
failed(struct driver_result *result, const char *code)
{
	*result = (struct driver_result){DRIVER_FAILED, 0, code};
	return true;
}

static bool
doubt(struct driver_result *result, const char *code)
{
	*result = (struct driver_result){DRIVER_DOUBT, 0, code};
	return true;
}

bool
etch_job_is_started(const struct etch_device *device, uint32_t id,
	const unsigned char nonce[ETCH_NONCE_LEN])
{
	unsigned char last[ETCH_NONCE_LEN];

	etch_device_get_bytes(last, sizeof last, device, ETCH_LAST_STARTED_NONCE);
	return etch_device_get(device, ETCH_LAST_STARTED_JOB) == id &&
	       memcmp(last, nonce, sizeof last) == 0;
}

/* Whether the device is still as it was at ready; NULL or the code why not. */
static const char *
verify(struct etch_job *job)
{
	struct etch_device *device = job->device;
	unsigned char published[ETCH_CODE_LEN];
	int rc = device->online ? etch_device_verify(device) : device->offline_code;

	if (rc == 0)
		rc = etch_device_check_alone(device);
	if (rc == 0)
		rc = etch_device_poll(device);
	if (rc != 0)
		return etch_device_word(rc);
	etch_device_get_bytes(published, sizeof published, device, ETCH_CODE);
	if (!etch_device_get(device, ETCH_LOADED) ||
		etch_device_get(device, ETCH_LOADED_JOB) != job->id)
		return etch_reason_name(ETCH_REASON_NOT_LOADED);
	if (memcmp(published, job->code, sizeof published) != 0)
		return "code-mismatch";
	if (etch_device_get(device, ETCH_MARKED_COUNTER) != job->counter)
		return "counter";
	/* Closed again, but what was scanned may no longer be what stands there. */
	if (device->disturbed)
		return device->disturbed;
	return etch_device_interlock(device);
}

/* Arms for one start and writes the token.  NULL or the code why not. */
static const char *
arm(struct etch_job *job)
{
	struct etch_device *device = job->device;
	uint32_t token;
	int reason = 0;
	int rc = etch_device_put(device, ETCH_COMMAND_JOB, job->id);

	if (rc == 0)
		rc = etch_device_command(
			&reason, device, ETCH_ARM, device->profile->timing.mirror_limit);
	if (rc == 0 && reason != ETCH_REASON_NONE)
		return etch_device_reason_word(reason);
	token = etch_device_get(device, ETCH_ARM_TOKEN);
	if (rc == 0 && token == 0)
		return etch_reason_name(ETCH_REASON_NOT_ARMED);
	if (rc == 0)
		rc = etch_device_put(device, ETCH_START_TOKEN, token);
	if (rc == 0)
		rc = etch_device_poll(device);
	if (rc != 0)
		return etch_device_word(rc);
	if (!etch_device_get(device, ETCH_ARMED) ||
		etch_device_get(device, ETCH_ARM_TOKEN) != token)
		return etch_reason_name(ETCH_REASON_NOT_ARMED);
	return NULL;
}

/* Following a job: what was seen of it, and until when to wait for what. */
struct follow {
	struct etch_job *job;
	const struct etch_watch *watch;
	bool listened;  /* somebody still reads our lines */
	bool mirrored;  /* the device took the edge and accepted it */
	bool announced; /* `started` was told */
	int64_t mirror_limit, busy_limit, link_limit;
	int64_t ended_at; /* when busy was first seen gone without done; 0: never */
	int64_t progress_at;
	uint32_t progress;
};

/* The device refused the start: certain only when nothing else says otherwise. */
static bool
refused(struct driver_result *result, struct follow *f, int reason)
{
	struct etch_job *job = f->job;
	struct etch_device *device = job->device;

	if (etch_device_drop(device, ETCH_START) == 0 && etch_device_poll(device) == 0 &&
		!etch_device_get(device, ETCH_BUSY) &&
		!etch_device_get(device, ETCH_DONE) &&
		!etch_job_is_started(device, job->id, job->nonce) &&
		etch_device_get(device, ETCH_MARKED_COUNTER) == job->counter)
		return failed(result, etch_device_reason_word(reason));
	return doubt(result, "refused-yet-started");
}

/* Looks at the mirror until it has been seen.  True: the job is over. */
static bool
judge_mirror(struct driver_result *result, struct follow *f, bool started)
{
	struct etch_device *device = f->job->device;
	int reason;

	if (f->mirrored)
		return false;
	if (!etch_device_get(device, ETCH_MIRROR_START)) {
		if (!started && driver_process_now_ms() > f->mirror_limit)
			return doubt(result, "no-mirror");
		return false;
	}
	reason = etch_profile_reason(
		device->profile, (uint16_t)etch_device_get(device, ETCH_RESULT));
	if (reason != ETCH_REASON_NONE)
		return refused(result, f, reason);
	f->mirrored = true;
	/* When this fails the next poll fails as well. */
	(void)!etch_device_drop(device, ETCH_START);
	return false;
}

static void
tell(struct follow *f)
{
	struct etch_device *device = f->job->device;
	uint32_t progress = etch_device_get(device, ETCH_PROGRESS);
	int64_t now = driver_process_now_ms();

	if (!f->listened)
		return;
	if (!f->announced)
		f->watch->started(f->watch->context);
	f->announced = true;
	if (progress == f->progress || now - f->progress_at < PROGRESS_MS)
		return;
	f->progress = progress;
	f->progress_at = now;
	f->watch->progress(f->watch->context, progress, f->job->total);
}

/* Marked, exactly once, and it was ours; said by the device that was started. */
static bool
judge_done(struct driver_result *result, const struct etch_job *job)
{
	uint32_t counter = etch_device_get(job->device, ETCH_MARKED_COUNTER);
	uint32_t marked = etch_device_get(job->device, ETCH_LAST_MARKED_JOB);
	int rc;

	/* In more bits than it has: a counter at its end grows no more. */
	if (counter != (uint64_t)job->counter + 1)
		return doubt(result, "counter");
	if (marked != job->id)
		return doubt(result, etch_reason_name(ETCH_REASON_WRONG_JOB));
	rc = etch_device_verify(job->device);
	if (rc == KE_WRONG_DEVICE || rc == KE_DEVICE_RESET)
		return doubt(result, etch_device_word(rc));
	*result = (struct driver_result){DRIVER_DONE, counter, NULL};
	return true;
}

/* Judges a fresh status.  True: the job is over. */
static bool
judge(struct driver_result *result, struct follow *f)
{
	struct etch_job *job = f->job;
	struct etch_device *device = job->device;
	bool started = etch_job_is_started(device, job->id, job->nonce);
	int64_t now = driver_process_now_ms();

	if (judge_mirror(result, f, started))
		return true;
	if (!started) {
		/* Accepted, but nothing came of it in time. */
		if (f->mirrored && now > f->mirror_limit)
			return doubt(result, "not-started");
		return false;
	}
	tell(f);
	if (etch_device_get(device, ETCH_BUSY))
		return now > f->busy_limit && doubt(result, "busy-limit");
	if (etch_device_get(device, ETCH_FAULT))
		return doubt(result,
			etch_device_reason_word(etch_profile_reason(device->profile,
				(uint16_t)etch_device_get(device, ETCH_FAULT_CODE))));
	if (etch_device_get(device, ETCH_DONE))
		return judge_done(result, job);
	if (f->ended_at == 0)
		f->ended_at = now;
	return now - f->ended_at > device->profile->timing.mirror_limit &&
	       doubt(result, "no-done");
}

/* One fresh status, over a new connection if need be.  True: the job is over. */
static bool
look(struct driver_result *result, struct follow *f)
{
	struct etch_device *device = f->job->device;
	int64_t now = driver_process_now_ms();
	uint32_t boot_id = device->boot_id;
	int rc = device->online ? etch_device_poll(device)
				: etch_device_connect_when_due(device);

	if (rc == 0 && device->boot_id != boot_id)
		rc = KE_DEVICE_RESET;
	if (rc == 0) {
		f->link_limit = now + 3 * (int64_t)device->profile->timing.host_timeout;
		return judge(result, f);
	}
	if (rc == KE_DEVICE_RESET || rc == KE_WRONG_DEVICE)
		return doubt(result, etch_device_word(rc));
	return now > f->link_limit && doubt(result, etch_device_word(rc));
}

void
etch_job_follow(struct driver_result *result, struct etch_job *job,
	const struct etch_watch *watch, bool mirrored)
{
	const struct etch_timing *t = &job->device->profile->timing;
	int64_t now = driver_process_now_ms();
	struct follow f = {.job = job,
		.watch = watch,
		.listened = true,
		.mirrored = mirrored,
		.mirror_limit = now + t->mirror_limit + 2 * (int64_t)t->late_window,
		.busy_limit = now + t->busy_limit,
		.link_limit = now + 3 * (int64_t)t->host_timeout};

	while (!look(result, &f)) {
		/* A mark that has begun is brought to its end even when nobody listens:
		   half a mark would be worse, and the daemon will ask. */
		if (f.listened)
			f.listened = watch->wait(watch->context, POLL_MS);
		else
			driver_process_sleep_ms(POLL_MS);
		if (job->device->is_lost)
			break;
	}
	if (!f.listened)
		result->outcome = DRIVER_LEAVE;
}

void
etch_job_make_safe(struct etch_job *job)
{
	struct etch_device *device = job->device;
	int reason = 0;

	if (!device->online)
		return;
	if (etch_device_drop(device, ETCH_START) != 0)
		return;
	if (etch_device_put(device, ETCH_COMMAND_JOB, 0) != 0)
		return;
	(void)!etch_device_command(
		&reason, device, ETCH_CANCEL, device->profile->timing.mirror_limit);
}

void
etch_job_start(struct driver_result *result, struct etch_job *job,
	const struct etch_watch *watch)
{
	const char *code = job->loaded ? verify(job) : "not-loaded";

	if (!code)
		code = arm(job);
	/* A `start' that lay in the pipe while its daemon died is nobody's any more: the
	   next one may be asking already, and take `never' for the last word. */
	if (!code && !watch->wait(watch->context, 0))
		code = "cancelled";
	if (code) {
		failed(result, code);
	} else {
		/* Whatever this returns: the device tells what became of it. */
		(void)!etch_device_start_edge(job->device);
		etch_job_follow(result, job, watch, false);
	}
	if (result->outcome != DRIVER_DONE)
		etch_job_make_safe(job);
	else if (job->device->online)
		(void)!etch_device_drop(job->device, ETCH_START);
	etch_job_unload(job);
}
