/* SPDX-License-Identifier: MIT */
/*
 * Libraries leave copies of what they worked on below the stack pointer.  Call
 * this after the last call that saw a secret.
 */
#ifndef KEYLINE_PROTO_SCRUB_H
#define KEYLINE_PROTO_SCRUB_H

/* How far below the caller's frame the stack is overwritten. */
enum { SCRUB_BYTES = 16384 };

/* Overwrites SCRUB_BYTES of dead stack. */
void scrub_stack(void);

#endif
