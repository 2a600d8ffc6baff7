/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "daemon/keylined.h"
#include "daemon/durable.h"
#include "daemon/harden.h"
#include "daemon/host_part.h"
#include "daemon/log.h"
#include "daemon/pool_memory.h"
#include "daemon/start.h"
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

/* The parts in the order of their start; stations and control socket come after them. */
static const struct keylined_part *const parts[] = {&pool_memory_part, &host_part, NULL};

/* What is only of the run itself. */
struct run {
	struct keylined keylined;
	uv_loop_t loop;
	uv_signal_t signals[3];
	uv_timer_t watchdog;
	bool has_watchdog;
	bool is_ending;
	size_t opened;
};

void
keylined_add_commands(struct keylined *keylined, const struct ctl_command *table)
{
	size_t room = sizeof(keylined->tables) / sizeof(keylined->tables[0]);

	if (keylined->table_count >= room)
		abort();
	keylined->tables[keylined->table_count++] = table;
}

static void
handle_close(uv_handle_t *handle)
{
	if (handle->type != UV_UNKNOWN_HANDLE && !uv_is_closing(handle))
		uv_close(handle, NULL);
}

/* All stations have stopped: now everything else lets go of the loop. */
static void
stations_stopped(void *context)
{
	struct run *run = context;
	size_t i;

	for (i = run->opened; i > 0; i--)
		if (parts[i - 1]->stop)
			parts[i - 1]->stop(&run->keylined);
	for (i = 0; i < sizeof(run->signals) / sizeof(run->signals[0]); i++)
		handle_close((uv_handle_t *)&run->signals[i]);
	handle_close((uv_handle_t *)&run->watchdog);
}

void
keylined_end(struct keylined *keylined)
{
	struct run *run = (struct run *)keylined;

	if (run->is_ending)
		return;
	run->is_ending = true;
	sd_notify(0, "STOPPING=1\nSTATUS=Stopping the stations.");
	log_event(LOG_STOPPING, NULL);
	ctl_server_close(keylined->ctl);
	keylined->ctl = NULL;
	if (keylined->stations)
		station_set_stop(keylined->stations, stations_stopped, run);
	else
		stations_stopped(run);
}

static void
signal_came(uv_signal_t *handle, int number)
{
	/* There is no reload: a line does not change under its wallets. */
	if (number != SIGHUP)
		keylined_end(handle->data);
}

static void
watchdog_feed(uv_timer_t *timer)
{
	(void)timer;
	sd_notify(0, "WATCHDOG=1");
}

static int
signals_begin(struct run *run)
{
	static const int numbers[] = {SIGTERM, SIGINT, SIGHUP};
	size_t i;

	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		if (uv_signal_init(&run->loop, &run->signals[i]) != 0)
			return KE_IO;
		run->signals[i].data = &run->keylined;
		if (uv_signal_start(&run->signals[i], signal_came, numbers[i]) != 0)
			return KE_IO;
	}
	return 0;
}

static int
watchdog_begin(struct run *run)
{
	uint64_t usec = 0, ms;

	if (uv_timer_init(&run->loop, &run->watchdog) != 0)
		return KE_IO;
	if (sd_watchdog_enabled(0, &usec) <= 0)
		return 0;
	ms = usec / 1000 / 3;
	return uv_timer_start(&run->watchdog, watchdog_feed, 0, ms ? ms : 1) == 0 ? 0
										  : KE_IO;
}

static int
parts_open(struct run *run)
{
	int error;

	for (; parts[run->opened]; run->opened++) {
		if (!parts[run->opened]->open)
			continue;
		/* It has told why, and where. */
		error = parts[run->opened]->open(&run->keylined);
		if (error != 0)
			return error;
	}
	return 0;
}

static bool
refuse_change(struct ctl_call *call, void *context)
{
	const struct keylined_hooks *hooks = &((struct keylined *)context)->hooks;

	return hooks->refuse && hooks->refuse(call, hooks->context);
}

static int
ctl_open(struct keylined *keylined)
{
	struct ctl_server_options options = {
		.path = keylined->settings->socket,
		.viewers = keylined->settings->viewers,
		.supervisors = keylined->settings->supervisors,
		.tables = keylined->tables,
		.table_count = keylined->table_count,
		.refuse = refuse_change,
		.context = keylined,
	};

	keylined_add_commands(keylined, keylined_commands);
	keylined_add_commands(keylined, station_commands);
	options.table_count = keylined->table_count;
	return ctl_server_new(&keylined->ctl, keylined->loop, &options);
}

/* Everything up to READY; what was begun is ended by run_end(). */
static int
run_begin(struct run *run)
{
	struct keylined *keylined = &run->keylined;
	int error;

	error = start_told(START_STATE,
		harden_state_lock(&keylined->state_lock, keylined->settings->state),
		keylined->settings->state);
	if (error == 0)
		error = start_told(START_PROCESS, signals_begin(run), "signals");
	if (error == 0)
		error = start_told(START_PROCESS, watchdog_begin(run), "watchdog");
	if (error == 0)
		error = parts_open(run);
	if (error == 0)
		error = start_told(START_STATIONS,
			station_set_new(&keylined->stations, keylined->loop,
				     keylined->settings, keylined->hooks.recipes,
				     keylined->hooks.recipe_count, keylined->line),
			"stations");
	if (error == 0)
		error = start_told(START_SOCKET, ctl_open(keylined), keylined->settings->socket);
	return error;
}

static void
run_end(struct run *run)
{
	struct keylined *keylined = &run->keylined;

	uv_run(&run->loop, UV_RUN_DEFAULT);
	station_set_free(keylined->stations);
	for (; run->opened > 0; run->opened--)
		if (parts[run->opened - 1]->close)
			parts[run->opened - 1]->close(keylined);
	if (keylined->state_lock >= 0)
		close(keylined->state_lock);
	uv_loop_close(&run->loop);
}

int
keylined_run(const struct settings *settings)
{
	struct run *run = calloc(1, sizeof(*run));
	int error;

	if (!run)
		return start_told(START_PROCESS, KE_NO_MEMORY, "the run");
	durable_begin();
	run->keylined.settings = settings;
	run->keylined.state_lock = -1;
	run->keylined.started_ns = uv_hrtime();
	if (uv_loop_init(&run->loop) != 0) {
		free(run);
		return start_told(START_PROCESS, KE_NO_MEMORY, "event loop");
	}
	run->keylined.loop = &run->loop;
	error = run_begin(run);
	if (error == 0) {
		log_event(LOG_STARTED, NULL);
		sd_notify(0, "READY=1\nSTATUS=The line is up.");
	} else {
		keylined_end(&run->keylined);
	}
	run_end(run);
	log_event(LOG_STOPPED, NULL);
	free(run);
	return error;
}
