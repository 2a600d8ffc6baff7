/* SPDX-License-Identifier: MIT */
/*
 * Serials by a pattern (DESIGN section 3): A a counting letter, 9 a counting
 * digit, C the check character (once, last), others of [0-8B-Z-] as they are.
 * The counting positions form one mixed-radix number, right-most fastest.
 */
#ifndef KEYLINE_PROTO_SERIAL_H
#define KEYLINE_PROTO_SERIAL_H

#include <stdbool.h>
#include <stdint.h>
#include "proto/error.h"
#include "proto/name.h"

#define SERIAL_PATTERN_DEFAULT "AA999999C"

/* Room for a serial and its NUL. */
enum { SERIAL_SIZE = NAME_SERIAL_MAX + 1 };

/* A compiled pattern: a plain value, copy it as you like. */
struct serial_pattern {
	char text[SERIAL_SIZE];
	size_t len;
	/* How many serials there are; numbers run from 0 to count - 1. */
	uint64_t count;
};

/*
 * Compiles a pattern: it starts with a letter (counting or fixed), has at least
 * one counting position, ends with its only C, and counts to 10^15 at most, so
 * that numbers are exact in JSON.  Returns 0 or KE_BAD_PATTERN.
 */
KEYLINE_WARN_UNUSED int serial_pattern_compile(
	struct serial_pattern *out, const char *text);

/* The serial of a number, with its NUL.  Returns 0 or KE_EXHAUSTED (number >= count). */
KEYLINE_WARN_UNUSED int serial_from_number(
	char out[SERIAL_SIZE], const struct serial_pattern *pattern, uint64_t number);

/*
 * The number of the serial text[0..len-1].  Returns 0, KE_BAD_LENGTH, KE_BAD_SERIAL
 * (a character that the pattern does not have there), or KE_BAD_CHECKSUM.
 */
KEYLINE_WARN_UNUSED int serial_to_number(uint64_t *out,
	const struct serial_pattern *pattern, const char *text, size_t len);

/*
 * The check character of ISO/IEC 7064 MOD 37,36 over the letters and digits of
 * text[0..len-1]; hyphens count for nothing.  text holds [0-9A-Z-] only.
 */
char serial_check_character(const char *text, size_t len);

#endif
