/* SPDX-License-Identifier: MIT */
/*
 * Acts of two persons over the control socket:
 *
 *	first    the command  -> `approval' with the text to be signed
 *	         `approve'    -> need-second-person: the request is recorded
 *	second   `request text' -> `approval' with his text
 *	         `approve'    -> the act is done, in the transaction that uses the request
 *up
 *
 * A person is who the socket says he is, is in the supervisors' group, is not user 0, and
 * signs with the key that was enrolled for him.
 */
#ifndef KEYLINE_DAEMON_DUAL_H
#define KEYLINE_DAEMON_DUAL_H

#include "daemon/ctl_server.h"
#include "daemon/ledger_request.h"

struct host;

struct dual_action;

/* What is asked for, and by whom now. */
struct dual_act {
	struct host *host;
	const struct dual_action *action;
	const struct ledger_by *by;
	const char *object;
	const char *args;
	/* The wallets, with blanks between, of an act on many; NULL: an act on one. */
	const char *serials;
	/* As the first person gave it; NULL: none. */
	const char *reason;
	/* What the second person signed; NULL while it is only asked whether it could be.
	 */
	const struct ledger_approval *approval;
};

struct dual_action {
	/* As it is signed: "batch release". */
	const char *name;
	/* Whether it could be done now.  Returns 0; or nonzero, having ended the call. */
	int (*check)(struct ctl_call *call, const struct dual_act *act);
	/* Does it in one transaction with ledger_request_consume(); ends the call.
	 * Without approval (a dry run) it answers what it would, and ends. */
	void (*run)(struct ctl_call *call, const struct dual_act *act);
};

/* The actions; each stands beside what it does. */
extern const struct dual_action dual_batch_release;
extern const struct dual_action dual_batch_destroy;
extern const struct dual_action dual_batch_destroyed;
extern const struct dual_action dual_batch_skip;
extern const struct dual_action dual_batch_unfreeze;
extern const struct dual_action dual_batch_void;
extern const struct dual_action dual_key_trust;
extern const struct dual_action dual_station_rearm;
extern const struct dual_action dual_wallet_resolve;
extern const struct dual_action dual_wallet_destroyed;
extern const struct dual_action dual_person_enroll;
extern const struct dual_action dual_person_remove;

/* NULL: there is no such action. */
const struct dual_action *dual_find(const char *name);

/* The handler of a command that takes two persons: ends the call. */
void dual_ask(struct ctl_call *call, struct host *host, const struct dual_action *action,
	const char *object, const char *args, const char *reason);

/* The same for many wallets; what is signed of the list stands in args. */
struct dual_many {
	const char *object;
	const char *args;
	const char *serials;
	const char *reason;
};
void dual_ask_many(struct ctl_call *call, struct host *host,
	const struct dual_action *action, const struct dual_many *many);

/* `request list', `request show', `request text', `request withdraw', `approve'. */
extern const struct ctl_command ctl_request_commands[];

#endif
