/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "daemon/job_place.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>
#include "daemon/host.h"
#include "daemon/ledger_wallet.h"
#include "daemon/settings.h"

/* A scanner's station of the same name has nothing that could have marked. */
static bool
takes_jobs(const struct settings_station *station)
{
	return station->uri || station->device;
}

const char *
job_place_device(const struct settings_station *station)
{
	const char *device =
		station->device_serial ? station->device_serial : station->pin;

	return device ? device : "";
}

bool
job_place_has_device(
	const struct settings_station *station, const struct ledger_intent *intent)
{
	const char *device = job_place_device(station);

	if (!takes_jobs(station) || !intent->device[0])
		return false;
	/* A pin is hexadecimal, and the same in any case. */
	return station->device_serial ? strcmp(device, intent->device) == 0
				      : strcasecmp(device, intent->device) == 0;
}

static bool
has_name(const struct settings_station *station, const struct ledger_intent *intent)
{
	return takes_jobs(station) && strcmp(station->name, intent->station) == 0;
}

bool
job_place_is_barred(
	const struct settings_station *station, const struct ledger_intent *intent)
{
	return has_name(station, intent) || job_place_has_device(station, intent);
}

const struct settings_station *
job_place_asker(const struct settings *settings, const struct ledger_intent *intent)
{
	const struct settings_station *named = NULL;

	for (size_t i = 0; i < settings->station_count; i++) {
		const struct settings_station *station = &settings->stations[i];

		if (job_place_has_device(station, intent))
			return station;
		if (has_name(station, intent))
			named = station;
	}
	return named;
}

void
job_place_tell(char *what, char *action, size_t size, const struct host *host,
	const char *serial)
{
	struct ledger_wallet wallet;
	struct ledger_intent intent;

	what[0] = action[0] = '\0';
	/* A setup mark is told by its station, and is no wallet. */
	if (ledger_wallet_get(&wallet, host->ledger, serial) != 0 ||
		ledger_intent_get(&intent, host->ledger, wallet.job) != 0 ||
		job_place_asker(host->settings, &intent))
		return;
	(void)snprintf(what, size,
		"Driver or daemon ended while this job was under way at station %s, and "
		"neither that station nor its device%s%s is in the configuration: nobody "
		"can "
		"be asked what became of it.",
		intent.station, intent.device[0] ? " " : "", intent.device);
	(void)snprintf(action, size,
		"Put the station back and restart the service: its device is asked by "
		"itself. When it is gone for good, look at the part, and two persons "
		"run:  "
		"keylinectl wallet resolve %s --good (or --spoiled) --reason CODE",
		serial);
}
