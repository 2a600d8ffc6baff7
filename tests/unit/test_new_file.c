/* SPDX-License-Identifier: MIT */
/* A person's file: whole, and it and its folder synced; or none. */
#include "config.h"
#include "harness.h"
#include "ctl/new_file.h"
#include "fault_points.h"

#include <stdlib.h>
#include <string.h>

static char root[64], path[96];

static void
begin(void)
{
	memset(&faults, 0, sizeof faults);
	(void)snprintf(root, sizeof root, "/tmp/keyline-new-file-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(root));
	(void)snprintf(path, sizeof path, "%s/file", root);
}

static void
end(void)
{
	faults.on = false;
	if (unlink(path) != 0)
		ck_assert_int_eq(errno, ENOENT);
	ck_assert_int_eq(rmdir(root), 0);
}

static void
fail_next(unsigned n)
{
	faults.on = true;
	faults.count = 0;
	faults.fail_at = n;
	faults.error = ENOSPC;
}

enum { WRITE = 1, SYNC_OF_FILE, SYNC_OF_FOLDER, NOTHING };

START_TEST(a_file_is_whole_or_none)
{
	bool fails = _i < NOTHING;

	begin();
	fail_next((unsigned)_i);
	ck_assert_int_eq(new_file_write(path, "text", 4, 0600), !fails);
	ck_assert_int_eq(access(path, F_OK) != 0, fails);
	ck_assert_int_eq(faults.failed, fails);
	if (fails)
		ck_assert_int_eq(faults.what, _i == WRITE ? FAULT_WRITE : FAULT_SYNC);
	ck_assert_int_eq(faults.directory, _i == SYNC_OF_FOLDER);
	ck_assert_uint_eq(faults.syncs_after, 0);
	end();
}
END_TEST

START_TEST(one_that_is_there_stays)
{
	char text[8] = "";
	int fd;

	begin();
	ck_assert(new_file_write(path, "old", 3, 0600));
	ck_assert(!new_file_write(path, "new", 3, 0600));
	fd = open(path, O_RDONLY);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(read(fd, text, sizeof text), 3);
	ck_assert_str_eq(text, "old");
	(void)close(fd);
	end();
}
END_TEST

START_TEST(the_folder_of_a_path)
{
	static const struct {
		const char *path;
		int rc;
	} rows[] = {{"name", 0}, {"/name", 0}, {"/tmp/name", 0}, {"/tmp/", 0},
		{"/nonexistent/name", -1}};

	ck_assert_int_eq(new_file_sync_folder(rows[_i].path), rows[_i].rc);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("new_file");
	TCase *all = tcase_create("all");

	tcase_add_loop_test(all, a_file_is_whole_or_none, WRITE, NOTHING + 1);
	tcase_add_test(all, one_that_is_there_stays);
	tcase_add_loop_test(all, the_folder_of_a_path, 0, 5);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}
