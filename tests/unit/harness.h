/* SPDX-License-Identifier: MIT */
/* What every suite shares: its main. */
#ifndef KEYLINE_TESTS_HARNESS_H
#define KEYLINE_TESTS_HARNESS_H

#include <check.h>
#include <stdlib.h>
#include "proto/secret.h"

enum { HARNESS_HEAP = 1 << 16 };

/* Runs the suite; the exit status says whether all of it passed. */
static inline int
harness_run(Suite *suite)
{
	SRunner *runner = srunner_create(suite);
	int failed;

	if (secret_heap_init(HARNESS_HEAP) != 0)
		abort();
	/* In-process: sanitizers and valgrind then see one whole run. */
	srunner_set_fork_status(runner, CK_NOFORK);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

#endif
