/* SPDX-License-Identifier: MIT */
/* On whatever file system the temporary directory is; tests/system/secure-disk looks
 * at the raw medium. */
#include "config.h"
#include "harness.h"
#include "daemon/erase.h"
#include "daemon/erase_medium.h"
#include "daemon/host.h"
#include "daemon/medium.h"
#include "daemon/store.h"
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static char top[] = "/tmp/keyline-erase-XXXXXX";
static int dir = -1;

static void
set_up(void)
{
	strcpy(top + sizeof top - 7, "XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(top));
	dir = open(top, O_RDONLY | O_DIRECTORY);
}

static void
tear_down(void)
{
	char command[64];

	close(dir);
	snprintf(command, sizeof command, "rm -rf %s", top);
	ck_assert_int_eq(system(command), 0);
}

/* Makes a file of len bytes 'S' and leaves it open. */
static int
make_file(const char *name, size_t len)
{
	int fd = openat(dir, name, O_RDWR | O_CREAT | O_TRUNC, 0600);
	char *bytes = malloc(len + 1);

	ck_assert_int_ge(fd, 0);
	memset(bytes, 'S', len);
	ck_assert_int_eq(write(fd, bytes, len), (ssize_t)len);
	ck_assert_int_eq(fsync(fd), 0);
	free(bytes);
	return fd;
}

static bool
exists(const char *name)
{
	return faccessat(dir, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

/* What the syncs of an erase saw, in their order: 'o' the file with what it is overwritten
 * with, 's' with something else, 'd' the folder with the file, 'g' without. */
static char syncs[8];
static size_t sync_count;
static bool is_watched;
/* The disk keeps another byte than it was given. */
static bool is_lying;

/* In place of the C library's: no overwrite counts that the disk was not asked to keep. */
int
fsync(int fd)
{
	static unsigned char bytes[5000];
	struct stat st;

	if (is_watched && sync_count < sizeof syncs - 1 && fstat(fd, &st) == 0) {
		ssize_t got = S_ISDIR(st.st_mode) ? 0 : pread(fd, bytes, sizeof bytes, 0);

		if (got > 0)
			syncs[sync_count++] =
				erase_is_done(bytes, (size_t)got) ? 'o' : 's';
		else
			syncs[sync_count++] = exists("f") ? 'd' : 'g';
	}
	if (is_lying && fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		ck_assert_int_eq(pwrite(fd, "S", 1, 4999), 1);
	return (int)syscall(SYS_fsync, fd);
}

START_TEST(the_overwrite_is_synced_before_the_name_goes)
{
	struct erase_result result;

	close(make_file("f", 5000));
	is_watched = true;
	ck_assert_int_eq(erase_file(&result, dir, "f"), 0);
	is_watched = false;
	ck_assert_str_eq(syncs, "og");
}
END_TEST

START_TEST(what_is_read_back_otherwise_stays)
{
	struct erase_result result;

	close(make_file("f", 5000));
	is_lying = true;
	ck_assert_int_eq(erase_file(&result, dir, "f"), KE_READBACK);
	is_lying = false;
	ck_assert(!result.verified);
	ck_assert(exists("f"));
}
END_TEST

/* What a destruction that was cut off before the unlink left is known again. */
START_TEST(what_was_overwritten_is_known_again)
{
	static unsigned char bytes[70000];
	struct erase_result result;
	int fd = make_file("f", sizeof bytes);

	ck_assert_int_eq(pread(fd, bytes, sizeof bytes, 0), sizeof bytes);
	ck_assert(!erase_is_done(bytes, sizeof bytes));
	ck_assert(!erase_is_begun(bytes, sizeof bytes));
	/* A file that was cut to nothing was not overwritten. */
	ck_assert(!erase_is_done(bytes, 0));
	ck_assert_int_eq(erase_file(&result, dir, "f"), 0);
	ck_assert_int_eq(pread(fd, bytes, sizeof bytes, 0), sizeof bytes);
	ck_assert(erase_is_done(bytes, sizeof bytes));
	ck_assert(erase_is_begun(bytes, sizeof bytes));
	bytes[65536] ^= 1;
	ck_assert(!erase_is_done(bytes, sizeof bytes));
	ck_assert(erase_is_begun(bytes, sizeof bytes));
	/* Of half of it one page is enough, wherever; the rest behind the last one, too. */
	for (size_t at = 0; at < sizeof bytes; at += 4096)
		bytes[at] ^= at != 12288 && at != 65536;
	ck_assert(erase_is_begun(bytes, sizeof bytes));
	bytes[12288] ^= 1;
	ck_assert(!erase_is_begun(bytes, sizeof bytes));
	bytes[69632] ^= 1;
	ck_assert(erase_is_begun(bytes, sizeof bytes));
	/* Some bytes that are alike say nothing. */
	ck_assert(!erase_is_begun(bytes + 1, 3));
	ck_assert(!erase_is_begun(bytes, 0));
	close(fd);
}
END_TEST

/* A pipe under the name of a file that was taken keeps nobody waiting: Check ends a test that
 * hangs. */
START_TEST(what_is_no_plain_file_is_an_error_at_once)
{
	static struct host host;
	static const char *const names[] = { "pipe", "folder", "link" };
	struct ledger_file file = { .path = "" };
	int fd;

	host.store_fd = dir;
	ck_assert_int_eq(mkfifoat(dir, "pipe", 0600), 0);
	ck_assert_int_eq(mkdirat(dir, "folder", 0700), 0);
	close(make_file("plain", 3));
	ck_assert_int_eq(symlinkat("plain", dir, "link"), 0);
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		snprintf(file.path, sizeof file.path, STORE_PREFIX "%s", names[i]);
		ck_assert_int_lt(store_open(&fd, &host, &file), 0);
	}
	snprintf(file.path, sizeof file.path, STORE_PREFIX "plain");
	ck_assert_int_eq(store_open(&fd, &host, &file), 0);
	close(fd);
	snprintf(file.path, sizeof file.path, STORE_PREFIX "none");
	ck_assert_int_eq(store_open(&fd, &host, &file), KE_NOT_FOUND);
}
END_TEST

/* What was open before sees that every byte is another, and the length the same. */
START_TEST(every_length_is_overwritten_in_place)
{
	static const size_t lengths[] = { 0, 1, 511, 4096, 4097, 65535, 65536, 65537,
		200001 };

	for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
		int fd = make_file("f", lengths[i]);
		unsigned char *left = malloc(lengths[i] + 1);
		struct erase_result result;
		size_t same = 0;

		ck_assert_int_eq(erase_file(&result, dir, "f"), 0);
		ck_assert_uint_eq(result.bytes, lengths[i]);
		ck_assert(result.verified);
		ck_assert(!exists("f"));
		ck_assert_int_eq(pread(fd, left, lengths[i] + 1, 0), (ssize_t)lengths[i]);
		for (size_t j = 0; j + 8 <= lengths[i]; j++)
			same += memcmp(left + j, "SSSSSSSS", 8) == 0;
		ck_assert_uint_eq(same, 0);
		/* Not zeros either: a hole would read so. */
		for (size_t j = 0; j + 8 <= lengths[i]; j++)
			same += memcmp(left + j, "\0\0\0\0\0\0\0\0", 8) == 0;
		ck_assert_uint_eq(same, 0);
		close(fd);
		free(left);
	}
}
END_TEST

START_TEST(the_medium_is_named)
{
	struct erase_result result;

	close(make_file("f", 5000));
	ck_assert_int_eq(erase_file(&result, dir, "f"), 0);
	ck_assert_ptr_nonnull(result.file_system);
	/* In place, or a reason why not. */
	ck_assert(result.in_place ==
		  !(result.findings & ~(unsigned)ERASE_READ_CACHED));
}
END_TEST

START_TEST(further_names_are_told)
{
	struct erase_result result;

	close(make_file("f", 100));
	ck_assert_int_eq(linkat(dir, "f", dir, "g", 0), 0);
	ck_assert_int_eq(erase_file(&result, dir, "f"), 0);
	ck_assert(result.findings & ERASE_LINKED);
	ck_assert(!result.in_place);
	ck_assert(exists("g"));
}
END_TEST

START_TEST(only_files_are_erased)
{
	struct erase_result result;
	int fd = make_file("target", 10);
	char left[10];

	ck_assert_int_eq(erase_file(&result, dir, "missing"), KE_NOT_FOUND);
	ck_assert_int_eq(symlinkat("target", dir, "link"), 0);
	ck_assert_int_ne(erase_file(&result, dir, "link"), 0);
	ck_assert_int_eq(pread(fd, left, 10, 0), 10);
	ck_assert_mem_eq(left, "SSSSSSSSSS", 10);
	ck_assert_int_eq(mkdirat(dir, "folder", 0700), 0);
	ck_assert_int_ne(erase_file(&result, dir, "folder"), 0);
	ck_assert(exists("folder"));
	/* Nobody reads it: an erase that waited would wait for ever. */
	ck_assert_int_eq(mkfifoat(dir, "pipe", 0600), 0);
	ck_assert_int_ne(erase_file(&result, dir, "pipe"), 0);
	ck_assert(exists("pipe"));
	close(fd);
}
END_TEST

START_TEST(journalled_options_are_seen)
{
	static const struct {
		const char *options;
		bool is_journalled;
	} cases[] = {
		{ "", false },
		{ "rw,relatime", false },
		{ "rw,data=ordered", false },
		{ "rw,data=journal", true },
		{ "data=journal,rw", true },
		{ "rw\nbsddf\ndata=journal\ncommit=5\n", true },
		{ "rw\ndata=ordered\n", false },
		{ "rw,xdata=journal", false },
		{ "rw,data=journalled", false },
		{ "rw,xdata=journal,data=journal", true },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		ck_assert_msg(erase_medium_is_journalled(cases[i].options) ==
				      cases[i].is_journalled,
			"%s", cases[i].options);
}
END_TEST

START_TEST(mount_options_are_read)
{
	static const char mountinfo[] =
		"22 27 0:21 / /proc rw,relatime - proc proc rw\n"
		"36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue\n"
		"361 35 98:0 / /a\\040-\\040b ro shared:2 master:3 - xfs /dev/sdb ro,inode64\n"
		"5 1 8:1 / / rw\n";
	static const struct {
		unsigned long id;
		const char *options;
	} cases[] = { { 36, "rw,noatime; rw,errors=continue" }, { 22, "rw,relatime; rw" },
		{ 361, "ro; ro,inode64" }, { 5, "rw" }, { 3, "" }, { 35, "" }, { 0, "" } };
	char options[MEDIUM_OPTIONS_SIZE];

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		ck_assert(medium_options(options, mountinfo, cases[i].id)
			  == (cases[i].options[0] != '\0'));
		ck_assert_str_eq(options, cases[i].options);
	}
	ck_assert(!medium_options(options, "", 36));
}
END_TEST

/* Of the folder that the test works in, whatever it is, at least that is known. */
START_TEST(a_folder_has_a_medium)
{
	struct medium one, same;

	ck_assert(medium_describe(&one, dir));
	ck_assert(medium_describe(&same, dir));
	ck_assert_uint_eq(one.device, same.device);
	ck_assert_ptr_nonnull(strstr(one.options, "rw"));
	ck_assert(!medium_describe(&one, -1));
}
END_TEST

START_TEST(each_finding_has_its_sentence)
{
	for (int i = 0; i < ERASE_FINDINGS; i++) {
		const char *text = erase_finding_text((enum erase_finding)(1 << i));

		ck_assert_uint_gt(strlen(text), 10);
		ck_assert_int_eq(text[strlen(text) - 1], '.');
	}
	ck_assert_str_eq(erase_finding_text((enum erase_finding)3), "");
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("erase");
	TCase *all = tcase_create("all");

	tcase_add_checked_fixture(all, set_up, tear_down);
	tcase_set_timeout(all, 60);
	tcase_add_test(all, every_length_is_overwritten_in_place);
	tcase_add_test(all, the_overwrite_is_synced_before_the_name_goes);
	tcase_add_test(all, what_is_read_back_otherwise_stays);
	tcase_add_test(all, the_medium_is_named);
	tcase_add_test(all, further_names_are_told);
	tcase_add_test(all, only_files_are_erased);
	tcase_add_test(all, journalled_options_are_seen);
	tcase_add_test(all, what_is_no_plain_file_is_an_error_at_once);
	tcase_add_test(all, what_was_overwritten_is_known_again);
	tcase_add_test(all, mount_options_are_read);
	tcase_add_test(all, a_folder_has_a_medium);
	tcase_add_test(all, each_finding_has_its_sentence);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}
