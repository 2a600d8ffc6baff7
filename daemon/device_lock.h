/* SPDX-License-Identifier: MIT */
/*
 * The lock that a driver holds while it lives: one master of a device, also when the
 * daemon died and its driver did not.  It is the device's, by what tells it from any
 * other: whatever its station is called, wherever the state lies or was put back from,
 * and whichever host of this machine drives it.  So it lies in the folder of the control
 * socket, which hosts of one machine share and no copy of the state has.
 */
#ifndef KEYLINE_DAEMON_DEVICE_LOCK_H
#define KEYLINE_DAEMON_DEVICE_LOCK_H

#include <stdbool.h>
#include <stddef.h>
#include "proto/error.h"

struct settings;
struct settings_station;

enum { DEVICE_LOCK_PATH_SIZE = 160 };

/*
 * The lock's file of the device of that kind ("print", "etch", "scan") and identity: a
 * printer's pin (in any case), an etcher's serial, a scanner's path.  Returns 0,
 * KE_TOO_LONG or KE_CRYPTO.
 */
KEYLINE_WARN_UNUSED int device_lock_path(char out[DEVICE_LOCK_PATH_SIZE],
	const struct settings *settings, const char *kind, const char *identity);

/*
 * Whether a process holds the lock of the device that takes jobs on this host, an
 * intent's `device'; what cannot be looked at counts as held.  It is taken for a moment
 * to find out, so it is not to be called while a driver of ours for it may be starting.
 */
bool device_lock_is_held(const struct settings *settings, const char *device);

#endif
