/* SPDX-License-Identifier: MIT */
/*
 * What other hosts have seen of this host's ledger, read from the signed files that lie
 * in its spool: they say it also when ledger and mark were both put back together.
 */
#ifndef KEYLINE_DAEMON_WITNESS_H
#define KEYLINE_DAEMON_WITNESS_H

#include "daemon/ledger.h"

struct host;

/*
 * Compares the chain with each head of it in the files of done/, failed/ and duplicate/
 * that a trusted site signed for this host; *heads counts them.  Returns 0,
 * KE_CHAIN_BROKEN with the lowest bad event in the verdict, KE_NO_MEMORY, KE_IO, or a
 * failure of the ledger.
 */
KEYLINE_WARN_UNUSED int witness_search(
	struct ledger_verdict *verdict, uint64_t *heads, struct host *host);

#endif
