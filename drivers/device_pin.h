/* SPDX-License-Identifier: MIT */
/*
 * The one device file that a driver may open (drivers/sandbox.h): what its path led to
 * when the driver began.  A plug that is drawn and put back is another file under the
 * same name, and takes another process to open it.
 */
#ifndef KEYLINE_DRIVERS_DEVICE_PIN_H
#define KEYLINE_DRIVERS_DEVICE_PIN_H

#include <stdbool.h>

struct device_pin {
	const char *path;
	/* A handle that reads and writes nothing; negative: the path led to no device. */
	int fd;
};

/* Looks where path leads, through links; path must outlive the pin.  A folder or a plain
 * file is no device. */
void device_pin_take(struct device_pin *pin, const char *path);
void device_pin_drop(struct device_pin *pin);

/*
 * Whether the path leads to a device now, and it is not the pinned one.  To be asked when
 * the device cannot be reached: a link may be made anew while the device itself stays.
 */
bool device_pin_is_outlived(const struct device_pin *pin);

#endif
