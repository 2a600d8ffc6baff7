/* SPDX-License-Identifier: MIT */
/* What every suite shares: its main. */
#ifndef KEYLINE_TESTS_HARNESS_H
#define KEYLINE_TESTS_HARNESS_H

#include <check.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include "proto/secret.h"

enum { HARNESS_HEAP = 1 << 16 };

/*
 * Whether KEYLINE_LIGHT=1 asks for less work: no heavy scrypt, and of a long row of
 * points only each so-manieth.  ./test sets it where each step costs thirtyfold.
 */
static inline bool
harness_light(void)
{
	const char *light = getenv("KEYLINE_LIGHT");

	return light && strcmp(light, "1") == 0;
}

/* Whether valgrind runs the program (tests/under-valgrind). */
static inline bool
harness_valgrind(void)
{
	return getenv("KEYLINE_VALGRIND") != NULL;
}

/* The step through a long row of points: 1, or when light is asked for, LIGHT. */
static inline unsigned
harness_stride(unsigned light)
{
	return harness_light() ? light : 1;
}

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
