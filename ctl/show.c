/* SPDX-License-Identifier: MIT */
/* The line, its faults and stations, and what changing commands answer. */
#include "config.h"
#include "ctl/show.h"
#include "ctl/show_parts.h"
#include "ctl/style.h"
#include "ctl/when.h"

#include <stdio.h>
#include <string.h>

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

static const struct table_column station_columns[] = {
	{"STATION", "name", CELL_TEXT, false},
	{"KIND", "kind", CELL_TEXT, false},
	{"STATE", "state", CELL_STATE, false},
	{"WHO", "operator", CELL_TEXT, true},
	{"WALLET", "wallet", CELL_TEXT, false},
	{"CYCLE", "cycle_ms", CELL_CYCLE, false},
	{"GOOD", "good", CELL_NUMBER, false},
	{"SPOILED", "spoiled", CELL_NUMBER, false},
	{"REASON", "reason", CELL_WRAPPED, true},
};

static const struct table_column station_link_columns[] = {
	{"STATION", "name", CELL_TEXT, false},
	{"KIND", "kind", CELL_TEXT, false},
	{"STATE", "state", CELL_STATE, false},
	{"WHO", "operator", CELL_TEXT, true},
	{"WALLET", "wallet", CELL_TEXT, false},
	{"CYCLE", "cycle_ms", CELL_CYCLE, false},
	{"GOOD", "good", CELL_NUMBER, false},
	{"SPOILED", "spoiled", CELL_NUMBER, false},
	{"LINK OK", "link.ok", CELL_NUMBER, true},
	{"ERRORS", "link.errors", CELL_NUMBER, true},
	{"RETRIES", "link.retries", CELL_NUMBER, true},
	{"µs", "link.latency_us", CELL_NUMBER, true},
	{"REASON", "reason", CELL_WRAPPED, true},
};

static const char *
text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

static void
show_fault_line(const struct style *style, const char *name, const json_t *fault)
{
	const char *text = text_of(fault, name);

	if (!text[0])
		return;
	fprintf(style->out, "%7s: ", name);
	style_print(
		style, strcmp(name, "state") == 0 ? style_tone(text) : TONE_PLAIN, text);
	if (strcmp(name, "status") == 0)
		show_since(style, text_of(fault, "since"));
	putc('\n', style->out);
}

void
show_since(const struct style *style, const char *since)
{
	char clock[WHEN_SIZE], span[WHEN_SIZE];
	time_t time;

	if (!when_parse(&time, since))
		return;
	when_clock(clock, time, style->now);
	when_duration(span, (long long)(style->now - time));
	fprintf(style->out, " (since %s, %s)", clock, span);
}

void
show_fault(const json_t *fault, const struct style *style)
{
	static const char *const names[] = {"state", "status", "action", "see"};

	for (size_t i = 0; i < COUNT(names); i++)
		show_fault_line(style, names[i], fault);
}

const json_t *
show_first(const json_t *objects, const char *type)
{
	const json_t *object;
	size_t index;

	json_array_foreach(objects, index, object)
	{
		if (strcmp(text_of(object, "type"), type) == 0)
			return object;
	}
	return NULL;
}

struct style
show_style(const json_t *objects, const struct style *style)
{
	struct style known = *style;
	const json_t *line = show_first(objects, "line");

	if (line)
		when_parse(&known.now, text_of(line, "now"));
	return known;
}

/* "line us-1   DEGRADED   mode usa (generate, etch)   TEST   up 6 d 4 h" */
static void
show_line(const json_t *line, const struct style *style)
{
	char text[CELL_SIZE];

	fputs("line ", style->out);
	style_print(style, TONE_PLAIN, text_of(line, "host"));
	fputs("   ", style->out);
	style_print(style, style_tone(text_of(line, "state")), text_of(line, "state"));
	fputs("   mode ", style->out);
	style_print(style, TONE_PLAIN, text_of(line, "mode"));
	table_cell(text, line, "stages", CELL_TEXT, style);
	if (text[0])
		fprintf(style->out, " (%s)", text);
	if (strcmp(text_of(line, "use"), "test") == 0)
		fputs("   TEST, not for sale", style->out);
	table_cell(text, line, "uptime_s", CELL_DURATION, style);
	if (text[0])
		fprintf(style->out, "   up %s", text);
	putc('\n', style->out);
}

void
show_status(const struct answer *answer, const struct style *given)
{
	struct style style = show_style(answer->objects, given);
	const json_t *object;
	size_t index;

	json_array_foreach(answer->objects, index, object)
	{
		if (strcmp(text_of(object, "type"), "line") == 0)
			show_line(object, &style);
	}
	json_array_foreach(answer->objects, index, object)
	{
		if (strcmp(text_of(object, "type"), "fault") != 0)
			continue;
		putc('\n', style.out);
		show_fault(object, &style);
	}
	if (table_has(answer->objects, "station")) {
		putc('\n', style.out);
		table_print(&style, answer->objects, "station", station_columns,
			COUNT(station_columns));
	}
	if (table_has(answer->objects, "batch")) {
		putc('\n', style.out);
		show_batch_table(answer->objects, &style);
	}
}

void
show_stations(const struct answer *answer, const struct style *style)
{
	if (!table_has(answer->objects, "station"))
		fputs("no stations\n", stderr);
	table_print(style, answer->objects, "station", station_link_columns,
		COUNT(station_link_columns));
}

/* What an object is called, by its type. */
static const char *
name_of(const json_t *object)
{
	static const char *const keys[] = {"serial", "person", "name", "batch", "kind"};

	for (size_t i = 0; i < COUNT(keys); i++)
		if (text_of(object, keys[i])[0])
			return text_of(object, keys[i]);
	return text_of(object, "type");
}

/* What is signed is shown when it is. */
static bool
is_told_elsewhere(const json_t *object)
{
	static const char *const types[] = {"balance", "approval", "list"};

	for (size_t i = 0; i < COUNT(types); i++)
		if (strcmp(text_of(object, "type"), types[i]) == 0)
			return true;
	return false;
}

/* "AA0000016: spoiled, destroyed" */
static void
show_changed_state(const struct style *style, const json_t *object)
{
	char state[CELL_SIZE];

	table_cell(state, object, "state", CELL_STATE, style);
	if (!state[0])
		return;
	fputs(": ", style->out);
	style_print(style, style_tone(text_of(object, "state")), state);
	if (json_is_true(json_object_get(object, "destroyed")))
		fputs(", destroyed", style->out);
	if (strcmp(text_of(object, "secrets"), "destroyed") == 0)
		fputs(", secrets destroyed", style->out);
}

void
show_change(const struct answer *answer, const struct style *style)
{
	const json_t *object;
	size_t index;

	json_array_foreach(answer->objects, index, object)
	{
		if (is_told_elsewhere(object))
			continue;
		style_print(style, TONE_PLAIN, name_of(object));
		show_changed_state(style, object);
		if (text_of(object, "reason")[0]) {
			fputs(" - ", style->out);
			style_print(style, TONE_PLAIN, text_of(object, "reason"));
		}
		if (text_of(object, "operator")[0]) {
			fputs(" - operator ", style->out);
			style_print(style, TONE_PLAIN, text_of(object, "operator"));
		}
		if (text_of(object, "told")[0]) {
			fputs(" - ", style->out);
			style_print(style, TONE_PLAIN, text_of(object, "told"));
		}
		if (text_of(object, "fingerprint")[0]) {
			char text[CELL_SIZE];

			table_cell(text, object, "fingerprint", CELL_FINGERPRINT, style);
			fprintf(style->out, "\n  %s", text);
		}
		putc('\n', style->out);
	}
}
