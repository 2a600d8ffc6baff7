/* SPDX-License-Identifier: MIT */
/*
 * Serial lines: the text that names one, and opening it raw and for us alone.
 */
#ifndef KEYLINE_DRIVERS_SERIAL_PORT_H
#define KEYLINE_DRIVERS_SERIAL_PORT_H

#include "proto/error.h"

enum { SERIAL_PORT_PATH_MAX = 255 };

struct serial_port {
	char path[SERIAL_PORT_PATH_MAX + 1];
	/* bits a second, one of the standard rates */
	unsigned baud;
	/* 7 or 8 */
	unsigned data_bits;
	/* 'N', 'E' or 'O' */
	char parity;
	/* 1 or 2 */
	unsigned stop_bits;
};

/*
 * Parses /dev/ttyX[:BAUD[:8N1]]; without them the line is 9600 8N1.  The path is absolute
 * and may hold colons itself; digits alone after its last colon are a rate.  Returns 0 or
 * KE_BAD_CONFIG: no absolute path, no standard rate, no such framing.
 */
KEYLINE_WARN_UNUSED int serial_port_parse(struct serial_port *port, const char *text);

/*
 * Opens the line: raw, no flow control, exclusive (TIOCEXCL), non-blocking,
 * close-on-exec, and throws away what the system had already read from it.  Returns a
 * descriptor, or KE_LOCKED when another program has it for itself, KE_LINK otherwise.
 */
KEYLINE_WARN_UNUSED int serial_port_open(const struct serial_port *port);

#endif
