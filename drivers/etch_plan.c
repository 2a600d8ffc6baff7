/* SPDX-License-Identifier: MIT */
#include "drivers/etch_plan.h"

#include <string.h>

/* Bits lying closer than this are fetched by one read. */
enum { BITS_TOGETHER = 64 };

static bool
contains(const struct etch_span *s, const struct etch_place *place)
{
	return s->table == place->table && place->address >= s->address &&
	       place->address < s->address + s->count;
}

/* Widens s to hold the place, unless it would become too wide. */
static bool
widen(struct etch_span *s, const struct etch_place *place)
{
	uint32_t low = s->address, high = (uint32_t)s->address + s->count;

	if (s->table != place->table)
		return false;
	low = place->address < low ? place->address : low;
	high = place->address + 1u > high ? place->address + 1u : high;
	if (high - low > BITS_TOGETHER)
		return false;
	s->address = (uint16_t)low;
	s->count = (uint16_t)(high - low);
	return true;
}

void
etch_plan_make(struct etch_plan *plan, const struct etch_profile *p, enum etch_item first,
	enum etch_item last)
{
	const struct etch_span registers = etch_profile_span(p, first, last);

	memset(plan, 0, sizeof *plan);
	for (int i = first; i <= (int)last; i++) {
		const struct etch_place *place = &p->places[i];
		size_t r = 0;

		if (etch_item_kind(i) != ETCH_BIT || contains(&registers, place))
			continue;
		while (r < plan->count && !widen(&plan->reads[r], place))
			r++;
		if (r == plan->count)
			plan->reads[plan->count++] =
				(struct etch_span){place->table, place->address, 1};
	}
	plan->reads[plan->count++] = registers;
}
