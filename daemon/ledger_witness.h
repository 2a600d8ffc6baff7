/* SPDX-License-Identifier: MIT */
/*
 * Heads of other hosts' ledgers, as their signed files told them: what is kept here
 * cannot be taken back there.  See the rules in daemon/ledger.h, and keyline-ledger(5).
 */
#ifndef KEYLINE_DAEMON_LEDGER_WITNESS_H
#define KEYLINE_DAEMON_LEDGER_WITNESS_H

#include "daemon/ledger.h"

/* 0: this very head was seen before; KE_NOT_FOUND: none of that number was; KE_FORKED: it
 * was another one. */
KEYLINE_WARN_UNUSED int ledger_witness_check(
	struct ledger *ledger, const char *host, const struct ledger_head *head);

/* Keeps a head, with its event; nothing when it is known.  KE_FORKED. */
KEYLINE_WARN_UNUSED int ledger_witness_add(struct ledger *ledger,
	const struct ledger_by *by, const char *host, const struct ledger_head *head);

/* The newest event of a host that was seen.  KE_NOT_FOUND: none was. */
KEYLINE_WARN_UNUSED int ledger_witness_last(
	struct ledger_head *out, struct ledger *ledger, const char *host);

/* The newest head of a host, and when it came. */
struct ledger_witness {
	char host[LEDGER_HOST_SIZE];
	struct ledger_head head;
	int64_t time_ms;
};

typedef int ledger_witness_cb(void *context, const struct ledger_witness *witness);

/* Calls back once for each host, in the order of their names.  The callback may use the
 * ledger. */
KEYLINE_WARN_UNUSED int ledger_witness_list(
	struct ledger *ledger, ledger_witness_cb *cb, void *context);

#endif
