/* SPDX-License-Identifier: MIT */
/*
 * The text that a person signs to approve an act of two persons.  It is meant to be read
 * before it is signed, and has one form, LF after each line:
 *
 *	keyline approval 1                       format version
 *	host: us-etch
 *	use: production                          test | production
 *	request: 12                              number of the request on that host
 *	action: batch release
 *	object: US-2026-118
 *	with: outcome=good                       what else the action takes, or -
 *	reason: counted twice                    as the first person gave it, or -
 *	nonce: 00112233445566778899aabbccddeeff  128 random bits
 *	created: 2026-11-22T09:30:00Z
 *	expires: 2026-11-22T10:30:00Z
 *	person: uid1000 (ann)                    who signs
 *	key: <64 hex>                            fingerprint of the key that signs
 *
 * The two persons' texts differ in their last two lines alone.  The signature is
 * ECDSA P-256 over SHA-256 of the whole text (proto/public_key.h), so that
 *	openssl dgst -sha256 -verify PERSON.pem -signature SIGNATURE TEXT
 * verifies it.
 */
#ifndef KEYLINE_PROTO_APPROVAL_H
#define KEYLINE_PROTO_APPROVAL_H

#include <stdint.h>
#include "proto/error.h"
#include "proto/name.h"

enum {
	APPROVAL_NONCE_LEN = 16,
	/* 32 hex digits and a NUL. */
	APPROVAL_NONCE_SIZE = 2 * APPROVAL_NONCE_LEN + 1,
	APPROVAL_NAME_SIZE = 33,
	/* Seconds from created to expires. */
	APPROVAL_LIFE = 60 * 60,
	APPROVAL_ARGS_MAX = 1023,
	APPROVAL_REASON_MAX = 512,
	APPROVAL_TEXT_MAX = 4095
};

/* What the text says; args and reason may be "" and NULL. */
struct approval {
	const char *host;
	enum keyline_use use;
	uint64_t request;
	const char *action;
	const char *object;
	const char *args;
	const char *reason;
	/* 32 hex digits. */
	const char *nonce;
	/* Seconds since 1970. */
	int64_t created;
	int64_t expires;
	/* "uid1000", and the name that he was enrolled with. */
	const char *person;
	const char *name;
	/* Fingerprint, 64 hex digits. */
	const char *key;
};

/*
 * Writes the text, ended by NUL.  Returns 0; KE_BAD_CHARACTER: a part has a control
 * character or one that would show another text than the one that is signed (directions,
 * invisible ones), or is no UTF-8; KE_TOO_LONG: args, reason or the whole;
 * KE_BAD_ARGUMENT: a part that must be there is empty, or a time without a text.
 */
KEYLINE_WARN_UNUSED int approval_text(
	char out[APPROVAL_TEXT_MAX + 1], const struct approval *approval);

/*
 * Whether a text that came from elsewhere says, in the one form, that this action on this
 * object is approved with this key: what somebody who is about to sign it asked for.
 * action, object, reason NULL: any.  Returns 0, KE_BAD_MESSAGE (not the form), KE_NEWER_FORMAT,
 * KE_MISMATCH_APPROVAL.
 */
KEYLINE_WARN_UNUSED int approval_check(const char *text, const char *action,
	const char *object, const char *reason, const char *key);

/*
 * The value of one of the text's lines, e.g. "use"; *len bytes, no NUL behind them.
 * NULL when the text has no such line.
 */
const char *approval_value(size_t *len, const char *text, const char *name);

#endif
