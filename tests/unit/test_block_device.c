/* SPDX-License-Identifier: MIT */
/* Made-up trees of sysfs, each as a kernel shows that kind of disk. */
#include "config.h"
#include "harness.h"
#include "daemon/block_device.h"
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char top[] = "/tmp/keyline-sysfs-XXXXXX";
static int sysfs = -1;

/* Makes all folders of a path that ends in '/', or a file with a content. */
static void
make_folders(const char *path)
{
	char part[256];

	for (const char *slash = path; (slash = strchr(slash, '/')); slash++) {
		snprintf(part, sizeof part, "%.*s", (int)(slash - path), path);
		(void)mkdirat(sysfs, part, 0755);
	}
}

static void
put(const char *path, const void *bytes, size_t len)
{
	int fd;

	make_folders(path);
	fd = openat(sysfs, path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, bytes, len), (ssize_t)len);
	close(fd);
}

static void
text(const char *path, const char *content)
{
	put(path, content, strlen(content));
}

/* dev/block/NUMBER leads to a device, as a relative link. */
static void
device(const char *number, const char *path)
{
	char link[64], target[256];

	make_folders("dev/block/");
	snprintf(link, sizeof link, "dev/block/%s", number);
	snprintf(target, sizeof target, "../../%s", path);
	make_folders(path);
	(void)mkdirat(sysfs, path, 0755);
	(void)unlinkat(sysfs, link, 0);
	ck_assert_int_eq(symlinkat(target, sysfs, link), 0);
}

static void
set_up(void)
{
	strcpy(top + sizeof top - 7, "XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(top));
	sysfs = open(top, O_RDONLY | O_DIRECTORY);
}

static void
tear_down(void)
{
	char command[64];

	close(sysfs);
	snprintf(command, sizeof command, "rm -rf %s", top);
	ck_assert_int_eq(system(command), 0);
}

static void
is(unsigned major, unsigned minor, const char *type, const char *serial,
	const char *maker, const char *model)
{
	struct block_device d;

	ck_assert_int_eq(block_device_describe(&d, sysfs, major, minor), 0);
	ck_assert_str_eq(d.type, type);
	ck_assert_str_eq(d.serial, serial);
	ck_assert_str_eq(d.maker, maker);
	ck_assert_str_eq(d.model, model);
}

static void
is_not_found(unsigned major, unsigned minor)
{
	struct block_device d;

	ck_assert_int_eq(block_device_describe(&d, sysfs, major, minor), KE_NOT_FOUND);
}

START_TEST(nvme_and_its_partition)
{
	device("259:0", "devices/pci/nvme0/nvme0n1");
	device("259:1", "devices/pci/nvme0/nvme0n1/nvme0n1p1");
	text("devices/pci/nvme0/nvme0n1/device/serial", "S4EWNX0R    \n");
	text("devices/pci/nvme0/nvme0n1/device/model", "Samsung SSD 970   \n");
	text("devices/pci/nvme0/nvme0n1/device/transport", "pcie\n");
	text("devices/pci/nvme0/nvme0n1/nvme0n1p1/partition", "1\n");
	is(259, 0, "nvme", "S4EWNX0R", "", "Samsung SSD 970");
	is(259, 1, "nvme", "S4EWNX0R", "", "Samsung SSD 970");
}
END_TEST

/* By its own word, which is no proof: virtual disks say what they like. */
START_TEST(rotation)
{
	static const struct {
		const char *says;
		const char *rotation;
	} cases[] = { { NULL, "" }, { "0\n", "solid state" }, { "1\n", "rotating" }, { "2\n", "" } };
	struct block_device d;

	device("259:0", "devices/pci/nvme0/nvme0n1");
	text("devices/pci/nvme0/nvme0n1/device/serial", "S4EWNX0R\n");
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		if (cases[i].says)
			text("devices/pci/nvme0/nvme0n1/queue/rotational", cases[i].says);
		ck_assert_int_eq(block_device_describe(&d, sysfs, 259, 0), 0);
		ck_assert_str_eq(d.rotation, cases[i].rotation);
	}
}
END_TEST

START_TEST(virtio)
{
	device("254:0", "devices/virtio1/block/vda");
	text("devices/virtio1/block/vda/serial", "overlayblk");
	text("devices/virtio1/block/vda/device/vendor", "0x1af4\n");
	is(254, 0, "virtio", "overlayblk", "", "");
}
END_TEST

START_TEST(scsi_page_80)
{
	static const char page[] = "\0\x80\0\x0c  WD-WX11A987";
	static const char other[] = "\0\x83\0\x0c  WD-WX11A987";
	static const char long_one[] = "\0\x80\x40\0WD-1";

	device("8:0", "devices/ata1/sda");
	put("devices/ata1/sda/device/vpd_pg80", page, 4 + 12);
	text("devices/ata1/sda/device/vendor", "ATA     \n");
	text("devices/ata1/sda/device/model", "WDC WD40EFRX-68W\n");
	is(8, 0, "scsi", "WD-WX11A98", "ATA", "WDC WD40EFRX-68W");
	put("devices/ata1/sda/device/vpd_pg80", long_one, sizeof long_one - 1);
	is(8, 0, "scsi", "WD-1", "ATA", "WDC WD40EFRX-68W");
	put("devices/ata1/sda/device/vpd_pg80", other, 4 + 12);
	is_not_found(8, 0);
	put("devices/ata1/sda/device/vpd_pg80", "\0", 1);
	is_not_found(8, 0);
	/* The last resort names the disk, too. */
	text("devices/ata1/sda/device/wwid", "t10.ATA     WDC\n");
	is(8, 0, "disk", "t10.ATA     WDC", "ATA", "WDC WD40EFRX-68W");
}
END_TEST

START_TEST(usb_far_below)
{
	const char *usb = "devices/usb1/1-2";
	char path[200];

	snprintf(path, sizeof path, "%s/1-2:1.0/host6/target6/6:0:0:0/block/sdb", usb);
	device("8:16", path);
	snprintf(path, sizeof path, "%s/idVendor", usb);
	text(path, "0781\n");
	snprintf(path, sizeof path, "%s/serial", usb);
	text(path, "4C530001\n");
	snprintf(path, sizeof path, "%s/manufacturer", usb);
	text(path, "SanDisk\n");
	snprintf(path, sizeof path, "%s/product", usb);
	text(path, "Ultra Fit\n");
	/* "device" is a link to the SCSI device above the block device. */
	snprintf(path, sizeof path, "%s/1-2:1.0/host6/target6/6:0:0:0/block/sdb/device", usb);
	ck_assert_int_eq(symlinkat("../../../6:0:0:0", sysfs, path), 0);
	is(8, 16, "usb", "4C530001", "SanDisk", "Ultra Fit");
}
END_TEST

START_TEST(loop_tells_its_file)
{
	device("7:0", "devices/virtual/block/loop0");
	is_not_found(7, 0);
	text("devices/virtual/block/loop0/loop/backing_file", "/srv/secure.img\n");
	is(7, 0, "loop", "loop:/srv/secure.img", "", "");
}
END_TEST

START_TEST(mapped_devices_lead_down)
{
	struct block_device d;

	device("254:9", "devices/virtio1/block/vdb");
	text("devices/virtio1/block/vdb/serial", "KEY-1");
	text("devices/virtio1/block/vdb/vdb1/partition", "1\n");
	device("253:0", "devices/virtual/block/dm-0");
	text("devices/virtual/block/dm-0/dm/name", "secure\n");
	is_not_found(253, 0);
	make_folders("devices/virtual/block/dm-0/slaves/");
	ck_assert_int_eq(symlinkat("../../../../virtio1/block/vdb/vdb1", sysfs,
				 "devices/virtual/block/dm-0/slaves/vdb1"),
		0);
	ck_assert_int_eq(block_device_describe(&d, sysfs, 253, 0), 0);
	ck_assert_str_eq(d.serial, "KEY-1");
	ck_assert(d.is_mapped);
	/* One mapped device on another: LUKS on LVM. */
	device("253:1", "devices/virtual/block/dm-1");
	text("devices/virtual/block/dm-1/dm/name", "luks\n");
	make_folders("devices/virtual/block/dm-1/slaves/");
	ck_assert_int_eq(
		symlinkat("../../dm-0", sysfs, "devices/virtual/block/dm-1/slaves/dm-0"),
		0);
	ck_assert_int_eq(block_device_describe(&d, sysfs, 253, 1), 0);
	ck_assert_str_eq(d.serial, "KEY-1");
	/* Two disks below are not one disk. */
	ck_assert_int_eq(symlinkat("../../../../virtio1/block/vdb", sysfs,
				 "devices/virtual/block/dm-0/slaves/vdb"),
		0);
	is_not_found(253, 0);
	is_not_found(253, 1);
}
END_TEST

START_TEST(no_device_and_no_end)
{
	is_not_found(1, 1);
	/* A mapped device that lies on itself ends, too. */
	device("253:5", "devices/virtual/block/dm-5");
	text("devices/virtual/block/dm-5/dm/name", "ring\n");
	make_folders("devices/virtual/block/dm-5/slaves/");
	ck_assert_int_eq(
		symlinkat("../../dm-5", sysfs, "devices/virtual/block/dm-5/slaves/dm-5"),
		0);
	is_not_found(253, 5);
}
END_TEST

START_TEST(odd_bytes_do_no_harm)
{
	device("254:3", "devices/virtio3/block/vdd");
	put("devices/virtio3/block/vdd/serial", "A\x1b[1m\xff" "B", 7);
	is(254, 3, "virtio", "A?[1m?B", "", "");
	put("devices/virtio3/block/vdd/serial", "  \n", 3);
	is_not_found(254, 3);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("block_device");
	TCase *all = tcase_create("all");

	tcase_add_checked_fixture(all, set_up, tear_down);
	tcase_add_test(all, nvme_and_its_partition);
	tcase_add_test(all, virtio);
	tcase_add_test(all, rotation);
	tcase_add_test(all, scsi_page_80);
	tcase_add_test(all, usb_far_below);
	tcase_add_test(all, loop_tells_its_file);
	tcase_add_test(all, mapped_devices_lead_down);
	tcase_add_test(all, no_device_and_no_end);
	tcase_add_test(all, odd_bytes_do_no_harm);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}
