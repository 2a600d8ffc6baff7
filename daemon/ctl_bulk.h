/* SPDX-License-Identifier: MIT */
/*
 * One command for many wallets of a batch: those that a list names, or all of a batch
 * that it is possible for.  All or nothing, one event of the ledger a wallet.
 */
#ifndef KEYLINE_DAEMON_CTL_BULK_H
#define KEYLINE_DAEMON_CTL_BULK_H

#include "daemon/ctl_common.h"
#include "daemon/dual.h"

enum ctl_bulk_act { CTL_BULK_SPOIL, CTL_BULK_MISSING, CTL_BULK_DESTROYED };

/* The arguments by which a call names its wallets, for the table of commands. */
#define CTL_BULK_ARGS "serial? serials? batch? state?"

/*
 * Does a call that names many (`serials' with blanks between, or `batch' with or without
 * `state'), at most 10,000 of them, and ends it.  Returns false, and does nothing, for a
 * call that names one: `serial'.
 */
bool ctl_bulk(struct ctl_call *call, struct host *host, enum ctl_bulk_act act);

/* For acts of two persons: whether all of act->serials could be done (dual_action.check),
 * and doing it (dual_action.run). */
KEYLINE_WARN_UNUSED int ctl_bulk_check(
	struct ctl_call *call, const struct dual_act *asked, enum ctl_bulk_act act);
void ctl_bulk_run(
	struct ctl_call *call, const struct dual_act *asked, enum ctl_bulk_act act);

#endif
