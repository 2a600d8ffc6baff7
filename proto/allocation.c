/* SPDX-License-Identifier: MIT */
#include "proto/allocation.h"

enum { SEQUENCES = ALLOCATION_SEQUENCE_MAX + 1 };

int
allocation_position(uint64_t *out, const struct lot_sequence *pair)
{
	if (pair->lot > ALLOCATION_LOT_MAX || pair->sequence > ALLOCATION_SEQUENCE_MAX)
		return KE_BAD_ARGUMENT;
	*out = (uint64_t)pair->lot * SEQUENCES + pair->sequence;
	return 0;
}

struct lot_sequence
allocation_pair(uint64_t position)
{
	struct lot_sequence pair = {
		.lot = (uint32_t)(position / SEQUENCES),
		.sequence = (uint32_t)(position % SEQUENCES),
	};

	return pair;
}

int
allocation_make(struct allocation *out, const struct lot_sequence *first, uint64_t count)
{
	uint64_t position;
	int rc = allocation_position(&position, first);

	if (rc != 0)
		return rc;
	if (count == 0)
		return KE_BAD_ARGUMENT;
	if (count > ALLOCATION_POSITIONS - position)
		return KE_EXHAUSTED;
	out->first = position;
	out->count = count;
	return 0;
}

struct lot_sequence
allocation_last(const struct allocation *range)
{
	return allocation_pair(range->first + range->count - 1);
}

int
allocation_at(struct lot_sequence *out, const struct allocation *range, uint64_t index)
{
	if (index >= range->count)
		return KE_EXHAUSTED;
	*out = allocation_pair(range->first + index);
	return 0;
}

bool
allocation_overlaps(const struct allocation *a, const struct allocation *b)
{
	return a->first < b->first + b->count && b->first < a->first + a->count;
}
