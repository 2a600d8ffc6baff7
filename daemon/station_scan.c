/* SPDX-License-Identifier: MIT */
/* What scanners say; and how a status line of any driver is read. */
#include "config.h"
#include "daemon/log.h"
#include "daemon/station_inner.h"
#include "daemon/station_operator.h"
#include <string.h>

static uint64_t
number_or(const struct line *line, const char *key, uint64_t other)
{
	uint64_t number;

	return line_number(&number, line, key, UINT64_MAX) == 0 ? number : other;
}

/* The row of a code that may be absent or not in our table. */
static const struct fault *
fault_or(const char *code, const char *other)
{
	const struct fault *fault = fault_of(code);

	return fault == fault_of(NULL) ? fault_of(other) : fault;
}

bool
station_link_read(struct station_link *link, const struct line *line)
{
	const char *state = line_value(line, "state"), *code = line_value(line, "code");

	if (!state)
		return false;
	link->condition = NULL;
	link->is_latched = number_or(line, "latched", 0) == 1;
	if (strcmp(state, "ready") == 0) {
		station_link_set_fault(link, NULL);
		if (code && strcmp(code, "none") != 0)
			link->condition = fault_of(code);
		/* What aborts a station does so too while no job is at the device. */
		if (link->condition && link->condition->effect == FAULT_ABORTS)
			station_link_set_fault(link, link->condition);
	} else if (strcmp(state, "busy") == 0)
		station_link_set_fault(link, fault_of("busy"));
	else if (strcmp(state, "fault") == 0)
		station_link_set_fault(link, fault_or(code, "unknown"));
	else if (strcmp(state, "offline") == 0)
		station_link_set_fault(link, fault_or(code, "offline"));
	else
		return false;
	link->is_known = true;
	link->is_fresh = true;
	link->is_resting = false;
	link->ok = number_or(line, "ok", link->ok);
	link->errors = number_or(line, "errors", link->errors);
	link->retries = number_or(line, "retries", link->retries);
	link->latency_us = number_or(line, "latency_us", link->latency_us);
	return true;
}

static void
scan_ignore(const struct station *station, const char *code)
{
	log_event(LOG_SCAN_IGNORED,
		&(struct log_fields){.station = station->settings->name, .code = code});
}

/* Told until a scan is taken. */
void
station_scan_ignored(struct station *station, const char *code)
{
	scan_ignore(station, code);
	station->bad_scans++;
	if (station->state != PACKML_EXECUTE)
		return;
	station->bad_scan = fault_of(code);
	station->bad_scan_at = time(NULL);
}

void
station_scanner_line(void *context, const struct line *line)
{
	struct station *station = context;
	const char *value = line_value(line, "value");

	if (strcmp(line->verb, "status") == 0 &&
		station_link_read(&station->scanner_link, line)) {
		if (station->scanner_link.condition)
			station_scan_ignored(
				station, station->scanner_link.condition->code);
		return;
	}
	if (strcmp(line->verb, "scan") != 0 || !value) {
		driver_end(station->scanner, "bad-line");
		return;
	}
	/* In every state, and before anything else: it is no part's. */
	if (operator_badge_is_meant(value)) {
		station_badge_read(station, value);
		return;
	}
	/* Execute may be left in a moment: the recipe must not hear what comes after. */
	if (station->state != PACKML_EXECUTE || !station->told_execute)
		scan_ignore(station, packml_state_name(station->state));
	else if (station->recipe && station->recipe->on_scan) {
		station->scans++;
		station->bad_scan = NULL;
		station->recipe->on_scan(station, value);
	}
	station_wake(station);
}

void
station_scanner_up(void *context)
{
	struct station *station = context;

	station->scanner_link.is_fresh = false;
}

void
station_scanner_down(void *context, const char *code)
{
	struct station *station = context;

	station->scanner_link.is_fresh = false;
	station->scanner_link.fault = fault_of(code);
}
