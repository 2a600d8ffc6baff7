/* SPDX-License-Identifier: MIT */
#ifndef KEYLINE_PROTO_DRIVER_EXIT_H
#define KEYLINE_PROTO_DRIVER_EXIT_H

/* How a driver's process ends: keyline-driver(7), EXIT STATUS. */
enum driver_exit {
	DRIVER_EXIT_EOF = 0,
	DRIVER_EXIT_DEVICE = 1,
	DRIVER_EXIT_USAGE = 2,
	DRIVER_EXIT_LOCK = 3,
	/* Another device is at the path than at the start: only a new process may open
	   it. */
	DRIVER_EXIT_REPLUGGED = 4,
	/* No fault of its own, nothing loaded: a new process may see more. */
	DRIVER_EXIT_RENEW = 5
};

#endif
