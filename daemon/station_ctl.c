/* SPDX-License-Identifier: MIT */
/* The commands `station ...`. */
#include "config.h"
#include "daemon/ctl_common.h"
#include "daemon/ctl_refuse.h"
#include "daemon/host.h"
#include "daemon/host_disks.h"
#include "daemon/keylined.h"
#include "daemon/ledger_wallet.h"
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
	const char *name = ctl_call_text(call, "station");
	struct station *station = station_set_find(keylined->stations, name);

	if (!station)
		ctl_refuse_unknown(call, CTL_STATION, name);
	return station;
}

/* Stopped or Idle, and asked for what a station does at work. */
static bool
must_start(const struct ctl_call *call, const struct station *station)
{
	const char *command = ctl_call_request(call)->command;

	return (station->state == PACKML_STOPPED || station->state == PACKML_IDLE) &&
	       strcmp(command, "station stop") != 0 &&
	       strcmp(command, "station reset") != 0 &&
	       strcmp(command, "station clear") != 0;
}

/* "Close the door. Then run:  keylinectl station unhold laser1" */
static void
next_step(char out[TEXT_BYTES], const struct ctl_call *call,
	const struct station *station, const struct fault *fault)
{
	char then[TEXT_BYTES / 2];
	const struct fault *bar = station_bar(station);
	const char *folder = host_disks_folder(station_line(station));

	station_show_then(then, sizeof(then), station);
	/* No start leads on before that. */
	if (bar && must_start(call, station))
		fault = bar;
	if (fault && strcmp(fault->code, "blocked") == 0)
		snprintf(out, TEXT_BYTES, "%s", fault->action);
	else if (fault && fault == station->set->bar)
		snprintf(out, TEXT_BYTES, "%s%s%s", folder, folder[0] ? ": " : "", fault->action);
	else if (then[0] && fault)
		fault_say_action(out, TEXT_BYTES, fault, then);
	else if (then[0])
		snprintf(out, TEXT_BYTES, "%s", then);
	else if (station->state == PACKML_SUSPENDED)
		snprintf(out, TEXT_BYTES,
			"%s It goes on by itself, or run:  keylinectl station unsuspend "
			"%s",
			fault ? fault->action : "", station->settings->name);
	else if (bar && must_start(call, station))
		snprintf(out, TEXT_BYTES, "%s", bar->action);
	else if (must_start(call, station))
		snprintf(out, TEXT_BYTES, "Start it:  keylinectl station start %s",
			station->settings->name);
	else
		snprintf(out, TEXT_BYTES, "See what it does:  keylinectl station list");
}

/* The state is another one, or a fault stands in the way. */
static void
refuse(struct ctl_call *call, const struct station *station, int error,
	const struct fault *why)
{
	char status[TEXT_BYTES], action[TEXT_BYTES], see[TEXT_BYTES];
	const char *name = station->settings->name;
	struct ctl_telling telling = {packml_state_name(station->state), status, action,
		"keylinectl(1), Stations"};

	if (why) {
		snprintf(status, sizeof(status), "%s: %s", name, why->status);
		snprintf(action, sizeof(action), "%s", why->action);
		snprintf(see, sizeof(see), "keyline-alarms(7), %s", why->code);
		telling.see = see;
	} else {
		next_step(action, call, station, station->reason);
		if (error == KE_BAD_STATE)
			snprintf(status, sizeof(status),
				"%s is in state %s; there `%s' does nothing.", name,
				telling.state, ctl_call_request(call)->command);
		else
			snprintf(status, sizeof(status), "%s: %s.", name,
				error_text(error));
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

	if (error != KE_BAD_STATE || station_setup_fault(station)) {
		refuse(call, station, error, station_setup_fault(station));
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
	int error;

	if (!station)
		return;
	error = ctl_call_is_dry_run(call) ? station_setup_check(station)
					  : station_setup(station);
	if (error == KE_NOT_FOUND)
		ctl_refuse(call, KE_BAD_STATE, packml_state_name(station->state),
			"Choose a printer or an etcher:  keylinectl station list",
			"%s is a station of kind %s: it prints and marks nothing.",
			station->settings->name,
			settings_kind_name(station->settings->kind));
	else if (error != 0)
		setup_refuse(call, station, error);
	else
		answer_station(call, station);
}

/* The scan was taken, and what it said holds the station, or lets it wait. */
static void
tell_held_by_scan(struct ctl_call *call, const struct station *station)
{
	const struct fault *fault = station->reason;
	char action[TEXT_BYTES];

	next_step(action, call, station, fault);
	ctl_refuse(call, KE_BAD_STATE, packml_state_name(station->state), action,
		"This scan of %s %s %s: %s", ctl_call_text(call, "serial"),
		fault->effect == FAULT_SUSPENDS ? "suspends" : "holds",
		station->settings->name, fault->status);
}

/* What is typed like a serial and is none: the mark of a lower layer. */
static bool
is_lower_mark(const struct station *station, const char *text)
{
	struct layer_mark mark;

	return host_scan_mark(&mark, station_line(station), text) == 0 &&
	       mark.layer == LAYER_MARK_LOWER;
}

/* What was typed is not what this station takes. */
static void
refuse_typed(struct ctl_call *call, const struct station *station, int error)
{
	const char *name = station->settings->name, *serial = ctl_call_text(call, "serial");
	const char *state = packml_state_name(station->state);
	char action[TEXT_BYTES];

	if (error == KE_NOT_FOUND) {
		ctl_refuse(call, KE_BAD_STATE, state,
			"Choose one where parts are scanned:  keylinectl station list",
			"%s is a station of kind %s: nothing is scanned there.", name,
			settings_kind_name(station->settings->kind));
	} else if (error == KE_BAD_LENGTH) {
		snprintf(action, sizeof(action), "Type:  keylinectl station scan %s %s "
			"ADDRESS-END", name, serial);
		ctl_refuse(call, KE_BAD_ARGUMENT, state, action,
			"%s is an etcher: it takes the serial and the last six characters of "
			"the address on the part.", name);
	} else if (error == KE_BUSY) {
		ctl_refuse(call, KE_BAD_STATE, state, "Wait until it is done.",
			"%s has a part at work; this scan was not taken.", name);
	} else if (station->state == PACKML_EXECUTE && is_lower_mark(station, serial)) {
		ctl_refuse(call, error, state, fault_of("lower-layer")->action, "%s: %s",
			name, fault_of("lower-layer")->status);
	} else if (station->state == PACKML_EXECUTE) {
		ctl_refuse(call, error, state,
			station->settings->kind == SETTINGS_KIND_PAIR
				? "Type it as it is printed on the layer: SERIAL/L on "
				  "the lower "
				  "one, SERIAL on the upper one."
				: "Type it as it is printed on the part; its last "
				  "character "
				  "checks the others.",
			"%.60s is not a serial of this line.", serial);
	} else {
		refuse(call, station, error, NULL);
	}
}

/* What became of what was typed: "AA0000008: paired". */
static json_t *
scan_told(const struct ctl_call *call, const struct station *station)
{
	struct host *host = station_line(station);
	const char *serial = ctl_call_text(call, "serial");
	struct ledger_wallet wallet;
	json_t *object = station_show(station);
	char told[RECIPE_TELL_BYTES] = "";

	if (station->recipe->tell)
		station->recipe->tell(told, station);
	else if (ledger_wallet_get(&wallet, host->ledger, serial) == 0)
		snprintf(told, sizeof(told), "%s: %s", serial,
			wallet_state_name(wallet.state));
	if (told[0] == '\0')
		return object;
	if (object && json_object_set_new(object, "told", json_string(told)) != 0)
		return object;
	return object;
}

static void
scan_ended(void *context, struct station *station)
{
	struct ctl_call *call = context;

	if (station->state != PACKML_EXECUTE && station->reason) {
		tell_held_by_scan(call, station);
	} else if (station->bad_scan) {
		ctl_refuse(call, KE_BAD_STATE, packml_state_name(station->state),
			station->bad_scan->action, "%s: %s", station->settings->name,
			station->bad_scan->status);
	} else {
		ctl_call_answer(call, scan_told(call, station));
		ctl_call_end(call, CTL_EXIT_OK);
	}
}

static void
scan_answer(struct ctl_call *call, void *context)
{
	struct station *station = station_of(call, context);
	int error;

	if (!station)
		return;
	error = station_typed_check(station);
	if (error == 0 && !ctl_call_is_dry_run(call)) {
		error = station_typed(station, ctl_call_text(call, "serial"),
			ctl_call_text(call, "address_end"), scan_ended, call);
		/* scan_ended() has answered, or will. */
		if (error == 0)
			return;
		if (error == KE_BAD_STATE && station->reason) {
			tell_held_by_scan(call, station);
			return;
		}
	}
	if (error != 0)
		refuse_typed(call, station, error);
	else
		answer_station(call, station);
}

static void
rearm_answer(struct ctl_call *call, void *context)
{
	struct station *station = station_of(call, context);

	if (station)
		ctl_rearm(call, station);
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
	{"station rearm", CTL_SUPERVISOR, true, "station reason", rearm_answer},
	{"station scan", CTL_SUPERVISOR, true, "station serial address_end?",
		scan_answer},
	{NULL, CTL_VIEWER, false, NULL, NULL},
};
