/* SPDX-License-Identifier: MIT */
/* Two persons say that a file does not come: the one after it is taken then. */
#include "config.h"
#include "daemon/ctl_common.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "daemon/ctl_refuse.h"
#include "daemon/dual.h"
#include "daemon/host.h"
#include "daemon/intake_file.h"
#include "daemon/ledger_file.h"
#include "daemon/settings.h"
#include "daemon/spool.h"
#include "proto/batch_policy.h"

/* The object that is signed: "us-gen codes 7". */
struct skip {
	char sender[LEDGER_HOST_SIZE];
	char kind[LEDGER_NAME_SIZE];
	uint64_t sequence;
};

enum { DECIMAL = 10, DIGITS_MAX = 18 };

static bool
read_skip(struct skip *out, const char *sender, const char *kind, const char *sequence)
{
	size_t digits = strspn(sequence, "0123456789");

	if (strlen(sender) >= sizeof out->sender || strlen(kind) >= sizeof out->kind ||
		digits == 0 || digits > DIGITS_MAX || sequence[digits] != '\0')
		return false;
	(void)snprintf(out->sender, sizeof out->sender, "%s", sender);
	(void)snprintf(out->kind, sizeof out->kind, "%s", kind);
	out->sequence = strtoull(sequence, NULL, DECIMAL);
	return out->sequence > 0;
}

static bool
read_object(struct skip *out, const char *object)
{
	char text[sizeof out->sender + sizeof out->kind + DIGITS_MAX + 2], *at = text;
	const char *words[3] = {"", "", ""};

	if (strlen(object) >= sizeof text)
		return false;
	(void)snprintf(text, sizeof text, "%s", object);
	for (size_t i = 0; i < 3 && at; i++)
		words[i] = strsep(&at, " ");
	return !at && read_skip(out, words[0], words[1], words[2]);
}

/* Whether files of that kind come here from that host. */
static bool
is_taken_from(const struct settings *settings, const struct skip *skip)
{
	struct batch_expectation expected = {.host = settings->host};
	enum batch_kind kind;

	if (!batch_kind_parse(&kind, skip->kind, strlen(skip->kind)) ||
		!(batch_kind_stages(kind) & settings->stages))
		return false;
	intake_origin_expect(&expected, settings, kind);
	if (!expected.senders)
		return name_is_host(skip->sender, strlen(skip->sender));
	for (size_t i = 0; i < expected.sender_count; i++)
		if (skip->sender[0] && strcmp(expected.senders[i], skip->sender) == 0)
			return true;
	return false;
}

static int
refuse_number(struct ctl_call *call, const struct skip *skip, uint64_t next)
{
	if (skip->sequence < next)
		ctl_refuse(call, KE_DUPLICATE, "REFUSED",
			"See which file has it:  keylinectl batch show BATCH",
			"Number %" PRIu64 " of the %s of %s is used up already; the next "
			"one is %" PRIu64 ".",
			skip->sequence, skip->kind, skip->sender, next);
	else
		ctl_refuse(call, KE_OUT_OF_SEQUENCE, "REFUSED",
			"Only the next file can be skipped, each by itself.",
			"The next of the %s of %s is number %" PRIu64 ".", skip->kind,
			skip->sender, next);
	return skip->sequence < next ? KE_DUPLICATE : KE_OUT_OF_SEQUENCE;
}

static int
check_skip(struct ctl_call *call, const struct dual_act *act)
{
	const struct settings *settings = act->host->settings;
	struct ledger_turn turn;
	struct skip skip;
	int error = read_object(&skip, act->object) ? 0 : KE_BAD_ARGUMENT;

	if (error || !is_taken_from(settings, &skip)) {
		ctl_refuse(call, KE_BAD_ARGUMENT, "REFUSED",
			"Give the sender, the kind and the number as the file after it "
			"says "
			"them (its result, or openssl cms -verify: keyline-batch(5)).",
			"No such file comes to %s: %.120s.", settings->host, act->object);
		return KE_BAD_ARGUMENT;
	}
	error = ledger_file_next(&turn, act->host->ledger, LEDGER_IN, skip.sender,
		settings->host, skip.kind);
	if (error)
		ctl_finish(call, act->host, error);
	else if (skip.sequence != turn.sequence)
		error = refuse_number(call, &skip, turn.sequence);
	return error;
}

static int
commit(const struct dual_act *act, const struct ledger_skip *skip)
{
	struct ledger *ledger = act->host->ledger;
	int error = ledger_request_begin(ledger, act->by, act->approval);

	if (error)
		return error;
	error = ledger_file_skip(ledger, act->by, skip);
	return ledger_end(ledger, error);
}

static json_t *
answer_of(const struct skip *skip, const char *object)
{
	json_t *answer = ctl_answer_new("skip");

	if (answer) {
		ctl_put(&answer, "name", json_string(object));
		ctl_put(&answer, "sender", json_string(skip->sender));
		ctl_put(&answer, "kind", json_string(skip->kind));
		ctl_put(&answer, "sequence", json_integer((json_int_t)skip->sequence));
		ctl_put(&answer, "state", json_string("skipped"));
	}
	return answer;
}

static void
run_skip(struct ctl_call *call, const struct dual_act *act)
{
	struct host *host = act->host;
	struct skip skip;
	int error = read_object(&skip, act->object) ? 0 : KE_BAD_ARGUMENT;

	if (error == 0 && act->approval)
		error = commit(
			act, &(struct ledger_skip){skip.sender, host->settings->host,
				     skip.kind, skip.sequence, act->reason});
	if (error == 0)
		ctl_call_answer(call, answer_of(&skip, act->object));
	/* What waited for it is looked at again, here and on the secure disk. */
	if (error == 0 && act->approval) {
		spool_retry_deferred(host->spool);
		host->secure_retry = true;
		host_wake(host);
	}
	ctl_finish(call, host, error);
}

const struct dual_action dual_batch_skip = {"batch skip", check_skip, run_skip};

void
ctl_batch_skip(struct ctl_call *call, void *context)
{
	struct host *host = ctl_host(context);
	char object[LEDGER_NAME_SIZE * 4];
	int n = snprintf(object, sizeof object, "%s %s %s", ctl_call_text(call, "sender"),
		ctl_call_text(call, "kind"), ctl_call_text(call, "sequence"));

	if (n < 0 || (size_t)n >= sizeof object)
		ctl_finish(call, host, KE_TOO_LONG);
	else
		dual_ask(call, host, &dual_batch_skip, object, "",
			ctl_call_text(call, "reason"));
}
