/* SPDX-License-Identifier: MIT */
/*
 * Lends scrypt's memory (daemon/scratch.h) to the pool's workers, and wipes it when no
 * work has come for a second.  Without the part (in tests) each derivation takes memory
 * of its own.
 */
#ifndef KEYLINE_DAEMON_POOL_MEMORY_H
#define KEYLINE_DAEMON_POOL_MEMORY_H

#include "daemon/keylined.h"

enum pool_work { POOL_BATCH, POOL_CHECK };

/* Around a piece of work, on its pool thread. */
void pool_memory_lend(enum pool_work work);
void pool_memory_return(void);

/* On the loop thread, when a piece of work has ended. */
void pool_memory_used(void);

/* Opened before all who have work to do. */
extern const struct keylined_part pool_memory_part;

#endif
