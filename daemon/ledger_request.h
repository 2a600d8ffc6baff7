/* SPDX-License-Identifier: MIT */
/*
 * Requests of one person that wait for a second one, and what both signed.  Who counts as
 * a person and whether a signature is right is the caller's rule (daemon/approvals.h);
 * that the two differ, and that nothing is used twice, is kept here.  See the rules in
 * daemon/ledger.h.
 */
#ifndef KEYLINE_DAEMON_LEDGER_REQUEST_H
#define KEYLINE_DAEMON_LEDGER_REQUEST_H

#include "daemon/ledger.h"
#include "proto/approval.h"
#include "proto/public_key.h"

enum ledger_request_state {
	LEDGER_REQUEST_OPEN,
	LEDGER_REQUEST_DONE,      /* a second person approved it */
	LEDGER_REQUEST_WITHDRAWN, /* taken back, or another took its place */
	LEDGER_REQUEST_STATES
};

/* "us-gen confirmations 7 US-118 2", with names as long as may be. */
enum { LEDGER_OBJECT_SIZE = 128 };

struct ledger_request {
	uint64_t id;
	char action[LEDGER_NAME_SIZE]; /* "wallet resolve", ... */
	char object[LEDGER_OBJECT_SIZE];
	char args[LEDGER_TEXT_MAX + 1]; /* the rest of what is asked, one fixed text */
	char reason[APPROVAL_REASON_MAX + 1];
	char actor[LEDGER_ACTOR_SIZE]; /* the first person */
	char nonce[LEDGER_NAME_SIZE];  /* 32 hex digits */
	int64_t created_ms; /* both whole seconds, as they are signed */
	int64_t expires_ms;
	enum ledger_request_state state;
	char second[LEDGER_ACTOR_SIZE];
	/* The wallets of an act on many, with blanks between; NULL: none, and where it is
	 * read (see ledger_request_serials()). */
	const char *serials;
};

/* What one person signed for a request. */
struct ledger_approval {
	uint64_t request;
	char person[LEDGER_ACTOR_SIZE];
	char key[FINGERPRINT_SIZE];
	char text[APPROVAL_TEXT_MAX + 1];
	char signature[SIGNATURE_TEXT_SIZE]; /* base64 of DER */
};

/* "open", ... */
const char *ledger_request_state_name(enum ledger_request_state state);

/* A number that no request had. */
KEYLINE_WARN_UNUSED int ledger_request_next(uint64_t *id, struct ledger *ledger);

/*
 * Records a request: id (from ledger_request_next) ... expires_ms; the actor is by's,
 * and first what he signed.  KE_DUPLICATE the number or nonce is taken, or an equal one
 * of the same person is open.
 */
KEYLINE_WARN_UNUSED int ledger_request_add(struct ledger *ledger,
	const struct ledger_by *by, const struct ledger_request *request,
	const struct ledger_approval *first);

/*
 * The oldest open, unexpired request for exactly this, of any person.  KE_NOT_FOUND.
 */
KEYLINE_WARN_UNUSED int ledger_request_find(struct ledger_request *out,
	struct ledger *ledger, int64_t now_ms, const char *action, const char *object,
	const char *args);

KEYLINE_WARN_UNUSED int ledger_request_get(
	struct ledger_request *out, struct ledger *ledger, uint64_t id);

/* The wallets of a request for many, to be freed; NULL: it is none for many. */
KEYLINE_WARN_UNUSED int ledger_request_serials(
	char **out, struct ledger *ledger, uint64_t id);

/*
 * The second person (by's actor) approves it; once, in the transaction of the act.
 * Other open requests of the same action and object are withdrawn with it.
 * KE_NEED_SECOND the same person; KE_EXPIRED; KE_BAD_STATE it is not open, or its first
 * person has signed nothing (as before there were signatures); KE_NOT_FOUND.
 */
KEYLINE_WARN_UNUSED int ledger_request_consume(struct ledger *ledger,
	const struct ledger_by *by, const struct ledger_approval *second);
/* ledger_begin() and the same, for an act that ledger_end() ends.  After an error nothing
 * is open. */
KEYLINE_WARN_UNUSED int ledger_request_begin(struct ledger *ledger,
	const struct ledger_by *by, const struct ledger_approval *second);

/* Takes an open request back. */
KEYLINE_WARN_UNUSED int ledger_request_withdraw(struct ledger *ledger,
	const struct ledger_by *by, uint64_t id, const char *reason);

typedef int ledger_request_cb(void *context, const struct ledger_request *request);

/* Open requests that have not expired, oldest first.  The callback may use the ledger. */
KEYLINE_WARN_UNUSED int ledger_request_list(
	struct ledger *ledger, int64_t now_ms, ledger_request_cb *cb, void *context);

typedef int ledger_approval_cb(void *context, const struct ledger_approval *approval);

/* What was signed for a request, the first person's before the second's.  The callback
 * may use the ledger. */
KEYLINE_WARN_UNUSED int ledger_approval_list(
	struct ledger *ledger, uint64_t request, ledger_approval_cb *cb, void *context);

#endif
