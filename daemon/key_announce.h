/* SPDX-License-Identifier: MIT */
/* Keys of this host become known: a certificate on its way, and the ledger's word. */
#ifndef KEYLINE_DAEMON_KEY_ANNOUNCE_H
#define KEYLINE_DAEMON_KEY_ANNOUNCE_H

#include <stdbool.h>
#include "proto/certificate.h"
#include "proto/error.h"

struct host;
struct ledger_by;

/* What is done with a certificate: its key was made here, or people trust it. */
enum key_event { KEY_MADE, KEY_TRUSTED };

/* Records that. */
KEYLINE_WARN_UNUSED int key_record(struct host *host, const struct ledger_by *by,
	enum key_event event, const struct certificate *certificate);

/* Whether the ledger surely lacks it: the key folder is written first, and what follows may
 * find no room.  The command given again then finishes it. */
bool key_is_half_done(
	struct host *host, enum key_event event, const struct certificate *certificate);

/* A key was made: its certificate goes to outgoing/, then it is recorded as made. */
KEYLINE_WARN_UNUSED int key_announce(struct host *host, const struct ledger_by *by,
	const struct certificate *certificate);

/*
 * Announces what was made and could not be announced: for want of room, which is there
 * again, or because an earlier run was cut off.
 */
KEYLINE_WARN_UNUSED int key_announce_rest(struct host *host);

/*
 * At a start: the same, and records what is trusted and could not be recorded.  While the
 * daemon runs that is left to the person who is to give the command again, so that it
 * stands in the ledger under his name.
 */
KEYLINE_WARN_UNUSED int key_record_rest(struct host *host);

#endif
