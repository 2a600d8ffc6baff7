/* SPDX-License-Identifier: MIT */
/* Connecting, recovering, the boot handshake. */
#include "config.h"
#include "drivers/driver_process.h"
#include "drivers/etch_connect.h"

#include <string.h>

enum { PAUSE_MS = 10 };

int
etch_device_offline(struct etch_device *device, int code)
{
	etch_link_close(device->link);
	device->online = false;
	device->offline_code = code;
	device->disturbed = error_name(code);
	device->retry_at = driver_process_now_ms() +
			   backoff_wait(&device->backoff, backoff_noise());
	return code;
}

/* Whether the identity that was read is the configured device's. */
static int
check_identity(const struct etch_device *device, uint32_t *boot_id)
{
	unsigned char serial[ETCH_SERIAL_MAX];

	etch_device_get_bytes(serial, sizeof serial, device, ETCH_DEVICE_SERIAL);
	if (etch_device_get(device, ETCH_MAGIC) != ETCH_MAGIC_VALUE ||
		etch_device_get(device, ETCH_MAP_VERSION) != ETCH_MAP_VERSION_VALUE ||
		memcmp(serial, device->serial, sizeof serial) != 0)
		return KE_WRONG_DEVICE;
	*boot_id = etch_device_get(device, ETCH_BOOT_ID);
	return *boot_id ? 0 : KE_WRONG_DEVICE;
}

/* Reads who the device is.  Returns 0, KE_LINK or KE_WRONG_DEVICE. */
static int
read_identity(struct etch_device *device, uint32_t *boot_id)
{
	const struct etch_span span =
		etch_profile_span(device->profile, ETCH_MAGIC, ETCH_BOOT_ID);
	int rc = etch_device_once(device, &span, false);

	return rc == 0 ? check_identity(device, boot_id) : rc;
}

int
etch_device_verify(struct etch_device *device)
{
	const struct etch_span span =
		etch_profile_span(device->profile, ETCH_MAGIC, ETCH_BOOT_ID);
	uint32_t boot_id;
	int rc = etch_device_read(device, &span);

	if (rc == 0)
		rc = check_identity(device, &boot_id);
	if (rc == 0 && boot_id != device->boot_id)
		rc = KE_DEVICE_RESET;
	return rc == 0 || !device->online ? rc : etch_device_offline(device, rc);
}

int
etch_device_recover(struct etch_device *device)
{
	uint32_t boot_id = 0;
	int rc = 0;

	etch_link_settle(device->link, device->profile->timing.late_window);
	if (!etch_link_is_open(device->link))
		rc = etch_link_open(device->link, device->profile->timing.late_window);
	if (rc == 0)
		rc = read_identity(device, &boot_id);
	if (rc == 0 && boot_id != device->boot_id)
		rc = KE_DEVICE_RESET;
	if (rc == 0 && device->beat_at != 0)
		rc = etch_device_beat_once(device);
	return rc == 0 ? 0 : etch_device_offline(device, rc);
}

/* Whether the command's bit shares the register of the command before it. */
static bool
is_cleared_with_last(const struct etch_device *device, enum etch_item command)
{
	const struct etch_place *place = &device->profile->places[command];

	return command > ETCH_LOAD_BEGIN && place->table == ETCH_HOLDING &&
	       place[-1].table == ETCH_HOLDING && place[-1].address == place->address;
}

/* Drops command bits that a master before us left set. */
static int
drop_commands(struct etch_device *device)
{
	int rc = 0;

	for (int c = ETCH_LOAD_BEGIN; rc == 0 && c <= ETCH_CANCEL; c++) {
		if (!is_cleared_with_last(device, c))
			rc = etch_device_drop(device, c);
	}
	return rc;
}

/* Writes zeros into every item of [command]. */
static int
zero_commands(struct etch_device *device)
{
	int rc = drop_commands(device);

	if (rc == 0)
		rc = etch_device_put(device, ETCH_COMMAND_JOB, 0);
	if (rc == 0)
		rc = etch_device_put(device, ETCH_START_TOKEN, 0);
	if (rc == 0)
		rc = etch_device_put(device, ETCH_BOOT_ECHO, 0);
	if (rc == 0)
		rc = etch_device_put(device, ETCH_HOST_HEARTBEAT, 0);
	return rc;
}

/* Waits until the device's heartbeat has changed twice: it has seen what we wrote. */
static int
wait_two_beats(struct etch_device *device)
{
	int64_t limit = driver_process_now_ms() + device->profile->timing.mirror_limit;
	uint32_t last = 0, changes = 0;
	bool first = true;

	while (changes < 2) {
		int rc = etch_device_read_status(device);
		uint32_t now = etch_device_get(device, ETCH_HEARTBEAT);

		if (rc != 0)
			return rc;
		if (!first && now != last)
			changes++;
		first = false;
		last = now;
		if (driver_process_now_ms() > limit)
			return KE_STALLED;
		driver_process_sleep_ms(PAUSE_MS);
	}
	return 0;
}

static int
handshake(struct etch_device *device)
{
	int64_t limit;
	int rc = zero_commands(device);

	if (rc == 0)
		rc = wait_two_beats(device);
	if (rc == 0)
		rc = etch_device_put(device, ETCH_BOOT_ECHO, device->boot_id);
	limit = driver_process_now_ms() + device->profile->timing.mirror_limit;
	while (rc == 0) {
		rc = etch_device_beat(device);
		if (rc == 0)
			rc = etch_device_read_status(device);
		if (rc == 0 && !etch_device_get(device, ETCH_WAITING))
			return 0;
		if (rc == 0 && driver_process_now_ms() > limit)
			rc = KE_STALLED;
		driver_process_sleep_ms(PAUSE_MS);
	}
	return rc;
}

/*
 * A master that is there beats within heartbeat-ms.  Nothing is written before: what
 * clears our command bits would clear another's start.  Where the last heartbeat was
 * ours, as in a mark of ours whose link was lost, there is nothing to wait for.
 */
static int
look_for_master(struct etch_device *device)
{
	int rc = etch_device_read_status(device);
	uint32_t before = etch_device_get(device, ETCH_HEARTBEAT_ECHO);

	if (rc != 0 || !etch_device_is_foreign(device))
		return rc;
	driver_process_sleep_ms(device->profile->timing.heartbeat);
	rc = etch_device_read_status(device);
	if (rc == 0 && etch_device_get(device, ETCH_HEARTBEAT_ECHO) != before &&
		etch_device_is_foreign(device))
		rc = KE_STALLED;
	return rc;
}

int
etch_device_connect(struct etch_device *device)
{
	int rc = etch_link_open(device->link, device->profile->timing.late_window);

	if (rc == 0)
		rc = read_identity(device, &device->boot_id);
	if (rc != 0)
		return etch_device_offline(device, rc);
	device->online = true;
	device->device_beat_at = 0;
	/* Until the boot handshake is over there must be no heartbeat. */
	device->beat_at = 0;
	rc = look_for_master(device);
	if (rc == 0)
		rc = etch_device_get(device, ETCH_WAITING) ? handshake(device)
							   : drop_commands(device);
	if (rc == 0)
		rc = etch_device_poll(device);
	if (rc != 0)
		return device->online ? etch_device_offline(device, rc) : rc;
	device->offline_code = 0;
	backoff_reset(&device->backoff);
	return 0;
}

int
etch_device_connect_when_due(struct etch_device *device)
{
	if (device->online)
		return 0;
	return driver_process_now_ms() >= device->retry_at ? etch_device_connect(device)
							   : KE_LINK;
}
