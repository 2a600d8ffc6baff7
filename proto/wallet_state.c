/* SPDX-License-Identifier: MIT */
#include "proto/wallet_state.h"
#include <string.h>

/*
 * A cell that is not written is 0 = WALLET_NONE = "no such step".
 *
 * What the shape of the tables promises (tests/unit/test_wallet_state.c walks all
 * paths): etching and printing are entered from one state by one event; after
 * "done" or "doubt" no path leads back there; in-doubt is left by two people only;
 * released and opened are left by nothing.
 */
/* clang-format off */
static const unsigned char usa_table[WALLET_STATE_COUNT][WALLET_EVENT_COUNT] = {
	[WALLET_NONE] = {
		[WALLET_EXPECT] = WALLET_EXPECTED,
	},
	/* Before the part is here: what the shipment says of it is taken as told. */
	[WALLET_EXPECTED] = {
		[WALLET_CONFIRM] = WALLET_CONFIRMED,
		[WALLET_REJECT] = WALLET_REJECTED,
		[WALLET_SPOIL] = WALLET_SPOILED,
		[WALLET_LOSE] = WALLET_MISSING,
		[WALLET_WITHDRAW] = WALLET_VOID,
	},
	[WALLET_CONFIRMED] = {
		[WALLET_ARRIVE] = WALLET_ARRIVED,
		[WALLET_REJECT] = WALLET_REJECTED,
		[WALLET_SPOIL] = WALLET_SPOILED,
		[WALLET_LOSE] = WALLET_MISSING,
		[WALLET_WITHDRAW] = WALLET_VOID,
	},
	[WALLET_ARRIVED] = {
		[WALLET_CLAIM] = WALLET_CLAIMED,
		[WALLET_REJECT] = WALLET_REJECTED,
		[WALLET_SPOIL] = WALLET_SPOILED,
		[WALLET_LOSE] = WALLET_MISSING,
		[WALLET_WITHDRAW] = WALLET_VOID,
	},
	[WALLET_CLAIMED] = {
		[WALLET_UNCLAIM] = WALLET_ARRIVED,
		[WALLET_ETCH_INTENT] = WALLET_ETCHING,
		[WALLET_REJECT] = WALLET_REJECTED,
		[WALLET_SPOIL] = WALLET_SPOILED,
		[WALLET_LOSE] = WALLET_MISSING,
		[WALLET_WITHDRAW] = WALLET_VOID,
	},
	[WALLET_ETCHING] = {
		[WALLET_ETCH_DONE] = WALLET_ETCHED,
		[WALLET_ETCH_FAILED] = WALLET_ARRIVED,
		[WALLET_DOUBT] = WALLET_IN_DOUBT,
	},
	[WALLET_IN_DOUBT] = {
		[WALLET_RESOLVE_GOOD] = WALLET_ETCHED,
		[WALLET_RESOLVE_SPOILED] = WALLET_SPOILED,
	},
	[WALLET_ETCHED] = {
		[WALLET_SEAL] = WALLET_SEALED,
		[WALLET_SPOIL] = WALLET_SPOILED,
		[WALLET_LOSE] = WALLET_MISSING,
		[WALLET_WITHDRAW] = WALLET_VOID,
	},
	[WALLET_SEALED] = {
		[WALLET_OPEN_GOOD] = WALLET_OPENED_GOOD,
		[WALLET_OPEN_BAD] = WALLET_OPENED_BAD,
		[WALLET_RELEASE] = WALLET_RELEASED,
		[WALLET_SPOIL] = WALLET_SPOILED,
		[WALLET_LOSE] = WALLET_MISSING,
		[WALLET_WITHDRAW] = WALLET_VOID,
	},
	/* Out of play for good; a part that turns up is there to be destroyed. */
	[WALLET_REJECTED] = {
		[WALLET_FIND] = WALLET_REJECTED,
	},
	[WALLET_SPOILED] = {
		[WALLET_FIND] = WALLET_SPOILED,
	},
	[WALLET_MISSING] = {
		[WALLET_FIND] = WALLET_SPOILED,
		[WALLET_WITHDRAW] = WALLET_VOID,
	},
	[WALLET_VOID] = {
		[WALLET_FIND] = WALLET_VOID,
	},
};

static const unsigned char china_table[WALLET_STATE_COUNT][WALLET_EVENT_COUNT] = {
	[WALLET_NONE] = {
		[WALLET_RECEIVE] = WALLET_RECEIVED,
	},
	[WALLET_RECEIVED] = {
		[WALLET_MINT] = WALLET_MINTED,
		[WALLET_REJECT] = WALLET_REJECTED,
		[WALLET_WITHDRAW] = WALLET_VOID,
	},
	[WALLET_MINTED] = {
		[WALLET_PRINT_INTENT] = WALLET_PRINTING,
		[WALLET_REJECT] = WALLET_REJECTED,
		[WALLET_WITHDRAW] = WALLET_VOID,
	},
	[WALLET_PRINTING] = {
		[WALLET_PRINT_DONE] = WALLET_PRINTED,
		[WALLET_PRINT_FAILED] = WALLET_MINTED,
		[WALLET_DOUBT] = WALLET_IN_DOUBT,
	},
	[WALLET_IN_DOUBT] = {
		[WALLET_RESOLVE_GOOD] = WALLET_PRINTED,
		[WALLET_RESOLVE_SPOILED] = WALLET_SPOILED,
	},
	[WALLET_PRINTED] = {
		[WALLET_PAIR] = WALLET_PAIRED,
		[WALLET_SPOIL] = WALLET_SPOILED,
		[WALLET_LOSE] = WALLET_MISSING,
		[WALLET_WITHDRAW] = WALLET_VOID,
	},
	[WALLET_PAIRED] = {
		[WALLET_SHIP] = WALLET_SHIPPED,
		[WALLET_SPOIL] = WALLET_SPOILED,
		[WALLET_LOSE] = WALLET_MISSING,
		[WALLET_WITHDRAW] = WALLET_VOID,
	},
	/* Told by the other side's results, long after the batch was closed here. */
	[WALLET_SHIPPED] = {
		[WALLET_OPEN_GOOD] = WALLET_OPENED_GOOD,
		[WALLET_OPEN_BAD] = WALLET_OPENED_BAD,
	},
	[WALLET_REJECTED] = {
		[WALLET_FIND] = WALLET_REJECTED,
	},
	[WALLET_SPOILED] = {
		[WALLET_FIND] = WALLET_SPOILED,
	},
	[WALLET_MISSING] = {
		[WALLET_FIND] = WALLET_SPOILED,
		[WALLET_WITHDRAW] = WALLET_VOID,
	},
	[WALLET_VOID] = {
		[WALLET_FIND] = WALLET_VOID,
	},
};

/* clang-format on */

static const char *const state_names[WALLET_STATE_COUNT] = {
#define X(constant, name) [constant] = name,
	WALLET_STATES(X)
#undef X
};

static const char *const event_names[WALLET_EVENT_COUNT] = {
#define X(constant, name, what) [constant] = name,
	WALLET_EVENTS(X)
#undef X
};

const char *
wallet_state_name(enum wallet_state state)
{
	return (unsigned)state < WALLET_STATE_COUNT ? state_names[state] : "unknown";
}

const char *
wallet_event_name(enum wallet_event event)
{
	return (unsigned)event < WALLET_EVENT_COUNT ? event_names[event] : "unknown";
}

/* The index of name in names[first..count-1], or KE_NOT_FOUND. */
static int
find_name(const char *const *names, int first, int count, const char *name)
{
	for (int i = first; i < count; i++)
		if (strcmp(names[i], name) == 0)
			return i;
	return KE_NOT_FOUND;
}

int
wallet_state_from_name(enum wallet_state *state, const char *name)
{
	int i = find_name(state_names, WALLET_NONE + 1, WALLET_STATE_COUNT, name);

	if (i < 0)
		return i;
	*state = (enum wallet_state)i;
	return 0;
}

int
wallet_event_from_name(enum wallet_event *event, const char *name)
{
	int i = find_name(event_names, 0, WALLET_EVENT_COUNT, name);

	if (i < 0)
		return i;
	*event = (enum wallet_event)i;
	return 0;
}

int
wallet_state_next(enum mode mode, enum wallet_state state, enum wallet_event event)
{
	int next = WALLET_NONE;

	if ((unsigned)state >= WALLET_STATE_COUNT ||
		(unsigned)event >= WALLET_EVENT_COUNT)
		return KE_BAD_STATE;
	if (mode == MODE_USA)
		next = usa_table[state][event];
	else if (mode == MODE_CHINA)
		next = china_table[state][event];
	return next == WALLET_NONE ? KE_BAD_STATE : next;
}

struct state_row {
	bool closed[MODE_COUNT]; /* stands on the right side of the equation */
	bool bad_part;
};

/* A state that a mode's table never reaches counts as open: it must not close a batch. */
static const struct state_row state_rows[WALLET_STATE_COUNT] = {
	[WALLET_RELEASED] = {{[MODE_USA] = true}, false},
	[WALLET_SHIPPED] = {{[MODE_CHINA] = true}, false},
	[WALLET_OPENED_GOOD] = {{true, true}, true},
	[WALLET_OPENED_BAD] = {{true, true}, true},
	[WALLET_REJECTED] = {{true, true}, true},
	[WALLET_SPOILED] = {{true, true}, true},
	[WALLET_VOID] = {{true, true}, true},
	[WALLET_MISSING] = {{true, true}, false},
	[WALLET_IN_DOUBT] = {{false, false}, true},
};

static const bool held_back[WALLET_EVENT_COUNT] = {
	[WALLET_CLAIM] = true,
	[WALLET_ETCH_INTENT] = true,
	[WALLET_RELEASE] = true,
	[WALLET_MINT] = true,
	[WALLET_PRINT_INTENT] = true,
	[WALLET_SHIP] = true,
};

/* Beside those that are held back. */
static const bool frozen_back[WALLET_EVENT_COUNT] = {
	[WALLET_CONFIRM] = true,
	[WALLET_ARRIVE] = true,
	[WALLET_PAIR] = true,
	[WALLET_OPEN_GOOD] = true,
	[WALLET_OPEN_BAD] = true,
};

/* A sticker may exist from the instant that its print job may have been sent. */
static const signed char event_parts[WALLET_EVENT_COUNT] = {
	[WALLET_ARRIVE] = 1,
	[WALLET_FIND] = 1,
	[WALLET_PRINT_INTENT] = 1,
	[WALLET_PRINT_FAILED] = -1,
	[WALLET_LOSE] = -1,
	[WALLET_RELEASE] = -1,
	[WALLET_SHIP] = -1,
};

bool
wallet_state_is_open(enum mode mode, enum wallet_state state)
{
	if ((unsigned)mode >= MODE_COUNT || (unsigned)state >= WALLET_STATE_COUNT)
		return false;
	if (state == WALLET_NONE || state == WALLET_MISSING)
		return false;
	return !state_rows[state].closed[mode];
}

bool
wallet_state_is_closed(enum mode mode, enum wallet_state state)
{
	if ((unsigned)mode >= MODE_COUNT || (unsigned)state >= WALLET_STATE_COUNT)
		return false;
	return state_rows[state].closed[mode];
}

bool
wallet_state_is_bad_part(enum wallet_state state)
{
	return (unsigned)state < WALLET_STATE_COUNT && state_rows[state].bad_part;
}

bool
wallet_event_is_held_back(enum wallet_event event)
{
	return (unsigned)event < WALLET_EVENT_COUNT && held_back[event];
}

bool
wallet_event_is_frozen_back(enum wallet_event event)
{
	return (unsigned)event < WALLET_EVENT_COUNT &&
	       (held_back[event] || frozen_back[event]);
}

int
wallet_event_part(enum wallet_event event)
{
	return (unsigned)event < WALLET_EVENT_COUNT ? event_parts[event] : 0;
}
