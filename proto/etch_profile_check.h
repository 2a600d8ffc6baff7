/* SPDX-License-Identifier: MIT */
/* What the two halves of the profile's reader share; for them alone. */
#ifndef KEYLINE_PROTO_ETCH_PROFILE_CHECK_H
#define KEYLINE_PROTO_ETCH_PROFILE_CHECK_H

#include "proto/etch_profile.h"

/* Fills in error.  Returns KE_BAD_PROFILE. */
KEYLINE_WARN_UNUSED int etch_profile_fail(struct etch_profile_error *error, unsigned line,
	const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Checks a complete profile; lines[item] is the line that placed it. */
KEYLINE_WARN_UNUSED int etch_profile_check(const struct etch_profile *p,
	struct etch_profile_error *error, const unsigned lines[ETCH_ITEMS]);

#endif
