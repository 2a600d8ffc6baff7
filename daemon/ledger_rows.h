/* SPDX-License-Identifier: MIT */
/* What the tables' files of the ledger lend each other.  Inside of the ledger. */
#ifndef KEYLINE_DAEMON_LEDGER_ROWS_H
#define KEYLINE_DAEMON_LEDGER_ROWS_H

#include "daemon/ledger_batch.h"
#include "daemon/ledger_db.h"

/* A column that names a wallet state. */
int ledger_column_state(
	enum wallet_state *out, struct ledger *ledger, sqlite3_stmt *s, int column);

/* ledger_wallet_step() for every event, in a transaction; job 0 = leave it. */
int ledger_wallet_put_step(struct ledger *ledger, const struct ledger_by *by,
	const char *serial, enum wallet_event event, uint32_t job, const char *detail);

/* A batch in another state and its event, whatever its counts; in a transaction. */
int ledger_batch_put_state(struct ledger *ledger, const struct ledger_by *by,
	const struct ledger_batch *batch, enum ledger_batch_state to, const char *detail);

/* ledger_approval.c: records what was signed; KE_DUPLICATE this person has signed it.
 * Whether a person has: 0 or KE_NOT_FOUND.  In a transaction. */
struct ledger_approval;
int ledger_approval_put(struct ledger *ledger, const struct ledger_by *by,
	const struct ledger_approval *approval);
int ledger_approval_has(struct ledger *ledger, uint64_t request, const char *person);
/* Every signature, text and event of it once more: 0, or KE_CHAIN_BROKEN with the
 * verdict. */
struct ledger_verdict;
int ledger_approval_verify(struct ledger_verdict *verdict, struct ledger *ledger);

/* What is found first; KE_CHAIN_BROKEN. */
int ledger_broken(struct ledger_verdict *verdict, uint64_t seq, const char *object,
	const char *reason);

/* The index of name in names[0..count-1], or a failure. */
int ledger_column_name(struct ledger *ledger, const char *const *names, int count,
	sqlite3_stmt *s, int column);

#endif
