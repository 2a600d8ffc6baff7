/* SPDX-License-Identifier: MIT */
/* EPKs without EC multiplication; for the files of bip38 alone. */
#ifndef KEYLINE_PROTO_BIP38_NONEC_H
#define KEYLINE_PROTO_BIP38_NONEC_H

#include "proto/bip38.h"

/*
 * key, with room for 32 bytes, becomes what the EPK holds under the
 * passphrase; not yet checked in any way.  Returns 0 or KE_BAD_UTF8.
 */
KEYLINE_WARN_UNUSED int bip38_nonec_decrypt(
	struct secret *key, const struct bip38_epk *epk, const struct secret *passphrase);

#endif
