/* SPDX-License-Identifier: MIT */
/*
 * Where the device of an intent stands in this configuration.  A station's name is what
 * the configuration calls it; what may have marked a part, and has it in the fixture, is
 * the device, and an intent has both.
 */
#ifndef KEYLINE_DAEMON_JOB_PLACE_H
#define KEYLINE_DAEMON_JOB_PLACE_H

#include <stdbool.h>
#include <stddef.h>
#include "daemon/ledger_intent.h"

struct host;
struct settings;
struct settings_station;

/* What tells this station's device from any other of its kind; "" when nothing does. */
const char *job_place_device(const struct settings_station *station);

/* Whether the station has a device that takes jobs, and it is the intent's. */
bool job_place_has_device(
	const struct settings_station *station, const struct ledger_intent *intent);

/* Whether an intent that is open or in doubt bars the station: it has the intent's
 * device, or its name. */
bool job_place_is_barred(
	const struct settings_station *station, const struct ledger_intent *intent);

/*
 * The station whose device is asked about an open intent: the one that has the intent's
 * device; else, or when the intent knows none, the one of its name.  NULL: neither is in
 * the configuration.  One of the name with another device settles it as a doubt.
 */
const struct settings_station *job_place_asker(
	const struct settings *settings, const struct ledger_intent *intent);

/*
 * For the alarm job-open about a wallet whose job nobody here can be asked about: what is
 * so, and what is done about it.  Both "" when somebody can, or the ledger does not say.
 */
void job_place_tell(char *what, char *action, size_t size, const struct host *host,
	const char *serial);

#endif
