/* SPDX-License-Identifier: MIT */
/* Where masters reach the simulator: a TCP address or a pty with a symbolic link to it.
 */
#ifndef KEYLINE_SIM_PORT_H
#define KEYLINE_SIM_PORT_H

#include <stdbool.h>
#include "sim/modbus.h"

enum { PORT_NAME_MAX = 300 };

struct port {
	enum modbus_wire kind;
	/* the listening socket, or the pty's master */
	int fd;
	/* what a master is to be given: HOST:PORT or a path */
	char name[PORT_NAME_MAX];
	/* the symbolic link to the pty; empty: none */
	char link[PORT_NAME_MAX];
};

/* Listens on HOST:PORT (numeric; [HOST]:PORT; port 0: any).  0, KE_BAD_ARGUMENT or KE_IO.
 */
KEYLINE_WARN_UNUSED int port_open_tcp(struct port *port, const char *where);

/*
 * Makes a pty; where is "auto", or the path of a symbolic link that is put in the place
 * of an older one.  0, KE_BAD_ARGUMENT or KE_IO (also when a file is in the way).
 */
KEYLINE_WARN_UNUSED int port_open_pty(struct port *port, const char *where);

/* TCP: the next connection, non-blocking, or -1. */
int port_accept(const struct port *port);

/* RTU: unplugs the line and plugs it in again: another pty under the same link. */
KEYLINE_WARN_UNUSED int port_replug(struct port *port);

/* Has nobody opened the pty at present? */
bool port_is_alone(const struct port *port);

void port_close(struct port *port);

/* Listens on a Unix socket of mode 0600 in the place of an older one; the descriptor, or
 * KE_IO. */
KEYLINE_WARN_UNUSED int port_listen_unix(const char *path);

#endif
