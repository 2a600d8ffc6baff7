/* SPDX-License-Identifier: MIT */
/* What etch_device.c and etch_connect.c share; for them alone. */
#ifndef KEYLINE_DRIVERS_ETCH_CONNECT_H
#define KEYLINE_DRIVERS_ETCH_CONNECT_H

#include "drivers/etch_device.h"

/* One request, never repeated. */
KEYLINE_WARN_UNUSED int etch_device_once(
	struct etch_device *device, const struct etch_span *span, bool write);

/* The status as it comes, perhaps stale; writes our next heartbeat. */
KEYLINE_WARN_UNUSED int etch_device_read_status(struct etch_device *device);
KEYLINE_WARN_UNUSED int etch_device_beat(struct etch_device *device);

/* The heartbeat in one request, never repeated. */
KEYLINE_WARN_UNUSED int etch_device_beat_once(struct etch_device *device);

/* Closes the link, sets the time of the next try.  Returns code. */
KEYLINE_WARN_UNUSED int etch_device_offline(struct etch_device *device, int code);

/* Whether the echo that was read last is of a heartbeat that is not ours. */
bool etch_device_is_foreign(const struct etch_device *device);

/*
 * After an error: silence, flush or a new connection, the identity once more, and, where
 * the device had heard our heart, a beat: it has waited for the late window already.
 * Returns 0 when the device is the same and did not boot, else it is offline.
 */
KEYLINE_WARN_UNUSED int etch_device_recover(struct etch_device *device);

#endif
