/* SPDX-License-Identifier: MIT */
/*
 * Ranges of BIP38 lot and sequence numbers (DESIGN 4.1).  The pairs are one row of
 * positions, lot * 4096 + sequence: after sequence 4095 comes sequence 0 of the next
 * lot.  Lot 0 and sequence 0 are legal.
 */
#ifndef KEYLINE_PROTO_ALLOCATION_H
#define KEYLINE_PROTO_ALLOCATION_H

#include <stdbool.h>
#include <stdint.h>
#include "proto/error.h"

enum { ALLOCATION_LOT_MAX = 1048575, ALLOCATION_SEQUENCE_MAX = 4095 };

#define ALLOCATION_POSITIONS (UINT64_C(1) << 32)

struct lot_sequence {
	uint32_t lot;
	uint32_t sequence;
};

/* The positions first .. first + count - 1. */
struct allocation {
	uint64_t first;
	uint64_t count;
};

/* The position of a pair.  Returns 0 or KE_BAD_ARGUMENT. */
KEYLINE_WARN_UNUSED int allocation_position(
	uint64_t *out, const struct lot_sequence *pair);

/* The pair at a position below ALLOCATION_POSITIONS. */
struct lot_sequence allocation_pair(uint64_t position);

/*
 * The range of count pairs from first on.  Returns 0, KE_BAD_ARGUMENT (no such pair,
 * or count 0), or KE_EXHAUSTED (it runs past the last pair).
 */
KEYLINE_WARN_UNUSED int allocation_make(
	struct allocation *out, const struct lot_sequence *first, uint64_t count);

/* The last pair of a range that allocation_make made. */
struct lot_sequence allocation_last(const struct allocation *range);

/* The pair of the wallet index (from 0).  Returns 0 or KE_EXHAUSTED (index >= count). */
KEYLINE_WARN_UNUSED int allocation_at(
	struct lot_sequence *out, const struct allocation *range, uint64_t index);

/* Whether two ranges share a pair. */
bool allocation_overlaps(const struct allocation *a, const struct allocation *b);

#endif
