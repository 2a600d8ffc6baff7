/* SPDX-License-Identifier: MIT */
/* Where an etcher is: tcp:HOST:PORT or rtu:/dev/ttyX:BAUD:8N1. */
#ifndef KEYLINE_DRIVERS_ETCH_TARGET_H
#define KEYLINE_DRIVERS_ETCH_TARGET_H

#include <stdbool.h>
#include "drivers/serial_port.h"

enum { ETCH_HOST_MAX = 255, ETCH_PORT_MAX = 5 };

struct etch_target {
	bool is_tcp;
	char host[ETCH_HOST_MAX + 1]; /* a name or an address, without brackets */
	char port[ETCH_PORT_MAX + 1]; /* decimal, 1..65535 */
	struct serial_port serial;
};

/* Parses text; an IPv6 address stands in brackets.  Returns 0 or KE_BAD_CONFIG. */
KEYLINE_WARN_UNUSED int etch_target_parse(struct etch_target *target, const char *text);

/* Opens a descriptor to it, non-blocking, close-on-exec, waiting connect_ms at most.
 * Returns it, or KE_LOCKED (a serial line that another has), KE_LINK. */
KEYLINE_WARN_UNUSED int etch_target_open(
	const struct etch_target *target, int connect_ms);

#endif
