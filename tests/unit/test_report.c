/* SPDX-License-Identifier: MIT */
#include "harness.h"
#include "proto/issue_form.h"
#include "proto/order.h"
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
				       "    allowed: a number from 1 to 1000000\n"
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
	ck_assert_str_eq(json_string_value(json_object_get(first, "allowed")),
		"the number of the rows, from 1 to 10000");
	ck_assert_ptr_null(json_object_get(
		json_array_get(json_object_get(object, "errors"), 1), "allowed"));
	json_decref(object);
	free(text);
	issue_list_clear(&issues);
}
END_TEST

/* Every field that a parser names says what is allowed there. */
static const struct {
	const char *kind;
	const char *field;
} fields[] = {
	{ "order", "batch" },
	{ "order", "product" },
	{ "order", "count" },
	{ "order", "first_serial" },
	{ "order", "lot" },
	{ "order", "sequence" },
	{ "order", "draws" },
	{ "order", "spares" },
	{ "order", NULL },
	{ "codes", "keyline" },
	{ "codes", "kind" },
	{ "codes", "use" },
	{ "codes", "sender" },
	{ "codes", "recipient" },
	{ "codes", "batch" },
	{ "codes", "part" },
	{ "codes", "sequence" },
	{ "codes", "previous" },
	{ "codes", "created" },
	{ "codes", "product" },
	{ "codes", "coins" },
	{ "passphrases", "draws" },
	{ "codes", "count" },
	{ "codes", "columns" },
	{ "codes", "serial" },
	{ "codes", "sealed" },
	{ "shipment", "state" },
	{ "results", "result" },
	{ "receipt", "sha256" },
	{ "receipt", "kind" },
	{ "receipt", "sequence" },
	{ "receipt", "outcome" },
	/* Nothing could be read yet: a header line is wrong. */
	{ NULL, "keyline" },
};

START_TEST(every_field_has_a_form)
{
	struct issue issue = { .line = 2, .column = 1, .code = KE_BAD_FIELD,
		.field = fields[_i].field };
	const char *form = issue_form(&issue, fields[_i].kind);

	ck_assert_msg(form != NULL, "%s has no form", fields[_i].field);
	ck_assert_str_ne(form, "");
	issue.code = KE_DUPLICATE;
	ck_assert_ptr_null(issue_form(&issue, fields[_i].kind));
}
END_TEST

/* What the parsers themselves tell of a file in which all is wrong. */
START_TEST(an_order_that_is_all_wrong)
{
	static const char text[] =
		"batch,product,count,first_serial,lot,sequence,draws,spares,colour\n"
		"us_1,-,0,ZZ,x,9999,many,-1,red,stray\n";
	struct issue_list issues = ISSUE_LIST_EMPTY;
	struct order_context context = { 0 };
	struct serial_pattern pattern;
	struct order *order;

	ck_assert_int_eq(serial_pattern_compile(&pattern, "AA999999C"), 0);
	context.pattern = &pattern;
	ck_assert_int_ne(
		order_parse(&order, &issues, text, sizeof text - 1, &context), 0);
	ck_assert_uint_ge(issues.count, 10);
	for (size_t i = 0; i < issues.count; i++)
		ck_assert_msg(issue_form(&issues.items[i], "order") != NULL,
			"line %u, column %u, %s: no form", issues.items[i].line,
			issues.items[i].column, error_name(issues.items[i].code));
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
	tcase_add_loop_test(
		all, every_field_has_a_form, 0, (int)(sizeof fields / sizeof fields[0]));
	tcase_add_test(all, an_order_that_is_all_wrong);
	tcase_add_test(all, odd_names_do_no_harm);
	tcase_add_test(all, a_flood_of_errors_is_counted);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}
