/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "daemon/job_doubt.h"

#include "daemon/host.h"
#include "daemon/job_place.h"
#include "daemon/ledger_intent.h"
#include "daemon/ledger_wallet.h"
#include "daemon/station.h"

struct search {
	struct ledger *ledger;
	const struct settings_station *station;
};

/* 1: this one came into doubt at the station, or at its device under another name. */
static int
find_ours(void *context, const struct ledger_wallet *wallet)
{
	const struct search *search = context;
	struct ledger_intent intent;
	int error = ledger_intent_get(&intent, search->ledger, wallet->job);

	if (error != 0)
		return error;
	return job_place_is_barred(search->station, &intent);
}

const char *
job_doubt_bar(const struct station *station)
{
	struct host *host = station_line(station);
	struct search search = {host->ledger, station_settings(station)};
	int found = ledger_wallet_list(
		host->ledger, NULL, WALLET_IN_DOUBT, find_ours, &search);

	if (found < 0)
		return "ledger";
	return found ? "in-doubt" : NULL;
}
