/* SPDX-License-Identifier: MIT */
/* Times as they stand in files: "2026-11-22T09:30:00Z", to the second, always UTC. */
#ifndef KEYLINE_PROTO_UTC_H
#define KEYLINE_PROTO_UTC_H

#include <stddef.h>
#include <stdint.h>
#include "proto/error.h"

/* Room for a time and its NUL. */
enum { UTC_LEN = 20, UTC_SIZE = UTC_LEN + 1 };

/*
 * The text of a time in seconds since 1970-01-01T00:00:00Z.  Returns 0 or
 * KE_BAD_ARGUMENT for a year outside 1970..9999.
 */
KEYLINE_WARN_UNUSED int utc_format(char out[UTC_SIZE], int64_t seconds);

/*
 * The seconds of the time text[0..len-1].  Returns 0 or KE_BAD_FIELD for any other
 * form and for days that do not exist; leap seconds are not taken.
 */
KEYLINE_WARN_UNUSED int utc_parse(int64_t *out, const char *text, size_t len);

#endif
