/* SPDX-License-Identifier: MIT */
/* One speaker on the control channel: lines in, an answer a line out. */
#ifndef KEYLINE_SIM_TALK_H
#define KEYLINE_SIM_TALK_H

#include "sim/machine.h"

struct talk;

/* Takes over fd (non-blocking) when it does not return NULL (no memory). */
struct talk *talk_new(int fd, bool answers);
void talk_free(struct talk *talk);
int talk_fd(const struct talk *talk);

/* Reads and does what has come.  0, or KE_LINK when the speaker is gone or too
 * long-winded. */
KEYLINE_WARN_UNUSED int talk_serve(
	struct talk *talk, struct machine *machine, int64_t now_ms);

#endif
