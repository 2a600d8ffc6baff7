/* SPDX-License-Identifier: MIT */
/* Which stretches must be read to have a group of items, wherever a profile puts them. */
#ifndef KEYLINE_DRIVERS_ETCH_PLAN_H
#define KEYLINE_DRIVERS_ETCH_PLAN_H

#include "proto/etch_profile.h"

enum { ETCH_PLAN_MAX = 32 };

struct etch_plan {
	struct etch_span reads[ETCH_PLAN_MAX];
	size_t count;
};

/*
 * Plans the items from first to last.  Bits that lie apart from the group's registers
 * come first, so that the registers are at least as new.
 */
void etch_plan_make(struct etch_plan *plan, const struct etch_profile *p,
	enum etch_item first, enum etch_item last);

#endif
