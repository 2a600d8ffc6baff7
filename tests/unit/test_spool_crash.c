/* SPDX-License-Identifier: MIT */
/*
 * A file's way through the spool, killed and failed at each call that changes the
 * disk: it is in one folder at each instant, and the next start brings it to its end.
 */
#include "config.h"
#include "harness.h"
#include "daemon/durable.h"
#include "daemon/spool.h"
#include "fault_points.h"

#include <ftw.h>
#include <string.h>
#include <sys/wait.h>

#define OK(call) IS(call, 0)
#define IS(call, want)                                                     \
	do {                                                               \
		int rc_ = (call);                                          \
		ck_assert_msg(rc_ == (want), "%s gives %s, not %s", #call, \
			error_name(rc_), error_name(want));                \
	} while (0)

static const struct spool_result result = {"text\n", 5, "{}\n", 3};
static const char name[] = "B.1.codes.cms";

static char root[64];
static struct spool *spool;

static void
open_spool(void)
{
	const struct spool_place place = {root, root, 0, 1000};

	durable_begin();
	OK(spool_open(&spool, &place));
}

static const char *
in(const char *folder, const char *file)
{
	static char path[512];

	(void)snprintf(path, sizeof path, "%s/%s/%s", root, folder, file);
	return path;
}

static bool
holds(const char *folder, const char *file, const char *text)
{
	char have[64] = "";
	FILE *f = fopen(in(folder, file), "r");
	size_t n;

	if (!f)
		return false;
	n = fread(have, 1, sizeof have - 1, f);
	(void)fclose(f);
	return n == strlen(text) && strcmp(have, text) == 0;
}

static bool
exists(const char *folder, const char *file)
{
	return access(in(folder, file), F_OK) == 0;
}

/* What the daemon does with one file. */
static int
run(void)
{
	struct spool_file file;
	unsigned char *bytes;
	size_t len;
	int rc = spool_scan(spool, 0);

	if (rc == 0)
		rc = spool_scan(spool, 1000);
	if (rc == 0)
		rc = spool_take(&file, spool);
	if (rc != 0)
		return rc;
	rc = file.code;
	if (rc == 0)
		rc = spool_read(&bytes, &len, spool, &file);
	if (rc == 0) {
		rc = spool_publish(spool, "out.cms", bytes, len);
		free(bytes);
	}
	if (rc == 0)
		rc = spool_finish(NULL, spool, &file, SPOOL_DONE, &result);
	if (file.fd >= 0)
		(void)close(file.fd);
	return rc;
}

static void
begin(void)
{
	FILE *f;

	(void)snprintf(root, sizeof root, "%s/keyline-spool-XXXXXX",
		access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	ck_assert_ptr_nonnull(mkdtemp(root));
	open_spool();
	f = fopen(in("incoming", name), "w");
	ck_assert_ptr_nonnull(f);
	ck_assert_int_ge(fputs("content", f), 0);
	ck_assert_int_eq(fclose(f), 0);
}

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static void
end(void)
{
	spool_close(spool);
	ck_assert_int_eq(nftw(root, remove_one, 16, FTW_DEPTH | FTW_PHYS), 0);
}

/* How many points a run without faults has. */
static unsigned
count_points(void)
{
	begin();
	memset(&faults, 0, sizeof faults);
	faults.on = true;
	OK(run());
	faults.on = false;
	end();
	ck_assert_uint_ge(faults.count, 14);
	return faults.count;
}

/* Before the next start: nothing lost, nothing twice, nothing half. */
static void
check_left(unsigned point)
{
	int places = holds("incoming", name, "content") +
		     holds("working", name, "content") + holds("done", name, "content");

	ck_assert_msg(places == 1, "point %u: in %d places", point, places);
	ck_assert_msg(
		!exists("outgoing", "out.cms") || holds("outgoing", "out.cms", "content"),
		"point %u: half a file was published", point);
}

/* The next start goes on; then all is as if nothing had happened. */
static void
check_ended(unsigned point)
{
	int rc = 0;

	if (!exists("done", name)) {
		spool_close(spool);
		open_spool();
		rc = run();
	}
	ck_assert_msg(rc == 0, "point %u: %s", point, error_name(rc));
	ck_assert_msg(holds("done", name, "content"), "point %u: not done", point);
	ck_assert(holds("done", "B.1.codes.cms.result.txt", "text\n"));
	ck_assert(holds("outgoing", "out.cms", "content"));
	ck_assert(!exists("done", "B.1.codes.cms.2"));
}

START_TEST(killed_at_each_point)
{
	unsigned points = count_points();

	for (unsigned n = 1; n <= points; n++) {
		int status;
		pid_t child;

		begin();
		child = fork();
		ck_assert_int_ge(child, 0);
		if (child == 0) {
			memset(&faults, 0, sizeof faults);
			faults.on = true;
			faults.kill_at = n;
			_exit(run() == 0 ? 0 : 1);
		}
		ck_assert_int_eq(waitpid(child, &status, 0), child);
		ck_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
		check_left(n);
		check_ended(n);
		end();
	}
}
END_TEST

START_TEST(failed_at_each_point)
{
	unsigned points = count_points();

	for (unsigned n = 1; n <= points; n++) {
		int rc;

		begin();
		memset(&faults, 0, sizeof faults);
		faults.on = true;
		faults.fail_at = n;
		faults.error = n % 2 ? ENOSPC : EIO;
		rc = run();
		ck_assert(faults.failed);
		if (faults.what == FAULT_SYNC) {
			ck_assert_msg(rc == KE_SYNC, "point %u: %s", n, error_name(rc));
			ck_assert_int_eq(spool_failed(spool), KE_SYNC);
			IS(spool_publish(spool, "x", "", 0), KE_SYNC);
			IS(spool_take(&(struct spool_file){.fd = -1}, spool), KE_SYNC);
			ck_assert_uint_eq(faults.syncs_after, 0);
		} else if (rc != 0) {
			ck_assert_int_eq(rc, n % 2 ? KE_NO_SPACE : KE_IO);
			ck_assert_int_eq(spool_failed(spool), 0);
		}
		faults.on = false;
		check_left(n);
		check_ended(n);
		end();
	}
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("spool_crash");
	TCase *all = tcase_create("all");

	tcase_set_timeout(all, 60);
	tcase_add_test(all, killed_at_each_point);
	tcase_add_test(all, failed_at_each_point);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}
