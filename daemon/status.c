/* SPDX-License-Identifier: MIT */
/* The command `status`. */
#include "config.h"
#include "daemon/keylined.h"
#include "daemon/station_show.h"
#include "proto/utc.h"
#include <time.h>

static json_t *
stages_json(const struct settings *settings)
{
	json_t *stages = json_array();
	unsigned bit;

	for (bit = 1; bit <= SETTINGS_PRINT; bit <<= 1)
		if (settings->stages & bit)
			json_array_append_new(
				stages, json_string(settings_stage_name(bit)));
	return stages;
}

static json_t *
line_json(const struct keylined *keylined, const char *state)
{
	const struct settings *settings = keylined->settings;
	uint64_t up = (uv_hrtime() - keylined->started_ns) / 1000000000u;
	char now[UTC_SIZE];

	if (utc_format(now, time(NULL)) != 0)
		now[0] = '\0';
	return json_pack("{s:s, s:s, s:s, s:s, s:o, s:I, s:s, s:s, s:s}", "type", "line",
		"host", settings->host, "mode", mode_name(settings->mode), "use",
		settings->production ? "production" : "test", "stages",
		stages_json(settings), "uptime_s", (json_int_t)up, "state", state,
		"spool", settings->spool, "now", now);
}

static json_t *
faults_collect(const struct keylined *keylined)
{
	json_t *faults = json_array();
	size_t i;

	for (i = 0; faults && i < station_set_count(keylined->stations); i++)
		station_show_faults(station_set_at(keylined->stations, i), faults);
	if (faults && keylined->hooks.faults)
		keylined->hooks.faults(faults, keylined->hooks.context);
	return faults;
}

/* DEGRADED: something is wrong.  STOPPED: it has stations, and all are Stopped. */
static const char *
line_state(const struct keylined *keylined, const json_t *faults)
{
	size_t i, count = station_set_count(keylined->stations), stopped = 0;

	for (i = 0; i < count; i++)
		stopped += station_is_stopped(station_set_at(keylined->stations, i));
	if (json_array_size(faults) > 0)
		return "DEGRADED";
	return count > 0 && stopped == count ? "STOPPED" : "OK";
}

static void
status_answer(struct ctl_call *call, void *context)
{
	const struct keylined *keylined = context;
	json_t *faults = faults_collect(keylined);
	size_t i;

	ctl_call_answer(call, line_json(keylined, line_state(keylined, faults)));
	for (i = 0; i < json_array_size(faults); i++)
		ctl_call_answer(call, json_incref(json_array_get(faults, i)));
	json_decref(faults);
	for (i = 0; i < station_set_count(keylined->stations); i++)
		ctl_call_answer(
			call, station_show(station_set_at(keylined->stations, i)));
	if (keylined->hooks.batches)
		keylined->hooks.batches(call, keylined->hooks.context);
	ctl_call_end(call, CTL_EXIT_OK);
}

const struct ctl_command keylined_commands[] = {
	{"status", CTL_VIEWER, false, "", status_answer},
	{NULL, CTL_VIEWER, false, NULL, NULL},
};
