/* SPDX-License-Identifier: MIT */
/*
 * The hash of one ledger event.  It is SHA-256 over, one after another,
 *
 *	tag       the 22 bytes "keyline ledger event 1" (the version is its end)
 *	seq       8 bytes, big-endian: 1, 2, 3 ... without a gap
 *	time      8 bytes, big-endian two's complement: milliseconds since
 *	          1970-01-01T00:00:00Z
 *	actor, kind, object, event, from, to, detail
 *	          each as its length in bytes, 4 bytes big-endian, and its bytes
 *	          (UTF-8, no terminating NUL; a text that is absent has length 0)
 *	previous  the 32 bytes of the hash of event seq - 1; 32 zero bytes for seq 1
 *
 * Nothing else is hashed, so that another program can verify a ledger from the
 * table `event` alone.
 */
#ifndef KEYLINE_PROTO_LEDGER_HASH_H
#define KEYLINE_PROTO_LEDGER_HASH_H

#include <stdint.h>
#include "proto/error.h"

enum { LEDGER_HASH_LEN = 32 };

/* A place in a host's chain: an event's number, from 1, and its hash.  Number 0: none. */
struct ledger_head {
	uint64_t seq;
	unsigned char hash[LEDGER_HASH_LEN];
};

/* What an event says; NULL is the empty text. */
struct ledger_hash_event {
	uint64_t seq;
	int64_t time_ms;
	const char *actor;
	const char *kind;
	const char *object;
	const char *event;
	const char *from_state;
	const char *to_state;
	const char *detail;
};

/* The hash of an event after the one whose hash is previous.  Returns 0 or KE_CRYPTO. */
KEYLINE_WARN_UNUSED int ledger_hash(unsigned char out[LEDGER_HASH_LEN],
	const struct ledger_hash_event *event,
	const unsigned char previous[LEDGER_HASH_LEN]);

#endif
