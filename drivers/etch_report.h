/* SPDX-License-Identifier: MIT */
/* Status lines of an etcher: what it is in, what is missing, how the link does. */
#ifndef KEYLINE_DRIVERS_ETCH_REPORT_H
#define KEYLINE_DRIVERS_ETCH_REPORT_H

#include "drivers/driver_io.h"
#include "drivers/etch_device.h"

/* What was told last. */
struct etch_report {
	const char *state;
	const char *code;
	uint32_t counter;
	unsigned interlocks;
	/* the fault of code is kept only because nobody has acknowledged it */
	bool is_latched;
	int64_t told_at;
};

/*
 * Writes a status line when something else than numbers of the link has changed since
 * the last one, or when that is some seconds old.  rc: what the last poll returned.
 * Returns 0 or KE_IO.
 */
KEYLINE_WARN_UNUSED int etch_report_tell(struct etch_report *report, struct driver_io *io,
	const struct etch_device *device, int rc);

#endif
