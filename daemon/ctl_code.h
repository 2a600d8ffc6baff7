/* SPDX-License-Identifier: MIT */
/* A badge's code or a PIN that came with a command, on its way through the pool. */
#ifndef KEYLINE_DAEMON_CTL_CODE_H
#define KEYLINE_DAEMON_CTL_CODE_H

#include <stdbool.h>
#include "daemon/ctl_server.h"
#include "daemon/ledger_operator.h"

struct host;
struct secret;
struct station;

/* The code, and what it is compared with or recorded as. */
struct ctl_code {
	struct ctl_call *call;
	struct host *host;
	/* NULL: it is enrolled */
	struct station *station;
	struct ledger_operator who;
	struct secret *code;
	unsigned char hash[OPERATOR_HASH_LEN];
};

void ctl_code_free(struct ctl_code *work);

/* What came with the call, into *code, which is the caller's.  False: the call is ended. */
bool ctl_code_came(struct secret **code, struct ctl_call *call);

/* Hashes work->code with the salt of work->who into work->hash and calls done on the loop,
 * which frees it; *work is consumed. */
void ctl_code_hash(struct ctl_code **work, void (*done)(void *context, int error));

#endif
