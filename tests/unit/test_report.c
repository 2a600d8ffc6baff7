/* SPDX-License-Identifier: MIT */
#include "harness.h"
#include "proto/report.h"
#include <jansson.h>
#include <string.h>

START_TEST(text_reads_well)
{
	static const char expected[] = "  file: us-118.order.csv\n"
				       "  time: 2026-11-22T09:30:00Z\n"
				       "  kind: order\n"
				       " state: refused\n"
				       "status: a field is not valid [bad-field]\n"
				       "action: Mend the places below and drop it again.\n"
				       "errors: 3\n"
				       "  line 2, column 3 (count): a field is not valid [bad-field]\n"
				       "  line 4: not valid CSV [bad-csv]\n"
				       "  file: longer than its limit [too-long]\n";
	struct issue_list issues = ISSUE_LIST_EMPTY;
	struct report report = { .file = "us-118.order.csv",
		.outcome = "refused",
		.kind = "order",
		.time = "2026-11-22T09:30:00Z",
		.action = "Mend the places below and drop it again.",
		.issues = &issues };
	size_t len;
	char *text;

	issue_add(&issues, 2, 3, KE_BAD_FIELD, "count");
	issue_add(&issues, 4, 0, KE_BAD_CSV, NULL);
	issue_add(&issues, 0, 0, KE_TOO_LONG, NULL);
	ck_assert_int_eq(report_text(&text, &len, &report), 0);
	ck_assert_uint_eq(len, strlen(text));
	ck_assert_str_eq(text, expected);
	free(text);
	issue_list_clear(&issues);
}
END_TEST

START_TEST(json_holds_the_same)
{
	struct issue_list issues = ISSUE_LIST_EMPTY;
	struct report report = { .file = "a.cms",
		.outcome = "refused",
		.batch = "US-1",
		.time = "2026-11-22T09:30:00Z",
		.code = KE_WRONG_KIND,
		.issues = &issues };
	json_t *object, *first;
	size_t len;
	char *text;

	issue_add(&issues, 2, 3, KE_BAD_FIELD, "count");
	issue_add(&issues, 9, 0, KE_DUPLICATE, NULL);
	ck_assert_int_eq(report_json(&text, &len, &report), 0);
	ck_assert_uint_eq(len, strlen(text));
	object = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
	ck_assert_ptr_nonnull(object);
	ck_assert_int_eq(json_integer_value(json_object_get(object, "schema")), 1);
	ck_assert_str_eq(
		json_string_value(json_object_get(object, "code")), "wrong-kind");
	ck_assert_ptr_null(json_object_get(object, "kind"));
	ck_assert_int_eq(json_integer_value(json_object_get(object, "errors_total")), 2);
	first = json_array_get(json_object_get(object, "errors"), 0);
	ck_assert_int_eq(json_integer_value(json_object_get(first, "line")), 2);
	ck_assert_int_eq(json_integer_value(json_object_get(first, "column")), 3);
	ck_assert_str_eq(json_string_value(json_object_get(first, "field")), "count");
	ck_assert_str_eq(json_string_value(json_object_get(first, "code")), "bad-field");
	json_decref(object);
	free(text);
	issue_list_clear(&issues);
}
END_TEST

START_TEST(odd_names_do_no_harm)
{
	struct report report = { .file = "a\n\x1b[31m\xff\"b",
		.outcome = "refused",
		.time = "2026-11-22T09:30:00Z",
		.code = KE_BAD_CMS };
	json_t *object;
	size_t len;
	char *text;

	ck_assert_int_eq(report_text(&text, &len, &report), 0);
	ck_assert_ptr_nonnull(strstr(text, "  file: a??[31m?\"b\n"));
	free(text);
	ck_assert_int_eq(report_json(&text, &len, &report), 0);
	object = json_loads(text, 0, NULL);
	ck_assert_ptr_nonnull(object);
	ck_assert_str_eq(
		json_string_value(json_object_get(object, "file")), "a??[31m?\"b");
	json_decref(object);
	free(text);
}
END_TEST

START_TEST(a_flood_of_errors_is_counted)
{
	struct issue_list issues = ISSUE_LIST_EMPTY;
	struct report report = { .file = "a.csv",
		.outcome = "refused",
		.time = "2026-11-22T09:30:00Z",
		.issues = &issues };
	size_t len;
	char *text;

	for (unsigned i = 1; i <= ISSUES_KEPT + 7; i++)
		issue_add(&issues, i, 1, KE_BAD_FIELD, NULL);
	ck_assert_uint_eq(issues.count, ISSUES_KEPT);
	ck_assert_uint_eq(issues.total, ISSUES_KEPT + 7);
	ck_assert_int_eq(report_text(&text, &len, &report), 0);
	ck_assert_ptr_nonnull(strstr(text, "errors: 1007\n"));
	ck_assert_ptr_nonnull(strstr(text, "  and 7 more\n"));
	free(text);
	issue_list_clear(&issues);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("report");
	TCase *all = tcase_create("all");

	tcase_add_test(all, text_reads_well);
	tcase_add_test(all, json_holds_the_same);
	tcase_add_test(all, odd_names_do_no_harm);
	tcase_add_test(all, a_flood_of_errors_is_counted);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}
