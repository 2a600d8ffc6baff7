/* SPDX-License-Identifier: MIT */
/* From a station's settings to the programs that drive its devices. */
#include "config.h"
#include "daemon/device_lock.h"
#include "daemon/job_place.h"
#include "daemon/station_inner.h"
#include <stdio.h>
#include <stdlib.h>

enum { ARGS_MAX = 16, ARG_BYTES = 512 };

/* argv is all that a driver is told about its device: never a secret. */
struct arguments {
	char bytes[ARGS_MAX][ARG_BYTES];
	const char *list[ARGS_MAX + 1];
	size_t count;
	bool is_full;
};

static void
add(struct arguments *args, const char *value)
{
	int len;

	if (args->count >= ARGS_MAX) {
		args->is_full = true;
		return;
	}
	len = snprintf(args->bytes[args->count], ARG_BYTES, "%s", value);
	if (len < 0 || len >= ARG_BYTES)
		args->is_full = true;
	args->list[args->count] = args->bytes[args->count];
	args->count++;
	args->list[args->count] = NULL;
}

static void
add_pair(struct arguments *args, const char *name, const char *value)
{
	if (!value)
		return;
	add(args, name);
	add(args, value);
}

static void
add_number(struct arguments *args, const char *name, unsigned value)
{
	char text[16];

	snprintf(text, sizeof(text), "%u", value);
	add_pair(args, name, text);
}

/* One master of a device, also while an old driver still ends. */
static void
add_lock(struct arguments *args, const struct station *station, const char *kind,
	const char *identity)
{
	char path[DEVICE_LOCK_PATH_SIZE];

	/* Without its lock no driver is run. */
	if (device_lock_path(path, station->set->settings, kind, identity) != 0)
		args->is_full = true;
	else
		add_pair(args, "--lock", path);
}

static int
driver_begin(struct driver **out, struct station *station, const char *name,
	const char *kind, const struct arguments *args, const struct driver_calls *calls)
{
	char program[ARG_BYTES];
	struct driver_options options = {
		.station = station->settings->name,
		.program = program,
		.args = args->list,
		.kind = kind,
	};
	int len = snprintf(
		program, sizeof(program), "%s/%s", station->set->settings->drivers, name);

	if (args->is_full || len < 0 || (size_t)len >= sizeof(program))
		return KE_TOO_LONG;
	return driver_new(out, station->set->loop, &options, calls);
}

static int
printer_start(struct station *station)
{
	const struct settings_station *settings = station->settings;
	struct driver_calls calls = {
		station_device_up, station_device_line, station_device_down, station};
	struct arguments args = {.count = 0};

	add_lock(&args, station, "print", job_place_device(settings));
	add_pair(&args, "--uri", settings->uri);
	add_pair(&args, "--pin", settings->pin);
	add_pair(&args, "--host", station->set->settings->host);
	add_pair(&args, "--media", settings->media);
	if (settings->dpi)
		add_number(&args, "--dpi", settings->dpi);
	return driver_begin(
		&station->device, station, "print-ipp", "print", &args, &calls);
}

static int
etcher_start(struct station *station)
{
	const struct settings_station *settings = station->settings;
	struct driver_calls calls = {
		station_device_up, station_device_line, station_device_down, station};
	struct arguments args = {.count = 0};

	add_lock(&args, station, "etch", job_place_device(settings));
	add_pair(&args, "--device", settings->device);
	add_number(&args, "--unit", settings->unit);
	add_pair(&args, "--profile", settings->profile);
	add_pair(&args, "--serial", settings->device_serial);
	return driver_begin(
		&station->device, station, "etch-modbus", "etch", &args, &calls);
}

static int
scanner_start(struct station *station)
{
	const struct settings_station *settings = station->settings;
	struct driver_calls calls = {
		station_scanner_up, station_scanner_line, station_scanner_down, station};
	struct arguments args = {.count = 0};
	char device[ARG_BYTES];

	snprintf(device, sizeof(device), "%s:%u", settings->scanner,
		settings->scanner_baud);
	add_lock(&args, station, "scan", settings->scanner);
	add_pair(&args, "--device", device);
	return driver_begin(
		&station->scanner, station, "scan-serial", "scan", &args, &calls);
}

int
station_drivers_start(struct station *station)
{
	int error = 0;

	if (station->settings->kind == SETTINGS_KIND_PRINT)
		error = printer_start(station);
	else if (station->settings->kind == SETTINGS_KIND_ETCH)
		error = etcher_start(station);
	if (error == 0 && station->settings->scanner)
		error = scanner_start(station);
	return error;
}
