/* SPDX-License-Identifier: MIT */
/*
 * The work that needs no station: generate, mint, confirm.  A stage looks in the
 * ledger for what is to be done, does one file's worth on the pool, and publishes it
 * in one commit; what a crash interrupts before the commit is done again from
 * scratch, after it never.
 */
#ifndef KEYLINE_DAEMON_STAGE_H
#define KEYLINE_DAEMON_STAGE_H

#include <stdbool.h>

struct host;

/* Begins the next piece of work when none is under way.  Called whenever a file came
 * in, a piece ended, a hold was taken away. */
void stage_wake(struct host *host);

/* Each begins its next piece of work.  Returns whether there was one; it sets
 * host->stage_busy and calls stage_end() when it is through. */
bool stage_generate_begin(struct host *host);
bool stage_mint_begin(struct host *host);
bool stage_confirm_begin(struct host *host);

/* A piece of work ended.  error: 0, or why the stage cannot go on with this object: an
 * alarm is raised about it, and it is not tried again before a retry. */
void stage_end(struct host *host, const char *object, int error);

/* A person acted (key came, hold taken away): what failed may be tried again, but for what
 * another key or hold does not mend. */
void stage_retry(struct host *host);

/* A person has seen the alarms about this object: its work may be tried again. */
void stage_retry_object(struct host *host, const char *object);

/* Whether an object's work failed and waits for a person.  What failed is kept in
 * host->stuck, apart from the alarms, of which the oldest may go. */
bool stage_is_stuck(const struct host *host, const char *object);

/* Forgets all that failed, as the host ends. */
void stage_forget(struct host *host);

#endif
