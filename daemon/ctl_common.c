/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "daemon/ctl_common.h"

#include <stdio.h>
#include <string.h>
#include "daemon/closing.h"
#include "daemon/ctl_refuse.h"
#include "daemon/host.h"
#include "daemon/keylined.h"
#include "daemon/settings.h"
#include "proto/base64.h"
#include "proto/utc.h"

struct host *
ctl_host(void *context)
{
	struct keylined *keylined = context;

	return keylined->line;
}

struct ledger_by
ctl_by(const struct ctl_call *call, char actor[CTL_ACTOR_SIZE])
{
	(void)snprintf(
		actor, CTL_ACTOR_SIZE, "uid%lu", (unsigned long)ctl_call_peer(call)->uid);
	return (struct ledger_by){host_now_ms(), actor};
}

void
ctl_time(char out[32], int64_t ms)
{
	if (utc_format(out, ms / 1000) != 0)
		out[0] = '\0';
}

void
ctl_finish(struct ctl_call *call, struct host *host, int error)
{
	if (host_trouble(host, error))
		ctl_refuse_trouble(call, host, error);
	else if (error)
		ctl_call_fail(call, error, NULL);
	else
		ctl_call_end(call, CTL_EXIT_OK);
}

void
ctl_put(json_t **object, const char *key, json_t *value)
{
	if (!*object) {
		json_decref(value);
	} else if (json_object_set_new(*object, key, value) != 0) {
		json_decref(*object);
		*object = NULL;
	}
}

/* Who was drawn is told to nobody before all of the batch is sealed. */
bool
ctl_may_tell_drawn(struct host *host, const char *batch)
{
	uint64_t counts[WALLET_STATE_COUNT];

	if (host->settings->mode != MODE_USA ||
		ledger_batch_counts(counts, host->ledger, batch) != 0)
		return false;
	return counts[WALLET_EXPECTED] + counts[WALLET_CONFIRMED] +
		       counts[WALLET_ARRIVED] + counts[WALLET_CLAIMED] +
		       counts[WALLET_ETCHING] + counts[WALLET_ETCHED] +
		       counts[WALLET_IN_DOUBT] ==
	       0;
}

void
ctl_answer_wallet(
	struct ctl_call *call, const struct ledger_wallet *wallet, bool tell_drawn)
{
	json_t *answer = ctl_answer_new("wallet");
	char changed[32];

	if (answer) {
		ctl_time(changed, wallet->changed_ms);
		ctl_put(&answer, "serial", json_string(wallet->serial));
		ctl_put(&answer, "batch", json_string(wallet->batch));
		ctl_put(&answer, "state", json_string(wallet_state_name(wallet->state)));
		ctl_put(&answer, "reason", json_string(wallet->reason));
		ctl_put(&answer, "changed", json_string(changed));
		ctl_put(&answer, "row", json_integer((json_int_t)wallet->row));
		ctl_put(&answer, "held", json_boolean(wallet->held));
		ctl_put(&answer, "part", json_boolean(wallet->part));
		ctl_put(&answer, "destroyed", json_boolean(wallet->destroyed));
		if (tell_drawn)
			ctl_put(&answer, "drawn", json_boolean(wallet->drawn));
	}
	ctl_call_answer(call, answer);
}

json_t *
ctl_counts(const uint64_t counts[WALLET_STATE_COUNT])
{
	json_t *object = json_object();

	for (int s = WALLET_NONE + 1; object && s < WALLET_STATE_COUNT; s++)
		if (counts[s])
			ctl_put(&object, wallet_state_name((enum wallet_state)s),
				json_integer((json_int_t)counts[s]));
	return object;
}

/* What of a batch is known to this host, and not to every one. */
static void
put_by_stage(json_t **answer, struct host *host, const struct ledger_batch *batch,
	const uint64_t counts[WALLET_STATE_COUNT])
{
	const struct settings *settings = host->settings;
	bool is_destroyed = false;
	uint64_t passed, to_come;

	/* Where no machine stands, the work is done when codes or keys are made. */
	if (!(settings->stages & (SETTINGS_ETCH | SETTINGS_PRINT)))
		ctl_put(answer, "done",
			json_integer((json_int_t)counts[settings->mode == MODE_USA
								? WALLET_EXPECTED
								: WALLET_MINTED]));
	/* China is not to know how many are drawn, and its 0 would be no number. */
	if (settings->mode == MODE_USA)
		ctl_put(answer, "draws", json_integer((json_int_t)batch->draws));
	if (ledger_batch_parts_to_come(&to_come, host->ledger, batch->id) == 0 && to_come)
		ctl_put(answer, "parts_to_come", json_integer((json_int_t)to_come));
	/* Rows of others about wallets of a part that was given up here. */
	if (ledger_batch_passed_over(&passed, host->ledger, batch->id) == 0 && passed)
		ctl_put(answer, "passed_over", json_integer((json_int_t)passed));
	/* Of a void batch nothing is left to do, also where it has no wallets. */
	if (batch->voided)
		ctl_put(answer, "left", json_integer(0));
	/* A host that only mints keeps no secrets. */
	if (settings->stages != SETTINGS_MINT &&
		closing_is_destroyed(&is_destroyed, host, batch->id) == 0 && is_destroyed)
		ctl_put(answer, "secrets", json_string("destroyed"));
}

void
ctl_answer_batch(
	struct ctl_call *call, struct host *host, const struct ledger_batch *batch)
{
	ctl_answer_batch_told(call, host, batch, "");
}

void
ctl_answer_batch_told(struct ctl_call *call, struct host *host,
	const struct ledger_batch *batch, const char *told)
{
	json_t *answer = ctl_answer_new("batch");
	uint64_t counts[WALLET_STATE_COUNT] = {0};
	char created[32];

	if (answer && ledger_batch_counts(counts, host->ledger, batch->id) == 0) {
		ctl_time(created, batch->created_ms);
		ctl_put(&answer, "batch", json_string(batch->id));
		ctl_put(&answer, "product", json_string(batch->product));
		ctl_put(&answer, "coins", json_string(batch->coins));
		ctl_put(&answer, "use", json_string(batch->use));
		ctl_put(&answer, "state",
			json_string(ledger_batch_state_name(batch->state)));
		ctl_put(&answer, "reason", json_string(batch->reason));
		ctl_put(&answer, "created", json_string(created));
		ctl_put(&answer, "held", json_boolean(batch->held));
		ctl_put(&answer, "total", json_integer((json_int_t)batch->made));
		put_by_stage(&answer, host, batch, counts);
		ctl_put(&answer, "counts", ctl_counts(counts));
		if (told[0])
			ctl_put(&answer, "told", json_string(told));
	}
	ctl_call_answer(call, answer);
}

/* Bytes in one answer: as base64 they fit into a line. */
enum { SIGNED_PIECE = 24 * 1024 };

void
ctl_answer_signed(struct ctl_call *call, const unsigned char *bytes, size_t len)
{
	static char text[BASE64_LEN(SIGNED_PIECE)];
	size_t piece;

	for (size_t at = 0; at < len; at += piece) {
		json_t *answer = ctl_answer_new("signed");

		piece = len - at < SIGNED_PIECE ? len - at : SIGNED_PIECE;
		base64_encode(text, bytes + at, piece);
		ctl_put(&answer, "base64", json_stringn(text, BASE64_LEN(piece)));
		ctl_call_answer(call, answer);
	}
}
