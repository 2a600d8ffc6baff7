/* SPDX-License-Identifier: MIT */
/* Loading: draw, send, read back, and read what was read back. */
#include "config.h"
#include "drivers/driver_process.h"
#include "drivers/etch_step.h"
#include "proto/etch_record.h"
#include "proto/secret_bytes.h"

#include <string.h>

enum { PAUSE_MS = 5, CHUNK_TRIES = 2 };

/* Lines and records of what is to be loaded, into job->data. */
static int
draw(struct etch_job *job, const struct driver_load *load)
{
	const struct etch_profile *p = job->device->profile;
	struct stroke_plate plate;
	int rc = 0;

	if (load->kind == DRIVER_LOAD_SETUP)
		stroke_plate_setup(&plate, load->test);
	else
		rc = stroke_plate_wallet(
			&plate, &p->field, load->text, load->serial, load->test);
	job->passphrase_len = load->text ? strlen(load->text) : 0;
	if (rc == 0)
		rc = stroke_layout(&job->layout, &p->field, &plate);
	if (rc == 0)
		rc = stroke_draw(job->data, &job->layout, &plate, p);
	if (rc == 0)
		job->total =
			(uint32_t)(secret_len(job->data) - ETCH_RECORD_HEADER_BYTES) /
			ETCH_RECORD_BYTES;
	return rc;
}

/* What a command answers as a code: NULL when it was accepted. */
static const char *
command(struct etch_job *job, enum etch_item item)
{
	int reason = 0;
	int rc = etch_device_command(
		&reason, job->device, item, job->device->profile->timing.mirror_limit);

	if (rc != 0)
		return etch_device_word(rc);
	return reason == ETCH_REASON_NONE ? NULL : etch_device_reason_word(reason);
}

/* Why a mark could not start; a laser that is about to be enabled is waited for. */
static const char *
interlock(struct etch_job *job)
{
	struct etch_device *device = job->device;
	int64_t limit = driver_process_now_ms() + device->profile->timing.mirror_limit;
	const char *code;

	for (;;) {
		int rc = etch_device_poll(device);

		if (rc != 0)
			return etch_device_word(rc);
		code = etch_device_interlock(device);
		if (!code || strcmp(code, etch_reason_name(ETCH_REASON_LASER_OFF)) != 0 ||
			driver_process_now_ms() > limit)
			return code;
		driver_process_sleep_ms(PAUSE_MS);
	}
}

int
etch_job_acknowledge(struct etch_job *job)
{
	int rc = etch_device_poll(job->device);

	/* Whether it was taken shows in the fault, by the poll that follows. */
	if (rc == 0 && etch_device_fault_is_over(job->device))
		(void)command(job, ETCH_ACK_FAULT);
	return rc == 0 ? etch_device_poll(job->device) : rc;
}

/* Brings the device to idle with an empty buffer. */
static const char *
prepare(struct etch_job *job)
{
	struct etch_device *device = job->device;
	const char *code;
	int rc = etch_device_poll(device);

	if (rc != 0)
		return etch_device_word(rc);
	if (etch_device_get(device, ETCH_BUSY))
		return etch_reason_name(ETCH_REASON_BUSY);
	/* A latched fault waits for a person: etch_job_acknowledge().  And no passphrase
	 * goes to a machine that could not mark it. */
	code = etch_device_fault(device);
	if (!code)
		code = interlock(job);
	/* It would go on at 0, which is also what a counter that was lost begins with. */
	if (!code && etch_device_get(device, ETCH_MARKED_COUNTER) == UINT32_MAX)
		code = "counter-end";
	if (code)
		return code;
	if (job->residue || !etch_device_get(device, ETCH_ERASED) ||
		!etch_device_get(device, ETCH_READY))
		rc = etch_job_erase(job);
	return rc == 0 ? NULL : etch_device_word(rc);
}

/* Announces the job and opens the buffer for it. */
static const char *
begin(struct etch_job *job)
{
	struct etch_device *device = job->device;
	const struct etch_span span =
		etch_profile_span(device->profile, ETCH_JOB_ID, ETCH_JOB_LENGTH);
	uint32_t length = (uint32_t)secret_len(job->data) / 2;
	unsigned char nonce[ETCH_NONCE_LEN];
	const char *code;
	int rc;

	if (length > job->residue)
		job->residue = length;
	job->dirty = true;
	etch_image_put(&device->image, device->profile, ETCH_JOB_ID, job->id);
	etch_image_put_bytes(&device->image, device->profile, ETCH_JOB_NONCE, job->nonce,
		sizeof job->nonce);
	etch_image_put(&device->image, device->profile, ETCH_JOB_LENGTH, length);
	rc = etch_device_write(device, &span);
	if (rc == 0)
		rc = etch_device_read(device, &span);
	etch_device_get_bytes(nonce, sizeof nonce, device, ETCH_JOB_NONCE);
	if (rc == 0 && (etch_device_get(device, ETCH_JOB_ID) != job->id ||
			       memcmp(nonce, job->nonce, sizeof nonce) != 0 ||
			       etch_device_get(device, ETCH_JOB_LENGTH) != length))
		rc = KE_READBACK;
	if (rc != 0)
		return etch_device_word(rc);
	code = command(job, ETCH_LOAD_BEGIN);
	if (!code && (etch_device_get(device, ETCH_LOADED_JOB) != job->id ||
			     !etch_device_get(device, ETCH_LOADING)))
		code = "not-loading";
	return code;
}

/* Polls until the chunk was taken.  Returns 0 or KE_TIMEOUT or what a poll says. */
static int
wait_taken(struct etch_device *device, uint32_t sequence, uint32_t registers)
{
	int64_t limit = driver_process_now_ms() + device->profile->timing.mirror_limit;

	for (;;) {
		int rc = etch_device_poll(device);

		if (rc != 0)
			return rc;
		if (etch_device_get(device, ETCH_ACCEPTED_SEQUENCE) == sequence &&
			etch_device_get(device, ETCH_ACCEPTED_REGISTERS) == registers)
			return 0;
		/* The device drops a job when it misses our heartbeat. */
		if (!etch_device_get(device, ETCH_LOADING))
			return KE_DEVICE;
		if (driver_process_now_ms() > limit)
			return KE_TIMEOUT;
		driver_process_sleep_ms(PAUSE_MS);
	}
}

/* Sends bytes [at, at + 2 * registers) as chunk number sequence. */
static int
send_chunk(struct etch_job *job, uint32_t sequence, size_t at, uint16_t registers)
{
	struct etch_device *device = job->device;
	const struct etch_profile *p = device->profile;
	struct etch_span span = etch_profile_span(p, ETCH_CHUNK_JOB, ETCH_CHUNK_DATA);
	int rc = KE_TIMEOUT;

	/* The data lie last, so a short chunk is a short write. */
	span.count = (uint16_t)(span.count - p->limits.chunk_registers + registers);
	for (int i = 0; i < CHUNK_TRIES && rc == KE_TIMEOUT; i++) {
		etch_image_put(&device->image, p, ETCH_CHUNK_JOB, job->id);
		etch_image_put(&device->image, p, ETCH_CHUNK_SEQUENCE, sequence);
		etch_image_put(&device->image, p, ETCH_CHUNK_COUNT, registers);
		etch_image_put_bytes(&device->image, p, ETCH_CHUNK_DATA,
			secret_view(job->data) + at, 2u * registers);
		rc = etch_device_write(device, &span);
		if (rc == 0)
			rc = wait_taken(device, sequence, (uint32_t)(at / 2 + registers));
	}
	return rc;
}

static int
send(struct etch_job *job)
{
	size_t len = secret_len(job->data);
	size_t chunk = 2u * job->device->profile->limits.chunk_registers;
	uint32_t sequence = 1;
	int rc = 0;

	for (size_t at = 0; rc == 0 && at < len; at += chunk) {
		size_t bytes = len - at < chunk ? len - at : chunk;

		rc = send_chunk(job, sequence++, at, (uint16_t)(bytes / 2));
	}
	return rc;
}

/* Reads the job buffer into job->readback. */
static int
read_back(struct etch_job *job)
{
	struct etch_device *device = job->device;
	uint32_t length = (uint32_t)secret_len(job->data) / 2;
	uint32_t window = device->profile->limits.readback_registers;
	int rc = 0;

	secret_clear(job->readback);
	for (uint32_t at = 0; rc == 0 && at < length; at += window) {
		uint32_t count = length - at < window ? length - at : window;

		rc = etch_job_window(device, (uint16_t)at, job->id);
		if (rc == 0 && etch_device_get(device, ETCH_READBACK_COUNT) < count)
			rc = KE_READBACK;
		if (rc == 0) {
			etch_device_get_bytes(secret_bytes(job->readback) + 2 * at,
				2 * count, device, ETCH_READBACK_DATA);
			rc = secret_set_len(job->readback, 2 * (at + count));
		}
		if (rc == 0)
			rc = etch_device_poll_when_due(device);
	}
	return rc;
}

/* Compares what is in the device with what was sent. */
static const char *
compare(struct etch_job *job)
{
	struct etch_device *device = job->device;
	unsigned char published[ETCH_CODE_LEN];
	int rc = read_back(job);

	if (rc == 0 && !secret_equal(job->data, job->readback))
		rc = KE_READBACK;
	if (rc == 0)
		rc = etch_code(job->code, job->id, job->nonce, secret_view(job->readback),
			secret_len(job->readback));
	if (rc == 0)
		rc = etch_device_poll(device);
	if (rc != 0)
		return etch_device_word(rc);
	if (!etch_device_get(device, ETCH_LOADED) ||
		etch_device_get(device, ETCH_LOADED_JOB) != job->id)
		return etch_reason_name(ETCH_REASON_NOT_LOADED);
	etch_device_get_bytes(published, sizeof published, device, ETCH_CODE);
	if (memcmp(published, job->code, sizeof published) != 0)
		return "code-mismatch";
	return NULL;
}

/* The digest over what the records that were read back say. */
static int
digest(struct etch_job *job, unsigned char out[LINE_DIGEST_LEN],
	const struct driver_load *load)
{
	struct line_digest_value values[LINE_DIGEST_KEYS] = {{NULL, 0}};
	const unsigned char *text;
	size_t len, serial_len = load->serial ? strlen(load->serial) : 0;
	bool test;
	int rc =
		stroke_read(job->text, &job->layout, job->readback, job->device->profile);

	if (rc != 0)
		return rc;
	text = secret_view(job->text);
	len = secret_len(job->text);
	test = len >= 4 && memcmp(text + len - 4, "TEST", 4) == 0 &&
	       (load->kind == DRIVER_LOAD_SETUP ||
		       len > job->passphrase_len + serial_len);
	values[LINE_DIGEST_KIND] = load->kind == DRIVER_LOAD_SETUP
					   ? (struct line_digest_value){"setup", 5}
					   : (struct line_digest_value){"plate", 5};
	if (load->kind != DRIVER_LOAD_SETUP) {
		values[LINE_DIGEST_TEXT] =
			(struct line_digest_value){text, job->passphrase_len};
		values[LINE_DIGEST_SERIAL] = (struct line_digest_value){
			text + job->passphrase_len, serial_len};
	}
	/* The bytes of the nonce were read back; their spelling is the daemon's. */
	values[LINE_DIGEST_NONCE] =
		(struct line_digest_value){load->nonce, strlen(load->nonce)};
	values[LINE_DIGEST_TEST] = (struct line_digest_value){test ? "1" : "0", 1};
	return line_digest_values(out, values);
}

static const char *
load_all(struct etch_job *job, struct driver_ready *ready, const struct driver_load *load)
{
	const char *code;
	int rc;

	etch_device_watch(job->device);
	code = prepare(job);
	if (!code)
		code = begin(job);
	if (code)
		return code;
	rc = send(job);
	if (rc != 0)
		return etch_device_word(rc);
	code = command(job, ETCH_LOAD_COMMIT);
	if (!code)
		code = compare(job);
	if (!code)
		code = interlock(job);
	if (!code)
		code = job->device->disturbed;
	if (code)
		return code;
	rc = digest(job, ready->digest, load);
	job->counter = etch_device_get(job->device, ETCH_MARKED_COUNTER);
	ready->counter = job->counter;
	ready->last_job = etch_device_get(job->device, ETCH_LAST_MARKED_JOB);
	ready->boot = job->device->boot_id;
	return rc == 0 ? NULL : etch_device_word(rc);
}

const char *
etch_job_load(struct etch_job *job, struct driver_ready *ready, uint32_t id,
	const struct driver_load *load)
{
	const char *code = NULL;
	int rc = etch_job_nonce(job->nonce, load->nonce);

	job->id = id;
	if (rc == 0)
		rc = draw(job, load);
	if (rc == 0 && !job->device->online)
		rc = job->device->offline_code;
	code = rc == 0 ? load_all(job, ready, load) : etch_device_word(rc);
	etch_job_wipe(job);
	if (code)
		etch_job_unload(job);
	else
		job->loaded = true;
	return code;
}
