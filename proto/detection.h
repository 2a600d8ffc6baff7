/* SPDX-License-Identifier: MIT */
/*
 * What cut-and-choose is worth: the probability that opening drawn wallets of a lot finds
 * at least one of its bad ones.  Drawn without putting back (hypergeometric):
 * 1 - C(lot - bad, opened) / C(lot, opened).  Computed in whole numbers, so that a
 * bound like 95 % is met or not, and by no rounding.
 */
#ifndef KEYLINE_PROTO_DETECTION_H
#define KEYLINE_PROTO_DETECTION_H

#include <stdint.h>
#include "proto/error.h"

/* A certainty, in millionths. */
enum { DETECTION_CERTAIN = 1000000, DETECTION_LOT_MAX = 100000000 };

/*
 * *ppm: the probability in millionths, rounded down; DETECTION_CERTAIN only for a
 * certainty.  Returns 0, KE_BAD_ARGUMENT (lot over DETECTION_LOT_MAX; bad or opened over
 * lot), KE_NO_MEMORY.
 */
KEYLINE_WARN_UNUSED int detection_ppm(
	uint32_t *ppm, uint64_t lot, uint64_t bad, uint64_t opened);

/*
 * *bad: the least number of bad wallets that are found with at least ppm; 0: no number
 * is, since none is opened.  Returns the same; ppm from 1 to DETECTION_CERTAIN.
 */
KEYLINE_WARN_UNUSED int detection_least(
	uint64_t *bad, uint64_t lot, uint64_t opened, uint32_t ppm);

#endif
