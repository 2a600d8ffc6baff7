/* SPDX-License-Identifier: MIT */
/* Whether a path still leads to the device that was pinned. */
#include "config.h"
#include "harness.h"
#include "drivers/device_pin.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[32];
static char path[64];

static void
make_folder(void)
{
	(void)snprintf(folder, sizeof folder, "/tmp/keyline-pin-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	(void)snprintf(path, sizeof path, "%s/line", folder);
}

static void
remove_folder(void)
{
	ck_assert_int_eq(rmdir(folder), 0);
}

/* A terminal under the path, as a link to it. */
static int
plug_in(void)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);

	ck_assert_int_ge(master, 0);
	ck_assert_int_eq(grantpt(master), 0);
	ck_assert_int_eq(unlockpt(master), 0);
	ck_assert_int_eq(symlink(ptsname(master), path), 0);
	return master;
}

static void
pull_out(int master)
{
	ck_assert_int_eq(unlink(path), 0);
	close(master);
}

START_TEST(a_device_that_stays)
{
	struct device_pin pin;
	int master = plug_in();
	char again[80];

	device_pin_take(&pin, path);
	ck_assert_int_ge(pin.fd, 0);
	ck_assert(!device_pin_is_outlived(&pin));
	/* udev writes its links anew now and then */
	ck_assert_int_eq(unlink(path), 0);
	ck_assert(!device_pin_is_outlived(&pin));
	(void)snprintf(again, sizeof again, "%s", ptsname(master));
	ck_assert_int_eq(symlink(again, path), 0);
	ck_assert(!device_pin_is_outlived(&pin));
	device_pin_drop(&pin);
	pull_out(master);
}
END_TEST

/* The next terminal has the number, and so the inode's number, of the one before. */
START_TEST(a_device_that_comes_again)
{
	struct device_pin pin;
	int master = plug_in();

	device_pin_take(&pin, path);
	pull_out(master);
	ck_assert(!device_pin_is_outlived(&pin));
	master = plug_in();
	ck_assert(device_pin_is_outlived(&pin));
	device_pin_drop(&pin);
	device_pin_take(&pin, path);
	ck_assert(!device_pin_is_outlived(&pin));
	device_pin_drop(&pin);
	pull_out(master);
}
END_TEST

START_TEST(another_device_under_the_name)
{
	struct device_pin pin;
	int first = plug_in(), second;

	device_pin_take(&pin, path);
	ck_assert_int_eq(unlink(path), 0);
	second = plug_in();
	ck_assert(device_pin_is_outlived(&pin));
	device_pin_drop(&pin);
	close(first);
	pull_out(second);
}
END_TEST

START_TEST(a_device_that_comes_late)
{
	struct device_pin pin;
	int master;

	device_pin_take(&pin, path);
	ck_assert_int_lt(pin.fd, 0);
	ck_assert(!device_pin_is_outlived(&pin));
	master = plug_in();
	ck_assert(device_pin_is_outlived(&pin));
	pull_out(master);
}
END_TEST

/* All that lies in a folder would be let through with it. */
START_TEST(what_is_no_device)
{
	struct device_pin pin;
	int fd;

	device_pin_take(&pin, folder);
	ck_assert_int_lt(pin.fd, 0);
	ck_assert(!device_pin_is_outlived(&pin));
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	ck_assert_int_ge(fd, 0);
	close(fd);
	device_pin_take(&pin, path);
	ck_assert_int_lt(pin.fd, 0);
	ck_assert(!device_pin_is_outlived(&pin));
	ck_assert_int_eq(unlink(path), 0);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("device_pin");
	TCase *all = tcase_create("all");

	tcase_add_checked_fixture(all, make_folder, remove_folder);
	tcase_add_test(all, a_device_that_stays);
	tcase_add_test(all, a_device_that_comes_again);
	tcase_add_test(all, another_device_under_the_name);
	tcase_add_test(all, a_device_that_comes_late);
	tcase_add_test(all, what_is_no_device);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}
