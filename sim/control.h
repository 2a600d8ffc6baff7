/* SPDX-License-Identifier: MIT */
/* The words of the control channel, as keyline-sim(1) has them: a line in, a line out. */
#ifndef KEYLINE_SIM_CONTROL_H
#define KEYLINE_SIM_CONTROL_H

#include "sim/machine.h"

enum { CONTROL_LINE_MAX = 512, CONTROL_ANSWER_MAX = 2048 };

/*
 * Does what the line says (it is cut in words in place) and answers `ok ...` or
 * `error ...`, NUL-terminated, without a newline.
 */
void control_do(char out[CONTROL_ANSWER_MAX], char *line, struct machine *machine,
	int64_t now_ms);

#endif
