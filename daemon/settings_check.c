/* SPDX-License-Identifier: MIT */
/* What shows only when the whole configuration is read. */
#include "config.h"
#include "daemon/settings_reader.h"
#include <stddef.h>
#include <string.h>
#include <strings.h>

/* A key that must be there, for a host with one of these stages (0: for all). */
struct required_key {
	unsigned stages;
	const char *section;
	const char *key;
};

enum { ANY = 0, STAGES_CHINA = SETTINGS_MINT | SETTINGS_PRINT };

static const struct required_key required[] = {
	{ANY, "line", "host"},
	{ANY, "line", "mode"},
	{ANY, "line", "stages"},
	{ANY, "line", "use"},
	{ANY, "line", "state"},
	{ANY, "line", "spool"},
	{ANY, "line", "socket"},
	{ANY, "line", "highwater"},
	{ANY, "line", "viewers"},
	{ANY, "line", "supervisors"},
	{ANY, "keys", "folder"},
	{SETTINGS_GENERATE, "route", "codes"},
	{SETTINGS_GENERATE, "route", "passphrases"},
	{SETTINGS_MINT, "route", "confirmations"},
	{SETTINGS_MINT, "route", "stickers"},
	{SETTINGS_PRINT, "route", "shipment"},
	{SETTINGS_ETCH, "route", "results"},
	{SETTINGS_MINT, "from", "codes"},
	{SETTINGS_ETCH, "from", "passphrases"},
	{SETTINGS_ETCH, "from", "confirmations"},
	{SETTINGS_PRINT, "from", "stickers"},
	{SETTINGS_ETCH, "from", "shipment"},
	{STAGES_CHINA, "from", "results"},
	{STAGES_CHINA, "secure-disk", "path"},
	{STAGES_CHINA, "secure-disk", "medium"},
};

enum { P = 1 << SETTINGS_KIND_PRINT, E = 1 << SETTINGS_KIND_ETCH, OTHERS = ~(P | E) };

/* Which kinds of station take a key, and which need it. */
struct station_key {
	const char *key;
	unsigned takes;
	unsigned needs;
};

static const struct station_key station_keys[] = {
	{"uri", P, P},
	{"pin", P, P},
	{"media", P, P},
	{"dpi", P, 0},
	{"device", E, E},
	{"unit", E, 0},
	{"profile", E, E},
	{"device_serial", E, E},
	{"scanner", E | OTHERS, 0},
};

static const unsigned kind_stages[] = {
	[SETTINGS_KIND_PRINT] = SETTINGS_PRINT,
	[SETTINGS_KIND_PAIR] = SETTINGS_PRINT,
	[SETTINGS_KIND_SHIP] = SETTINGS_PRINT,
	[SETTINGS_KIND_ARRIVE] = SETTINGS_ETCH,
	[SETTINGS_KIND_ETCH] = SETTINGS_ETCH,
	[SETTINGS_KIND_SEAL] = SETTINGS_ETCH,
};

static unsigned
stages_of(enum mode mode)
{
	return mode == MODE_USA ? SETTINGS_GENERATE | SETTINGS_ETCH
				: (unsigned)STAGES_CHINA;
}

/* Whether the file says something of a key, and something that was understood. */
static bool
is_known(const struct settings_reader *reader, const char *section, const char *key)
{
	const struct settings_seen *seen = settings_seen(reader, section, key);

	return seen && !seen->is_bad;
}

/* What no stage of this host has a use for is a mistake, such as a route or sender of another's. */
static void
useless_check(struct settings_reader *reader)
{
	unsigned stages = reader->settings->stages;

	/* Stages of another mode have been told. */
	if (!is_known(reader, "line", "mode") || !is_known(reader, "line", "stages") ||
		(stages & ~stages_of(reader->settings->mode)))
		return;
	for (size_t i = 0; i < sizeof(required) / sizeof(required[0]); i++) {
		const struct required_key *row = &required[i];

		if (row->stages != ANY && !(row->stages & stages) &&
			settings_seen(reader, row->section, row->key))
			settings_fault_at(reader, row->section, row->key,
				"`%s' in [%s] is for the stage %s, which this host lacks; take "
				"it away",
				row->key, row->section,
				row->stages == (unsigned)STAGES_CHINA
					? "mint or print"
					: settings_stage_name(row->stages));
	}
}

static void
required_check(struct settings_reader *reader)
{
	unsigned stages = reader->settings->stages;
	size_t i;

	for (i = 0; i < sizeof(required) / sizeof(required[0]); i++) {
		const struct required_key *row = &required[i];

		if ((row->stages == ANY || (row->stages & stages)) &&
			!settings_seen(reader, row->section, row->key))
			settings_fault_at(reader, row->section, "",
				"`%s' is missing in [%s]", row->key, row->section);
	}
}

static void
stages_check(struct settings_reader *reader)
{
	const struct settings *settings = reader->settings;
	unsigned own = stages_of(settings->mode);

	if (!is_known(reader, "line", "mode") || !is_known(reader, "line", "stages"))
		return;
	if (settings->stages & ~own)
		settings_fault_at(reader, "line", "stages",
			"`stages' of mode = %s are %s",
			mode_name(settings->mode),
			settings->mode == MODE_USA ? "generate and etch"
						       : "mint and print");
	if ((settings->stages & SETTINGS_GENERATE) && settings->product_count == 0)
		settings_fault_at(reader, "line", "stages",
			"the stage generate needs at least one [product NAME]");
}

static void
production_check(struct settings_reader *reader)
{
	const struct settings *settings = reader->settings;

	if (!settings->production)
		return;
	if (settings->swap_allowed)
		settings_fault_at(reader, "line", "swap",
			"`swap' may be allow only with use = test");
	if (settings->disk.medium == SETTINGS_DIRECTORY)
		settings_fault_at(reader, "secure-disk", "medium",
			"`medium' may be directory only with use = test");
}

/* What is for sale is made by somebody who is known. */
static void
operators_default(struct settings_reader *reader)
{
	if (!settings_seen(reader, "line", "operators"))
		reader->settings->operators_required = reader->settings->production;
}

static void
disk_check(struct settings_reader *reader)
{
	static const char *const keys[] = {"uuid", "serial"};
	size_t i;

	if (!is_known(reader, "secure-disk", "medium") ||
		reader->settings->disk.medium != SETTINGS_DISK)
		return;
	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (!settings_seen(reader, "secure-disk", keys[i]))
			settings_fault_at(reader, "secure-disk", "medium",
				"`%s' is missing in [secure-disk]: medium = disk needs "
				"it",
				keys[i]);
}

/* Whether path is folder or lies under it. */
static bool
is_under(const char *path, const char *folder)
{
	/* The one folder whose name ends in a slash. */
	size_t len = strcmp(folder, "/") == 0 ? 0 : strlen(folder);

	return strncmp(path, folder, len) == 0 && (path[len] == '/' || !path[len]);
}

/* Put back together with the state directory, a high-water mark would prove nothing. */
static void
highwater_check(struct settings_reader *reader)
{
	const struct settings *settings = reader->settings;

	if (settings->state && settings->highwater &&
		(is_under(settings->highwater, settings->state) ||
			is_under(settings->state, settings->highwater)))
		settings_fault_at(reader, "line", "highwater",
			"`highwater' must lie outside `state'");
}

static void
station_check(struct settings_reader *reader, const struct settings_station *station)
{
	char section[SETTINGS_WORD_MAX + 1];
	unsigned kind = 1u << station->kind;
	size_t i;

	snprintf(section, sizeof(section), "station %s", station->name);
	if (!settings_seen(reader, section, "kind")) {
		settings_fault_at(
			reader, section, "", "`kind' is missing in [%s]", section);
		return;
	}
	if (!is_known(reader, section, "kind"))
		return;
	if (is_known(reader, "line", "stages") &&
		!(kind_stages[station->kind] & reader->settings->stages))
		settings_fault_at(reader, section, "kind",
			"`kind' = %s needs the stage %s, which this host lacks",
			settings_kind_name(station->kind),
			settings_stage_name(kind_stages[station->kind]));
	for (i = 0; i < sizeof(station_keys) / sizeof(station_keys[0]); i++) {
		const struct station_key *row = &station_keys[i];
		bool seen = settings_seen(reader, section, row->key) != NULL;

		if (seen && !(row->takes & kind))
			settings_fault_at(reader, section, row->key,
				"`%s' is no key of a station of kind %s", row->key,
				settings_kind_name(station->kind));
		if (!seen && (row->needs & kind))
			settings_fault_at(reader, section, "",
				"`%s' is missing in [%s]: kind = %s needs it", row->key,
				section, settings_kind_name(station->kind));
	}
}

/* What tells one device from another. */
static const struct {
	const char *key;
	size_t offset;
	bool any_case;
} device_keys[] = {
	{"device_serial", offsetof(struct settings_station, device_serial), false},
	{"uri", offsetof(struct settings_station, uri), true},
	{"pin", offsetof(struct settings_station, pin), true},
};

/* A fault: the key of a section names the device that another key names already. */
static void
same_device_fault(struct settings_reader *reader, const char *section, const char *key,
	const char *first, const char *first_key)
{
	const struct settings_seen *seen = settings_seen(reader, first, first_key);
	char what[SETTINGS_WORD_MAX + 32] = "that";

	if (!seen)
		return;
	if (strcmp(key, first_key) != 0)
		snprintf(what, sizeof(what), "the line of `%s'", first_key);
	settings_fault_at(reader, section, key,
		"`%s' of [%s] is %s of [%s], set in %s:%u: one device is one station; "
		"name "
		"the other device, or leave one of the two out",
		key, section, what, first, seen->file, seen->line);
}

/* The serial line that a key names, up to the colon before its speed; NULL: none. */
static const char *
serial_line(const struct settings_station *station, const char *key)
{
	if (strcmp(key, "scanner") == 0)
		return station->scanner;
	return station->device && strncmp(station->device, "rtu:", 4) == 0
		       ? station->device + 4
		       : NULL;
}

/* Two programs would share what comes in on one line, each hearing a part of it.  one and
 * two may be the same station. */
static bool
same_line_check(struct settings_reader *reader, const struct settings_station *one,
	const struct settings_station *two)
{
	static const char *const keys[] = {"device", "scanner"};
	char first[SETTINGS_WORD_MAX + 1], second[SETTINGS_WORD_MAX + 1];

	snprintf(first, sizeof(first), "station %s", one->name);
	snprintf(second, sizeof(second), "station %s", two->name);
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		for (size_t j = 0; j < sizeof(keys) / sizeof(keys[0]); j++) {
			const char *a = serial_line(one, keys[i]);
			const char *b = serial_line(two, keys[j]);
			size_t len = a ? strcspn(a, ":") : 0;

			if (!a || !b || (one == two && i >= j) ||
				len != strcspn(b, ":") || strncmp(a, b, len) != 0)
				continue;
			same_device_fault(reader, second, keys[j], first, keys[i]);
			return true;
		}
	}
	return false;
}

/* Behind a gateway each Modbus unit is a device; without the key it is 1. */
static bool
same_unit(const struct settings_station *one, const struct settings_station *two)
{
	return one->device && two->device && strcasecmp(one->device, two->device) == 0 &&
	       (one->unit ? one->unit : 1) == (two->unit ? two->unit : 1);
}

/* Two stations would arm one device in turn, each blind to what the other has done. */
static void
same_device_check(struct settings_reader *reader, const struct settings_station *one,
	const struct settings_station *two)
{
	char first[SETTINGS_WORD_MAX + 1], second[SETTINGS_WORD_MAX + 1];

	snprintf(first, sizeof(first), "station %s", one->name);
	snprintf(second, sizeof(second), "station %s", two->name);
	for (size_t i = 0; i < sizeof(device_keys) / sizeof(device_keys[0]); i++) {
		const char *key = device_keys[i].key;
		const char *a = *(char *const *)((const char *)one + device_keys[i].offset);
		const char *b =
			*(char *const *)((const char *)two + device_keys[i].offset);

		if (!a || !b ||
			(device_keys[i].any_case ? strcasecmp(a, b) : strcmp(a, b)) != 0)
			continue;
		same_device_fault(reader, second, key, first, key);
		return;
	}
	if (!same_line_check(reader, one, two) && same_unit(one, two))
		same_device_fault(reader, second, "device", first, "device");
}

static void
product_check(struct settings_reader *reader, const struct settings_product *product)
{
	char section[SETTINGS_WORD_MAX + 1];

	snprintf(section, sizeof(section), "product %s", product->name);
	if (!settings_seen(reader, section, "coins"))
		settings_fault_at(
			reader, section, "", "`coins' is missing in [%s]", section);
}

void
settings_check(struct settings_reader *reader, const char *file)
{
	const struct settings *settings = reader->settings;
	size_t i;

	/* A file that could not be read has been told; the rest would be noise. */
	if (reader->seen_count == 0 && reader->faults > 0)
		return;
	reader->file = file;
	required_check(reader);
	useless_check(reader);
	stages_check(reader);
	production_check(reader);
	operators_default(reader);
	disk_check(reader);
	highwater_check(reader);
	for (i = 0; i < settings->station_count; i++) {
		station_check(reader, &settings->stations[i]);
		(void)same_line_check(
			reader, &settings->stations[i], &settings->stations[i]);
	}
	for (i = 1; i < settings->station_count; i++)
		for (size_t j = 0; j < i; j++)
			same_device_check(
				reader, &settings->stations[j], &settings->stations[i]);
	for (i = 0; i < settings->product_count; i++)
		product_check(reader, &settings->products[i]);
}
