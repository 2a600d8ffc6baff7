/* SPDX-License-Identifier: MIT */
/* The person's part of an act of two persons: reads the text, signs it, sends it. */
#ifndef KEYLINE_CTL_DUAL_H
#define KEYLINE_CTL_DUAL_H

#include "ctl/ask.h"

/*
 * Shows the text that the daemon gave (the `approval' of answer), asks, signs it with the
 * person's key and sends the signature; what came of that is shown.  action, object and
 * reason are what the person asked for, NULL: whatever the text says.
 */
enum ctl_exit dual_sign(const struct invocation *call, const struct answer *answer,
	const char *action, const char *object, const char *reason);

/* Whether it can go on to dual_sign(): a terminal, or --yes; else that is told. */
bool dual_possible(const struct invocation *call, const char *command);

#endif
