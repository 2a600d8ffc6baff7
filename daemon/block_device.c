/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "daemon/block_device.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
	/* How many mapped devices may lie on one another, and USB hubs between. */
	DEPTH_MAX = 8,
	/* Page 80h of SCSI's vital product data: a header, then the serial. */
	VPD_HEADER = 4,
	VPD_PAGE = 0x80
};

static int
open_dir(int at, const char *path)
{
	return openat(at, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static bool
exists(int dir, const char *name)
{
	return faccessat(dir, name, F_OK, 0) == 0;
}

static ssize_t
read_bytes(char *out, size_t size, int dir, const char *name)
{
	int fd = openat(dir, name, O_RDONLY | O_CLOEXEC);
	ssize_t got = fd < 0 ? -1 : read(fd, out, size);

	if (fd >= 0)
		(void)close(fd);
	return got;
}

/* Copies text without blanks at its ends; odd bytes become '?'. */
static bool
copy_trimmed(char out[BLOCK_DEVICE_TEXT], const char *text, size_t len)
{
	size_t kept = 0;

	while (len && (text[len - 1] == ' ' || text[len - 1] == '\n' || !text[len - 1]))
		len--;
	while (len && (*text == ' ' || *text == '\0')) {
		text++;
		len--;
	}
	for (; kept < len && kept < BLOCK_DEVICE_TEXT - 1; kept++)
		out[kept] = text[kept] >= ' ' && text[kept] <= '~' ? text[kept] : '?';
	out[kept] = '\0';
	return kept > 0;
}

static bool
read_text(char out[BLOCK_DEVICE_TEXT], int dir, const char *name)
{
	char text[BLOCK_DEVICE_TEXT - 1];
	ssize_t got = read_bytes(text, sizeof text, dir, name);

	out[0] = '\0';
	return got > 0 && copy_trimmed(out, text, (size_t)got);
}

static bool
read_vpd(char out[BLOCK_DEVICE_TEXT], int dir, const char *name)
{
	char page[VPD_HEADER + 255];
	ssize_t got = read_bytes(page, sizeof page, dir, name);
	size_t len;

	if (got < VPD_HEADER || (unsigned char)page[1] != VPD_PAGE)
		return false;
	len = (size_t)(unsigned char)page[2] << 8 | (unsigned char)page[3];
	if (len > (size_t)got - VPD_HEADER)
		len = (size_t)got - VPD_HEADER;
	return copy_trimmed(out, page + VPD_HEADER, len);
}

/* A USB disk is far below the device that has vendor, product and serial. */
static bool
read_usb(struct block_device *out, int disk)
{
	char path[sizeof "device" + 3 * (DEPTH_MAX + 8)] = "device";
	size_t len = strlen(path);
	bool found = false;

	for (int i = 0; !found && i < DEPTH_MAX; i++) {
		int dir = open_dir(disk, path);

		if (dir < 0)
			return false;
		if (exists(dir, "idVendor")) {
			found = read_text(out->serial, dir, "serial");
			(void)read_text(out->maker, dir, "manufacturer");
			(void)read_text(out->model, dir, "product");
			(void)close(dir);
			break;
		}
		(void)close(dir);
		memcpy(path + len, "/..", sizeof "/..");
		len += strlen("/..");
	}
	return found;
}

static bool
read_loop(struct block_device *out, int disk)
{
	char file[BLOCK_DEVICE_TEXT];

	if (!read_text(file, disk, "loop/backing_file"))
		return false;
	(void)snprintf(out->serial, sizeof out->serial, "loop:%.*s",
		(int)sizeof out->serial - 6, file);
	return true;
}

static const char *
read_rotation(int disk)
{
	char text[BLOCK_DEVICE_TEXT];

	if (!read_text(text, disk, "queue/rotational"))
		return "";
	return strcmp(text, "0") == 0 ? "solid state" : strcmp(text, "1") == 0 ? "rotating" : "";
}

static int
describe_disk(struct block_device *out, int disk)
{
	struct block_device usb = {.type = "usb"};

	(void)read_text(out->maker, disk, "device/vendor");
	(void)read_text(out->model, disk, "device/model");
	out->type = "disk";
	if (read_loop(out, disk))
		out->type = "loop";
	else if (read_text(out->serial, disk, "serial"))
		out->type = "virtio";
	else if (read_text(out->serial, disk, "device/serial"))
		out->type = exists(disk, "device/transport") ? "nvme" : "disk";
	else if (read_vpd(out->serial, disk, "device/vpd_pg80"))
		out->type = "scsi";
	else if (read_usb(&usb, disk))
		*out = usb;
	else if (!read_text(out->serial, disk, "device/wwid"))
		return KE_NOT_FOUND;
	out->rotation = read_rotation(disk);
	/* virtio's "vendor" is a number of the bus. */
	if (strcmp(out->type, "virtio") == 0)
		out->maker[0] = '\0';
	return 0;
}

/* The one device that a mapped device lies on; a negative number when there are more. */
static int
open_slave(int device)
{
	int fd = open_dir(device, "slaves"), slave = -1;
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	char name[NAME_MAX + 1] = "";
	struct dirent *entry;
	unsigned count = 0;

	if (!dir) {
		if (fd >= 0)
			(void)close(fd);
		return -1;
	}
	while ((entry = readdir(dir))) {
		if (entry->d_name[0] == '.')
			continue;
		(void)snprintf(name, sizeof name, "%s", entry->d_name);
		count++;
	}
	if (count == 1)
		slave = open_dir(dirfd(dir), name);
	(void)closedir(dir);
	return slave;
}

/* From a device to the one below it, or to the disk of a partition; -1 at the end. */
static int
step_down(int device, bool *is_mapped)
{
	if (exists(device, "partition"))
		return open_dir(device, "..");
	if (!exists(device, "dm"))
		return -1;
	*is_mapped = true;
	return open_slave(device);
}

int
block_device_describe(struct block_device *out, int sysfs, unsigned major, unsigned minor)
{
	char path[64];
	int device, below, error = KE_NOT_FOUND;

	memset(out, 0, sizeof *out);
	out->type = "disk";
	out->rotation = "";
	(void)snprintf(path, sizeof path, "dev/block/%u:%u", major, minor);
	device = open_dir(sysfs, path);
	for (int depth = 0; device >= 0 && depth < DEPTH_MAX; depth++) {
		bool is_mapped = out->is_mapped;

		below = step_down(device, &is_mapped);
		if (below < 0) {
			/* A mapped device that leads nowhere has no disk to tell of. */
			if (!exists(device, "dm"))
				error = describe_disk(out, device);
			out->is_mapped = is_mapped;
			break;
		}
		(void)close(device);
		out->is_mapped = is_mapped;
		device = below;
	}
	if (device >= 0)
		(void)close(device);
	return error;
}
