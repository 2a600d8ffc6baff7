/* SPDX-License-Identifier: MIT */
/* Whether a text of dice throws, or of hex digits of a hardware generator, is random
 * enough. */
#ifndef KEYLINE_DAEMON_RANDOM_THROWS_H
#define KEYLINE_DAEMON_RANDOM_THROWS_H

#include <stddef.h>
#include "proto/error.h"

/* So many give 256 bits and more: log2(6) = 2.58 a throw, 4 a digit. */
enum { THROWS_DICE_MIN = 100, THROWS_HEX_MIN = 64 };

/*
 * Looks at text[0..len-1]: digits 1 to 6, or hex digits; blanks and ends of lines do not
 * count.  What has no other signs than 1 to 6 are throws.  Returns 0, KE_BAD_CHARACTER,
 * KE_TOO_FEW_BITS, or KE_RANDOM: a sign comes far too often or too seldom, or they repeat
 * themselves (off by eight standard deviations: about once in a million honest texts).
 */
KEYLINE_WARN_UNUSED int random_throws_check(const unsigned char *text, size_t len);

#endif
