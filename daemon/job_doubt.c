/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "daemon/job_doubt.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "daemon/fault.h"
#include "daemon/host.h"
#include "daemon/job_counter.h"
#include "daemon/job_place.h"
#include "daemon/ledger_intent.h"
#include "daemon/ledger_wallet.h"
#include "daemon/station.h"

struct search {
	struct ledger *ledger;
	const struct settings_station *station;
	char serial[LEDGER_SERIAL_SIZE];
};

/* 1: this one came into doubt at the station, or at its device under another name. */
static int
find_ours(void *context, const struct ledger_wallet *wallet)
{
	struct search *search = context;
	struct ledger_intent intent;
	int error = ledger_intent_get(&intent, search->ledger, wallet->job);

	if (error != 0)
		return error;
	(void)snprintf(search->serial, sizeof search->serial, "%s", wallet->serial);
	return job_place_is_barred(search->station, &intent);
}

/* 1 and the first wallet in doubt that is the station's; 0; or an error. */
static int
find_doubt(struct search *search, const struct station *station)
{
	struct host *host = station_line(station);

	search->ledger = host->ledger;
	search->station = station_settings(station);
	return ledger_wallet_list(
		host->ledger, NULL, WALLET_IN_DOUBT, find_ours, search);
}

const char *
job_doubt_bar(const struct station *station)
{
	struct search search;
	int found = find_doubt(&search, station);

	if (found < 0)
		return "ledger";
	return found ? "in-doubt" : NULL;
}

/* The order is that of the bars in daemon/recipe_etch.c. */
void
job_doubt_action(char out[RECIPE_TELL_BYTES], const struct station *station)
{
	struct search search;

	out[0] = '\0';
	if (job_counter_bar(station))
		(void)snprintf(out, RECIPE_TELL_BYTES,
			"keylinectl station rearm %s --reason TEXT",
			station_name(station));
	else if (find_doubt(&search, station) == 1)
		(void)snprintf(out, RECIPE_TELL_BYTES,
			"keylinectl wallet resolve %s --good (or --spoiled) --reason CODE",
			search.serial);
}

void
job_doubt_settled(struct host *host, const char *serial, bool good)
{
	const struct settings_station *asker;
	struct ledger_wallet wallet;
	struct ledger_intent intent;

	if (ledger_wallet_get(&wallet, host->ledger, serial) != 0 ||
		ledger_intent_get(&intent, host->ledger, wallet.job) != 0)
		return;
	asker = job_place_asker(host->settings, &intent);
	for (size_t i = 0; host->stations && i < station_set_count(host->stations); i++) {
		struct station *station = station_set_at(host->stations, i);

		if (!job_place_is_barred(station_settings(station), &intent))
			continue;
		station_settled(station, "in-doubt", "doubt-settled");
		if (station_settings(station) != asker)
			continue;
		if (good)
			station_count_good(station);
		else
			station_count_spoiled(station);
	}
}

struct telling {
	char code[64];
};

/* The end of a job has "counter=7 CODE" as its detail. */
static int
keep_cause(void *context, const struct ledger_event_row *row)
{
	struct telling *telling = context;

	const char *blank = row->event.detail ? strchr(row->event.detail, ' ') : NULL;

	(void)snprintf(telling->code, sizeof telling->code, "%s", blank ? blank + 1 : "");
	return 0;
}

void
job_doubt_tell(char *what, char *action, size_t size, const struct host *host,
	const char *serial)
{
	struct telling telling = {""};
	const struct fault *cause;
	struct ledger_wallet wallet;
	struct ledger_intent intent;
	char job[LEDGER_NAME_SIZE];
	bool prints;

	what[0] = action[0] = '\0';
	if (ledger_wallet_get(&wallet, host->ledger, serial) != 0 ||
		ledger_intent_get(&intent, host->ledger, wallet.job) != 0)
		return;
	(void)snprintf(job, sizeof job, "%" PRIu32, wallet.job);
	if (ledger_event_last(host->ledger, "job", job, keep_cause, &telling) != 0)
		telling.code[0] = '\0';
	prints = intent.kind == LEDGER_STICKER;
	/* "not asked", "no station": no code. */
	cause = fault_of(telling.code);
	(void)snprintf(what, size, "It is not known whether the wallet was %s.",
		prints ? "printed" : "marked");
	if (cause != fault_of(NULL))
		(void)snprintf(what + strlen(what), size - strlen(what), " Why: %s (%s).",
			cause->reason, cause->code);
	(void)snprintf(action, size,
		"Look %s; its station %s goes on only when two persons have settled it.",
		prints ? "for its two layers" : "at the part", intent.station);
}
