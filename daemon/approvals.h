/* SPDX-License-Identifier: MIT */
/*
 * Two persons for one act, each by a signature with his enrolled key: requests before
 * they are signed (drafts: nothing unsigned comes into the ledger), the texts that are
 * signed, whether a signature counts, and when a request's time is over.
 *
 * A request lives APPROVAL_LIFE.  Both clocks end it, whichever comes first: the one of
 * the wall, and the one that counts since the machine was started, which nobody sets.
 * Once it was seen to be over it is withdrawn in the ledger, so that no clock that is
 * put back brings it back.
 */
#ifndef KEYLINE_DAEMON_APPROVALS_H
#define KEYLINE_DAEMON_APPROVALS_H

#include <stdbool.h>
#include "daemon/ledger_person.h"
#include "daemon/ledger_request.h"

struct approvals;

/* Both clocks, in milliseconds. */
struct approvals_now {
	int64_t wall_ms;
	int64_t boot_ms;
};

struct approvals_now approvals_clock(void);

/* Of a ledger that it borrows; host and use stand in the texts.  NULL: no memory. */
struct approvals *approvals_new(
	struct ledger *ledger, const char *host, enum keyline_use use);
void approvals_free(struct approvals *approvals);

/*
 * Makes a draft of action, object, args and reason for actor: fills in number, nonce and
 * times.  Of one person the four youngest are kept.  Returns 0, KE_RANDOM, KE_NO_MEMORY,
 * or what the ledger says.
 */
KEYLINE_WARN_UNUSED int approvals_draft(struct approvals *approvals,
	struct ledger_request *request, const char *actor, struct approvals_now now);

/* That person's draft of that number; its serials stay the draft's.  KE_NOT_FOUND;
 * KE_EXPIRED, and it is gone. */
KEYLINE_WARN_UNUSED int approvals_draft_get(struct ledger_request *out,
	struct approvals *approvals, uint64_t id, const char *actor,
	struct approvals_now now);

/*
 * Records a draft that its person has signed; the draft is gone then, and the request's
 * time runs on.  Returns what the ledger says.
 */
KEYLINE_WARN_UNUSED int approvals_record(struct approvals *approvals,
	const struct ledger_by *by, const struct ledger_request *request,
	const struct ledger_approval *first, struct approvals_now now);

/*
 * 0 when the time of an open request still runs; else KE_EXPIRED, and it is withdrawn; or
 * a failure of the ledger.
 */
KEYLINE_WARN_UNUSED int approvals_in_time(struct approvals *approvals,
	const struct ledger_request *request, struct approvals_now now);

/* Withdraws all open requests whose time is over, as at the start. */
KEYLINE_WARN_UNUSED int approvals_expire(
	struct approvals *approvals, struct approvals_now now);

/* The text that a person signs for a request. */
KEYLINE_WARN_UNUSED int approvals_text(char out[APPROVAL_TEXT_MAX + 1],
	const struct approvals *approvals, const struct ledger_request *request,
	const struct ledger_person *person);

/*
 * Fills in what is recorded of a signature (base64) when it is that person's over the
 * text; else KE_BAD_SIGNATURE, or KE_UNTRUSTED_SIGNER when it is one of another enrolled
 * person's key, who then stands in other.
 */
KEYLINE_WARN_UNUSED int approvals_verify(struct ledger_approval *out,
	const struct approvals *approvals, const struct ledger_request *request,
	const struct ledger_person *person, const char *signature,
	char other[LEDGER_ACTOR_SIZE]);

#endif
