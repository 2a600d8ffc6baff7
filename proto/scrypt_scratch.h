/* SPDX-License-Identifier: MIT */
/*
 * Memory for scrypt, large and short-lived: left out of core dumps and of children, on
 * huge pages where the system has them.  Not locked: a host runs without swap.
 */
#ifndef KEYLINE_PROTO_SCRYPT_SCRATCH_H
#define KEYLINE_PROTO_SCRYPT_SCRATCH_H

#include <stddef.h>

struct scrypt_scratch;

/* An empty one, that grows to `most` bytes as it is used; NULL when there is no memory.
 */
struct scrypt_scratch *scrypt_scratch_new(size_t most);

/* At least `bytes` bytes, aligned to 4096 or better, until the next call.  NULL when
 * there is no memory, or not within `most`. */
void *scrypt_scratch_take(struct scrypt_scratch *scratch, size_t bytes);

/* Wipes all that was taken since the last time; keeps the memory. */
void scrypt_scratch_wipe(struct scrypt_scratch *scratch);

/* Wipes and gives the memory back; NULL is a no-op. */
void scrypt_scratch_free(struct scrypt_scratch *scratch);

#endif
