/* SPDX-License-Identifier: MIT */
/* Base64 of RFC 4648 section 4, one line, and nothing but its one canonical form. */
#ifndef KEYLINE_PROTO_BASE64_H
#define KEYLINE_PROTO_BASE64_H

#include <stddef.h>
#include "proto/error.h"

/* The length of the text for len bytes; text has no final NUL. */
#define BASE64_LEN(len) (((len) + 2) / 3 * 4)

/* Encodes len bytes into BASE64_LEN(len) characters. */
void base64_encode(char *out, const unsigned char *in, size_t len);

/*
 * Decodes in[0..len-1] into out, which has room for room bytes, and sets *out_len.
 * Returns 0, KE_BAD_LENGTH (not a multiple of 4, or empty), KE_BAD_CHARACTER (also for
 * padding out of place and unused bits that are not 0), or KE_TOO_LONG.
 */
KEYLINE_WARN_UNUSED int base64_decode(
	unsigned char *out, size_t room, size_t *out_len, const char *in, size_t len);

#endif
