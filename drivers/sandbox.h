/* SPDX-License-Identifier: MIT */
/*
 * A driver's own cage: after it, the process opens no file, device or connection but
 * those that its work needs, and runs no other program.  See "The cage" in keyline-driver(7).
 */
#ifndef KEYLINE_DRIVERS_SANDBOX_H
#define KEYLINE_DRIVERS_SANDBOX_H

#include <stdbool.h>
#include <stdint.h>
#include "drivers/device_pin.h"
#include "proto/error.h"

struct sandbox {
	/* The serial device that is opened again and again, and no other beside it; NULL: none
	 * is opened. */
	const struct device_pin *device;
	/* Whether TCP connections are made, and names looked up for them. */
	bool network;
	/* The only TCP port to connect to, where the kernel can tell (Landlock ABI 4). */
	uint16_t port;
};

/*
 * Enters it for good: seccomp's list of system calls for all threads, and Landlock's
 * files, devices and ports where the kernel has it; *landlock (may be NULL) is the
 * kernel's ABI number, 0 without.  The process must be single-threaded and have
 * no_new_privs (driver_process_harden).  To be called before standard input is read.
 * A call outside the list fails with EPERM, running a program or looking into another
 * process ends this one.  Returns 0 or KE_IO.
 */
KEYLINE_WARN_UNUSED int sandbox_enter(const struct sandbox *sandbox, int *landlock);

#endif
