/* SPDX-License-Identifier: MIT */
/* What the parts of print-ipp's driver share. */
#ifndef KEYLINE_DRIVERS_PRINT_INNER_H
#define KEYLINE_DRIVERS_PRINT_INNER_H

#include "drivers/ipp_job.h"
#include "drivers/print_driver.h"
#include "drivers/print_follow.h"

enum {
	PRINT_POLL_MS = 150, /* between two looks at a job */
	PRINT_SETTLE_MS =
		2000, /* for counts, after an end; for a printer, to give a job up */
	PRINT_SILENCE_MS = 5000 /* without an answer, before a job is in doubt */
};

struct print_driver {
	struct print_options options;
	struct driver_io *io;
	struct driver_loop *loop;
	struct ipp_link *link;
	struct ipp_printer printer; /* as it was seen last */
	struct label *label;        /* what is loaded, or NULL */
	char nonce[DRIVER_NONCE_HEX + 1]; /* of it */
	const char *state;          /* of the last status line */
	const char *code;
	unsigned in_vain; /* looks without an answer since the last one that had one */
};

/* Writes a status line when it differs from the last one. */
void print_tell(struct print_driver *driver, const char *state, const char *code);

/* A look at the printer.  NULL, or why it is not to be had. */
const char *print_look(struct print_driver *driver);
void print_tell_look(struct print_driver *driver, const char *missing, bool at_work);

/* The request of a job.  Returns as ipp_job_set_name(). */
KEYLINE_WARN_UNUSED int print_set_job(struct ipp_job *job,
	const struct print_driver *driver, const char *nonce, const char *number);

/* Of struct driver_ops. */
void print_unload(void *device);
void print_start(struct driver_result *result, void *device, const char *number);
void print_query(
	struct driver_result *result, void *device, const struct driver_query *asked);

#endif
