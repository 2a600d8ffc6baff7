/* SPDX-License-Identifier: MIT */
/* The set of a line's stations, and what recipes ask of one. */
#include "config.h"
#include "daemon/station_inner.h"
#include <stdlib.h>
#include <string.h>

/* A job that runs when the service stops gets so long to end. */
enum { STOP_MS = 60 * 1000 };

const char *
station_name(const struct station *station)
{
	return station->settings->name;
}

const struct settings_station *
station_settings(const struct station *station)
{
	return station->settings;
}

void *
station_line(const struct station *station)
{
	return station->set->line;
}

void *
station_data(const struct station *station)
{
	return station->data;
}

void
station_set_data(struct station *station, void *data)
{
	station->data = data;
}

bool
station_is_executing(const struct station *station)
{
	return station->state == PACKML_EXECUTE;
}

bool
station_is_idle(const struct station *station)
{
	return station->state == PACKML_IDLE;
}

bool
station_has_device(const struct station *station)
{
	return station->settings->kind == SETTINGS_KIND_PRINT ||
	       station->settings->kind == SETTINGS_KIND_ETCH;
}

const struct fault *
station_link_fault(const struct station *station)
{
	const struct fault *fault = station->link.fault;

	/* Busy with our own job is as it should be; a job that waits for a busy device
	 * has a time limit of its own. */
	if (station->job.phase != JOB_NONE && station_link_is_busy(&station->link))
		return NULL;
	return fault;
}

bool
station_can_acknowledge(const struct station *station)
{
	return station->link.fault && station->link.is_latched &&
	       !station->link.is_acknowledging && station->link.is_fresh &&
	       station->job.phase == JOB_NONE && station->device &&
	       driver_is_up(station->device);
}

void
station_acknowledge(struct station *station)
{
	static const char line[] = "acknowledge -\n";

	log_event(LOG_STATION_ACKNOWLEDGED,
		&(struct log_fields){.station = station->settings->name,
			.code = station->link.fault->code});
	station->link.is_acknowledging = true;
	/* When it cannot be written the driver is on its way down, which is told. */
	if (driver_send_plain(station->device, line, sizeof(line) - 1) != 0)
		station->link.is_acknowledging = false;
}

bool
station_link_is_busy(const struct station_link *link)
{
	return link->fault && strcmp(link->fault->code, "busy") == 0;
}

const struct fault *
station_waits_for(const struct station *station)
{
	bool waits = station->job.phase == JOB_QUEUED &&
		     station_link_is_busy(&station->link);

	return waits ? station->link.fault : NULL;
}

bool
station_may_work(const struct station *station, bool is_setup)
{
	static const bool setup_states[PACKML_STATE_COUNT] = {
		[PACKML_IDLE] = true, [PACKML_SUSPENDED] = true,
		/* on the way from those to Execute */
		[PACKML_STARTING] = true, [PACKML_UNSUSPENDING] = true};

	return station->state == PACKML_EXECUTE ||
	       (is_setup && setup_states[station->state]);
}

bool
station_is_up(const struct station *station)
{
	if (!station_has_device(station))
		return true;
	return station->link.is_known && !station_link_fault(station) &&
	       (station->link.is_resting || driver_is_up(station->device));
}

bool
station_is_busy(const struct station *station)
{
	return station->job.phase != JOB_NONE;
}

void
station_set_wallet(struct station *station, const char *serial)
{
	size_t len = serial ? strlen(serial) : 0;

	if (len > STATION_SERIAL_MAX)
		len = STATION_SERIAL_MAX;
	memcpy(station->wallet, serial ? serial : "", len);
	station->wallet[len] = '\0';
}

void
station_hold(struct station *station, const char *code)
{
	/* In a state that knows no hold there is nothing to hold. */
	if (station_command(station, PACKML_HOLD, fault_of(code)) == 0)
		station->suspended_by_person = false;
}

void
station_suspend(struct station *station, const char *code)
{
	if (station_command(station, PACKML_SUSPEND, fault_of(code)) == 0)
		station->suspended_by_person = false;
}

void
station_unsuspend(struct station *station, const char *code)
{
	/* A suspension of a person, or for another cause, stays. */
	if (station->suspended_by_person || station->link.fault || !station->reason ||
		strcmp(station->reason->code, code) != 0)
		return;
	if (station_command(station, PACKML_UNSUSPEND, NULL) != 0)
		return;
}

void
station_cycle_begin(struct station *station)
{
	station->cycles.begun_ms = uv_now(station->set->loop);
	station->cycles.is_running = true;
}

static void
cycle_end(struct station *station)
{
	struct station_cycles *cycles = &station->cycles;

	if (!cycles->is_running)
		return;
	cycles->is_running = false;
	cycles->last_ms = (unsigned)(uv_now(station->set->loop) - cycles->begun_ms);
	cycles->ring[cycles->count++ % STATION_CYCLES] = cycles->last_ms;
}

void
station_count_good(struct station *station)
{
	station->good++;
	cycle_end(station);
}

void
station_count_spoiled(struct station *station)
{
	station->spoiled++;
	station->cycles.is_running = false;
}

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

void
station_set_doubt_settled(struct station_set *set, const char *serial, bool good)
{
	size_t i;

	for (i = 0; i < station_set_count(set); i++) {
		struct station *station = &set->stations[i];

		if (!station->reason || strcmp(station->reason->code, "in-doubt") != 0 ||
			strcmp(station->wallet, serial) != 0)
			continue;
		station->reason = fault_of("doubt-settled");
		if (good)
			station_count_good(station);
		else
			station_count_spoiled(station);
	}
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
