/* SPDX-License-Identifier: MIT */
/* What the files about acts of two persons lend each other; nobody else includes this. */
#ifndef KEYLINE_DAEMON_DUAL_INNER_H
#define KEYLINE_DAEMON_DUAL_INNER_H

#include "daemon/dual.h"
#include "daemon/ledger_person.h"

/* Whether who asks counts as one of two, with his key; else the call is ended. */
bool dual_person(struct ledger_person *person, struct ctl_call *call, struct host *host);

/* "Request 3 of uid1000 asks for it otherwise: ...": another open request for the same
 * act on the same object; "": there is none. */
enum { DUAL_OTHER_SIZE = 256 };
void dual_other(char out[DUAL_OTHER_SIZE], struct host *host, const char *action,
	const char *object, const char *args);

/* All end the call.  id 0: a dry run.  other: of dual_other(). */
void dual_fail(struct ctl_call *call, int error, const char *state, const char *status,
	const char *action);
void dual_tell_need_second(struct ctl_call *call, const char *action, const char *object,
	uint64_t id, const char *other);
/* The same was asked for already, by this person or by another one. */
void dual_tell_known(
	struct ctl_call *call, const struct ledger_request *known, const char *actor);
/* The text that this person signs. */
void dual_answer_text(struct ctl_call *call, struct host *host,
	const struct ledger_request *request, const struct ledger_person *person);

/* ctl_request.c: the number that a call names; 0: none, and the call has been ended. */
uint64_t dual_number(struct ctl_call *call);
void dual_refuse_number(struct ctl_call *call, uint64_t id);

/* dual_approve.c: handlers. */
void dual_approve(struct ctl_call *call, void *context);
void dual_request_text(struct ctl_call *call, void *context);

#endif
