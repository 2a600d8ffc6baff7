/* SPDX-License-Identifier: MIT */
/*
 * The daemon's source of random bytes: OpenSSL's private DRBG behind two health
 * checks in the manner of NIST SP 800-90B section 4.4 (repetition count, adaptive
 * proportion), run over every byte that is given out.
 */
#ifndef KEYLINE_DAEMON_RANDOM_H
#define KEYLINE_DAEMON_RANDOM_H

#include "proto/rng.h"

/* The process's source; safe from any thread.  A failed check is for ever. */
struct rng *random_source(void);

/*
 * Draws and checks a first block, at start-up, before any other use of OpenSSL.
 * Returns 0, KE_NO_MEMORY or KE_RANDOM: then nothing may be generated on this host.
 */
int random_self_check(void);

#endif
