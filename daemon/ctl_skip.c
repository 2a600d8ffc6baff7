/* SPDX-License-Identifier: MIT */
/* Two persons say that a file does not come, and which part of a batch it was: the one
 * after it is taken then, and the batch waits for that part no longer. */
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
#include "daemon/ledger_request.h"
#include "daemon/settings.h"
#include "daemon/spool.h"
#include "proto/batch.h"
#include "proto/batch_policy.h"
#include "proto/name.h"

/* The object that is signed: "us-gen receipt 7", and of kinds that bring wallets on
 * "us-gen codes 7 US-118 2": the batch and its part.  "cn-mint stickers none US-118 2":
 * it never got a number, for its sender has nothing to send. */
struct skip {
	char sender[LEDGER_HOST_SIZE];
	char kind[LEDGER_NAME_SIZE];
	uint64_t sequence; /* 0: none */
	char batch[LEDGER_BATCH_SIZE];
	uint32_t part; /* 0: none is named */
};

enum {
	DECIMAL = 10,
	DIGITS_MAX = 18,
	WORDS = 3,
	WORDS_MAX = 5,
	OBJECT_SIZE = LEDGER_OBJECT_SIZE,
	TOLD_SIZE = 512
};

static uint64_t
read_number(const char *text)
{
	size_t digits = strspn(text, "0123456789");

	return digits > 0 && digits <= DIGITS_MAX && text[digits] == '\0'
		       ? strtoull(text, NULL, DECIMAL)
		       : 0;
}

static bool
read_words(struct skip *out, const char *const *words, size_t count)
{
	uint64_t part = count == WORDS_MAX ? read_number(words[4]) : 0;

	if (count < WORDS || count > WORDS_MAX || strlen(words[0]) >= sizeof out->sender ||
		strlen(words[1]) >= sizeof out->kind || part > BATCH_PARTS_MAX ||
		(count == WORDS_MAX && part == 0) ||
		(count > WORDS && !name_is_batch(words[3], strlen(words[3]))))
		return false;
	*out = (struct skip){.sequence = read_number(words[2]), .part = (uint32_t)part};
	(void)snprintf(out->sender, sizeof out->sender, "%s", words[0]);
	(void)snprintf(out->kind, sizeof out->kind, "%s", words[1]);
	(void)snprintf(
		out->batch, sizeof out->batch, "%s", count > WORDS ? words[3] : "");
	return out->sequence > 0 || strcmp(words[2], "none") == 0;
}

static bool
read_object(struct skip *out, const char *object)
{
	char text[OBJECT_SIZE], *at = text;
	const char *words[WORDS_MAX];
	size_t count = 0;

	if (strlen(object) >= sizeof text)
		return false;
	(void)snprintf(text, sizeof text, "%s", object);
	while (count < WORDS_MAX && at)
		words[count++] = strsep(&at, " ");
	return !at && read_words(out, words, count);
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
	if (skip->sequence == 0)
		ctl_refuse(call, KE_DUPLICATE, "REFUSED",
			"See which are still to come:  keylinectl batch show BATCH",
			"Part %" PRIu32 " of the %s of %s is given up already.",
			skip->part, skip->kind, skip->batch);
	else if (skip->sequence < next)
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

/* Parts of a batch that came. */
struct came {
	const struct skip *skip;
	char sender[LEDGER_HOST_SIZE];
	uint32_t parts;
	bool has_part;
};

static int
look_at_file(void *context, const struct ledger_file *file)
{
	struct came *came = context;

	if (strcmp(file->kind, came->skip->kind) != 0 ||
		(file->direction != LEDGER_IN &&
			strcmp(file->sender, file->recipient) != 0))
		return 0;
	(void)snprintf(came->sender, sizeof came->sender, "%s", file->sender);
	came->parts = file->parts;
	came->has_part = came->has_part || file->part == came->skip->part;
	return 0;
}

/* Kinds of which a batch has parts that it waits for. */
static bool
is_of_parts(const char *name)
{
	enum batch_kind kind;

	return batch_kind_parse(&kind, name, strlen(name)) && batch_kind_is_sealed(kind);
}

static int
refuse_part(struct ctl_call *call, const struct came *came)
{
	const struct skip *skip = came->skip;
	const char *see = "Ask its sender, whose  keylinectl batch show BATCH  tells the number "
			  "of each file that went out.";

	if (came->parts == 0)
		ctl_refuse(call, KE_NOT_FOUND, "REFUSED",
			"A batch of which nothing comes is made void:  keylinectl batch "
			"void BATCH",
			"Nothing of the %s of %s came.", skip->kind, skip->batch);
	else if (came->has_part)
		ctl_refuse(call, KE_BAD_ARGUMENT, "REFUSED", see,
			"Part %" PRIu32 " of the %s of %s is here: that is not the lost file.",
			skip->part, skip->kind, skip->batch);
	else if (strcmp(came->sender, skip->sender) != 0)
		ctl_refuse(call, KE_BAD_ARGUMENT, "REFUSED", see,
			"The %s of %s come from %s, not from %s.", skip->kind,
			skip->batch, came->sender, skip->sender);
	else
		ctl_refuse(call, KE_BAD_ARGUMENT, "REFUSED", see,
			"The %s of %s have %" PRIu32 " parts, and no part %" PRIu32 ".",
			skip->kind, skip->batch, came->parts, skip->part);
	return came->parts ? KE_BAD_ARGUMENT : KE_NOT_FOUND;
}

/* Which part it was, as far as that can be known here. */
static int
check_part(struct ctl_call *call, const struct dual_act *act, const struct skip *skip)
{
	struct came came = {.skip = skip};
	bool of_parts = is_of_parts(skip->kind);
	int error;

	if (of_parts ? skip->part == 0 : skip->batch[0] != '\0') {
		ctl_refuse(call, KE_BAD_ARGUMENT, "REFUSED",
			!of_parts ? "Give the command without batch and part."
				   : "Say which batch waits for it no longer; its sender's  "
				     "keylinectl batch show BATCH  tells the number of each "
				     "file:  keylinectl batch skip SENDER KIND SEQUENCE "
				     "BATCH PART",
			!of_parts ? "A file of the kind %s is no part that a batch waits for."
				   : "Which part of which batch it was is to be said of %s.",
			skip->kind);
		return KE_BAD_ARGUMENT;
	}
	if (skip->part == 0)
		return 0;
	error = ledger_file_list(act->host->ledger, skip->batch, look_at_file, &came);
	if (error)
		ctl_finish(call, act->host, error);
	else if (came.parts == 0 ? skip->sequence == 0
				 : came.has_part || skip->part > came.parts ||
					   strcmp(came.sender, skip->sender) != 0)
		error = refuse_part(call, &came);
	return error;
}

/* In a transaction. */
static int
put_skip(const struct dual_act *act, const struct skip *skip)
{
	return ledger_file_skip(act->host->ledger, act->by,
		&(struct ledger_skip){skip->sender, act->host->settings->host, skip->kind,
			skip->sequence, act->reason, skip->part ? skip->batch : NULL,
			skip->part});
}

/* The whole way, and back. */
static int
try_skip(struct ctl_call *call, const struct dual_act *act, const struct skip *skip)
{
	struct ledger *ledger = act->host->ledger;
	struct ledger_turn turn = {0};
	int tried, error = ledger_file_next(&turn, ledger, LEDGER_IN, skip->sender,
			   act->host->settings->host, skip->kind);

	if (error == 0)
		error = ledger_begin(ledger);
	if (error == 0) {
		tried = put_skip(act, skip);
		ledger_rollback(ledger);
		if (tried == KE_DUPLICATE || tried == KE_OUT_OF_SEQUENCE)
			return refuse_number(call, skip, turn.sequence);
		error = tried;
	}
	if (error)
		ctl_finish(call, act->host, error);
	return error;
}

static int
check_skip(struct ctl_call *call, const struct dual_act *act)
{
	const struct settings *settings = act->host->settings;
	struct skip skip;
	int error = read_object(&skip, act->object) ? 0 : KE_BAD_ARGUMENT;

	if (error || !is_taken_from(settings, &skip) ||
		(skip.sequence == 0 && !is_of_parts(skip.kind))) {
		ctl_refuse(call, KE_BAD_ARGUMENT, "REFUSED",
			"Give the sender, the kind and the number as the file after it "
			"says "
			"them (its result, or openssl cms -verify: keyline-batch(5)).",
			"No such file comes to %s: %.120s.", settings->host, act->object);
		return KE_BAD_ARGUMENT;
	}
	error = check_part(call, act, &skip);
	return error ? error : try_skip(call, act, &skip);
}

static int
commit(const struct dual_act *act, const struct skip *skip)
{
	struct ledger *ledger = act->host->ledger;
	int error = ledger_request_begin(ledger, act->by, act->approval);

	if (error)
		return error;
	error = put_skip(act, skip);
	return ledger_end(ledger, error);
}

/* A mint makes nothing of a part that it never had: whoever waits for that gets no number
 * which could be skipped. */
static void
tell_next(
	char *out, size_t size, const struct settings *settings, const struct skip *skip)
{
	out[0] = '\0';
	if (skip->part && settings->stages & SETTINGS_MINT &&
		strcmp(skip->kind, "codes") == 0)
		(void)snprintf(out, size,
			"no stickers and confirmations of it will come: give them up "
			"where they are waited for, without a number (keylinectl batch "
			"skip %s stickers none %s %" PRIu32 "; and confirmations)",
			settings->host, skip->batch, skip->part);
}

static json_t *
answer_of(const struct settings *settings, const struct skip *skip, const char *object)
{
	json_t *answer = ctl_answer_new("skip");
	char told[TOLD_SIZE];

	if (answer) {
		ctl_put(&answer, "name", json_string(object));
		ctl_put(&answer, "sender", json_string(skip->sender));
		ctl_put(&answer, "kind", json_string(skip->kind));
		if (skip->sequence)
			ctl_put(&answer, "sequence",
				json_integer((json_int_t)skip->sequence));
		if (skip->part) {
			ctl_put(&answer, "batch", json_string(skip->batch));
			ctl_put(&answer, "part", json_integer(skip->part));
		}
		ctl_put(&answer, "state", json_string("skipped"));
		tell_next(told, sizeof told, settings, skip);
		if (told[0])
			ctl_put(&answer, "told", json_string(told));
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
		error = commit(act, &skip);
	if (error == 0)
		ctl_call_answer(call, answer_of(host->settings, &skip, act->object));
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
	const char *batch = ctl_call_text(call, "batch"),
		   *part = ctl_call_text(call, "part");
	char object[OBJECT_SIZE];
	int n = snprintf(object, sizeof object, "%s %s %s%s%s%s%s",
		ctl_call_text(call, "sender"), ctl_call_text(call, "kind"),
		ctl_call_text(call, "sequence"), batch ? " " : "", batch ? batch : "",
		part ? " " : "", part ? part : "");

	if (n < 0 || (size_t)n >= sizeof object)
		ctl_finish(call, host, KE_TOO_LONG);
	else
		dual_ask(call, host, &dual_batch_skip, object, "",
			ctl_call_text(call, "reason"));
}
