/* SPDX-License-Identifier: MIT */
/* Every word that a printer can say about a job, and what is made of it. */
#include "harness.h"
#include "drivers/print_follow.h"

enum { NO_COUNT = -1, GOES_ON = -1 };

struct job_row {
	ipp_jstate_t state;
	int impressions; /* NO_COUNT: not reported */
	bool kept;
	uint64_t before;
	uint64_t now;
	bool settled;
	int outcome; /* GOES_ON: not final */
	const char *code;
};

static const struct job_row job_rows[] = {
	{IPP_JSTATE_PENDING, 0, false, 0, 0, false, GOES_ON, NULL},
	{IPP_JSTATE_HELD, 2, false, 0, 0, true, GOES_ON, NULL},
	{IPP_JSTATE_PROCESSING, 2, true, 5, 7, true, GOES_ON, NULL},
	{IPP_JSTATE_STOPPED, 1, false, 0, 0, false, GOES_ON, NULL},
	{IPP_JSTATE_COMPLETED, 2, false, 0, 0, false, DRIVER_DONE, NULL},
	{IPP_JSTATE_COMPLETED, 2, true, 5, 7, false, DRIVER_DONE, NULL},
	/* Others may print there, too; but what came out, the printer has counted. */
	{IPP_JSTATE_COMPLETED, 2, true, 5, 9, false, DRIVER_DONE, NULL},
	{IPP_JSTATE_COMPLETED, 2, true, 5, 5, false, GOES_ON, NULL},
	{IPP_JSTATE_COMPLETED, 2, true, 5, 6, false, GOES_ON, NULL},
	{IPP_JSTATE_COMPLETED, 2, true, 5, 5, true, DRIVER_DOUBT, "impressions"},
	{IPP_JSTATE_COMPLETED, 2, true, 5, 6, true, DRIVER_DOUBT, "impressions"},
	{IPP_JSTATE_COMPLETED, 2, true, 5, 1, true, DRIVER_DOUBT, "impressions"},
	{IPP_JSTATE_COMPLETED, 1, true, 5, 7, true, DRIVER_DOUBT, "impressions"},
	{IPP_JSTATE_COMPLETED, 1, false, 0, 0, false, GOES_ON, NULL},
	{IPP_JSTATE_COMPLETED, 1, false, 0, 0, true, DRIVER_DOUBT, "impressions"},
	{IPP_JSTATE_COMPLETED, 3, false, 0, 0, true, DRIVER_DOUBT, "impressions"},
	{IPP_JSTATE_COMPLETED, 0, false, 0, 0, true, DRIVER_DOUBT, "impressions"},
	{IPP_JSTATE_COMPLETED, NO_COUNT, false, 0, 0, true, DRIVER_DOUBT, "impressions"},
	{IPP_JSTATE_COMPLETED, NO_COUNT, true, 5, 6, true, DRIVER_DOUBT, "impressions"},
	{IPP_JSTATE_COMPLETED, NO_COUNT, true, 5, 7, false, DRIVER_DONE, NULL},
	{IPP_JSTATE_COMPLETED, NO_COUNT, true, 5, 8, true, DRIVER_DOUBT, "impressions"},
	{IPP_JSTATE_COMPLETED, NO_COUNT, true, 5, 0, true, DRIVER_DOUBT, "impressions"},
	/* A cancelled job may be printed, a printed one is none the less cancelled. */
	{IPP_JSTATE_CANCELED, 0, false, 0, 0, false, DRIVER_DOUBT, "job-canceled"},
	{IPP_JSTATE_CANCELED, 2, true, 5, 7, true, DRIVER_DOUBT, "job-canceled"},
	{IPP_JSTATE_ABORTED, 0, true, 5, 5, true, DRIVER_DOUBT, "job-aborted"},
};

static void
expect(const struct driver_result *result, bool final, int outcome, const char *code,
	uint64_t counter)
{
	ck_assert_int_eq(final, outcome != GOES_ON);
	if (!final)
		return;
	ck_assert_int_eq((int)result->outcome, outcome);
	if (code)
		ck_assert_str_eq(result->code, code);
	else
		ck_assert_uint_eq(result->counter, counter);
}

START_TEST(judges_a_job)
{
	const struct job_row *row = &job_rows[_i];
	const struct ipp_job_state job = {.id = 1,
		.state = row->state,
		.counts = row->impressions >= 0,
		.impressions = row->impressions >= 0 ? (unsigned)row->impressions : 0};
	const struct print_count count = {row->kept, row->before, row->now, true};
	struct driver_result result = {DRIVER_DOUBT, 0, "none"};
	bool final = print_follow_job(&result, &job, &count, row->settled);

	expect(&result, final, row->outcome, row->code, row->kept ? row->now : 0);
}
END_TEST

struct query_row {
	bool found;
	bool older;
	ipp_jstate_t state;
	int impressions;
	bool kept;
	uint64_t before;
	uint64_t now;
	bool busy;
	int outcome;
	const char *code;
};

static const struct query_row query_rows[] = {
	{true, false, IPP_JSTATE_COMPLETED, 2, false, 0, 0, false, DRIVER_DONE, NULL},
	{true, true, IPP_JSTATE_COMPLETED, 2, true, 5, 9, true, DRIVER_DONE, NULL},
	{true, true, IPP_JSTATE_COMPLETED, 1, false, 0, 0, false, DRIVER_UNKNOWN,
		"impressions"},
	/* The printer's own count says that nothing, or one layer, came out, or went back. */
	{true, true, IPP_JSTATE_COMPLETED, 2, true, 5, 7, false, DRIVER_DONE, NULL},
	{true, true, IPP_JSTATE_COMPLETED, 2, true, 5, 6, false, DRIVER_UNKNOWN,
		"impressions"},
	{true, true, IPP_JSTATE_COMPLETED, 2, true, 5, 5, false, DRIVER_UNKNOWN,
		"impressions"},
	{true, true, IPP_JSTATE_COMPLETED, 2, true, 5, 2, false, DRIVER_UNKNOWN,
		"impressions"},
	/* Others may have printed since: the printer's count proves nothing here. */
	{true, true, IPP_JSTATE_COMPLETED, NO_COUNT, true, 5, 7, false, DRIVER_UNKNOWN,
		"impressions"},
	{true, true, IPP_JSTATE_CANCELED, 0, true, 5, 5, false, DRIVER_UNKNOWN,
		"job-canceled"},
	{true, true, IPP_JSTATE_ABORTED, 0, true, 5, 5, false, DRIVER_UNKNOWN,
		"job-aborted"},
	{true, true, IPP_JSTATE_PROCESSING, 2, false, 0, 0, true, GOES_ON, NULL},
	{true, true, IPP_JSTATE_PENDING, 0, false, 0, 0, false, GOES_ON, NULL},
	{false, false, 0, NO_COUNT, false, 0, 0, false, DRIVER_UNKNOWN, "not-found"},
	{false, true, 0, NO_COUNT, false, 0, 0, false, DRIVER_NEVER, NULL},
	{false, true, 0, NO_COUNT, false, 0, 0, true, DRIVER_UNKNOWN, "not-found"},
	{false, false, 0, NO_COUNT, true, 5, 5, false, DRIVER_NEVER, NULL},
	{false, false, 0, NO_COUNT, true, 5, 5, true, DRIVER_UNKNOWN, "not-found"},
	/* The counter moved: that may have been this job. */
	{false, true, 0, NO_COUNT, true, 5, 7, false, DRIVER_UNKNOWN, "not-found"},
	/* A counter that began again at 0, or a job of a driver without one. */
	{false, false, 0, NO_COUNT, true, 0, 0, false, DRIVER_UNKNOWN, "not-found"},
};

/* A job that is found, and what the printer says of its begin. */
struct begin_row {
	struct ipp_job_state job;
	struct print_count count;
	bool settled;
	int outcome;
	const char *code;
};

static const struct begin_row begin_rows[] = {
	/* The rest of a cancelled job's document may come late, and be printed. */
	{{1, IPP_JSTATE_CANCELED, true, 0, true, false, false}, {false, 0, 0, true}, true,
		DRIVER_UNKNOWN, "job-canceled"},
	{{1, IPP_JSTATE_CANCELED, true, 0, true, false, false}, {true, 5, 5, true}, true,
		DRIVER_UNKNOWN, "job-canceled"},
	/* No document had come, and none is taken any more; no count objects. */
	{{1, IPP_JSTATE_CANCELED, true, 0, true, false, true}, {false, 0, 0, true}, true,
		DRIVER_NEVER, NULL},
	{{1, IPP_JSTATE_CANCELED, true, 0, true, false, true}, {false, 0, 0, true}, false,
		GOES_ON, NULL},
	{{1, IPP_JSTATE_CANCELED, true, 0, false, false, true}, {false, 0, 0, true}, true,
		DRIVER_UNKNOWN, "job-canceled"},
	{{1, IPP_JSTATE_CANCELED, true, 0, true, false, true}, {true, 5, 6, true}, true,
		DRIVER_UNKNOWN, "job-canceled"},
	/* Given up before it began, by the printer's own word, and no count objects. */
	{{1, IPP_JSTATE_ABORTED, true, 0, true, false, false}, {true, 5, 5, true}, true,
		DRIVER_NEVER, NULL},
	{{1, IPP_JSTATE_ABORTED, false, 0, true, false, false}, {false, 0, 0, true}, false,
		GOES_ON, NULL},
	{{1, IPP_JSTATE_ABORTED, false, 0, true, false, false}, {false, 0, 0, true}, true,
		DRIVER_NEVER, NULL},
	{{1, IPP_JSTATE_ABORTED, true, 1, true, false, false}, {false, 0, 0, true}, true,
		DRIVER_UNKNOWN, "job-aborted"},
	{{1, IPP_JSTATE_CANCELED, true, 0, true, false, false}, {true, 5, 6, true}, true,
		DRIVER_UNKNOWN, "job-canceled"},
	/* Counts may come a moment later than the end. */
	{{1, IPP_JSTATE_COMPLETED, true, 1, false, false, false}, {false, 0, 0, true}, false,
		GOES_ON, NULL},
	{{1, IPP_JSTATE_COMPLETED, true, 1, false, false, false}, {false, 0, 0, true}, true,
		DRIVER_UNKNOWN, "impressions"},
	{{1, IPP_JSTATE_COMPLETED, true, 2, false, false, false}, {false, 0, 0, true}, false,
		DRIVER_DONE, NULL},
	{{1, IPP_JSTATE_COMPLETED, true, 2, false, false, false}, {true, 5, 5, true}, false,
		GOES_ON, NULL},
	/* Completed and never begun: that is no word to rely on. */
	{{1, IPP_JSTATE_COMPLETED, true, 0, true, false, false}, {false, 0, 0, true}, true,
		DRIVER_UNKNOWN, "impressions"},
	{{1, IPP_JSTATE_HELD, true, 0, true, true, false}, {true, 5, 5, true}, false, GOES_ON,
		NULL},
};

START_TEST(judges_a_begin)
{
	const struct begin_row *row = &begin_rows[_i];
	const struct ipp_job_memory memory = {true, true, row->job, false};
	struct driver_result result = {DRIVER_DOUBT, 0, "none"};
	bool final =
		print_follow_query(&result, &memory, &row->count, false, row->settled);

	expect(&result, final, row->outcome, row->code,
		row->count.kept ? row->count.now : 0);
}
END_TEST

/* A printer may count a moment after it has forgotten: one look proves nothing. */
START_TEST(waits_before_it_says_never)
{
	const struct ipp_job_memory memory = {.found_older = true};
	const struct print_count count = {true, 5, 5, true};
	struct driver_result result = {DRIVER_DOUBT, 0, "none"};

	ck_assert(!print_follow_query(&result, &memory, &count, false, false));
	ck_assert(print_follow_query(&result, &memory, &count, false, true));
	ck_assert_int_eq((int)result.outcome, DRIVER_NEVER);
}
END_TEST

/* Whatever the one that was seen last says of itself. */
START_TEST(two_of_a_name_are_nobodys)
{
	static const ipp_jstate_t states[] = {IPP_JSTATE_ABORTED, IPP_JSTATE_CANCELED,
		IPP_JSTATE_COMPLETED, IPP_JSTATE_STOPPED};

	for (size_t i = 0; i < sizeof states / sizeof states[0]; i++) {
		const struct ipp_job_memory memory = {.found = true,
			.state = {.id = 2,
				.state = states[i],
				.unbegun = true,
				.empty = true,
				.counts = true,
				.impressions = PRINT_IMPRESSIONS},
			.found_two = true};
		const struct print_count count = {false, 0, 0, true};
		struct driver_result result = {DRIVER_DOUBT, 0, "none"};

		ck_assert(print_follow_query(&result, &memory, &count, false, true));
		expect(&result, true, DRIVER_UNKNOWN, "wrong-job", 0);
	}
}
END_TEST

START_TEST(judges_a_memory)
{
	const struct query_row *row = &query_rows[_i];
	const struct ipp_job_memory memory = {row->found, row->older,
		{.id = 1,
			.state = row->state,
			.counts = row->impressions >= 0,
			.impressions =
				row->impressions >= 0 ? (unsigned)row->impressions : 0},
		false};
	const struct print_count count = {row->kept, row->before, row->now, true};
	struct driver_result result = {DRIVER_DOUBT, 0, "none"};
	bool final = print_follow_query(&result, &memory, &count, row->busy, true);

	expect(&result, final, row->outcome, row->code, row->kept ? row->now : 0);
}
END_TEST

/* A printer that was started again may have lost what it counted, and the job with it. */
START_TEST(says_never_in_one_start_alone)
{
	const struct begin_row *row = &begin_rows[_i];
	const struct ipp_job_memory memory = {true, true, row->job, false};
	const struct ipp_job_memory forgotten = {.found_older = true};
	struct print_count count = row->count;
	struct driver_result result = {DRIVER_DOUBT, 0, "none"};

	count.same_start = false;
	if (row->outcome == DRIVER_NEVER) {
		ck_assert(!print_follow_query(&result, &memory, &count, false, false));
		ck_assert(print_follow_query(&result, &memory, &count, false, true));
		expect(&result, true, DRIVER_UNKNOWN, "device-reset", 0);
	}
	ck_assert(!print_follow_gave_up(&row->job, &count));
	count.now = count.before;
	ck_assert(print_follow_query(&result, &forgotten, &count, false, true));
	expect(&result, true, DRIVER_UNKNOWN, "device-reset", 0);
}
END_TEST

struct orphan_row {
	ipp_jstate_t state;
	bool starved;
	bool is_orphan;
};

static const struct orphan_row orphan_rows[] = {
	{IPP_JSTATE_HELD, false, true},
	{IPP_JSTATE_HELD, true, true},
	{IPP_JSTATE_PENDING, false, false},
	{IPP_JSTATE_PENDING, true, true},
	{IPP_JSTATE_PROCESSING, false, false},
	{IPP_JSTATE_PROCESSING, true, true},
	{IPP_JSTATE_STOPPED, false, false},
	{IPP_JSTATE_STOPPED, true, true},
	{IPP_JSTATE_CANCELED, true, false},
	{IPP_JSTATE_ABORTED, true, false},
	{IPP_JSTATE_COMPLETED, true, false},
};

/* That a document broke off is a failure only by the printer's own word, never after a
 * cancel: ippeveprinter says `canceled', never begun, and prints what had come. */
static const struct {
	struct ipp_job_state job;
	struct print_count count;
	bool gave_up;
} given_up[] = {
	{{.state = IPP_JSTATE_ABORTED, .unbegun = true}, {false, 0, 0, true}, true},
	{{.state = IPP_JSTATE_ABORTED, .unbegun = true, .counts = true}, {true, 5, 5, true}, true},
	{{.state = IPP_JSTATE_ABORTED, .unbegun = true}, {true, 5, 6, true}, false},
	{{.state = IPP_JSTATE_ABORTED, .unbegun = true, .counts = true, .impressions = 1},
		{false, 0, 0, true}, false},
	{{.state = IPP_JSTATE_ABORTED, .unbegun = false}, {true, 5, 5, true}, false},
	{{.state = IPP_JSTATE_CANCELED, .unbegun = true}, {true, 5, 5, true}, false},
	{{.state = IPP_JSTATE_CANCELED, .unbegun = true}, {false, 0, 0, true}, false},
	{{.state = IPP_JSTATE_PENDING, .unbegun = true}, {true, 5, 5, true}, false},
	{{.state = IPP_JSTATE_COMPLETED, .unbegun = true}, {true, 5, 5, true}, false},
};

START_TEST(a_cancelled_job_has_not_given_up)
{
	ck_assert_int_eq(print_follow_gave_up(&given_up[_i].job, &given_up[_i].count),
		given_up[_i].gave_up);
}
END_TEST

START_TEST(knows_an_orphan)
{
	const struct orphan_row *row = &orphan_rows[_i];
	const struct ipp_job_state job = {
		.id = 7, .state = row->state, .starved = row->starved};

	ck_assert_int_eq(print_follow_is_orphan(&job), row->is_orphan);
}
END_TEST

/* To CUPS, Cancel-Job of number 0 means the job that is being printed, whosever it is. */
START_TEST(a_job_without_a_number_is_not_ended)
{
	const struct orphan_row *row = &orphan_rows[_i];

	for (int id = -1; id <= 0; id++) {
		const struct ipp_job_state job = {
			.id = id, .state = row->state, .starved = row->starved};

		ck_assert(!print_follow_is_orphan(&job));
	}
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("print_follow");
	TCase *all = tcase_create("all");

	tcase_add_loop_test(all, judges_a_job, 0, sizeof job_rows / sizeof job_rows[0]);
	tcase_add_test(all, two_of_a_name_are_nobodys);
	tcase_add_test(all, waits_before_it_says_never);
	tcase_add_loop_test(
		all, judges_a_memory, 0, sizeof query_rows / sizeof query_rows[0]);
	tcase_add_loop_test(all, says_never_in_one_start_alone, 0,
		sizeof begin_rows / sizeof begin_rows[0]);
	tcase_add_loop_test(
		all, judges_a_begin, 0, sizeof begin_rows / sizeof begin_rows[0]);
	tcase_add_loop_test(
		all, knows_an_orphan, 0, sizeof orphan_rows / sizeof orphan_rows[0]);
	tcase_add_loop_test(all, a_cancelled_job_has_not_given_up, 0,
		sizeof given_up / sizeof given_up[0]);
	tcase_add_loop_test(all, a_job_without_a_number_is_not_ended, 0,
		sizeof orphan_rows / sizeof orphan_rows[0]);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}
