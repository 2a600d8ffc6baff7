/* SPDX-License-Identifier: MIT */
/* Signs the text of an approval with the person's key, wherever that is. */
#ifndef KEYLINE_CTL_SIGNER_H
#define KEYLINE_CTL_SIGNER_H

#include "ctl/invocation.h"
#include "proto/public_key.h"

enum { SIGNER_TEXT_SIZE = SIGNATURE_TEXT_SIZE };

/* What the person asked for; NULL: whatever the text says. */
struct signer_wish {
	const char *action;
	const char *object;
	const char *reason;
};

/*
 * The signature as base64, with the key that the call names (--key) or the person's own.
 * A text that does not say what the person asked for, or that is to be signed with
 * another key than this one, is not signed.  Returns 0, with what went wrong on stderr
 * otherwise.
 */
KEYLINE_WARN_UNUSED int signer_sign(char out[SIGNER_TEXT_SIZE],
	const struct invocation *call, const char *text, const struct signer_wish *wish);

#endif
