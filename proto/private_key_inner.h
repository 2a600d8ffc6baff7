/* SPDX-License-Identifier: MIT */
/* The DER form of a private key; for the private_key*.c files alone. */
#ifndef KEYLINE_PROTO_PRIVATE_KEY_INNER_H
#define KEYLINE_PROTO_PRIVATE_KEY_INNER_H

#include "proto/private_key.h"

/* PKCS#8 of a P-256 key with its public half. */
enum { PRIVATE_KEY_DER_LEN = 138 };

/* Into der, with room for it.  Returns 0, KE_TOO_LONG, KE_NO_MEMORY, KE_CRYPTO. */
KEYLINE_WARN_UNUSED int private_key_der(
	struct secret *der, const struct private_key *key);

/* The other way.  Returns 0, KE_BAD_KEY, KE_NO_MEMORY. */
KEYLINE_WARN_UNUSED int private_key_from_der(
	struct private_key **out, const struct secret *der);

#endif
