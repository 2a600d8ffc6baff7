/* SPDX-License-Identifier: MIT */
/*
 * When a batch will be done, from what a status tells: the median cycles of the
 * machines that work, the wallets that are left.  Running time only.
 */
#ifndef KEYLINE_CTL_ETA_H
#define KEYLINE_CTL_ETA_H

#include <jansson.h>

/* A station's median counts from so many cycles on. */
enum { ETA_CYCLES_MIN = 10 };

/*
 * Sets "eta_s" (seconds) of each batch object that has work "left" and lacks one, in
 * the order of the objects, as if one batch were done after the other; of none that
 * is held or while no etcher or printer works with a median.
 */
void eta_add(json_t *objects);

#endif
