/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "daemon/ctl_refuse.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "daemon/ctl_common.h"
#include "daemon/fault.h"
#include "daemon/host.h"
#include "daemon/host_disks.h"
#include "daemon/settings.h"

enum { TEXT_SIZE = 512 };

static const struct {
	const char *what;
	const char *action;
} objects[] = {
	[CTL_BATCH] = { "batch", "See which there are:  keylinectl batch list" },
	[CTL_WALLET] = { "wallet", "Compare with the part; a batch's serials:  "
				   "keylinectl wallet list BATCH" },
	[CTL_STATION] = { "station", "See which there are:  keylinectl station list" },
	[CTL_ALARM] = { "alarm about", "See which stand:  keylinectl status" },
};

void
ctl_refuse(struct ctl_call *call, int error, const char *state, const char *action,
	const char *format, ...)
{
	char status[TEXT_SIZE];
	struct ctl_telling telling = { state ? state : "REFUSED", status, action, NULL };
	va_list list;

	va_start(list, format);
	(void)vsnprintf(status, sizeof status, format, list);
	va_end(list);
	ctl_call_fail(call, error, &telling);
}

void
ctl_refuse_unknown(struct ctl_call *call, enum ctl_object kind, const char *name)
{
	ctl_refuse(call, KE_NOT_FOUND, "NOT FOUND", objects[kind].action,
		"There is no %s %.200s on this host.", objects[kind].what, name);
}

void
ctl_refuse_file(struct ctl_call *call, int error, const char *name)
{
	if (error == KE_BAD_MESSAGE)
		ctl_refuse(call, error, "USAGE",
			"Use keylinectl, which reads the file and hands its bytes over.",
			"The bytes of %.200s did not come with the request, as a memory file "
			"that is sealed.",
			name);
	else
		ctl_refuse(call, error, NULL, "Name a file of batches or a certificate.",
			"%.200s is not taken: %s.", name, error_text(error));
}

/* "arrived, etched or sealed": the states from which an event leads on. */
static void
states_before(char *out, size_t size, enum mode mode, enum wallet_event event)
{
	const char *names[WALLET_STATE_COUNT];
	size_t count = 0, len = 0;

	for (int s = WALLET_NONE + 1; s < WALLET_STATE_COUNT; s++)
		if (wallet_state_next(mode, (enum wallet_state)s, event) >= 0)
			names[count++] = wallet_state_name((enum wallet_state)s);
	out[0] = '\0';
	for (size_t i = 0; i < count && len < size; i++)
		len += (size_t)snprintf(out + len, size - len, "%s%s",
			i == 0		? ""
			: i + 1 < count ? ", "
					: " or ",
			names[i]);
}

static void
refuse_state(struct ctl_call *call, struct host *host,
	const struct ledger_wallet *wallet, enum wallet_event event)
{
	const char *state = wallet_state_name(wallet->state);
	const char *command = ctl_call_request(call)->command;
	char before[TEXT_SIZE / 2], action[TEXT_SIZE / 2];

	states_before(before, sizeof before, host->settings->mode, event);
	(void)snprintf(action, sizeof action,
		"See what happened to it:  keylinectl wallet show %s", wallet->serial);
	if (before[0])
		ctl_refuse(call, KE_BAD_STATE, state, action,
			"%s is %s; `%s' is for one that is %s.", wallet->serial, state,
			command, before);
	else
		ctl_refuse(call, KE_BAD_STATE, state, action,
			"%s: there is no `%s' on a %s host.", wallet->serial, command,
			mode_name(host->settings->mode));
}

static void
refuse_held(struct ctl_call *call, struct host *host, const struct ledger_wallet *wallet)
{
	struct ledger_batch batch;
	char action[TEXT_SIZE / 2];

	if (ledger_batch_get(&batch, host->ledger, wallet->batch) == 0 &&
		ledger_batch_rests(&batch)) {
		(void)snprintf(action, sizeof action,
			batch.voided   ? "Nothing is made of it any more; see where it "
					 "stands:  keylinectl batch show %s"
			: batch.frozen ? "Two persons let it go:  keylinectl batch "
					 "unfreeze %s --reason TEXT"
				       : "When its cause is past:  keylinectl batch "
					 "unhold %s --reason TEXT",
			batch.id);
		ctl_refuse(call, KE_HELD, "held", action, "%s: its batch %s stands still: %s.",
			wallet->serial, batch.id, batch.reason);
		return;
	}
	ctl_refuse(call, KE_HELD, "held", NULL, "%s is held: %s.", wallet->serial,
		wallet->reason);
}

void
ctl_refuse_step(struct ctl_call *call, struct host *host, const char *serial,
	enum wallet_event event, int error)
{
	struct ledger_wallet wallet;
	int found = ledger_wallet_get(&wallet, host->ledger, serial);

	if (found == KE_NOT_FOUND)
		ctl_refuse_unknown(call, CTL_WALLET, serial);
	else if (found == 0 && error == KE_BAD_STATE)
		refuse_state(call, host, &wallet, event);
	else if (found == 0 && error == KE_HELD)
		refuse_held(call, host, &wallet);
	else
		ctl_finish(call, host, error);
}

/* Ends a call with a fault of the whole host. */
static void
refuse_fault(struct ctl_call *call, int error, const char *state, const struct fault *fault)
{
	char see[64];
	struct ctl_telling telling = { state, fault->status, fault->action, see };

	(void)snprintf(see, sizeof see, "keyline-alarms(7), %s", fault->code);
	ctl_call_fail(call, error, &telling);
}

/* With the folder that the words are about. */
static void
refuse_disk(struct ctl_call *call, struct host *host, int error)
{
	struct fault fault = *fault_of(error == KE_READ_ONLY ? "read-only" : "disk-full");
	const char *folder = host_disks_folder(host);
	char status[512];

	(void)snprintf(status, sizeof status, "%s%s%s", folder, folder[0] ? ": " : "",
		fault.status);
	fault.status = status;
	refuse_fault(call, error, "WAITING", &fault);
}

void
ctl_refuse_trouble(struct ctl_call *call, struct host *host, int error)
{
	if (host->stopped)
		refuse_fault(call, error, "STOPPED", fault_of(host->stopped_by));
	else
		refuse_disk(call, host, error);
}

bool
ctl_refuse_change(struct ctl_call *call, struct host *host)
{
	int error = host->stopped ? host->stopped : host_disks_error(host);

	if (!error || strncmp(ctl_call_request(call)->command, "station ", 8) == 0)
		return false;
	ctl_refuse_trouble(call, host, error);
	return true;
}
