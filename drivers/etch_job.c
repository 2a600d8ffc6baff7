/* SPDX-License-Identifier: MIT */
/* A job's life around its start: memory, rendering, erasing. */
#include "config.h"
#include "drivers/driver_process.h"
#include "drivers/etch_step.h"
#include "proto/secret.h"

#include <string.h>

enum { TIDY_FIRST_MS = 500, TIDY_LAST_MS = 8000 };

int
etch_job_init(struct etch_job *job, struct etch_device *device)
{
	size_t room = 2u * device->profile->limits.job_registers;

	memset(job, 0, sizeof *job);
	job->device = device;
	job->residue = device->profile->limits.job_registers;
	job->tidying = (struct backoff){.first = TIDY_FIRST_MS, .last = TIDY_LAST_MS};
	job->data = secret_new(room);
	job->readback = secret_new(room);
	job->text = secret_new(STROKE_LINES_MAX * STROKE_LINE_MAX);
	if (job->data && job->readback && job->text)
		return 0;
	etch_job_done(job);
	return KE_NO_MEMORY;
}

void
etch_job_done(struct etch_job *job)
{
	secret_free(job->data);
	secret_free(job->readback);
	secret_free(job->text);
	memset(job, 0, sizeof *job);
}

int
etch_job_nonce(unsigned char out[ETCH_NONCE_LEN], const char *hex)
{
	for (unsigned i = 0; i < 2 * ETCH_NONCE_LEN; i++) {
		unsigned char c = (unsigned char)hex[i];
		int digit = c >= '0' && c <= '9'   ? c - '0'
			    : c >= 'a' && c <= 'f' ? c - 'a' + 10
			    : c >= 'A' && c <= 'F' ? c - 'A' + 10
						   : -1;

		if (digit < 0)
			return KE_BAD_ARGUMENT;
		out[i / 2] =
			(unsigned char)(i % 2 == 0 ? digit << 4 : out[i / 2] | digit);
	}
	return hex[2 * ETCH_NONCE_LEN] == '\0' ? 0 : KE_BAD_ARGUMENT;
}

/* Writes zeros over a group of host items and reads them back. */
static int
zero_group(struct etch_device *device, enum etch_item first, enum etch_item last)
{
	const struct etch_span span = etch_profile_span(device->profile, first, last);
	uint16_t *registers = device->image.holding + span.address;
	unsigned bits = 0;
	int rc;

	for (int i = first; i <= (int)last; i++)
		etch_image_clear(&device->image, device->profile, i);
	rc = etch_device_write(device, &span);
	if (rc == 0)
		rc = etch_device_read(device, &span);
	for (unsigned i = 0; rc == 0 && i < span.count; i++)
		bits |= registers[i];
	return rc == 0 && bits ? KE_READBACK : rc;
}

int
etch_job_window(struct etch_device *device, uint16_t offset, uint32_t id)
{
	const struct etch_span span =
		etch_profile_span(device->profile, ETCH_READBACK_JOB, ETCH_READBACK_DATA);
	int64_t limit = driver_process_now_ms() + device->profile->timing.mirror_limit;
	int rc = etch_device_set(device, ETCH_READBACK_OFFSET, offset);

	while (rc == 0) {
		rc = etch_device_read(device, &span);
		if (rc == 0 && etch_device_get(device, ETCH_READBACK_AT) == offset &&
			etch_device_get(device, ETCH_READBACK_JOB) == id)
			return 0;
		if (rc == 0 && driver_process_now_ms() > limit)
			rc = KE_READBACK;
		if (rc == 0)
			rc = etch_device_poll_when_due(device);
	}
	return rc;
}

/* Whether the window that was read last holds zeros only. */
static bool
window_is_zero(const struct etch_device *device)
{
	const struct etch_place *place = &device->profile->places[ETCH_READBACK_DATA];
	const uint16_t *table =
		place->table == ETCH_INPUT ? device->image.input : device->image.holding;
	unsigned bits = 0;

	for (unsigned i = 0; i < place->count; i++)
		bits |= table[place->address + i];
	return bits == 0;
}

/* Reads the job buffer's first registers as zeros. */
static int
buffer_is_zero(struct etch_device *device, uint32_t registers)
{
	const struct etch_limits *limits = &device->profile->limits;
	int rc = 0;

	for (uint32_t at = 0; rc == 0 && at < registers;
		at += limits->readback_registers) {
		rc = etch_job_window(device, (uint16_t)at, 0);
		if (rc == 0 && !window_is_zero(device))
			rc = KE_READBACK;
		if (rc == 0)
			rc = etch_device_poll_when_due(device);
	}
	return rc;
}

/* What is loaded goes, and is seen to be gone. */
static int
erase(struct etch_job *job)
{
	struct etch_device *device = job->device;
	int reason = 0, rc;

	rc = zero_group(device, ETCH_JOB_ID, ETCH_JOB_LENGTH);
	if (rc == 0)
		rc = zero_group(device, ETCH_CHUNK_JOB, ETCH_CHUNK_DATA);
	if (rc == 0)
		rc = etch_device_command(
			&reason, device, ETCH_ERASE, device->profile->timing.erase_limit);
	if (rc == 0 &&
		(reason != ETCH_REASON_NONE || !etch_device_get(device, ETCH_ERASED)))
		rc = KE_DEVICE;
	if (rc == 0)
		rc = buffer_is_zero(device, job->residue);
	return rc;
}

int
etch_job_erase(struct etch_job *job)
{
	int rc = erase(job);

	if (rc == 0) {
		job->residue = 0;
		job->dirty = false;
		backoff_reset(&job->tidying);
	}
	/* What cannot be asked may have erased it by itself, and is asked again. */
	job->device->keeps = rc != 0 && job->device->online;
	return rc;
}

int
etch_job_tidy(struct etch_job *job)
{
	struct etch_device *device = job->device;
	int64_t now = driver_process_now_ms();
	int rc;

	if (!device->online)
		return 0;
	if (!job->dirty && etch_device_get(device, ETCH_ERASED)) {
		device->keeps = false;
		return 0;
	}
	if (job->loaded || etch_device_get(device, ETCH_BUSY) || now < job->tidy_at)
		return 0;
	job->dirty = true;
	rc = etch_job_erase(job);
	if (rc != 0)
		job->tidy_at = now + backoff_wait(&job->tidying, backoff_noise());
	return device->online ? 0 : rc;
}

void
etch_job_wipe(struct etch_job *job)
{
	struct etch_device *device = job->device;

	secret_clear(job->data);
	secret_clear(job->readback);
	secret_clear(job->text);
	etch_image_clear(&device->image, device->profile, ETCH_CHUNK_DATA);
	etch_image_clear(&device->image, device->profile, ETCH_READBACK_DATA);
	etch_link_scrub();
}

void
etch_job_unload(struct etch_job *job)
{
	/* Where it fails the job stays dirty, for etch_job_tidy(). */
	if (job->dirty && job->device->online && etch_job_erase(job) != 0)
		job->tidy_at = driver_process_now_ms();
	etch_job_wipe(job);
	memset(job->code, 0, sizeof job->code);
	job->loaded = false;
}
