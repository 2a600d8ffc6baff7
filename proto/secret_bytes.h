/* SPDX-License-Identifier: MIT */
/*
 * The plain bytes of a secret.  A file that includes this header must be on the
 * list of tests/layering, with its reason.
 */
#ifndef KEYLINE_PROTO_SECRET_BYTES_H
#define KEYLINE_PROTO_SECRET_BYTES_H

#include "proto/secret.h"

/* The bytes; valid until the secret is freed.  Not terminated by a NUL. */
unsigned char *secret_bytes(struct secret *s);
const unsigned char *secret_view(const struct secret *s);

/*
 * Tells how many bytes were written through secret_bytes().
 * Returns 0 or KE_TOO_LONG when len exceeds the capacity.
 */
KEYLINE_WARN_UNUSED int secret_set_len(struct secret *s, size_t len);

#endif
