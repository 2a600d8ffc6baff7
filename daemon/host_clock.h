/* SPDX-License-Identifier: MIT */
/*
 * The host's eye on the wall's clock: alarms clock-jumped and clock-behind of
 * keyline-alarms(7).  No work waits for it.
 */
#ifndef KEYLINE_DAEMON_HOST_CLOCK_H
#define KEYLINE_DAEMON_HOST_CLOCK_H

#include "proto/error.h"

struct host;

/* At the start, after the ledger was opened: the times of its newest events.  Returns 0 or
 * an error of the ledger. */
KEYLINE_WARN_UNUSED int host_clock_open(struct host *host);

/* On the loop, each second. */
void host_clock_look(struct host *host);

#endif
