/* SPDX-License-Identifier: MIT */
/* The command `status`. */
#include "config.h"
#include "daemon/keylined.h"

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

	return json_pack("{s:s, s:s, s:s, s:s, s:o, s:I, s:s, s:s}", "type", "line",
		"host", settings->host, "mode", settings_mode_name(settings->mode), "use",
		settings->production ? "production" : "test", "stages",
		stages_json(settings), "uptime_s", (json_int_t)up, "state", state,
		"spool", settings->spool);
}

static void
status_answer(struct ctl_call *call, void *context)
{
	const struct keylined *keylined = context;

	ctl_call_answer(call, line_json(keylined, "OK"));
	if (keylined->hooks.faults)
		keylined->hooks.faults(call, keylined->hooks.context);
	if (keylined->hooks.batches)
		keylined->hooks.batches(call, keylined->hooks.context);
	ctl_call_end(call, CTL_EXIT_OK);
}

const struct ctl_command keylined_commands[] = {
	{"status", CTL_VIEWER, false, "", status_answer},
	{NULL, CTL_VIEWER, false, NULL, NULL},
};
