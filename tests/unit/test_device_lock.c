/* SPDX-License-Identifier: MIT */
/* The lock is the device's: the name of its station and the place of the state are
 * nothing to it. */
#include "config.h"
#include "daemon/device_lock.h"
#include "daemon/settings.h"
#include "harness.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/file.h>

static char folder[] = "/tmp/keyline-lock.XXXXXX";

static void
path_of(char out[DEVICE_LOCK_PATH_SIZE], const char *host, const char *kind,
	const char *identity)
{
	char state[80], socket[80];
	struct settings settings = {.state = state, .socket = socket};

	snprintf(state, sizeof state, "/var/lib/keyline/%s", host);
	snprintf(socket, sizeof socket, "%s/%s.sock", folder, host);
	ck_assert_int_eq(device_lock_path(out, &settings, kind, identity), 0);
}

static const struct {
	const char *host, *kind, *identity;
	bool same;
} rows[] = {
	{"us-1", "etch", "SIM-0001", true},
	{"us-2", "etch", "SIM-0001", true},
	{"us-1", "etch", "SIM-0002", false},
	{"us-1", "etch", "sim-0001", false},
	{"us-1", "scan", "SIM-0001", false},
	{"us-1", "print", "SIM-0001", false},
};

START_TEST(one_device_has_one_lock)
{
	char one[DEVICE_LOCK_PATH_SIZE], other[DEVICE_LOCK_PATH_SIZE];

	path_of(one, "us-1", "etch", "SIM-0001");
	path_of(other, rows[_i].host, rows[_i].kind, rows[_i].identity);
	ck_assert_int_eq(strcmp(one, other) == 0, rows[_i].same);
}
END_TEST

/* As keylined(8) has it, reckoned by `printf 'print\0ab12' | sha256sum`. */
START_TEST(a_pin_is_the_same_in_any_case)
{
	char one[DEVICE_LOCK_PATH_SIZE], other[DEVICE_LOCK_PATH_SIZE], wish[120];

	path_of(one, "cn-1", "print", "AB12");
	path_of(other, "cn-1", "print", "ab12");
	ck_assert_str_eq(one, other);
	snprintf(wish, sizeof wish, "%s/print-1ac8d31f5b5467b3b0aefe2a80b5154f.lock",
		folder);
	ck_assert_str_eq(one, wish);
}
END_TEST

START_TEST(what_is_held_shows)
{
	char path[DEVICE_LOCK_PATH_SIZE], socket[80];
	struct settings settings = {.mode = MODE_USA, .socket = socket};
	int fd;

	snprintf(socket, sizeof socket, "%s/s", folder);
	ck_assert(!device_lock_is_held(&settings, "SIM-0001"));
	ck_assert_int_eq(device_lock_path(path, &settings, "etch", "SIM-0001"), 0);
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	ck_assert_int_ge(fd, 0);
	ck_assert(!device_lock_is_held(&settings, "SIM-0001"));
	ck_assert_int_eq(flock(fd, LOCK_EX), 0);
	ck_assert(device_lock_is_held(&settings, "SIM-0001"));
	ck_assert(!device_lock_is_held(&settings, "SIM-0002"));
	close(fd);
	ck_assert(!device_lock_is_held(&settings, "SIM-0001"));
	/* What cannot be looked at is no proof that nobody is there. */
	ck_assert_int_eq(unlink(path), 0);
	ck_assert_int_eq(symlink("/nowhere", path), 0);
	ck_assert(device_lock_is_held(&settings, "SIM-0001"));
	ck_assert_int_eq(unlink(path), 0);
}
END_TEST

START_TEST(too_long_is_refused)
{
	char out[DEVICE_LOCK_PATH_SIZE], identity[600], socket[] = "/s";
	struct settings settings = {.socket = socket};

	memset(identity, 'x', sizeof identity - 1);
	identity[sizeof identity - 1] = '\0';
	ck_assert_int_eq(device_lock_path(out, &settings, "etch", identity), KE_TOO_LONG);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("device_lock");
	TCase *all = tcase_create("all");
	int failed;

	if (!mkdtemp(folder))
		return 99;
	tcase_add_loop_test(
		all, one_device_has_one_lock, 0, sizeof rows / sizeof rows[0]);
	tcase_add_test(all, a_pin_is_the_same_in_any_case);
	tcase_add_test(all, what_is_held_shows);
	tcase_add_test(all, too_long_is_refused);
	suite_add_tcase(suite, all);
	failed = harness_run(suite);
	rmdir(folder);
	return failed;
}
