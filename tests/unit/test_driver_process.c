/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "harness.h"
#include "drivers/driver_process.h"
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>

struct options_row {
	const char *argv[8];
	int rc;
	const char *uri;
	const char *lock;
};

static const struct options_row options_rows[] = {
	{{"p", "--uri", "u", "--lock", "l"}, 0, "u", "l"},
	{{"p", "--uri=u=1", "--lock="}, 0, "u=1", ""},
	{{"p", "--uri", "u"}, 0, "u", "none"},
	{{"p", "--lock", "l"}, KE_BAD_ARGUMENT, NULL, NULL},
	{{"p", "--uri", "u", "--uri", "v"}, KE_BAD_ARGUMENT, NULL, NULL},
	{{"p", "--uri", "u", "--lock"}, KE_BAD_ARGUMENT, NULL, NULL},
	{{"p", "--uri", "u", "x"}, KE_BAD_ARGUMENT, NULL, NULL},
	{{"p", "--uri", "u", "--ur", "x"}, KE_BAD_ARGUMENT, NULL, NULL},
	{{"p", "--uri", "u", "-lock", "x"}, KE_BAD_ARGUMENT, NULL, NULL},
	{{"p"}, KE_BAD_ARGUMENT, NULL, NULL},
};

START_TEST(reads_options)
{
	const struct options_row *row = &options_rows[_i];
	const char *uri = NULL, *lock = "none";
	const struct driver_option table[] = {
		{"uri", &uri, true}, {"lock", &lock, false}, {NULL, NULL, false}};
	char *argv[8];
	int argc = 0, null = open("/dev/null", O_WRONLY), err = dup(2);

	for (; row->argv[argc]; argc++)
		argv[argc] = strdup(row->argv[argc]);
	dup2(null, 2);
	ck_assert_int_eq(driver_process_options(table, argc, argv), row->rc);
	dup2(err, 2);
	if (row->rc == 0) {
		ck_assert_str_eq(uri, row->uri);
		ck_assert_str_eq(lock, row->lock);
	}
	while (argc > 0)
		free(argv[--argc]);
	close(null);
	close(err);
}
END_TEST

START_TEST(reads_numbers)
{
	uint64_t n = 0;

	ck_assert_int_eq(driver_process_number(&n, "300", 100, 1200), 0);
	ck_assert_uint_eq(n, 300);
	ck_assert_int_eq(driver_process_number(&n, "0", 0, 1), 0);
	ck_assert_int_eq(driver_process_number(&n, "99", 100, 1200), KE_BAD_ARGUMENT);
	ck_assert_int_eq(driver_process_number(&n, "1201", 100, 1200), KE_BAD_ARGUMENT);
	ck_assert_int_eq(driver_process_number(&n, "0300", 100, 1200), KE_BAD_ARGUMENT);
	ck_assert_int_eq(driver_process_number(&n, "3x", 0, 1200), KE_BAD_ARGUMENT);
	ck_assert_int_eq(driver_process_number(&n, "", 0, 1200), KE_BAD_ARGUMENT);
	ck_assert_int_eq(driver_process_number(&n, "18446744073709551616", 0, UINT64_MAX),
		KE_BAD_ARGUMENT);
}
END_TEST

static int
in_child(int (*call)(const char *), const char *argument)
{
	pid_t pid = fork();
	int status = 0;

	if (pid == 0)
		_exit(call(argument));
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static int
try_lock(const char *path)
{
	int rc = driver_process_lock(path);

	return rc == 0 ? 0 : rc == KE_LOCKED ? 1 : 2;
}

START_TEST(locks_once)
{
	char dir[] = "/tmp/keyline-lock.XXXXXX";
	char path[64];

	ck_assert_ptr_nonnull(mkdtemp(dir));
	snprintf(path, sizeof path, "%s/lock", dir);
	/* A lock dies with its process. */
	ck_assert_int_eq(in_child(try_lock, path), 0);
	ck_assert_int_eq(driver_process_lock(path), 0);
	ck_assert_int_eq(in_child(try_lock, path), 1);
	ck_assert_int_eq(in_child(try_lock, "/nonexistent/lock"), 2);
	unlink(path);
	rmdir(dir);
}
END_TEST

static int
hardened(const char *unused)
{
	struct rlimit core;

	(void)unused;
	if (driver_process_harden() != 0)
		return 1;
	if (prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) != 0)
		return 2;
	if (getrlimit(RLIMIT_CORE, &core) != 0 || core.rlim_max != 0)
		return 3;
	return prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 ? 0 : 4;
}

START_TEST(hardens_the_process)
{
	ck_assert_int_eq(in_child(hardened, NULL), 0);
}
END_TEST

START_TEST(sleeps_and_reads_the_clock)
{
	int64_t before = driver_process_now_ms();

	driver_process_sleep_ms(2);
	ck_assert_int_ge(driver_process_now_ms(), before + 1);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("driver_process");
	TCase *all = tcase_create("all");

	tcase_add_loop_test(
		all, reads_options, 0, sizeof options_rows / sizeof options_rows[0]);
	tcase_add_test(all, reads_numbers);
	tcase_add_test(all, locks_once);
	tcase_add_test(all, hardens_the_process);
	tcase_add_test(all, sleeps_and_reads_the_clock);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}
