/* SPDX-License-Identifier: MIT */
/*
 * How a batch comes to its end: draw, shipment, release, destruction.  Each act is
 * one transaction in the ledger with the files that it makes; `approval' is what the
 * second of two persons signed, and is used up with it; NULL for acts of one person.
 */
#ifndef KEYLINE_DAEMON_CLOSING_H
#define KEYLINE_DAEMON_CLOSING_H

#include <stdbool.h>
#include <stdint.h>
#include "daemon/ledger_batch.h"
#include "proto/wallet_balance.h"

struct host;
struct ledger_approval;

/* Why an act was refused, in a sentence, and what to do about it; "" where the error
 * says all.  Or what an act did, or would do, where the batch's state does not tell; "". */
struct closing_refusal {
	char status[256];
	char action[256];
	char told[128];
};

/* An act on a batch, as a command asks for it. */
struct closing {
	struct host *host;
	const struct ledger_by *by;
	const char *batch;
	const struct ledger_approval *approval;
	/* Given by a person, or NULL. */
	const char *reason;
	/* Only find out whether it could be done. */
	bool dry_run;
	/* Filled in with KE_BAD_STATE and KE_HELD. */
	struct closing_refusal *refusal;
};

/* Fills in act->refusal, the batch's name where action says BATCH; gives error on.  For the files of the closing alone. */
int closing_refuse(const struct closing *act, int error, const char *action,
	const char *format, ...) __attribute__((format(printf, 4, 5)));

/* The same for an act that another host does. */
int closing_refuse_stage(const struct closing *act, const char *what, const char *stage);

/* The same for a batch that is held, and for counts that do not close. */
int closing_refuse_held(const struct closing *act, const struct ledger_batch *batch);
/* For what is not done to a batch that was made void. */
int closing_refuse_void(const struct closing *act);
int closing_refuse_balance(
	const struct closing *act, const struct wallet_balance *balance);

/* 0 when no part of the batch is still to come (ledger_batch_parts_to_come()), else
 * KE_BAD_STATE with the refusal. */
KEYLINE_WARN_UNUSED int closing_check_parts(const struct closing *act);

/* usa: the same unless every drawn wallet was opened and found good.  Before all are sealed
 * it says nothing of what became of a drawn one, by what it says nor by what it does not. */
KEYLINE_WARN_UNUSED int closing_check_draws(const struct closing *act,
	const struct ledger_batch *batch, const struct wallet_balance *balance);

/*
 * usa: draws the ordered number of wallets for QA from those that arrived, by the
 * host's generator, when none of the batch is still to arrive.  KE_BAD_STATE: parts of
 * it still to come, wallets still to arrive, or drawn before.
 */
KEYLINE_WARN_UNUSED int closing_draw(const struct closing *act);

/* china: publishes the shipment list; the batch is shipped.  KE_BAD_STATE while a
 * wallet is open, or a part of the batch is still to come. */
KEYLINE_WARN_UNUSED int closing_ship(const struct closing *act);

/*
 * usa: releases every sealed wallet that was not drawn, when all drawn ones were
 * opened and found good and the counts close; publishes the results.  *balance tells
 * how the counts stand.  KE_BAD_STATE, KE_HELD.
 */
KEYLINE_WARN_UNUSED int closing_release(
	const struct closing *act, struct wallet_balance *balance);

/*
 * Destroys the batch's secrets on this host: its key first, then the sealed files,
 * overwritten, read back, unlinked; writes the certificate into reports/.  That two
 * persons approved it is in the ledger before the first byte goes.
 * KE_BAD_STATE while they are still needed, or when it was done before.  They are
 * needed until the batch is released (usa) or shipped (china); a batch of the usa of
 * which nothing is left to sell needs them no longer either.
 */
KEYLINE_WARN_UNUSED int closing_destroy(const struct closing *act);

/* Records that the disk that carried the secrets was physically destroyed; closes
 * the batch, both or neither.  KE_BAD_STATE before closing_destroy(), while a bad part
 * is not destroyed, and when the batch is closed; KE_HELD. */
KEYLINE_WARN_UNUSED int closing_destroyed(const struct closing *act);

/*
 * Stops a batch as a whole, by one person; lets it go again, or ends it by making every
 * open wallet void, by two.  Freeze and void tell each host that this one deals with, by a
 * notice.  KE_BAD_STATE, KE_NOT_FOUND.
 */
KEYLINE_WARN_UNUSED int closing_freeze(const struct closing *act);
KEYLINE_WARN_UNUSED int closing_unfreeze(const struct closing *act);
KEYLINE_WARN_UNUSED int closing_void(const struct closing *act);

/* Whether a host is named in [route] or [from] here: such a one is told, and may tell. */
struct settings;
bool closing_is_peer(const struct settings *settings, const char *host);

/* Whether the secrets of a batch were destroyed on this host. */
KEYLINE_WARN_UNUSED int closing_is_destroyed(
	bool *out, struct host *host, const char *batch);

#endif
