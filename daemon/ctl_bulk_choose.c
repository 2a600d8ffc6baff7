/* SPDX-License-Identifier: MIT */
/* Which wallets a command for many is about. */
#include "config.h"
#include "daemon/ctl_bulk_inner.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "daemon/ctl_refuse.h"
#include "daemon/ctl_wallet.h"
#include "daemon/host.h"
#include "daemon/settings.h"

enum { REFUSED_TOLD_MAX = 400 };

/* The state that the act leads to, or negative with why there is none. */
static int
next_of(const char **why, const struct bulk *b, const struct ledger_wallet *wallet)
{
	int next;

	if (b->act->event == WALLET_EVENT_COUNT) {
		*why = ctl_wallet_not_destroyable(b->host, wallet);
		return *why ? KE_BAD_STATE : (int)wallet->state;
	}
	next = wallet_state_next(b->host->settings->mode, wallet->state, b->act->event);
	*why = next < 0 ? ": its state does not allow it." : NULL;
	return next;
}

static void
choose(struct bulk *b, const struct ledger_wallet *wallet, int next)
{
	if (b->count == BULK_MAX) {
		b->left++;
		return;
	}
	(void)snprintf(b->serials[b->count++], LEDGER_SERIAL_SIZE, "%s", wallet->serial);
	b->before[wallet->state]++;
	b->after[next]++;
}

static int
look_at(void *context, const struct ledger_wallet *wallet)
{
	struct bulk *b = context;
	const char *why;
	int next = next_of(&why, b, wallet);

	if (next < 0)
		b->passed[wallet->state]++;
	else
		choose(b, wallet, next);
	return 0;
}

bool
bulk_choose_by_batch(struct bulk *b, const char *name, const char *state_name)
{
	enum wallet_state state = WALLET_NONE;
	struct ledger_batch batch;
	int error = ledger_batch_get(&batch, b->host->ledger, name);

	if (error == KE_NOT_FOUND) {
		ctl_refuse_unknown(b->call, CTL_BATCH, name);
		return false;
	}
	if (error == 0 && state_name && wallet_state_from_name(&state, state_name) != 0) {
		ctl_refuse(b->call, KE_BAD_ARGUMENT, NULL,
			"They stand in:  keylinectl wallet list --help",
			"There is no state %.40s of a wallet.", state_name);
		return false;
	}
	if (error == 0) {
		(void)snprintf(b->batch, sizeof b->batch, "%s", batch.id);
		error = ledger_wallet_list(b->host->ledger, batch.id, state, look_at, b);
	}
	if (error) {
		ctl_finish(b->call, b->host, error);
		return false;
	}
	if (b->count == 0)
		ctl_refuse(b->call, KE_BAD_STATE, NULL,
			"See in which states they are:  keylinectl batch show BATCH",
			"There is no%s%s wallet of %s that can be %s.",
			state_name ? " " : "", state_name ? state_name : "", b->batch,
			b->act->done);
	return b->count > 0;
}

/* One of a list that cannot be; the rest of it is looked at, too. */
static void
refuse_one(struct bulk *b, const char *serial, const struct ledger_wallet *wallet,
	const char *why)
{
	json_t *answer;
	char status[256];

	if (b->refused++ >= REFUSED_TOLD_MAX)
		return;
	answer = ctl_answer_new("refused");
	if (wallet)
		(void)snprintf(status, sizeof status, "%s is %s%s", serial,
			wallet_state_name(wallet->state), why);
	else
		(void)snprintf(status, sizeof status, "%.40s%s", serial, why);
	if (answer) {
		ctl_put(&answer, "serial", json_string(serial));
		if (wallet)
			ctl_put(&answer, "state",
				json_string(wallet_state_name(wallet->state)));
		ctl_put(&answer, "status", json_string(status));
	}
	ctl_call_answer(b->call, answer);
}

static int
choose_one(struct bulk *b, const char *serial)
{
	struct ledger_wallet wallet;
	char other[LEDGER_BATCH_SIZE + 64];
	const char *why;
	int next, error = ledger_wallet_get(&wallet, b->host->ledger, serial);

	if (error == KE_NOT_FOUND) {
		refuse_one(b, serial, NULL, ": there is no such wallet on this host.");
		return 0;
	}
	if (error)
		return error;
	if (!b->batch[0])
		(void)snprintf(b->batch, sizeof b->batch, "%s", wallet.batch);
	next = next_of(&why, b, &wallet);
	if (strcmp(b->batch, wallet.batch) != 0) {
		(void)snprintf(other, sizeof other,
			" and of batch %s: a list is of one batch.", wallet.batch);
		refuse_one(b, serial, &wallet, other);
	} else if (next < 0) {
		refuse_one(b, serial, &wallet, why);
	} else {
		choose(b, &wallet, next);
	}
	return 0;
}

static int
by_serial(const void *a, const void *b)
{
	return strncmp(a, b, LEDGER_SERIAL_SIZE);
}

/* Puts the list's words in order, each once; returns how many, BULK_MAX + 1: too many. */
static size_t
split_list(char (*words)[LEDGER_SERIAL_SIZE], const char *list)
{
	size_t count = 0, kept = 0;

	for (const char *at = list + strspn(list, " "); *at; at += strspn(at, " ")) {
		size_t len = strcspn(at, " ");

		if (count == BULK_MAX)
			return BULK_MAX + 1;
		/* What is too long is no serial: cut, it is still none. */
		(void)snprintf(words[count++], LEDGER_SERIAL_SIZE, "%.*s", (int)len, at);
		at += len;
	}
	qsort(words, count, sizeof *words, by_serial);
	for (size_t i = 0; i < count; i++)
		if (kept == 0 || strcmp(words[kept - 1], words[i]) != 0)
			memmove(words[kept++], words[i], sizeof *words);
	return kept;
}

bool
bulk_choose_by_list(struct bulk *b, const char *list)
{
	char(*words)[LEDGER_SERIAL_SIZE] = calloc(BULK_MAX, sizeof *words);
	size_t count = words ? split_list(words, list) : 0;
	int error = words ? 0 : KE_NO_MEMORY;

	for (size_t i = 0; error == 0 && count <= BULK_MAX && i < count; i++)
		error = choose_one(b, words[i]);
	free(words);
	if (error)
		ctl_finish(b->call, b->host, error);
	else if (count == 0 || count > BULK_MAX)
		ctl_refuse(b->call, KE_BAD_ARGUMENT, NULL, "Give a shorter list.",
			"A list has 1 to %d serials.", BULK_MAX);
	else if (b->refused)
		ctl_refuse(b->call, KE_BAD_STATE, NULL,
			"Take them off the list, and give the command again.",
			"%zu of %zu wallets cannot be %s; nothing was changed.",
			b->refused, count, b->act->done);
	return error == 0 && count > 0 && count <= BULK_MAX && b->refused == 0;
}
