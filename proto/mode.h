/* SPDX-License-Identifier: MIT */
/* The country that a host works for.  It picks the state table and the stages. */
#ifndef KEYLINE_PROTO_MODE_H
#define KEYLINE_PROTO_MODE_H

#include "proto/error.h"

enum mode { MODE_USA, MODE_CHINA, MODE_COUNT };

/* "usa" or "china"; "unknown" for anything else. */
const char *mode_name(enum mode mode);

/* The mode of a name.  Returns 0 or KE_NOT_FOUND. */
KEYLINE_WARN_UNUSED int mode_from_name(enum mode *mode, const char *name);

#endif
