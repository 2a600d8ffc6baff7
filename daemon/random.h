/* SPDX-License-Identifier: MIT */
/*
 * The daemon's source of random bytes: the sum (exclusive or) of OpenSSL's private DRBG,
 * of the kernel's getrandom(2), and of what was mixed in.  The first two stand behind two
 * health checks each, in the manner of NIST SP 800-90B section 4.4 (repetition count,
 * adaptive proportion), and a detector of repeated draws, over every byte as it came.
 */
#ifndef KEYLINE_DAEMON_RANDOM_H
#define KEYLINE_DAEMON_RANDOM_H

#include "proto/error.h"
#include "proto/rng.h"
#include "proto/secret.h"

/* The process's source; safe from any thread.  A failed check is for ever. */
struct rng *random_source(void);

/*
 * Draws and checks a first block, at start-up, before any other use of OpenSSL.
 * Returns 0, KE_NO_MEMORY or KE_RANDOM: then nothing may be generated on this host.
 */
int random_self_check(void);

/*
 * Mixes bytes of another source into all that comes from now on: pool = HMAC-SHA256(pool,
 * bytes), in a secret, until random_end().  Bytes that somebody knows make nothing weaker.
 * Returns 0, KE_NO_MEMORY, KE_CRYPTO: then nothing has changed.
 */
KEYLINE_WARN_UNUSED int random_mix_in(const struct secret *bytes);

/* Forgets what was mixed in. */
void random_end(void);

#endif
