/* SPDX-License-Identifier: MIT */
/* Keys of this host become known: a certificate on its way, and the ledger's word. */
#ifndef KEYLINE_DAEMON_KEY_ANNOUNCE_H
#define KEYLINE_DAEMON_KEY_ANNOUNCE_H

#include "proto/certificate.h"
#include "proto/error.h"

struct host;
struct ledger_by;

/* Records what was done with a certificate ("made", "trusted"). */
KEYLINE_WARN_UNUSED int key_record(struct host *host, const struct ledger_by *by,
	const char *event, const struct certificate *certificate);

/* A key was made: its certificate goes to outgoing/, then it is recorded as made. */
KEYLINE_WARN_UNUSED int key_announce(struct host *host, const struct ledger_by *by,
	const struct certificate *certificate);

/* At a start: announces what an earlier run made and did not come to announce. */
KEYLINE_WARN_UNUSED int key_announce_rest(struct host *host);

#endif
