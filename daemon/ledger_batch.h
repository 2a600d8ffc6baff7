/* SPDX-License-Identifier: MIT */
/* Batches in the ledger.  See the rules in daemon/ledger.h. */
#ifndef KEYLINE_DAEMON_LEDGER_BATCH_H
#define KEYLINE_DAEMON_LEDGER_BATCH_H

#include "daemon/ledger.h"
#include "proto/wallet_balance.h"

/* X(constant, name).  A batch goes down this list only; it may leave steps out. */
#define LEDGER_BATCH_STATES(X)                                                           \
	X(LEDGER_BATCH_OPEN, "open")         /* taken in; files of it are still coming */ \
	X(LEDGER_BATCH_MADE, "made")         /* generated or minted: all is published */ \
	X(LEDGER_BATCH_RUNNING, "running")   /* parts are worked on */                   \
	X(LEDGER_BATCH_SHIPPED, "shipped")   /* china: nothing open, shipment made */    \
	X(LEDGER_BATCH_RELEASED, "released") /* usa: the counts closed */                \
	X(LEDGER_BATCH_CLOSED, "closed")     /* secrets and bad parts destroyed */       \
	X(LEDGER_BATCH_VOID, "void")         /* withdrawn as a whole, instead of the rest */

enum ledger_batch_state {
#define X(constant, name) constant,
	LEDGER_BATCH_STATES(X)
#undef X
	LEDGER_BATCH_STATE_COUNT
};

struct ledger_batch {
	char id[LEDGER_BATCH_SIZE];
	char product[LEDGER_NAME_SIZE];
	char coins[256]; /* tickers with commas, the first is the sticker's */
	char use[LEDGER_NAME_SIZE];
	char first_serial[LEDGER_SERIAL_SIZE]; /* "" where it is not known */
	uint64_t made;   /* wallets announced: to be sold + draws + spares */
	uint64_t draws;
	uint64_t spares;
	enum ledger_batch_state state;
	bool held;
	/* By `batch freeze', here or by another host's notice: held is true, too, and
	 * the reason says so. */
	bool frozen;
	/* Made void as a whole: nothing of it comes in any more, and nothing is made of
	 * it; the reason says so. */
	bool voided;
	char reason[LEDGER_TEXT_MAX + 1];
	int64_t created_ms;
	int64_t changed_ms; /* when it came into its state */
};

const char *ledger_batch_state_name(enum ledger_batch_state state);

/* Whether nothing is made of it: held or frozen, until people let it go, or void. */
bool ledger_batch_rests(const struct ledger_batch *batch);
/* For work on it that was begun before: 0, KE_HELD when it rests now, KE_NOT_FOUND. */
KEYLINE_WARN_UNUSED int ledger_batch_check_rest(struct ledger *ledger, const char *id);

/* Takes id ... spares and state from batch, the times from by.  KE_DUPLICATE. */
KEYLINE_WARN_UNUSED int ledger_batch_insert(struct ledger *ledger,
	const struct ledger_by *by, const struct ledger_batch *batch);

/*
 * Sets how many wallets are announced: a host that learns of a batch part by part.  Draws
 * and spares stay.  Not below what there is (KE_BAD_ARGUMENT), only while it is open,
 * made or running, and before any is drawn (KE_BAD_STATE).
 */
KEYLINE_WARN_UNUSED int ledger_batch_announce(struct ledger *ledger,
	const struct ledger_by *by, const char *id, uint64_t made);

/* KE_NOT_FOUND. */
KEYLINE_WARN_UNUSED int ledger_batch_get(
	struct ledger_batch *out, struct ledger *ledger, const char *id);

typedef int ledger_batch_cb(void *context, const struct ledger_batch *batch);

/* Calls back for each batch, oldest first.  The callback may use the ledger. */
KEYLINE_WARN_UNUSED int ledger_batch_list(
	struct ledger *ledger, ledger_batch_cb *cb, void *context);

/*
 * The next state.  KE_BAD_STATE when it is not further down the list, when the
 * mode has no such state, for released (ledger_batch_release() does that), for
 * shipped unless it runs, while a part of it is still to come or a wallet is open or in
 * doubt, for closed while the equation does
 * not hold (a host without parts of the batch: while there is a part).  In usa a
 * running batch closes without a release, too, once nothing of it is left to sell:
 * the equation holds as it stands.  A void one closes from any state, once it is over.
 * KE_HELD.
 */
KEYLINE_WARN_UNUSED int ledger_batch_set_state(struct ledger *ledger,
	const struct ledger_by *by, const char *id, enum ledger_batch_state state,
	const char *detail);

/*
 * Whether each part of a kind of file of a batch is here (of one of them the count is
 * known), or is named as lost by two persons who skipped its number; false: none came.
 */
KEYLINE_WARN_UNUSED int ledger_batch_has_parts(
	bool *out, struct ledger *ledger, const char *id, const char *kind);

/* How many parts of its passphrases (usa) or stickers (china), of which another came, did
 * not come and are not given up: wallets of it are still to come. */
KEYLINE_WARN_UNUSED int ledger_batch_parts_to_come(
	uint64_t *out, struct ledger *ledger, const char *id);

/* Whether a part of its passphrases (usa) or stickers (china) was given up, and none is still
 * to come: then what others tell of wallets that this host never had is of that part. */
KEYLINE_WARN_UNUSED int ledger_batch_lost_parts(
	bool *out, struct ledger *ledger, const char *id);

/* Rows of one file that tell of such wallets: how many, and the first and last serial. */
struct ledger_passed {
	uint32_t rows;
	const char *kind;
	const char *sender;
	uint64_t sequence;
	char first[LEDGER_SERIAL_SIZE];
	char last[LEDGER_SERIAL_SIZE];
};

/* Records that they were passed over, as an event of the batch. */
KEYLINE_WARN_UNUSED int ledger_batch_pass_over(struct ledger *ledger,
	const struct ledger_by *by, const char *id, const struct ledger_passed *passed);
/* How many were, of all files. */
KEYLINE_WARN_UNUSED int ledger_batch_passed_over(
	uint64_t *rows, struct ledger *ledger, const char *id);

/*
 * From open or made to running once no more wallets of it come and none waits for a file:
 * it has all parts of its passphrases (usa) or stickers (china), and, in usa, of its
 * confirmations, too, or no wallet is expected any more.  0 also when it is not so, or no
 * such batch is known.
 */
KEYLINE_WARN_UNUSED int ledger_batch_run_when_complete(
	struct ledger *ledger, const struct ledger_by *by, const char *id);

/*
 * china, where it is minted: from open to made once all parts of its codes are here and
 * no wallet waits to be minted.  0 also when it is not so, or no such batch is known.
 */
KEYLINE_WARN_UNUSED int ledger_batch_make_when_minted(
	struct ledger *ledger, const struct ledger_by *by, const char *id);

/* Sets or takes away the hold.  A reason is wanted for both (KE_BAD_ARGUMENT). */
KEYLINE_WARN_UNUSED int ledger_batch_hold(struct ledger *ledger,
	const struct ledger_by *by, const char *id, const char *reason);
KEYLINE_WARN_UNUSED int ledger_batch_unhold(struct ledger *ledger,
	const struct ledger_by *by, const char *id, const char *reason);

struct ledger_freeze {
	bool is_void;
	char reason[LEDGER_TEXT_MAX + 1];
	int64_t time_ms;
};

/* Whether a batch is frozen, or void, also one that is not known yet; KE_NOT_FOUND. */
KEYLINE_WARN_UNUSED int ledger_freeze_get(
	struct ledger_freeze *out, struct ledger *ledger, const char *id);

/* Freezes a batch, known or not.  KE_BAD_STATE it is frozen or void; KE_BAD_ARGUMENT no
 * reason. */
KEYLINE_WARN_UNUSED int ledger_batch_freeze(struct ledger *ledger,
	const struct ledger_by *by, const char *id, const char *reason);

/* KE_BAD_STATE it is not frozen. */
KEYLINE_WARN_UNUSED int ledger_batch_unfreeze(struct ledger *ledger,
	const struct ledger_by *by, const char *id, const char *reason);

/*
 * Ends a freeze for good: every wallet of the batch that is still open becomes void, all
 * or nothing.  KE_BAD_STATE it is not frozen; KE_BUSY: a wallet is at a device, or in
 * doubt, and is to be settled first.
 */
KEYLINE_WARN_UNUSED int ledger_batch_void(struct ledger *ledger,
	const struct ledger_by *by, const char *id, const char *reason);

/* Wallets by state; id NULL = of all batches. */
KEYLINE_WARN_UNUSED int ledger_batch_counts(uint64_t counts[WALLET_STATE_COUNT],
	struct ledger *ledger, const char *id);

/* When a wallet of the batch last changed its state, in UTC ms; 0: it has none. */
KEYLINE_WARN_UNUSED int ledger_batch_changed(
	int64_t *out, struct ledger *ledger, const char *id);

/* The equation as it stands now.  KE_NOT_FOUND. */
KEYLINE_WARN_UNUSED int ledger_batch_balance(
	struct wallet_balance *out, struct ledger *ledger, const char *id);

/* Parts of a batch's wallets that came to be in the house, and holds. */
struct ledger_parts {
	uint64_t bad;       /* of wallets that are not, or no more, to be sold */
	uint64_t destroyed; /* of the bad ones */
	uint64_t held;      /* wallets of any state that are held */
};

KEYLINE_WARN_UNUSED int ledger_batch_parts(
	struct ledger_parts *out, struct ledger *ledger, const char *id);
/* Whether nothing is left to do for what there is of a batch: none open or in doubt, no bad
 * part left.  A void one is closed so, though some of its wallets never came. */
bool ledger_batch_is_over(const struct wallet_balance *balance);

/*
 * usa: every sealed wallet that was not drawn becomes released and the batch with
 * it, all or nothing, and only when the equation holds then; out says how it
 * stands (with the sealed ones counted as released).  KE_BAD_STATE: it does not
 * close, a part of it is still to come, fewer were drawn than the batch's draws, one
 * that was drawn is not opened and good (bad, or out of play before it was opened), or
 * it is not running; KE_HELD: the batch or a sealed wallet is held.
 */
KEYLINE_WARN_UNUSED int ledger_batch_release(struct wallet_balance *out,
	struct ledger *ledger, const struct ledger_by *by, const char *id,
	const char *detail);

#endif
