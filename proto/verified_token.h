/* SPDX-License-Identifier: MIT */
/*
 * The store behind struct verified, for verified.c and verified_spend.c alone.
 *
 * A struct verified * is no address but a number that is never given out twice,
 * looked up here at each use.  So a stale copy is told from the token that took
 * its place, without touching memory that is no longer its own.
 */
#ifndef KEYLINE_PROTO_VERIFIED_TOKEN_H
#define KEYLINE_PROTO_VERIFIED_TOKEN_H

#include "proto/address.h"
#include "proto/name.h"
#include "proto/verified.h"

struct verified_token {
	char serial[NAME_SERIAL_MAX + 1];
	char sticker_address[ADDRESS_SIZE];
	struct secret *text;
};

/* Stores content, taking over its text.  NULL when there is no room. */
struct verified *verified_token_put(const struct verified_token *content);

/* The content of a live token.  abort()s when it is not live. */
const struct verified_token *verified_token_look(const struct verified *token);

/*
 * Takes the content out and kills the token in one step, so that of two takers
 * one aborts.  The text is the caller's.
 */
void verified_token_take(struct verified_token *content, const struct verified *token);

#endif
