/* SPDX-License-Identifier: MIT */
/*
 * A station whose job ended in doubt arms for no other until two persons have settled
 * that wallet: what stands in the fixture may be the one, and the device that told
 * nothing of it has not been looked at.
 */
#ifndef KEYLINE_DAEMON_JOB_DOUBT_H
#define KEYLINE_DAEMON_JOB_DOUBT_H

#include <stdbool.h>
#include <stddef.h>
#include "daemon/recipe.h"

struct host;
struct station;

/* "in-doubt" when the last job of a wallet in doubt was this station's, "ledger" when
 * that cannot be known, NULL when there is none.  For recipe.bar. */
const char *job_doubt_bar(const struct station *station);

/* The command by which two persons settle what bars the station: that wallet, or the
 * count of its machine; "" when nothing does.  For recipe.bar_action. */
void job_doubt_action(char out[RECIPE_TELL_BYTES], const struct station *station);

/* Two persons have settled the wallet: its station counts its part, and it and all that
 * the doubt barred tell so. */
void job_doubt_settled(struct host *host, const char *serial, bool good);

/*
 * The alarm of a wallet in doubt: what is not known of it, and why; what two persons do.
 * Both have size bytes, and are "" where the table's words must do.
 */
void job_doubt_tell(char *what, char *action, size_t size, const struct host *host,
	const char *serial);

#endif
