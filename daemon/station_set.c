/* SPDX-License-Identifier: MIT */
/* The set of a line's stations: how it begins, its turns, how it ends; who is in it. */
#include "config.h"
#include "daemon/station_inner.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A job that runs when the service stops gets so long to end. */
enum { STOP_MS = 60 * 1000 };

static const struct recipe *
recipe_find(const struct recipe *const *recipes, size_t count, enum settings_kind kind)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (recipes[i]->kind == kind)
			return recipes[i];
	return NULL;
}

static void
station_begin(struct station *station, struct station_set *set,
	const struct settings_station *settings)
{
	station->set = set;
	station->settings = settings;
	(void)snprintf(station->actor, sizeof station->actor, "%s", settings->name);
	station->state = PACKML_STOPPED;
	station->reason = fault_of("service-start");
	station->since = time(NULL);
	uv_timer_init(set->loop, &station->deadline);
	station->deadline.data = station;
	set->open_handles++;
}

static int
stations_begin(struct station_set *set, const struct recipe *const *recipes, size_t count)
{
	size_t i;
	int error = 0;

	for (i = 0; i < set->settings->station_count && error == 0; i++) {
		struct station *station = &set->stations[i];

		station_begin(station, set, &set->settings->stations[i]);
		set->count++;
		station->recipe = recipe_find(recipes, count, station->settings->kind);
		if (station->recipe && station->recipe->on_open)
			error = station->recipe->on_open(station);
		if (error == 0)
			error = station_drivers_start(station);
	}
	return error;
}

static void
set_free_now(void *context)
{
	station_set_free(context);
}

int
station_set_new(struct station_set **out, uv_loop_t *loop,
	const struct settings *settings, const struct recipe *const *recipes,
	size_t recipe_count, void *line)
{
	struct station_set *set = calloc(1, sizeof(*set));
	size_t count = settings->station_count;
	int error;

	*out = NULL;
	if (!set)
		return KE_NO_MEMORY;
	set->loop = loop;
	set->settings = settings;
	set->line = line;
	set->stations = calloc(count ? count : 1, sizeof(*set->stations));
	if (!set->stations) {
		free(set);
		return KE_NO_MEMORY;
	}
	uv_idle_init(loop, &set->turn);
	uv_timer_init(loop, &set->patience);
	set->turn.data = set;
	set->patience.data = set;
	set->open_handles = 2;
	error = stations_begin(set, recipes, recipe_count);
	if (error != 0)
		station_set_stop(set, set_free_now, set);
	else
		*out = set;
	return error;
}

/* Told when the last handle is closed and the last driver has ended. */
static void
stop_check(struct station_set *set)
{
	if (set->open_handles == 0 && set->open_drivers == 0 && set->done)
		set->done(set->done_context);
}

static void
set_handle_closed(uv_handle_t *handle)
{
	struct station_set *set = handle->data;

	set->open_handles--;
	stop_check(set);
}

static void
station_handle_closed(uv_handle_t *handle)
{
	struct station *station = handle->data;

	station->set->open_handles--;
	stop_check(station->set);
}

static void
driver_ended(void *context)
{
	struct station_set *set = context;

	set->open_drivers--;
	stop_check(set);
}

static void
driver_let_go(struct station_set *set, struct driver **driver)
{
	if (!*driver)
		return;
	set->open_drivers++;
	driver_stop(*driver, driver_ended, set);
	*driver = NULL;
}

/* A job that still runs is told as its driver's end would be. */
static void
set_close(struct station_set *set)
{
	size_t i;

	set->is_closing = true;
	uv_close((uv_handle_t *)&set->turn, set_handle_closed);
	uv_close((uv_handle_t *)&set->patience, set_handle_closed);
	for (i = 0; i < set->count; i++) {
		struct station *station = &set->stations[i];

		if (station->device)
			station_device_down(station, "service-stop");
		driver_let_go(set, &station->device);
		driver_let_go(set, &station->scanner);
		uv_close((uv_handle_t *)&station->deadline, station_handle_closed);
	}
}

static void
patience_over(uv_timer_t *timer)
{
	set_close(timer->data);
}

static bool
set_is_busy(const struct station_set *set)
{
	size_t i;

	for (i = 0; i < set->count; i++)
		if (station_is_busy(&set->stations[i]))
			return true;
	return false;
}

static void
set_turn(uv_idle_t *idle)
{
	struct station_set *set = idle->data;
	size_t i;

	uv_idle_stop(idle);
	for (i = 0; i < set->count; i++)
		station_turn(&set->stations[i]);
	if (set->is_stopping && !set->is_closing && !set_is_busy(set))
		set_close(set);
}

void
station_wake(struct station *station)
{
	if (!station->set->is_closing)
		uv_idle_start(&station->set->turn, set_turn);
}

void
station_set_bar(struct station_set *set, const char *code)
{
	const struct fault *was = set ? set->bar : NULL;
	size_t i;

	if (!set)
		return;
	set->bar = code ? fault_of(code) : NULL;
	for (i = 0; i < set->count; i++) {
		struct station *station = &set->stations[i];

		if (was && was != set->bar)
			station_unsuspend(station, was->code);
		if (set->bar && set->bar != was)
			(void)station_fault_apply(station, set->bar);
	}
}

void
station_set_stop(struct station_set *set, void (*done)(void *context), void *context)
{
	size_t i;

	set->done = done;
	set->done_context = context;
	set->is_stopping = true;
	/* Stopped and Aborted stations have nothing to stop. */
	for (i = 0; i < set->count; i++)
		if (station_command(&set->stations[i], PACKML_STOP,
			    fault_of("service-stop")) != 0)
			continue;
	uv_timer_start(&set->patience, patience_over, STOP_MS, 0);
	uv_idle_start(&set->turn, set_turn);
}

void
station_set_free(struct station_set *set)
{
	size_t i;

	if (!set)
		return;
	for (i = 0; i < set->count; i++) {
		struct station *station = &set->stations[i];

		if (station->recipe && station->recipe->on_close)
			station->recipe->on_close(station);
	}
	free(set->stations);
	free(set);
}

size_t
station_set_count(const struct station_set *set)
{
	return set ? set->count : 0;
}

struct station *
station_set_at(const struct station_set *set, size_t index)
{
	return &set->stations[index];
}

struct station *
station_set_find(const struct station_set *set, const char *name)
{
	size_t i;

	for (i = 0; i < station_set_count(set); i++)
		if (strcmp(set->stations[i].settings->name, name) == 0)
			return &set->stations[i];
	return NULL;
}

struct station *
station_set_kind(const struct station_set *set, enum settings_kind kind)
{
	size_t i;

	for (i = 0; i < station_set_count(set); i++)
		if (set->stations[i].settings->kind == kind)
			return &set->stations[i];
	return NULL;
}
