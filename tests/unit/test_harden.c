/* SPDX-License-Identifier: MIT */
/* What the daemon does about itself first, seen from inside; tests/system/daemon_protect
 * has it from outside. */
#include "config.h"
#include "harness.h"
#include "daemon/harden.h"
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* Larger than what malloc keeps lists in, smaller than what it maps. */
enum { BLOCK = 4000 };

/* Sanitizers and valgrind have an allocator of their own. */
static bool
heap_is_filled(void)
{
#ifndef KEYLINE_SECRET_MALLOC
	unsigned char *block = malloc(BLOCK);
	const volatile unsigned char *bytes = block;
	bool is_filled = block != NULL;

	if (harness_valgrind()) {
		free(block);
		return true;
	}
	/* glibc fills what it hands out with the complement of what it fills freed memory
	 * with; the former can be looked at. */
	for (size_t i = 64; is_filled && i < BLOCK; i++)
		is_filled = bytes[i] == (0x5a ^ 0xff);
	free(block);
	return is_filled;
#else
	return true;
#endif
}

/* The number of the first thing that is not so; 0: none. */
static int
look(void)
{
	int leaked = open("/dev/null", O_RDONLY);
	struct sigaction pipe_action;
	struct rlimit core;

	if (leaked < 0 || signal(SIGPIPE, SIG_DFL) == SIG_ERR || harden_process() != 0)
		return 1;
	if (getrlimit(RLIMIT_CORE, &core) != 0 || core.rlim_cur != 0 ||
		core.rlim_max != 0)
		return 2;
	if (prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) != 0)
		return 3;
	if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1)
		return 4;
	if (sigaction(SIGPIPE, NULL, &pipe_action) != 0 ||
		pipe_action.sa_handler != SIG_IGN)
		return 5;
	if (umask(0) != 077)
		return 6;
	if (fcntl(leaked, F_GETFD) >= 0)
		return 7;
	return heap_is_filled() ? 0 : 8;
}

START_TEST(the_process_protects_itself)
{
	pid_t child = fork();
	int status;

	if (child == 0)
		_exit(look());
	ck_assert_int_gt(child, 0);
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert(WIFEXITED(status));
	ck_assert_int_eq(WEXITSTATUS(status), 0);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("harden");
	TCase *all = tcase_create("all");

	tcase_add_test(all, the_process_protects_itself);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}
