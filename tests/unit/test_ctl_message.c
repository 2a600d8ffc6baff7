/* SPDX-License-Identifier: MIT */
#include "harness.h"
#include "proto/ctl_message.h"
#include <string.h>

struct bad_row {
	const char *bytes;
	int error;
};

static const struct bad_row bad_requests[] = {
	{"", KE_BAD_MESSAGE},
	{"\n", KE_BAD_MESSAGE},
	{"[]", KE_BAD_MESSAGE},
	{"{}", KE_BAD_MESSAGE},
	{"{\"schema\":1}", KE_BAD_MESSAGE},
	{"{\"schema\":2,\"command\":\"status\"}", KE_NEWER_FORMAT},
	{"{\"schema\":\"1\",\"command\":\"status\"}", KE_BAD_MESSAGE},
	{"{\"schema\":1,\"command\":\"\"}", KE_BAD_MESSAGE},
	{"{\"schema\":1,\"command\":\" status\"}", KE_BAD_MESSAGE},
	{"{\"schema\":1,\"command\":\"status \"}", KE_BAD_MESSAGE},
	{"{\"schema\":1,\"command\":\"wallet  show\"}", KE_BAD_MESSAGE},
	{"{\"schema\":1,\"command\":\"Status\"}", KE_BAD_MESSAGE},
	{"{\"schema\":1,\"command\":7}", KE_BAD_MESSAGE},
	{"{\"schema\":1,\"command\":\"abcdefghijabcdefghijabcdefghijabcdefghija\"}",
		KE_BAD_MESSAGE},
	{"{\"schema\":1,\"command\":\"status\",\"more\":1}", KE_BAD_MESSAGE},
	{"{\"schema\":1,\"command\":\"status\",\"command\":\"status\"}", KE_BAD_MESSAGE},
	{"{\"schema\":1,\"command\":\"status\",\"args\":[]}", KE_BAD_MESSAGE},
	{"{\"schema\":1,\"command\":\"status\",\"args\":{\"a\":[]}}", KE_BAD_MESSAGE},
	{"{\"schema\":1,\"command\":\"status\",\"args\":{\"a\":null}}", KE_BAD_MESSAGE},
	{"{\"schema\":1,\"command\":\"status\",\"args\":{\"a\":1.5}}", KE_BAD_MESSAGE},
	{"{\"schema\":1,\"command\":\"status\",\"args\":{\"a\":\"b\\u0007\"}}",
		KE_BAD_MESSAGE},
	{"{\"schema\":1,\"command\":\"status\",\"args\":{\"a\":\"b\\u007f\"}}",
		KE_BAD_MESSAGE},
	{"{\"schema\":1,\"command\":\"status\",\"dry_run\":1}", KE_BAD_MESSAGE},
	{"{\"schema\":1,\"command\":\"status\"}{}", KE_BAD_MESSAGE},
	{"{\"schema\":1,\"command\":\"status\"", KE_BAD_MESSAGE},
};

START_TEST(refuses_bad_requests)
{
	struct ctl_request request;
	const struct bad_row *row = &bad_requests[_i];

	ck_assert_int_eq(
		ctl_request_parse(&request, row->bytes, strlen(row->bytes)), row->error);
	ck_assert_ptr_null(request.root);
}
END_TEST

START_TEST(refuses_a_request_over_its_limit)
{
	struct ctl_request request;
	size_t len = CTL_BYTES_MAX + 1;
	char *bytes = malloc(len);

	ck_assert_ptr_nonnull(bytes);
	memset(bytes, ' ', len);
	memcpy(bytes, "{\"schema\":1,\"command\":\"status\"}", 31);
	ck_assert_int_eq(ctl_request_parse(&request, bytes, len), KE_TOO_LONG);
	ck_assert_int_eq(ctl_request_parse(&request, bytes, len - 1), 0);
	ctl_request_clear(&request);
	free(bytes);
}
END_TEST

START_TEST(request_goes_there_and_back)
{
	struct ctl_request request;
	json_t *args =
		json_pack("{s:s, s:i, s:b}", "serial", "AA000001K", "n", 7, "b", 1);
	char *line;
	size_t len;

	ck_assert_int_eq(ctl_request_format(&line, &len, "wallet spoil", args, true), 0);
	ck_assert_uint_eq(strlen(line), len);
	ck_assert_int_eq(line[len - 1], '\n');
	ck_assert_int_eq(ctl_request_parse(&request, line, len), 0);
	ck_assert_str_eq(request.command, "wallet spoil");
	ck_assert_str_eq(ctl_request_text(&request, "serial"), "AA000001K");
	ck_assert_ptr_null(ctl_request_text(&request, "n"));
	ck_assert_ptr_null(ctl_request_text(&request, "absent"));
	ck_assert(request.dry_run);
	ck_assert(json_equal(args, request.args));
	ctl_request_clear(&request);
	free(line);
	json_decref(args);
}
END_TEST

START_TEST(request_without_args_has_an_empty_object)
{
	static const char bytes[] = "{\"schema\":1,\"command\":\"status\"}\n";
	struct ctl_request request;
	char *line;
	size_t len;

	ck_assert_int_eq(ctl_request_parse(&request, bytes, strlen(bytes)), 0);
	ck_assert_uint_eq(json_object_size(request.args), 0);
	ck_assert(!request.dry_run);
	ctl_request_clear(&request);
	ck_assert_int_eq(ctl_request_format(&line, &len, "status", NULL, false), 0);
	ck_assert_str_eq(line, "{\"schema\":1,\"command\":\"status\",\"args\":{}}\n");
	free(line);
	ck_assert_int_eq(
		ctl_request_format(&line, &len, "Status", NULL, false), KE_BAD_MESSAGE);
	ck_assert_ptr_null(line);
}
END_TEST

START_TEST(answers_go_there_and_back)
{
	static const struct ctl_telling telling = {"HELD", "door open", "close it", NULL};
	json_t *error = ctl_answer_error("bad-state", &telling);
	json_t *end = ctl_answer_end(CTL_EXIT_REFUSED);
	struct ctl_answer answer;
	char *line;
	size_t len;

	ck_assert_int_eq(ctl_answer_format(&line, &len, error), 0);
	ck_assert_int_eq(ctl_answer_parse(&answer, line, len), 0);
	ck_assert_str_eq(answer.type, "error");
	ck_assert(!answer.is_end);
	ck_assert_ptr_null(json_object_get(answer.root, "see"));
	ck_assert_str_eq(
		json_string_value(json_object_get(answer.root, "action")), "close it");
	ctl_answer_clear(&answer);
	free(line);
	ck_assert_int_eq(ctl_answer_format(&line, &len, end), 0);
	ck_assert_str_eq(line, "{\"type\":\"end\",\"exit\":5}\n");
	ck_assert_int_eq(ctl_answer_parse(&answer, line, len), 0);
	ck_assert(answer.is_end);
	ck_assert_int_eq(answer.exit, CTL_EXIT_REFUSED);
	ctl_answer_clear(&answer);
	free(line);
	json_decref(error);
	json_decref(end);
}
END_TEST

static const char *const bad_answers[] = {"{}", "{\"type\":1}", "{\"type\":\"end\"}",
	"{\"type\":\"end\",\"exit\":-1}", "{\"type\":\"end\",\"exit\":9}",
	"{\"type\":\"end\",\"exit\":\"0\"}", "x"};

START_TEST(refuses_bad_answers)
{
	struct ctl_answer answer;

	ck_assert_int_eq(
		ctl_answer_parse(&answer, bad_answers[_i], strlen(bad_answers[_i])),
		KE_BAD_MESSAGE);
	ck_assert_ptr_null(answer.root);
}
END_TEST

START_TEST(too_long_an_answer_is_refused)
{
	json_t *answer = ctl_answer_new("wallet");
	char *line, *text = malloc(CTL_BYTES_MAX + 1);
	size_t len;

	memset(text, 'x', CTL_BYTES_MAX);
	text[CTL_BYTES_MAX] = '\0';
	ck_assert_int_eq(json_object_set_new(answer, "reason", json_string(text)), 0);
	ck_assert_int_eq(ctl_answer_format(&line, &len, answer), KE_TOO_LONG);
	ck_assert_ptr_null(line);
	json_decref(answer);
	free(text);
}
END_TEST

START_TEST(every_error_has_an_exit)
{
	ck_assert_int_eq(ctl_exit_of(0), CTL_EXIT_OK);
	ck_assert_int_eq(ctl_exit_of(KE_NOT_FOUND), CTL_EXIT_NOT_FOUND);
	ck_assert_int_eq(ctl_exit_of(KE_BAD_STATE), CTL_EXIT_REFUSED);
	ck_assert_int_eq(ctl_exit_of(KE_NEED_SECOND), CTL_EXIT_REFUSED);
	ck_assert_int_eq(ctl_exit_of(KE_NOT_PERMITTED), CTL_EXIT_NOT_PERMITTED);
	ck_assert_int_eq(ctl_exit_of(KE_BAD_CSV), CTL_EXIT_FAILED);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("ctl_message");
	TCase *all = tcase_create("all");

	tcase_add_loop_test(all, refuses_bad_requests, 0,
		(int)(sizeof(bad_requests) / sizeof(bad_requests[0])));
	tcase_add_test(all, refuses_a_request_over_its_limit);
	tcase_add_test(all, request_goes_there_and_back);
	tcase_add_test(all, request_without_args_has_an_empty_object);
	tcase_add_test(all, answers_go_there_and_back);
	tcase_add_loop_test(all, refuses_bad_answers, 0,
		(int)(sizeof(bad_answers) / sizeof(bad_answers[0])));
	tcase_add_test(all, too_long_an_answer_is_refused);
	tcase_add_test(all, every_error_has_an_exit);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}
