/* SPDX-License-Identifier: MIT */
/* Approving: the first person his draft, the second one the request. */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "daemon/approvals.h"
#include "daemon/ctl_common.h"
#include "daemon/ctl_refuse.h"
#include "daemon/dual_inner.h"
#include "daemon/host.h"

/* Why a request cannot be approved by this person, or 0: then it has not been told. */
static int
refuse_request(struct ctl_call *call, struct host *host,
	const struct ledger_request *request, const struct ledger_person *person)
{
	char status[160];
	int error;

	(void)snprintf(status, sizeof status, "Request %" PRIu64 " is %s.", request->id,
		request->state == LEDGER_REQUEST_DONE ? "done: an approval is used once"
						      : "withdrawn");
	if (request->state != LEDGER_REQUEST_OPEN) {
		dual_fail(call, KE_BAD_STATE, ledger_request_state_name(request->state),
			status,
			"Give the command itself again, if it is still to be done.");
		return KE_BAD_STATE;
	}
	if (strcmp(request->actor, person->person) == 0) {
		dual_tell_known(call, request, person->person);
		return KE_NEED_SECOND;
	}
	error = approvals_in_time(host->approvals, request, approvals_clock());
	if (error == KE_EXPIRED)
		ctl_refuse(call, error, "EXPIRED",
			"Give the command itself again, if it is still to be done.",
			"The hour of request %" PRIu64 " is over.", request->id);
	else if (error)
		ctl_finish(call, host, error);
	return error;
}

/* Whose key counts no more does not ask for anything with it. */
static int
key_counts(void *context, const struct ledger_approval *approval)
{
	struct host *host = context;
	struct ledger_person person;
	int error = ledger_person_get(&person, host->ledger, approval->person);

	if (error == KE_NOT_FOUND ||
		(error == 0 && strcmp(person.fingerprint, approval->key) != 0))
		return KE_NOT_ENROLLED;
	return error;
}

static int
refuse_first(
	struct ctl_call *call, struct host *host, const struct ledger_request *request)
{
	int error = ledger_approval_list(host->ledger, request->id, key_counts, host);

	if (error == KE_NOT_ENROLLED)
		ctl_refuse(call, error, "REFUSED",
			"Withdraw it, and give the command itself again:  keylinectl "
			"request "
			"withdraw",
			"The key of %s, who asked in request %" PRIu64
			", counts no more.",
			request->actor, request->id);
	else if (error)
		ctl_finish(call, host, error);
	return error;
}

/* A request that this person may approve, and what it stands for; false: ended.  *serials
 * is to be freed. */
static bool
request_of(struct ledger_request *request, char **serials,
	const struct dual_action **action, struct ctl_call *call, struct host *host,
	uint64_t id, const struct ledger_person *person)
{
	int error = ledger_request_get(request, host->ledger, id);

	*serials = NULL;
	if (error == KE_NOT_FOUND) {
		dual_refuse_number(call, id);
		return false;
	}
	if (error) {
		ctl_finish(call, host, error);
		return false;
	}
	if (refuse_request(call, host, request, person) != 0 ||
		refuse_first(call, host, request) != 0)
		return false;
	*action = dual_find(request->action);
	error = ledger_request_serials(serials, host->ledger, id);
	request->serials = *serials;
	if (error) {
		ctl_finish(call, host, error);
		return false;
	}
	if (*action)
		return true;
	ctl_refuse(call, KE_BAD_STATE, NULL, "Withdraw it:  keylinectl request withdraw",
		"This version knows no `%s'.", request->action);
	return false;
}

static bool
signature_is_good(struct ledger_approval *approval, struct ctl_call *call,
	struct host *host, const struct ledger_request *request,
	const struct ledger_person *person)
{
	const char *signature = ctl_call_text(call, "signature");
	char other[LEDGER_ACTOR_SIZE];
	int error = signature ? approvals_verify(approval, host->approvals, request,
					person, signature, other)
			      : KE_BAD_SIGNATURE;

	if (error == KE_UNTRUSTED_SIGNER && strcmp(other, person->person) == 0)
		ctl_refuse(call, error, "REFUSED", "Sign with the key that counts.",
			"This was signed with a key of %s that counts no more.", other);
	else if (error == KE_UNTRUSTED_SIGNER)
		ctl_refuse(call, error, "REFUSED", "Sign with your own key.",
			"This was signed with the key of %s, and %s asks.", other,
			person->person);
	else if (error == KE_BAD_SIGNATURE)
		ctl_refuse(call, error, "REFUSED",
			"Read the text anew and sign it with the enrolled key:  "
			"keylinectl "
			"person list",
			"The signature is not one of %s over the text of request %" PRIu64
			".",
			person->person, request->id);
	else if (error)
		ctl_finish(call, host, error);
	return error == 0;
}

static struct dual_act
act_of(struct host *host, const struct dual_action *action, const struct ledger_by *by,
	const struct ledger_request *request)
{
	return (struct dual_act){host, action, by, request->object, request->args,
		request->serials, request->reason[0] ? request->reason : NULL, NULL};
}

static void
tell_recorded(
	struct ctl_call *call, struct host *host, const struct ledger_request *draft)
{
	char other[DUAL_OTHER_SIZE];

	dual_other(other, host, draft->action, draft->object, draft->args);
	dual_tell_need_second(call, draft->action, draft->object,
		ctl_call_is_dry_run(call) ? 0 : draft->id, other);
}

/* The first person has signed his draft. */
static void
record(struct ctl_call *call, struct host *host, const struct ledger_request *draft,
	const struct ledger_person *person)
{
	const struct dual_action *action = dual_find(draft->action);
	char actor[CTL_ACTOR_SIZE];
	struct ledger_by by = ctl_by(call, actor);
	struct dual_act act = act_of(host, action, &by, draft);
	struct ledger_approval approval;
	int error = 0;

	if (action->check(call, &act) != 0 ||
		!signature_is_good(&approval, call, host, draft, person))
		return;
	if (!ctl_call_is_dry_run(call))
		error = approvals_record(
			host->approvals, &by, draft, &approval, approvals_clock());
	if (error == KE_DUPLICATE)
		ctl_refuse(call, error, NULL, "See it:  keylinectl request list",
			"You have asked for the same already.");
	else if (error)
		ctl_finish(call, host, error);
	else
		tell_recorded(call, host, draft);
}

static void
refuse_draft(struct ctl_call *call, uint64_t id)
{
	ctl_refuse(call, KE_EXPIRED, "EXPIRED", "Give the command itself again.",
		"The hour of request %" PRIu64 " was over before it was signed.", id);
}

/* The second person. */
static void
approve(struct ctl_call *call, struct host *host, const struct dual_action *action,
	const struct ledger_request *request, const struct ledger_person *person)
{
	char actor[CTL_ACTOR_SIZE];
	struct ledger_by by = ctl_by(call, actor);
	struct dual_act act = act_of(host, action, &by, request);
	struct ledger_approval approval;
	bool dry_run = ctl_call_is_dry_run(call);

	if (!dry_run && !signature_is_good(&approval, call, host, request, person))
		return;
	if (action->check(call, &act) != 0)
		return;
	act.approval = dry_run ? NULL : &approval;
	action->run(call, &act);
}

void
dual_approve(struct ctl_call *call, void *context)
{
	struct host *host = ctl_host(context);
	char *serials = NULL;
	uint64_t id = dual_number(call);
	const struct dual_action *action;
	struct ledger_request request;
	struct ledger_person person;
	int error;

	if (id == 0 || !dual_person(&person, call, host))
		return;
	error = approvals_draft_get(
		&request, host->approvals, id, person.person, approvals_clock());
	if (error == 0)
		record(call, host, &request, &person);
	else if (error == KE_EXPIRED)
		refuse_draft(call, id);
	else if (request_of(&request, &serials, &action, call, host, id, &person))
		approve(call, host, action, &request, &person);
	free(serials);
}

void
dual_request_text(struct ctl_call *call, void *context)
{
	struct host *host = ctl_host(context);
	uint64_t id = dual_number(call);
	char *serials = NULL;
	const struct dual_action *action;
	struct ledger_request request;
	struct ledger_person person;

	if (id && dual_person(&person, call, host) &&
		request_of(&request, &serials, &action, call, host, id, &person))
		dual_answer_text(call, host, &request, &person);
	free(serials);
}
