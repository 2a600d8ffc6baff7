/* SPDX-License-Identifier: MIT */
/* When a disk counts as full or read-only, and which folder a path belongs to. */
#include "config.h"
#include "harness.h"
#include "daemon/place.h"
#include "daemon/settings.h"
#include "proto/error.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define MIB (1ul << 20)

static const struct {
	const char *what;
	unsigned long blocks, free, inodes, free_inodes, flags;
	bool was_full;
	int want;
} rows[] = {
	{"a large disk with room", 1000000, 64, 1000, 900, 0, false, 0},
	{"a large disk, a block less", 1000000, 63, 1000, 900, 0, false, KE_NO_SPACE},
	{"once full, a little room is not enough", 1000000, 79, 1000, 900, 0, true,
		KE_NO_SPACE},
	{"once full, with room again", 1000000, 80, 1000, 900, 0, true, 0},
	{"a small disk needs a share only", 40, 2, 1000, 900, 0, false, 0},
	{"a small disk that is full", 40, 1, 1000, 900, 0, false, KE_NO_SPACE},
	{"no room at all", 40, 0, 1000, 900, 0, false, KE_NO_SPACE},
	{"no inodes", 40, 20, 1000, 63, 0, false, KE_NO_SPACE},
	{"inodes just enough", 40, 20, 1000, 64, 0, false, 0},
	{"once without inodes", 40, 20, 1000, 79, 0, true, KE_NO_SPACE},
	{"a file system that counts no inodes", 40, 20, 0, 0, 0, false, 0},
	{"one that counts nothing", 0, 0, 0, 0, 0, false, 0},
	{"read-only", 40, 20, 1000, 900, ST_RDONLY, false, KE_READ_ONLY},
	{"read-only and full", 40, 0, 1000, 0, ST_RDONLY, false, KE_READ_ONLY},
	{"read-only for programs", 40, 20, 1000, 900, ST_NOEXEC, false, 0},
};

START_TEST(a_disk_is_judged)
{
	const struct statvfs st = {.f_frsize = MIB,
		.f_blocks = rows[_i].blocks,
		.f_bavail = rows[_i].free,
		.f_files = rows[_i].inodes,
		.f_favail = rows[_i].free_inodes,
		.f_flag = rows[_i].flags};
	int got = place_judge(&st, rows[_i].was_full);

	ck_assert_msg(got == rows[_i].want, "%s: %s", rows[_i].what, error_name(got));
}
END_TEST

START_TEST(what_cannot_be_asked_is_not_judged)
{
	ck_assert_int_eq(place_look("/nowhere/at/all", false), 0);
}
END_TEST

/* The longest folder wins; a symbolic link in the configuration leads there as well. */
START_TEST(a_path_has_its_place)
{
	char root[] = "/tmp/keyline-place-XXXXXX", spool[64], link[64], path[128];
	char state[] = "/var/lib/k", mark[] = "/var/mark", keys[] = "/var/lib/k/keys";
	struct settings settings = {.state = state, .highwater = mark};

	ck_assert_ptr_nonnull(mkdtemp(root));
	(void)snprintf(spool, sizeof spool, "%s/spool", root);
	(void)snprintf(link, sizeof link, "%s/link", root);
	ck_assert_int_eq(mkdir(spool, 0700), 0);
	ck_assert_int_eq(symlink(spool, link), 0);
	settings.spool = link;
	settings.key_folder = keys;
	(void)snprintf(path, sizeof path, "%s/done/x", spool);
	ck_assert_int_eq(place_of(&settings, path), PLACE_SPOOL);
	ck_assert_int_eq(place_of(&settings, "/var/lib/k/staged/x"), PLACE_STATE);
	ck_assert_int_eq(place_of(&settings, "/var/lib/k/keys/own"), PLACE_KEYS);
	ck_assert_int_eq(place_of(&settings, "/var/lib/k/keys"), PLACE_KEYS);
	ck_assert_int_eq(place_of(&settings, "/var/lib/keys"), PLACE_STATE);
	ck_assert_int_eq(place_of(&settings, "/var/mark"), PLACE_HIGHWATER);
	ck_assert_int_eq(place_of(&settings, ""), PLACE_STATE);
	ck_assert_ptr_null(place_folder(&settings, PLACE_SECURE_DISK));
	ck_assert_int_eq(unlink(link), 0);
	ck_assert_int_eq(rmdir(spool), 0);
	ck_assert_int_eq(rmdir(root), 0);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("place");
	TCase *all = tcase_create("all");

	tcase_add_loop_test(all, a_disk_is_judged, 0, sizeof rows / sizeof rows[0]);
	tcase_add_test(all, what_cannot_be_asked_is_not_judged);
	tcase_add_test(all, a_path_has_its_place);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}
