/* SPDX-License-Identifier: MIT */
/* Inside of the report that reconciles a batch: its parts. */
#ifndef KEYLINE_DAEMON_RECONCILE_INNER_H
#define KEYLINE_DAEMON_RECONCILE_INNER_H

#include "daemon/closing.h"
#include "daemon/host.h"
#include "daemon/reconcile_build.h"
#include "daemon/settings.h"

struct reconciling {
	struct reconcile *report;
	struct host *host;
	const struct ledger_batch *batch;
	uint64_t counts[WALLET_STATE_COUNT];
	struct wallet_balance balance;
	struct ledger_parts parts;
};

/* usa: every wallet that is not out of play is sealed: what was drawn may be told. */
bool reconcile_may_tell_drawn(const struct reconciling *r);

/* Each adds its rows.  Returns 0 or the ledger's error. */
KEYLINE_WARN_UNUSED int reconcile_devices(struct reconciling *r);
KEYLINE_WARN_UNUSED int reconcile_supplies(struct reconciling *r);
KEYLINE_WARN_UNUSED int reconcile_draw(struct reconciling *r);

#endif
