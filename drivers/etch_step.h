/* SPDX-License-Identifier: MIT */
/* What the files of etch_job.h share; for them alone. */
#ifndef KEYLINE_DRIVERS_ETCH_STEP_H
#define KEYLINE_DRIVERS_ETCH_STEP_H

#include "drivers/etch_job.h"

/* Asks for the read-back window at offset and reads it; the window must be job id's. */
KEYLINE_WARN_UNUSED int etch_job_window(
	struct etch_device *device, uint16_t offset, uint32_t id);

/* Wipes our own copies of the job: once it is in the device nothing needs them. */
void etch_job_wipe(struct etch_job *job);

/* Whether the device started the job last, by its retentive record. */
bool etch_job_is_started(const struct etch_device *device, uint32_t id,
	const unsigned char nonce[ETCH_NONCE_LEN]);

/* Follows the job that was started to its end.  mirrored: its edge was taken before. */
void etch_job_follow(struct driver_result *result, struct etch_job *job,
	const struct etch_watch *watch, bool mirrored);

/* After a start that did not end well: stops a mark, drops a job, so that nothing goes
 * on or begins later. */
void etch_job_make_safe(struct etch_job *job);

#endif
