/* SPDX-License-Identifier: MIT */
/* A file system where a sync failed is given up: nothing is tried there again. */
#include "config.h"
#include "harness.h"
#include "daemon/durable.h"
#include "daemon/erase.h"
#include "fault_points.h"

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

#define IS(call, want)                                                                   \
	do {                                                                             \
		int rc_ = (call);                                                        \
		ck_assert_msg(rc_ == (want), "%s gives %s, not %s", #call,               \
			error_name(rc_), error_name(want));                              \
	} while (0)

static char root[64];
static int dir;

static void
begin(void)
{
	memset(&faults, 0, sizeof faults);
	durable_begin();
	(void)snprintf(root, sizeof root, "/tmp/keyline-durable-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(root));
	dir = open(root, O_RDONLY | O_DIRECTORY);
	ck_assert_int_ge(dir, 0);
}

static void
end(void)
{
	char command[96];

	faults.on = false;
	(void)close(dir);
	(void)snprintf(command, sizeof command, "rm -r %s", root);
	ck_assert_int_eq(system(command), 0);
}

/* The n-th call that changes the disk, from now on, says error. */
static void
fail_next(unsigned n, int error)
{
	faults.on = true;
	faults.count = 0;
	faults.fail_at = n;
	faults.error = error;
}

static unsigned
calls(void)
{
	return faults.count;
}

START_TEST(after_a_failed_sync_nothing_is_touched)
{
	struct erase_result result;
	unsigned before;

	begin();
	IS(durable_write(dir, "old", "x", 1, 0600, 1), 0);
	fail_next(3, EIO); /* what was left goes, the write, the sync of the file */
	IS(durable_write(dir, "new", "x", 1, 0600, 1), KE_SYNC);
	before = calls();
	IS(durable_write(dir, "other", "x", 1, 0600, 1), KE_SYNC);
	IS(durable_move(dir, "old", dir, "moved"), KE_SYNC);
	IS(durable_unlink(dir, "old"), KE_SYNC);
	IS(durable_open_dir(dir, "folder", 0700), KE_SYNC);
	IS(durable_sync(dir), KE_SYNC);
	IS(erase_file(&result, dir, "old"), KE_SYNC);
	ck_assert_uint_eq(calls(), before);
	ck_assert_int_eq(faccessat(dir, "old", F_OK, 0), 0);
	ck_assert_int_ne(faccessat(dir, "folder", F_OK, 0), 0);
	end();
}
END_TEST

START_TEST(another_file_system_is_not_given_up)
{
	int other = open("/proc", O_RDONLY | O_DIRECTORY);

	begin();
	ck_assert_int_ge(other, 0);
	ck_assert_int_eq(durable_failed(-1), 0);
	fail_next(1, EIO);
	IS(durable_sync(dir), KE_SYNC);
	ck_assert_int_eq(durable_failed(dir), KE_SYNC);
	ck_assert_int_eq(durable_failed(other), 0);
	ck_assert_int_eq(durable_failed(-1), KE_SYNC);
	durable_begin();
	ck_assert_int_eq(durable_failed(dir), 0);
	(void)close(other);
	end();
}
END_TEST

/* What a disk did not do, with the place; the first failed sync is never forgotten. */
START_TEST(trouble_is_told_with_its_place)
{
	static const struct {
		int error, code;
	} rows[] = {{ENOSPC, KE_NO_SPACE}, {EDQUOT, KE_NO_SPACE}, {EROFS, KE_READ_ONLY},
		{EIO, KE_IO}};

	begin();
	ck_assert_int_eq(durable_trouble()->code, 0);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		fail_next(2, rows[i].error);
		IS(durable_write(dir, "new", "x", 1, 0600, 1), rows[i].code);
		ck_assert_int_eq(durable_trouble()->code, rows[i].code);
		ck_assert_ptr_nonnull(strstr(durable_trouble()->path, root));
		ck_assert_int_eq(durable_failed(dir), 0);
		ck_assert_int_ne(faccessat(dir, ".new.tmp", F_OK, 0), 0);
	}
	fail_next(1, EIO);
	IS(durable_sync(dir), KE_SYNC);
	ck_assert_str_eq(durable_trouble()->path, root);
	(void)durable_note(STDIN_FILENO, KE_NO_SPACE);
	ck_assert_int_eq(durable_trouble()->code, KE_SYNC);
	ck_assert_str_eq(durable_trouble()->path, root);
	end();
}
END_TEST

/* A refusal is no word of the disk. */
START_TEST(what_is_not_the_disk_is_no_trouble)
{
	begin();
	IS(durable_write(dir, "a/b", "x", 1, 0600, 1), KE_BAD_NAME);
	IS(durable_move(dir, "nothing", dir, "new"), KE_NOT_FOUND);
	IS(durable_write(dir, "new", "x", 1, 0600, 0), 0);
	IS(durable_write(dir, "new", "y", 1, 0600, 0), KE_DUPLICATE);
	ck_assert_int_eq(durable_trouble()->code, 0);
	end();
}
END_TEST

/* All that needs room comes first; only then has the file its name. */
START_TEST(a_file_gets_its_name_at_the_end)
{
	begin();
	IS(durable_prepare(dir, "new", "x", 1, 0600), 0);
	ck_assert_int_ne(faccessat(dir, "new", F_OK, 0), 0);
	ck_assert_int_eq(faccessat(dir, ".new.tmp", F_OK, 0), 0);
	IS(durable_put(dir, "new", 1), 0);
	ck_assert_int_eq(faccessat(dir, "new", F_OK, 0), 0);
	IS(durable_prepare(dir, "new", "y", 1, 0600), 0);
	durable_abandon(dir, "new");
	ck_assert_int_ne(faccessat(dir, ".new.tmp", F_OK, 0), 0);
	fail_next(2, ENOSPC); /* the write, of what is not there yet */
	IS(durable_prepare(dir, "other", "x", 1, 0600), KE_NO_SPACE);
	ck_assert_int_ne(faccessat(dir, ".other.tmp", F_OK, 0), 0);
	end();
}
END_TEST

START_TEST(a_made_folder_is_synced_where_it_stands)
{
	char path[96];

	begin();
	(void)snprintf(path, sizeof path, "%s/made", root);
	fail_next(1, EIO);
	IS(durable_make_dir(path, 0700), KE_SYNC);
	ck_assert_int_eq(faults.what, FAULT_SYNC);
	ck_assert(faults.directory);
	durable_begin();
	faults.on = false;
	IS(durable_make_dir(path, 0700), 0);
	end();
}
END_TEST

enum { IN_DIR, IN_OTHER, IN_FILE };

/* The points of each, and what is synced at the last ones. */
static const struct {
	enum { WRITES, MOVES, MOVES_WITHIN, UNLINKS } what;
	unsigned point;
	int synced;
} syncs[] = {{WRITES, 3, IN_FILE}, {WRITES, 5, IN_DIR}, {MOVES, 2, IN_OTHER},
	{MOVES, 3, IN_DIR}, {MOVES_WITHIN, 2, IN_DIR}, {UNLINKS, 2, IN_DIR}};

/* A file before its rename, both folders after it, and a folder after an unlink. */
START_TEST(each_is_synced)
{
	struct stat st;
	int other, rc = 0;

	begin();
	other = durable_open_dir(dir, "other", 0700);
	ck_assert_int_ge(other, 0);
	IS(durable_write(dir, "old", "x", 1, 0600, 1), 0);
	fail_next(syncs[_i].point, EIO);
	switch (syncs[_i].what) {
	case WRITES:
		rc = durable_write(dir, "new", "x", 1, 0600, 0);
		break;
	case MOVES:
		rc = durable_move(dir, "old", other, "new");
		break;
	case MOVES_WITHIN:
		rc = durable_move(dir, "old", dir, "new");
		break;
	case UNLINKS:
		rc = durable_unlink(dir, "old");
		break;
	}
	IS(rc, KE_SYNC);
	ck_assert_int_eq(faults.what, FAULT_SYNC);
	ck_assert_int_eq(faults.directory, syncs[_i].synced != IN_FILE);
	ck_assert_int_eq(fstat(syncs[_i].synced == IN_OTHER ? other : dir, &st), 0);
	ck_assert_int_eq(faults.file == st.st_ino, syncs[_i].synced != IN_FILE);
	(void)close(other);
	end();
}
END_TEST

/* Who made or unlinked it may have been killed before the sync: what is there, or gone,
 * already is synced all the same. */
START_TEST(what_another_run_did_is_synced_too)
{
	static const struct {
		unsigned sync;
		bool is_folder;
	} rows[] = {{1, true}, {2, false}}; /* the unlink is a point, the mkdir is none */
	int fd;

	for (size_t i = 0; i < 2; i++) {
		begin();
		ck_assert_int_eq(mkdirat(dir, "folder", 0700), 0);
		fail_next(rows[i].sync, EIO);
		IS(rows[i].is_folder ? durable_open_dir(dir, "folder", 0700)
				     : durable_unlink(dir, "gone"),
			KE_SYNC);
		ck_assert_int_eq(faults.what, FAULT_SYNC);
		ck_assert(faults.directory);
		durable_begin();
		faults.on = false;
		fd = durable_open_dir(dir, "folder", 0700);
		ck_assert_int_ge(fd, 0);
		(void)close(fd);
		IS(durable_unlink(dir, "gone"), 0);
		end();
	}
}
END_TEST

/* Opens the lock file anew, as another process does. */
static int
open_lock(void)
{
	int fd = openat(dir, "lock", O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	ck_assert_int_ge(fd, 0);
	return fd;
}

/* What a killed daemon was starting ends by itself; another daemon does not. */
START_TEST(a_lock_is_waited_for_a_little)
{
	const struct timespec dying = {.tv_nsec = 100 * 1000 * 1000};
	int held, fd, ready[2];
	pid_t pid;
	char byte;

	begin();
	fd = open_lock();
	ck_assert_int_eq(pipe2(ready, O_CLOEXEC), 0);
	pid = fork();
	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		held = open_lock();
		byte = durable_lock(held) == 0 ? '+' : '-';
		if (write(ready[1], &byte, 1) == 1)
			(void)nanosleep(&dying, NULL);
		_exit(0);
	}
	ck_assert_int_eq(read(ready[0], &byte, 1), 1);
	ck_assert_int_eq(byte, '+');
	IS(durable_lock(fd), 0);
	ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
	held = open_lock();
	IS(durable_lock(held), KE_LOCKED);
	(void)close(held);
	(void)close(fd);
	(void)close(ready[0]);
	(void)close(ready[1]);
	end();
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("durable");
	TCase *all = tcase_create("all");

	tcase_add_test(all, after_a_failed_sync_nothing_is_touched);
	tcase_add_test(all, another_file_system_is_not_given_up);
	tcase_add_test(all, trouble_is_told_with_its_place);
	tcase_add_test(all, what_is_not_the_disk_is_no_trouble);
	tcase_add_test(all, a_lock_is_waited_for_a_little);
	tcase_add_test(all, a_file_gets_its_name_at_the_end);
	tcase_add_test(all, a_made_folder_is_synced_where_it_stands);
	tcase_add_test(all, what_another_run_did_is_synced_too);
	tcase_add_loop_test(all, each_is_synced, 0, sizeof syncs / sizeof syncs[0]);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}
