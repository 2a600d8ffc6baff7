/* SPDX-License-Identifier: MIT */
/* Landlock's half of the sandbox. */
#ifndef KEYLINE_DRIVERS_SANDBOX_LANDLOCK_H
#define KEYLINE_DRIVERS_SANDBOX_LANDLOCK_H

#include "drivers/sandbox.h"

/*
 * Denies the thread, and what it starts, all files, devices and TCP ports but those of
 * the sandbox.  *abi is the kernel's ABI number, 0 where it has no Landlock: then
 * nothing is denied and 0 is returned.  Returns KE_IO when a kernel that has it refuses.
 */
KEYLINE_WARN_UNUSED int sandbox_landlock(const struct sandbox *sandbox, int *abi);

#endif
