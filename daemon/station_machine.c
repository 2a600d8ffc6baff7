/* SPDX-License-Identifier: MIT */
/* The state model of a station: what leads where, and what the recipe is told. */
#include "config.h"
#include "daemon/log.h"
#include "daemon/station_inner.h"
#include "daemon/station_operator.h"
#include <string.h>

/* More steps than any way through the model; one that does not settle is our bug. */
enum { STEPS_MAX = 32 };

/* On the way to Execute, and there, no reason is shown. */
static bool
state_needs_reason(enum packml_state state)
{
	switch (state) {
	case PACKML_STARTING:
	case PACKML_EXECUTE:
	case PACKML_UNHOLDING:
	case PACKML_UNSUSPENDING:
	case PACKML_RESETTING:
		return false;
	case PACKML_UNDEFINED:
	case PACKML_CLEARING:
	case PACKML_STOPPED:
	case PACKML_IDLE:
	case PACKML_SUSPENDED:
	case PACKML_STOPPING:
	case PACKML_ABORTING:
	case PACKML_ABORTED:
	case PACKML_HOLDING:
	case PACKML_HELD:
	case PACKML_SUSPENDING:
	case PACKML_COMPLETING:
	case PACKML_COMPLETE:
	case PACKML_STATE_COUNT:
		break;
	}
	return true;
}

void
station_set_reason(struct station *station, const struct fault *reason)
{
	const struct station_link *link = &station->link;

	if (reason != station->reason) {
		station->reason_since = time(NULL);
		station->reason_is_device = false;
	}
	station->reason = reason;
	if (reason && (reason == link->fault || reason == link->condition))
		station->reason_is_device = true;
}

static void
state_set(struct station *station, enum packml_state state, const struct fault *reason)
{
	station->state = state;
	station->since = time(NULL);
	station->bad_scan = NULL;
	if (!state_needs_reason(state))
		station_set_reason(station, NULL);
	else if (reason)
		station_set_reason(station, reason);
	else if (state == PACKML_IDLE)
		station_set_reason(station, fault_of("idle"));
	else if (!station->reason)
		station_set_reason(station, fault_of("operator"));
	/* Whoever lets it on has seen to it. */
	if (state == PACKML_EXECUTE)
		station->settled = NULL;
	log_event(LOG_STATION_STATE,
		&(struct log_fields){.station = station->settings->name,
			.code = packml_state_name(state),
			.detail = station->reason ? station->reason->code : NULL});
	station_wake(station);
}

int
station_command(
	struct station *station, enum packml_command command, const struct fault *reason)
{
	int next = packml_next(station->state, command);

	if (next < 0)
		return next;
	station->starts_after_reset = false;
	state_set(station, (enum packml_state)next, reason);
	/* Its end of file makes the device safe; a job that runs becomes a doubt. */
	if (command == PACKML_ABORT && station->device)
		driver_end(station->device, "aborted");
	return 0;
}

/* Whether a fault's cause is gone and nothing was under way: it only waits for a person.
 * Aborting for it would end the driver, and with it what a person could acknowledge. */
static bool
is_only_kept(const struct station *station, const struct fault *fault)
{
	return fault == station->link.fault && station->link.is_latched &&
	       station->state != PACKML_EXECUTE && station->job.phase == JOB_NONE;
}

bool
station_fault_apply(struct station *station, const struct fault *fault)
{
	enum packml_command command = PACKML_HOLD;

	switch (fault->effect) {
	case FAULT_HOLDS:
		command = PACKML_HOLD;
		break;
	case FAULT_SUSPENDS:
		command = PACKML_SUSPEND;
		break;
	case FAULT_ABORTS:
		command = is_only_kept(station, fault) ? PACKML_HOLD : PACKML_ABORT;
		break;
	}
	return station_command(station, command, fault) == 0;
}

void
station_link_changed(struct station *station)
{
	const struct fault *fault = station_link_fault(station);

	/* A person has gone on from this one; what comes of it is not known yet. */
	if (fault && station->link.is_latched && station->link.is_acknowledging)
		return;
	if (fault) {
		if (station_fault_apply(station, fault))
			log_event(LOG_STATION_FAULT,
				&(struct log_fields){.station = station->settings->name,
					.code = fault->code});
	} else if (!station->link.fault && station->state == PACKML_SUSPENDED &&
		   station->reason && strcmp(station->reason->code, "busy") == 0) {
		state_set(station, PACKML_UNSUSPENDING, NULL);
	}
	station_wake(station);
}

const struct fault *
station_bar(const struct station *station)
{
	const struct recipe *recipe = station->recipe;
	const char *code;

	if (station->set->bar)
		return station->set->bar;
	code = recipe && recipe->bar ? recipe->bar(station) : NULL;
	if (!code && station_lacks_operator(station))
		code = "nobody-here";
	return code ? fault_of(code) : NULL;
}

/* Something stands against going on: the station holds, suspends or aborts for it. */
static bool
is_kept_back(struct station *station)
{
	const struct fault *bar = station_bar(station);

	return (bar && station_fault_apply(station, bar)) ||
	       (station->link.fault && station_fault_apply(station, station->link.fault));
}

/* Whether what an acting state does is done.  May change the state. */
static bool
acting_is_done(struct station *station)
{
	switch (station->state) {
	case PACKML_STARTING:
	case PACKML_UNHOLDING:
	case PACKML_UNSUSPENDING:
		if (station->link.is_acknowledging)
			return false;
		if (is_kept_back(station))
			return false;
		return !station_has_device(station) || station->link.is_known;
	case PACKML_STOPPING:
	case PACKML_HOLDING:
	case PACKML_SUSPENDING:
	case PACKML_ABORTING:
	case PACKML_COMPLETING:
		return station_job_settle(
			station, station->reason ? station->reason->code : "cancelled");
	case PACKML_CLEARING:
	case PACKML_RESETTING:
		return !station->link.is_acknowledging;
	case PACKML_UNDEFINED:
	case PACKML_STOPPED:
	case PACKML_IDLE:
	case PACKML_SUSPENDED:
	case PACKML_EXECUTE:
	case PACKML_ABORTED:
	case PACKML_HELD:
	case PACKML_COMPLETE:
	case PACKML_STATE_COUNT:
		break;
	}
	return false;
}

/* Tells the recipe one thing that it does not know yet; false: it knows all. */
static bool
recipe_tell(struct station *station)
{
	const struct recipe *recipe = station->recipe;
	bool executes = station->state == PACKML_EXECUTE;
	bool up = station_answers(station);

	if (station->told_execute && !executes) {
		station->told_execute = false;
		if (recipe && recipe->on_pause)
			recipe->on_pause(station);
		return true;
	}
	if (station_has_device(station) && station->told_up != up) {
		station->told_up = up;
		if (recipe && recipe->on_link)
			recipe->on_link(station, up);
		return true;
	}
	if (!station->told_execute && executes) {
		station->told_execute = true;
		if (recipe && recipe->on_execute)
			recipe->on_execute(station);
		return true;
	}
	return false;
}

/* One step; false: nothing is to be done until something happens. */
static bool
station_step(struct station *station)
{
	enum packml_state before = station->state;

	if (station->state != PACKML_EXECUTE && recipe_tell(station))
		return true;
	/* No suspension leads out of the states on the way to Execute: it comes here. */
	if (station->state == PACKML_EXECUTE && station->set->bar &&
		station_fault_apply(station, station->set->bar))
		return true;
	if (station->state == PACKML_EXECUTE && station_lacks_operator(station) &&
		station_fault_apply(station, fault_of("nobody-here")))
		return true;
	if (station->job.is_given_up || !station_may_work(station, station->job.is_setup))
		station_job_settle(
			station, station->reason ? station->reason->code : "cancelled");
	station_job_send_queued(station);
	if (packml_is_acting(station->state) && station->state != PACKML_EXECUTE &&
		acting_is_done(station)) {
		state_set(station,
			(enum packml_state)packml_next(station->state, PACKML_DONE),
			NULL);
		return true;
	}
	if (station->state == PACKML_IDLE && station->starts_after_reset)
		return station_command(station, PACKML_START, NULL) == 0;
	return recipe_tell(station) || station->state != before;
}

void
station_turn(struct station *station)
{
	int steps = 0;

	while (!station->set->is_closing && steps++ < STEPS_MAX && station_step(station))
		continue;
	if (steps > STEPS_MAX)
		station_wake(station);
}
