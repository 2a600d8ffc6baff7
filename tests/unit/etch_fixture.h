/* SPDX-License-Identifier: MIT */
/* The shipped profile, for suites that need one. */
#ifndef KEYLINE_TESTS_ETCH_FIXTURE_H
#define KEYLINE_TESTS_ETCH_FIXTURE_H

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include "proto/etch_profile.h"

enum { FIXTURE_TEXT_MAX = 16384 };

/* The shipped profile's text, ended by a NUL; free() it. */
static inline char *
fixture_profile_text(void)
{
	const char *srcdir = getenv("srcdir");
	char *text = calloc(1, FIXTURE_TEXT_MAX);
	char path[4096];
	FILE *file;

	snprintf(path, sizeof path, "%s/conf/etch-profile.conf", srcdir ? srcdir : ".");
	file = fopen(path, "r");
	ck_assert_ptr_nonnull(file);
	ck_assert_ptr_nonnull(text);
	ck_assert_uint_lt(
		fread(text, 1, FIXTURE_TEXT_MAX - 1, file), FIXTURE_TEXT_MAX - 1);
	fclose(file);
	return text;
}

#endif
