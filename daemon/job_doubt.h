/* SPDX-License-Identifier: MIT */
/*
 * A station whose job ended in doubt arms for no other until two persons have settled
 * that wallet: what stands in the fixture may be the one, and the device that told
 * nothing of it has not been looked at.
 */
#ifndef KEYLINE_DAEMON_JOB_DOUBT_H
#define KEYLINE_DAEMON_JOB_DOUBT_H

struct station;

/* "in-doubt" when the last job of a wallet in doubt was this station's, "ledger" when
 * that cannot be known, NULL when there is none.  For recipe.bar. */
const char *job_doubt_bar(const struct station *station);

#endif
