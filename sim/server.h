/* SPDX-License-Identifier: MIT */
/* The simulator's loop: wires, the control channel and the machine, on poll(2). */
#ifndef KEYLINE_SIM_SERVER_H
#define KEYLINE_SIM_SERVER_H

#include <signal.h>
#include "sim/machine.h"
#include "sim/port.h"

struct server;

struct server_settings {
	/* the port is the server's from now on */
	struct port port;
	/* the listening socket of the control channel, or a FIFO, or -1; the server's */
	int control;
	bool control_is_fifo;
	struct machine *machine;
	/* RTU: the address that we answer to, and the rate to keep (0: none) */
	uint8_t unit;
	unsigned baud;
};

/* Milliseconds of the monotonic clock, which the machine lives by. */
int64_t server_now_ms(void);

/* NULL: no memory; then nothing was taken over. */
struct server *server_new(const struct server_settings *settings);
void server_free(struct server *server);

/* Serves until *stop.  Returns 0, or KE_BAD_STATE when the machine has failed for good.
 */
KEYLINE_WARN_UNUSED int server_run(
	struct server *server, const volatile sig_atomic_t *stop);

#endif
