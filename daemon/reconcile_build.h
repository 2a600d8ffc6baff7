/* SPDX-License-Identifier: MIT */
/* The report that reconciles a batch (proto/reconcile.h), from this host's ledger. */
#ifndef KEYLINE_DAEMON_RECONCILE_BUILD_H
#define KEYLINE_DAEMON_RECONCILE_BUILD_H

#include "daemon/ledger_batch.h"
#include "proto/reconcile.h"

struct host;

/* What a report borrows; lives as long as it. */
struct reconcile_batch {
	struct ledger_batch batch;
	char time[32];
};

/*
 * Fills in *out, which is to be cleared in any case; it borrows from *kept and from host.
 * Reads alone, all at one instant.  KE_NOT_FOUND: no such batch; or the ledger's error.
 */
KEYLINE_WARN_UNUSED int reconcile_build(struct reconcile *out,
	struct reconcile_batch *kept, struct host *host, const char *batch);

#endif
