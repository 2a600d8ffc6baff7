/* SPDX-License-Identifier: MIT */
/* Commands of the state model that a person gives. */
#include "config.h"
#include "daemon/station_inner.h"
#include <string.h>

/*
 * What keeps an aborted station from being cleared.  The abort has ended the driver:
 * until the next one has asked the device, a stop that was pressed is taken for pressed.
 */
static const struct fault *
fault_until_clear(const struct station *station)
{
	const struct fault *fault = station->link.fault;

	if (!fault && !station->link.is_known && station->reason &&
		strcmp(station->reason->code, "e-stop") == 0)
		fault = station->reason;
	return fault && fault->effect == FAULT_ABORTS ? fault : NULL;
}

/* What is so at a device that is ready, and lets nobody go on: whatever opens it, and
 * what the station is held for. */
static const struct fault *
condition_in_the_way(const struct station *station)
{
	static const char *const openings[] = {"door-open", "e-stop", "interlock"};
	const struct fault *condition = station->link.condition;

	if (!condition || condition == station->reason)
		return condition;
	for (size_t i = 0; i < sizeof(openings) / sizeof(openings[0]); i++)
		if (strcmp(condition->code, openings[i]) == 0)
			return condition;
	return NULL;
}

/* A fault that stands in the way of going on; NULL: none. */
static const struct fault *
fault_in_the_way(const struct station *station, enum packml_command command)
{
	const struct fault *fault = station->link.fault, *bar = station_bar(station);
	bool leads_on = command == PACKML_START || command == PACKML_UNHOLD ||
			command == PACKML_UNSUSPEND;

	if (leads_on && bar)
		return bar;
	if (station_can_acknowledge(station))
		return NULL;
	switch (command) {
	case PACKML_UNHOLD:
		return fault ? fault : condition_in_the_way(station);
	case PACKML_UNSUSPEND:
		return fault;
	case PACKML_CLEAR:
		return fault_until_clear(station);
	case PACKML_DONE:
	case PACKML_RESET:
	case PACKML_START:
	case PACKML_STOP:
	case PACKML_HOLD:
	case PACKML_SUSPEND:
	case PACKML_ABORT:
	case PACKML_FINISH:
	case PACKML_COMMAND_COUNT:
		break;
	}
	return NULL;
}

/* Start takes a stopped station all the way: through reset and Idle to Execute. */
static enum packml_command
first_command(const struct station *station, enum packml_command command)
{
	bool rests =
		station->state == PACKML_STOPPED || station->state == PACKML_COMPLETE;

	return command == PACKML_START && rests ? PACKML_RESET : command;
}

int
station_order_check(const struct station *station, enum packml_command command,
	const struct fault **why)
{
	int next = packml_next(station->state, first_command(station, command));

	*why = NULL;
	if (station->set->is_stopping)
		*why = fault_of("service-stop");
	else if (next > 0)
		*why = fault_in_the_way(station, command);
	return next < 0 || *why ? KE_BAD_STATE : 0;
}

/* A person says with these that the station is clear. */
static bool
command_acknowledges(enum packml_command command)
{
	return command == PACKML_UNHOLD || command == PACKML_UNSUSPEND ||
	       command == PACKML_START || command == PACKML_CLEAR ||
	       command == PACKML_RESET;
}

int
station_order(
	struct station *station, enum packml_command command, const struct fault **why)
{
	enum packml_command first = first_command(station, command);
	int error = station_order_check(station, command, why);

	if (error == 0)
		error = station_command(station, first,
			fault_of(command == PACKML_ABORT ? "aborted" : "operator"));
	if (error != 0)
		return error;
	if (command_acknowledges(command) && station_can_acknowledge(station))
		station_acknowledge(station);
	station->starts_after_reset = first != command;
	station->suspended_by_person = command == PACKML_SUSPEND;
	return 0;
}

/* A laser that is not enabled yet is waited for by its driver. */
const struct fault *
station_setup_fault(const struct station *station)
{
	const struct fault *fault = station->link.fault, *bar = station_bar(station);

	if (bar)
		return bar;
	if (fault && station->link.is_latched)
		return fault_of("fault-latched");
	if (!fault && station->link.condition &&
		strcmp(station->link.condition->code, "laser-off") != 0)
		fault = station->link.condition;
	return fault;
}

int
station_setup_check(const struct station *station)
{
	if (!station->recipe || !station->recipe->on_setup || !station->device)
		return KE_NOT_FOUND;
	if (!station_may_work(station, true) || station->job.phase != JOB_NONE ||
		station->link.fault || station_setup_fault(station) ||
		station->set->is_stopping)
		return KE_BAD_STATE;
	return 0;
}

int
station_setup(struct station *station)
{
	int error = station_setup_check(station);

	if (error != 0)
		return error;
	/* Its mark is no wallet's. */
	station_set_wallet(station, NULL);
	station->in_setup = true;
	error = station->recipe->on_setup(station);
	station->in_setup = false;
	return error;
}

int
station_typed_check(const struct station *station)
{
	if (!station->recipe || !station->recipe->on_typed)
		return KE_NOT_FOUND;
	return station->state == PACKML_EXECUTE && station->told_execute ? 0
									 : KE_BAD_STATE;
}

void
station_typed_wait(struct station *station)
{
	station->typed_waits = station->typed_is_given;
}

void
station_typed_end(struct station *station)
{
	void (*end)(void *, struct station *) = station->typed_end;

	if (!station->typed_waits || station->typed_is_given)
		return;
	station->typed_waits = false;
	station->typed_end = NULL;
	if (end)
		end(station->typed_context, station);
}

int
station_typed(struct station *station, const char *serial, const char *address_end,
	void (*end)(void *context, struct station *station), void *context)
{
	int error = station_typed_check(station);

	if (error == 0 && station->typed_waits)
		error = KE_BUSY;
	if (error != 0)
		return error;
	station->bad_scan = NULL;
	station->typed_is_given = true;
	error = station->recipe->on_typed(station, serial, address_end);
	station->typed_is_given = false;
	if (error != 0) {
		station->typed_waits = false;
		return error;
	}
	if (station->typed_waits) {
		station->typed_end = end;
		station->typed_context = context;
	} else {
		end(context, station);
	}
	return 0;
}
