/* SPDX-License-Identifier: MIT */
/* Requests, their repetition, status and commands; connecting is etch_connect.c. */
#include "config.h"
#include "drivers/driver_process.h"
#include "drivers/etch_connect.h"
#include "proto/secret_bytes.h"

#include <stdlib.h>
#include <string.h>

enum { REQUEST_TRIES = 3, REREAD_MS = 5, AWAY_FIRST_MS = 250, AWAY_LAST_MS = 8000 };

/* Registers in locked memory: job data passes through them. */
static struct secret *
new_registers(uint16_t **table, uint32_t extent)
{
	struct secret *memory = secret_new((extent + 1) * sizeof **table);

	if (memory)
		*table = (uint16_t *)(void *)secret_bytes(memory);
	return memory;
}

int
etch_device_init(struct etch_device *device, const struct etch_profile *profile,
	struct etch_link *link, const char *serial)
{
	struct etch_image *image = &device->image;

	memset(device, 0, sizeof *device);
	device->profile = profile;
	device->link = link;
	device->offline_code = KE_LINK;
	device->backoff = (struct backoff){.first = AWAY_FIRST_MS, .last = AWAY_LAST_MS};
	memcpy(device->serial, serial, strnlen(serial, sizeof device->serial));
	etch_plan_make(&device->status, profile, ETCH_HEARTBEAT, ETCH_CODE);
	device->holding_memory = new_registers(
		&image->holding, etch_profile_extent(profile, ETCH_HOLDING));
	device->input_memory =
		new_registers(&image->input, etch_profile_extent(profile, ETCH_INPUT));
	image->coil = calloc(etch_profile_extent(profile, ETCH_COIL) + 1, 1);
	image->discrete = calloc(etch_profile_extent(profile, ETCH_DISCRETE) + 1, 1);
	if (device->holding_memory && device->input_memory && image->coil &&
		image->discrete)
		return 0;
	etch_device_done(device);
	return KE_NO_MEMORY;
}

void
etch_device_done(struct etch_device *device)
{
	secret_free(device->holding_memory);
	secret_free(device->input_memory);
	free(device->image.coil);
	free(device->image.discrete);
	memset(device, 0, sizeof *device);
}

uint32_t
etch_device_get(const struct etch_device *device, enum etch_item item)
{
	return etch_image_get(&device->image, device->profile, item);
}

void
etch_device_get_bytes(unsigned char *out, size_t len, const struct etch_device *device,
	enum etch_item item)
{
	etch_image_get_bytes(out, len, &device->image, device->profile, item);
}

int
etch_device_once(struct etch_device *device, const struct etch_span *span, bool write)
{
	struct etch_request r = {.write = write, .span = *span};

	switch (span->table) {
	case ETCH_HOLDING:
		r.registers = device->image.holding + span->address;
		break;
	case ETCH_INPUT:
		r.registers = device->image.input + span->address;
		break;
	case ETCH_COIL:
		r.bits = device->image.coil + span->address;
		break;
	case ETCH_DISCRETE:
		r.bits = device->image.discrete + span->address;
		break;
	case ETCH_TABLES:
		return KE_LINK;
	}
	return etch_link_do(device->link, &r);
}

/* A request that may be sent again, with recovery in between. */
static int
request(struct etch_device *device, const struct etch_span *span, bool write)
{
	int rc = KE_LINK;

	if (!device->online)
		return KE_LINK;
	for (int i = 0; i < REQUEST_TRIES; i++) {
		if (i > 0)
			etch_link_count_retry(device->link);
		if (etch_device_once(device, span, write) == 0)
			return 0;
		rc = etch_device_recover(device);
		if (rc != 0)
			return rc;
	}
	return etch_device_offline(device, KE_LINK);
}

int
etch_device_read(struct etch_device *device, const struct etch_span *span)
{
	return request(device, span, false);
}

int
etch_device_write(struct etch_device *device, const struct etch_span *span)
{
	return request(device, span, true);
}

static struct etch_span
item_span(const struct etch_device *device, enum etch_item item)
{
	const struct etch_place *place = &device->profile->places[item];

	return (struct etch_span){place->table, place->address, place->count};
}

int
etch_device_set(struct etch_device *device, enum etch_item item, uint32_t value)
{
	const struct etch_span span = item_span(device, item);

	etch_image_put(&device->image, device->profile, item, value);
	return etch_device_write(device, &span);
}

int
etch_device_put(struct etch_device *device, enum etch_item item, uint32_t value)
{
	const struct etch_span span = item_span(device, item);
	int rc = etch_device_set(device, item, value);

	if (rc == 0)
		rc = etch_device_read(device, &span);
	if (rc == 0 && etch_device_get(device, item) != value)
		rc = KE_READBACK;
	return rc;
}

int
etch_device_read_status(struct etch_device *device)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < device->status.count; i++)
		rc = etch_device_read(device, &device->status.reads[i]);
	return rc;
}

/* Whether the device's own heartbeat still counts. */
static int
check_device_heartbeat(struct etch_device *device)
{
	uint16_t seen = (uint16_t)etch_device_get(device, ETCH_HEARTBEAT);
	int64_t now = driver_process_now_ms();

	if (seen != device->device_heartbeat || device->device_beat_at == 0) {
		device->device_heartbeat = seen;
		device->device_beat_at = now;
	}
	return now - device->device_beat_at > device->profile->timing.host_timeout
		       ? KE_STALLED
		       : 0;
}

/* The next heartbeat, ready to be written. */
static struct etch_span
next_beat(struct etch_device *device)
{
	device->heartbeat++;
	if (device->heartbeat == 0)
		device->heartbeat = 1;
	device->beat_at = driver_process_now_ms();
	etch_image_put(
		&device->image, device->profile, ETCH_HOST_HEARTBEAT, device->heartbeat);
	return item_span(device, ETCH_HOST_HEARTBEAT);
}

int
etch_device_beat(struct etch_device *device)
{
	const struct etch_span span = next_beat(device);

	return etch_device_write(device, &span);
}

int
etch_device_beat_once(struct etch_device *device)
{
	const struct etch_span span = next_beat(device);

	return etch_device_once(device, &span, true);
}

void
etch_device_watch(struct etch_device *device)
{
	device->disturbed = NULL;
}

/* An open door is remembered; a laser that is off lets nobody reach the part. */
static void
remember_open(struct etch_device *device)
{
	const char *code = etch_device_interlock(device);

	if (code && strcmp(code, etch_reason_name(ETCH_REASON_LASER_OFF)) != 0)
		device->disturbed = code;
}

/* Whether the echo is of a heartbeat of ours, from first to the last one. */
static bool
echo_is_of(const struct etch_device *device, uint16_t first)
{
	uint16_t echo = (uint16_t)etch_device_get(device, ETCH_HEARTBEAT_ECHO);

	return (uint16_t)(echo - first) <= (uint16_t)(device->heartbeat - first);
}

int
etch_device_poll(struct etch_device *device)
{
	int rc = etch_device_beat(device);
	const uint16_t first = device->heartbeat;
	/* What the beat took, with a late window perhaps, is none of the device's time. */
	const int64_t limit =
		driver_process_now_ms() + device->profile->timing.mirror_limit;

	while (rc == 0) {
		rc = etch_device_read_status(device);
		if (rc != 0)
			break;
		if (etch_device_get(device, ETCH_WAITING))
			return etch_device_offline(device, KE_DEVICE_RESET);
		remember_open(device);
		if (echo_is_of(device, first)) {
			device->echoed = (uint16_t)etch_device_get(
				device, ETCH_HEARTBEAT_ECHO);
			return check_device_heartbeat(device);
		}
		if (driver_process_now_ms() > limit)
			return KE_STALLED;
		driver_process_sleep_ms(REREAD_MS);
	}
	return rc;
}

bool
etch_device_is_foreign(const struct etch_device *device)
{
	/* After a boot it is 0, which the next poll tells; our last writes may be on
	 * their way still, also over a connection that we gave up. */
	return etch_device_get(device, ETCH_HEARTBEAT_ECHO) != 0 &&
	       !echo_is_of(device, device->echoed);
}

int
etch_device_check_alone(struct etch_device *device)
{
	const struct etch_span span = item_span(device, ETCH_HEARTBEAT_ECHO);
	int rc = etch_device_read(device, &span);

	if (rc == 0 && etch_device_is_foreign(device))
		rc = etch_device_offline(device, KE_STALLED);
	return rc;
}

int
etch_device_poll_when_due(struct etch_device *device)
{
	int64_t age = driver_process_now_ms() - device->beat_at;
	int rc;

	if (age < device->profile->timing.heartbeat / 2)
		return 0;
	rc = etch_device_check_alone(device);
	return rc == 0 ? etch_device_poll(device) : rc;
}

/* Only one command is up at a time, so a command's register holds its bit or nothing. */
static void
image_command(struct etch_device *device, enum etch_item command, bool up)
{
	for (int c = ETCH_LOAD_BEGIN; c <= ETCH_CANCEL; c++)
		etch_image_put(&device->image, device->profile, c, 0);
	etch_image_put(&device->image, device->profile, command, up);
}

int
etch_device_drop(struct etch_device *device, enum etch_item command)
{
	const struct etch_span span = item_span(device, command);

	image_command(device, command, false);
	return etch_device_write(device, &span);
}

int
etch_device_start_edge(struct etch_device *device)
{
	const struct etch_span span = item_span(device, ETCH_START);

	if (!device->online)
		return KE_LINK;
	image_command(device, ETCH_START, true);
	return etch_device_once(device, &span, true);
}

static bool
any_mirror_up(const struct etch_device *device)
{
	for (int m = ETCH_MIRROR_LOAD_BEGIN; m <= ETCH_MIRROR_CANCEL; m++) {
		if (etch_device_get(device, m))
			return true;
	}
	return false;
}

/* Polls until the mirror of an earlier command has fallen: till then no edge is seen. */
static int
wait_quiet(struct etch_device *device)
{
	int64_t limit = driver_process_now_ms() + device->profile->timing.mirror_limit;
	int rc = 0;

	while (rc == 0 && any_mirror_up(device)) {
		if (driver_process_now_ms() > limit)
			return KE_TIMEOUT;
		driver_process_sleep_ms(REREAD_MS);
		rc = etch_device_poll(device);
	}
	return rc;
}

/* Polls until the command's mirror is up or down. */
static int
wait_mirror(
	struct etch_device *device, enum etch_item command, bool up, uint32_t limit_ms)
{
	int64_t limit = driver_process_now_ms() + limit_ms;
	enum etch_item mirror = command + ETCH_MIRROR_OF_COMMAND;

	for (;;) {
		int rc = etch_device_poll(device);

		if (rc != 0)
			return rc;
		if ((etch_device_get(device, mirror) != 0) == up)
			return 0;
		if (driver_process_now_ms() > limit)
			return KE_TIMEOUT;
		driver_process_sleep_ms(REREAD_MS);
	}
}

int
etch_device_command(int *reason, struct etch_device *device, enum etch_item command,
	uint32_t limit_ms)
{
	const struct etch_span span = item_span(device, command);
	uint32_t mirror_limit = device->profile->timing.mirror_limit;
	int rc = wait_quiet(device), dropped;

	if (rc != 0)
		return rc;
	image_command(device, command, true);
	rc = etch_device_write(device, &span);
	if (rc == 0)
		rc = wait_mirror(device, command, true, limit_ms);
	if (rc == 0)
		*reason = etch_profile_reason(
			device->profile, (uint16_t)etch_device_get(device, ETCH_RESULT));
	dropped = etch_device_drop(device, command);
	if (rc == 0)
		rc = dropped;
	return rc == 0 ? wait_mirror(device, command, false, mirror_limit) : rc;
}

const char *
etch_device_word(int rc)
{
	return error_name(rc);
}

const char *
etch_device_reason_word(int reason)
{
	return reason < 0 ? "device-code" : etch_reason_name(reason);
}

const char *
etch_device_interlock(const struct etch_device *device)
{
	if (!etch_device_get(device, ETCH_ESTOP_OK))
		return etch_reason_name(ETCH_REASON_E_STOP);
	if (!etch_device_get(device, ETCH_DOOR_CLOSED))
		return etch_reason_name(ETCH_REASON_DOOR_OPEN);
	if (!etch_device_get(device, ETCH_PART_PRESENT))
		return etch_reason_name(ETCH_REASON_NO_PART);
	if (!etch_device_get(device, ETCH_LASER_ENABLED))
		return etch_reason_name(ETCH_REASON_LASER_OFF);
	return NULL;
}

const char *
etch_device_fault(const struct etch_device *device)
{
	if (!etch_device_get(device, ETCH_FAULT))
		return NULL;
	return etch_device_reason_word(etch_profile_reason(
		device->profile, (uint16_t)etch_device_get(device, ETCH_FAULT_CODE)));
}

bool
etch_device_fault_is_over(const struct etch_device *device)
{
	const char *fault = etch_device_fault(device);

	/* Words of one table: each has one address. */
	return fault && !etch_device_get(device, ETCH_BUSY) &&
	       etch_device_get(device, ETCH_ESTOP_OK) &&
	       etch_device_get(device, ETCH_DOOR_CLOSED) &&
	       (fault != etch_reason_name(ETCH_REASON_NO_PART) ||
		       etch_device_get(device, ETCH_PART_PRESENT));
}
