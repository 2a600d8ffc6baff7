/* SPDX-License-Identifier: MIT */
/* Unicode normalization form C of a secret (BIP38 takes passphrases in it). */
#ifndef KEYLINE_PROTO_NFC_H
#define KEYLINE_PROTO_NFC_H

#include "proto/error.h"

struct secret;

/*
 * *out becomes a new secret: the UTF-8 text in its form C.  A NUL is a character
 * like others; plain ASCII is copied.  Returns 0, KE_BAD_UTF8 (also for
 * surrogates and over-long forms) or KE_NO_MEMORY, with *out NULL.
 */
KEYLINE_WARN_UNUSED int nfc_normalize(struct secret **out, const struct secret *in);

#endif
