/* SPDX-License-Identifier: MIT */
/* The commands about the ledger and alarms. */
#include "config.h"
#include "daemon/ctl_common.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "daemon/alarm.h"
#include "daemon/ctl_refuse.h"
#include "daemon/fault.h"
#include "daemon/host.h"
#include "daemon/ledger_witness.h"
#include "daemon/settings.h"
#include "daemon/stage.h"
#include "daemon/witness.h"

/* The chain as it was found, and a head that somebody typed: the one is judged apart
 * from the other, for what is typed may be mistyped. */
struct verification {
	struct ledger_verdict chain;
	/* How many heads of the chain others hold. */
	uint64_t heads;
	/* Its seq is 0 when none was given. */
	struct ledger_head given;
	/* Why the head that was given is not of this ledger; NULL: it is. */
	const char *given_reason;
};

static void
put_verification(json_t **answer, const struct verification *v)
{
	const struct ledger_verdict *verdict = &v->chain;

	ctl_put(answer, "good", json_boolean(!verdict->reason));
	ctl_put(answer, "events", json_integer((json_int_t)verdict->events));
	ctl_put(answer, "witnessed", json_integer((json_int_t)v->heads));
	if (v->given.seq)
		ctl_put(answer, "given",
			json_string(v->given_reason ? v->given_reason : "of this ledger"));
	if (!verdict->reason)
		return;
	ctl_put(answer, "bad_seq", json_integer((json_int_t)verdict->bad_seq));
	ctl_put(answer, "object", json_string(verdict->object));
	ctl_put(answer, "reason", json_string(verdict->reason));
}

static void
answer_head(struct ctl_call *call, struct host *host, const struct verification *v)
{
	unsigned char hash[LEDGER_HASH_LEN];
	char text[2 * LEDGER_HASH_LEN + 1];
	json_t *answer = ctl_answer_new("ledger");
	uint64_t seq;

	ledger_head(host->ledger, &seq, hash);
	ledger_hex(text, hash);
	if (answer) {
		ctl_put(&answer, "seq", json_integer((json_int_t)seq));
		ctl_put(&answer, "hash", json_string(text));
		if (v)
			put_verification(&answer, v);
	}
	ctl_call_answer(call, answer);
}

/* A head as a person typed it from paper: number and 64 hex digits, spaces aside. */
static bool
read_head(struct ledger_head *out, const char *seq, const char *hash)
{
	char hex[2 * LEDGER_HASH_LEN + 1], *end;
	size_t len = 0;

	out->seq = strtoull(seq, &end, 10);
	if (seq[0] < '1' || seq[0] > '9' || *end != '\0' || out->seq > INT64_MAX)
		return false;
	for (; *hash; hash++) {
		if (*hash == ' ')
			continue;
		if (len == sizeof hex - 1 || !strchr("0123456789abcdef", *hash))
			return false;
		hex[len++] = *hash;
	}
	if (len != sizeof hex - 1)
		return false;
	for (int i = 0; i < LEDGER_HASH_LEN; i++) {
		char pair[3] = { hex[2 * i], hex[2 * i + 1], '\0' };

		out->hash[i] = (unsigned char)strtoul(pair, NULL, 16);
	}
	return true;
}

/* The chain and its tables; then every head of it that others hold. */
static int
verify_chain(struct verification *v, struct host *host)
{
	int error = ledger_verify(&v->chain, host->ledger);

	return error == 0 || error == KE_CHAIN_BROKEN
		       ? witness_search(&v->chain, &v->heads, host)
		       : error;
}

/* Whether the head that was given is of this ledger: given_reason.  Returns 0 or a
 * failure to read. */
static int
compare_given(struct verification *v, struct host *host)
{
	static const char *const reasons[] = {
		[LEDGER_HEAD_SAME] = NULL,
		[LEDGER_HEAD_OTHER_HASH] = "another hash",
		[LEDGER_HEAD_BEYOND_END] = "beyond the end",
		[LEDGER_HEAD_MISSING] = "missing",
	};
	enum ledger_head_match match;
	int error = ledger_head_compare(&match, host->ledger, &v->given);

	v->given_reason = reasons[match];
	return error;
}

/* No alarm: who may only look would raise it with a slip of the finger. */
static void
refuse_given(struct ctl_call *call, struct host *host, const struct ledger_head *given)
{
	unsigned char hash[LEDGER_HASH_LEN];
	char action[320];
	uint64_t seq;

	ledger_head(host->ledger, &seq, hash);
	(void)snprintf(action, sizeof action,
		"Compare number and hash once more, and that they are of host %s.  Are they "
		"right, this ledger was altered or put back: stop work, and restore nothing "
		"before two people have looked.",
		host->settings->host);
	if (given->seq > seq)
		ctl_refuse(call, KE_MISMATCH_HEAD, "NOT THE SAME", action,
			"The head that was given is not this ledger's: it is of event %" PRIu64
			", and this ledger ends at event %" PRIu64 ".",
			given->seq, seq);
	else
		ctl_refuse(call, KE_MISMATCH_HEAD, "NOT THE SAME", action,
			"The head that was given is not this ledger's: here event %" PRIu64
			" has another hash.",
			given->seq);
}

/* What is broken, and the alarm's next step. */
static void
refuse_broken(struct ctl_call *call, const struct ledger_verdict *verdict)
{
	ctl_refuse(call, KE_CHAIN_BROKEN, "ALTERED", fault_of("chain-broken")->action,
		"At event %" PRIu64 " the ledger's hash chain is broken%s%s: %s.",
		verdict->bad_seq, verdict->object[0] ? ", at " : "", verdict->object,
		verdict->reason);
}

static void
ledger_verify_command(struct ctl_call *call, void *context)
{
	struct host *host = ctl_host(context);
	const char *seq = ctl_call_text(call, "seq"), *hash = ctl_call_text(call, "hash");
	struct verification v = { 0 };
	int error;

	if ((seq || hash) && !(seq && hash && read_head(&v.given, seq, hash))) {
		ctl_refuse(call, KE_BAD_ARGUMENT, NULL,
			"Give number and hash as the paper has them:  keylinectl ledger "
			"verify SEQ HASH",
			"That is no head of a ledger: a number and 64 digits of 0-9 and a-f.");
		return;
	}
	error = verify_chain(&v, host);
	if (v.given.seq && (error == 0 || error == KE_CHAIN_BROKEN)) {
		int failure = compare_given(&v, host);

		error = failure ? failure : error;
	}
	if (error == 0 || error == KE_CHAIN_BROKEN)
		answer_head(call, host, &v);
	if (error == KE_CHAIN_BROKEN)
		alarm_raise(host->alarms, "chain-broken", host->settings->host, host_now_ms());
	if (error == 0 && v.given_reason)
		refuse_given(call, host, &v.given);
	else if (error == KE_CHAIN_BROKEN && v.chain.reason)
		refuse_broken(call, &v.chain);
	else
		ctl_finish(call, host, error);
}

static void
ledger_head_command(struct ctl_call *call, void *context)
{
	answer_head(call, ctl_host(context), NULL);
	ctl_call_end(call, CTL_EXIT_OK);
}

static int
answer_witness(void *context, const struct ledger_witness *witness)
{
	struct ctl_call *call = context;
	char text[2 * LEDGER_HASH_LEN + 1], time[32];
	json_t *answer = ctl_answer_new("witness");

	ledger_hex(text, witness->head.hash);
	ctl_time(time, witness->time_ms);
	ctl_put(&answer, "host", json_string(witness->host));
	ctl_put(&answer, "seq", json_integer((json_int_t)witness->head.seq));
	ctl_put(&answer, "hash", json_string(text));
	ctl_put(&answer, "time", json_string(time));
	ctl_call_answer(call, answer);
	return 0;
}

static void
ledger_witness_command(struct ctl_call *call, void *context)
{
	struct host *host = ctl_host(context);

	ctl_finish(call, host, ledger_witness_list(host->ledger, answer_witness, call));
}

static void
alarm_ack(struct ctl_call *call, void *context)
{
	struct host *host = ctl_host(context);
	const char *object = ctl_call_text(call, "object");
	char actor[CTL_ACTOR_SIZE];
	struct ledger_by by = ctl_by(call, actor);
	struct ledger_event event = { "alarm", host->settings->host, "acknowledged",
		NULL, NULL, object };
	int error = 0;

	if (!alarm_stands(host->alarms, object)) {
		ctl_refuse_unknown(call, CTL_ALARM, object);
		return;
	}
	if (!ctl_call_is_dry_run(call))
		error = ledger_event_add(host->ledger, &by, &event);
	if (error == 0 && !ctl_call_is_dry_run(call)) {
		alarm_acknowledge(host->alarms, object);
		stage_retry_object(host, object);
		host->changed = true;
	}
	ctl_finish(call, host, error);
}

const struct ctl_command ctl_ledger_commands[] = {
	{ "ledger verify", CTL_VIEWER, false, "seq? hash?", ledger_verify_command },
	{ "ledger head", CTL_VIEWER, false, "", ledger_head_command },
	{ "ledger witness", CTL_VIEWER, false, "", ledger_witness_command },
	{ "alarm ack", CTL_SUPERVISOR, true, "object", alarm_ack },
	{ NULL, CTL_VIEWER, false, NULL, NULL },
};
