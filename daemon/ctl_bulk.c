/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "daemon/ctl_bulk_inner.h"

#include <stdio.h>
#include <stdlib.h>
#include "daemon/ctl_refuse.h"
#include "daemon/host.h"
#include "daemon/ledger_request.h"
#include "proto/hash.h"

static const struct bulk_act acts[] = {
	[CTL_BULK_SPOIL] = {"wallet spoil", "spoiled", WALLET_SPOIL, false},
	[CTL_BULK_MISSING] = {"wallet missing", "missing", WALLET_LOSE, false},
	/* An event of its own in the ledger: no state changes. */
	[CTL_BULK_DESTROYED] = {"wallet destroyed", "destroyed", WALLET_EVENT_COUNT,
		true},
};

static void
bulk_free(struct bulk *b)
{
	if (b)
		free(b->serials);
	free(b);
}

static void
tell_bulk(struct bulk *b, bool is_done)
{
	json_t *answer = ctl_answer_new("bulk");

	if (answer) {
		ctl_put(&answer, "batch", json_string(b->batch));
		ctl_put(&answer, "count", json_integer((json_int_t)b->count));
		ctl_put(&answer, "counts", ctl_counts(is_done ? b->after : b->before));
		ctl_put(&answer, "passed", ctl_counts(b->passed));
		ctl_put(&answer, "left", json_integer((json_int_t)b->left));
		ctl_put(&answer, "done", json_boolean(is_done));
	}
	ctl_call_answer(b->call, answer);
}

/* Each wallet as it stands, as fast as the client takes them. */
static void
tell_wallets(struct ctl_call *call, void *data)
{
	struct bulk *b = data;
	struct host *host = b->host;
	struct ledger_wallet wallet;
	int error = 0;

	while (error == 0 && b->told < b->count && !ctl_call_is_gone(call)) {
		if (ctl_call_is_full(call)) {
			ctl_call_resume(call, tell_wallets, b);
			return;
		}
		error = ledger_wallet_get(&wallet, host->ledger, b->serials[b->told++]);
		if (error == 0)
			ctl_answer_wallet(call, &wallet, b->tell_drawn);
	}
	bulk_free(b);
	ctl_finish(call, host, error);
}

/* All of them in one commit, with the use of the request where there is one. */
static int
act_on_all(struct bulk *b, const struct ledger_by *by, uint64_t request, size_t *at)
{
	const char *reason = ctl_call_text(b->call, "reason");
	struct ledger *ledger = b->host->ledger;
	int error = ledger_begin(ledger);

	if (error)
		return error;
	if (b->act->two_persons)
		error = ledger_request_consume(ledger, by, request, NULL);
	for (*at = 0; error == 0 && *at < b->count; ++*at)
		error = b->act->event == WALLET_EVENT_COUNT
				? ledger_wallet_destroyed(
					  ledger, by, b->serials[*at], reason)
				: ledger_wallet_step(ledger, by, b->serials[*at],
					  b->act->event, reason);
	if (error == 0)
		return ledger_commit(ledger);
	ledger_rollback(ledger);
	return error;
}

/* The second person must mean the same wallets, all of them. */
static int
second_person(uint64_t *request, struct bulk *b)
{
	unsigned char digest[HASH_SHA256_LEN];
	char args[96], hex[17];
	int error = hash_sha256(digest, b->serials, b->count * sizeof *b->serials);

	if (error) {
		ctl_finish(b->call, b->host, error);
		return error;
	}
	for (size_t i = 0; i < 8; i++)
		(void)snprintf(hex + 2 * i, 3, "%02x", digest[i]);
	(void)snprintf(args, sizeof args, "wallets=%zu list=%s", b->count, hex);
	return ctl_second_person(
		request, b->call, b->host, b->act->command, b->batch, args);
}

/* Takes over the selection. */
static void
carry_out(struct bulk *b)
{
	bool dry_run = ctl_call_is_dry_run(b->call);
	char actor[CTL_ACTOR_SIZE];
	struct ledger_by by = ctl_by(b->call, actor);
	uint64_t request = 0;
	size_t at = 0;
	int error;

	if (b->act->two_persons) {
		tell_bulk(b, false);
		if (second_person(&request, b) != 0) {
			bulk_free(b);
			return;
		}
	}
	error = dry_run ? 0 : act_on_all(b, &by, request, &at);
	if (error) {
		if (b->act->event == WALLET_EVENT_COUNT || at == 0)
			ctl_finish(b->call, b->host, error);
		else
			ctl_refuse_step(b->call, b->host, b->serials[at - 1],
				b->act->event, error);
		bulk_free(b);
		return;
	}
	if (!b->act->two_persons || !dry_run)
		tell_bulk(b, !dry_run);
	if (!dry_run)
		host_wake(b->host);
	b->tell_drawn = ctl_may_tell_drawn(b->host, b->batch);
	tell_wallets(b->call, b);
}

bool
ctl_bulk(struct ctl_call *call, struct host *host, enum ctl_bulk_act act)
{
	const char *serial = ctl_call_text(call, "serial"), *state;
	const char *serials = ctl_call_text(call, "serials");
	const char *batch = ctl_call_text(call, "batch");
	struct bulk *b;

	state = ctl_call_text(call, "state");
	if (serial && !serials && !batch && !state)
		return false;
	if (!serial + !serials + !batch != 2 || (state && !batch)) {
		ctl_refuse(call, KE_BAD_MESSAGE, "USAGE", "See keylinectl(1).",
			"Name a wallet, a list of wallets, or a batch, which may have a "
			"state.");
		return true;
	}
	b = calloc(1, sizeof *b);
	if (b)
		b->serials = calloc(BULK_MAX, sizeof *b->serials);
	if (!b || !b->serials) {
		bulk_free(b);
		ctl_finish(call, host, KE_NO_MEMORY);
		return true;
	}
	b->call = call;
	b->host = host;
	b->act = &acts[act];
	if (batch ? bulk_choose_by_batch(b, batch, state)
		  : bulk_choose_by_list(b, serials))
		carry_out(b);
	else
		bulk_free(b);
	return true;
}
