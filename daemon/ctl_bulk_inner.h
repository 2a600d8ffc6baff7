/* SPDX-License-Identifier: MIT */
/* What the files of ctl_bulk.c share. */
#ifndef KEYLINE_DAEMON_CTL_BULK_INNER_H
#define KEYLINE_DAEMON_CTL_BULK_INNER_H

#include "daemon/ctl_bulk.h"

/* As many as a file of wallets has; their steps are one commit, of about a second. */
enum { BULK_MAX = 10000, BULK_ARGS_SIZE = 128 };

struct bulk_act {
	const char *command;
	/* "... cannot be ...": what is said to be done. */
	const char *done;
	enum wallet_event event;
	bool two_persons;
};

struct bulk {
	struct ctl_call *call;
	struct host *host;
	const struct bulk_act *act;
	char batch[LEDGER_BATCH_SIZE];
	/* The chosen, BULK_MAX places; how many more would have been. */
	char (*serials)[LEDGER_SERIAL_SIZE];
	size_t count;
	uint64_t left;
	/* By state: the chosen before and after the act, and what was passed over. */
	uint64_t before[WALLET_STATE_COUNT];
	uint64_t after[WALLET_STATE_COUNT];
	uint64_t passed[WALLET_STATE_COUNT];
	size_t refused;
	/* Telling the wallets at the end. */
	size_t told;
	bool tell_drawn;
};

/*
 * Chooses everything of a batch that the act is possible for, or the wallets of a list,
 * each of which must be possible.  False: there are none; the call has been ended.
 */
bool bulk_choose_by_batch(struct bulk *b, const char *name, const char *state_name);
bool bulk_choose_by_list(struct bulk *b, const char *list);

#endif
