/* SPDX-License-Identifier: MIT */
/*
 * One job on an etcher: rendered, loaded, read back, started once, followed to its end,
 * erased.  Codes are the words of driver lines (etch-modbus(8)).
 */
#ifndef KEYLINE_DRIVERS_ETCH_JOB_H
#define KEYLINE_DRIVERS_ETCH_JOB_H

#include "drivers/driver_loop.h"
#include "drivers/etch_device.h"
#include "drivers/stroke.h"

/* What became of a start, step by step; for status lines and the caller's pump. */
struct etch_watch {
	void *context;
	/* Called between polls with how long to wait; false: nobody listens any more. */
	bool (*wait)(void *context, int timeout_ms);
	void (*started)(void *context);
	void (*progress)(void *context, uint32_t done, uint32_t total);
};

struct etch_job {
	struct etch_device *device;
	struct secret *data;     /* records as they were sent */
	struct secret *readback; /* as they were read */
	struct secret *text;     /* what the read ones say */
	struct stroke_layout layout;
	size_t passphrase_len; /* within text */
	uint32_t id;
	unsigned char nonce[ETCH_NONCE_LEN];
	unsigned char code[ETCH_CODE_LEN];
	uint32_t counter; /* at ready */
	bool loaded;      /* ready was told */
	uint32_t total;   /* records */
	bool dirty;       /* the device holds data of ours */
	uint32_t residue; /* registers of the device's buffer that may not be zero */
	struct backoff tidying;
	int64_t tidy_at; /* not before: the next try to erase what it kept */
};

/* Returns 0 or KE_NO_MEMORY; device is borrowed. */
KEYLINE_WARN_UNUSED int etch_job_init(struct etch_job *job, struct etch_device *device);
void etch_job_done(struct etch_job *job);

/*
 * Loads and reads back.  NULL and *ready, or the code of a refusal; the device holds
 * nothing then, as far as it answers.
 */
const char *etch_job_load(struct etch_job *job, struct driver_ready *ready, uint32_t id,
	const struct driver_load *load);

/*
 * A person has said so: acknowledges a latched fault whose cause is gone; the device's
 * state tells whether it went.  Never with a job loaded.  Returns 0 or what a poll says.
 */
KEYLINE_WARN_UNUSED int etch_job_acknowledge(struct etch_job *job);

/* Makes the device forget the job: zeros in its buffers, read back. */
KEYLINE_WARN_UNUSED int etch_job_erase(struct etch_job *job);

/*
 * Between jobs: erases what the device still holds, of ours or of a process before us, and
 * again until it is gone; device->keeps says that it is not.  Returns 0, or what says that
 * the link failed.
 */
KEYLINE_WARN_UNUSED int etch_job_tidy(struct etch_job *job);

/* Erases as far as possible and wipes our own copies. */
void etch_job_unload(struct etch_job *job);

/* Starts the loaded job, once, and follows it. */
void etch_job_start(struct driver_result *result, struct etch_job *job,
	const struct etch_watch *watch);

/* A job of an earlier process, with counter and boot id as they were at its ready. */
struct etch_asked {
	uint32_t id;
	unsigned char nonce[ETCH_NONCE_LEN];
	uint32_t counter;
	uint64_t boot; /* 0: not known */
};

/*
 * What became of it.  `never' is said by the boot alone that was ready for it: what a
 * controller says of earlier ones is what its retentive memory had kept, which may have
 * been put back.
 */
void etch_job_query(struct driver_result *result, struct etch_job *job,
	const struct etch_asked *asked, const struct etch_watch *watch);

/* Reads 16 hexadecimal digits.  Returns 0 or KE_BAD_ARGUMENT. */
KEYLINE_WARN_UNUSED int etch_job_nonce(
	unsigned char out[ETCH_NONCE_LEN], const char *hex);

#endif
