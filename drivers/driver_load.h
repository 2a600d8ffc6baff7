/* SPDX-License-Identifier: MIT */
/* The content of a `load` line, checked: keyline-driver(7), DESIGN section 5. */
#ifndef KEYLINE_DRIVERS_DRIVER_LOAD_H
#define KEYLINE_DRIVERS_DRIVER_LOAD_H

#include <stdbool.h>
#include "proto/line.h"

enum driver_load_kind { DRIVER_LOAD_PLATE, DRIVER_LOAD_STICKER, DRIVER_LOAD_SETUP };

enum { DRIVER_NONCE_HEX = 16, DRIVER_SERIAL_MAX = 20 };

/* Values point into the parsed line (they are secrets where it is); NULL = not of this
 * kind. */
struct driver_load {
	enum driver_load_kind kind;
	const char *serial;
	const char *text;
	const char *epk;
	const char *address;
	const char *nonce;
	bool test;
};

/*
 * Reads the fields of a load.  Returns 0 or KE_BAD_LINE: an unknown kind, a key
 * missing or not of that kind, an empty value, a nonce that is not 16 hex digits, a
 * test other than 0 and 1.
 */
KEYLINE_WARN_UNUSED int driver_load_parse(
	struct driver_load *load, const struct line *line);

#endif
