/* SPDX-License-Identifier: MIT */
/* The text of the simulator's state file, which there is only one form of. */
#ifndef KEYLINE_SIM_KEEPER_STATE_H
#define KEYLINE_SIM_KEEPER_STATE_H

#include "sim/etcher.h"

enum { KEEPER_STATE_MAX = 512 };

struct keeper_state {
	struct etcher_retained retained;
	/* the fixture: the number of its present or last part */
	uint32_t part;
	bool part_present, part_used;
};

/* Writes the text, NUL-terminated; returns its length. */
size_t keeper_state_format(char text[KEEPER_STATE_MAX], const struct keeper_state *state);

/* Reads what keeper_state_format() wrote: 0, or KE_BAD_STATE for anything else. */
KEYLINE_WARN_UNUSED int keeper_state_parse(struct keeper_state *state, const char *text);

#endif
