/* SPDX-License-Identifier: MIT */
/*
 * What outlives the simulator: the state file, the log of the laser's acts and the
 * pictures of the plates, all of them mode 0600 in one folder.  Also the fixture, since
 * the part in it does not vanish with the power.
 */
#ifndef KEYLINE_SIM_KEEPER_H
#define KEYLINE_SIM_KEEPER_H

#include "sim/etcher.h"

struct keeper;

/* What is drawn of a plate. */
enum keeper_pictures { KEEPER_NO_PICTURES, KEEPER_SVG, KEEPER_SVG_AND_PNG };

/*
 * Opens the folder out (made when absent) and the state file; state NULL: out/state.
 * *retained gets what was kept, zeros at first.  Returns 0, KE_LOCKED when another
 * simulator has the folder, KE_BAD_STATE for a state file that is not ours, KE_IO,
 * KE_NO_MEMORY.
 */
KEYLINE_WARN_UNUSED int keeper_open(struct keeper **keeper,
	struct etcher_retained *retained, const char *out, const char *state,
	enum keeper_pictures pictures);
void keeper_free(struct keeper *keeper);

/*
 * For struct etcher_world; context is the keeper.  The plate's SVG is there when
 * keeper_laser_off() returns, its PNG follows by itself.
 */
int keeper_retain(void *keeper, const struct etcher_retained *retained);
int keeper_laser_on(void *keeper, const struct etcher_act *act);
int keeper_laser_off(void *keeper, const struct etcher_act *act);

/* The fixture: is a part in it, was it marked, the number of the present or last part. */
bool keeper_part_present(const struct keeper *keeper);
bool keeper_part_used(const struct keeper *keeper);
unsigned keeper_part(const struct keeper *keeper);

/* Puts a new, blank part in; takes the part out.  Returns 0 or KE_IO, KE_NO_MEMORY. */
KEYLINE_WARN_UNUSED int keeper_put_in(struct keeper *keeper);
KEYLINE_WARN_UNUSED int keeper_take_out(struct keeper *keeper);

/* Acts of the laser that were marked to the end since the program began. */
unsigned keeper_marks(const struct keeper *keeper);

#endif
