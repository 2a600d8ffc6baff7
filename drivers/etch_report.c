/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "drivers/driver_process.h"
#include "drivers/etch_report.h"

enum { REPEAT_MS = 5000 };

static const enum etch_item interlock_items[] = {
	ETCH_DOOR_CLOSED, ETCH_ESTOP_OK, ETCH_PART_PRESENT, ETCH_LASER_ENABLED};
static const char *const interlock_keys[] = {"door", "estop", "part", "laser"};

enum { INTERLOCKS = sizeof interlock_items / sizeof interlock_items[0] };

/* State and code by the last poll. */
static void
judge(struct etch_report *now, const struct etch_device *device, int rc)
{
	if (!device->online) {
		now->state = "offline";
		now->code = etch_device_word(device->offline_code);
		return;
	}
	if (rc != 0) {
		now->state = "fault";
		now->code = etch_device_word(rc);
		return;
	}
	now->counter = etch_device_get(device, ETCH_MARKED_COUNTER);
	for (unsigned i = 0; i < INTERLOCKS; i++)
		now->interlocks |= etch_device_get(device, interlock_items[i]) << i;
	if (etch_device_fault(device)) {
		now->state = "fault";
		now->code = etch_device_fault(device);
		now->is_latched = etch_device_fault_is_over(device);
		return;
	}
	if (device->keeps) {
		now->state = "fault";
		now->code = etch_reason_name(ETCH_REASON_NOT_ERASED);
		return;
	}
	now->state = etch_device_get(device, ETCH_BUSY) ? "busy" : "ready";
	now->code = etch_device_interlock(device);
	if (!now->code)
		now->code = etch_reason_name(ETCH_REASON_NONE);
}

static bool
is_news(const struct etch_report *last, const struct etch_report *now)
{
	/* All words are constants, each with one address. */
	return !last->state || last->state != now->state || last->code != now->code ||
	       last->counter != now->counter || last->is_latched != now->is_latched ||
	       last->interlocks != now->interlocks ||
	       now->told_at - last->told_at >= REPEAT_MS;
}

int
etch_report_tell(struct etch_report *report, struct driver_io *io,
	const struct etch_device *device, int rc)
{
	const struct etch_link_statistics *link = etch_link_statistics(device->link);
	struct etch_report now = {.told_at = driver_process_now_ms()};
	struct line_builder *b;

	judge(&now, device, rc);
	if (!is_news(report, &now))
		return 0;
	*report = now;
	b = driver_io_begin(io, "status", "-");
	line_add(b, "state", now.state);
	line_add(b, "code", now.code);
	if (now.is_latched)
		line_add_number(b, "latched", 1);
	if (device->online && rc == 0) {
		line_add_number(b, "counter", now.counter);
		for (unsigned i = 0; i < INTERLOCKS; i++)
			line_add_number(b, interlock_keys[i], now.interlocks >> i & 1);
	}
	line_add_number(b, "ok", link->ok);
	line_add_number(b, "errors", link->errors);
	line_add_number(b, "retries", link->retries);
	line_add_number(b, "latency_us", link->latency_us);
	return driver_io_end(io);
}
