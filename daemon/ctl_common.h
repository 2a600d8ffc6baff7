/* SPDX-License-Identifier: MIT */
/* What the handlers of several ctl_*.c files share. */
#ifndef KEYLINE_DAEMON_CTL_COMMON_H
#define KEYLINE_DAEMON_CTL_COMMON_H

#include "daemon/ctl_server.h"
#include "daemon/ledger_batch.h"
#include "daemon/ledger_wallet.h"

struct host;

enum { CTL_ACTOR_SIZE = 32 };

/* The tables of commands, each ending in a NULL name. */
extern const struct ctl_command ctl_batch_commands[];
extern const struct ctl_command ctl_wallet_commands[];
extern const struct ctl_command ctl_key_commands[];
extern const struct ctl_command ctl_ledger_commands[];
extern const struct ctl_command ctl_person_commands[];
extern const struct ctl_command ctl_certificate_commands[];
extern const struct ctl_command ctl_report_commands[];
extern const struct ctl_command ctl_operator_commands[];
extern const struct ctl_command ctl_sign_on_commands[];

/* ctl_rearm.c: two persons take a machine's count of marks as it is. */
struct station;
void ctl_rearm(struct ctl_call *call, struct station *station);

/* ctl_skip.c: handler. */
void ctl_batch_skip(struct ctl_call *call, void *context);

/* The host of a handler's context. */
struct host *ctl_host(void *context);

/* Who asks, as the ledger names him ("uid1000"), now. */
struct ledger_by ctl_by(const struct ctl_call *call, char actor[CTL_ACTOR_SIZE]);

/* Whether it may be told by now which wallets of a batch were drawn. */
bool ctl_may_tell_drawn(struct host *host, const char *batch);

/* Answers one wallet or batch as DESIGN section 7 has it. */
void ctl_answer_wallet(
	struct ctl_call *call, const struct ledger_wallet *wallet, bool tell_drawn);
void ctl_answer_batch(
	struct ctl_call *call, struct host *host, const struct ledger_batch *batch);

/* The same with what an act did to it, or would do, in words; "": no more than shows. */
void ctl_answer_batch_told(struct ctl_call *call, struct host *host,
	const struct ledger_batch *batch, const char *told);

/*
 * Sets a key of *object; value is taken over, NULL stands for no memory.  When there is
 * none the whole object is given up (*object is NULL): an answer that lacks a key would
 * be a wrong one.
 */
void ctl_put(json_t **object, const char *key, json_t *value);

/* {"sealed":2,...}: the states of which there are some; NULL when out of memory. */
json_t *ctl_counts(const uint64_t counts[WALLET_STATE_COUNT]);

/* Answers what this host signed, in pieces: `signed', base64. */
void ctl_answer_signed(struct ctl_call *call, const unsigned char *bytes, size_t len);

/* A time as text, "2026-11-22T09:30:00Z". */
void ctl_time(char out[32], int64_t ms);

/* Ends a call by a ledger's or stage's result: 0 ends it well. */
void ctl_finish(struct ctl_call *call, struct host *host, int error);

#endif
