/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "daemon/ctl_bulk_inner.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "daemon/alarm.h"
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
		/* No state of its own: without it they look as before. */
		if (is_done && b->act->event == WALLET_EVENT_COUNT)
			ctl_put(&answer, "destroyed", json_true());
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

/* All of them in one commit, with the use of the approval where there is one. */
static int
act_on_all(struct bulk *b, const struct ledger_by *by, const char *reason,
	const struct ledger_approval *approval, size_t *at)
{
	struct ledger *ledger = b->host->ledger;
	int error = approval ? ledger_request_begin(ledger, by, approval)
			     : ledger_begin(ledger);

	if (error)
		return error;
	for (*at = 0; error == 0 && *at < b->count; ++*at)
		error = b->act->event == WALLET_EVENT_COUNT
				? ledger_wallet_destroyed(
					  ledger, by, b->serials[*at], reason)
				: ledger_wallet_step(ledger, by, b->serials[*at],
					  b->act->event, reason);
	return ledger_end(ledger, error);
}

/* Takes over the selection. */
static void
carry_out(struct bulk *b, const struct ledger_by *by, const char *reason,
	const struct ledger_approval *approval)
{
	bool dry_run = ctl_call_is_dry_run(b->call);
	size_t at = 0;
	int error = dry_run ? 0 : act_on_all(b, by, reason, approval, &at);

	if (error) {
		if (b->act->event == WALLET_EVENT_COUNT || at == 0)
			ctl_finish(b->call, b->host, error);
		else
			ctl_refuse_step(b->call, b->host, b->serials[at - 1],
				b->act->event, error);
		bulk_free(b);
		return;
	}
	for (size_t i = 0; !dry_run && b->act->event == WALLET_EVENT_COUNT && i < b->count; i++)
		alarm_clear(b->host->alarms, "wallet-rejected", b->serials[i]);
	if (!b->act->two_persons || !dry_run)
		tell_bulk(b, !dry_run);
	if (!dry_run)
		host_wake(b->host);
	b->tell_drawn = ctl_may_tell_drawn(b->host, b->batch);
	tell_wallets(b->call, b);
}

/* The serials with blanks between, as they are kept and hashed; NULL: no memory. */
static char *
serials_text(const struct bulk *b)
{
	char *text = malloc(b->count * LEDGER_SERIAL_SIZE + 1);
	size_t len = 0;

	for (size_t i = 0; text && i < b->count; i++)
		len += (size_t)snprintf(text + len, LEDGER_SERIAL_SIZE + 1, "%s%s",
			i ? " " : "", b->serials[i]);
	return text;
}

/* What is signed of a list: how many, and the hash of its text. */
static int
args_of(char out[BULK_ARGS_SIZE], size_t count, const char *serials)
{
	unsigned char digest[HASH_SHA256_LEN];
	char hex[2 * LEDGER_HASH_LEN + 1];
	int error = hash_sha256(digest, serials, strlen(serials));

	if (error)
		return error;
	ledger_hex(hex, digest);
	(void)snprintf(out, BULK_ARGS_SIZE, "wallets=%zu list=%s", count, hex);
	return 0;
}

/* The first of two persons asks; takes over the selection. */
static void
ask(struct bulk *b, const char *reason)
{
	char *serials = serials_text(b), args[BULK_ARGS_SIZE];
	int error = serials ? args_of(args, b->count, serials) : KE_NO_MEMORY;
	struct ctl_call *call = b->call;
	struct host *host = b->host;

	if (error)
		ctl_finish(call, host, error);
	else
		dual_ask_many(call, host, &dual_wallet_destroyed,
			&(struct dual_many){b->batch, args, serials, reason});
	free(serials);
	bulk_free(b);
}

static struct bulk *
bulk_new(struct ctl_call *call, struct host *host, enum ctl_bulk_act act)
{
	struct bulk *b = calloc(1, sizeof *b);

	if (b)
		b->serials = calloc(BULK_MAX, sizeof *b->serials);
	if (!b || !b->serials) {
		bulk_free(b);
		ctl_finish(call, host, KE_NO_MEMORY);
		return NULL;
	}
	b->call = call;
	b->host = host;
	b->act = &acts[act];
	return b;
}

/* The selection of a request, still possible and still the one that was signed. */
static struct bulk *
choose_again(struct ctl_call *call, const struct dual_act *asked, enum ctl_bulk_act act)
{
	struct bulk *b = bulk_new(call, asked->host, act);
	char args[BULK_ARGS_SIZE];
	int error;

	if (!b)
		return NULL;
	if (!bulk_choose_by_list(b, asked->serials)) {
		bulk_free(b);
		return NULL;
	}
	error = args_of(args, b->count, asked->serials);
	if (error == 0 &&
		(strcmp(args, asked->args) != 0 || strcmp(b->batch, asked->object) != 0))
		error = KE_MISMATCH_APPROVAL;
	if (error == 0)
		return b;
	bulk_free(b);
	ctl_finish(call, asked->host, error);
	return NULL;
}

int
ctl_bulk_check(struct ctl_call *call, const struct dual_act *asked, enum ctl_bulk_act act)
{
	struct bulk *b = choose_again(call, asked, act);

	if (!b)
		return KE_BAD_STATE;
	tell_bulk(b, false);
	bulk_free(b);
	return 0;
}

void
ctl_bulk_run(struct ctl_call *call, const struct dual_act *asked, enum ctl_bulk_act act)
{
	struct bulk *b = choose_again(call, asked, act);

	if (b)
		carry_out(b, asked->by, asked->reason, asked->approval);
}

bool
ctl_bulk(struct ctl_call *call, struct host *host, enum ctl_bulk_act act)
{
	const char *serial = ctl_call_text(call, "serial"), *state;
	const char *serials = ctl_call_text(call, "serials");
	const char *batch = ctl_call_text(call, "batch");
	const char *reason = ctl_call_text(call, "reason");
	char actor[CTL_ACTOR_SIZE];
	struct ledger_by by = ctl_by(call, actor);
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
	b = bulk_new(call, host, act);
	if (!b)
		return true;
	if (!(batch ? bulk_choose_by_batch(b, batch, state)
		    : bulk_choose_by_list(b, serials)))
		bulk_free(b);
	else if (b->act->two_persons)
		ask(b, reason);
	else
		carry_out(b, &by, reason, NULL);
	return true;
}
