/* SPDX-License-Identifier: MIT */
/* What goes back for a request: the right answer, and what the faults make of it. */
#ifndef KEYLINE_SIM_REPLY_H
#define KEYLINE_SIM_REPLY_H

#include "sim/machine.h"
#include "sim/wire.h"

struct reply {
	uint8_t bytes[WIRE_ANSWER_MAX];
	size_t len;
	struct wire_manner manner;
	/* how often it is sent; 0: not at all */
	unsigned times;
	/* nothing is sent, and the wire is cut */
	bool hang_up;
};

/* The answer before, for a stale one. */
struct reply_memory {
	uint8_t bytes[MODBUS_FRAME_MAX];
	size_t len;
};

void reply_make(struct reply *reply, struct reply_memory *memory,
	const struct modbus_frame *request, enum modbus_wire kind,
	struct machine *machine, int64_t now_ms);

#endif
