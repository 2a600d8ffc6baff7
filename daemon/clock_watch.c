/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "daemon/clock_watch.h"

void
clock_watch_saw(struct clock_watch *watch, int64_t time_ms)
{
	if (time_ms > watch->latest_ms)
		watch->latest_ms = time_ms;
}

void
clock_watch_trust(struct clock_watch *watch, int64_t wall_ms)
{
	watch->latest_ms = wall_ms;
}

int64_t
clock_watch_look(struct clock_watch *watch, int64_t wall_ms, int64_t boot_ms)
{
	int64_t offset = wall_ms - boot_ms, step = offset - watch->offset_ms;

	if (!watch->has_offset)
		step = 0;
	watch->has_offset = true;
	watch->offset_ms = offset;
	clock_watch_saw(watch, wall_ms);
	return step >= CLOCK_STEP_MS || step <= -CLOCK_STEP_MS ? step : 0;
}

bool
clock_watch_is_behind(const struct clock_watch *watch, int64_t wall_ms)
{
	return wall_ms < watch->latest_ms - CLOCK_BEHIND_MS;
}
