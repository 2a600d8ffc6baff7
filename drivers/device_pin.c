/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "drivers/device_pin.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

void
device_pin_take(struct device_pin *pin, const char *path)
{
	struct stat st;

	pin->path = path;
	pin->fd = open(path, O_PATH | O_CLOEXEC);
	if (pin->fd >= 0 && (fstat(pin->fd, &st) != 0 || !S_ISCHR(st.st_mode)))
		device_pin_drop(pin);
}

void
device_pin_drop(struct device_pin *pin)
{
	if (pin->fd >= 0)
		close(pin->fd);
	pin->fd = -1;
}

bool
device_pin_is_outlived(const struct device_pin *pin)
{
	struct stat now, then;

	if (stat(pin->path, &now) != 0 || !S_ISCHR(now.st_mode))
		return false;
	if (pin->fd < 0 || fstat(pin->fd, &then) != 0)
		return true;
	/* Numbers of files are used again, and the one of a removed file at once. */
	return then.st_nlink == 0 || now.st_dev != then.st_dev ||
	       now.st_ino != then.st_ino || now.st_rdev != then.st_rdev;
}
