/* SPDX-License-Identifier: MIT */
/*
 * The one form of an ECDSA P-256 signature.  Where (r, s) verifies, (r, n - s) does, too,
 * and whoever carries a file can make the one of the other without any key: the same
 * content with another SHA-256.  So of a file's or certificate's signature only the one
 * with s <= (n - 1) / 2 counts.  Approvals of persons are not held to it: tokens make
 * those, and nothing is known again by their bytes.
 */
#ifndef KEYLINE_PROTO_LOW_S_H
#define KEYLINE_PROTO_LOW_S_H

#include <stddef.h>
#include "proto/error.h"

/* The longest signature: SEQUENCE of two INTEGERs of 32 bytes and a sign. */
enum { LOW_S_SIZE = 72 };

/*
 * Whether der[0..len-1] is a signature in DER with a low s; it is not verified here.
 * Returns 0, KE_BAD_SIGNATURE (not that SEQUENCE, or not its only encoding),
 * KE_HIGH_S, KE_NO_MEMORY.
 */
KEYLINE_WARN_UNUSED int low_s_check(const unsigned char *der, size_t len);

/*
 * The same signature with its s low, in out[0..*out_len-1]; out may be der itself.
 * Returns 0, KE_BAD_SIGNATURE (as above, or a number outside 1..n-1), KE_NO_MEMORY.
 */
KEYLINE_WARN_UNUSED int low_s_make(unsigned char out[LOW_S_SIZE], size_t *out_len,
	const unsigned char *der, size_t len);

#endif
