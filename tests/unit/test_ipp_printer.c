/* SPDX-License-Identifier: MIT */
/* What is made of a printer's own words, and of the words of its jobs. */
#include "harness.h"
#include "drivers/ipp_job.h"
#include "drivers/ipp_reason.h"
#include "proto/error.h"
#include <string.h>

static const struct ipp_media media = {4000, 4000, 0};
static ipp_t *answer;

static void
add_keyword(const char *name, const char *value)
{
	ipp_attribute_t *old = ippFindAttribute(answer, name, IPP_TAG_ZERO);

	ippDeleteAttribute(answer, old);
	if (value)
		ippAddString(answer, IPP_TAG_PRINTER, IPP_TAG_KEYWORD, name, NULL, value);
}

static void
add_words(const char *name, size_t count, const char *const *words)
{
	ipp_attribute_t *old = ippFindAttribute(answer, name, IPP_TAG_ZERO);

	ippDeleteAttribute(answer, old);
	ippAddStrings(
		answer, IPP_TAG_PRINTER, IPP_TAG_KEYWORD, name, (int)count, NULL, words);
}

static void
add_number(const char *name, ipp_tag_t tag, int value)
{
	ipp_attribute_t *old = ippFindAttribute(answer, name, IPP_TAG_ZERO);

	ippDeleteAttribute(answer, old);
	ippAddInteger(answer, IPP_TAG_PRINTER, tag, name, value);
}

static void
add_resolution(const char *name, int x, int y)
{
	ipp_attribute_t *old = ippFindAttribute(answer, name, IPP_TAG_ZERO);

	ippDeleteAttribute(answer, old);
	ippAddResolution(answer, IPP_TAG_PRINTER, name, IPP_RES_PER_INCH, x, y);
}

static void
open_answer(void)
{
	const int operations[] = {IPP_OP_VALIDATE_JOB, IPP_OP_CREATE_JOB,
		IPP_OP_SEND_DOCUMENT, IPP_OP_GET_JOB_ATTRIBUTES, IPP_OP_GET_JOBS};

	answer = ippNew();
	ippAddIntegers(answer, IPP_TAG_PRINTER, IPP_TAG_ENUM, "operations-supported", 5,
		operations);
	ippAddString(answer, IPP_TAG_PRINTER, IPP_TAG_MIMETYPE,
		"document-format-supported", NULL, "image/pwg-raster");
	add_keyword("pwg-raster-document-type-supported", "black_1");
	add_resolution("pwg-raster-document-resolution-supported", 300, 300);
	add_resolution("printer-resolution-default", 300, 300);
	add_keyword("printer-state-reasons", "none");
	add_number("printer-state", IPP_TAG_ENUM, IPP_PSTATE_IDLE);
	add_keyword("media-ready", "custom_40x40mm_40x40mm");
}

static void
close_answer(void)
{
	ippDelete(answer);
}

static struct ipp_printer
parse(void)
{
	struct ipp_printer printer;

	ipp_printer_parse(&printer, answer, &media);
	return printer;
}

static void
expect_fault(const char *code)
{
	struct ipp_printer printer = parse();

	if (code)
		ck_assert_str_eq(printer.fault, code);
	else
		ck_assert_ptr_null(printer.fault);
}

START_TEST(takes_a_good_printer)
{
	struct ipp_printer printer = parse();

	ck_assert_ptr_null(printer.fault);
	ck_assert(!printer.busy && !printer.counts);
	ck_assert_uint_eq(printer.dpi, 300);
	ck_assert_int_eq(printer.format, IPP_PWG_BLACK_1);
	ck_assert(printer.takes_validate && printer.takes_resolution);
	ck_assert(!printer.takes_scaling && !printer.takes_media_col);
	add_keyword("print-scaling-supported", "none");
	add_keyword("media-col-supported", "media-size");
	add_number("printer-impressions-completed", IPP_TAG_INTEGER, 77);
	printer = parse();
	ck_assert(printer.takes_scaling && printer.takes_media_col && printer.counts);
	ck_assert_uint_eq(printer.impressions, 77);
	add_keyword("job-creation-attributes-supported", "copies");
	printer = parse();
	ck_assert(!printer.takes_scaling && !printer.takes_media_col);
	ck_assert(!printer.takes_resolution);
}
END_TEST

START_TEST(sees_that_it_is_busy)
{
	add_number("printer-state", IPP_TAG_ENUM, IPP_PSTATE_PROCESSING);
	ck_assert(parse().busy);
	add_number("printer-state", IPP_TAG_ENUM, IPP_PSTATE_IDLE);
	ck_assert(!parse().busy);
	add_number("queued-job-count", IPP_TAG_INTEGER, 1);
	ck_assert(parse().busy);
}
END_TEST

START_TEST(names_faults)
{
	static const char *const reasons[] = {
		"marker-supply-low-warning", "media-empty-error", "cover-open-report"};

	add_number("printer-state", IPP_TAG_ENUM, IPP_PSTATE_STOPPED);
	expect_fault("paused");
	add_words("printer-state-reasons", 1, reasons);
	expect_fault("paused");
	add_words("printer-state-reasons", 2, reasons);
	expect_fault("media-empty");
	add_words("printer-state-reasons", 3, reasons);
	expect_fault("cover-open");
	add_number("printer-state", IPP_TAG_ENUM, IPP_PSTATE_IDLE);
	add_words("printer-state-reasons", 1, reasons);
	expect_fault(NULL);
	ippAddBoolean(answer, IPP_TAG_PRINTER, "printer-is-accepting-jobs", 0);
	expect_fault("not-accepting");
}
END_TEST

struct keyword_row {
	const char *keyword;
	const char *code;
};

static const struct keyword_row keyword_rows[] = {
	{"none", NULL},
	{"media-low-warning", NULL},
	{"marker-supply-low", NULL},
	{"something-new-report", NULL},
	{"something-new-warning", NULL},
	{"something-new-error", "device-error"},
	{"-error", NULL},
	{"media-empty", "media-empty"},
	{"media-empty-report", "media-empty"},
	{"media-emptyx", NULL},
	{"media-needed-error", "media-empty"},
	{"media-jam-warning", "media-jam"},
	{"door-open", "cover-open"},
	{"marker-supply-empty-error", "ribbon-empty"},
	{"paused", "paused"},
	{"shutdown", "offline"},
	{"output-area-full-error", "output-full"},
};

START_TEST(translates_keywords)
{
	const struct keyword_row *row = &keyword_rows[_i];
	const char *code = ipp_reason_of_keyword(row->keyword);

	if (row->code)
		ck_assert_str_eq(code, row->code);
	else
		ck_assert_ptr_null(code);
}
END_TEST

START_TEST(translates_statuses_and_errors)
{
	ck_assert_str_eq(ipp_reason_of_status(IPP_STATUS_ERROR_BUSY), "busy");
	ck_assert_str_eq(ipp_reason_of_status(IPP_STATUS_ERROR_ATTRIBUTES_OR_VALUES),
		"not-supported");
	ck_assert_str_eq(ipp_reason_of_status(IPP_STATUS_ERROR_INTERNAL), "device-error");
	ck_assert_str_eq(ipp_reason_of_error(KE_WRONG_PIN), "wrong-pin");
	ck_assert_str_eq(ipp_reason_of_error(KE_READBACK), "label-unreadable");
	ck_assert_str_eq(ipp_reason_of_error(KE_NO_MEMORY), "internal");
}
END_TEST

START_TEST(compares_loaded_media)
{
	add_keyword("media-ready", "custom_40x41mm_40x41mm");
	expect_fault("media-wrong");
	add_keyword("media-ready", "custom_40.1x40mm_40.1x40mm");
	expect_fault(NULL);
	add_keyword("media-ready", "no-such-keyword");
	expect_fault("media-wrong");
	add_keyword("media-ready", NULL);
	expect_fault(NULL);
}
END_TEST

/* Puts one collection { media-size { x-dimension y-dimension } } in the answer. */
static void
add_media_col(const char *name, int x, int y, int y_upper)
{
	ipp_t *size = ippNew(), *col = ippNew();

	ippAddInteger(size, IPP_TAG_ZERO, IPP_TAG_INTEGER, "x-dimension", x);
	if (y_upper)
		ippAddRange(size, IPP_TAG_ZERO, "y-dimension", y, y_upper);
	else
		ippAddInteger(size, IPP_TAG_ZERO, IPP_TAG_INTEGER, "y-dimension", y);
	ippAddCollection(col, IPP_TAG_ZERO, "media-size", size);
	ippDeleteAttribute(answer, ippFindAttribute(answer, name, IPP_TAG_ZERO));
	ippAddCollection(answer, IPP_TAG_PRINTER, name, col);
	ippDelete(size);
	ippDelete(col);
}

START_TEST(compares_collections_of_media)
{
	add_media_col("media-col-ready", 2500, 2500, 0);
	expect_fault("media-wrong");
	add_media_col("media-col-ready", 4000, 4010, 0);
	expect_fault(NULL);
	add_media_col("media-col-ready", 4000, 1000, 9000);
	expect_fault(NULL);
	add_media_col("media-col-ready", 4000, 5000, 9000);
	expect_fault("media-wrong");
}
END_TEST

START_TEST(chooses_a_format)
{
	struct ipp_printer printer;

	add_keyword("pwg-raster-document-type-supported", "sgray_8");
	ck_assert_int_eq(parse().format, IPP_PWG_SGRAY_8);
	add_keyword("pwg-raster-document-type-supported", "srgb_8");
	expect_fault("not-supported");
	ippDeleteAttribute(answer,
		ippFindAttribute(answer, "document-format-supported", IPP_TAG_ZERO));
	ippAddString(answer, IPP_TAG_PRINTER, IPP_TAG_MIMETYPE,
		"document-format-supported", NULL, "image/urf");
	expect_fault("not-supported");
	add_words("urf-supported", 3, (const char *const[]){"V1.4", "W8", "RS203-300"});
	printer = parse();
	ck_assert_ptr_null(printer.fault);
	ck_assert_int_eq(printer.format, IPP_URF_GRAY_8);
	add_words("urf-supported", 3, (const char *const[]){"V1.4", "W8", "RS203-600"});
	expect_fault("not-supported");
	add_words("urf-supported", 3, (const char *const[]){"V1.4", "SRGB24", "RS300"});
	expect_fault("not-supported");
}
END_TEST

START_TEST(chooses_a_resolution)
{
	const struct ipp_media at_203 = {4000, 4000, 203}, at_300 = {4000, 4000, 300};
	struct ipp_printer printer;

	ipp_printer_parse(&printer, answer, &at_203);
	ck_assert_str_eq(printer.fault, "not-supported");
	ipp_printer_parse(&printer, answer, &at_300);
	ck_assert_ptr_null(printer.fault);
	add_resolution("printer-resolution-default", 300, 600);
	expect_fault("not-supported");
	ipp_printer_parse(&printer, answer, &at_300);
	ck_assert_ptr_null(printer.fault);
	add_resolution("pwg-raster-document-resolution-supported", 300, 600);
	ipp_printer_parse(&printer, answer, &at_300);
	ck_assert_str_eq(printer.fault, "not-supported");
}
END_TEST

START_TEST(wants_all_operations)
{
	ippDeleteAttribute(
		answer, ippFindAttribute(answer, "operations-supported", IPP_TAG_ZERO));
	expect_fault("not-supported");
	add_number("operations-supported", IPP_TAG_ENUM, IPP_OP_PRINT_JOB);
	expect_fault("not-supported");
}
END_TEST

START_TEST(names_jobs)
{
	struct ipp_job job;

	static const char nonce[] = "0123456789abcdef";
	static const char *const hosts[] = {"", "-cn", "Cn", "c/n",
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"};
	static const char *const nonces[] = {
		"", "0123456789abcde", "0123456789abcdef0", "0123456789abcdeg"};

	ck_assert_int_eq(ipp_job_set_name(&job, "cn-print", nonce, "17"), 0);
	ck_assert_str_eq(job.name, "keyline-cn-print-0123456789abcdef-17");
	for (unsigned i = 0; i < sizeof hosts / sizeof hosts[0]; i++)
		ck_assert_int_eq(ipp_job_set_name(&job, hosts[i], nonce, "17"),
			KE_BAD_ARGUMENT);
	for (unsigned i = 0; i < sizeof nonces / sizeof nonces[0]; i++)
		ck_assert_int_eq(ipp_job_set_name(&job, "cn", nonces[i], "17"),
			KE_BAD_ARGUMENT);
}
END_TEST

static void
add_job(ipp_t *jobs, int id, const char *name, int state, int impressions)
{
	if (id > 1)
		ippAddSeparator(jobs);
	ippAddInteger(jobs, IPP_TAG_JOB, IPP_TAG_INTEGER, "job-id", id);
	if (impressions >= 0)
		ippAddInteger(jobs, IPP_TAG_JOB, IPP_TAG_INTEGER,
			"job-impressions-completed", impressions);
	ippAddString(jobs, IPP_TAG_JOB, IPP_TAG_NAME, "job-name", NULL, name);
	ippAddInteger(jobs, IPP_TAG_JOB, IPP_TAG_ENUM, "job-state", state);
}

/* Names of jobs of two hosts, each with a nonce of its own. */
#define CN(nonce, number) "keyline-cn-" nonce "-" number
#define A "0123456789abcdef"
#define B "00000000000000b0"
#define C "fedcba9876543210"

START_TEST(searches_jobs)
{
	struct ipp_job_memory memory = {0};
	ipp_t *jobs = ippNew();

	add_job(jobs, 1, CN(A, "9"), IPP_JSTATE_COMPLETED, 2);
	add_job(jobs, 2, CN(B, "10"), IPP_JSTATE_ABORTED, -1);
	add_job(jobs, 3, CN(C, "11"), IPP_JSTATE_COMPLETED, 2);
	ipp_job_search(&memory, jobs, CN(B, "10"));
	ck_assert(memory.found && memory.found_older && !memory.found_two);
	ck_assert_int_eq(memory.state.id, 2);
	ck_assert_int_eq(memory.state.state, IPP_JSTATE_ABORTED);
	ck_assert(!memory.state.counts);
	memset(&memory, 0, sizeof memory);
	ipp_job_search(&memory, jobs, CN(C, "11"));
	ck_assert(memory.found && memory.state.counts);
	ck_assert_uint_eq(memory.state.impressions, 2);
	memset(&memory, 0, sizeof memory);
	ipp_job_search(&memory, jobs, CN(A, "8"));
	ck_assert(!memory.found && !memory.found_older);
	ipp_job_search(&memory, jobs, "keyline-us-" A "-100");
	ck_assert(!memory.found && !memory.found_older);
	ipp_job_search(&memory, jobs, CN(A, "100"));
	ck_assert(!memory.found && memory.found_older);
	/* The number of another ledger's job. */
	memset(&memory, 0, sizeof memory);
	ipp_job_search(&memory, jobs, CN(B, "9"));
	ck_assert(!memory.found && !memory.found_older);
	memset(&memory, 0, sizeof memory);
	ipp_job_search(&memory, jobs, CN(B, "10"));
	/* The same again, from another list; then another one of its name. */
	ipp_job_search(&memory, jobs, CN(B, "10"));
	ck_assert(memory.found && !memory.found_two);
	add_job(jobs, 4, CN(B, "10"), IPP_JSTATE_CANCELED, 0);
	ipp_job_search(&memory, jobs, CN(B, "10"));
	ck_assert(memory.found && memory.found_two);
	memset(&memory, 0, sizeof memory);
	ipp_job_search(&memory, jobs, CN(B, "10"));
	ck_assert(memory.found && memory.found_two);
	ippDelete(jobs);
}
END_TEST

/* What a printer says of a job that it never began, and that waits for its document. */
START_TEST(takes_a_job_that_never_began)
{
	static const char *const reasons[] = {
		"none", "job-incoming", "job-data-insufficient"};
	struct ipp_job_memory memory = {0};
	ipp_t *jobs = ippNew();

	add_job(jobs, 1, "keyline-cn-9", IPP_JSTATE_CANCELED, 0);
	ippAddOutOfBand(jobs, IPP_TAG_JOB, IPP_TAG_NOVALUE, "time-at-processing");
	add_job(jobs, 2, "keyline-cn-10", IPP_JSTATE_CANCELED, 0);
	ippAddInteger(jobs, IPP_TAG_JOB, IPP_TAG_INTEGER, "time-at-processing", 0);
	add_job(jobs, 3, "keyline-cn-11", IPP_JSTATE_CANCELED, 0);
	ipp_job_search(&memory, jobs, "keyline-cn-9");
	ck_assert(memory.found && memory.state.unbegun);
	ipp_job_search(&memory, jobs, "keyline-cn-10");
	ck_assert(memory.found && !memory.state.unbegun);
	ipp_job_search(&memory, jobs, "keyline-cn-11");
	ck_assert(memory.found && !memory.state.unbegun);
	for (int i = 0; i < 3; i++) {
		add_job(jobs, 4 + i, "keyline-cn-12", IPP_JSTATE_PENDING, 0);
		ippAddString(jobs, IPP_TAG_JOB, IPP_TAG_KEYWORD, "job-state-reasons",
			NULL, reasons[i]);
		ipp_job_search(&memory, jobs, "keyline-cn-12");
		ck_assert_int_eq(memory.state.starved, i > 0);
	}
	ippDelete(jobs);
}
END_TEST

START_TEST(older_is_by_number_alone)
{
	static const char *const names[] = {CN(A, "012"), CN(A, "1x"), CN(A, ""),
		"keyline-cn-" A, "keyline-cn-5", "keyline-cn", CN(A, "13"),
		"keyline-c-" A "-5", CN("x123456789abcdef", "5"), CN("0123456789abcde", "5"),
		CN(A "0", "5"), "report.pdf", ""};

	for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++) {
		struct ipp_job_memory memory = {0};
		ipp_t *jobs = ippNew();

		add_job(jobs, 1, names[i], IPP_JSTATE_COMPLETED, 2);
		ipp_job_search(&memory, jobs, CN(B, "12"));
		ck_assert_msg(!memory.found && !memory.found_older, "%s", names[i]);
		ippDelete(jobs);
	}
}
END_TEST

static const struct {
	uint64_t a, b;
	bool is_same;
} starts[] = {{100, 100, true}, {100, 105, true}, {105, 100, true}, {100, 106, false},
	{106, 100, false}, {0, 0, false}, {0, 3, false}, {3, 0, false}, {1, 1, true},
	{UINT64_MAX, 1, false}};

START_TEST(tells_starts_apart)
{
	ck_assert_int_eq(ipp_printer_is_same_start(starts[_i].a, starts[_i].b),
		starts[_i].is_same);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("ipp_printer");
	TCase *all = tcase_create("all");

	tcase_add_checked_fixture(all, open_answer, close_answer);
	tcase_add_test(all, takes_a_good_printer);
	tcase_add_test(all, sees_that_it_is_busy);
	tcase_add_test(all, names_faults);
	tcase_add_loop_test(all, translates_keywords, 0,
		sizeof keyword_rows / sizeof keyword_rows[0]);
	tcase_add_test(all, translates_statuses_and_errors);
	tcase_add_test(all, compares_loaded_media);
	tcase_add_test(all, compares_collections_of_media);
	tcase_add_test(all, chooses_a_format);
	tcase_add_test(all, chooses_a_resolution);
	tcase_add_test(all, wants_all_operations);
	tcase_add_test(all, names_jobs);
	tcase_add_test(all, searches_jobs);
	tcase_add_test(all, takes_a_job_that_never_began);
	tcase_add_loop_test(
		all, tells_starts_apart, 0, sizeof starts / sizeof starts[0]);
	tcase_add_test(all, older_is_by_number_alone);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}
