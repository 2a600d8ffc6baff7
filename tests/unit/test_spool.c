/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "harness.h"
#include "daemon/spool.h"
#include "daemon/spool_watch.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define OK(call) IS(call, 0)
#define IS(call, want)                                                     \
	do {                                                               \
		int rc_ = (call);                                          \
		ck_assert_msg(rc_ == (want), "%s gives %s, not %s", #call, \
			error_name(rc_), error_name(want));                \
	} while (0)

static char root[64];
static struct spool *spool;
static int64_t now;

static const struct spool_result result = {"text\n", 5, "{}\n", 3};

static void
open_spool(void)
{
	const struct spool_place place = {root, root, 1000, 1000};

	OK(spool_open(&spool, &place));
}

static void
begin(void)
{
	(void)strcpy(root, "/tmp/keyline-spool-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(root));
	now = 1000000;
	open_spool();
}

static void
end(void)
{
	char command[128];

	spool_close(spool);
	spool = NULL;
	(void)snprintf(command, sizeof command, "rm -rf %s", root);
	ck_assert_int_eq(system(command), 0);
}

static const char *
in(const char *folder, const char *name)
{
	static char path[512];

	(void)snprintf(path, sizeof path, "%s/%s/%s", root, folder, name);
	return path;
}

static void
drop(const char *folder, const char *name, const char *text)
{
	FILE *f = fopen(in(folder, name), "a");

	ck_assert_ptr_nonnull(f);
	ck_assert_int_ge(fputs(text, f), 0);
	ck_assert_int_eq(fclose(f), 0);
}

static bool
exists(const char *folder, const char *name)
{
	struct stat st;

	return lstat(in(folder, name), &st) == 0;
}

static const char *
content(const char *folder, const char *name)
{
	static char text[256];
	FILE *f = fopen(in(folder, name), "r");
	size_t n;

	ck_assert_msg(f != NULL, "%s/%s is not there", folder, name);
	n = fread(text, 1, sizeof text - 1, f);
	text[n] = '\0';
	(void)fclose(f);
	return text;
}

/* Two scans with the settling time between them. */
static void
settle(void)
{
	OK(spool_scan(spool, now));
	now += 1000;
	OK(spool_scan(spool, now));
}

START_TEST(a_file_goes_through)
{
	struct spool_file file;
	unsigned char *bytes;
	char name[SPOOL_NAME_SIZE];
	size_t len;

	begin();
	drop("incoming", "US-1.order.csv", "batch\n");
	OK(spool_scan(spool, now));
	IS(spool_take(&file, spool), KE_NOT_FOUND);
	OK(spool_scan(spool, now + 999));
	IS(spool_take(&file, spool), KE_NOT_FOUND);
	OK(spool_scan(spool, now + 1000));
	OK(spool_take(&file, spool));
	ck_assert_str_eq(file.name, "US-1.order.csv");
	ck_assert_str_eq(file.dropped, "US-1.order.csv");
	ck_assert_int_eq(file.code, 0);
	ck_assert(!file.recovered);
	ck_assert(!exists("incoming", "US-1.order.csv"));
	ck_assert(exists("working", "US-1.order.csv"));
	OK(spool_read(&bytes, &len, spool, &file));
	ck_assert_uint_eq(len, 6);
	ck_assert_mem_eq(bytes, "batch\n", 6);
	free(bytes);
	IS(spool_take(&(struct spool_file){.fd = -1}, spool), KE_NOT_FOUND);
	IS(spool_finish(NULL, spool, &file, SPOOL_OUTGOING, &result), KE_BAD_ARGUMENT);
	OK(spool_finish(name, spool, &file, SPOOL_DONE, &result));
	ck_assert_str_eq(name, "US-1.order.csv");
	ck_assert(!exists("working", "US-1.order.csv"));
	ck_assert_str_eq(content("done", "US-1.order.csv"), "batch\n");
	ck_assert_str_eq(content("done", "US-1.order.csv.result.txt"), "text\n");
	ck_assert_str_eq(content("done", "US-1.order.csv.result.json"), "{}\n");
	end();
}
END_TEST

START_TEST(a_half_copied_file_is_not_taken)
{
	struct spool_file file;
	char from[512];
	struct stat st;
	struct timespec times[2];

	begin();
	drop("incoming", "a.csv", "one");
	for (int i = 0; i < 5; i++) {
		OK(spool_scan(spool, now));
		now += 1000;
		IS(spool_take(&file, spool), KE_NOT_FOUND);
		drop("incoming", "a.csv", "more");
	}
	/* Another file in its place, of the same size and time, is another file. */
	OK(spool_scan(spool, now));
	drop("incoming", "b.tmp", "onemoremoremoremoremore");
	ck_assert_int_eq(stat(in("incoming", "a.csv"), &st), 0);
	times[0] = st.st_atim;
	times[1] = st.st_mtim;
	(void)strcpy(from, in("incoming", "b.tmp"));
	ck_assert_int_eq(utimensat(AT_FDCWD, from, times, 0), 0);
	ck_assert_int_eq(rename(from, in("incoming", "a.csv")), 0);
	now += 1000;
	OK(spool_scan(spool, now));
	IS(spool_take(&file, spool), KE_NOT_FOUND);
	now += 1000;
	OK(spool_scan(spool, now));
	OK(spool_take(&file, spool));
	OK(spool_finish(NULL, spool, &file, SPOOL_DONE, &result));
	end();
}
END_TEST

START_TEST(what_is_not_meant_for_us_stays)
{
	static const char *const names[] = {
		".hidden", "copy.tmp", "copy.part", "~$order.csv", ".order.csv.tmp"};
	struct spool_file file;

	begin();
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		drop("incoming", names[i], "x");
	ck_assert_int_eq(mkdir(in("incoming", "folder"), 0700), 0);
	settle();
	IS(spool_take(&file, spool), KE_NOT_FOUND);
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		ck_assert(exists("incoming", names[i]));
	end();
}
END_TEST

START_TEST(names_of_people_are_taken)
{
	static const char *const names[] = {
		"$HOME.csv", "-rf.csv", "a b.csv", "gr\xc3\xb6\xc3\x9f.csv", "x;rm.csv"};
	struct spool_file file;

	begin();
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		drop("incoming", names[i], "x");
	settle();
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		OK(spool_take(&file, spool));
		ck_assert_int_eq(file.code, 0);
		OK(spool_finish(NULL, spool, &file, SPOOL_DONE, &result));
	}
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		ck_assert(exists("done", names[i]));
	end();
}
END_TEST

static void
count_strange(void *context, const struct spool_waiting *waiting)
{
	int *count = context;

	*count += !waiting->is_file;
}

START_TEST(odd_names_and_links_are_refused)
{
	char longest[SPOOL_NAME_MAX + 2];
	struct spool_file file;
	int refused = 0, strange = 0;

	begin();
	memset(longest, 'a', sizeof longest - 1);
	longest[sizeof longest - 1] = '\0';
	drop("incoming", longest, "x");
	drop("incoming", "new\nline", "x");
	drop("incoming", "bad\xff.csv", "x");
	drop("incoming", "a.csv.result.txt", "x");
	drop("incoming", "a.csv.result.json", "x");
	drop("incoming", "refused-1", "x");
	drop("working/..", "secret", "not for the spool");
	ck_assert_int_eq(symlink("../secret", in("incoming", "link.csv")), 0);
	ck_assert_int_eq(mkfifo(in("incoming", "pipe.csv"), 0600), 0);
	ck_assert_int_eq(mkdir(in("incoming", "folder.csv"), 0700), 0);
	settle();
	while (spool_take(&file, spool) == 0) {
		refused++;
		ck_assert_msg(file.code == KE_BAD_NAME, "%s: %s", file.dropped,
			error_name(file.code));
		ck_assert_int_eq(file.fd, -1);
		ck_assert_ptr_null(strchr(file.dropped, '\n'));
		OK(spool_finish(NULL, spool, &file, SPOOL_FAILED, &result));
	}
	ck_assert_int_eq(refused, 6);
	for (int i = 1; i <= 6; i++) {
		char name[64];

		(void)snprintf(name, sizeof name, "refused-%d", i);
		ck_assert(exists("failed", name));
		(void)strcat(name, ".result.txt");
		ck_assert(exists("failed", name));
	}
	/* What is no plain file is named, and stays where it lies. */
	OK(spool_scan(spool, now));
	spool_list(spool, count_strange, &strange);
	ck_assert_int_eq(strange, 3);
	ck_assert(exists("incoming", "link.csv"));
	ck_assert(exists("incoming", "pipe.csv"));
	ck_assert(exists("incoming", "folder.csv"));
	ck_assert_str_eq(content(".", "secret"), "not for the spool");
	end();
}
END_TEST

START_TEST(over_the_cap_is_refused_unread)
{
	char big[1002];
	struct spool_file file;

	begin();
	memset(big, 'x', sizeof big - 1);
	big[sizeof big - 1] = '\0';
	drop("incoming", "big.csv", big);
	big[1000] = '\0';
	drop("incoming", "fits.csv", big);
	settle();
	OK(spool_take(&file, spool));
	ck_assert_str_eq(file.name, "big.csv");
	ck_assert_int_eq(file.code, KE_TOO_LONG);
	ck_assert_int_eq(file.fd, -1);
	OK(spool_finish(NULL, spool, &file, SPOOL_FAILED, &result));
	OK(spool_take(&file, spool));
	ck_assert_int_eq(file.code, 0);
	OK(spool_finish(NULL, spool, &file, SPOOL_DONE, &result));
	end();
}
END_TEST

START_TEST(a_file_that_grows_after_the_claim_is_seen)
{
	struct spool_file file;
	unsigned char *bytes;
	size_t len;

	begin();
	drop("incoming", "a.csv", "one");
	settle();
	OK(spool_take(&file, spool));
	drop("working", "a.csv", "two");
	IS(spool_read(&bytes, &len, spool, &file), KE_TOO_LONG);
	ck_assert_ptr_null(bytes);
	OK(spool_finish(NULL, spool, &file, SPOOL_FAILED, &result));
	end();
}
END_TEST

START_TEST(nothing_is_overwritten)
{
	static const char *const want[] = {"a.csv", "a.csv.2", "a.csv.3"};
	struct spool_file file;
	char name[SPOOL_NAME_SIZE];

	begin();
	for (int i = 0; i < 3; i++) {
		char text[8];

		(void)snprintf(text, sizeof text, "%d", i);
		drop("incoming", "a.csv", text);
		settle();
		OK(spool_take(&file, spool));
		OK(spool_finish(name, spool, &file, SPOOL_DUPLICATE, &result));
		ck_assert_str_eq(name, want[i]);
	}
	ck_assert_str_eq(content("duplicate", "a.csv"), "0");
	ck_assert_str_eq(content("duplicate", "a.csv.3"), "2");
	ck_assert(exists("duplicate", "a.csv.2.result.json"));
	end();
}
END_TEST

START_TEST(a_name_at_work_is_not_claimed_twice)
{
	struct spool_file first, second;

	begin();
	drop("incoming", "a.csv", "1");
	settle();
	OK(spool_take(&first, spool));
	drop("incoming", "a.csv", "2");
	settle();
	IS(spool_take(&second, spool), KE_NOT_FOUND);
	ck_assert_str_eq(content("working", "a.csv"), "1");
	OK(spool_finish(NULL, spool, &first, SPOOL_DONE, &result));
	OK(spool_take(&second, spool));
	OK(spool_finish(NULL, spool, &second, SPOOL_DONE, &result));
	ck_assert_str_eq(content("done", "a.csv.2"), "2");
	end();
}
END_TEST

START_TEST(a_full_working_folder_is_taken_up_again)
{
	struct spool_file file;
	int taken = 0;

	begin();
	for (int i = 0; i < 30; i++) {
		char name[32];

		(void)snprintf(name, sizeof name, "f%d.csv", i);
		drop("incoming", name, "x");
	}
	settle();
	for (int i = 0; i < 20; i++) {
		OK(spool_take(&file, spool));
		(void)close(file.fd);
	}
	ck_assert_int_eq(symlink("../f1.csv", in("working", "l.csv")), 0);
	/* The results of one were written before the crash. */
	drop("done", "f0.csv.result.txt", "old");
	spool_close(spool);
	open_spool();
	for (; spool_take(&file, spool) == 0; taken++) {
		ck_assert(file.recovered);
		ck_assert_int_eq(
			file.code, strcmp(file.name, "l.csv") == 0 ? KE_BAD_NAME : 0);
		OK(spool_finish(NULL, spool, &file, file.code ? SPOOL_FAILED : SPOOL_DONE,
			&result));
	}
	ck_assert_int_eq(taken, 21);
	ck_assert_str_eq(content("done", "f0.csv.result.txt"), "text\n");
	settle();
	for (taken = 0; spool_take(&file, spool) == 0; taken++) {
		ck_assert(!file.recovered);
		OK(spool_finish(NULL, spool, &file, SPOOL_DONE, &result));
	}
	ck_assert_int_eq(taken, 10);
	end();
}
END_TEST

static void
count_deferred(void *context, const struct spool_waiting *w)
{
	if (w->code == KE_OUT_OF_SEQUENCE)
		++*(int *)context;
}

START_TEST(what_is_deferred_waits_for_another)
{
	struct spool_file file;
	int deferred = 0;

	begin();
	drop("incoming", "B.2.codes.cms", "2");
	drop("incoming", "B.10.codes.cms", "10");
	settle();
	OK(spool_take(&file, spool));
	ck_assert_str_eq(file.name, "B.2.codes.cms");
	OK(spool_defer(spool, &file, KE_OUT_OF_SEQUENCE));
	ck_assert(exists("incoming", "B.2.codes.cms"));
	OK(spool_take(&file, spool));
	ck_assert_str_eq(file.name, "B.10.codes.cms");
	OK(spool_defer(spool, &file, KE_OUT_OF_SEQUENCE));
	IS(spool_take(&file, spool), KE_NOT_FOUND);
	settle();
	IS(spool_take(&file, spool), KE_NOT_FOUND);
	spool_list(spool, count_deferred, &deferred);
	ck_assert_int_eq(deferred, 2);
	drop("incoming", "B.1.codes.cms", "1");
	settle();
	OK(spool_take(&file, spool));
	ck_assert_str_eq(file.name, "B.1.codes.cms");
	OK(spool_finish(NULL, spool, &file, SPOOL_DONE, &result));
	OK(spool_take(&file, spool));
	ck_assert_str_eq(file.name, "B.2.codes.cms");
	OK(spool_finish(NULL, spool, &file, SPOOL_DONE, &result));
	end();
}
END_TEST

START_TEST(what_was_found_at_the_start_can_be_deferred)
{
	struct spool_file file;

	begin();
	drop("working", "B.2.codes.cms", "2");
	spool_close(spool);
	open_spool();
	OK(spool_take(&file, spool));
	ck_assert(file.recovered);
	OK(spool_defer(spool, &file, KE_OUT_OF_SEQUENCE));
	settle();
	IS(spool_take(&file, spool), KE_NOT_FOUND);
	drop("incoming", "B.1.codes.cms", "1");
	settle();
	OK(spool_take(&file, spool));
	OK(spool_finish(NULL, spool, &file, SPOOL_DONE, &result));
	OK(spool_take(&file, spool));
	ck_assert_str_eq(file.name, "B.2.codes.cms");
	OK(spool_finish(NULL, spool, &file, SPOOL_DONE, &result));
	end();
}
END_TEST

/* A program puts back whatever vanishes from incoming/. */
START_TEST(what_is_deferred_and_dropped_again_waits_once)
{
	struct spool_file file;
	int deferred = 0;

	begin();
	drop("incoming", "B.2.codes.cms", "2");
	settle();
	OK(spool_take(&file, spool));
	drop("incoming", "B.2.codes.cms", "2");
	settle();
	OK(spool_defer(spool, &file, KE_OUT_OF_SEQUENCE));
	ck_assert_str_eq(file.name, "B.2.codes.cms");
	ck_assert(!exists("working", "B.2.codes.cms"));
	settle();
	IS(spool_take(&file, spool), KE_NOT_FOUND);
	spool_list(spool, count_deferred, &deferred);
	ck_assert_int_eq(deferred, 1);
	spool_retry_deferred(spool);
	OK(spool_take(&file, spool));
	ck_assert_str_eq(file.name, "B.2.codes.cms");
	OK(spool_finish(NULL, spool, &file, SPOOL_DONE, &result));
	IS(spool_take(&file, spool), KE_NOT_FOUND);
	end();
}
END_TEST

/* A corrected file may come under the name of one that is judged. */
START_TEST(what_is_deferred_makes_room_for_another_of_its_name)
{
	struct spool_file file;

	begin();
	drop("incoming", "B.2.codes.cms", "2");
	settle();
	OK(spool_take(&file, spool));
	drop("incoming", "B.2.codes.cms", "another");
	drop("incoming", "B.2.codes.2.cms", "in the way");
	OK(spool_defer(spool, &file, KE_OUT_OF_SEQUENCE));
	ck_assert_str_eq(file.name, "B.2.codes.3.cms");
	ck_assert(!exists("working", "B.2.codes.cms"));
	ck_assert_str_eq(content("incoming", "B.2.codes.3.cms"), "2");
	ck_assert_str_eq(content("incoming", "B.2.codes.cms"), "another");
	settle();
	for (int i = 0; i < 2; i++) {
		OK(spool_take(&file, spool));
		ck_assert_str_ne(file.name, "B.2.codes.3.cms");
		OK(spool_finish(NULL, spool, &file, SPOOL_FAILED, &result));
	}
	IS(spool_take(&file, spool), KE_NOT_FOUND);
	spool_retry_deferred(spool);
	OK(spool_take(&file, spool));
	ck_assert_str_eq(file.name, "B.2.codes.3.cms");
	OK(spool_finish(NULL, spool, &file, SPOOL_DONE, &result));
	end();
}
END_TEST

/* Names are as long as they may be. */
START_TEST(a_long_name_is_numbered_and_stays_what_it_is)
{
	char name[SPOOL_NAME_MAX + 1];
	struct spool_file file;

	begin();
	memset(name, 'n', sizeof name);
	(void)strcpy(name + sizeof name - 5, ".cms");
	drop("incoming", name, "2");
	settle();
	OK(spool_take(&file, spool));
	drop("incoming", name, "another");
	OK(spool_defer(spool, &file, KE_OUT_OF_SEQUENCE));
	ck_assert_uint_eq(strlen(file.name), SPOOL_NAME_MAX);
	ck_assert_str_eq(file.name + SPOOL_NAME_MAX - 6, ".2.cms");
	end();
}
END_TEST

/* Copies that were left behind, and folders. */
START_TEST(what_is_not_taken_hides_no_file)
{
	enum { IGNORED = 20000, STRANGE = 1200 };
	struct spool_file file;
	char name[32];

	begin();
	for (int i = 0; i < IGNORED; i++) {
		(void)snprintf(name, sizeof name, "left%d.part", i);
		ck_assert_int_eq(symlink("x", in("incoming", name)), 0);
	}
	settle();
	ck_assert(!spool_is_crowded(spool));
	for (int i = 0; i < STRANGE; i++) {
		(void)snprintf(name, sizeof name, "d%d", i);
		ck_assert_int_eq(symlink("x", in("incoming", name)), 0);
	}
	for (int i = 0; i < 20; i++) {
		(void)snprintf(name, sizeof name, "f%d.csv", i);
		drop("incoming", name, "x");
	}
	settle();
	ck_assert(spool_is_crowded(spool));
	for (int i = 0; i < 20; i++) {
		(void)snprintf(name, sizeof name, "f%d.csv", i);
		OK(spool_take(&file, spool));
		ck_assert_str_eq(file.name, name);
		OK(spool_finish(NULL, spool, &file, SPOOL_DONE, &result));
	}
	IS(spool_take(&file, spool), KE_NOT_FOUND);
	for (int i = 0; i < IGNORED; i++) {
		(void)snprintf(name, sizeof name, "left%d.part", i);
		ck_assert_int_eq(unlink(in("incoming", name)), 0);
	}
	settle();
	ck_assert(spool_is_crowded(spool));
	for (int i = 0; i < STRANGE; i++) {
		(void)snprintf(name, sizeof name, "d%d", i);
		ck_assert_int_eq(unlink(in("incoming", name)), 0);
	}
	settle();
	ck_assert(!spool_is_crowded(spool));
	end();
}
END_TEST

START_TEST(a_thousand_files)
{
	struct spool_file file;
	int taken = 0;

	begin();
	for (int i = 0; i < 1000; i++) {
		char name[32];

		(void)snprintf(name, sizeof name, "f%d.csv", i);
		drop("incoming", name, "x");
	}
	settle();
	while (spool_take(&file, spool) == 0) {
		char name[32];

		(void)snprintf(name, sizeof name, "f%d.csv", taken++);
		ck_assert_str_eq(file.name, name);
		(void)close(file.fd);
	}
	ck_assert_int_eq(taken, 1000);
	end();
}
END_TEST

START_TEST(publishes_at_one_instant_and_once)
{
	struct stat st;

	begin();
	OK(spool_publish(spool, "B.1.codes.cms", "abc", 3));
	ck_assert_str_eq(content("outgoing", "B.1.codes.cms"), "abc");
	ck_assert_int_eq(stat(in("outgoing", "B.1.codes.cms"), &st), 0);
	ck_assert_int_eq(st.st_mode & 0777, 0640);
	OK(spool_publish(spool, "B.1.codes.cms", "abc", 3));
	IS(spool_publish(spool, "B.1.codes.cms", "abd", 3), KE_DUPLICATE);
	IS(spool_publish(spool, "B.1.codes.cms", "abcd", 4), KE_DUPLICATE);
	ck_assert_str_eq(content("outgoing", "B.1.codes.cms"), "abc");
	IS(spool_publish(spool, "../x", "abc", 3), KE_BAD_NAME);
	IS(spool_publish(spool, ".x", "abc", 3), KE_BAD_NAME);
	IS(spool_publish(spool, "", "abc", 3), KE_BAD_NAME);
	ck_assert(!exists("outgoing", ".B.1.codes.cms.tmp"));
	end();
}
END_TEST

START_TEST(a_folder_that_is_replaced_is_noticed)
{
	struct spool_place place = {root, NULL, 0, 0};
	char incoming[128];
	struct spool *other;

	begin();
	OK(spool_scan(spool, now));
	(void)snprintf(incoming, sizeof incoming, "%s/incoming", root);
	ck_assert_int_eq(rename(incoming, in(".", "away")), 0);
	IS(spool_scan(spool, now), KE_NOT_FOUND);
	ck_assert_int_eq(mkdir(incoming, 0700), 0);
	IS(spool_scan(spool, now), KE_OTHER_FILE_SYSTEM);
	ck_assert_int_eq(rmdir(incoming), 0);
	ck_assert_int_eq(symlink("away", incoming), 0);
	IS(spool_open(&other, &place), KE_BAD_NAME);
	ck_assert_ptr_null(other);
	place.path = "/nonexistent";
	IS(spool_open(&other, &place), KE_NOT_FOUND);
	place.path = root;
	place.state_path = "/proc";
	IS(spool_open(&other, &place), KE_OTHER_FILE_SYSTEM);
	end();
}
END_TEST

START_TEST(modes_are_right_under_any_umask)
{
	static const struct {
		const char *name;
		mode_t mode;
	} rows[] = {{"incoming", 0770}, {"working", 0700}, {"outgoing", 0750},
		{"done", 0750}, {"failed", 0750}, {"duplicate", 0750}};
	mode_t mask = umask(077);
	struct stat st;

	begin();
	(void)umask(mask);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		ck_assert_int_eq(stat(in(rows[i].name, ""), &st), 0);
		ck_assert_int_eq(st.st_mode & 07777, rows[i].mode);
	}
	end();
}
END_TEST

struct seen {
	struct spool_watch *watch;
	int calls;
};

static void
on_scan(void *context, int64_t now_ms)
{
	struct seen *seen = context;

	ck_assert_int_gt(now_ms, 0);
	/* The first comes from the timer; a file dropped then brings the second. */
	if (++seen->calls == 1)
		drop("incoming", "a.csv", "x");
	else
		spool_watch_stop(&seen->watch);
}

/* The rescan is an hour away: only the kernel's hint can end this loop. */
START_TEST(a_change_is_noticed_before_the_timer)
{
	struct seen seen = {NULL, 0};
	uv_loop_t loop;

	begin();
	ck_assert_int_eq(uv_loop_init(&loop), 0);
	OK(spool_watch_start(&seen.watch, &loop, spool_folder_path(spool, SPOOL_INCOMING),
		3600000, on_scan, &seen));
	ck_assert_int_eq(uv_run(&loop, UV_RUN_DEFAULT), 0);
	ck_assert_int_eq(seen.calls, 2);
	ck_assert_int_eq(uv_loop_close(&loop), 0);
	end();
}
END_TEST

/* A folder that cannot be watched: the timer alone. */
START_TEST(the_timer_comes_anyway)
{
	struct seen seen = {NULL, 0};
	uv_loop_t loop;

	begin();
	ck_assert_int_eq(uv_loop_init(&loop), 0);
	OK(spool_watch_start(&seen.watch, &loop, "/nonexistent", 1, on_scan, &seen));
	ck_assert_int_eq(uv_run(&loop, UV_RUN_DEFAULT), 0);
	ck_assert_int_eq(seen.calls, 2);
	ck_assert_int_eq(uv_loop_close(&loop), 0);
	spool_watch_stop(&seen.watch);
	end();
}
END_TEST

struct turns {
	struct spool_watch *watch;
	uv_timer_t other;
	int calls;
	int others;
};

static void
on_other(uv_timer_t *timer)
{
	struct turns *turns = timer->data;

	if (++turns->others == 3)
		uv_close((uv_handle_t *)timer, NULL);
}

static void
on_turn(void *context, int64_t now_ms)
{
	struct turns *turns = context;

	(void)now_ms;
	turns->calls++;
	/* Work is always left; it ends when the other one was served three times. */
	if (turns->others < 3)
		spool_watch_again(turns->watch);
	else
		spool_watch_stop(&turns->watch);
}

START_TEST(work_that_is_left_lets_others_come)
{
	struct turns turns = {.calls = 0};
	uv_loop_t loop;

	begin();
	ck_assert_int_eq(uv_loop_init(&loop), 0);
	ck_assert_int_eq(uv_timer_init(&loop, &turns.other), 0);
	turns.other.data = &turns;
	ck_assert_int_eq(uv_timer_start(&turns.other, on_other, 5, 5), 0);
	OK(spool_watch_start(
		&turns.watch, &loop, "/nonexistent", 3600000, on_turn, &turns));
	ck_assert_int_eq(uv_run(&loop, UV_RUN_DEFAULT), 0);
	ck_assert_int_ge(turns.calls, 2);
	ck_assert_int_eq(uv_loop_close(&loop), 0);
	end();
}
END_TEST

/* A file server that is at work on a file, with a lease for writing, till it is told. */
static pid_t
hold_lease(const char *path, int *tell)
{
	int to[2], from[2];
	pid_t pid;
	char byte;

	ck_assert_int_eq(pipe2(to, O_CLOEXEC), 0);
	ck_assert_int_eq(pipe2(from, O_CLOEXEC), 0);
	pid = fork();
	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		int fd = open(path, O_RDWR | O_CLOEXEC);

		(void)close(to[1]);
		(void)signal(SIGIO, SIG_IGN);
		byte = fd >= 0 && fcntl(fd, F_SETLEASE, F_WRLCK) == 0 ? '+' : '-';
		_exit(write(from[1], &byte, 1) != 1 || read(to[0], &byte, 1) != 0);
	}
	(void)close(to[0]);
	(void)close(from[1]);
	ck_assert_int_eq(read(from[0], &byte, 1), 1);
	(void)close(from[0]);
	ck_assert_int_eq(byte, '+');
	*tell = to[1];
	return pid;
}

START_TEST(waits_for_a_writer_with_a_lease)
{
	struct spool_file file;
	int tell;
	pid_t pid;

	begin();
	drop("incoming", "A.csv", "a\n");
	settle();
	pid = hold_lease(in("incoming", "A.csv"), &tell);
	IS(spool_take(&file, spool), KE_NOT_FOUND);
	ck_assert(exists("incoming", "A.csv"));
	(void)close(tell);
	ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
	settle();
	OK(spool_take(&file, spool));
	ck_assert_int_eq(file.code, 0);
	OK(spool_finish(NULL, spool, &file, SPOOL_DONE, &result));
	end();
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("spool");
	TCase *all = tcase_create("all");

	tcase_add_test(all, a_file_goes_through);
	tcase_add_test(all, a_half_copied_file_is_not_taken);
	tcase_add_test(all, what_is_not_meant_for_us_stays);
	tcase_add_test(all, names_of_people_are_taken);
	tcase_add_test(all, odd_names_and_links_are_refused);
	tcase_add_test(all, over_the_cap_is_refused_unread);
	tcase_add_test(all, a_file_that_grows_after_the_claim_is_seen);
	tcase_add_test(all, nothing_is_overwritten);
	tcase_add_test(all, a_name_at_work_is_not_claimed_twice);
	tcase_add_test(all, a_full_working_folder_is_taken_up_again);
	tcase_add_test(all, what_is_deferred_waits_for_another);
	tcase_add_test(all, what_was_found_at_the_start_can_be_deferred);
	tcase_add_test(all, what_is_deferred_and_dropped_again_waits_once);
	tcase_add_test(all, what_is_deferred_makes_room_for_another_of_its_name);
	tcase_add_test(all, a_long_name_is_numbered_and_stays_what_it_is);
	tcase_add_test(all, what_is_not_taken_hides_no_file);
	tcase_add_test(all, a_thousand_files);
	tcase_add_test(all, publishes_at_one_instant_and_once);
	tcase_add_test(all, a_folder_that_is_replaced_is_noticed);
	tcase_add_test(all, waits_for_a_writer_with_a_lease);
	tcase_add_test(all, modes_are_right_under_any_umask);
	tcase_add_test(all, a_change_is_noticed_before_the_timer);
	tcase_add_test(all, the_timer_comes_anyway);
	tcase_add_test(all, work_that_is_left_lets_others_come);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}
