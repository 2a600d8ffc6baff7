/* SPDX-License-Identifier: MIT */
/* What is freed is overwritten, small blocks, which malloc keeps lists of, too. */
#include "config.h"
#include "harness.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { MARK = 0xb7, LINKS = 16 };

static const size_t sizes[] = {24, 64, 120, 500, 1032, 1033, 4000, 100000};

/* Fills a block; where it lies, as a number: it is looked at when it is freed. */
static uintptr_t
filled(unsigned char **out, size_t size)
{
	*out = malloc(size);
	ck_assert_ptr_nonnull(*out);
	memset(*out, MARK, size);
	return (uintptr_t)*out;
}

/* How many bytes of the mark are there; malloc's own links are in the first ones. */
static size_t
left(uintptr_t at, size_t size)
{
	const volatile unsigned char *bytes = (const volatile unsigned char *)at;
	size_t count = 0;

	for (size_t i = LINKS; i < size; i++)
		count += bytes[i] == MARK;
	return count;
}

static bool
is_ours(void)
{
#ifdef KEYLINE_SECRET_MALLOC
	return false;
#else
	return !harness_valgrind();
#endif
}

START_TEST(freed)
{
	size_t size = sizes[_i];
	unsigned char *block, *fence;
	uintptr_t at;

	if (!is_ours())
		return;
	at = filled(&block, size);
	/* So that it does not go back to the system. */
	fence = malloc(size);
	ck_assert_uint_eq(left(at, size), size - LINKS);
	free(block);
	ck_assert_uint_eq(left(at, size), 0);
	free(fence);
}
END_TEST

START_TEST(grown)
{
	size_t size = sizes[_i];
	unsigned char *block, *fence, *longer;
	uintptr_t at;

	if (!is_ours())
		return;
	at = filled(&block, size);
	fence = malloc(size);
	longer = realloc(block, 3 * size);
	ck_assert_ptr_nonnull(longer);
	ck_assert_uint_eq(left((uintptr_t)longer, size), size - LINKS);
	ck_assert((uintptr_t)longer != at);
	ck_assert_uint_eq(left(at, size), 0);
	free(longer);
	free(fence);
}
END_TEST

START_TEST(shrunk)
{
	size_t size = sizes[_i];
	unsigned char *block, *shorter;
	uintptr_t at;

	if (!is_ours())
		return;
	at = filled(&block, size);
	shorter = realloc(block, LINKS);
	ck_assert((uintptr_t)shorter == at);
	ck_assert_uint_eq(left(at, size), 0);
	ck_assert_uint_eq(shorter[0], MARK);
	ck_assert_uint_eq(shorter[LINKS - 1], MARK);
	free(shorter);
}
END_TEST

START_TEST(as_the_standard_has_it)
{
	unsigned char *block = realloc(NULL, 10);

	ck_assert_ptr_nonnull(block);
	free(block);
	free(NULL);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("heap_wipe");
	TCase *all = tcase_create("all");

	tcase_add_loop_test(all, freed, 0, sizeof sizes / sizeof sizes[0]);
	tcase_add_loop_test(all, grown, 0, sizeof sizes / sizeof sizes[0]);
	tcase_add_loop_test(all, shrunk, 0, sizeof sizes / sizeof sizes[0]);
	tcase_add_test(all, as_the_standard_has_it);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}
