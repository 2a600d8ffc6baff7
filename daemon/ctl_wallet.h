/* SPDX-License-Identifier: MIT */
/* What the files of the commands about one wallet share. */
#ifndef KEYLINE_DAEMON_CTL_WALLET_H
#define KEYLINE_DAEMON_CTL_WALLET_H

#include "daemon/ctl_common.h"

/* What a step would say, without taking it. */
KEYLINE_WARN_UNUSED int ctl_wallet_may_step(
	struct host *host, const char *serial, enum wallet_event event);

/* Answers the wallet as it stands and ends; for a dry run as for the act. */
void ctl_wallet_end(
	struct ctl_call *call, struct host *host, const char *serial, int error);

/* What stands against a part's being destroyed, as the rest of a sentence that begins
 * "SERIAL is STATE"; NULL: nothing. */
const char *ctl_wallet_not_destroyable(
	struct host *host, const struct ledger_wallet *wallet);

/* Handlers: two persons settle a doubt; two persons have destroyed a part. */
void ctl_wallet_resolve(struct ctl_call *call, void *context);
void ctl_wallet_destroyed(struct ctl_call *call, void *context);

#endif
