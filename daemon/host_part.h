/* SPDX-License-Identifier: MIT */
/* The host as a part of the daemon (daemon/keylined.h). */
#ifndef KEYLINE_DAEMON_HOST_PART_H
#define KEYLINE_DAEMON_HOST_PART_H

#include "daemon/keylined.h"

extern const struct keylined_part host_part;

#endif
