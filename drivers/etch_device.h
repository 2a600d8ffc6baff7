/* SPDX-License-Identifier: MIT */
/*
 * The host's side of keyline-etch-profile(5) up to single commands: who the device is,
 * the boot handshake, heartbeats, fresh status, items written and read back.
 *
 * Functions return 0 or: KE_LINK (the link is down now), KE_WRONG_DEVICE,
 * KE_DEVICE_RESET (it booted since etch_device_connect()), KE_STALLED (it answers, but
 * its program does not, or another master beats), KE_TIMEOUT (a mirror or the like did
 * not come), KE_READBACK.
 * After KE_LINK, KE_WRONG_DEVICE and KE_DEVICE_RESET the device is offline until
 * etch_device_connect() succeeds.  Requests other than a start are repeated after a
 * single error; before that the late window has passed and the identity was verified.
 */
#ifndef KEYLINE_DRIVERS_ETCH_DEVICE_H
#define KEYLINE_DRIVERS_ETCH_DEVICE_H

#include "drivers/backoff.h"
#include "drivers/etch_link.h"
#include "drivers/etch_plan.h"
#include "proto/etch_image.h"

struct secret;

struct etch_device {
	const struct etch_profile *profile;
	struct etch_link *link;
	unsigned char serial[ETCH_SERIAL_MAX]; /* padded with NUL */
	/* The tables as they were read or will be written; registers in locked memory. */
	struct etch_image image;
	struct secret *holding_memory, *input_memory;
	struct etch_plan status;
	bool online;
	/* Another process must open the link: through this one nothing comes any more. */
	bool is_lost;
	int offline_code;   /* why, for status lines */
	uint32_t boot_id;   /* of the device as it was connected to */
	uint16_t heartbeat; /* ours, as written last */
	uint16_t echoed;    /* ours, as the device repeated it last; 0: not yet */
	int64_t beat_at;    /* when that was; 0: not yet on this connection */
	uint16_t device_heartbeat; /* its, as seen last */
	int64_t device_beat_at;
	int64_t retry_at;
	struct backoff backoff;
	/* It was told to erase a job, and did not. */
	bool keeps;
	/* Why what stands in the fixture may be another part than at etch_device_watch():
	 * the code of the interlock that was seen open, or of the link that was down. */
	const char *disturbed;
};

/*
 * serial: the configured device serial, at most ETCH_SERIAL_MAX characters.
 * Profile and link are borrowed.  Returns 0 or KE_NO_MEMORY.
 */
KEYLINE_WARN_UNUSED int etch_device_init(struct etch_device *device,
	const struct etch_profile *profile, struct etch_link *link, const char *serial);
void etch_device_done(struct etch_device *device);

/* Opens the link, verifies the identity, looks for another master's heartbeats before it
 * writes anything, does the boot handshake when the device waits for it, drops command
 * bits that were left set. */
KEYLINE_WARN_UNUSED int etch_device_connect(struct etch_device *device);

/* The same when the time of the next try has come; KE_LINK before. */
KEYLINE_WARN_UNUSED int etch_device_connect_when_due(struct etch_device *device);

/* Verifies once more that it is the same device and that it did not boot. */
KEYLINE_WARN_UNUSED int etch_device_verify(struct etch_device *device);

/* A heartbeat, and the status as the device has it after that. */
KEYLINE_WARN_UNUSED int etch_device_poll(struct etch_device *device);

/*
 * Whether nobody else has written heartbeats since our last one: one device has one
 * master, whose silence alone may stop the laser.  Returns 0, KE_STALLED, after which the
 * device is offline, or KE_LINK.
 */
KEYLINE_WARN_UNUSED int etch_device_check_alone(struct etch_device *device);

/* The same, and a poll, when the heartbeat is due. */
KEYLINE_WARN_UNUSED int etch_device_poll_when_due(struct etch_device *device);

/* From now on `disturbed` is kept: a part cannot be exchanged behind a closed door. */
void etch_device_watch(struct etch_device *device);

/* A value of the last poll or read. */
uint32_t etch_device_get(const struct etch_device *device, enum etch_item item);
void etch_device_get_bytes(unsigned char *out, size_t len,
	const struct etch_device *device, enum etch_item item);

/* Reads or writes a stretch between image and device. */
KEYLINE_WARN_UNUSED int etch_device_read(
	struct etch_device *device, const struct etch_span *span);
KEYLINE_WARN_UNUSED int etch_device_write(
	struct etch_device *device, const struct etch_span *span);

/* Writes one of the host's items; and reads it back. */
KEYLINE_WARN_UNUSED int etch_device_set(
	struct etch_device *device, enum etch_item item, uint32_t value);
KEYLINE_WARN_UNUSED int etch_device_put(
	struct etch_device *device, enum etch_item item, uint32_t value);

/*
 * Gives a command other than start: edge, mirror within limit_ms, fall.  *reason is
 * enum etch_reason, or -1 for a number that the profile lacks.
 */
KEYLINE_WARN_UNUSED int etch_device_command(int *reason, struct etch_device *device,
	enum etch_item command, uint32_t limit_ms);

/*
 * Sets the start bit, once and never again.  Returns 0, or KE_LINK when it is not known
 * whether the device got it; the device is to be asked then.
 */
KEYLINE_WARN_UNUSED int etch_device_start_edge(struct etch_device *device);

/* Clears a command's bit. */
KEYLINE_WARN_UNUSED int etch_device_drop(
	struct etch_device *device, enum etch_item command);

/* The word of a driver line for a return value. */
const char *etch_device_word(int rc);

/* The word for a reason as etch_device_command() gives it. */
const char *etch_device_reason_word(int reason);

/* What keeps a mark from starting: `e-stop`, `door-open`, `no-part`, `laser-off`, or
 * NULL; by the last poll. */
const char *etch_device_interlock(const struct etch_device *device);

/* The word of the fault that the device keeps until it is acknowledged, or NULL; and
 * whether its cause is gone as far as the last poll shows: emergency stop and door are
 * as they should be, and so is what the fault is about.  The device judges the rest. */
const char *etch_device_fault(const struct etch_device *device);
bool etch_device_fault_is_over(const struct etch_device *device);

#endif
