/* SPDX-License-Identifier: MIT */
/* The equation by which a batch closes (DESIGN section 8). */
#ifndef KEYLINE_PROTO_WALLET_BALANCE_H
#define KEYLINE_PROTO_WALLET_BALANCE_H

#include "proto/wallet_state.h"

/* Why a batch does not close; the first that applies, in this order. */
enum wallet_closing {
	WALLET_CLOSES,       /* the equation holds, every bad part is destroyed */
	WALLET_LEFT_OVER,    /* left side larger: wallets that were announced are nowhere */
	WALLET_TOO_MANY,     /* right side larger: more wallets than were announced */
	WALLET_DOUBT_LEFT,   /* in-doubt is not 0 */
	WALLET_WORK_LEFT,    /* wallets that are still open */
	WALLET_PARTS_LEFT,   /* bad parts that nobody destroyed */
	WALLET_CLOSING_COUNT
};

/* The two sides of the equation, for reports. */
struct wallet_balance {
	enum wallet_closing closing;
	uint64_t announced;  /* left side */
	uint64_t closed;     /* right side */
	uint64_t open;       /* wallets that the right side does not take */
	uint64_t in_doubt;
	uint64_t parts_left;
};

/*
 * The equation of DESIGN section 8 over counts[state].  announced: the wallets
 * that order or files name for the batch; parts_left: bad parts in the house that
 * are not destroyed.  China takes wallets that were opened after they were
 * shipped as shipped; a missing one is accounted for on both sides: the shipment
 * names it.  Returns out->closing.
 */
enum wallet_closing wallet_balance_of(struct wallet_balance *out, enum mode mode,
	uint64_t announced, const uint64_t counts[WALLET_STATE_COUNT],
	uint64_t parts_left);

/* Name and sentence of a closing: "left-over", ... */
const char *wallet_balance_name(enum wallet_closing closing);
const char *wallet_balance_text(enum wallet_closing closing);

#endif
