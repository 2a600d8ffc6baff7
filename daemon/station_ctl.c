/* SPDX-License-Identifier: MIT */
/* The commands `station ...`. */
#include "config.h"
#include "daemon/keylined.h"
#include "daemon/station_inner.h"
#include "daemon/station_show.h"
#include <stdio.h>
#include <string.h>

enum { TEXT_BYTES = 512 };

static void
list_answer(struct ctl_call *call, void *context)
{
	const struct keylined *keylined = context;
	size_t i;

	for (i = 0; i < station_set_count(keylined->stations); i++)
		ctl_call_answer(
			call, station_show(station_set_at(keylined->stations, i)));
	ctl_call_end(call, CTL_EXIT_OK);
}

/* The station that the call names; NULL: the call has been answered. */
static struct station *
station_of(struct ctl_call *call, struct keylined *keylined)
{
	static const struct ctl_telling telling = {"NOT FOUND",
		"There is no station of this name on this host.",
		"See their names with:  keylinectl station list", NULL};
	struct station *station =
		station_set_find(keylined->stations, ctl_call_text(call, "station"));

	if (!station)
		ctl_call_fail(call, KE_NOT_FOUND, &telling);
	return station;
}

/* The state is another one, or a fault stands in the way. */
static void
refuse(struct ctl_call *call, const struct station *station, int error,
	const struct fault *why)
{
	char status[TEXT_BYTES], see[TEXT_BYTES];
	const struct fault *fault = why ? why : station->reason;
	struct ctl_telling telling = {.state = packml_state_name(station->state)};

	if (why)
		snprintf(status, sizeof(status), "%s: %s", station->settings->name,
			why->status);
	else if (error == KE_BAD_STATE)
		snprintf(status, sizeof(status),
			"%s is in state %s; there `%s' does nothing.",
			station->settings->name, telling.state,
			ctl_call_request(call)->command);
	else
		snprintf(status, sizeof(status), "%s: %s.", station->settings->name,
			error_text(error));
	telling.status = status;
	if (fault) {
		snprintf(see, sizeof(see), "keyline-alarms(7), %s", fault->code);
		telling.action = fault->action;
		telling.see = see;
	}
	ctl_call_fail(call, error, &telling);
}

static void
answer_station(struct ctl_call *call, const struct station *station)
{
	ctl_call_answer(call, station_show(station));
	ctl_call_end(call, CTL_EXIT_OK);
}

/* "station unhold" -> PACKML_UNHOLD */
static void
order_answer(struct ctl_call *call, void *context)
{
	struct station *station = station_of(call, context);
	const char *word = strrchr(ctl_call_request(call)->command, ' ');
	enum packml_command command;
	const struct fault *why = NULL;
	int error;

	if (!station)
		return;
	error = packml_command_from_name(&command, word ? word + 1 : "");
	if (error == 0)
		error = ctl_call_is_dry_run(call)
				? station_order_check(station, command, &why)
				: station_order(station, command, &why);
	if (error != 0) {
		refuse(call, station, error, why);
		return;
	}
	/* What follows at once should show in the answer. */
	if (!ctl_call_is_dry_run(call))
		station_turn(station);
	answer_station(call, station);
}

/* What leads from a state to one in which a setup part may be made. */
static void
setup_way(char *out, size_t size, const struct station *station)
{
	static const char *const ways[PACKML_STATE_COUNT] = {
		[PACKML_STOPPED] = "reset", [PACKML_COMPLETE] = "reset",
		[PACKML_HELD] = "stop reset", [PACKML_ABORTED] = "clear reset"};
	const char *way = ways[station->state], *name = station->settings->name;
	size_t used = 0;

	if (!way) {
		snprintf(out, size, "Wait until the station is at rest or its job has "
				    "ended, then give the command again.");
		return;
	}
	for (used += (size_t)snprintf(out, size, "Run:"); *way != '\0' && used < size;
		way += strcspn(way, " "), way += *way == ' ')
		used += (size_t)snprintf(out + used, size - used,
			"  keylinectl station %.*s %s  and:", (int)strcspn(way, " "), way,
			name);
	if (used < size)
		snprintf(out + used, size - used, "  keylinectl station setup %s", name);
}

static void
setup_refuse(struct ctl_call *call, const struct station *station, int error)
{
	struct ctl_telling telling = {.state = packml_state_name(station->state)};
	char status[TEXT_BYTES], action[TEXT_BYTES];

	if (error != KE_BAD_STATE || station->link.fault) {
		refuse(call, station, error, station->link.fault);
		return;
	}
	snprintf(status, sizeof(status), "%s is %s; a setup part is not made there.",
		station->settings->name,
		station_is_busy(station) ? "at work" : telling.state);
	setup_way(action, sizeof(action), station);
	telling.status = status;
	telling.action = action;
	ctl_call_fail(call, error, &telling);
}

static void
setup_answer(struct ctl_call *call, void *context)
{
	struct station *station = station_of(call, context);
	int error = 0;

	if (!station)
		return;
	error = ctl_call_is_dry_run(call) ? station_setup_check(station)
					  : station_setup(station);
	if (error != 0)
		setup_refuse(call, station, error);
	else
		answer_station(call, station);
}

static void
scan_answer(struct ctl_call *call, void *context)
{
	struct station *station = station_of(call, context);
	int error = 0;

	if (!station)
		return;
	if (!ctl_call_is_dry_run(call))
		error = station_typed(station, ctl_call_text(call, "serial"),
			ctl_call_text(call, "address_end"));
	if (error != 0)
		refuse(call, station, error, NULL);
	else
		answer_station(call, station);
}

const struct ctl_command station_commands[] = {
	{"station list", CTL_VIEWER, false, "", list_answer},
	{"station start", CTL_SUPERVISOR, true, "station", order_answer},
	{"station stop", CTL_SUPERVISOR, true, "station", order_answer},
	{"station hold", CTL_SUPERVISOR, true, "station", order_answer},
	{"station unhold", CTL_SUPERVISOR, true, "station", order_answer},
	{"station suspend", CTL_SUPERVISOR, true, "station", order_answer},
	{"station unsuspend", CTL_SUPERVISOR, true, "station", order_answer},
	{"station abort", CTL_SUPERVISOR, true, "station", order_answer},
	{"station clear", CTL_SUPERVISOR, true, "station", order_answer},
	{"station reset", CTL_SUPERVISOR, true, "station", order_answer},
	{"station setup", CTL_SUPERVISOR, true, "station", setup_answer},
	{"station scan", CTL_SUPERVISOR, true, "station serial address_end?",
		scan_answer},
	{NULL, CTL_VIEWER, false, NULL, NULL},
};
