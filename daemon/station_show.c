/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "daemon/station_show.h"
#include "daemon/station_inner.h"
#include "proto/utc.h"
#include <stdlib.h>
#include <string.h>

/* An object, and the longest texts about it. */
enum { TEXT_BYTES = 1024 };

/* An impossible time is told as none. */
static void
time_text(char out[UTC_SIZE], time_t when)
{
	if (utc_format(out, when) != 0)
		out[0] = '\0';
}

static int
compare(const void *a, const void *b)
{
	unsigned left, right;

	memcpy(&left, a, sizeof(left));
	memcpy(&right, b, sizeof(right));
	return (left > right) - (left < right);
}

/* The median of the last cycles; 0: none. */
static unsigned
cycle_median(const struct station_cycles *cycles)
{
	unsigned sorted[STATION_CYCLES];
	size_t count = cycles->count < STATION_CYCLES ? cycles->count : STATION_CYCLES;

	if (count == 0)
		return 0;
	memcpy(sorted, cycles->ring, count * sizeof(sorted[0]));
	qsort(sorted, count, sizeof(sorted[0]), compare);
	return sorted[count / 2];
}

/* Only an etcher's driver counts. */
static json_t *
link_show(const struct station *station)
{
	const struct station_link *link = &station->link;

	if (station->settings->kind != SETTINGS_KIND_ETCH)
		return NULL;
	return json_pack("{s:I, s:I, s:I, s:I}", "ok", (json_int_t)link->ok, "errors",
		(json_int_t)link->errors, "retries", (json_int_t)link->retries,
		"latency_us", (json_int_t)link->latency_us);
}

json_t *
station_show(const struct station *station)
{
	const struct fault *reason =
		station->reason ? station->reason : station_waits_for(station);
	const char *wants = station->state == PACKML_EXECUTE && station->recipe->wants
				    ? station->recipe->wants(station)
				    : "";
	char since[UTC_SIZE];

	time_text(since, station->since);
	return json_pack(
		"{s:s, s:s, s:s, s:s, s:s, s:s, s:i, s:i, s:i, s:i, s:i, s:i, s:i, s:s, s:s, "
		"s:s, s:s, s:o*}",
		"type", "station", "name", station->settings->name, "kind",
		settings_kind_name(station->settings->kind), "operator",
		station->shift.who, "state",
		packml_state_name(station->state), "wallet", station->wallet, "cycle_ms",
		(int)station->cycles.last_ms, "cycle_median_ms",
		(int)cycle_median(&station->cycles), "cycles", (int)station->cycles.count,
		"good", (int)station->good, "spoiled", (int)station->spoiled, "scans",
		(int)station->scans, "bad_scans", (int)station->bad_scans, "condition",
		station->link.condition ? station->link.condition->reason : "", "reason",
		reason ? reason->reason : wants, "code", reason ? reason->code : "", "since",
		since, "link", link_show(station));
}

bool
station_is_stopped(const struct station *station)
{
	return station->state == PACKML_STOPPED;
}

json_t *
fault_show(const char *state, const char *about, const struct fault *fault,
	const char *then, time_t since)
{
	char status[TEXT_BYTES], action[TEXT_BYTES], see[TEXT_BYTES];
	char when[UTC_SIZE];

	time_text(when, since);
	snprintf(status, sizeof(status), "%s: %s", about, fault->status);
	fault_say_action(action, sizeof(action), fault, then);
	snprintf(see, sizeof(see), "keyline-alarms(7), %s", fault->code);
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "type", "fault",
		"state", state, "status", status, "action", action, "see", see, "since",
		when, "about", about, "code", fault->code);
}

void
station_show_then(char *out, size_t size, const struct station *station)
{
	const char *name = station->settings->name;

	char first[RECIPE_TELL_BYTES] = "", then[TEXT_BYTES / 4] = "";

	out[0] = '\0';
	/* Nothing is gone on with before that is mended. */
	if (station->set->bar)
		return;
	if (station->recipe && station->recipe->bar_action)
		station->recipe->bar_action(first, station);
	if (station->state == PACKML_HELD || station->state == PACKML_HOLDING)
		snprintf(then, sizeof(then), "keylinectl station unhold %s", name);
	else if (station->state == PACKML_ABORTED || station->state == PACKML_ABORTING)
		snprintf(then, sizeof(then),
			"keylinectl station clear %s  and:  keylinectl station start %s",
			name, name);
	if (first[0])
		snprintf(out, size, "Two persons run:  %s%s%s", first,
			then[0] ? "  Only after that run:  " : "", then);
	else if (then[0])
		snprintf(out, size, "Then run:  %s", then);
}

void
station_show_more(char out[RECIPE_TELL_BYTES], const struct station *station)
{
	out[0] = '\0';
	if (station->recipe && station->recipe->explain)
		station->recipe->explain(out, station);
}

/* What the device says of the fault now: *told has other words where it is not there. */
static void
tell_now(struct fault *told, char status[TEXT_BYTES], const struct station *station,
	const struct fault *fault)
{
	const struct fault *kept = fault_of("fault-latched");

	if (station->link.is_latched && fault == station->link.fault) {
		snprintf(status, TEXT_BYTES, "%s It was: %s (%s).", kept->status,
			fault->reason, fault->code);
		told->status = status;
		told->action = kept->action;
		/* The one that holds the station keeps its name. */
		if (fault != station->reason)
			told->code = kept->code;
	} else if (fault == station->reason && station_reason_is_over(station)) {
		snprintf(status, TEXT_BYTES, "%s That is over: the device reports it no more.",
			fault->status);
		told->status = status;
	}
}

/* The wallet's own alarm says why it is in doubt; its station says what stands in it. */
static void
tell_doubt(struct fault *told, const struct station *station)
{
	bool prints = station->settings->kind == SETTINGS_KIND_PRINT;

	if (strcmp(told->code, "in-doubt") != 0)
		return;
	told->status = prints ? "It is not known whether its last wallet was printed."
			      : "It is not known whether its last wallet was marked.";
	told->action = prints ? "Look for its two layers." : "Look at its part.";
}

/* A part in doubt is never scanned again, and stays where it is. */
static void
tell_part(struct fault *told, char action[TEXT_BYTES], const struct station *station)
{
	const char *after = strstr(told->action, " Afterwards ");
	const char *bar = station->recipe && station->recipe->bar
				  ? station->recipe->bar(station)
				  : NULL;

	if (!bar || strcmp(bar, "in-doubt") != 0)
		return;
	if (strcmp(told->code, "no-part") == 0) {
		told->action = "Look for its part, and leave it where it is.";
	} else if (after) {
		snprintf(action, TEXT_BYTES, "%.*s", (int)(after - told->action),
			told->action);
		told->action = action;
	}
}

static size_t
show_at(json_t *array, const struct station *station, const struct fault *fault,
	const char *then, time_t since)
{
	json_t *object = fault_show(packml_state_name(station->state),
		station->settings->name, fault, then, since);

	return json_array_append_new(array, object) == 0;
}

static size_t
show_one(json_t *array, const struct station *station, const struct fault *fault,
	time_t since)
{
	char then[TEXT_BYTES / 2], more[RECIPE_TELL_BYTES] = "";
	char status[TEXT_BYTES], now[TEXT_BYTES], action[TEXT_BYTES];
	struct fault told = *fault;

	tell_now(&told, now, station, fault);
	tell_doubt(&told, station);
	tell_part(&told, action, station);
	station_show_then(then, sizeof(then), station);
	if (fault == station->reason)
		station_show_more(more, station);
	snprintf(status, sizeof(status), "%.*s%s", TEXT_BYTES - RECIPE_TELL_BYTES - 1,
		told.status, more);
	told.status = status;
	return show_at(array, station, &told, then[0] ? then : NULL, since);
}

size_t
station_show_faults(const struct station *station, json_t *array)
{
	const struct fault *link = station->link.fault, *reason = NULL;
	bool is_told;
	size_t count = 0;

	if (station->state == PACKML_HELD || station->state == PACKML_HOLDING ||
		station->state == PACKML_ABORTED || station->state == PACKML_ABORTING)
		reason = station->reason;
	/* Nobody else should have work for a device of this line. */
	if (station->state == PACKML_SUSPENDED && link == station->reason &&
		station_link_is_busy(&station->link))
		reason = link;
	/* What waits for a person's hand. */
	if (station->state == PACKML_SUSPENDED &&
		(station->reason == fault_of("nobody-here") ||
			station->reason == fault_of("blocked")))
		reason = station->reason;
	/* Also where it holds nothing: a Stopped station whose device is away.  What is so now
	 * comes before what was. */
	is_told = !link || link == reason || link->effect == FAULT_SUSPENDS;
	if (!is_told && reason && station_reason_is_over(station)) {
		count += show_one(array, station, link, station->link.fault_since);
		is_told = true;
	}
	if (reason)
		count += show_one(array, station, reason, station->reason_since);
	if (!is_told)
		count += show_one(array, station, link, station->link.fault_since);
	if (station->settled)
		count += show_at(
			array, station, station->settled, NULL, station->settled_at);
	if (station->bad_scan)
		count += show_at(
			array, station, station->bad_scan, NULL, station->bad_scan_at);
	if (station->scanner_link.fault)
		count += show_one(array, station, station->scanner_link.fault,
			station->scanner_link.fault_since);
	return count;
}
