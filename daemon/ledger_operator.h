/* SPDX-License-Identifier: MIT */
/*
 * Operators: who may stand at a station, by what he is known there, and where he stands.
 * Of a badge or PIN the ledger has a salted hash and nothing else.  See the rules in
 * daemon/ledger.h.
 */
#ifndef KEYLINE_DAEMON_LEDGER_OPERATOR_H
#define KEYLINE_DAEMON_LEDGER_OPERATOR_H

#include "daemon/ledger.h"
#include "proto/operator_code.h"

/* One code of an operator. */
struct ledger_operator {
	char name[OPERATOR_NAME_SIZE];
	enum operator_kind kind;
	unsigned char salt[OPERATOR_SALT_LEN];
	unsigned char hash[OPERATOR_HASH_LEN];
	int64_t since_ms;
	int64_t removed_ms; /* 0: it counts */
};

/*
 * Enrols an operator's code; since_ms and removed_ms are not read.  KE_DUPLICATE he has one
 * of this kind; KE_BAD_NAME.
 */
KEYLINE_WARN_UNUSED int ledger_operator_enroll(struct ledger *ledger,
	const struct ledger_by *by, const struct ledger_operator *who);

/* Ends all codes of an operator.  KE_NOT_FOUND he has none. */
KEYLINE_WARN_UNUSED int ledger_operator_remove(struct ledger *ledger,
	const struct ledger_by *by, const char *name, const char *reason);

/* The code of that kind that counts.  KE_NOT_FOUND. */
KEYLINE_WARN_UNUSED int ledger_operator_get(struct ledger_operator *out,
	struct ledger *ledger, const char *name, enum operator_kind kind);

typedef int ledger_operator_cb(void *context, const struct ledger_operator *who);

/* All codes, also those that count no more, oldest first.  The callback may use the
 * ledger; what it returns but 0 ends the list and is returned. */
KEYLINE_WARN_UNUSED int ledger_operator_list(
	struct ledger *ledger, ledger_operator_cb *cb, void *context);

/*
 * Who stands at a station from now on; who NULL: nobody.  An event `sign-on',
 * `handover' or `sign-off' from the one before.  detail tells how ("badge", "shift-over").
 * KE_BAD_STATE it is so already; KE_NOT_FOUND who is not enrolled, or not any more.
 */
KEYLINE_WARN_UNUSED int ledger_operator_stand(struct ledger *ledger,
	const struct ledger_by *by, const char *station, const char *who,
	const char *detail);

/* Nobody stands anywhere: each who does is signed off, with that detail. */
KEYLINE_WARN_UNUSED int ledger_operator_leave_all(
	struct ledger *ledger, const struct ledger_by *by, const char *detail);

#endif
