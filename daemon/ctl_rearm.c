/* SPDX-License-Identifier: MIT */
/* A machine has marked what the ledger does not know: two persons take its count as it
 * is. */
#include "config.h"
#include "daemon/ctl_common.h"

#include <string.h>
#include "daemon/ctl_refuse.h"
#include "daemon/dual.h"
#include "daemon/host.h"
#include "daemon/job_counter.h"
#include "daemon/station.h"
#include "daemon/station_show.h"

static int
check_rearm(struct ctl_call *call, const struct dual_act *act)
{
	const struct station *station =
		station_set_find(act->host->stations, act->object);
	char text[JOB_COUNTER_TEXT_SIZE];

	if (!station) {
		ctl_refuse_unknown(call, CTL_STATION, act->object);
		return KE_NOT_FOUND;
	}
	if (job_counter_text(text, station) != 0) {
		ctl_refuse(call, KE_BAD_STATE, NULL,
			"See what keeps it from work:  keylinectl status",
			"The machine of %s has no count of marks that differs from the "
			"ledger's.",
			act->object);
		return KE_BAD_STATE;
	}
	if (strcmp(text, act->args) == 0)
		return 0;
	ctl_refuse(call, KE_BAD_STATE, NULL,
		"Withdraw it, look at the plates again, and give the command anew.",
		"The machine of %s counts otherwise than when this was asked: %s.",
		act->object, text);
	return KE_BAD_STATE;
}

static int
commit(const struct dual_act *act, struct station *station)
{
	struct ledger *ledger = act->host->ledger;
	int error = ledger_request_begin(ledger, act->by, act->approval);

	if (error)
		return error;
	error = job_counter_take(station, act->by);
	return ledger_end(ledger, error);
}

/* The station stays where it is: whoever stands at it lets it go on. */
static void
run_rearm(struct ctl_call *call, const struct dual_act *act)
{
	struct station *station = station_set_find(act->host->stations, act->object);
	int error = act->approval ? commit(act, station) : 0;

	if (error == 0 && act->approval)
		job_counter_taken(station);
	if (error == 0)
		ctl_call_answer(call, station_show(station));
	ctl_finish(call, act->host, error);
}

const struct dual_action dual_station_rearm = {"station rearm", check_rearm, run_rearm};

void
ctl_rearm(struct ctl_call *call, struct station *station)
{
	struct host *host = station_line(station);
	char text[JOB_COUNTER_TEXT_SIZE] = "";

	/* What is refused is refused by the check. */
	if (job_counter_text(text, station) != 0)
		text[0] = '\0';
	dual_ask(call, host, &dual_station_rearm, station_name(station), text,
		ctl_call_text(call, "reason"));
}
