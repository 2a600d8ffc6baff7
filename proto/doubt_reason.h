/* SPDX-License-Identifier: MIT */
/*
 * What two persons saw who settle a wallet in doubt (DESIGN section 7, wallet resolve): a
 * code of one static table, so that the ledger can be counted by it.
 */
#ifndef KEYLINE_PROTO_DOUBT_REASON_H
#define KEYLINE_PROTO_DOUBT_REASON_H

#include <stdbool.h>
#include <stddef.h>
#include "proto/mode.h"

struct doubt_reason {
	/* "marked-part" */
	const char *code;
	/* What was seen, for people: a sentence without a full stop. */
	const char *text;
	/* The outcome it stands for; the other one is refused. */
	bool is_good;
	/* Hosts on which it can be: bits 1u << enum mode. */
	unsigned modes;
};

size_t doubt_reason_count(void);
const struct doubt_reason *doubt_reason_at(size_t index);

/* The row of a code that fits mode and outcome; NULL: there is none. */
const struct doubt_reason *doubt_reason_find(
	const char *code, enum mode mode, bool is_good);

/* "marked-part, not-marked or damaged": the codes that fit, cut to size - 1 bytes. */
void doubt_reason_list(char *out, size_t size, enum mode mode, bool is_good);

#endif
