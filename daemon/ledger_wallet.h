/* SPDX-License-Identifier: MIT */
/* Wallets in the ledger.  See the rules in daemon/ledger.h. */
#ifndef KEYLINE_DAEMON_LEDGER_WALLET_H
#define KEYLINE_DAEMON_LEDGER_WALLET_H

#include "daemon/ledger.h"
#include "proto/wallet_state.h"

struct ledger_wallet {
	char serial[LEDGER_SERIAL_SIZE];
	char batch[LEDGER_BATCH_SIZE];
	uint64_t row; /* its number in the batch, from 1 */
	enum wallet_state state;
	bool held;
	char reason[LEDGER_TEXT_MAX + 1]; /* of the hold, or of the last step that had one */
	bool drawn;     /* for QA */
	bool part;      /* a part of it is in the house */
	bool destroyed; /* and was destroyed by two people */
	uint32_t job;   /* its last, 0 = none */
	int64_t changed_ms;
};

/*
 * A new serial, in the state that expect (usa) or receive (china) gives.
 * KE_DUPLICATE the serial, or the row of this batch, was ever there; KE_NOT_FOUND
 * the batch.
 */
KEYLINE_WARN_UNUSED int ledger_wallet_insert(struct ledger *ledger,
	const struct ledger_by *by, const char *serial, const char *batch, uint64_t row,
	const char *detail);

/*
 * One step of the state table, with its event.  detail (may be NULL) becomes the
 * wallet's reason.  KE_NOT_FOUND; KE_BAD_STATE no such step, an opened wallet
 * that was not drawn, or a step that has its own verb: release
 * (ledger_batch_release) and the intents and their ends (daemon/ledger_intent.h);
 * KE_HELD the wallet or its batch is held, or the batch is frozen, and the step is one
 * that waits for that.
 */
KEYLINE_WARN_UNUSED int ledger_wallet_step(struct ledger *ledger,
	const struct ledger_by *by, const char *serial, enum wallet_event event,
	const char *detail);

/* KE_NOT_FOUND. */
KEYLINE_WARN_UNUSED int ledger_wallet_get(
	struct ledger_wallet *out, struct ledger *ledger, const char *serial);

typedef int ledger_wallet_cb(void *context, const struct ledger_wallet *wallet);

/*
 * Calls back for the wallets of a batch (NULL = all) in a state (WALLET_NONE = any),
 * in the order of batch and row.  Returns what the callback returned when that is
 * not 0.  The callback may use the ledger, and step the wallet it was given.
 */
KEYLINE_WARN_UNUSED int ledger_wallet_list(struct ledger *ledger, const char *batch,
	enum wallet_state state, ledger_wallet_cb *cb, void *context);

/* The same for those behind a wallet (its batch and row), to go on with a long list. */
KEYLINE_WARN_UNUSED int ledger_wallet_list_after(struct ledger *ledger,
	const char *batch, enum wallet_state state, const struct ledger_wallet *after,
	ledger_wallet_cb *cb, void *context);

/* Sets or takes away the hold, with a reason (KE_BAD_ARGUMENT without). */
KEYLINE_WARN_UNUSED int ledger_wallet_hold(struct ledger *ledger,
	const struct ledger_by *by, const char *serial, const char *reason);
KEYLINE_WARN_UNUSED int ledger_wallet_unhold(struct ledger *ledger,
	const struct ledger_by *by, const char *serial, const char *reason);

/*
 * Marks a wallet to be opened by QA: usa only, from arrived to sealed; for ever.
 * salt: random text that keeps the event from being guessed by its hash.
 * KE_BAD_STATE, also when it is drawn already; KE_HELD its batch is frozen.
 */
KEYLINE_WARN_UNUSED int ledger_wallet_draw(struct ledger *ledger,
	const struct ledger_by *by, const char *serial, const char *salt);

/*
 * The part was destroyed; detail names the witness.  KE_BAD_STATE unless it is a
 * bad part in the house, not in doubt, and not destroyed already.
 */
KEYLINE_WARN_UNUSED int ledger_wallet_destroyed(struct ledger *ledger,
	const struct ledger_by *by, const char *serial, const char *detail);

/* Drawn wallets of a batch, and how many of them have been opened good and bad. */
struct ledger_drawn {
	uint64_t drawn;
	uint64_t good;
	uint64_t bad;
	uint64_t failed; /* drawn, but out of play before they could be opened */
};
KEYLINE_WARN_UNUSED int ledger_wallet_drawn(
	struct ledger_drawn *out, struct ledger *ledger, const char *batch);

#endif
