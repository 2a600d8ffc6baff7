/* SPDX-License-Identifier: MIT */
/*
 * Base58 and Base58Check.  Temporaries are wiped, since keys pass through here;
 * the time taken depends on the data.
 */
#ifndef KEYLINE_PROTO_BASE58_H
#define KEYLINE_PROTO_BASE58_H

#include <stddef.h>
#include "proto/error.h"

/* The longest run of bytes that is taken, and the length of a checksum. */
enum { BASE58_BYTES_MAX = 128, BASE58_CHECK_LEN = 4 };

/* Alphabets, 58 characters each. */
extern const char base58_bitcoin[59];
extern const char base58_ripple[59];

/*
 * Encodes in[0..len-1] into out with a NUL.  Returns 0, or KE_TOO_LONG when
 * len exceeds BASE58_BYTES_MAX or the text does not fit out_size.
 */
KEYLINE_WARN_UNUSED int base58_encode(
	char *out, size_t out_size, const void *in, size_t len, const char *alphabet);

/*
 * Decodes exactly out_len bytes from text[0..len-1].  Returns 0,
 * KE_BAD_CHARACTER, or KE_BAD_LENGTH when the text stands for another number of
 * bytes; out is undefined then.
 */
KEYLINE_WARN_UNUSED int base58_decode(unsigned char *out, size_t out_len,
	const char *text, size_t len, const char *alphabet);

/* As base58_encode(), with the first bytes of the payload's SHA-256d after it. */
KEYLINE_WARN_UNUSED int base58_check_encode(char *out, size_t out_size,
	const void *payload, size_t len, const char *alphabet);

/*
 * Decodes a payload of exactly payload_len bytes.  Returns 0, KE_BAD_CHARACTER,
 * KE_BAD_LENGTH, KE_BAD_CHECKSUM or KE_CRYPTO; on an error payload is zeroed.
 */
KEYLINE_WARN_UNUSED int base58_check_decode(unsigned char *payload, size_t payload_len,
	const char *text, size_t len, const char *alphabet);

#endif
