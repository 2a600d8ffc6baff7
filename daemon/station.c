/* SPDX-License-Identifier: MIT */
/* What recipes and the rest of the engine ask of one station. */
#include "config.h"
#include "daemon/station_inner.h"
#include <string.h>

const char *
station_reason_code(const struct station *station)
{
	return station->reason ? station->reason->code : "";
}

uint32_t
station_last_job(const struct station *station)
{
	return station->job.last_job;
}

uint32_t
station_boot(const struct station *station)
{
	return station->job.boot;
}

const char *
station_name(const struct station *station)
{
	return station->settings->name;
}

const char *
station_actor(const struct station *station)
{
	return station->actor;
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
station_answers(const struct station *station)
{
	bool keeps_fault = station->link.is_latched && station->link.is_fresh &&
			   station->device && driver_is_up(station->device);

	return station_is_up(station) || keeps_fault;
}

bool
station_driver_is_up(const struct station *station)
{
	return driver_is_up(station->device);
}

bool
station_driver_is_changing(const struct station *station)
{
	return driver_is_changing(station->device);
}

bool
station_is_busy(const struct station *station)
{
	return station->job.phase != JOB_NONE;
}

void
station_link_set_fault(struct station_link *link, const struct fault *fault)
{
	if (fault && fault != link->fault)
		link->fault_since = time(NULL);
	link->fault = fault;
}

bool
station_reason_is_over(const struct station *station)
{
	const struct station_link *link = &station->link;

	return station->reason && station->reason_is_device && link->is_known &&
	       (link->is_fresh || link->is_resting) && link->fault != station->reason &&
	       link->condition != station->reason;
}

void
station_settled(struct station *station, const char *was, const char *now)
{
	const struct fault *fault = fault_of(now);

	if (station->reason && strcmp(station->reason->code, was) == 0) {
		station_set_reason(station, fault);
	} else {
		station->settled = fault;
		station->settled_at = time(NULL);
	}
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

const char *
station_wallet(const struct station *station)
{
	return station->wallet;
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
