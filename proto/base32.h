/* SPDX-License-Identifier: MIT */
/* Base32 of RFC 4648 in small letters and without padding, as Filecoin has it. */
#ifndef KEYLINE_PROTO_BASE32_H
#define KEYLINE_PROTO_BASE32_H

#include <stddef.h>
#include "proto/error.h"

enum { BASE32_BYTES_MAX = 64 };

/*
 * Encodes in[0..len-1] into out with a NUL.  Returns 0, or KE_TOO_LONG when it
 * does not fit out_size or len exceeds BASE32_BYTES_MAX.
 */
KEYLINE_WARN_UNUSED int base32_encode(
	char *out, size_t out_size, const unsigned char *in, size_t len);

#endif
