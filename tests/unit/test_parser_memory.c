/* SPDX-License-Identifier: MIT */
/* Each allocation of a parser fails once, over the seeds of its fuzz target: it says so,
 * or what it always says, and leaves nothing. */
#include "config.h"
#include "harness.h"
#include "proto/batch.h"
#include "proto/ctl_message.h"
#include "proto/order.h"
#include "proto/sheet.h"
#include <csv.h>
#include <dirent.h>
#include <jansson.h>
#include <stdio.h>
#include <sys/stat.h>

enum { SEED_MAX = 1 << 16 };

static struct {
	bool on, failed;
	unsigned count, fail_at;
} faults;

static bool
fault_here(void)
{
	if (!faults.on || ++faults.count != faults.fail_at)
		return false;
	faults.failed = true;
	return true;
}

#define WRAP(type, name, arguments, call)                        \
	type __real_##name arguments;                            \
	type __wrap_##name arguments;                            \
	type __wrap_##name arguments                             \
	{                                                        \
		return fault_here() ? NULL : __real_##name call; \
	}

WRAP(void *, malloc, (size_t size), (size))
WRAP(void *, calloc, (size_t count, size_t size), (count, size))
WRAP(void *, realloc, (void *old, size_t size), (old, size))

/* What csv_parse() stumbles over; 0: nothing. */
static int csv_trouble;

size_t __real_csv_parse(struct csv_parser *p, const void *s, size_t len,
	void (*cell)(void *, size_t, void *), void (*row)(int, void *), void *data);
size_t __wrap_csv_parse(struct csv_parser *p, const void *s, size_t len,
	void (*cell)(void *, size_t, void *), void (*row)(int, void *), void *data);
int __real_csv_error(const struct csv_parser *p);
int __wrap_csv_error(const struct csv_parser *p);

size_t
__wrap_csv_parse(struct csv_parser *p, const void *s, size_t len,
	void (*cell)(void *, size_t, void *), void (*row)(int, void *), void *data)
{
	return csv_trouble ? 0 : __real_csv_parse(p, s, len, cell, row, data);
}

int
__wrap_csv_error(const struct csv_parser *p)
{
	return csv_trouble ? csv_trouble : __real_csv_error(p);
}

/* As ck_assert(), of which also the success allocates. */
static void
sure(bool truth)
{
	if (truth)
		return;
	faults.on = false;
	ck_abort_msg("allocation %u", faults.fail_at);
}

static int
take_batch(const char *bytes, size_t len)
{
	struct issue_list issues = ISSUE_LIST_EMPTY;
	struct batch_file *file;
	int rc = batch_parse(&file, &issues, bytes, len);

	sure((rc == 0) == (file != NULL));
	batch_file_free(file);
	issue_list_clear(&issues);
	return rc;
}

static int
take_order(const char *bytes, size_t len)
{
	static struct serial_pattern pattern;
	const struct order_context context = {.pattern = &pattern, .batch = "US-118"};
	struct issue_list issues = ISSUE_LIST_EMPTY;
	struct order *order;
	int rc;

	sure(serial_pattern_compile(&pattern, SERIAL_PATTERN_DEFAULT) == 0);
	rc = order_parse(&order, &issues, bytes, len, &context);
	sure((rc == 0) == (order != NULL));
	order_free(order);
	issue_list_clear(&issues);
	return rc;
}

/* Read, and written again. */
static int
take_request(const char *bytes, size_t len)
{
	struct ctl_request request;
	char *line = NULL;
	size_t line_len;
	int rc = ctl_request_parse(&request, bytes, len);

	if (rc != 0)
		return rc;
	rc = ctl_request_format(
		&line, &line_len, request.command, request.args, request.dry_run);
	sure((rc == 0) == (line != NULL));
	free(line);
	ctl_request_clear(&request);
	return rc;
}

static const struct parser {
	const char *corpus;
	int (*take)(const char *bytes, size_t len);
	/* It tells a lack of memory while it reads as that, and not as a bad text. */
	bool is_told;
} parsers[] = {{"batch", take_batch, true}, {"order", take_order, true},
	{"ctl", take_request, false}};

static void
each_fails(const struct parser *p, const char *bytes, size_t len)
{
	int want = p->take(bytes, len);

	for (faults.fail_at = 1;; faults.fail_at++) {
		int rc;

		faults.count = 0;
		faults.failed = false;
		faults.on = true;
		rc = p->take(bytes, len);
		faults.on = false;
		if (!faults.failed)
			break;
		/* Of a bad text another complaint may be the first that is kept. */
		ck_assert_msg(rc == want || rc == KE_NO_MEMORY ||
				      (rc < 0 && (want < 0 || !p->is_told)),
			"%s, allocation %u: %s, not %s", p->corpus, faults.fail_at,
			error_name(rc), error_name(want));
	}
	ck_assert_int_eq(p->take(bytes, len), want);
}

START_TEST(each_allocation_fails)
{
	const struct parser *p = &parsers[_i];
	const char *srcdir = getenv("srcdir");
	static char bytes[SEED_MAX];
	const struct dirent *entry;
	char path[512];
	unsigned seeds = 0;
	DIR *folder;

	(void)snprintf(path, sizeof path, "%s/tests/fuzz/corpus/%s",
		srcdir ? srcdir : ".", p->corpus);
	folder = opendir(path);
	ck_assert_ptr_nonnull(folder);
	while ((entry = readdir(folder))) {
		char name[1024];
		FILE *file;
		size_t len;

		if (entry->d_name[0] == '.')
			continue;
		(void)snprintf(name, sizeof name, "%s/%s", path, entry->d_name);
		file = fopen(name, "rb");
		ck_assert_ptr_nonnull(file);
		len = fread(bytes, 1, sizeof bytes, file);
		(void)fclose(file);
		each_fails(p, bytes, len);
		seeds++;
	}
	(void)closedir(folder);
	ck_assert_uint_ge(seeds, 5);
}
END_TEST

/* A cell that libcsv has no room for is no bad sheet. */
START_TEST(a_sheet_without_memory)
{
	static const int troubles[] = {CSV_ENOMEM, CSV_ETOOBIG, CSV_EPARSE};
	static const char text[] = "batch,count\nUS-118,3\n";

	for (size_t i = 0; i < 3; i++) {
		struct issue_list issues = ISSUE_LIST_EMPTY;
		int rc;

		csv_trouble = troubles[i];
		rc = sheet_read(text, strlen(text), NULL, NULL, &issues);
		csv_trouble = 0;
		ck_assert_int_eq(rc, i < 2 ? KE_NO_MEMORY : 0);
		ck_assert_uint_eq(issues.total, i < 2 ? 0 : 1);
		issue_list_clear(&issues);
	}
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("parser_memory");
	TCase *all = tcase_create("all");

	json_set_alloc_funcs(malloc, free);
	tcase_add_loop_test(
		all, each_allocation_fails, 0, (int)(sizeof parsers / sizeof parsers[0]));
	tcase_add_test(all, a_sheet_without_memory);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}
