/* SPDX-License-Identifier: MIT */
#include "proto/wallet_balance.h"
#include <string.h>

static const struct {
	const char *name;
	const char *text;
} closing_rows[WALLET_CLOSING_COUNT] = {
	[WALLET_CLOSES] = {"closes", "all wallets are accounted for"},
	[WALLET_LEFT_OVER] = {"left-over",
		"fewer wallets are accounted for than were announced"},
	[WALLET_TOO_MANY] = {"too-many",
		"more wallets are accounted for than were announced"},
	[WALLET_DOUBT_LEFT] = {"doubt-left", "wallets are in doubt"},
	[WALLET_WORK_LEFT] = {"work-left", "wallets are not finished"},
	[WALLET_PARTS_LEFT] = {"parts-left", "bad parts are not destroyed"},
};

static enum wallet_closing
closing_of(const struct wallet_balance *b)
{
	uint64_t known = b->closed + b->open;

	if (known < b->announced)
		return WALLET_LEFT_OVER;
	if (known > b->announced)
		return WALLET_TOO_MANY;
	if (b->in_doubt != 0)
		return WALLET_DOUBT_LEFT;
	if (b->open != 0)
		return WALLET_WORK_LEFT;
	if (b->parts_left != 0)
		return WALLET_PARTS_LEFT;
	return WALLET_CLOSES;
}

enum wallet_closing
wallet_balance_of(struct wallet_balance *out, enum mode mode, uint64_t announced,
	const uint64_t counts[WALLET_STATE_COUNT], uint64_t parts_left)
{
	memset(out, 0, sizeof *out);
	out->announced = announced;
	out->parts_left = parts_left;
	out->in_doubt = counts[WALLET_IN_DOUBT];
	for (int s = WALLET_NONE + 1; s < WALLET_STATE_COUNT; s++) {
		if (wallet_state_is_closed(mode, (enum wallet_state)s))
			out->closed += counts[s];
		else
			out->open += counts[s];
	}
	out->closing = closing_of(out);
	return out->closing;
}

const char *
wallet_balance_name(enum wallet_closing closing)
{
	return (unsigned)closing < WALLET_CLOSING_COUNT ? closing_rows[closing].name
							: "unknown";
}

const char *
wallet_balance_text(enum wallet_closing closing)
{
	return (unsigned)closing < WALLET_CLOSING_COUNT ? closing_rows[closing].text
							: "unknown";
}
