/* SPDX-License-Identifier: MIT */
/*
 * Requests of one person that wait for a second one.  Who counts as a person (not
 * uid 0; in the supervisors' group) is the caller's rule; that the two differ is
 * kept here.  See the rules in daemon/ledger.h.
 */
#ifndef KEYLINE_DAEMON_LEDGER_REQUEST_H
#define KEYLINE_DAEMON_LEDGER_REQUEST_H

#include "daemon/ledger.h"

enum ledger_request_state {
	LEDGER_REQUEST_OPEN,
	LEDGER_REQUEST_DONE,      /* a second person confirmed it */
	LEDGER_REQUEST_WITHDRAWN, /* taken back, or another took its place */
	LEDGER_REQUEST_STATES
};

struct ledger_request {
	uint64_t id;
	char action[LEDGER_NAME_SIZE]; /* "wallet resolve", ... */
	char object[64];
	char args[LEDGER_TEXT_MAX + 1];   /* the rest of what is asked, one fixed text */
	char actor[LEDGER_ACTOR_SIZE]; /* the first person */
	char nonce[LEDGER_NAME_SIZE];     /* of a signed approval; "" = none */
	int64_t created_ms;
	int64_t expires_ms;
	enum ledger_request_state state;
	char second[LEDGER_ACTOR_SIZE];
	char signature[LEDGER_TEXT_MAX + 1]; /* of the second, base64; "" = none */
};

/*
 * Records action ... args, nonce and expires_ms; the actor is by's.  KE_DUPLICATE an
 * equal one of the same person is open.  *id is its number.
 */
KEYLINE_WARN_UNUSED int ledger_request_add(uint64_t *id, struct ledger *ledger,
	const struct ledger_by *by, const struct ledger_request *request);

/*
 * The oldest open, unexpired request for exactly this that another person than
 * actor made.  KE_NOT_FOUND.
 */
KEYLINE_WARN_UNUSED int ledger_request_find(struct ledger_request *out,
	struct ledger *ledger, const struct ledger_by *by, const char *action,
	const char *object, const char *args);

KEYLINE_WARN_UNUSED int ledger_request_get(
	struct ledger_request *out, struct ledger *ledger, uint64_t id);

/*
 * The second person (by's actor) confirms it; once, in the transaction of the act.
 * Other open requests of the same action and object are withdrawn with it.
 * KE_NEED_SECOND the same person; KE_TIMEOUT it has expired; KE_BAD_STATE it is not
 * open; KE_NOT_FOUND.
 */
KEYLINE_WARN_UNUSED int ledger_request_consume(struct ledger *ledger,
	const struct ledger_by *by, uint64_t id, const char *signature);

/* Takes an open request back. */
KEYLINE_WARN_UNUSED int ledger_request_withdraw(struct ledger *ledger,
	const struct ledger_by *by, uint64_t id, const char *reason);

typedef int ledger_request_cb(void *context, const struct ledger_request *request);

/* Open requests that have not expired, oldest first.  The callback may use the ledger. */
KEYLINE_WARN_UNUSED int ledger_request_list(
	struct ledger *ledger, int64_t now_ms, ledger_request_cb *cb, void *context);

#endif
