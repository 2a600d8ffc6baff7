/* SPDX-License-Identifier: MIT */
/*
 * Memory for one secret: locked, left out of core dumps, wiped when freed.
 * The bytes are reached only through proto/secret_bytes.h, which only the files
 * on the layering test's list may include.  There is no formatter on purpose.
 */
#ifndef KEYLINE_PROTO_SECRET_H
#define KEYLINE_PROTO_SECRET_H

#include <stdbool.h>
#include <stddef.h>
#include "proto/error.h"

struct secret;

/*
 * Sets up the locked heap, once a process, before any other call.
 * bytes: a power of two.  Returns 0 or KE_NO_LOCKED_MEMORY.
 */
KEYLINE_WARN_UNUSED int secret_heap_init(size_t bytes);

/* Takes the locked heap down; all secrets must have been freed. */
void secret_heap_done(void);

/* A secret of length 0 with room for capacity bytes, zeroed; NULL when there is none. */
struct secret *secret_new(size_t capacity);

/* Wipes and frees; NULL is a no-op. */
void secret_free(struct secret *s);

/* The number of bytes in use, and the room. */
size_t secret_len(const struct secret *s);
size_t secret_capacity(const struct secret *s);

/* Replaces the content.  Returns 0 or KE_TOO_LONG (and then changes nothing). */
KEYLINE_WARN_UNUSED int secret_set(struct secret *s, const void *bytes, size_t len);

/* Appends.  Returns 0 or KE_TOO_LONG (and then changes nothing). */
KEYLINE_WARN_UNUSED int secret_append(struct secret *s, const void *bytes, size_t len);
KEYLINE_WARN_UNUSED int secret_append_secret(struct secret *s, const struct secret *from);

/* Wipes the content; the length is 0 after it. */
void secret_clear(struct secret *s);

/* Equal in length and bytes, in time that depends on the lengths alone. */
bool secret_equal(const struct secret *a, const struct secret *b);

#endif
