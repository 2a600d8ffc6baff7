/* SPDX-License-Identifier: MIT */
/*
 * The life of one wallet (DESIGN section 8): one static table [state][event] a
 * mode.  Pure: the ledger applies it.  The equation is in proto/wallet_balance.h.
 */
#ifndef KEYLINE_PROTO_WALLET_STATE_H
#define KEYLINE_PROTO_WALLET_STATE_H

#include <stdbool.h>
#include <stdint.h>
#include "proto/error.h"
#include "proto/mode.h"

/*
 * X(constant, name).  "none" is a serial that the ledger does not know; no
 * wallet is ever stored in it.
 */
#define WALLET_STATES(X)                                                                 \
	X(WALLET_NONE, "none")                                                           \
	X(WALLET_EXPECTED, "expected")                                                   \
	X(WALLET_CONFIRMED, "confirmed")                                                 \
	X(WALLET_ARRIVED, "arrived")                                                     \
	X(WALLET_CLAIMED, "claimed")                                                     \
	X(WALLET_ETCHING, "etching")                                                     \
	X(WALLET_ETCHED, "etched")                                                       \
	X(WALLET_SEALED, "sealed")                                                       \
	X(WALLET_RELEASED, "released")                                                   \
	X(WALLET_RECEIVED, "received")                                                   \
	X(WALLET_MINTED, "minted")                                                       \
	X(WALLET_PRINTING, "printing")                                                   \
	X(WALLET_PRINTED, "printed")                                                     \
	X(WALLET_PAIRED, "paired")                                                       \
	X(WALLET_SHIPPED, "shipped")                                                     \
	X(WALLET_REJECTED, "rejected")                                                   \
	X(WALLET_SPOILED, "spoiled")                                                     \
	X(WALLET_IN_DOUBT, "in-doubt")                                                   \
	X(WALLET_MISSING, "missing")                                                     \
	X(WALLET_VOID, "void")                                                           \
	X(WALLET_OPENED_GOOD, "opened-good")                                             \
	X(WALLET_OPENED_BAD, "opened-bad")

enum wallet_state {
#define X(constant, name) constant,
	WALLET_STATES(X)
#undef X
	WALLET_STATE_COUNT
};

/* X(constant, name, what happened) */
#define WALLET_EVENTS(X)                                                                 \
	X(WALLET_EXPECT, "expect", "usa: an order or a passphrase file named it")        \
	X(WALLET_RECEIVE, "receive", "china: a file of codes or stickers named it")      \
	X(WALLET_CONFIRM, "confirm", "passphrase, code, key and addresses agree")        \
	X(WALLET_REJECT, "reject", "its data are wrong")                                 \
	X(WALLET_ARRIVE, "arrive", "the part was scanned in")                            \
	X(WALLET_CLAIM, "claim", "serial and address were read in the fixture")          \
	X(WALLET_UNCLAIM, "unclaim", "the door was opened before the start")             \
	X(WALLET_ETCH_INTENT, "etch-intent", "START will be written next")               \
	X(WALLET_ETCH_DONE, "etch-done", "marked, the counter says so")                  \
	X(WALLET_ETCH_FAILED, "etch-failed", "the device says that nothing was marked")  \
	X(WALLET_DOUBT, "doubt", "whether and what was marked or printed is not known")  \
	X(WALLET_RESOLVE_GOOD, "resolve-good", "two people found the part good")         \
	X(WALLET_RESOLVE_SPOILED, "resolve-spoiled", "two people found it not good")     \
	X(WALLET_SEAL, "seal", "the scratch-off strip is on")                            \
	X(WALLET_SPOIL, "spoil", "the part is damaged")                                  \
	X(WALLET_LOSE, "missing", "the part is not where it should be")                  \
	X(WALLET_FIND, "found", "a part turned up whose wallet is out of play")          \
	X(WALLET_WITHDRAW, "void", "withdrawn by a person")                              \
	X(WALLET_OPEN_GOOD, "open-good", "opened for QA: the key opens the address")     \
	X(WALLET_OPEN_BAD, "open-bad", "opened for QA: it does not")                     \
	X(WALLET_RELEASE, "release", "its batch closed and it may be sold")              \
	X(WALLET_MINT, "mint", "EPK made, confirmation and sticker published")           \
	X(WALLET_PRINT_INTENT, "print-intent", "the print job will be sent next")        \
	X(WALLET_PRINT_DONE, "print-done", "both impressions came out")                  \
	X(WALLET_PRINT_FAILED, "print-failed", "the printer says that nothing came out") \
	X(WALLET_PAIR, "pair", "both layers are on one wallet")                          \
	X(WALLET_SHIP, "ship", "packed, with its row in the shipment")

enum wallet_event {
#define X(constant, name, what) constant,
	WALLET_EVENTS(X)
#undef X
	WALLET_EVENT_COUNT
};

/* The names of DESIGN section 8; "unknown" out of range. */
const char *wallet_state_name(enum wallet_state state);
const char *wallet_event_name(enum wallet_event event);

/* Names back to values; "none" is no state that a message may name.  0 or KE_NOT_FOUND. */
KEYLINE_WARN_UNUSED int wallet_state_from_name(
	enum wallet_state *state, const char *name);
KEYLINE_WARN_UNUSED int wallet_event_from_name(
	enum wallet_event *event, const char *name);

/*
 * The state after event in state, or KE_BAD_STATE when the mode's table has no
 * such step (or an argument is out of range).  Never WALLET_NONE.
 */
KEYLINE_WARN_UNUSED int wallet_state_next(
	enum mode mode, enum wallet_state state, enum wallet_event event);

/*
 * is_open: there is still work to do on it.  is_closed: it stands on the right side
 * of the mode's equation.  china's missing is neither: it must be found or voided.
 */
bool wallet_state_is_open(enum mode mode, enum wallet_state state);
bool wallet_state_is_closed(enum mode mode, enum wallet_state state);

/*
 * Where a wallet in this state has a part in the house, that part is a bearer
 * instrument to be destroyed by two people.  (In doubt: after it was resolved.)
 */
bool wallet_state_is_bad_part(enum wallet_state state);

/*
 * The event carries a wallet forward, and so waits while the wallet or its batch
 * is held: claim, etch-intent, release, mint, print-intent, ship.
 */
bool wallet_event_is_held_back(enum wallet_event event);

/*
 * The event waits while the batch is frozen: all that are held back, and whatever else
 * makes more of a wallet (confirm, arrive, pair) or opens it.  What has happened to a part
 * is recorded, and one that is etched gets its strip.
 */
bool wallet_event_is_frozen_back(enum wallet_event event);

/* What the step does to the part in the house: +1 it is here now, -1 it is gone, 0. */
int wallet_event_part(enum wallet_event event);

#endif
